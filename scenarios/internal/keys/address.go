package keys

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"sesim/scenarios/internal/tree"
)

// isAddressChar reports whether an ASCII character is allowed in the unquoted
// local part of an address.
func isAddressChar(c byte) bool {
	return tree.BareKey(c) || strings.IndexByte("!#$%&'*+/=?^`{|}~.", c) >= 0
}

// badAddress returns why a text is not a mail address, or "".
func badAddress(text string) (why, hint string) {
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return tree.Quote(text) + " is not a mail address: it has no @", ""
	}
	if strings.HasSuffix(text, ">") {
		return tree.Quote(text) + " is not a mail address: write it without a name and without < and >", ""
	}
	if why := badLocal(text[:at]); why != "" {
		return tree.Quote(text) + " is not a mail address: " + why, ""
	}
	if why, hint := badDomain(text[at+1:]); why != "" {
		return tree.Quote(text) + " is not a mail address: " + why, hint
	}
	return "", ""
}

// badNamed returns why a text is neither a mail address nor "Name <address>", or
// "".
func badNamed(text string) (why, hint string) {
	name, address, found := strings.Cut(text, "<")
	if !found || !strings.HasSuffix(address, ">") {
		return badAddress(text)
	}
	if strings.Trim(name, " ") == "" || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '>' }) {
		return tree.Quote(text) + " is not a mail address: before the < there must be a name of printable characters other than >", ""
	}
	return badAddress(strings.TrimSuffix(address, ">"))
}

// badLocal returns why a text is not allowed before the @, or "". SES accepts
// only ASCII there.
func badLocal(local string) string {
	switch {
	case local == "":
		return "there is nothing before the @"
	case len(local) > 64:
		return "there are more than 64 characters before the @"
	case strings.HasPrefix(local, "."), strings.HasSuffix(local, "."), strings.Contains(local, ".."):
		return "before the @, dots may only be between other characters"
	}
	for i := range len(local) {
		if local[i] > 0x7f {
			return "SES accepts ASCII characters only before the @"
		}
		if !isAddressChar(local[i]) {
			return fmt.Sprintf("%q is not allowed before the @", local[i])
		}
	}
	return ""
}

// badDomain returns why a text is not a domain, or "".
func badDomain(domain string) (why, hint string) {
	labels := strings.Split(domain, ".")
	for i := range len(domain) {
		if domain[i] > 0x7f {
			return tree.Quote(domain) + " is not ASCII, and SES takes domains in Punycode only",
				`write labels in other scripts as Punycode, such as "xn--mnchen-3ya.example"`
		}
	}
	if len(labels) < 2 || len(domain) > 253 {
		return tree.Quote(domain) + " is not a domain: write one such as \"mail.example\"", ""
	}
	for _, label := range labels {
		if !isLabel(label) {
			return fmt.Sprintf("%s is not a domain: %s is not 1 to 63 letters, digits and hyphens, with none of these at either end",
				tree.Quote(domain), tree.Quote(label)), ""
		}
	}
	return "", ""
}

// isLabel reports whether a text is a label of a domain.
func isLabel(label string) bool {
	for i := range len(label) {
		if !tree.BareKey(label[i]) || label[i] == '_' {
			return false
		}
	}
	return len(label) >= 1 && len(label) <= 63 && label[0] != '-' && label[len(label)-1] != '-'
}

// badIdentity returns why a text is neither a domain nor an address, or "".
func badIdentity(text string) (why, hint string) {
	if strings.Contains(text, "@") {
		return badAddress(text)
	}
	return badDomain(text)
}

// badPattern returns why a text is not a pattern of addresses, or "".
func badPattern(text string) (why, hint string) {
	local, domain, both := strings.Cut(text, "@")
	if !both {
		local, domain = "*", text
	}
	if strings.Count(local, "*") > 1 || strings.Count(domain, "*") > 1 {
		return tree.Quote(text) + " is not a pattern of addresses: there is at most one * in the local part and one in the domain", ""
	}
	if why := badLocal(strings.ReplaceAll(local, "*", "x")); why != "" {
		return tree.Quote(text) + " is not a pattern of addresses: " + why, ""
	}
	if domain == "*" || both && domain == "" {
		return "", ""
	}
	if why, _ := badDomain(strings.ReplaceAll(domain, "*", "x")); why != "" {
		return tree.Quote(text) + " is not a pattern of addresses: write one such as \"*\", \"*.example\", \"mail.example\" or \"bounce*@\"", ""
	}
	return "", ""
}

// Syntax is the syntax of a kind of text.
type Syntax struct {
	bad      func(text string) (why, hint string)
	notation notation
}

// The syntaxes of addresses.
var (
	Address      = Syntax{badAddress, notationAddress}   // "ops@acme.example"
	NamedAddress = Syntax{badNamed, notationNamed}       // also "Ops <ops@acme.example>"
	Domain       = Syntax{badDomain, notationDomain}     // "acme.example"
	Identity     = Syntax{badIdentity, notationIdentity} // a domain or an address
	Pattern      = Syntax{badPattern, notationPattern}   // of addresses: "*.example", "bounce*@"
)

// Bad returns why a text does not have the syntax, and a hint; both are empty
// if it does.
func (s Syntax) Bad(text string) (why, hint string) { return s.bad(text) }

// Mail reads a text of one of the syntaxes of addresses.
type Mail struct {
	To    *string
	Check Syntax
}

func (m Mail) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		r.Wrong(n, path, "", "%s is not a text: %s", n.Show(), n.InQuotes())
		return
	}
	if why, hint := m.Check.bad(v); why != "" {
		r.Wrong(n, path, hint, "%s", why)
		return
	}
	*m.To = v
}

func (m Mail) Shape() Shape { return named(m.Check.notation) }

func (m Mail) Default() string { return quoted(*m.To) }

const regionPattern = `[a-z]{2,4}(-[a-z]{1,16}){1,2}-[0-9]{1,2}`

var regionForm = regexp.MustCompile(`^` + regionPattern + `$`)

// IsRegion reports whether a text has the form of the name of an AWS Region.
func IsRegion(text string) bool { return regionForm.MatchString(text) }

// LocalPart reads the text before the number in an audience's addresses. It
// must not end in a digit, so that no two audiences share an address.
type LocalPart struct{ To *string }

// maxLocal leaves room for the longest number in the 64 characters of a local
// part.
const maxLocal = 54

func (t LocalPart) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		r.Wrong(n, path, "", "%s is not a text: %s", n.Show(), n.InQuotes())
		return
	}
	why := badLocal(v + "0") // a number follows it
	switch {
	case v == "":
		why = "it is empty"
	case why != "":
	case len(v) > maxLocal:
		why = "it leaves no room for a number"
	case v[len(v)-1] >= '0' && v[len(v)-1] <= '9':
		why = "it ends in a digit, and a number follows it"
	}
	if why != "" {
		r.Wrong(n, path, "", "%s cannot begin an address: %s", tree.Quote(v), why)
		return
	}
	*t.To = v
}

// Shape has dots between other characters only, and no digit at the end.
func (LocalPart) Shape() Shape {
	const begun = localChar + `(?:\.?` + localChar + `)*`
	return Shape{"type": "string", "maxLength": maxLocal, "pattern": `^(?:` + begun + `\.|(?:` + begun + `\.?)?` + localNoDigit + `)$`}
}

// Website reads the URL of a website.
type Website struct{ To *string }

// maxWebsite is the maximum length of a URL, in characters.
const maxWebsite = 1000

func (w Website) Read(r *tree.Reporter, n *tree.Node, path string) {
	var v string
	Text{&v, 1, maxWebsite, false}.Read(r, n, path)
	if v == "" {
		return
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		r.Wrong(n, path, "", `%s is not the address of a website: write one such as "https://acme.example"`, n.Show())
		return
	}
	*w.To = v
}

func (Website) Shape() Shape {
	return Shape{"type": "string", "maxLength": maxWebsite, "pattern": `^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]`}
}

func (Website) Range() string { return `such as "https://acme.example"` }
