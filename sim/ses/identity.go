package ses

import (
	"maps"
	"slices"
	"strings"

	"sesim/sim/rules"
)

// SimulatorDomain is the domain of the mailbox simulator.
const SimulatorDomain = "simulator.amazonses.com"

// Identities is the set of verified domains and addresses of an account. A domain covers
// all addresses at it and its subdomains; an address covers its own labels
// (name+label@domain). Domains are case-insensitive, local parts case-sensitive.
type Identities struct {
	domains   map[string]bool
	addresses map[string]map[string]bool // local parts by domain, which is in lower case
}

// NewIdentities returns the set of the given domains and addresses.
func NewIdentities(list []string) Identities {
	ids := Identities{map[string]bool{}, map[string]map[string]bool{}}
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
	local, domain, isAddress := cutAddress(identity)
	m, key := ids.domains, strings.ToLower(domain)
	if isAddress {
		if ids.addresses[key] == nil {
			ids.addresses[key] = map[string]bool{}
		}
		m, key = ids.addresses[key], local
	}
	if verified {
		m[key] = true
	} else {
		delete(m, key)
	}
}

// Holds reports whether the identity itself is verified, not only covered by another.
func (ids *Identities) Holds(identity string) bool {
	local, domain, isAddress := cutAddress(identity)
	domain = strings.ToLower(domain)
	if isAddress {
		return ids.addresses[domain][local]
	}
	return ids.domains[domain]
}

// anyAddress reports whether an address is verified, not only domains.
func (ids *Identities) anyAddress() bool {
	for _, locals := range ids.addresses {
		if len(locals) > 0 {
			return true
		}
	}
	return false
}

// Len returns how many identities are verified.
func (ids *Identities) Len() int {
	n := len(ids.domains)
	for _, locals := range ids.addresses {
		n += len(locals)
	}
	return n
}

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
	at := ids.addresses[strings.ToLower(domain)]
	base, _, labelled := strings.Cut(local, "+")
	return at[local] || labels && labelled && at[base]
}

// AddressesAt returns the local parts of the verified addresses at a domain, in order.
func (ids *Identities) AddressesAt(domain string) []string {
	return slices.Sorted(maps.Keys(ids.addresses[strings.ToLower(domain)]))
}

// AnyAddressAt reports whether an address at the domain is verified.
func (ids *Identities) AnyAddressAt(domain string) bool {
	return len(ids.addresses[strings.ToLower(domain)]) > 0
}

// Exempt reports whether mail to an address counts towards no rate: the account has
// verified its domain or, unless rep.verified_addresses_count says otherwise, the address
// as a recipient.
func (a *Account) Exempt(address string) bool {
	if a.rules.Rep.VerifiedAddressesCount {
		_, domain, _ := cutAddress(address)
		return a.ids.CoversDomain(domain)
	}
	return a.CoversRecipient(address)
}

// ExemptReads returns the parameters that say whether mail to an address counts towards a
// rate: some only where the account has verified the address, or one of which it is a label.
func (a *Account) ExemptReads(address string) rules.Reads {
	verified, labelled := a.ids.verifiedAlone(address)
	switch {
	case verified:
		return rules.NewReads(rules.ParamRepVerifiedAddressesCount)
	case labelled:
		return rules.NewReads(rules.ParamRepVerifiedAddressesCount, rules.ParamSandboxRecipientLabels)
	}
	return rules.Reads{}
}

// LabelReads returns sandbox.recipient_labels if it says whether the address is verified.
func (a *Account) LabelReads(address string) rules.Reads {
	if verified, labelled := a.ids.verifiedAlone(address); labelled && !verified {
		return rules.NewReads(rules.ParamSandboxRecipientLabels)
	}
	return rules.Reads{}
}

// verifiedAlone reports whether an address is verified, or is the label of one that is,
// at a domain that is not.
func (ids *Identities) verifiedAlone(address string) (verified, labelled bool) {
	local, domain, ok := cutAddress(address)
	if !ok || ids.CoversDomain(domain) {
		return false, false
	}
	at := ids.addresses[strings.ToLower(domain)]
	base, _, labelled := strings.Cut(local, "+")
	return at[local], labelled && at[base]
}

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
