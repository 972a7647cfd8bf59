package check

import (
	"sesim/sim"
	"sesim/sim/ses"
)

// paused checks that an account which AWS or the customer has paused sends
// nothing, nor mail with a configuration set that the customer has paused, and
// that nobody else is refused for a pause.
type paused struct {
	found *findings
	now   *present
}

func newPaused(found *findings, now *present) *paused { return &paused{found, now} }

func (p *paused) observe(r *sim.Record) {
	if r.Kind != sim.Sent && r.Kind != sim.Refused {
		return
	}
	a, set := &p.now.accounts[r.Account], p.now.setOf(r.Account, r.Sender)
	stopped := a.enforcement == ses.Shutdown || a.stoppedByCustomer || set != nil && set.stopped && !set.missing
	switch {
	case r.Kind == sim.Sent && stopped:
		p.found.add("paused", r.At, r.Account, "", "a call was accepted while sending is paused")
	case r.Kind == sim.Refused && r.Reason != ses.RefusedPaused && stopped:
		p.found.add("paused", r.At, r.Account, "", "a call was refused as %q while sending is paused, which is checked first", r.Reason)
	case r.Kind == sim.Refused && r.Reason == ses.RefusedPaused && !stopped:
		p.found.add("paused", r.At, r.Account, "",
			"a call was refused as paused while the account is %s and not paused by the customer", a.enforcement)
	}
}

func (p *paused) finish(*sim.Result) {}
