package request

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits of PutAccountDetails, as AWS's API model states them.
const (
	maxWebsite  = 1000 // characters
	maxUseCase  = 5000
	maxContacts = 4
	minContact  = 6 // characters of an address
	maxContact  = 254
)

// Fields are the parameters of PutAccountDetails under their names in the API,
// so that their JSON is valid input for the AWS CLI's --cli-input-json. Unknown
// fields are left out.
type Fields struct {
	MailType                        string   `json:",omitempty"`
	WebsiteURL                      string   `json:",omitempty"`
	ContactLanguage                 string   `json:",omitempty"`
	UseCaseDescription              string   `json:",omitempty"`
	AdditionalContactEmailAddresses []string `json:",omitempty"`
	ProductionAccessEnabled         bool
}

// websiteForm is the pattern of WebsiteURL: the one of RFC 3986 for any URI,
// which nearly every text matches.
var websiteForm = regexp.MustCompile(`^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?$`)

// contactForm is the pattern of an additional contact.
var contactForm = regexp.MustCompile(`^(.+)@(.+)$`)

// Problem is a field that PutAccountDetails would reject, and the reason.
type Problem struct {
	Field string `json:"field"` // name in the API
	Why   string `json:"why"`
}

// Check returns the problems of the fields that are set. AWS's guide misspells
// two values: it has PROMOTIONAL and JP where the API accepts MARKETING and JA.
func (f *Fields) Check() []Problem {
	var list []Problem
	bad := func(field, format string, args ...any) {
		list = append(list, Problem{field, fmt.Sprintf(format, args...)})
	}
	if f.MailType != "" && f.MailType != "MARKETING" && f.MailType != "TRANSACTIONAL" {
		bad("MailType", "%q is not MARKETING or TRANSACTIONAL%s", f.MailType, misspelt(f.MailType, "PROMOTIONAL", "MARKETING"))
	}
	if n := utf8.RuneCountInString(f.WebsiteURL); n > maxWebsite {
		bad("WebsiteURL", "%d characters; at most %d are allowed", n, maxWebsite)
	}
	if !websiteForm.MatchString(f.WebsiteURL) {
		bad("WebsiteURL", "%q is not a URI", f.WebsiteURL)
	}
	if f.ContactLanguage != "" && f.ContactLanguage != "EN" && f.ContactLanguage != "JA" {
		bad("ContactLanguage", "%q is not EN or JA%s", f.ContactLanguage, misspelt(f.ContactLanguage, "JP", "JA"))
	}
	if n := utf8.RuneCountInString(f.UseCaseDescription); n > maxUseCase {
		bad("UseCaseDescription", "%d characters; at most %d are allowed: shorten use_case and the answers", n, maxUseCase)
	}
	if n := len(f.AdditionalContactEmailAddresses); n > maxContacts {
		bad("AdditionalContactEmailAddresses", "%d addresses; at most %d are allowed", n, maxContacts)
	}
	for _, c := range f.AdditionalContactEmailAddresses {
		if n := utf8.RuneCountInString(c); n < minContact || n > maxContact || !contactForm.MatchString(c) {
			bad("AdditionalContactEmailAddresses", "%q is not an address of %d to %d characters", c, minContact, maxContact)
		}
		if strings.HasPrefix(c, "-") {
			bad("AdditionalContactEmailAddresses", "%q begins with a hyphen: the AWS CLI would parse it as an option", c)
		}
	}
	return list
}

// misspelt returns the correct spelling of a value that AWS's guide misspells.
func misspelt(value, guide, api string) string {
	if !strings.EqualFold(value, guide) {
		return ""
	}
	return fmt.Sprintf(": AWS's guide says %s, but its API has %s", guide, api)
}
