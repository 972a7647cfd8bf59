package engine

import (
	"slices"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// records hands records to the observer.
type records struct {
	w        *world
	observer sim.Observer
	kinds    sim.Kinds     // that it takes; none without an observer, or if it takes none of this partition
	account  int           // the only one of which it takes them; -1: any
	address  int64         // the only one over all audiences of which it takes them; -1: any
	stays    sim.Observer  // of records about the global list; nil: none
	record   sim.Record    // the one that is filled in, and that an observer looks at: a copy costs time
	to       []sim.Address // its recipients
	noted    []int         // for each account, the lines of its timeline that the observer has seen
}

func newRecords(w *world, hooks sim.Hooks) records {
	rs := records{w: w, observer: hooks.Observer, stays: hooks.Stays, account: -1, address: -1, noted: make([]int, len(w.cfg.Accounts))}
	if rs.observer == nil {
		return rs
	}
	of := hooks.Observed
	if of.Account > 0 {
		if rs.account = slices.Index(w.partition.accounts, of.Account-1); rs.account < 0 {
			return rs
		}
	}
	if of.Address != nil {
		if !slices.Contains(w.partition.audiences, of.Address.Audience) {
			return rs
		}
		rs.address = int64(w.first[of.Address.Audience]) + of.Address.Number
	}
	if rs.kinds = of.Kinds; rs.kinds == 0 {
		rs.kinds = ^sim.Kinds(0)
	}
	return rs
}

// takes reports whether the observer takes a record of a kind about an address, given by
// its number over all audiences, and an account.
func (rs *records) takes(kind sim.RecordKind, acc *account, id uint32) bool {
	return rs.kinds.Has(kind) && rs.matches(acc) && (rs.address < 0 || rs.address == int64(id))
}

func (rs *records) matches(acc *account) bool { return rs.account < 0 || rs.account == acc.index }

// takesMail is takes for a record about a recipient of a sender's mail.
func (rs *records) takesMail(kind sim.RecordKind, a *senderState, n uint32) bool {
	return rs.takes(kind, a.account, a.audience.first+n)
}

// takesCall is takes for a record about a call or a message with these recipients.
func (rs *records) takesCall(kind sim.RecordKind, a *senderState, recipients []uint32) bool {
	if !rs.kinds.Has(kind) || !rs.matches(a.account) {
		return false
	}
	return rs.address < 0 || slices.ContainsFunc(recipients, func(n uint32) bool { return rs.address == int64(a.audience.first+n) })
}

// followed reports whether the observer takes records of what becomes of a sender's mail
// where all goes well.
func (rs *records) followed(a *senderState) bool {
	if rs.kinds&sim.KindsOf(sim.Sent, sim.Delivered) == 0 || !rs.matches(a.account) {
		return false
	}
	return rs.address < 0 || uint64(rs.address-int64(a.audience.first)) < uint64(a.audience.spec.Most())
}

// note hands the observer a record about one recipient of a sender's mail, if it takes it.
func (rs *records) note(a *senderState, n uint32, ctr uint64, r sim.Record) {
	if rs.takesMail(r.Kind, a, n) {
		rs.record = r
		rs.about(a, n, ctr)
		rs.tell()
	}
}

// about fills in whom the record is about: one recipient of a sender's mail.
func (rs *records) about(a *senderState, n uint32, ctr uint64) {
	r := &rs.record
	r.At = rs.w.now
	r.Account = a.account.index
	if a.live {
		r.Sender, r.Live, r.Set = -1, true, a.spec.Set
	} else {
		r.Sender = rs.w.partition.senders[a.index]
	}
	r.Message = int64(ctr >> 6)
	r.Address = sim.Address{Audience: rs.audience(a.spec.Audience), Number: int64(n)}
	r.Exempt = a.isExempt(n)
	r.Counts = !r.Exempt && r.SentAt >= a.account.CountsSince()
	r.Reads = a.mailReads(r)
}

// noteStay hands a record about a stay on the global list to the observer and to the
// observer of that list.
func (rs *records) noteStay(a *senderState, n uint32, ctr uint64, r sim.Record) {
	rs.note(a, n, ctr, r)
	if rs.stays != nil {
		rs.record = r
		rs.about(a, n, ctr)
		rs.stays.Observe(&rs.record)
	}
}

// audience returns the number of an audience of the partition in the whole scenario. A
// Session has further ones, and no partitions.
func (rs *records) audience(i int) int {
	if rs.w.live != nil {
		return i
	}
	return rs.w.partition.audiences[i]
}

// tell hands the observer the record, which is the observer's until it returns. Its account
// gets its number in the whole scenario.
func (rs *records) tell() {
	rs.record.At, rs.record.Account = rs.w.now, rs.w.partition.accounts[rs.record.Account]
	rs.observer.Observe(&rs.record)
}

// noteRemoval hands on that an address was taken off the global list.
func (rs *records) noteRemoval(acc *account, id uint32) {
	r := sim.Record{Kind: sim.UnlistedGlobal, Rule: rules.GlobalRemoval, Reads: rules.GlobalRemoval.Reads()}
	rs.noteAddress(acc, id, r)
	if rs.stays != nil {
		rs.record = r
		rs.aboutAddress(acc, id)
		rs.stays.Observe(&rs.record)
	}
}

// noteAddress hands the observer a record about an address and an account, if it takes it.
func (rs *records) noteAddress(acc *account, id uint32, r sim.Record) {
	if rs.takes(r.Kind, acc, id) {
		rs.record = r
		rs.aboutAddress(acc, id)
		rs.tell()
	}
}

// aboutAddress fills in whom the record is about: an address, and the account
// for which something was done about it.
func (rs *records) aboutAddress(acc *account, id uint32) {
	r := &rs.record
	r.At = rs.w.now
	r.Account, r.Sender = acc.index, -1
	for i := range rs.w.audiences {
		aud := &rs.w.audiences[i]
		if id < aud.first || int64(id-aud.first) >= aud.spec.Most() {
			continue
		}
		r.Address = sim.Address{Audience: rs.audience(i), Number: int64(id - aud.first)}
		if aud.spec.Seen != nil {
			r.Address.Audience = rs.w.live.first + int(aud.spec.Seen.Class(id-aud.first))
			break
		}
	}
}

// observeCall hands the observer a record about a call, which it takes.
func (rs *records) observeCall(a *senderState, c *call, r sim.Record) {
	rs.record = r
	own := &rs.record
	own.Attempt, own.Started = c.attempt, rs.w.now
	if of := a.spec.Client; of > 0 {
		e := rs.w.clients[of-1].deciding
		own.Started, own.Process, own.Connection = e.Started, int(e.Process), int(e.Connection)
		if r.Kind == sim.SessionClosed {
			own.Connection = int(e.Met)
		}
	}
	rs.tellMessage(a, c)
}

// noteLoss hands the observer that a client has given a message up after that many calls.
func (rs *records) noteLoss(a *senderState, c *call, calls int, why client.Reason) {
	if len(c.recipients) > 0 && rs.takesCall(sim.GaveUp, a, c.recipients) {
		rs.record = sim.Record{Kind: sim.GaveUp, Attempt: calls, Loss: why, Reads: a.listReads()}
		rs.tellMessage(a, c)
	}
}

// tellMessage hands the observer the record, about a message and all its recipients.
func (rs *records) tellMessage(a *senderState, c *call) {
	r := &rs.record
	r.Account, r.Sender = a.account.index, rs.w.partition.senders[a.index]
	r.Message, r.Due = c.message, c.due
	rs.to = rs.to[:0]
	for _, n := range c.recipients {
		rs.to = append(rs.to, sim.Address{Audience: rs.audience(a.spec.Audience), Number: int64(n)})
	}
	r.Recipients = rs.to
	rs.tell()
}

// noteChanges hands the observer the lines that an account's timeline has
// gained.
func (rs *records) noteChanges(acc *account) {
	if !rs.kinds.Has(sim.Changed) {
		return
	}
	for _, t := range acc.Timeline()[rs.noted[acc.index]:] {
		rs.record = sim.Record{Kind: sim.Changed, Account: acc.index, Sender: -1, Rule: t.Rule, Transition: t, Reads: t.Reads}
		rs.tell()
	}
	rs.noted[acc.index] = len(acc.Timeline())
}

// ruleCounts are the decisions of an account's rules that its other counts do
// not tell.
type ruleCounts struct {
	identityFrom, sandboxRecipients int64 // refused calls
	delegate                        int64 // refused calls
	paused, customer                int64 // refused calls
	set, suspended                  int64 // refused calls
	addresses, sizes, missingSets   int64 // refused calls
	replies                         int64 // automatic
	learned, operations             int64 // entries of the account's list by its own mail, and changes by calls
	escalations                     int64 // stays begun by this account's bounces
	expired                         int64 // soft bounces at the end of a configuration set's time
	calls                           [ses.Reasons]int64
}

// refusal counts n refused calls, sent with set, and names the rule that refused them.
// unauthorized says that the owner of the identities does not let the account send for
// them, from that an identity of the sender fails.
func (r *ruleCounts) refusal(n int64, reason ses.Reason, acc *account, set *ses.ConfigurationSet, unauthorized, from bool) rules.ID {
	r.calls[reason] += n
	switch reason {
	case ses.RefusedRate:
		return rules.RateBucket
	case ses.RefusedQuota:
		return rules.QuotaRolling
	case ses.RefusedUnverified:
		if unauthorized {
			r.delegate += n
			return rules.IdentityDelegate
		}
		if from {
			r.identityFrom += n
			return rules.IdentityFrom
		}
		r.sandboxRecipients += n
		return rules.SandboxRecipients
	case ses.RefusedPaused:
		switch acc.PausedBy(set) {
		case ses.ByCustomer:
			r.customer += n
			return rules.PauseCustomer
		case ses.OfSet:
			r.set += n
			return rules.PauseSet
		case ses.Suspended:
			r.suspended += n
			return rules.PausePermanent
		}
		r.paused += n
		return rules.PauseRefuses
	}
	return rules.None // one of several; see invalid
}

// invalid counts a call that is refused for its form.
func (r *ruleCounts) invalid(rule rules.ID) rules.ID {
	switch rule {
	case rules.CallAddress:
		r.addresses++
	case rules.CallSize:
		r.sizes++
	case rules.CallSet:
		r.missingSets++
	}
	return rule
}

// fired counts how often each rule decided something, in catalogue order.
func fired(worlds []*world) []sim.Fired {
	counts := map[rules.ID]int64{}
	for _, w := range worlds {
		w.countFired(counts)
	}
	var list []sim.Fired
	for _, r := range rules.Catalogue() {
		if n := counts[r.ID]; n > 0 {
			list = append(list, sim.Fired{Rule: r.ID, Count: n})
		}
	}
	return list
}

// countFired adds what a world's rules decided.
func (w *world) countFired(counts map[rules.ID]int64) {
	for i := range w.senders {
		counts[rules.EC2Port25] += w.senders[i].tally.TimedOut
		counts[rules.EventPublished] += w.senders[i].list.Removed()
	}
	counts[rules.SessionIdle] += w.closed[client.ClosedIdle]
	counts[rules.SessionFull] += w.closed[client.ClosedFull]
	for i := range w.accounts {
		acc := &w.accounts[i]
		counts[rules.RateBucket] += acc.rules.calls[ses.RefusedRate]
		counts[rules.QuotaRolling] += acc.rules.calls[ses.RefusedQuota]
		counts[rules.CallRecipients] += acc.rules.calls[ses.RefusedInvalid] - acc.rules.addresses - acc.rules.sizes - acc.rules.missingSets
		counts[rules.CallAddress] += acc.rules.addresses
		counts[rules.CallSize] += acc.rules.sizes
		counts[rules.CallSet] += acc.rules.missingSets
		counts[rules.CallBilled] += acc.Accepted
		counts[rules.IdentityFrom] += acc.rules.identityFrom
		counts[rules.IdentityDelegate] += acc.rules.delegate
		counts[rules.SandboxRecipients] += acc.rules.sandboxRecipients
		counts[rules.PauseRefuses] += acc.rules.paused
		counts[rules.PauseCustomer] += acc.rules.customer
		counts[rules.PauseSet] += acc.rules.set
		counts[rules.PausePermanent] += acc.rules.suspended
		counts[rules.GlobalEscalation] += acc.rules.escalations
		counts[rules.AccountListed] += acc.rules.learned
		counts[rules.AccountAPI] += acc.rules.operations
		counts[rules.AccountSuppressed] += acc.SuppressedAccount
		counts[rules.GlobalSuppressed] += acc.SuppressedGlobal
		counts[rules.MailDelivered] += acc.Delivered
		counts[rules.BounceHard] += acc.HardBounced
		counts[rules.BounceSoft] += acc.SoftBounced // also those whose end a configuration set sets
		counts[rules.BounceTimeout] += acc.rules.expired
		counts[rules.ComplaintLoop] += acc.Complaints
		counts[rules.SimulatorFree] += acc.Simulator
		counts[rules.ContentRejected] += acc.Rejected
		counts[rules.OutOfOffice] += acc.rules.replies
		for _, t := range acc.Timeline() {
			counts[t.Rule]++
		}
	}
}
