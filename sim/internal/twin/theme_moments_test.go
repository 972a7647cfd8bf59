package twin_test

import (
	"time"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// moments is about the order of what happens at the same time: another theme,
// with all times at whole hours.
func moments(s simtest.Source, cfg *sim.Config) {
	pick(s, "theme", admission, lists, reputation, identities)(s, cfg)
	cfg.Horizon = 30 * time.Hour
	momentsOfRules(s, &cfg.Rules)
	for i := range cfg.Accounts {
		for n := range cfg.Accounts[i].Requests {
			r := &cfg.Accounts[i].Requests[n]
			wholeHours(&r.At, &r.After)
			r.At %= 3 * time.Hour
		}
	}
	for i := range cfg.Audiences {
		wholeHours(&cfg.Audiences[i].FullFor, &cfg.Audiences[i].DeferredFor, &cfg.Audiences[i].DecayPer, &cfg.Audiences[i].RevivePer,
			&cfg.Audiences[i].Growth.Per, &cfg.Audiences[i].ChurnPer)
	}
	for i := range cfg.Senders {
		x := &cfg.Senders[i]
		x.Begin, x.End = time.Duration(s.Int("begin", 0, 3))*time.Hour, 0
		x.Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: pick(s, "messages", int64(24), 12, 8), Per: day}}
		x.Retry.First, x.Retry.Factor, x.Retry.Cap = time.Hour, 1000, time.Hour
	}
	for i := range cfg.Actions {
		a := &cfg.Actions[i]
		a.At = time.Duration(s.Int("action at", 0, 6)) * time.Hour
		wholeHours(&a.After)
	}
}

// momentsOfRules gives the rules whole hours.
func momentsOfRules(s simtest.Source, r *rules.Set) {
	for _, spread := range []*unit.Spread{&r.Delay.Delivery, &r.Delay.Bounce, &r.Delay.Async, &r.Delay.Complaint, &r.Delay.Publish, &r.Appeal.Reply} {
		at := pick(s, "delay", 0, time.Hour)
		*spread = unit.Spread{Median: at, Upper: at}
	}
	r.Rep.EvalInterval = time.Hour
	r.Retry = rules.Retry{Horizon: 14 * time.Hour, First: time.Hour, Factor: 1000, Cap: time.Hour}
	wholeHours(&r.Delay.ComplaintRelay, &r.Review.Length, &r.Review.DecisionTime, &r.Pause.Notice, &r.Account.AddDelay, &r.Account.PauseWipe,
		&r.Prod.ReviewWithin, &r.Prod.LongerFrom, &r.Prod.LongerTo)
	r.Review.Length = max(r.Review.Length, time.Hour)
}

// wholeHours takes off what is above a whole hour. Negative times, which stand
// for ones to be drawn, become no time at all.
func wholeHours(times ...*time.Duration) {
	for _, t := range times {
		*t = max(t.Truncate(time.Hour), 0)
	}
}
