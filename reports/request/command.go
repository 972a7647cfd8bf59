package request

import (
	"strings"

	"sesim/reports/wording"
)

// Arguments returns the command that submits the fields as a list of arguments,
// as a shell would parse Command. Unknown fields have their blank.
func (d *Draft) Arguments() []string {
	f := &d.Fields
	list := []string{
		"aws", "sesv2", "put-account-details", "--region", d.Region, "--production-access-enabled",
		"--mail-type", orBlank(f.MailType, "MARKETING or TRANSACTIONAL"),
		"--website-url", orBlank(f.WebsiteURL, "the URL of the website"),
	}
	if f.ContactLanguage != "" {
		list = append(list, "--contact-language", f.ContactLanguage)
	}
	if len(f.AdditionalContactEmailAddresses) > 0 {
		list = append(append(list, "--additional-contact-email-addresses"), f.AdditionalContactEmailAddresses...)
	}
	return append(list, "--use-case-description", f.UseCaseDescription)
}

// Command returns the command for a POSIX shell, one option per line. Unless the
// draft is ready, every line is a comment, so that it does nothing if pasted by
// mistake.
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
	why := "NOT READY: fill in the blanks first."
	switch {
	case d.Ready:
		return b.String()
	case d.Production:
		why = "NOT NEEDED: the account has production access."
	}
	return "# " + why + "\n# " + strings.ReplaceAll(b.String(), "\n", "\n# ")
}

// blank returns the mark of something to fill in.
func blank(what string) string { return "[FILL IN: " + what + "]" }

// orBlank returns the text, or a blank if it is empty.
func orBlank(text, what string) string {
	if text == "" {
		return blank(what)
	}
	return text
}
