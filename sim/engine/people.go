package engine

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"sesim/sim"
	"sesim/sim/mailbox"
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
		w.submit(int(e.owner), int(e.ctr), int(e.number))
	case evDecision:
		w.decide(int(e.owner), int(e.ctr), int(e.number))
	case evAction:
		w.act(e.number)
	case evVerified:
		acc := &w.accounts[e.owner]
		w.verified(acc, &w.cfg.Actions[e.number], e.ctr)
		w.noteChanges(acc)
	case evAnswer:
		acc := &w.accounts[e.owner]
		acc.Answer(w.now, e.number == 1)
		w.noteChanges(acc)
	case evWipe:
		acc := &w.accounts[e.owner]
		gone, rule := acc.Wipe(w.now, int64(e.ctr))
		for _, entry := range gone {
			w.noteAddress(acc, entry.Address, sim.Record{Kind: sim.UnlistedAccount, Rule: rule, Spelling: entry.Spelling})
		}
		w.noteChanges(acc)
	}
}

// submit sends the n-th production-access request of account requester for one
// of the accounts that it is for. One that is sent at the moment of an answer
// to that account comes after it, as one in reply to that answer would; what it
// asks for other Regions does not wait.
func (w *world) submit(owner, requester, n int) {
	acc, r := &w.accounts[owner], &w.cfg.Accounts[requester].Requests[n]
	if acc.answer == w.now {
		w.events.Push(w.now, event{kind: evRequest, owner: int32(owner), number: uint32(n), ctr: uint64(requester)})
		return
	}
	if did := acc.Submit(w.now, r.MailType); did != ses.Conflicting {
		after := r.After
		if after < 0 {
			after = w.reviewTime(requester, n)
		}
		if did == ses.Opening {
			acc.details = r
		}
		acc.answer = w.now + after
		w.events.Push(w.now+after, event{kind: evDecision, owner: int32(owner), number: uint32(n), ctr: uint64(requester)})
	}
	w.noteChanges(acc)
}

// requesters are the accounts that a request of account asker is for: its own,
// and those of the same customer in the Regions that the request names.
func requesters(c *sim.Config, asker int, r *sim.Request) []int {
	list, customer := []int{asker}, c.Accounts[asker].Customer
	for i := range c.Accounts {
		other := &c.Accounts[i]
		if i != asker && customer != "" && other.Customer == customer && slices.Contains(r.Regions, other.Region) {
			list = append(list, i)
		}
	}
	return list
}

// decide is AWS's answer to the n-th request of account requester, for one
// of the accounts that it is for.
func (w *world) decide(owner, requester, n int) {
	acc, r := &w.accounts[owner], &w.cfg.Accounts[requester].Requests[n]
	quota, rate := r.Quota, r.Rate
	if quota == 0 {
		quota = w.cfg.Rules.Prod.Quota
	}
	if rate == 0 {
		rate = w.cfg.Rules.Prod.Rate
	}
	acc.answer = -1
	acc.Decide(w.now, r.Outcome, quota, rate)
	w.noteChanges(acc)
}

// reviewTime draws how long AWS takes for a request: mostly a day at the
// most, for a share of them longer.
func (w *world) reviewTime(requester, n int) time.Duration {
	p := &w.cfg.Rules.Prod
	draws := rng.Derive(w.cfg.Seed, "account", w.cfg.Accounts[requester].Name, fmt.Sprintf("request %d", n)).Stream()
	from, to := time.Duration(0), p.ReviewWithin
	if p.LongerShare.Of(draws.Next()) {
		from, to = p.LongerFrom, p.LongerTo
	}
	return from + time.Duration(draws.Below(uint64(to-from)+1))
}

// act does an action of the scenario. A call to the API at the moment of AWS's
// answer to a request comes after it, as mail does. It may be throttled; SDKs
// try such a call again, and so do we, a second later.
func (w *world) act(number uint32) {
	action := &w.cfg.Actions[number]
	acc := &w.accounts[ownerOf(action)]
	if isOperation(action) && acc.answer == w.now {
		w.events.Push(w.now, event{kind: evAction, number: number})
		return
	}
	if isOperation(action) && !acc.AdmitOperation(w.now) {
		acc.Note(w.now, ses.EventThrottled, rules.APIRate, action.Do.String()+": 429 TooManyRequestsException; tried again in a second")
		w.events.Push(w.now+time.Second, event{kind: evAction, number: number})
		w.noteChanges(acc)
		return
	}
	switch action.Do {
	case sim.DoAppeal:
		w.appeal(acc, action)
	case sim.DoVerify:
		w.verify(acc, action, number)
	case sim.DoUnverify:
		acc.Drop(w.now, action.Identity)
		w.identitiesChanged()
	case sim.DoSuppress, sim.DoUnsuppress, sim.DoImport, sim.DoGet, sim.DoList:
		w.operate(acc, action)
	case sim.DoRemoveGlobal:
		w.removeGlobal(acc, action)
	case sim.DoPause, sim.DoResume:
		w.setSending(acc, action)
	case sim.DoDeleteSet, sim.DoCreateSet:
		w.setExists(acc, action)
	case sim.DoTrigger:
		if acc.Trigger(w.now, action.Cause, action.Pauses) {
			w.stoppedSending(acc)
		}
	case sim.DoSet:
		w.change(&action.Change)
	}
	w.noteChanges(acc)
}

// verify begins the verification of an identity, which takes as long as the
// action says, but no longer than AWS waits.
func (w *world) verify(acc *account, action *sim.Action, number uint32) {
	if action.Template && acc.Access() == ses.Sandbox {
		acc.Note(w.now, ses.EventBlocked, rules.IdentityTemplate,
			"verify: 400 ProductionAccessNotGranted; the sandbox has no custom verification mails")
		return
	}
	after, limit := action.After, ses.VerificationExpires(action.Identity)
	switch {
	case !action.Fails && after <= 0:
		if acc.Verify(w.now, action.Identity) {
			w.identitiesChanged()
		}
		return
	case after < 0 || after > limit:
		after = limit
	}
	if asked, ok := acc.AskVerification(w.now, action.Identity); ok {
		w.events.Push(w.now+after, event{kind: evVerified, owner: int32(acc.index), number: number, ctr: asked})
	}
}

// verified ends the verification that an action began.
func (w *world) verified(acc *account, action *sim.Action, asked uint64) {
	success := !action.Fails && action.After <= ses.VerificationExpires(action.Identity)
	if acc.Settle(w.now, action.Identity, asked, success) {
		w.identitiesChanged()
	}
}

// id returns the number of an address over all audiences.
func (w *world) id(a sim.Address) uint32 { return w.audiences[a.Audience].first + uint32(a.Number) }

func (w *world) appeal(acc *account, action *sim.Action) {
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

// identitiesChanged looks again at what identities cover.
func (w *world) identitiesChanged() {
	for i := range w.senders {
		w.checkIdentities(&w.senders[i])
	}
}

// formRegions are the Regions in whose console the removal form stood.
var formRegions = [...]string{"us-east-1", "us-west-2", "eu-west-1"}

// removeGlobal fills in the removal form of the classic console. The form's
// answer does not say whether the address was listed.
func (w *world) removeGlobal(acc *account, action *sim.Action) {
	refused := func(why string) { acc.Note(w.now, ses.EventRemovalRefused, rules.GlobalRemoval, why) }
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
			w.noteRemoval(acc, id)
		}
		acc.Note(w.now, ses.EventRemovedGlobal, rules.GlobalRemoval, w.addressText(action.Address))
	}
}

// change gives a key of the scenario a new value.
func (w *world) change(c *sim.Change) {
	switch c.Key {
	case sim.KeyAccountQuota, sim.KeyAccountRate:
		w.setLimit(&w.accounts[c.Index], c)
	case sim.KeyAccountSuppression:
		acc := &w.accounts[c.Index]
		acc.SetSuppression(c.Reasons)
		acc.Note(w.now, ses.EventSuppressionChanged, rules.AccountAPI, reasonsText(c.Reasons))
	case sim.KeySetSuppression:
		w.setSuppression(&w.accounts[c.Index], c)
	case sim.KeySenderOnBounce:
		// The spec belongs to the caller; the sender gets its own.
		a := &w.senders[c.Index]
		own := *a.spec
		own.RemoveBounced = c.Flag
		a.spec, a.hygiene = &own, hygieneOf(&own)
	case sim.KeySenderRate:
		a := &w.senders[c.Index]
		a.arrivals.SetRate(c.Rate)
		if a.batch != unbatched {
			w.batch.look()
		} else {
			w.merge.Set(c.Index, a.arrivals.Next())
		}
	case sim.KeyAudienceMailboxFull:
		w.audiences[c.Index].SetBounce(mailbox.Full, c.Share)
	case sim.KeyAudienceComplaint:
		w.audiences[c.Index].SetComplaint(c.Share)
	case sim.KeyAudienceHardBounce:
		w.audiences[c.Index].SetBounce(mailbox.Refused, c.Share)
	}
}

// setLimit is a new quota or send rate, as AWS answers a request to Service
// Quotas, or as it takes capacity away.
func (w *world) setLimit(acc *account, c *sim.Change) {
	if c.Key == sim.KeyAccountQuota {
		acc.SetQuota(w.now, c.Number)
		acc.Note(w.now, ses.EventQuotaChanged, rules.QuotaRequest, "quota "+limitText(c.Number))
		return
	}
	acc.SetRate(w.now, c.Number)
	acc.Note(w.now, ses.EventQuotaChanged, rules.QuotaRequest, "max send rate "+limitText(c.Number))
}

// limitText writes a quota or a rate for a timeline.
func limitText(n int64) string {
	if n < 0 {
		return "unlimited"
	}
	return strconv.FormatInt(n, 10)
}

// reasonsText writes the reasons of a list for a timeline.
func reasonsText(r ses.ListReasons) string {
	if r == 0 {
		return "none"
	}
	return r.String()
}
