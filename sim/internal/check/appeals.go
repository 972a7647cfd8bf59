package check

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// appeals checks that every appeal leaves its line, that AWS answers it as
// the scenario says and at the time that it says, and that nothing is
// answered that nobody has appealed against.
type appeals struct {
	found   *findings
	now     *present
	due     []*sim.Action // appeals that must leave their line at this very time
	answers []answer
}

// answer is what AWS is to say to an appeal.
type answer struct {
	account  int
	appealed time.Duration
	after    time.Duration // negative: drawn
	accepted bool
}

func newAppeals(found *findings, now *present) *appeals { return &appeals{found: found, now: now} }

func (c *appeals) observe(r *sim.Record) {
	c.collect()
	c.overdue(r.At)
	if r.Kind != sim.Changed || r.Transition.Rule != rules.AppealFreshStart {
		return
	}
	if r.Transition.Event == ses.EventAppealed {
		c.appeal(r)
		return
	}
	c.answer(r)
}

// collect takes in the appeals of the scenario whose time has come.
func (c *appeals) collect() {
	for _, a := range c.now.done {
		if a.Do == sim.DoAppeal {
			c.due = append(c.due, a)
		}
	}
}

// appeal finds the appeal of the scenario for a line of the timeline. There
// is an answer to come if there is something to appeal against.
func (c *appeals) appeal(r *sim.Record) {
	i := slices.IndexFunc(c.due, func(a *sim.Action) bool { return a.Account == r.Account && a.At == r.At })
	if i < 0 {
		c.found.add("appeals", r.At, r.Account, "", "an appeal that nobody makes")
		return
	}
	if a := &c.now.accounts[r.Account]; !a.well() {
		c.answers = append(c.answers, answer{r.Account, r.At, c.due[i].After, c.due[i].Accepted})
	}
	c.due = slices.Delete(c.due, i, i+1)
}

// answer finds the appeal that is answered.
func (c *appeals) answer(r *sim.Record) {
	accepted := r.Transition.Event != ses.EventAppealRejected
	fits := func(a answer) bool {
		return a.account == r.Account && (a.accepted == accepted || !accepted && c.now.accounts[r.Account].suspended) &&
			(a.after < 0 || a.appealed+a.after == r.At)
	}
	i := slices.IndexFunc(c.answers, func(a answer) bool { return fits(a) && a.after >= 0 }) // the times that are known first
	if i < 0 {
		i = slices.IndexFunc(c.answers, fits)
	}
	if i < 0 {
		c.found.add("appeals", r.At, r.Account, "", "event %q answers no appeal", r.Transition.Event)
		return
	}
	c.answers = slices.Delete(c.answers, i, i+1)
}

// overdue reports appeals without a line, and answers that did not come
// though the account was not healthy yet.
func (c *appeals) overdue(t time.Duration) {
	for len(c.due) > 0 && c.due[0].At < t {
		c.found.add("appeals", c.due[0].At, c.due[0].Account, "", "an appeal left no line in the timeline")
		c.due = c.due[1:]
	}
	c.answers = slices.DeleteFunc(c.answers, func(a answer) bool {
		if a.after < 0 || a.appealed+a.after >= t {
			return false
		}
		if now := &c.now.accounts[a.account]; !now.well() && now.troubled < a.appealed+a.after {
			c.found.add("appeals", a.appealed+a.after, a.account, "", "the appeal made at %v was not answered", a.appealed)
		}
		return true
	})
}

func (c *appeals) finish(res *sim.Result) {
	c.collect()
	c.overdue(res.End)
}
