package twin

import (
	"fmt"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

func number[T ~int | ~int64](n T) string { return fmt.Sprintf("%d", int64(n)) }

// doing is an action of the scenario.
type doing struct{ number int }

func (x doing) happen(w *world) {
	a := &w.cfg.Actions[x.number]
	if isOperation(a) && w.answersNow(doneTo(a)) {
		w.plan(w.now, x)
		return
	}
	if account := doneTo(a); isOperation(a) && !w.operates(account) {
		w.note(account, ses.EventThrottled, rules.APIRate)
		w.plan(w.now+time.Second, x)
		return
	}
	switch a.Do {
	case sim.DoAppeal:
		w.appeal(a)
	case sim.DoTrigger:
		w.trigger(a)
	case sim.DoVerify:
		w.verify(a)
	case sim.DoUnverify:
		w.drop(a)
	case sim.DoPause, sim.DoResume:
		switch {
		case a.Client == 0:
			w.toggle(a)
		case w.mailers[a.Client-1].Client != nil:
			w.mailers[a.Client-1].Resume(w.now)
		}
	case sim.DoCreateSet:
		w.createSet(a)
	case sim.DoDeleteSet:
		if w.finds(a.Account, a.Set) {
			w.put(a.Account, a.Set, setExists, 0)
			w.note(a.Account, ses.EventSetDeleted, rules.SetAPI)
		}
	case sim.DoRemoveGlobal:
		w.removeGlobal(a)
	case sim.DoSet:
		w.change(&a.Change)
	default:
		w.manage(a)
	}
}

// isOperation reports whether an action is a call to the API that AWS
// throttles at one a second.
func isOperation(a *sim.Action) bool {
	switch a.Do {
	case sim.DoAppeal, sim.DoTrigger, sim.DoRemoveGlobal:
		return false
	case sim.DoResume:
		return a.Client == 0
	case sim.DoSet: // reasons of suppression change through the API, quotas by a request
		return a.Change.Key == sim.KeyAccountSuppression || a.Change.Key == sim.KeySetSuppression
	}
	return true
}

// doneTo is the account that an operation concerns.
func doneTo(a *sim.Action) int {
	if a.Do == sim.DoSet {
		return a.Change.Index
	}
	return a.Account
}

// finds reports whether a configuration set exists, and tells the customer
// where it does not.
func (w *world) finds(account, set int) bool {
	if w.setExists(account, set) {
		return true
	}
	w.note(account, ses.EventNotFound, rules.SetAPI)
	return false
}

// createSet makes a configuration set as the scenario describes it.
func (w *world) createSet(a *sim.Action) {
	if w.setExists(a.Account, a.Set) {
		w.note(a.Account, ses.EventSetExists, rules.SetAPI)
		return
	}
	spec := &w.cfg.Accounts[a.Account].Sets[a.Set-1]
	w.put(a.Account, a.Set, setExists, 1)
	w.put(a.Account, a.Set, setReasons, ownReasons(spec))
	w.put(a.Account, a.Set, setSending, ownSending(spec))
	w.note(a.Account, ses.EventSetCreated, rules.SetAPI)
}

// operates admits an operation a second after the last one at the earliest.
func (w *world) operates(account int) bool {
	for _, o := range w.operations {
		if w.cfg.Rules.API.PerSecond > 0 && o.account == account && w.now-o.at < time.Second {
			return false
		}
	}
	w.operations = append(w.operations, operation{w.next(), account})
	return true
}

// verify verifies an identity, at once or after a while. A mail's link expires
// after a day; AWS looks for a domain's records for three. The sandbox has no
// custom verification mails.
func (w *world) verify(a *sim.Action) {
	after, known := a.After, w.known(a.Account)
	if after < 0 && a.Fails {
		after = patience(a.Identity)
	}
	switch {
	case a.Template && w.access(a.Account) == ses.Sandbox:
		w.note(a.Account, ses.EventBlocked, rules.IdentityTemplate)
	case !includes(known, a.Identity) && len(known) >= 10_000:
		w.note(a.Account, ses.EventVerificationRefused, rules.IdentityLimit)
	case after <= 0 && !a.Fails:
		w.identity(a, verified)
	default:
		w.identity(a, asked)
		w.plan(w.now+min(max(after, 0), patience(a.Identity)), verification{a, w.facts})
	}
}

func patience(identity string) time.Duration {
	if strings.Contains(identity, "@") {
		return day
	}
	return 3 * day
}

// verification is the end of one that took time and began at a fact.
type verification struct {
	action *sim.Action
	began  int
}

// happen ends a verification, unless somebody has dropped the identity since.
func (x verification) happen(w *world) {
	for _, i := range w.history.identities {
		if i.account == x.action.Account && sameIdentity(i.name, x.action.Identity) && i.what == dropped && i.order > x.began {
			return
		}
	}
	if x.action.Fails || x.action.After > patience(x.action.Identity) {
		w.note(x.action.Account, ses.EventVerificationFailed, rules.IdentityVerify)
		return
	}
	w.identity(x.action, verified)
}

// drop deletes an identity, whatever its verification has come to.
func (w *world) drop(a *sim.Action) {
	if !includes(w.known(a.Account), a.Identity) {
		w.note(a.Account, ses.EventNotFound, rules.IdentityVerify)
		return
	}
	w.identity(a, dropped)
}

// identityEvents are the events of what became of an identity.
var identityEvents = [...]ses.Event{verified: ses.EventVerified, asked: ses.EventVerificationPending, dropped: ses.EventUnverified}

// identity notes what became of an identity.
func (w *world) identity(a *sim.Action, what identityKind) {
	w.history.identities = append(w.history.identities, identity{w.next(), a.Account, a.Identity, what})
	w.note(a.Account, identityEvents[what], rules.IdentityVerify)
}

// toggle is the customer's switch, of the account or of a configuration set.
func (w *world) toggle(a *sim.Action) {
	on, ofAccount, ofSet := int64(0), ses.EventCustomerPaused, ses.EventSetPaused
	if a.Do == sim.DoResume {
		on, ofAccount, ofSet = 1, ses.EventCustomerResumed, ses.EventSetResumed
	}
	if a.Set > 0 && !w.finds(a.Account, a.Set) {
		return
	}
	w.put(a.Account, a.Set, setSending, on)
	if a.Set > 0 {
		w.note(a.Account, ofSet, rules.PauseSet)
	} else {
		w.note(a.Account, ofAccount, rules.PauseCustomer)
		if on == 0 {
			w.planWiping(a.Account)
		}
	}
}

// manage is an operation on the account's list. The sandbox blocks all of
// them, or by the narrow reading those that put addresses on it.
func (w *world) manage(a *sim.Action) {
	puts := a.Do == sim.DoSuppress || a.Do == sim.DoImport
	if w.access(a.Account) == ses.Sandbox && (puts || !w.cfg.Rules.Sandbox.NarrowBlock) {
		w.note(a.Account, ses.EventBlocked, rules.AccountBlocked)
		return
	}
	byPeople := Decision{Sender: -1, Rule: rules.AccountAPI}
	switch a.Do {
	case sim.DoSuppress:
		w.enter(a.Account, a.Address, a.Spelling, a.Reason, false, byPeople)
	case sim.DoImport:
		w.importList(a)
	case sim.DoList:
		w.note(a.Account, ses.EventListed, rules.AccountAPI)
	default:
		_, found := w.listed(a.Account, w.spelt(a.Address, a.Spelling))
		switch {
		case !found:
			w.note(a.Account, ses.EventNotFound, rules.AccountAPI)
		case a.Do == sim.DoGet:
			w.note(a.Account, ses.EventFound, rules.AccountAPI)
		default:
			w.enter(a.Account, a.Address, a.Spelling, 0, true, byPeople)
		}
	}
}

// importList puts up to 100,000 addresses on the account's list, or deletes
// up to 10,000.
func (w *world) importList(a *sim.Action) {
	count := min(a.Count, w.cfg.Audiences[a.Audience].Size)
	if !a.Delete && count > 100_000 || a.Delete && count > 10_000 {
		w.note(a.Account, ses.EventImportFailed, rules.AccountAPI)
		return
	}
	for n := range count {
		of := sim.Address{Audience: a.Audience, Number: n}
		_, on := w.listed(a.Account, w.spelt(of, ""))
		if !a.Delete || on {
			w.enter(a.Account, of, "", a.Reason, a.Delete, Decision{Sender: -1, Rule: rules.AccountAPI})
		}
	}
	w.note(a.Account, ses.EventImported, rules.AccountAPI)
}

// removeGlobal fills in the form of the classic console. Its answer does not
// say whether the address was listed.
func (w *world) removeGlobal(a *sim.Action) {
	account := max(a.Account, 0)
	offered := a.Region == "us-east-1" || a.Region == "us-west-2" || a.Region == "eu-west-1"
	if !w.cfg.Rules.Global.RemovalForm || !offered || a.Characters == "" {
		w.note(account, ses.EventRemovalRefused, rules.GlobalRemoval)
		return
	}
	address := w.cfg.Audiences[a.Address.Audience].AddressOf(a.Address.Number)
	freedFrom := w.stays(address)
	if freedFrom > 0 {
		w.strikes = append(w.strikes, strike{w.next(), "", folded(address), freed, false})
		w.decide(Decision{Kind: sim.UnlistedGlobal, Account: account, Sender: -1, Address: a.Address, Rule: rules.GlobalRemoval})
	}
	w.removed += freedFrom
	w.note(account, ses.EventRemovedGlobal, rules.GlobalRemoval)
}

// stays is how many global lists hold an address now.
func (w *world) stays(address string) int64 {
	n := int64(0)
	regions := map[string]bool{}
	for i := range w.cfg.Accounts {
		region := w.globalRegion(i)
		if !regions[region] && w.now < w.stayOf(region, address).until {
			n++
		}
		regions[region] = true
	}
	return n
}

// change gives a key of the scenario a new value.
func (w *world) change(c *sim.Change) {
	switch c.Key {
	case sim.KeyAccountQuota:
		w.put(c.Index, 0, setQuota, c.Number)
		w.note(c.Index, ses.EventQuotaChanged, rules.QuotaRequest)
	case sim.KeyAccountRate:
		w.put(c.Index, 0, setRate, c.Number)
		w.note(c.Index, ses.EventQuotaChanged, rules.QuotaRequest)
	case sim.KeyAccountSuppression:
		w.put(c.Index, 0, setReasons, int64(c.Reasons))
		w.note(c.Index, ses.EventSuppressionChanged, rules.AccountAPI)
	case sim.KeySetSuppression:
		if w.finds(c.Index, c.Set) {
			w.put(c.Index, c.Set, setReasons, int64(c.Reasons))
			w.note(c.Index, ses.EventSetSuppressionChanged, rules.SetAPI)
		}
	case sim.KeySenderOnBounce:
		w.customers[c.Index].hygiene = c.Flag
	case sim.KeySenderRate:
		w.customers[c.Index].arrivals.SetRate(c.Rate)
	case sim.KeyAudienceMailboxFull:
		w.mailboxes[c.Index].SetBounce(mailbox.Full, c.Share)
	case sim.KeyAudienceComplaint:
		w.mailboxes[c.Index].SetComplaint(c.Share)
	case sim.KeyAudienceHardBounce:
		w.mailboxes[c.Index].SetBounce(mailbox.Refused, c.Share)
	case sim.KeyAudienceInvalid:
		w.mailboxes[c.Index].SetInvalid(c.Share, func(n uint32) bool { return w.contacted[sim.Address{Audience: c.Index, Number: int64(n)}] })
	}
}
