package twin

import (
	"slices"
	"strings"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// split cuts an address at its last at sign; what has none is a domain.
func split(address string) (local, domain string) {
	at := strings.LastIndex(address, "@")
	return address[:max(at, 0)], address[at+1:]
}

// bare is the address in a header's form, Name <address>.
func bare(text string) string {
	if open := strings.LastIndex(text, "<"); open >= 0 && strings.HasSuffix(text, ">") {
		return text[open+1 : len(text)-1]
	}
	return text
}

// exact is an address as the management of the account's list knows it: the
// local part with its case, the domain in lower case.
func exact(address string) string {
	local, domain := split(address)
	return local + "@" + strings.ToLower(domain)
}

// folded is an address as sending knows it: case does not matter.
func folded(address string) string { return strings.ToLower(address) }

// isSimulator reports whether an address is one of the mailbox simulator's.
func isSimulator(address string) bool {
	_, domain := split(address)
	return strings.ToLower(domain) == "simulator.amazonses.com"
}

// simulator is what the mailbox simulator does with mail to the address.
// What follows a plus sign is a label.
func simulator(address string) ses.Simulator {
	local, _ := split(address)
	local, _, _ = strings.Cut(strings.ToLower(local), "+")
	switch local {
	case "bounce":
		return ses.SimulateBounce
	case "ooto":
		return ses.SimulateOutOfOffice
	case "complaint":
		return ses.SimulateComplaint
	case "suppressionlist":
		return ses.SimulateSuppression
	}
	return ses.SimulateSuccess
}

// verified are the verified identities of an account now.
func (w *world) verified(account int) []string {
	return w.identitiesOf(account, func(k identityKind) bool { return k == verified })
}

// known are all identities of an account now, also those whose verification
// has not ended or has failed.
func (w *world) known(account int) []string {
	return w.identitiesOf(account, func(identityKind) bool { return true })
}

// identitiesOf replays what became of an account's identities: those of the
// scenario, and what of the kinds that add one came later and was not dropped.
func (w *world) identitiesOf(account int, adds func(identityKind) bool) []string {
	var list []string
	for _, name := range w.cfg.Accounts[account].Identities {
		if !includes(list, name) {
			list = append(list, name)
		}
	}
	for _, change := range w.history.identities {
		switch {
		case change.account != account:
		case change.what == dropped:
			list = slices.DeleteFunc(list, func(name string) bool { return sameIdentity(name, change.name) })
		case adds(change.what) && !includes(list, change.name):
			list = append(list, change.name)
		}
	}
	return list
}

func includes(list []string, identity string) bool {
	return slices.ContainsFunc(list, func(name string) bool { return sameIdentity(name, identity) })
}

// sameIdentity compares identities: domains without regard to case, local
// parts with.
func sameIdentity(a, b string) bool {
	if strings.Contains(a, "@") && strings.Contains(b, "@") {
		return exact(a) == exact(b)
	}
	return strings.EqualFold(a, b)
}

// covers reports whether an identity covers an address: a domain all at it
// and below it, an address itself and its labels.
func covers(identity, address string) bool {
	local, domain := split(address)
	if local == "" {
		return false // not an address
	}
	if !strings.Contains(identity, "@") {
		return within(domain, identity)
	}
	verifiedLocal, verifiedDomain := split(identity)
	unlabelled, _, _ := strings.Cut(local, "+")
	return strings.EqualFold(domain, verifiedDomain) && (local == verifiedLocal || unlabelled == verifiedLocal)
}

// within reports whether a domain is another one or lies below it.
func within(domain, top string) bool {
	domain, top = strings.ToLower(domain), strings.ToLower(top)
	return domain == top || strings.HasSuffix(domain, "."+top)
}

// covered reports whether an account has verified an address.
func (w *world) covered(account int, address string) bool {
	for _, identity := range w.verified(account) {
		if covers(identity, address) {
			return true
		}
	}
	return false
}

// receives reports whether an account in the sandbox has verified a
// recipient. Without labels a verified address covers itself alone.
func (w *world) receives(account int, address string) bool {
	if w.cfg.Rules.Sandbox.RecipientLabels {
		return w.covered(account, address)
	}
	return w.ownDomain(account, address) || includes(w.verified(account), address)
}

// exempt reports whether mail to an address counts towards no rate: it is one that
// the account has verified, or by the rules at a domain that it has.
func (w *world) exempt(account int, address string) bool {
	return w.ownDomain(account, address) || !w.cfg.Rules.Rep.VerifiedAddressesCount && w.receives(account, address)
}

// ownDomain reports whether an address lies at a domain that the account has
// verified. A verified address does not verify its domain.
func (w *world) ownDomain(account int, address string) bool {
	_, domain := split(address)
	for _, identity := range w.verified(account) {
		if !strings.Contains(identity, "@") && within(domain, identity) {
			return true
		}
	}
	return false
}

// unverified returns the rule by which a call's identities fail the check, if
// they do.
func (w *world) unverified(c *call) rules.ID {
	s := &w.cfg.Senders[c.sender]
	froms, recipients := w.failing(c)
	switch {
	case s.Delegated && !w.authorized(s.Owner, c.account):
		return rules.IdentityDelegate
	case len(froms) > 0:
		return rules.IdentityFrom
	case len(recipients) > 0:
		return rules.SandboxRecipients
	}
	return rules.None
}

// failing returns the identities of a call that fail the check, as given:
// those that it is sent from, and in the sandbox its recipients. A delegate's
// mail is checked by the identities of the owner, who must have authorized it
// and live in the same Region; and both must be out of the sandbox.
func (w *world) failing(c *call) (froms, recipients []string) {
	s := &w.cfg.Senders[c.sender]
	owner, sandbox := c.account, w.access(c.account) == ses.Sandbox
	if s.Delegated {
		owner = s.Owner
		sandbox = sandbox || w.access(owner) == ses.Sandbox
	}
	for _, from := range append([]string{s.From}, s.Checked...) {
		if s.Delegated && !w.authorized(owner, c.account) || !w.covered(owner, bare(from)) {
			froms = append(froms, from)
		}
	}
	for _, of := range c.to {
		if to := w.address(of); sandbox && !isSimulator(to) && !w.receives(c.account, to) {
			recipients = append(recipients, to)
		}
	}
	return froms, recipients
}

// authorized reports whether an account may send for the identities of
// another.
func (w *world) authorized(owner, delegate int) bool {
	if w.cfg.Accounts[owner].Region != w.cfg.Accounts[delegate].Region {
		return false
	}
	for _, d := range w.cfg.Accounts[owner].Delegates {
		if d == delegate {
			return true
		}
	}
	return false
}
