package check

import (
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// operations checks what people do through the API: pausing, verifying, and
// the calls on the account-level list. Each account may make one such call a
// second; one that is throttled is made again a second later. From that rule
// alone the checker knows when each call gets through, and which records it
// must leave then; a record that no call leaves is a violation.
type operations struct {
	cfg           *sim.Config
	found         *findings
	now           *present
	list          *accountList
	steps         [][]step // still to come, by account
	verifications []verification
	identities    known
}

// step is a call that gets through, or is throttled.
type step struct {
	at        time.Duration
	action    *sim.Action
	throttled bool
	number    int64 // import: addresses done so far
}

// operationEvents are the lines that such calls leave.
var operationEvents = []ses.Event{
	ses.EventThrottled, ses.EventBlocked, ses.EventFound, ses.EventNotFound, ses.EventListed, ses.EventImported, ses.EventImportFailed,
	ses.EventVerified, ses.EventUnverified, ses.EventVerificationPending, ses.EventVerificationFailed, ses.EventVerificationRefused,
	ses.EventCustomerPaused, ses.EventCustomerResumed, ses.EventSetPaused, ses.EventSetResumed,
	ses.EventSetCreated, ses.EventSetDeleted, ses.EventSetExists, ses.EventSuppressionChanged, ses.EventSetSuppressionChanged,
}

func newOperations(cfg *sim.Config, found *findings, now *present, list *accountList) *operations {
	c := &operations{cfg: cfg, found: found, now: now, list: list, steps: make([][]step, len(cfg.Accounts)), identities: newKnown(cfg)}
	for i := range c.steps {
		c.steps[i] = stepsOf(cfg, i)
	}
	return c
}

// isOperation reports whether an action is such a call for an account.
func isOperation(a *sim.Action, account int) bool {
	switch a.Do {
	case sim.DoAppeal, sim.DoRemoveGlobal, sim.DoTrigger:
		return false
	case sim.DoSet:
		return setsReasons(&a.Change) && a.Change.Index == account
	}
	return a.Account == account && a.Client == 0
}

// setsReasons reports whether a change chooses by which reasons a list works.
func setsReasons(c *sim.Change) bool {
	return c.Key == sim.KeyAccountSuppression || c.Key == sim.KeySetSuppression
}

// stepsOf plays the calls of an account through its limit of one a second, if there is one.
func stepsOf(cfg *sim.Config, account int) []step {
	var queue, steps []step
	for i := range cfg.Actions {
		if a := &cfg.Actions[i]; isOperation(a, account) {
			queue = append(queue, step{at: a.At, action: a})
		}
	}
	last := -time.Second // when a call got through
	for len(queue) > 0 {
		slices.SortStableFunc(queue, func(a, b step) int { return compare(a.at, b.at) })
		s := queue[0]
		queue = queue[1:]
		if s.at >= cfg.Horizon {
			continue
		}
		if cfg.Rules.API.PerSecond > 0 && s.at-last < time.Second {
			queue = append(queue, step{at: s.at + time.Second, action: s.action})
			s.throttled = true
		} else {
			last = s.at
		}
		steps = append(steps, s)
	}
	return steps
}

func (c *operations) observe(r *sim.Record) {
	if r.Account < 0 {
		return
	}
	c.overdue(r.Account, r.At)
	switch {
	case r.Kind == sim.Changed && slices.Contains(operationEvents, r.Transition.Event),
		(r.Kind == sim.ListedAccount || r.Kind == sim.UnlistedAccount) && r.Rule == rules.AccountAPI:
		if !c.verifies(r) && !c.settle(r) {
			c.found.add("operations", r.At, r.Account, "", "%s, but nobody has done that", describe(c.cfg, r))
		}
	}
}

// describe writes a record for messages.
func describe(cfg *sim.Config, r *sim.Record) string {
	switch r.Kind {
	case sim.ListedAccount:
		return addressOf(cfg, r.Address) + " was put on the account's list for " + r.ListReason.String()
	case sim.UnlistedAccount:
		return addressOf(cfg, r.Address) + " was taken off the account's list"
	}
	return "event " + r.Transition.Event.String() + " (" + r.Transition.Why + ")"
}

// overdue reports calls and ends of verifications that left nothing.
func (c *operations) overdue(account int, t time.Duration) {
	for len(c.steps[account]) > 0 && c.steps[account][0].at < t {
		s := c.steps[account][0]
		c.found.add("operations", s.at, account, "", "%s was done and left no record", s.action.Do)
		c.steps[account] = c.steps[account][1:]
	}
	c.verifications = slices.DeleteFunc(c.verifications, func(v verification) bool {
		if v.at >= t {
			return false
		}
		c.found.add("operations", v.at, v.account, "", "the verification of %s ended and left no record", v.identity)
		return true
	})
}

// settle reports whether the record is what the call that is next must leave.
func (c *operations) settle(r *sim.Record) bool {
	steps := c.steps[r.Account]
	if len(steps) == 0 || steps[0].at != r.At {
		return false
	}
	s := &steps[0]
	if s.throttled {
		c.steps[r.Account] = steps[1:]
		return r.Transition.Event == ses.EventThrottled
	}
	if s.action.Do == sim.DoImport && r.Kind != sim.Changed {
		return c.imports(s, r)
	}
	c.steps[r.Account] = steps[1:]
	return c.leaves(s, r)
}

// leaves reports whether a call that gets through leaves this record.
func (c *operations) leaves(s *step, r *sim.Record) bool {
	a, event := s.action, r.Transition.Event
	if c.blocks(s) {
		return event == ses.EventBlocked
	}
	entry, listed := c.list.entry(r.Account, a.Address, a.Spelling)
	switch a.Do {
	case sim.DoPause, sim.DoResume:
		return c.switches(a, r)
	case sim.DoCreateSet, sim.DoDeleteSet:
		return c.creates(a, r)
	case sim.DoSet:
		return c.choosesReasons(&a.Change, r)
	case sim.DoVerify:
		return c.verify(a, r)
	case sim.DoUnverify:
		return c.unverify(a, r)
	case sim.DoSuppress:
		return r.Kind == sim.ListedAccount && r.Address == a.Address && r.Spelling == a.Spelling && r.ListReason == a.Reason
	case sim.DoUnsuppress:
		if listed {
			return r.Kind == sim.UnlistedAccount && r.Address == a.Address && r.Spelling == a.Spelling
		}
		return event == ses.EventNotFound
	case sim.DoGet:
		if listed {
			return event == ses.EventFound && strings.Contains(r.Transition.Why, entry.reason.String())
		}
		return event == ses.EventNotFound
	case sim.DoList:
		return event == ses.EventListed
	case sim.DoImport:
		return c.imported(s, r)
	}
	return false
}

// blocks reports whether the sandbox blocks the call: custom verification
// mails, putting and importing always, and what else concerns the account's
// list unless the rules are narrow.
func (c *operations) blocks(s *step) bool {
	if c.now.accounts[s.action.Account].access != ses.Sandbox {
		return false
	}
	switch s.action.Do {
	case sim.DoSuppress, sim.DoImport:
		return true
	case sim.DoVerify:
		return s.action.Template
	case sim.DoUnsuppress, sim.DoGet, sim.DoList:
		return !c.cfg.Rules.Sandbox.NarrowBlock
	}
	return false
}

// switches checks that the customer pauses or resumes the account or a set.
func (c *operations) switches(a *sim.Action, r *sim.Record) bool {
	events := [2]ses.Event{ses.EventCustomerPaused, ses.EventCustomerResumed}
	if a.Set > 0 {
		if c.missing(a.Account, a.Set) {
			return r.Transition.Event == ses.EventNotFound
		}
		events = [2]ses.Event{ses.EventSetPaused, ses.EventSetResumed}
		if r.Transition.Why != c.cfg.Accounts[a.Account].Sets[a.Set-1].Name {
			return false
		}
	}
	if a.Do == sim.DoPause {
		return r.Transition.Event == events[0]
	}
	return r.Transition.Event == events[1]
}

// creates checks that the customer creates or deletes a configuration set.
func (c *operations) creates(a *sim.Action, r *sim.Record) bool {
	missing, name := c.missing(a.Account, a.Set), c.cfg.Accounts[a.Account].Sets[a.Set-1].Name
	switch {
	case a.Do == sim.DoCreateSet && missing:
		return r.Transition.Event == ses.EventSetCreated && r.Transition.Why == name
	case a.Do == sim.DoCreateSet:
		return r.Transition.Event == ses.EventSetExists
	case missing:
		return r.Transition.Event == ses.EventNotFound
	}
	return r.Transition.Event == ses.EventSetDeleted && r.Transition.Why == name
}

// choosesReasons checks that the customer chooses the reasons by which the
// account's list works, for all mail or for a configuration set's.
func (c *operations) choosesReasons(a *sim.Change, r *sim.Record) bool {
	want := a.Reasons.String()
	if want == "" {
		want = noReasons
	}
	switch {
	case a.Key == sim.KeyAccountSuppression:
		return r.Transition.Event == ses.EventSuppressionChanged && r.Transition.Why == want
	case c.missing(a.Index, a.Set):
		return r.Transition.Event == ses.EventNotFound
	}
	return r.Transition.Event == ses.EventSetSuppressionChanged && r.Transition.Why == c.cfg.Accounts[a.Index].Sets[a.Set-1].Name+": "+want
}

// missing reports whether a configuration set does not exist.
func (c *operations) missing(account, set int) bool {
	return c.now.accounts[account].sets[set-1].missing
}

func (c *operations) finish(res *sim.Result) {
	for i := range c.steps {
		c.overdue(i, res.End)
	}
}
