package request

import (
	"strings"

	"sesim/reports/wording"
)

// Arguments returns the command that submits the fields, one argument an
// element: what a shell would make of Command. Fields that are not known have
// their blank.
func (d *Draft) Arguments() []string {
	f := &d.Fields
	list := []string{
		"aws", "sesv2", "put-account-details", "--region", d.Region, "--production-access-enabled",
		"--mail-type", orBlank(f.MailType, "MARKETING or TRANSACTIONAL"),
		"--website-url", orBlank(f.WebsiteURL, "the address of the website"),
	}
	if f.ContactLanguage != "" {
		list = append(list, "--contact-language", f.ContactLanguage)
	}
	if len(f.AdditionalContactEmailAddresses) > 0 {
		list = append(append(list, "--additional-contact-email-addresses"), f.AdditionalContactEmailAddresses...)
	}
	return append(list, "--use-case-description", f.UseCaseDescription)
}

// Command returns the command for a POSIX shell, one option a line. Unless the
// draft is ready every line is a comment: pasted by mistake, it does nothing.
func (d *Draft) Command() string {
	var b strings.Builder
	for i, arg := range d.Arguments() {
		switch {
		case i == 0:
		case strings.HasPrefix(arg, "--"):
			b.WriteString(" \\\n  ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(wording.Quote(arg))
	}
	if d.Ready {
		return b.String()
	}
	return "# NOT READY: fill in the blanks first.\n# " + strings.ReplaceAll(b.String(), "\n", "\n# ")
}

// blank marks what is to be filled in.
func blank(what string) string { return "[FILL IN: " + what + "]" }

// orBlank returns a text, or a blank where there is none.
func orBlank(text, what string) string {
	if text == "" {
		return blank(what)
	}
	return text
}
