package scenarios

import (
	"fmt"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// recipient reads the address of one recipient of an audience, such as
// "customers-17@customers.example".
type recipient struct {
	l  *loader
	to *sim.Address
	// spelling receives the text of an entry of the account-level list that
	// differs from the address in the case of its local part; nil if case does
	// not matter.
	spelling *string
}

func (t recipient) Read(r *tree.Reporter, n *tree.Node, path string) {
	l := t.l
	v, ok := n.Value.(string)
	if !ok {
		l.Wrong(n, path, "", "%s is not a text: write an address in quotes", n.Show())
		return
	}
	if len(l.domains[""]) > 0 {
		return // an audience's domain is wrong, and this address may be one of its
	}
	if found, ok := l.recipients[strings.ToLower(v)]; ok {
		t.take(found.is, found.text(l), v)
		return
	}
	local, domain, _ := strings.Cut(v, "@")
	for _, i := range l.domains[strings.ToLower(domain)] {
		a := &l.cfg.Audiences[i]
		if number, ok := numbered(local, a); ok {
			t.take(sim.Address{Audience: i, Number: number - 1}, a.AddressOf(number-1), v)
			return
		}
	}
	l.Wrong(n, path, l.addressForm(strings.ToLower(domain)), "%s belongs to no audience", tree.Quote(v))
}

func (recipient) Shape() keys.Shape { return keys.Mail{Check: keys.Address}.Shape() }

// take accepts an address written as text. For entries of a list it records a
// local part that differs from the address in case.
func (t recipient) take(is sim.Address, itself, text string) {
	*t.to = is
	if t.spelling != nil && !sameLocal(itself, text) {
		local, domain, _ := strings.Cut(text, "@")
		*t.spelling = local + "@" + strings.ToLower(domain)
	}
}

// numbered returns the number in a local part of the audience. Case does not
// matter.
func numbered(local string, a *sim.Audience) (int64, bool) {
	n := len(a.Local)
	if len(local) < n || !strings.EqualFold(local[:n], a.Local) {
		return 0, false
	}
	number, ok := parseNumber(local[n:])
	return number, ok && number <= a.Size
}

// inRange reports whether digits are the number of an address of an audience of
// that size.
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

// addressForm describes the addresses of the audience of that domain or, if there
// is none, of the first audience.
func (l *loader) addressForm(domain string) string {
	if len(l.cfg.Audiences) == 0 {
		return "there are no audiences"
	}
	a := &l.cfg.Audiences[0]
	if at := l.domains[domain]; len(at) > 0 {
		a = &l.cfg.Audiences[at[0]]
	}
	if len(a.Addresses) > 0 {
		return fmt.Sprintf("audience %s names %s, the first of which is %s",
			a.Name, unit.Plural(int64(len(a.Addresses)), "address", "addresses"), tree.Quote(a.Addresses[0]))
	}
	return fmt.Sprintf("those of audience %s are %s1@%s to %s%d@%s", a.Name, a.Local, a.Domain, a.Local, a.Size, a.Domain)
}
