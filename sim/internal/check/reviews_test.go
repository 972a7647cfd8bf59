package check

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// touchy lets ten mails decide, and gives all room to send them. The customers
// report all complaints.
func touchy(cfg *sim.Config) {
	listless(cfg)
	cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = -1, 100
	cfg.Audiences[0].FeedbackLoop = unit.Whole
	p := &cfg.Rules
	p.Rep.MinEligible, p.Rep.MinBounces, p.Rep.MinComplaints, p.Rep.EvalInterval = 10, 1, 1, time.Hour
	p.Review.BounceRate, p.Review.ComplaintRate, p.Review.Length = 10*unit.Percent, 50*unit.Percent, day
	p.Pause.BounceRate, p.Pause.ComplaintRate, p.Pause.ImmediateFactor = 20*unit.Percent, unit.Whole, 2000
}

// batch sends message 0 to ten recipients at once, of which so many bounce.
func batch(bounces int64) []sim.Record {
	list := []sim.Record{sent(0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)}
	for i := range bounces {
		list = append(list, bounces1(0, 0, i)...)
	}
	return list
}

// bounces1 is the first hard bounce of a recipient.
func bounces1(at time.Duration, message, recipient int64) []sim.Record {
	return []sim.Record{
		mailed(sim.HardBounced, at, at, message, recipient),
		{Kind: sim.ListedGlobal, At: at, Address: to(recipient)[0], Until: at + day, Strikes: 1},
	}
}

// tick is a record that changes nothing and comes after an evaluation.
func tick(at time.Duration, n int64) sim.Record { return sent(at, n, 9) }

func TestReviewsBegin(t *testing.T) {
	few := func(cfg *sim.Config) { touchy(cfg); cfg.Rules.Rep.MinEligible = 11 }
	notice := func(cfg *sim.Config) { touchy(cfg); cfg.Rules.Pause.Notice = time.Hour + time.Minute }
	repeated := func(cfg *sim.Config) {
		touchy(cfg)
		cfg.Rules.Pause.RepeatReviews = 2
		cfg.Rules.Review.Length = time.Hour
	}
	hidden := func(cfg *sim.Config) { touchy(cfg); cfg.Audiences[0].FeedbackLoop = unit.Whole / 2 }
	either := func(cfg *sim.Config) { // of two rules may have announced the pause
		hidden(cfg)
		cfg.Rules.Pause.Notice, cfg.Rules.Pause.RepeatReviews = 2*time.Hour, 1
	}
	own := func(cfg *sim.Config) {
		touchy(cfg)
		cfg.Accounts[0].Identities = append(cfg.Accounts[0].Identities, "customers.example")
	}
	review, pause := changed(time.Hour, ses.EventUnderReview, rules.RepReview), changed(time.Hour, ses.EventPaused, rules.PauseImmediate)
	complained := join(batch(0), []sim.Record{
		mailed(sim.Delivered, 1, 0, 0, 8), mailed(sim.Complained, 2, 0, 0, 8),
	})
	unnamed := join(batch(1), []sim.Record{
		mailed(sim.Delivered, 1, 0, 0, 8), mailed(sim.Complained, 2, 0, 0, 8), changed(time.Hour, ses.EventPendingPause, rules.PausePending), tick(2*time.Hour, 1),
	})
	low := sent(time.Hour, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	worse := join([]sim.Record{sent(2*time.Hour, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9)}, bounces1(2*time.Hour, 2, 1), bounces1(2*time.Hour, 2, 2))
	play(t, []sequence{
		{"at the threshold", touchy, with(batch(1), review), ""},
		{"no review came", touchy, with(batch(1), tick(time.Hour, 1)), `reviews: the evaluation led to nothing, but it must lead to "under-review" by rule rep.review: 1 bounces over 10 eligible`},
		{"a review below the threshold", touchy, with(batch(0), review), `reviews: the evaluation led to "under-review" by rule rep.review, but it must lead to nothing`},
		{"too little mail", few, with(batch(5), tick(time.Hour, 1)), ""},
		{"mail to a domain of its own", own, with(batch(5), tick(time.Hour, 1)), ""},
		{"a review for a domain of its own", own, with(batch(5), review), "reviews: 0 bounces over 0 eligible"},
		{"between evaluations", touchy, with(batch(1), changed(time.Minute, ses.EventUnderReview, rules.RepReview)), "reviews: but nothing is evaluated and nobody triggers it now"},
		{"mail sent at the moment comes after it", touchy, join(batch(1), []sim.Record{review, low}), ""},
		{"far above the threshold", touchy, with(batch(4), pause), ""},
		{"a review instead of a pause", touchy, with(batch(4), review), `reviews: but it must lead to "paused" by rule pause.immediate`},
		{"a pause with notice", notice, with(batch(4), changed(time.Hour, ses.EventPendingPause, rules.PausePending), tick(2*time.Hour, 1), changed(3*time.Hour, ses.EventPaused, rules.PauseImmediate)), ""},
		{"a pause before its time", notice, with(batch(4), changed(time.Hour, ses.EventPendingPause, rules.PausePending), changed(2*time.Hour, ses.EventPaused, rules.PauseImmediate)), "reviews: but it must lead to nothing"},
		{"reviewed again", repeated, join(batch(1), []sim.Record{review, low, changed(2*time.Hour, ses.EventHealthy, rules.ReviewEnd)}, worse, []sim.Record{changed(3*time.Hour, ses.EventPaused, rules.PauseRepeated)}), ""},
		{"complaints", func(cfg *sim.Config) { touchy(cfg); cfg.Rules.Review.ComplaintRate = 10 * unit.Percent }, with(complained, review), ""},
		{"no review for complaints", func(cfg *sim.Config) { touchy(cfg); cfg.Rules.Review.ComplaintRate = 10 * unit.Percent }, with(complained, tick(time.Hour, 1)), "reviews: 1 complaints over 10 eligible"},
		{"complaints of an unknown rate", hidden, with(complained, review), ""},
		{"unknown, but there are none", hidden, with(batch(0), review), "reviews: 0 complaints over an unknown part of the mail"},
		{"announced, for bounces", either, with(unnamed, changed(3*time.Hour, ses.EventPaused, rules.PauseRepeated)), ""},
		{"announced, for complaints of an unknown rate", either, with(unnamed, changed(3*time.Hour, ses.EventPaused, rules.PauseImmediate)), ""},
		{"announced, by a rule that cannot be", either, with(unnamed, changed(3*time.Hour, ses.EventPaused, rules.ReviewEnd)), `reviews: the evaluation led to "paused" by rule review.end, but it must lead to "paused" by rule pause.repeated`},
		{"announced, and no pause comes", either, with(unnamed, tick(3*time.Hour, 2)), "reviews: the evaluation led to nothing, but it must lead to"},
		{"something else triggers it", triggered, []sim.Record{changed(time.Hour, ses.EventUnderReview, rules.RepTrigger)}, ""},
		{"a trigger without effect", triggered, []sim.Record{sent(2*time.Hour, 0, 0)}, "reviews: something triggered a review or a pause, and nothing came of it"},
		{"triggered by nobody", nil, []sim.Record{changed(time.Hour, ses.EventUnderReview, rules.RepTrigger)}, "reviews: but it must lead to nothing"},
	})
}

func TestReviewsEnd(t *testing.T) {
	rule := func(r rules.EndRule) func(*sim.Config) {
		return func(cfg *sim.Config) { touchy(cfg); cfg.Rules.Review.EndRule = r }
	}
	allowance := func(cfg *sim.Config) { touchy(cfg); cfg.Rules.Review.SendingAllowance = 9 }
	byHand := func(cfg *sim.Config) { touchy(cfg); cfg.Rules.Review.DecisionTime = 2 * time.Hour }
	begun := with(batch(1), changed(time.Hour, ses.EventUnderReview, rules.RepReview))
	end := 25 * time.Hour
	paused, healthy, extended := changed(end, ses.EventPaused, rules.ReviewEnd), changed(end, ses.EventHealthy, rules.ReviewEnd), changed(end, ses.EventReviewExtended, rules.ReviewExtended)
	better := sent(2*time.Hour, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	play(t, []sequence{
		{"well", touchy, with(begun, better, healthy), ""},
		{"too early", touchy, with(begun, better, changed(end-time.Hour, ses.EventHealthy, rules.ReviewEnd)), "reviews: but it must lead to nothing"},
		{"no end", touchy, with(begun, better, tick(end, 2)), `reviews: but it must lead to "healthy" by rule review.end`},
		{"between the thresholds: extended once, then a pause", rule(rules.ExtendOnce), with(begun, extended, changed(end+day, ses.EventPaused, rules.ReviewEnd)), ""},
		{"extended twice", rule(rules.ExtendOnce), with(begun, extended, changed(end+day, ses.EventReviewExtended, rules.ReviewExtended)), `reviews: but it must lead to "paused" by rule review.end`},
		{"between the thresholds: a pause", rule(rules.EndPause), with(begun, paused), ""},
		{"between the thresholds: healthy", rule(rules.EndHealthy), with(begun, healthy), ""},
		{"the allowance is spent", allowance, with(begun, better, changed(3*time.Hour, ses.EventHealthy, rules.ReviewEnd)), ""},
		{"AWS decides later", byHand, with(begun, better, changed(end, ses.EventPendingEndOfReview, rules.ReviewPending), tick(end+time.Hour, 2), changed(end+2*time.Hour, ses.EventHealthy, rules.ReviewEnd)), ""},
		{"AWS decides at once", byHand, with(begun, better, healthy), `reviews: but it must lead to "pending-end-of-review" by rule review.pending`},
	})
}

// TestVolumes goes through the representative volume: how far it goes back.
func TestVolumes(t *testing.T) {
	// Three buckets of an hour: 10 mails with 3 bounces, 10 with 1, 10 with 0.
	buckets := []tally{{0, 10, 3}, {time.Hour, 10, 1}, {2 * time.Hour, 10, 0}}
	for _, c := range []struct {
		name             string
		set              func(*rules.Reputation)
		eligible, events int64
	}{
		{"as many mails as asked for", func(p *rules.Reputation) { p.WindowEligible = 20 }, 20, 1},
		{"one more takes in the next bucket", func(p *rules.Reputation) { p.WindowEligible = 21 }, 30, 4},
		{"more than there are", func(p *rules.Reputation) { p.WindowEligible = 1000 }, 30, 4},
		{"and at least so many days", func(p *rules.Reputation) { p.WindowEligible, p.WindowDays = 10, 1 }, 30, 4},
		{"but nothing older than the look-back", func(p *rules.Reputation) { p.WindowEligible, p.MaxLookback = 1000, 2*time.Hour }, 20, 1},
	} {
		cfg := scenario(t)
		cfg.Rules.Rep.WindowDays = 0
		c.set(&cfg.Rules.Rep)
		v := volume{buckets: append([]tally(nil), buckets...)}
		if got := v.evaluate(cfg, 3*time.Hour); got.eligible != c.eligible || got.events != c.events {
			t.Errorf("%s: %d over %d, want %d over %d", c.name, got.events, got.eligible, c.events, c.eligible)
		}
	}
}

// TestAppealCallsOffAPause has AWS accept an appeal in a review that no rate
// began, while a pause is announced: the review goes on and no pause comes.
func TestAppealCallsOffAPause(t *testing.T) {
	appeal := func(cfg *sim.Config) {
		touchy(cfg)
		cfg.Rules.Pause.Notice = 2 * time.Hour
		cfg.Actions = []sim.Action{
			{At: 10 * time.Minute, Do: sim.DoTrigger, Cause: "spamtrap"},
			{At: 20 * time.Minute, Do: sim.DoTrigger, Cause: "spamtrap", Pauses: true},
			{At: 30 * time.Minute, Do: sim.DoAppeal, Accepted: true, After: 10 * time.Minute},
		}
	}
	again := func(cfg *sim.Config) {
		appeal(cfg)
		cfg.Actions = append(cfg.Actions, sim.Action{At: 150 * time.Minute, Do: sim.DoTrigger, Cause: "spamtrap", Pauses: true})
	}
	told := []sim.Record{
		changed(10*time.Minute, ses.EventUnderReview, rules.RepTrigger), changed(20*time.Minute, ses.EventPendingPause, rules.PausePending),
		changed(30*time.Minute, ses.EventAppealed, rules.AppealFreshStart), changed(40*time.Minute, ses.EventReviewExtended, rules.AppealFreshStart),
	}
	play(t, []sequence{
		{"no pause comes", appeal, with(told, tick(4*time.Hour, 0)), ""},
		{"a pause comes", appeal, with(told, changed(3*time.Hour, ses.EventPaused, rules.RepTrigger)), "reviews: but it must lead to nothing"},
		{"another pause is announced", again, with(told, changed(150*time.Minute, ses.EventPendingPause, rules.PausePending), changed(5*time.Hour, ses.EventPaused, rules.RepTrigger)), ""},
		{"another pause is not announced", again, with(told, tick(151*time.Minute, 0)), "reviews: something triggered a review or a pause, and nothing came of it"},
	})
}
