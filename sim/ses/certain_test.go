package ses_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestRefusesUntil asks random accounts, whose buckets and windows are full, in debt or
// nearly so, until when they refuse calls. Up to a nanosecond before that moment every
// call must be refused for the given reason, whatever its number of recipients; at that
// moment an empty bucket must have a token and fewer recipients count towards the quota.
func TestRefusesUntil(t *testing.T) {
	seen := map[ses.Reason]int{}
	proptest.Check(t, func(t *rapid.T) {
		draw := func(name string, values ...int64) int64 { return rapid.SampledFrom(values).Draw(t, name) }
		is := func(name string, oneIn int) bool { return rapid.IntRange(1, oneIn).Draw(t, name) == 1 }
		set := ruleSet(t)
		set.Quota.MustFit = is("must fit", 2)
		set.Quota.Granularity = time.Duration(draw("granularity", 0, 0, int64(time.Minute), int64(7*time.Hour)))
		set.Rate = rules.Rate{BurstSeconds: draw("burst", 1, 3, 10), Debt: is("debt", 2)}
		set.Identity.AfterLimits = is("identities last", 2)
		rates := []int64{1, 3, 14, 1_000_000}
		a := ses.NewAccount(ses.Spec{Access: ses.Production, Quota: draw("quota", -1, 0, 1, 20, 60), Rate: draw("rate", rates...)}, set, nil)
		now := time.Duration(0)
		for range rapid.IntRange(1, 60).Draw(t, "calls") {
			now += time.Duration(draw("gap", 0, 1, int64(time.Second)/14, int64(time.Second)-1, int64(time.Second), int64(time.Hour), int64(day)-1))
			switch rapid.IntRange(0, 15).Draw(t, "what") {
			case 0:
				a.Pause(now)
			case 1, 2, 3:
				a.Resume(now)
			case 4:
				a.SetQuota(now, draw("new quota", -1, 0, 3, 30))
			case 5:
				a.SetRate(now, draw("new rate", rates...))
			}
			c := ses.Call{Invalid: is("invalid", 12), Unverified: is("unverified", 6), SetPaused: is("set paused", 12)}
			reason, until := a.RefusesUntil(now, c)
			if seen[reason]++; reason != ses.Accepted && until <= now {
				t.Fatalf("at %v: %v until %v", now, reason, until)
			}
			used := a.QuotaUsed(now)
			n := rapid.Int64Range(1, ses.MaxRecipients).Draw(t, "recipients")
			for reason != ses.Accepted {
				c.Recipients, c.Counted = n, n
				if got := a.Admit(now, c); got != reason {
					t.Fatalf("at %v, before %v, a call to %d: %v, want %v", now, until, n, got, reason)
				}
				if until-now == 1 || until > now+year {
					break
				}
				now += rapid.SampledFrom([]time.Duration{until - 1 - now, (until - now) / 2}).Draw(t, "later")
				n = rapid.SampledFrom([]int64{1, 2, ses.MaxRecipients}).Draw(t, "recipients")
			}
			switch {
			case reason == ses.RefusedRate && a.Meters(until).Tokens < 1000:
				t.Fatalf("at %v: %d thousandths of a token", until, a.Meters(until).Tokens)
			case reason == ses.RefusedQuota && until < now+year && a.QuotaUsed(until) >= used:
				t.Fatalf("at %v: %d recipients count, as before", until, used)
			}
			if reason == ses.RefusedRate || reason == ses.RefusedQuota && until < now+year {
				now = until
			}
			a.Admit(now, to(n))
		}
	})
	for _, r := range []ses.Reason{ses.Accepted, ses.RefusedPaused, ses.RefusedUnverified, ses.RefusedRate, ses.RefusedQuota} {
		if seen[r] == 0 {
			t.Errorf("no account was ever found to answer %v", r)
		}
	}
}
