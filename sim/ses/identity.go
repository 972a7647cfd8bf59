package ses

import "strings"

// SimulatorDomain is the domain of the mailbox simulator.
const SimulatorDomain = "simulator.amazonses.com"

// Identities is the set of verified domains and addresses of an account. A domain covers
// all addresses at it and its subdomains; an address covers its own labels
// (name+label@domain). Domains are case-insensitive, local parts case-sensitive.
type Identities struct {
	domains   map[string]bool
	addresses map[string]bool
}

// NewIdentities returns the set of the given domains and addresses.
func NewIdentities(list []string) Identities {
	ids := Identities{map[string]bool{}, map[string]bool{}}
	for _, identity := range list {
		ids.Verify(identity)
	}
	return ids
}

// Verify adds a domain or an address.
func (ids *Identities) Verify(identity string) { ids.set(identity, true) }

// Drop removes a domain or an address.
func (ids *Identities) Drop(identity string) { ids.set(identity, false) }

func (ids *Identities) set(identity string, verified bool) {
	key, isAddress := identityKey(identity)
	m := ids.domains
	if isAddress {
		m = ids.addresses
	}
	if verified {
		m[key] = true
	} else {
		delete(m, key)
	}
}

// Holds reports whether the identity itself is verified, not only covered by another.
func (ids *Identities) Holds(identity string) bool {
	key, isAddress := identityKey(identity)
	if isAddress {
		return ids.addresses[key]
	}
	return ids.domains[key]
}

// Len returns how many identities are verified.
func (ids *Identities) Len() int { return len(ids.domains) + len(ids.addresses) }

// identityKey returns the normalized identity, and whether it is an address.
func identityKey(identity string) (key string, isAddress bool) {
	local, domain, isAddress := cutAddress(identity)
	if !isAddress {
		return strings.ToLower(identity), false
	}
	return local + "@" + strings.ToLower(domain), true
}

// CoversDomain reports whether every address at the domain is covered.
func (ids *Identities) CoversDomain(domain string) bool {
	for d := strings.ToLower(domain); d != ""; {
		if ids.domains[d] {
			return true
		}
		_, d, _ = strings.Cut(d, ".")
	}
	return false
}

// Covers reports whether an address may be used as a sender.
func (ids *Identities) Covers(address string) bool { return ids.covers(address, true) }

// CoversRecipient reports whether an address may receive mail in the sandbox. AWS
// documents labels for senders; sandbox.recipient_labels says whether they also work
// for recipients.
func (a *Account) CoversRecipient(address string) bool {
	return a.ids.covers(address, a.rules.Sandbox.RecipientLabels)
}

// covers reports whether an address is covered; labels says whether addresses cover their
// labels.
func (ids *Identities) covers(address string, labels bool) bool {
	local, domain, ok := cutAddress(address)
	if !ok || local == "" {
		return false
	}
	if ids.CoversDomain(domain) {
		return true
	}
	domain = strings.ToLower(domain)
	if ids.addresses[local+"@"+domain] {
		return true
	}
	base, _, labelled := strings.Cut(local, "+")
	return labels && labelled && ids.addresses[base+"@"+domain]
}

// Addresses reports whether any identity is an address.
func (ids *Identities) Addresses() bool { return len(ids.addresses) > 0 }

// BareAddress returns the address in a text such as "Name <address>", which From and
// Sender may contain, or the text itself.
func BareAddress(text string) string {
	if open := strings.LastIndexByte(text, '<'); open >= 0 && strings.HasSuffix(text, ">") {
		return text[open+1 : len(text)-1]
	}
	return text
}

// cutAddress splits an address at its last @.
func cutAddress(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return "", address, false
	}
	return address[:i], address[i+1:], true
}
