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

// people is what the customers do, and AWS's staff.
type people struct {
	w  *world
	of []matters // of each account
}

// matters are what is open between a customer and AWS about an account.
type matters struct {
	details *sim.Request    // of the last production-access request that AWS took up; nil: none
	answer  time.Duration   // when AWS answers the request under review; negative: none is
	reads   rules.Reads     // the parameters that say so
	replies []time.Duration // when AWS answers the appeals made, in the order of these
	stop    int64           // the last stop of sending that was dealt with
}

// add adds the account with the next index.
func (p *people) add() { p.of = append(p.of, matters{answer: -1}) }

// start schedules the requests of all accounts and the actions.
func (p *people) start() {
	cfg := p.w.cfg
	for i := range cfg.Accounts {
		p.add()
		if h := cfg.Accounts[i].History; h != nil {
			p.stoppedSince(&p.w.accounts[i], -h.Since)
		}
		for n := range cfg.Accounts[i].Requests {
			r := &cfg.Accounts[i].Requests[n]
			for _, owner := range requesters(cfg, i, r) {
				p.w.events.Push(r.At, event{kind: evRequest, owner: int32(owner), number: uint32(n), ctr: uint64(i)})
			}
		}
	}
	for i, a := range cfg.Actions {
		p.w.events.Push(a.At, event{kind: evAction, number: uint32(i)})
	}
}

// handle does what an event stands for whose owner is an account.
func (p *people) handle(e event) {
	switch e.kind {
	case evRequest:
		p.submit(int(e.owner), int(e.ctr), int(e.number))
	case evDecision:
		p.decide(int(e.owner), int(e.ctr), int(e.number))
	case evAction:
		p.act(e.number)
	case evVerified:
		acc := &p.w.accounts[e.owner]
		p.verified(acc, &p.w.cfg.Actions[e.number], e.ctr)
		p.w.records.noteChanges(acc)
	case evAnswer:
		acc, replies := &p.w.accounts[e.owner], &p.of[e.owner].replies
		answered := slices.Index(*replies, p.w.now)
		*replies = slices.Delete(*replies, answered, answered+1)
		since := acc.CountsSince()
		acc.Answer(p.w.now, e.number&answerAccepted != 0, answerReads(e.number))
		if acc.CountsSince() != since {
			p.w.restartRates(acc)
		}
		p.w.records.noteChanges(acc)
	case evWipe:
		acc := &p.w.accounts[e.owner]
		gone, rule := acc.Wipe(p.w.now, int64(e.ctr))
		for _, entry := range gone {
			p.w.records.noteAddress(acc, entry.Address, sim.Record{
				Kind: sim.UnlistedAccount, Rule: rule, Spelling: entry.Spelling, Reads: acc.Timeline()[len(acc.Timeline())-1].Reads,
			})
		}
		p.w.records.noteChanges(acc)
	}
}

// answersNow reports whether AWS is about to answer a request or an appeal of an
// account at this very moment. Requests and calls made then come after the
// answer.
func (p *people) answersNow(account int) bool {
	m := &p.of[account]
	return m.answer == p.w.now || slices.Contains(m.replies, p.w.now)
}

// submit sends the n-th production-access request of account requester for one
// of the accounts that it is for. One that is sent at the moment of an answer
// to that account comes after it, as one in reply to that answer would; what it
// asks for other Regions does not wait.
func (p *people) submit(owner, requester, n int) (did ses.Submission) {
	acc, r := &p.w.accounts[owner], &p.w.cfg.Accounts[requester].Requests[n]
	if p.answersNow(owner) {
		p.w.events.Push(p.w.now, event{kind: evRequest, owner: int32(owner), number: uint32(n), ctr: uint64(requester)})
		return ses.Conflicting
	}
	if did = acc.Submit(p.w.now, r.MailType, p.of[owner].reads); did != ses.Conflicting {
		after := r.After
		p.of[owner].reads = rules.Reads{}
		if after < 0 {
			after = p.reviewTime(requester, n)
			p.of[owner].reads = rules.ProdRequest.Reads()
		}
		if did == ses.Opening {
			p.of[owner].details = r
		}
		p.of[owner].answer = p.w.now + after
		p.w.events.Push(p.w.now+after, event{kind: evDecision, owner: int32(owner), number: uint32(n), ctr: uint64(requester)})
	}
	p.w.records.noteChanges(acc)
	return did
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
func (p *people) decide(owner, requester, n int) {
	acc, r := &p.w.accounts[owner], &p.w.cfg.Accounts[requester].Requests[n]
	quota, rate, reads := r.Quota, r.Rate, p.of[owner].reads
	if quota == 0 {
		quota = p.w.cfg.Rules.Prod.Quota
	}
	if rate == 0 {
		rate = p.w.cfg.Rules.Prod.Rate
	}
	if r.Outcome == ses.Granted && r.Quota == 0 {
		reads = reads.With(rules.ParamProdQuota)
	}
	if r.Outcome == ses.Granted && r.Rate == 0 {
		reads = reads.With(rules.ParamProdRate)
	}
	p.of[acc.index].answer = -1
	acc.Decide(p.w.now, r.Outcome, quota, rate, reads)
	p.w.records.noteChanges(acc)
}

// reviewTime draws how long AWS takes for a request: mostly a day at the
// most, for a share of them longer.
func (p *people) reviewTime(requester, n int) time.Duration {
	prod := &p.w.cfg.Rules.Prod
	draws := rng.Derive(p.w.cfg.Seed, "account", p.w.cfg.Accounts[requester].Name, fmt.Sprintf("request %d", n)).Stream()
	from, to := time.Duration(0), prod.ReviewWithin
	if prod.LongerShare.Of(draws.Next()) {
		from, to = prod.LongerFrom, prod.LongerTo
	}
	return from + time.Duration(draws.Below(uint64(to-from)+1))
}

// act does an action of the scenario. A call to the API at the moment of AWS's
// answer to a request or an appeal comes after it, as mail does. It may be throttled; SDKs
// try such a call again, and so do we, a second later.
func (p *people) act(number uint32) {
	action := &p.w.cfg.Actions[number]
	acc := &p.w.accounts[ownerOf(action)]
	if isOperation(action) && p.answersNow(acc.index) {
		p.w.events.Push(p.w.now, event{kind: evAction, number: number})
		return
	}
	if isOperation(action) && !acc.AdmitOperation(p.w.now) {
		p.noteThrottled(acc, action, "; tried again in a second")
		p.w.events.Push(p.w.now+time.Second, event{kind: evAction, number: number})
	} else {
		p.do(acc, action, number)
	}
	p.w.records.noteChanges(acc)
}

// noteThrottled notes that a call is made too soon after the one before, and what follows.
func (p *people) noteThrottled(acc *account, action *sim.Action, follows string) sim.Answer {
	e := ses.ThrottledOperation()
	acc.Note(p.w.now, ses.EventThrottled, rules.APIRate, fmt.Sprintf("%s: %d %s%s", action.Do, e.Status, e.Code, follows))
	return refused(rules.APIRate, e)
}

// refused is the answer to an operation that SES refuses.
func refused(rule rules.ID, e ses.Error) sim.Answer { return sim.Answer{Rule: rule, Error: e} }

// do does an action, with its number among those of the scenario, and returns SES's answer.
func (p *people) do(acc *account, action *sim.Action, number uint32) (answer sim.Answer) {
	switch action.Do {
	case sim.DoAppeal:
		p.appeal(acc, action)
	case sim.DoVerify:
		return p.verify(acc, action, number)
	case sim.DoUnverify:
		return p.drop(acc, action.Identity)
	case sim.DoSuppress, sim.DoUnsuppress, sim.DoImport, sim.DoGet, sim.DoList:
		return p.operate(acc, action)
	case sim.DoRemoveGlobal:
		p.removeGlobal(acc, action)
	case sim.DoPause, sim.DoResume:
		if action.Client == 0 {
			return p.w.sets.setSending(acc, action)
		}
		p.w.resumeClient(action.Client - 1)
	case sim.DoDeleteSet, sim.DoCreateSet:
		return p.w.sets.setExists(acc, action)
	case sim.DoTrigger:
		if acc.Trigger(p.w.now, action.Cause, action.Pauses) {
			p.stoppedSending(acc)
		}
	case sim.DoSet:
		return p.change(&action.Change)
	}
	return sim.Answer{}
}

// verify begins the verification of an identity, which takes as long as the
// action says, but no longer than AWS waits.
func (p *people) verify(acc *account, action *sim.Action, number uint32) sim.Answer {
	if action.Template && acc.Access() == ses.Sandbox {
		acc.Note(p.w.now, ses.EventBlocked, rules.IdentityTemplate,
			"verify: 400 ProductionAccessNotGranted; the sandbox has no custom verification mails")
		return refused(rules.IdentityTemplate, ses.NoTemplates())
	}
	after, limit := action.After, ses.VerificationExpires(action.Identity)
	switch {
	case !action.Fails && after <= 0:
		if !acc.Verify(p.w.now, action.Identity) {
			return refused(rules.IdentityLimit, ses.TooManyIdentities())
		}
		p.w.identitiesChanged()
		return sim.Answer{}
	case after < 0 || after > limit:
		after = limit
	}
	asked, ok := acc.AskVerification(p.w.now, action.Identity)
	if !ok {
		return refused(rules.IdentityLimit, ses.TooManyIdentities())
	}
	p.w.events.Push(p.w.now+after, event{kind: evVerified, owner: int32(acc.index), number: number, ctr: asked})
	return sim.Answer{}
}

// drop deletes an identity.
func (p *people) drop(acc *account, identity string) sim.Answer {
	if !acc.Drop(p.w.now, identity) {
		return refused(rules.IdentityVerify, ses.NoSuchIdentity(identity))
	}
	p.w.identitiesChanged()
	return sim.Answer{}
}

// verified ends the verification that an action began.
func (p *people) verified(acc *account, action *sim.Action, asked uint64) {
	success := !action.Fails && action.After <= ses.VerificationExpires(action.Identity)
	if acc.Settle(p.w.now, action.Identity, asked, success) {
		p.w.identitiesChanged()
	}
}

// id returns the number of an address over all audiences.
func (p *people) id(a sim.Address) uint32 { return p.w.audiences[a.Audience].first + uint32(a.Number) }

func (p *people) appeal(acc *account, action *sim.Action) {
	if !acc.Appeal(p.w.now) {
		return
	}
	after, answer := action.After, uint32(0)
	if after < 0 {
		answer |= answerDrawn
		draws := rng.Derive(p.w.cfg.Seed, "account", p.w.cfg.Accounts[acc.index].Name, fmt.Sprintf("appeal at %d", p.w.now))
		reply := rng.NewSpread(p.w.cfg.Rules.Appeal.Reply)
		after = reply.Draw(draws.At(0))
	}
	if action.Accepted {
		answer |= answerAccepted
	}
	p.of[acc.index].replies = append(p.of[acc.index].replies, p.w.now+after)
	p.w.events.Push(p.w.now+after, event{kind: evAnswer, owner: int32(acc.index), number: answer})
}

// What the number of an evAnswer says.
const (
	answerAccepted = 1 << iota // the appeal is accepted
	answerDrawn                // its time is drawn, not the scenario's
)

// answerReads returns the parameters that say when AWS answers an appeal.
func answerReads(answer uint32) rules.Reads {
	if answer&answerDrawn == 0 {
		return rules.Reads{}
	}
	return rules.NewReads(rules.ParamAppealReply)
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
func (p *people) removeGlobal(acc *account, action *sim.Action) {
	refused := func(why string) { acc.Note(p.w.now, ses.EventRemovalRefused, rules.GlobalRemoval, why) }
	switch {
	case !p.w.cfg.Rules.Global.RemovalForm:
		refused("there is no such form since 2022")
	case action.Region != formRegions[0] && action.Region != formRegions[1] && action.Region != formRegions[2]:
		refused("the form is not offered in " + action.Region)
	case action.Characters == "":
		refused("the characters were not typed")
	default:
		id := p.id(action.Address)
		if p.w.global.Remove(p.w.now, id) {
			p.w.records.noteRemoval(acc, id)
		}
		acc.Note(p.w.now, ses.EventRemovedGlobal, rules.GlobalRemoval, p.addressText(action.Address))
	}
}

// change gives a key of the scenario a new value.
func (p *people) change(c *sim.Change) sim.Answer {
	switch c.Key {
	case sim.KeyAccountQuota, sim.KeyAccountRate:
		p.setLimit(&p.w.accounts[c.Index], c)
	case sim.KeyAccountSuppression:
		acc := &p.w.accounts[c.Index]
		acc.SetSuppression(c.Reasons)
		acc.Note(p.w.now, ses.EventSuppressionChanged, rules.AccountAPI, reasonsText(c.Reasons))
	case sim.KeySetSuppression:
		return p.w.sets.setSuppression(&p.w.accounts[c.Index], c)
	case sim.KeySetMaxDelivery:
		return p.w.sets.setMaxDelivery(&p.w.accounts[c.Index], c)
	case sim.KeySenderOnBounce:
		// The spec belongs to the caller; the sender gets its own.
		for k := range p.w.routesOf(c.Index) {
			a := &p.w.senders[c.Index+k]
			own := *a.spec
			own.RemoveBounced = c.Flag
			a.spec, a.hygiene = &own, hygieneOf(&own)
		}
	case sim.KeySenderRate:
		a := &p.w.senders[c.Index]
		a.arrivals.SetRate(c.Rate)
		if a.batch != unbatched {
			p.w.batch.look()
		} else {
			p.w.merge.Set(c.Index, a.arrivals.Next())
		}
	case sim.KeyAudienceMailboxFull:
		p.w.audiences[c.Index].SetBounce(mailbox.Full, c.Share)
	case sim.KeyAudienceComplaint:
		p.w.audiences[c.Index].SetComplaint(c.Share)
	case sim.KeyAudienceHardBounce:
		p.w.audiences[c.Index].SetBounce(mailbox.Refused, c.Share)
	case sim.KeyAudienceInvalid:
		first := p.w.audiences[c.Index].first
		p.w.audiences[c.Index].SetInvalid(c.Share, func(n uint32) bool { return p.w.bits[first+n]&contacted != 0 })
	}
	return sim.Answer{}
}

// setLimit is a new quota or send rate, as AWS answers a request to Service
// Quotas, or as it takes capacity away.
func (p *people) setLimit(acc *account, c *sim.Change) {
	if c.Key == sim.KeyAccountQuota {
		acc.SetQuota(p.w.now, c.Number)
		acc.Note(p.w.now, ses.EventQuotaChanged, rules.QuotaRequest, "quota "+limitText(c.Number))
		return
	}
	acc.SetRate(p.w.now, c.Number)
	acc.Note(p.w.now, ses.EventQuotaChanged, rules.QuotaRequest, "max send rate "+limitText(c.Number))
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

// stoppedSending schedules what a long stop of an account's sending does, if
// this one is new.
func (p *people) stoppedSending(acc *account) { p.stoppedSince(acc, p.w.now) }

// stoppedSince is stoppedSending for a stop that began at a time.
func (p *people) stoppedSince(acc *account, at time.Duration) {
	after, ever := acc.WipeAfter()
	if stop, _ := acc.Stop(); ever && stop != p.of[acc.index].stop {
		p.of[acc.index].stop = stop
		p.w.events.Push(max(at+after, p.w.now), event{kind: evWipe, owner: int32(acc.index), ctr: uint64(stop)})
	}
}
