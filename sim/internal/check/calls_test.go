package check

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// retrying lets the sender try twice after a refusal for the rate.
func retrying(cfg *sim.Config) {
	cfg.Senders[0].Retry = sim.Retry{On: [ses.Reasons]bool{ses.RefusedRate: true}, First: time.Second, Factor: 1000, Cap: time.Second, Attempts: 2}
	cfg.Accounts[0].Rate = 1
	cfg.Senders[0].Recipients = 5
}

func TestOrder(t *testing.T) {
	play(t, []sequence{
		{"in order", nil, []sim.Record{sent(0, 0, 0), sent(time.Hour, 1, 1), sent(60*day-1, 2, 2)}, ""},
		{"backwards", nil, []sim.Record{sent(time.Hour, 0, 0), sent(time.Minute, 1, 1)}, "order: record after one at 1h0m0s"},
		{"at the horizon", nil, []sim.Record{sent(60*day, 0, 0)}, "order: record outside the run"},
		{"before the start", nil, []sim.Record{sent(-1, 0, 0)}, "order: record outside the run"},
		{"of the future", nil, []sim.Record{sent(0, 0, 0), mailed(sim.Delivered, 0, 1, 0, 0)}, "order: record about a mail sent later"},
	})
}

func TestConservation(t *testing.T) {
	twice := []sim.Record{sent(0, 0, 0), mailed(sim.Delivered, 1, 0, 0, 0), mailed(sim.Delivered, 2, 0, 0, 0)}
	play(t, []sequence{
		{"delivered once", nil, twice[:2], ""},
		{"delivered twice", nil, twice, "conservation: outcome number 2 of a mail sent 1 times"},
		{"never sent", nil, []sim.Record{mailed(sim.Delivered, 1, 0, 0, 0)}, "conservation: a mail that was not sent"},
		{"to somebody else", nil, []sim.Record{sent(0, 0, 0), mailed(sim.Delivered, 1, 0, 0, 1)}, "conservation: a mail that was not sent"},
		{"at another time", nil, []sim.Record{sent(0, 0, 0), mailed(sim.Delivered, 3, 2, 0, 0)}, "conservation: names 2ns as the time of sending"},
		{"bounced after delivery", nil, join(twice[:2], []sim.Record{async(mailed(sim.HardBounced, 5, 0, 0, 0)), listedGlobal(5, day, 1), listedAccount(5, 0, ses.ListBounce)}), ""},
		{"bounced after no delivery", nil, []sim.Record{sent(0, 0, 0), async(mailed(sim.HardBounced, 5, 0, 0, 0))}, "conservation: bounce after a delivery, of which there are 0"},
		{"complaint after delivery", nil, join(twice[:2], []sim.Record{mailed(sim.Complained, 5, 0, 0, 0), listedAccount(5, 0, ses.ListComplaint)}), ""},
		{"complaint about no delivery", nil, []sim.Record{sent(0, 0, 0), mailed(sim.Complained, 5, 0, 0, 0)}, "conservation: complaint number 1 about a mail delivered 0 times"},
		{"delayed and delivered", nil, []sim.Record{sent(0, 0, 0), mailed(sim.Delayed, 1, 0, 0, 0), mailed(sim.Delivered, 2, 0, 0, 0)}, ""},
		{"delivered and delayed", nil, join(twice[:2], []sim.Record{mailed(sim.Delayed, 5, 0, 0, 0)}), "conservation: delayed after its final outcome"},
	})
}

func TestRetries(t *testing.T) {
	const minute = time.Minute
	delayed := func(until time.Duration) sim.Record {
		r := mailed(sim.Delayed, 0, 0, 0, 0)
		r.Until, r.Bounce = until, ses.TransientMailboxFull
		return r
	}
	given := func(at time.Duration, bounce, met ses.Bounce) sim.Record {
		r := mailed(sim.SoftBounced, at, 0, 0, 0)
		r.Bounce, r.Met = bounce, met
		return r
	}
	with := func(limit time.Duration) func(*sim.Config) {
		return func(cfg *sim.Config) {
			cfg.Accounts[0].Sets = []sim.ConfigurationSet{{Name: "plain"}, {Name: "short", MaxDelivery: limit}}
			cfg.Senders[0].Set = 2
		}
	}
	plain := func(cfg *sim.Config) { with(15 * minute)(cfg); cfg.Senders[0].Set = 1 }
	const full, custom, none = ses.TransientMailboxFull, ses.TransientCustomTimeout, ses.NoBounce
	short := with(15 * minute)
	for _, c := range []struct {
		name   string
		change func(*sim.Config)
		record sim.Record
		want   string
	}{
		{"the horizon of the rules", nil, given(14*time.Hour, full, none), ""},
		{"before the horizon", nil, given(14*time.Hour-1, full, none), "retries: given up at 13h59m59.999999999s, not at 14h0m0s"},
		{"after the horizon", nil, given(14*time.Hour+1, full, none), "retries: not at 14h0m0s"},
		{"a kind that is not retried", nil, given(minute, ses.TransientMessageTooLarge, none), ""},
		{"a set without a limit", plain, given(14*time.Hour, full, none), ""},
		{"the set's end", short, given(15*minute, custom, full), ""},
		{"before the set's end", short, given(15*minute-1, custom, full), "retries: not at 15m0s"},
		{"after the set's end", short, given(15*minute+1, custom, full), "retries: not at 15m0s"},
		{"the set's end under another name", short, given(15*minute, full, none), "retries: Transient/MailboxFull, but"},
		{"after what SES does not retry", short, given(15*minute, custom, ses.TransientMessageTooLarge), "retries: which SES does not retry"},
		{"the horizon of the rules as the set's", nil, given(14*time.Hour, custom, full), "retries: Transient/CustomTimeoutExceeded, but"},
		{"a set that says the same", with(14 * time.Hour), given(14*time.Hour, full, none), ""},
		{"the last attempt at the horizon", nil, delayed(14 * time.Hour), ""},
		{"an attempt after the horizon", nil, delayed(14*time.Hour + 1), "retries: the next attempt is at"},
		{"the last attempt at the set's end", short, delayed(15 * minute), ""},
		{"an attempt after the set's end", short, delayed(15*minute + 1), "retries: but the last may be at 15m0s"},
	} {
		play(t, []sequence{{c.name, c.change, []sim.Record{sent(0, 0, 0), c.record}, c.want}})
	}
}

func TestCalls(t *testing.T) {
	first := []sim.Record{sent(0, 0, 0, 1), refused(0, 1, ses.RefusedRate, 2)}
	last := []sim.Record{again(1, refused(time.Second, 1, ses.RefusedRate, 2)), again(2, sent(2*time.Second, 1, 2))}
	play(t, []sequence{
		{"refused twice, then sent", retrying, join(first, last), ""},
		{"a message left out", nil, []sim.Record{sent(0, 0, 0), sent(time.Hour, 2, 1)}, "calls: message 2 of sender news, after 1 messages"},
		{"sent again", retrying, []sim.Record{sent(0, 0, 0), again(1, sent(time.Hour, 0, 0))}, "calls: was not refused or was given up"},
		{"a retry left out", retrying, join(first, last[1:]), "calls: retry 2 of message 1 of sender news, after retry 0"},
		{"one retry too many", retrying, join(first, last[:1], []sim.Record{
			again(2, refused(2*time.Second-1, 1, ses.RefusedRate, 2)), again(3, sent(3*time.Second-1, 1, 2)),
		}), "calls: retry 3 of message 1 of sender news, which was not refused or was given up"},
		{"no retry after this reason", retrying, []sim.Record{
			refused(0, 0, ses.RefusedQuota, 2), again(1, sent(time.Second, 0, 2)),
		}, "calls: which was not refused or was given up"},
		{"waited too long", retrying, join(first, []sim.Record{again(1, sent(4*time.Second, 1, 2))}), "calls: no wait is longer than 1s"},
		{"other recipients", retrying, join(first, []sim.Record{again(1, sent(time.Second, 1, 3))}), "calls: goes to other recipients"},
		{"nobody", nil, []sim.Record{sent(0, 0)}, "calls: a call with 0 recipients"},
		{"not yet due", func(cfg *sim.Config) { cfg.Senders[0].Begin = time.Hour }, []sim.Record{sent(0, 0, 0)}, "calls: is not due now"},
		{"no longer due", func(cfg *sim.Config) { cfg.Senders[0].End = time.Hour }, []sim.Record{sent(time.Hour, 0, 0)}, "calls: is not due now"},
	})
}

func TestRate(t *testing.T) {
	slow := func(cfg *sim.Config) { cfg.Accounts[0].Rate = 1 }
	debtless := func(cfg *sim.Config) { slow(cfg); cfg.Rules.Rate.Debt = false }
	deep := func(cfg *sim.Config) { slow(cfg); cfg.Rules.Rate.BurstSeconds = 3 }
	set := func(cfg *sim.Config) {
		slow(cfg)
		cfg.Actions = []sim.Action{{At: time.Second / 2, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountRate, Number: 2}}}
	}
	third := func(cfg *sim.Config) { cfg.Accounts[0].Rate = 3 }
	five := sent(0, 0, 0, 1, 2, 3, 4)
	play(t, []sequence{
		// Five recipients at one a second: the bucket is at -4, and holds a
		// whole token again five seconds later.
		{"debt is repaid", slow, []sim.Record{five, refused(5*time.Second-1, 1, ses.RefusedRate, 5), sent(5*time.Second, 2, 6)}, ""},
		{"debt is not repaid", slow, []sim.Record{five, sent(5*time.Second-1, 1, 5)}, "rate: accepted 1 recipients with 0.999999999 tokens"},
		{"refused with a token", slow, []sim.Record{five, refused(5*time.Second, 1, ses.RefusedRate, 5)}, "rate: refused 1 recipients for the send rate with 1.000000000 tokens"},
		{"without debt a full bucket is enough", debtless, []sim.Record{five, sent(time.Second, 1, 5)}, ""},
		{"without debt and not full", debtless, []sim.Record{five, sent(time.Second-1, 1, 5, 6)}, "rate: accepted 2 recipients"},
		{"three seconds deep", deep, []sim.Record{sent(0, 0, 0), sent(0, 1, 1), sent(0, 2, 2), refused(0, 3, ses.RefusedRate, 3)}, ""},
		{"no more than the depth is saved", deep, []sim.Record{sent(day, 0, 0), sent(day, 1, 1), sent(day, 2, 2), sent(day, 3, 3)}, "rate: accepted 1 recipients with 0.000000000 tokens"},
		// Half a second at one a second and a quarter at two make a token.
		{"the rate rises", set, []sim.Record{sent(0, 0, 0), refused(3*time.Second/4-1, 1, ses.RefusedRate, 1), sent(3*time.Second/4, 2, 2)}, ""},
		{"thirds are exact", third, []sim.Record{
			sent(0, 0, 0, 1, 2, 3), refused(666_666_666, 1, ses.RefusedRate, 4), sent(666_666_667, 2, 5),
		}, ""},
		{"the rate is checked before the quota", slow, []sim.Record{
			sent(0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), refused(time.Second, 1, ses.RefusedQuota, 0),
		}, "rate: the send rate is checked first"},
	})
}

func TestQuota(t *testing.T) {
	tight := func(cfg *sim.Config) { cfg.Rules.Quota.MustFit = true }
	steps := func(cfg *sim.Config) { cfg.Rules.Quota.Granularity = time.Minute }
	full := sent(0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	late := sent(2*time.Minute-1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	raised := func(cfg *sim.Config) {
		cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountQuota, Number: 11}}}
	}
	granted := func(cfg *sim.Config) {
		cfg.Accounts[0].Requests = []sim.Request{{At: time.Minute, After: 59 * time.Minute, Quota: 11}}
	}
	grown := func(cfg *sim.Config) { cfg.Rules.AutoIncrease.Cap = 11 }
	unlimited := func(cfg *sim.Config) { cfg.Accounts[0].Quota = -1 }
	closed := func(cfg *sim.Config) { cfg.Accounts[0].Quota = 0 }
	simulator := func(cfg *sim.Config) { cfg.Audiences[0].Domain = "Simulator.amazonses.com"; closed(cfg) }
	play(t, []sequence{
		{"a slot is free after a day", nil, []sim.Record{full, refused(day-1, 1, ses.RefusedQuota, 0), sent(day, 2, 0)}, ""},
		{"a slot is not free before", nil, []sim.Record{full, sent(day-1, 1, 0)}, "quota: accepted 1 recipients with 10 of 10 used"},
		{"a slot is free a day after its step began", steps, []sim.Record{late, refused(day+time.Minute-1, 1, ses.RefusedQuota, 0), sent(day+time.Minute, 2, 0)}, ""},
		{"a slot is not free before that", steps, []sim.Record{late, sent(day+time.Minute-1, 1, 0)}, "quota: accepted 1 recipients with 10 of 10 used"},
		{"refused when the step has left", steps, []sim.Record{late, refused(day+time.Minute, 1, ses.RefusedQuota, 0)}, "quota: refused for the quota: 1 recipients, 0 of 10 used"},
		{"refused with room", nil, []sim.Record{full, refused(day, 1, ses.RefusedQuota, 0)}, "quota: refused for the quota: 1 recipients, 0 of 10 used"},
		{"the last call goes over", nil, []sim.Record{sent(0, 0, 0, 1, 2), sent(time.Hour, 1, 0, 1, 2, 3, 4, 5), sent(2*time.Hour, 2, 0, 1, 2), refused(3*time.Hour, 3, ses.RefusedQuota, 0)}, ""},
		{"all must fit", tight, []sim.Record{sent(0, 0, 0, 1, 2, 3, 4, 5, 6, 7), refused(time.Hour, 1, ses.RefusedQuota, 0, 1, 2), sent(2*time.Hour, 2, 0, 1)}, ""},
		{"not all fit", tight, []sim.Record{sent(0, 0, 0, 1, 2, 3, 4, 5, 6, 7), sent(time.Hour, 1, 0, 1, 2)}, "quota: accepted 3 recipients with 8 of 10 used"},
		{"the quota is raised", raised, []sim.Record{full, refused(time.Hour-1, 1, ses.RefusedQuota, 0), sent(time.Hour, 2, 1), refused(2*time.Hour, 3, ses.RefusedQuota, 2)}, ""},
		{"a request is granted", granted, []sim.Record{
			full, changed(time.Minute, ses.EventRequested, rules.ProdRequest), refused(time.Minute, 1, ses.RefusedQuota, 0),
			changed(time.Hour, ses.EventGranted, 0), sent(time.Hour, 2, 1), refused(2*time.Hour, 3, ses.RefusedQuota, 2),
		}, ""},
		{"it grows by itself", grown, []sim.Record{full, changed(time.Hour, ses.EventQuotaRaised, 0), sent(time.Hour, 1, 1), refused(2*time.Hour, 2, ses.RefusedQuota, 2)}, ""},
		{"unlimited", unlimited, []sim.Record{full, sent(time.Hour, 1, 1)}, ""},
		{"refused though unlimited", unlimited, []sim.Record{refused(0, 0, ses.RefusedQuota, 0)}, "quota: refused for the quota"},
		{"a quota of nothing", closed, []sim.Record{sent(0, 0, 0)}, "quota: accepted 1 recipients with 0 of 0 used"},
		{"the simulator is free", simulator, []sim.Record{sent(0, 0, 0), mailed(sim.Simulated, 0, 0, 0, 0)}, ""},
		{"the simulator is refused", simulator, []sim.Record{refused(0, 0, ses.RefusedQuota, 0)}, "quota: refused for the quota: 0 recipients"},
	})
}

// triggered puts the account under review after an hour, whatever its rates.
func triggered(cfg *sim.Config) {
	cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoTrigger, Cause: "spamtrap"}}
}

func TestPaused(t *testing.T) {
	customer := func(cfg *sim.Config) {
		cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoPause}, {At: 3 * time.Hour, Do: sim.DoResume}}
	}
	set := func(cfg *sim.Config) {
		cfg.Accounts[0].Sets = []sim.ConfigurationSet{{Name: "plain"}, {Name: "stopped", Paused: true}}
		cfg.Senders[0].Set = 2
		cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoResume, Set: 2}}
	}
	appeals := func(cfg *sim.Config) {
		cfg.Actions = []sim.Action{{At: 2 * time.Hour, Do: sim.DoAppeal, Accepted: true, After: time.Hour}}
	}
	pause, stop, resume := changed(time.Hour, ses.EventPaused, 0), changed(time.Hour, ses.EventCustomerPaused, 0), changed(3*time.Hour, ses.EventCustomerResumed, 0)
	appealed, healthy := changed(2*time.Hour, ses.EventAppealed, rules.AppealFreshStart), changed(3*time.Hour, ses.EventHealthy, rules.AppealFreshStart)
	play(t, []sequence{
		{"paused by AWS", appeals, []sim.Record{sent(0, 0, 0), pause, appealed, refused(2*time.Hour, 1, ses.RefusedPaused, 1), healthy, sent(3*time.Hour, 2, 2)}, ""},
		{"sent all the same", nil, []sim.Record{pause, sent(2*time.Hour, 0, 0)}, "paused: a call was accepted while sending is paused"},
		{"under review", triggered, []sim.Record{changed(time.Hour, ses.EventUnderReview, rules.RepTrigger), sent(2*time.Hour, 0, 0)}, ""},
		{"refused for another reason", nil, []sim.Record{pause, refused(2*time.Hour, 0, ses.RefusedRate, 0)}, `paused: a call was refused as "rate" while sending is paused`},
		{"paused by the customer", customer, []sim.Record{stop, refused(time.Hour, 0, ses.RefusedPaused, 0), refused(3*time.Hour-1, 1, ses.RefusedPaused, 1), resume, sent(3*time.Hour, 2, 2)}, ""},
		{"sent all the same, by the customer", customer, []sim.Record{stop, sent(time.Hour, 0, 0)}, "paused: a call was accepted while sending is paused"},
		{"a set is paused and resumed", set, []sim.Record{refused(0, 0, ses.RefusedPaused, 0), noted(time.Hour, ses.EventSetResumed, "stopped"), sent(time.Hour, 1, 1)}, ""},
		{"sent with a paused set", set, []sim.Record{sent(0, 0, 0)}, "paused: a call was accepted while sending is paused"},
		{"resuming does not lift AWS's pause", customer, []sim.Record{pause, stop, resume, sent(4*time.Hour, 0, 0)}, "paused: a call was accepted while sending is paused"},
		{"refused for no pause", nil, []sim.Record{refused(0, 0, ses.RefusedPaused, 0)}, "paused: a call was refused as paused while the account is HEALTHY"},
	})
}
