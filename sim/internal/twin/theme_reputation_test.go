package twin_test

import (
	"time"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/unit"
)

// reputation is about reviews, pauses, appeals and fresh starts: little mail
// is judged often and by touchy rules.
func reputation(s simtest.Source, cfg *sim.Config) {
	able(s, cfg)
	within(s, cfg, 5*day, 2*day, 10*day)
	mild(s, cfg, 40, 30, 20)
	if chance(s, "bulk", 20) {
		bulk(cfg)
	}
	volume(s, cfg)
	touchy(s, cfg)
	for range s.Int("scene actions", 0, 12) {
		cfg.Actions = append(cfg.Actions, dispute(s, cfg))
	}
}

// bulk lets few messages make more than the representative volume of at least
// a thousand: each goes to many.
func bulk(cfg *sim.Config) {
	for i := range cfg.Audiences {
		if a := &cfg.Audiences[i]; len(a.Addresses) == 0 {
			a.Size, a.Growth = 300, sim.Growth{}
		}
	}
	for i := range cfg.Accounts {
		cfg.Accounts[i].Quota = -1
	}
	for i := range cfg.Senders {
		if x := &cfg.Senders[i]; x.Traffic.Kind != sim.Recorded {
			x.Recipients, x.Traffic.Rate = 50, rateOf(int64(80/len(cfg.Senders)), cfg.Horizon)
		}
	}
}

// volume draws what the rates are computed over.
func volume(s simtest.Source, cfg *sim.Config) {
	p := &cfg.Rules.Rep
	p.MinEligible = pick(s, "min eligible", int64(0), 1, 10, 30)
	p.MinBounces = pick(s, "min bounces", int64(1), 0, 3)
	p.MinComplaints = pick(s, "min complaints", int64(1), 0, 3)
	p.WindowEligible = pick(s, "window eligible", int64(1000), 1000, 1200)
	p.WindowDays = pick(s, "window days", int64(0), 1, 2)
	p.MaxLookback = pick(s, "max lookback", 0, day, 3*day)
	p.EvalInterval = pick(s, "eval interval", 15*time.Minute, time.Hour, 17*time.Minute, 6*time.Hour)
}

// touchy draws thresholds that little mail reaches, and short times.
func touchy(s simtest.Source, cfg *sim.Config) {
	r := &cfg.Rules
	r.Review.Length = pick(s, "review length", time.Hour, 3*time.Hour, 8*time.Hour, day)
	r.Review.SendingAllowance = pick(s, "sending allowance", int64(0), 0, 5, 20)
	r.Review.BounceRate = pick(s, "review bounces", 5*unit.Percent, 20*unit.Percent, 50*unit.Percent)
	r.Review.ComplaintRate = pick(s, "review complaints", unit.Percent, 10*unit.Percent)
	r.Review.DecisionTime = pick(s, "decision time", 0, 0, time.Hour, 5*time.Hour)
	r.Pause.BounceRate = pick(s, "pause bounces", 10*unit.Percent, 30*unit.Percent, 60*unit.Percent)
	r.Pause.ComplaintRate = pick(s, "pause complaints", 5*unit.Percent, 30*unit.Percent)
	r.Pause.ImmediateFactor = pick(s, "immediate factor", int64(2000), 0, 1000, 1500)
	r.Pause.RepeatReviews = pick(s, "repeat reviews", int64(3), 0, 2)
	r.Pause.Notice = pick(s, "notice", 0, 0, time.Hour, 5*time.Hour)
	r.Pause.PermanentAfter = pick(s, "permanent after", int64(0), 0, 2, 1)
	r.Account.PauseWipe = pick(s, "pause wipe", 0, day, 30*time.Hour)
	r.Account.CustomerPauseWipes = chance(s, "customer pause wipes", 50)
	r.Delay.AsyncShare = pick(s, "async share", 0, 20*unit.Percent)
}

// dispute draws what customers do about reviews, and what begins others.
func dispute(s simtest.Source, cfg *sim.Config) sim.Action {
	a := sim.Action{At: moment(s, "dispute at", cfg.Horizon, time.Minute), Account: account(s, cfg)}
	switch s.Int("dispute", 0, 5) {
	case 0:
		a.Do, a.Cause, a.Pauses = sim.DoTrigger, "spamtrap", chance(s, "trigger pauses", 25)
	case 1:
		a.Do = pick(s, "switch", sim.DoPause, sim.DoResume)
		a.Set = int(s.Int("switched set", 0, int64(len(cfg.Accounts[a.Account].Sets))))
	default:
		a.Do, a.Accepted = sim.DoAppeal, chance(s, "appeal accepted", 70)
		a.After = pick(s, "appeal takes", -1, 0, time.Hour, 4*time.Hour)
	}
	return a
}
