package scenarios

import (
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// maxNamed is the maximum number of recipients that an audience lists.
const maxNamed = 10_000

// namedAddress is a recipient that an audience lists.
type namedAddress struct {
	is   sim.Address
	node *tree.Node
	path string
}

// text returns the address as its audience writes it.
func (a *namedAddress) text(l *loader) string {
	return l.cfg.Audiences[a.is.Audience].Addresses[a.is.Number]
}

// addressList reads the recipients of an audience that lists them.
type addressList struct {
	l  *loader
	to *[]string
}

func (addressList) Shape() keys.Shape {
	return keys.NonEmpty(keys.ListOf(keys.Mail{Check: keys.Address}.Shape(), maxNamed))
}

func (a addressList) Read(r *tree.Reporter, n *tree.Node, path string) {
	l := a.l
	items, ok := keys.Items(r, n, path, maxNamed)
	if !ok {
		return
	}
	if len(n.List) == 0 {
		l.Wrong(n, path, "", "there are no addresses: name at least one, or leave the key out")
	}
	for _, item := range items {
		if why, hint := badRecipient(item.Text); why != "" {
			l.Wrong(item.Node, item.Path, hint, "%s", why)
			continue
		}
		if l.nameAddress(item, sim.Address{Audience: len(l.cfg.Audiences), Number: int64(len(*a.to))}) {
			*a.to = append(*a.to, item.Text)
		}
	}
}

// nameAddress registers the address of a recipient and returns whether the
// audience may have it: an address belongs to one audience, unless it is the
// mailbox simulator's, which each audience may name once.
func (l *loader) nameAddress(item keys.Item, is sim.Address) bool {
	key := strings.ToLower(item.Text)
	first, taken := l.recipients[key]
	switch {
	case !taken:
		l.recipients[key] = namedAddress{is, item.Node, item.Path}
	case first.is.Audience == is.Audience:
		l.Wrong(item.Node, item.Path, "", "%s is named twice: capitals make no other address", tree.Quote(item.Text))
		return false
	case !isSimulator(domainOf(item.Text)):
		l.Wrong(item.Node, item.Path, "", "%s belongs to audience %s too", tree.Quote(item.Text), l.audiences.EntityName(first.is.Audience))
		return false
	}
	return true
}

// badRecipient returns why a text is not a recipient's address, or "".
func badRecipient(text string) (why, hint string) {
	if why, hint := keys.Address.Bad(text); why != "" {
		return why, hint
	}
	local := strings.ToLower(text[:strings.LastIndexByte(text, '@')])
	if isSimulator(domainOf(text)) && !isSimulatorLocal(local+"+") {
		return tree.Quote(text) + " is not a mailbox of the simulator: " +
			"it has success, bounce, ooto, complaint and suppressionlist, with or without a label", ""
	}
	return "", ""
}

// domainOf returns the text after the @.
func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// sameLocal reports whether two addresses agree before the @, including case,
// which matters to the operations on the list.
func sameLocal(a, b string) bool {
	i, j := strings.LastIndexByte(a, '@'), strings.LastIndexByte(b, '@')
	return i >= 0 && j >= 0 && a[:i] == b[:j]
}

// nameAudience completes an audience that lists its recipients.
func (l *loader) nameAudience(a *sim.Audience, n *tree.Node, path string) {
	for _, key := range []string{"size", "domain", "local"} {
		if child := n.Table[key]; child != nil {
			l.WrongKey(child, tree.Join(path, key), "", "this key does not go with addresses, which say it already")
		}
	}
	given := len(n.Table["addresses"].List)
	a.Size, a.Domain, a.Local = max(int64(given), 1), "", ""
	if len(a.Addresses) < max(given, 1) {
		l.domains[""] = append(l.domains[""], len(l.cfg.Audiences)) // some of its addresses are not known
	}
}

// checkAddresses reports audiences that are too large in total, or that share
// addresses.
func (l *loader) checkAddresses() {
	total := int64(0)
	for i := range l.cfg.Audiences {
		total += l.cfg.Audiences[i].Most()
	}
	if total > sim.MaxAddresses {
		l.WrongKey(l.root.Table["audience"], "audience", "",
			"the audiences have %d addresses together, and a run holds at most %d", total, sim.MaxAddresses)
	}
	l.checkNamed(l.checkForms())
}

// checkForms reports audiences with the same numbered addresses. It returns the
// audiences by the text before and after the number.
func (l *loader) checkForms() map[string]int {
	forms := map[string]int{}
	for i := range l.cfg.Audiences {
		a := &l.cfg.Audiences[i]
		if isSimulator(a.Domain) || a.Domain == "" {
			continue
		}
		form := strings.ToLower(a.Local + "@" + a.Domain)
		if first, taken := forms[form]; taken {
			n := l.audiences.Tables[i]
			l.WrongKey(n, keys.EntityPath("audience", i, n), "",
				"it has the same addresses as audience %s: give it another domain, or another local", l.audiences.EntityName(first))
			continue
		}
		forms[form] = i
	}
	return forms
}

// checkNamed reports recipients that one audience lists and another numbers.
func (l *loader) checkNamed(forms map[string]int) {
	for i := range l.cfg.Audiences {
		for _, text := range l.cfg.Audiences[i].Addresses {
			key := strings.ToLower(text)
			at := strings.LastIndexByte(key, '@')
			begin := strings.TrimRight(key[:at], "0123456789")
			other, taken := forms[begin+key[at:]]
			if !taken {
				continue
			}
			if of := &l.cfg.Audiences[other]; inRange(key[len(begin):at], of.Most()) {
				found := l.recipients[key]
				l.Wrong(found.node, found.path, "", "%s belongs to audience %s too", tree.Quote(text), l.audiences.EntityName(other))
			}
		}
	}
}
