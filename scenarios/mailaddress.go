package scenarios

import (
	"fmt"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// isAddressChar reports whether an ASCII character may stand in the local
// part of an address without quotes.
func isAddressChar(c byte) bool {
	return tree.BareKey(c) || strings.IndexByte("!#$%&'*+/=?^`{|}~.", c) >= 0
}

// badAddress says why a text is no mail address, or nothing.
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

// badNamed says why a text is no mail address, also as "Name <address>", or
// nothing.
func badNamed(text string) (why, hint string) {
	name, address, found := strings.Cut(text, "<")
	if !found || !strings.HasSuffix(address, ">") {
		return badAddress(text)
	}
	if strings.Trim(name, " ") == "" || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '>' }) {
		return tree.Quote(text) + " is not a mail address: a name of printable characters other than > stands before the <", ""
	}
	return badAddress(strings.TrimSuffix(address, ">"))
}

// badLocal says why a text cannot stand before the @, or nothing. SES takes
// ASCII only there.
func badLocal(local string) string {
	switch {
	case local == "":
		return "nothing stands before the @"
	case len(local) > 64:
		return "more than 64 characters stand before the @"
	case strings.HasPrefix(local, "."), strings.HasSuffix(local, "."), strings.Contains(local, ".."):
		return "before the @, dots stand between other characters only"
	}
	for i := range len(local) {
		if local[i] > 0x7f {
			return "SES accepts ASCII characters only before the @"
		}
		if !isAddressChar(local[i]) {
			return fmt.Sprintf("%q cannot stand before the @", local[i])
		}
	}
	return ""
}

// badDomain says why a text is no domain, or nothing.
func badDomain(domain string) (why, hint string) {
	labels := strings.Split(domain, ".")
	for i := range len(domain) {
		if domain[i] > 0x7f {
			return tree.Quote(domain) + " is not ASCII, and SES takes domains in Punycode only", `write labels in other scripts as Punycode, such as "xn--mnchen-3ya.example"`
		}
	}
	if len(labels) < 2 || len(domain) > 253 {
		return tree.Quote(domain) + " is not a domain: write one such as \"mail.example\"", ""
	}
	for _, label := range labels {
		if !isLabel(label) {
			return fmt.Sprintf("%s is not a domain: %s is not 1 to 63 letters, digits and hyphens, with none of these at either end", tree.Quote(domain), tree.Quote(label)), ""
		}
	}
	return "", ""
}

// isLabel reports whether a text is one part of a domain.
func isLabel(label string) bool {
	for i := range len(label) {
		if !tree.BareKey(label[i]) || label[i] == '_' {
			return false
		}
	}
	return len(label) >= 1 && len(label) <= 63 && label[0] != '-' && label[len(label)-1] != '-'
}

// badIdentity says why a text is neither a domain nor an address, or nothing.
func badIdentity(text string) (why, hint string) {
	if strings.Contains(text, "@") {
		return badAddress(text)
	}
	return badDomain(text)
}

// syntax is how texts of one sort are written.
type syntax struct {
	bad  func(text string) (why, hint string)
	form form
}

var (
	mailAddress  = syntax{badAddress, formAddress}
	mailNamed    = syntax{badNamed, formNamed}
	mailDomain   = syntax{badDomain, formDomain}
	mailIdentity = syntax{badIdentity, formIdentity}
)

// mail reads a mail address, a domain or an identity, whichever check lets
// pass.
type mail struct {
	to    *string
	check syntax
}

func (m mail) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		l.Wrong(n, path, "", "%s is not a text: write it in quotes", n.Show())
		return
	}
	if why, hint := m.check.bad(v); why != "" {
		l.Wrong(n, path, hint, "%s", why)
		return
	}
	*m.to = v
}

// recipient reads the address of one recipient of an audience, such as
// "customers-17@customers.example".
type recipient struct {
	to *sim.Address
	// spelling takes the text of an entry of the account's list that differs
	// from the address in the case of its local part; nil where capitals make
	// no difference.
	spelling *string
}

func (r recipient) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		l.Wrong(n, path, "", "%s is not a text: write an address in quotes", n.Show())
		return
	}
	if len(l.domains[""]) > 0 {
		return // an audience's domain is wrong, and this address may be one of its
	}
	if found, ok := l.recipients[strings.ToLower(v)]; ok {
		r.take(found.is, found.text(l), v)
		return
	}
	local, domain, _ := strings.Cut(v, "@")
	for _, i := range l.domains[strings.ToLower(domain)] {
		a := &l.cfg.Audiences[i]
		if number, ok := numbered(local, a); ok {
			r.take(sim.Address{Audience: i, Number: number - 1}, a.AddressOf(number-1), v)
			return
		}
	}
	l.Wrong(n, path, l.addressForm(strings.ToLower(domain)), "%s belongs to no audience", tree.Quote(v))
}

// take accepts an address that is written as text, and for entries of a list
// notes where the case of its local part differs from the address itself.
func (r recipient) take(is sim.Address, itself, text string) {
	*r.to = is
	if r.spelling != nil && !sameLocal(itself, text) {
		local, domain, _ := strings.Cut(text, "@")
		*r.spelling = local + "@" + strings.ToLower(domain)
	}
}

// numbered returns the number in a local part of the audience. Capitals make
// no other recipient.
func numbered(local string, a *sim.Audience) (int64, bool) {
	n := len(a.Local)
	if len(local) < n || !strings.EqualFold(local[:n], a.Local) {
		return 0, false
	}
	number, ok := parseNumber(local[n:])
	return number, ok && number <= a.Size
}

// inRange reports whether digits are a number of an audience of that size.
func inRange(digits string, size int64) bool {
	number, ok := parseNumber(digits)
	return ok && number <= size
}

// parseNumber reads a number from 1 without leading zeros.
func parseNumber(digits string) (int64, bool) {
	if digits == "" || digits[0] == '0' || len(digits) > 18 {
		return 0, false
	}
	number := int64(0)
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
		number = number*10 + int64(digits[i]-'0')
	}
	return number, true
}

// addressForm tells how addresses of audiences look: of that domain, if there
// is one, or else of the first.
func (l *loader) addressForm(domain string) string {
	if len(l.cfg.Audiences) == 0 {
		return "there are no audiences"
	}
	a := &l.cfg.Audiences[0]
	if at := l.domains[domain]; len(at) > 0 {
		a = &l.cfg.Audiences[at[0]]
	}
	if len(a.Addresses) > 0 {
		return fmt.Sprintf("audience %s names %d addresses, the first of which is %s", a.Name, len(a.Addresses), tree.Quote(a.Addresses[0]))
	}
	return fmt.Sprintf("those of audience %s are %s1@%s to %s%d@%s", a.Name, a.Local, a.Domain, a.Local, a.Size, a.Domain)
}
