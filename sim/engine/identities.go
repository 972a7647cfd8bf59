package engine

import (
	"slices"
	"strings"

	"sesim/sim"
	"sesim/sim/ses"
)

// trait is what the identities say of one recipient, where an audience names
// its recipients one by one.
type trait uint8

const (
	traitCovered   trait = 1 << iota // may receive mail in the sandbox
	traitExempt                      // verified by the account: not eligible
	traitSimulator                   // belongs to the mailbox simulator
)

// checkIdentities computes what identities and authorizations say of a
// sender: once at the start, and again whenever they change.
func (w *world) checkIdentities(a *senderState) {
	if !a.live {
		a.authorized = a.spec.Delegated && w.authorizes(a.spec.Owner, a.account)
		a.failing = a.failing[:0]
		for _, identity := range append([]string{a.spec.From}, a.spec.Checked...) {
			if !w.maySendAs(a, ses.BareAddress(identity)) {
				a.failing = append(a.failing, identity)
			}
		}
	}
	w.checkRecipients(a)
}

// checkRecipients computes what the account's identities say of the recipients.
func (w *world) checkRecipients(a *senderState) {
	ids := a.account.Identities()
	a.exempt = noneExempt
	if a.audience.spec.Seen != nil {
		if a.addresses = ids.Len() > 0; a.addresses {
			a.exempt = someExempt
		}
		return
	}
	a.addresses = len(a.audience.spec.Addresses) > 0 || ids.AnyAddressAt(a.audience.spec.Domain)
	if names := a.audience.spec.Addresses; len(names) > 0 {
		a.each = make([]trait, len(names))
		for i, name := range names {
			a.each[i] = traitsOf(&a.account.Account, name)
			if a.each[i]&traitExempt != 0 {
				a.exempt = someExempt
			}
		}
		return
	}
	if ids.CoversDomain(a.audience.spec.Domain) {
		a.exempt = allExempt
	} else if ids.AnyAddressAt(a.audience.spec.Domain) {
		a.findExempt()
	}
	a.allCovered = a.audience.simulator || ids.CoversDomain(a.audience.spec.Domain)
}

// exemption says which recipients of an audience are exempt: mail to them counts
// towards no rate, because the account has verified them.
type exemption uint8

const (
	noneExempt exemption = iota
	someExempt           // those whose traits or text say so, or those of account.exempt
	allExempt
)

// findExempt finds the recipients of a numbered audience that the account has verified
// as addresses: one by one, or all as labels of one.
func (a *senderState) findExempt() {
	spec, some := a.audience.spec, []uint32(nil)
	base, _, labels := strings.Cut(spec.Local, "+")
	for _, local := range a.account.Identities().AddressesAt(spec.Domain) {
		if n, ok := spec.Numbered(local); ok && a.account.Exempt(spec.AddressOf(n)) {
			some = append(some, uint32(n))
			a.exempt = max(a.exempt, someExempt)
		}
		if labels && local == base && a.account.Exempt(spec.AddressOf(0)) {
			a.exempt = allExempt
		}
	}
	if a.account.exempt == nil {
		a.account.exempt = map[*audience][]uint32{}
	}
	a.account.exempt[a.audience] = some
}

// maySendAs reports whether the sender may use an identity: the account has
// verified it, or its owner has and lets the account.
func (w *world) maySendAs(a *senderState, identity string) bool {
	if !a.spec.Delegated {
		return a.account.Identities().Covers(identity)
	}
	return a.authorized && w.accounts[a.spec.Owner].Identities().Covers(identity)
}

// authorizes reports whether an owner of identities, in the same Region, lets the
// account send for them.
func (w *world) authorizes(owner int, acc *account) bool {
	spec := &w.cfg.Accounts[owner]
	return spec.Region == w.cfg.Accounts[acc.index].Region && slices.Contains(spec.Delegates, acc.index)
}

func traitsOf(account *ses.Account, address string) trait {
	t := trait(0)
	domain := address[strings.LastIndexByte(address, '@')+1:]
	if strings.EqualFold(domain, ses.SimulatorDomain) {
		t |= traitSimulator | traitCovered
	}
	if account.Exempt(address) {
		t |= traitExempt
	}
	if account.CoversRecipient(address) {
		t |= traitCovered
	}
	return t
}

// sandboxed reports whether the sender may write to verified recipients only:
// its account or the owner of its identities is in the sandbox.
func (w *world) sandboxed(a *senderState) bool {
	return a.account.Access() == ses.Sandbox || a.spec.Delegated && w.accounts[a.spec.Owner].Access() == ses.Sandbox
}

// allVerified checks the recipients of a call one by one, which only a
// sandbox needs whose identities do not cover the whole audience.
func (w *world) allVerified(a *senderState, recipients []uint32) bool {
	if a.each == nil && !a.account.Identities().AnyAddressAt(a.audience.spec.Domain) {
		return false
	}
	for _, n := range recipients {
		if !a.verified(n) {
			return false
		}
	}
	return true
}

// verified reports whether one recipient may receive mail in the sandbox.
func (a *senderState) verified(n uint32) bool {
	if a.each != nil {
		return a.each[n]&traitCovered != 0
	}
	return a.account.CoversRecipient(a.audience.spec.AddressOf(int64(n)))
}

// failures lists the identities that failed the check of a call, in the form
// given: those of the sender first, then recipients.
func (w *world) failures(a *senderState, recipients []uint32) []string {
	list := a.failing
	if a.allCovered || !w.sandboxed(a) {
		return list
	}
	list = append([]string(nil), list...)
	for _, n := range recipients {
		if !a.verified(n) {
			list = append(list, a.audience.spec.AddressOf(int64(n)))
		}
	}
	return list
}

// isExempt reports whether mail to a recipient counts towards no rate, because the
// account has verified it.
func (a *senderState) isExempt(n uint32) bool { return a.exempt != noneExempt && a.isAmongExempt(n) }

func (a *senderState) isAmongExempt(n uint32) bool {
	switch {
	case a.each != nil:
		return a.each[n]&traitExempt != 0
	case a.audience.spec.Seen != nil:
		return a.account.Exempt(a.audience.spec.AddressOf(int64(n)))
	case a.exempt == someExempt:
		return slices.Contains(a.account.exempt[a.audience], n)
	}
	return true
}

// simulated reports whether a recipient belongs to the mailbox simulator.
func (a *senderState) simulated(n uint32) bool {
	if a.each != nil {
		return a.each[n]&traitSimulator != 0
	}
	return a.audience.simulator
}

// countedIn returns how many of the recipients take from the quota.
func (a *senderState) countedIn(recipients []uint32) int64 {
	if a.each == nil {
		if a.audience.simulator {
			return 0
		}
		return int64(len(recipients))
	}
	count := int64(0)
	for _, n := range recipients {
		if !a.simulated(n) {
			count++
		}
	}
	return count
}

// isSimulator reports whether the audience's mail goes to the mailbox
// simulator.
func isSimulator(a *sim.Audience) bool { return strings.EqualFold(a.Domain, ses.SimulatorDomain) }
