package check

import (
	"time"

	"sesim/sim"
)

// order checks that records come in order of virtual time, from 0 to before
// the horizon.
type order struct {
	cfg   *sim.Config
	found *findings
	last  time.Duration
}

func newOrder(cfg *sim.Config, found *findings) *order { return &order{cfg: cfg, found: found} }

func (o *order) observe(r *sim.Record) {
	if r.At < 0 || r.At >= o.cfg.Horizon {
		o.found.add("order", r.At, r.Account, "", "record outside the run, which goes from 0 to before %v", o.cfg.Horizon)
	}
	if r.At < o.last {
		o.found.add("order", r.At, r.Account, "", "record after one at %v", o.last)
	}
	if r.SentAt > r.At {
		o.found.add("order", r.At, r.Account, addressOf(o.cfg, r.Address), "record about a mail sent later, at %v", r.SentAt)
	}
	o.last = r.At
}

func (o *order) finish(res *sim.Result) {
	switch {
	case res.End > o.cfg.Horizon:
		o.found.add("order", res.End, -1, "", "the run ended after its horizon, %v", o.cfg.Horizon)
	case !res.Interrupted && res.End != o.cfg.Horizon:
		o.found.add("order", res.End, -1, "", "the run was not interrupted and ended before its horizon, %v", o.cfg.Horizon)
	case o.last > res.End:
		o.found.add("order", res.End, -1, "", "the run ended before its last record, at %v", o.last)
	}
}
