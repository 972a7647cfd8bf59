package ses_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/ses"
)

// slowQuota is the rolling quota without any cleverness: it keeps all it ever
// accepted and adds up what lies in (now-24h, now], counted from the beginning
// of its step.
type slowQuota struct {
	quota   int64
	mustFit bool
	step    time.Duration // 0: there are none
	at      []time.Duration
	n       []int64
	highest float64
}

func (s *slowQuota) used(now time.Duration) int64 {
	sum := int64(0)
	for i, at := range s.at {
		if now < s.leaves(at) {
			sum += s.n[i]
		}
	}
	return sum
}

// leaves returns when what was accepted at some time leaves the window.
func (s *slowQuota) leaves(at time.Duration) time.Duration {
	if s.step > 0 {
		at = at / s.step * s.step
	}
	return at + day
}

// frees returns when the oldest of what is used leaves the window, or 0.
func (s *slowQuota) frees(now time.Duration) time.Duration {
	for _, at := range s.at {
		if now < s.leaves(at) {
			return s.leaves(at)
		}
	}
	return 0
}

func (s *slowQuota) admits(now time.Duration, n int64) bool {
	used := s.used(now)
	if s.quota >= 0 && (s.mustFit && used+n > s.quota || !s.mustFit && used >= s.quota) {
		return false
	}
	s.at, s.n = append(s.at, now), append(s.n, n)
	s.look(now)
	return true
}

// look notes how much of the quota is in use now.
func (s *slowQuota) look(now time.Duration) {
	if s.quota > 0 {
		s.highest = max(s.highest, float64(s.used(now))/float64(s.quota))
	}
}

// TestQuotaAgainstSlowTwin makes random calls at random times: at the same
// time, a nanosecond around 24 hours apart, days apart. Decisions and figures
// must be those of the twin, whether or not anybody looked in between.
func TestQuotaAgainstSlowTwin(t *testing.T) {
	gaps := rapid.OneOf(
		rapid.SampledFrom([]time.Duration{0, 0, 1, time.Second, day / 2, day - 1, day, day + 1, 3 * day}),
		rapid.Map(rapid.Int64Range(0, int64(2*time.Hour)), func(n int64) time.Duration { return time.Duration(n) }),
	)
	quotas := rapid.SampledFrom([]int64{-1, 0, 1, 49, 50, 51, 200, 1000})
	steps := rapid.SampledFrom([]time.Duration{0, 1, time.Second, time.Minute, 15 * time.Minute, 7 * time.Hour, day})
	proptest.Check(t, func(t *rapid.T) {
		twin := slowQuota{quota: quotas.Draw(t, "quota"), mustFit: rapid.Bool().Draw(t, "must fit"), step: steps.Draw(t, "step")}
		set := ruleSet(t)
		set.Quota.MustFit, set.Quota.Granularity = twin.mustFit, twin.step
		a := ses.NewAccount(ses.Spec{Quota: twin.quota, Rate: 1_000_000}, set, nil)
		now := time.Duration(0)
		for range rapid.IntRange(1, 150).Draw(t, "calls") {
			now += gaps.Draw(t, "gap")
			if rapid.IntRange(0, 19).Draw(t, "change the quota") == 0 {
				twin.quota = quotas.Draw(t, "quota")
				twin.look(now)
				a.SetQuota(now, twin.quota)
			}
			n := rapid.Int64Range(1, ses.MaxRecipients).Draw(t, "recipients")
			got, want := a.Admit(now, to(n)) == ses.Accepted, twin.admits(now, n)
			if got != want {
				t.Fatalf("at %v a call to %d with %d of %d used: accepted %v, want %v", now, n, twin.used(now), twin.quota, got, want)
			}
			if looks := rapid.Bool().Draw(t, "look"); !looks {
				continue // only calls move the account on
			}
			if got, want := a.QuotaUsed(now), twin.used(now); got != want {
				t.Fatalf("at %v: %d used, want %d", now, got, want)
			}
			if got, want := a.Meters(now).Frees, twin.frees(now); got != want {
				t.Fatalf("at %v: the oldest leaves at %v, want %v", now, got, want)
			}
			if _, highest := a.QuotaUse(now); highest != twin.highest {
				t.Fatalf("at %v: at most %v of the quota, want %v", now, highest, twin.highest)
			}
		}
	})
}

// TestQuotaOverManyCalls has a hundred to two thousand calls in the window at
// a time, coming and going in waves, so that whatever holds them grows while
// it is in use. The second round looks at the window once in a while only.
func TestQuotaOverManyCalls(t *testing.T) {
	for _, looks := range []int{1, 977} {
		r := rand.New(rand.NewPCG(1, 2))
		a := newAccount(t, unbounded)
		var at []time.Duration // of every call so far
		oldest, now := 0, time.Duration(0)
		for i := range 20_000 {
			spread := day / 100
			if i/2_000%2 == 1 {
				spread = day / 1_000
			}
			now += time.Duration(r.Int64N(int64(spread)))
			admit(t, a, now, to(1), ses.Accepted)
			at = append(at, now)
			for now-at[oldest] >= day {
				oldest++
			}
			if want := int64(len(at) - oldest); i%looks == 0 && a.QuotaUsed(now) != want {
				t.Fatalf("after %d calls: %d used, want %d", i+1, a.QuotaUsed(now), want)
			}
		}
	}
}
