package sim

import (
	"fmt"
	"time"

	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// This file holds what people do: the customer's requests and actions, and
// AWS's answers.

// handleAccount does what an event stands for whose owner is an account.
func (w *world) handleAccount(e event) {
	switch e.kind {
	case evRequest:
		w.submit(int(e.owner), int(e.number))
	case evDecision:
		acc, r := &w.accounts[e.owner], &w.cfg.Accounts[e.owner].Requests[e.number]
		quota, rate := r.Quota, r.Rate
		if quota == 0 {
			quota = w.cfg.Rules.Prod.Quota
		}
		if rate == 0 {
			rate = w.cfg.Rules.Prod.Rate
		}
		acc.Decide(w.now, r.Outcome, quota, rate)
		w.noteChanges(acc)
	case evAction:
		w.act(&w.cfg.Actions[e.number])
	case evAnswer:
		acc := &w.accounts[e.owner]
		acc.Answer(w.now, e.number == 1)
		w.noteChanges(acc)
	case evWipe:
		acc := &w.accounts[e.owner]
		gone := acc.Wipe(w.now, int64(e.ctr))
		for _, id := range gone {
			w.noteAddress(acc, id, Record{Kind: UnlistedAccount, Rule: rules.AccountWiped})
		}
		w.noteChanges(acc)
	}
}

// submit sends the n-th production-access request of an account.
func (w *world) submit(owner, n int) {
	acc, r := &w.accounts[owner], &w.cfg.Accounts[owner].Requests[n]
	if acc.Submit(w.now, r.MailType) {
		after := r.After
		if after < 0 {
			after = w.reviewTime(owner, n)
		}
		w.events.Push(w.now+after, event{kind: evDecision, owner: int32(owner), number: uint32(n)})
	}
	w.noteChanges(acc)
}

// reviewTime draws how long AWS takes for a request: mostly a day at the
// most, for a share of them longer.
func (w *world) reviewTime(owner, n int) time.Duration {
	p := &w.cfg.Rules.Prod
	draws := rng.Derive(w.cfg.Seed, "account", w.cfg.Accounts[owner].Name, fmt.Sprintf("request %d", n)).Stream()
	from, to := time.Duration(0), p.ReviewWithin
	if p.LongerShare.Of(draws.Next()) {
		from, to = p.LongerFrom, p.LongerTo
	}
	return from + time.Duration(draws.Below(uint64(to-from)+1))
}

// act does an action of the scenario.
func (w *world) act(action *Action) {
	acc := &w.accounts[max(action.Account, 0)]
	switch action.Do {
	case DoAppeal:
		w.appeal(acc, action)
	case DoVerify:
		acc.Verify(w.now, action.Identity)
		w.identitiesChanged(acc)
	case DoUnverify:
		acc.Drop(w.now, action.Identity)
		w.identitiesChanged(acc)
	case DoSuppress:
		w.put(acc, w.id(action.Address), action.Reason)
	case DoUnsuppress:
		w.delete(acc, w.id(action.Address))
	case DoImport:
		w.importList(acc, action)
	case DoRemoveGlobal:
		w.removeGlobal(acc, action)
	case DoPause:
		acc.Pause(w.now)
	case DoResume:
		acc.Resume(w.now)
	case DoSet:
		w.change(&action.Change)
	}
	w.noteChanges(acc)
}

// id returns the number of an address over all audiences.
func (w *world) id(a Address) uint32 { return w.audiences[a.Audience].first + uint32(a.Number) }

func (w *world) appeal(acc *account, action *Action) {
	if !acc.Appeal(w.now) {
		return
	}
	after := action.After
	if after < 0 {
		draws := rng.Derive(w.cfg.Seed, "account", w.cfg.Accounts[acc.index].Name, fmt.Sprintf("appeal at %d", w.now))
		reply := rng.NewSpread(w.cfg.Rules.Appeal.Reply)
		after = reply.Draw(draws.At(0))
	}
	accepted := uint32(0)
	if action.Accepted {
		accepted = 1
	}
	w.events.Push(w.now+after, event{kind: evAnswer, owner: int32(acc.index), number: accepted})
}

// identitiesChanged looks again at what an account's identities cover.
func (w *world) identitiesChanged(acc *account) {
	for i := range w.senders {
		if w.senders[i].account == acc {
			w.checkIdentities(&w.senders[i])
		}
	}
}

func (w *world) put(acc *account, id uint32, reason ses.ListReasons) {
	if !acc.Put(id, reason) {
		acc.Note(w.now, "blocked", rules.AccountBlocked, "BadRequestException: the sandbox blocks changes of the suppression list")
		return
	}
	w.noteAddress(acc, id, Record{Kind: ListedAccount, Rule: rules.AccountListed, ListReason: reason})
}

func (w *world) delete(acc *account, id uint32) {
	found, allowed := acc.Delete(id)
	switch {
	case !allowed:
		acc.Note(w.now, "blocked", rules.AccountBlocked, "BadRequestException: the sandbox blocks changes of the suppression list")
	case found:
		w.noteAddress(acc, id, Record{Kind: UnlistedAccount, Rule: rules.AccountListed})
	}
}

// importList puts or deletes the first addresses of an audience.
func (w *world) importList(acc *account, action *Action) {
	if acc.Access() == ses.Sandbox {
		acc.Note(w.now, "blocked", rules.AccountBlocked, "BadRequestException: the sandbox blocks imports into the suppression list")
		return
	}
	aud := &w.audiences[action.Audience]
	for n := range uint32(min(action.Count, aud.spec.Size)) {
		if action.Delete {
			w.delete(acc, aud.first+n)
		} else {
			w.put(acc, aud.first+n, action.Reason)
		}
	}
	verb := "put on"
	if action.Delete {
		verb = "deleted from"
	}
	acc.Note(w.now, "imported", rules.AccountListed, fmt.Sprintf("%d addresses %s the account's list", action.Count, verb))
}

// formRegions are the Regions in whose console the removal form stood.
var formRegions = [...]string{"us-east-1", "us-west-2", "eu-west-1"}

// removeGlobal fills in the removal form of the classic console. The form's
// answer does not say whether the address was listed.
func (w *world) removeGlobal(acc *account, action *Action) {
	refused := func(why string) { acc.Note(w.now, "removal-refused", rules.GlobalRemoval, why) }
	switch {
	case !w.cfg.Rules.Global.RemovalForm:
		refused("there is no such form since 2022")
	case action.Region != formRegions[0] && action.Region != formRegions[1] && action.Region != formRegions[2]:
		refused("the form is not offered in " + action.Region)
	case action.Characters == "":
		refused("the characters were not typed")
	default:
		id := w.id(action.Address)
		if w.global.Remove(w.now, id) {
			w.noteAddress(acc, id, Record{Kind: UnlistedGlobal, Rule: rules.GlobalRemoval})
		}
		acc.Note(w.now, "removed-global", rules.GlobalRemoval, w.audiences[action.Address.Audience].spec.AddressOf(action.Address.Number))
	}
}

// change gives a key of the scenario a new value.
func (w *world) change(c *Change) {
	switch c.Key {
	case KeyAccountQuota:
		w.accounts[c.Index].SetQuota(w.now, c.Number)
	case KeyAccountRate:
		w.accounts[c.Index].SetRate(w.now, c.Number)
	case KeyAccountSuppression:
		w.accounts[c.Index].SetSuppression(c.Reasons)
	case KeySenderOnBounce:
		// The spec belongs to the caller; the sender gets its own.
		a := &w.senders[c.Index]
		own := *a.spec
		own.RemoveBounced = c.Flag
		a.spec = &own
	case KeySenderRate:
		a := &w.senders[c.Index]
		a.arrivals.SetRate(c.Rate)
		w.arrivals.Set(c.Index, a.arrivals.Next())
	case KeyAudienceMailboxFull:
		w.audiences[c.Index].SetMailboxFull(c.Share)
	case KeyAudienceComplaint:
		w.audiences[c.Index].SetComplaint(c.Share)
	case KeyAudienceHardBounce:
		w.audiences[c.Index].SetHardBounce(c.Share)
	}
}
