package ses_test

import (
	"fmt"
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

func mustFit(s *rules.Set) { s.Quota.MustFit = true }

// TestQuota covers the sending quota (guide, managing sending quotas): it
// counts recipients, rolls over 24 hours, and never starts anew at midnight.
func TestQuota(t *testing.T) {
	// The sandbox's 200 in 24 hours: the 201st is refused, and a burst frees
	// exactly 24 hours later.
	t.Run("quota.rolling", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		start := 17 * time.Hour // so that a midnight lies in between
		for i := range 200 {
			admit(t, a, start+time.Duration(i)*time.Second, to(1), ses.Accepted)
		}
		admit(t, a, start+200*time.Second, to(1), ses.RefusedQuota)
		admit(t, a, start+day-1, to(1), ses.RefusedQuota)
		admit(t, a, start+day, to(1), ses.Accepted)
		admit(t, a, start+day+time.Second-1, to(1), ses.RefusedRate)
		admit(t, a, start+day+time.Second, to(1), ses.Accepted)
		admit(t, a, start+day+2*time.Second-1, to(1), ses.RefusedRate)
		if used := a.QuotaUsed(start + day + 2*time.Second - 1); used != 200 {
			t.Errorf("%d of the quota used, want 200", used)
		}
	})
	// Four messages to 50 recipients each, 50 s apart, use up the sandbox's
	// day.
	t.Run("recipients count, not messages", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		for i := range 4 {
			admit(t, a, time.Duration(i)*50*time.Second, to(50), ses.Accepted)
		}
		admit(t, a, 200*time.Second, to(1), ses.RefusedQuota)
		admit(t, a, day-1, to(1), ses.RefusedQuota)
		admit(t, a, day, to(50), ses.Accepted)
	})
	// AWS's blog: any quota left admits a call with several recipients. The
	// guide: what would exceed the quota is refused.
	for _, c := range []struct {
		name           string
		changes        []change
		quota, used, n int64
		want           ses.Reason
	}{
		{"any_left: one left, one wanted", nil, 10, 9, 1, ses.Accepted},
		{"any_left: one left, fifty wanted", nil, 10, 9, 50, ses.Accepted},
		{"any_left: none left", nil, 10, 10, 1, ses.RefusedQuota},
		{"any_left: overdrawn", nil, 10, 11, 1, ses.RefusedQuota},
		{"must_fit: one left, one wanted", []change{mustFit}, 10, 9, 1, ses.Accepted},
		{"must_fit: one left, two wanted", []change{mustFit}, 10, 9, 2, ses.RefusedQuota},
		{"must_fit: none left", []change{mustFit}, 10, 10, 1, ses.RefusedQuota},
		{"an unlimited quota", nil, -1, 50, 50, ses.Accepted},
		{"an unlimited quota that must fit", []change{mustFit}, -1, 50, 50, ses.Accepted},
		{"no quota at all", nil, 0, 0, 1, ses.RefusedQuota},
		{"no quota at all that must fit", []change{mustFit}, 0, 0, 1, ses.RefusedQuota},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := unbounded
			a := newAccount(t, spec, c.changes...)
			if c.used > 0 {
				admit(t, a, 0, to(c.used), ses.Accepted)
			}
			a.SetQuota(0, c.quota)
			admit(t, a, 0, to(c.n), c.want)
		})
	}
}

// TestQuotaInSteps checks when a recipient leaves a window that counts in
// steps: 24 hours after the beginning of the step in which it was accepted.
func TestQuotaInSteps(t *testing.T) {
	for _, c := range []struct{ step, at, frees time.Duration }{
		{0, 10*time.Minute + 1, day + 10*time.Minute + 1},
		{1, 10*time.Minute + 1, day + 10*time.Minute + 1},
		{time.Minute, 0, day},
		{time.Minute, 10*time.Minute - 1, day + 9*time.Minute},
		{time.Minute, 10 * time.Minute, day + 10*time.Minute},
		{time.Minute, 10*time.Minute + 1, day + 10*time.Minute},
		{time.Minute, 11*time.Minute - 1, day + 10*time.Minute},
		{time.Minute, 11 * time.Minute, day + 11*time.Minute},
		{15 * time.Minute, 30*time.Minute - 1, day + 15*time.Minute},
		{15 * time.Minute, 30 * time.Minute, day + 30*time.Minute},
		{15 * time.Minute, 30*time.Minute + 1, day + 30*time.Minute},
		{15 * time.Minute, 45*time.Minute - 1, day + 30*time.Minute},
		{15 * time.Minute, 45 * time.Minute, day + 45*time.Minute},
		{7 * time.Hour, 4*day + 2*time.Hour, 5*day + 2*time.Hour}, // 98 h are 14 steps
		{7 * time.Hour, 4*day + 2*time.Hour - 1, 4*day + 19*time.Hour},
		{day, 0, day}, // a fixed day
		{day, day - 1, day},
		{day, day, 2 * day},
		{day, 2*day - 1, 2 * day},
	} {
		t.Run(fmt.Sprintf("%v at %v", c.step, c.at), func(t *testing.T) {
			a := newAccount(t, ses.Spec{Quota: 1, Rate: 1_000_000}, func(s *rules.Set) { s.Quota.Granularity = c.step })
			used := func(now time.Duration, want int64, frees time.Duration) {
				t.Helper()
				share, _ := a.QuotaUse(now)
				m, sent := a.Meters(now), a.Describe(now).SentLast24Hours
				if a.QuotaUsed(now) != want || share != float64(want) || sent != want || m.Used != want || m.Frees != frees {
					t.Errorf("at %v: %d used, %v of the quota, %d sent, %+v; want %d, which leaves at %v", now, a.QuotaUsed(now), share, sent, m, want, frees)
				}
			}
			admit(t, a, c.at, to(1), ses.Accepted)
			admit(t, a, c.frees-1, to(1), ses.RefusedQuota)
			used(c.frees-1, 1, c.frees)
			used(c.frees, 0, 0)
			admit(t, a, c.frees, to(1), ses.Accepted)
		})
	}
	// Sixty calls, a second apart, half of them in each of two minutes.
	t.Run("a step leaves as one", func(t *testing.T) {
		a := newAccount(t, unbounded, func(s *rules.Set) { s.Quota.Granularity = time.Minute })
		for i := range time.Duration(60) {
			admit(t, a, 30*time.Second+i*time.Second, to(1), ses.Accepted)
		}
		for _, c := range []struct {
			now  time.Duration
			want int64
		}{{day - 1, 60}, {day, 30}, {day + time.Minute - 1, 30}, {day + time.Minute, 0}} {
			if got := a.QuotaUsed(c.now); got != c.want {
				t.Errorf("at %v: %d used, want %d", c.now, got, c.want)
			}
		}
	})
}

// TestQuotaUse follows the share of the quota in use through changes of the
// quota. The highest share is that of any moment, under the quota of then.
func TestQuotaUse(t *testing.T) {
	a := newAccount(t, unbounded)
	a.SetQuota(0, 100)
	at := time.Duration(0)
	step := func(name string, wantNow, wantMax float64) {
		t.Helper()
		if final, highest := a.QuotaUse(at); final != wantNow || highest != wantMax {
			t.Errorf("%s: %v in use, at most %v; want %v and %v", name, final, highest, wantNow, wantMax)
		}
	}
	step("nothing sent", 0, 0)
	admit(t, a, at, to(50), ses.Accepted)
	step("half", 0.5, 0.5)
	a.SetQuota(at, 200)
	step("twice the quota: the maximum stays", 0.25, 0.5)
	admit(t, a, at, to(20), ses.Accepted)
	step("more sent, below the maximum", 0.35, 0.5)
	a.SetQuota(at, 40)
	step("a quota below what was sent", 1.75, 1.75)
	at = day
	step("a day later", 0, 1.75)
	a.SetQuota(at, 50)
	step("the quota changes while nothing is in use", 0, 1.75)
	admit(t, a, at, to(49), ses.Accepted)
	admit(t, a, at, to(50), ses.Accepted)
	step("overdrawn by the rule any_left", 1.98, 1.98)
	a.SetQuota(at, -1)
	step("unlimited", 0, 1.98)
	admit(t, a, at, to(50), ses.Accepted)
	step("unlimited, and more sent", 0, 1.98)
	a.SetQuota(at, 1000)
	step("limited again", 0.149, 1.98)
	a.SetQuota(at, 0)
	step("no quota: there is no share of it", 0, 1.98)
}

// TestMeters checks the figures that a decision is explained by.
func TestMeters(t *testing.T) {
	a := newAccount(t, released)
	admit(t, a, time.Hour, to(20), ses.Accepted)
	want := ses.Meters{Used: 20, Quota: 50_000, Tokens: -6_000, MaxRate: 14, Frees: time.Hour + day}
	if got := a.Meters(time.Hour); got != want {
		t.Errorf("right after the call: %+v, want %+v", got, want)
	}
	want.Tokens = 1_000
	if got := a.Meters(time.Hour + 500*time.Millisecond); got != want {
		t.Errorf("half a second later: %+v, want %+v", got, want)
	}
	want.Used, want.Tokens, want.Frees = 0, 14_000, 0
	if got := a.Meters(time.Hour + day); got != want {
		t.Errorf("a day later: %+v, want %+v", got, want)
	}
	if a.Quota() != 50_000 || a.MaxRate() != 14 || a.Access() != ses.Production {
		t.Errorf("quota %d, rate %d, %v", a.Quota(), a.MaxRate(), a.Access())
	}
}
