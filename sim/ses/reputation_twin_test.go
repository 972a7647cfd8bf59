package ses_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// interval is a bucket of the slow twin.
type interval struct {
	from             time.Duration
	eligible, events int64
}

// slowRate keeps every interval there ever was and walks back over all of
// them each time it is asked.
type slowRate struct {
	rules            rules.Reputation
	intervals        []interval
	from             time.Duration // of the interval that is not closed
	highest, decided float64
	decisive         bool
}

// volume walks back until the representative volume is covered, by mails and
// by days, and not beyond the longest lookback.
func (s *slowRate) volume(now time.Duration) (eligible, events int64, span time.Duration) {
	end := now // of the interval
	for i := len(s.intervals) - 1; i >= 0; i-- {
		x := s.intervals[i]
		recent := s.rules.WindowDays > 0 && now-end < time.Duration(s.rules.WindowDays)*day
		end = x.from
		if eligible >= s.rules.WindowEligible && !recent {
			break
		}
		if s.rules.MaxLookback > 0 && now-x.from > s.rules.MaxLookback {
			break
		}
		if x.eligible == 0 && x.events == 0 {
			continue
		}
		eligible, events, span = eligible+x.eligible, events+x.events, now-x.from
	}
	return eligible, min(events, eligible), span
}

func (s *slowRate) close(now time.Duration, eligible, events int64) {
	s.intervals = append(s.intervals, interval{s.from, eligible, events})
	s.from = now
	if n, e, _ := s.volume(now); n > 0 {
		rate := float64(e) / float64(n)
		s.highest = max(s.highest, rate)
		if n >= s.rules.MinEligible {
			s.decisive, s.decided = true, max(s.decided, rate)
		}
	}
}

// check compares figures with those of the twin. Where a volume that allowed
// decisions has shrunk to one that does not, the highest rate is left out.
func (s *slowRate) check(t *rapid.T, name string, now time.Duration, got ses.RateFigures) {
	n, e, span := s.volume(now)
	if got.Eligible != n || got.Events != e || got.Span != span {
		t.Fatalf("%v: %s %d of %d over %v, want %d of %d over %v", now, name, got.Events, got.Eligible, got.Span, e, n, span)
	}
	if want := float64(e) / float64(max(n, 1)); n > 0 && got.Final != want || n == 0 && got.Final != 0 {
		t.Fatalf("%v: %s %v, want %v", now, name, got.Final, want)
	}
	want := s.highest
	if s.decisive {
		want = s.decided
	}
	if (!s.decisive || n >= s.rules.MinEligible) && got.Max != want {
		t.Fatalf("%v: %s at most %v, want %v", now, name, got.Max, want)
	}
}

// TestRatesAgainstSlowTwin counts random mail in random intervals, many of
// them empty or with bounces alone, under random rules. The volumes are small
// so that hundreds of intervals go by.
func TestRatesAgainstSlowTwin(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		set := ruleSet(t)
		set.Rep.WindowEligible = rapid.SampledFrom([]int64{1, 5, 50, 400}).Draw(t, "window")
		set.Rep.WindowDays = rapid.SampledFrom([]int64{0, 0, 1, 3}).Draw(t, "days")
		set.Rep.MaxLookback = rapid.SampledFrom([]time.Duration{0, 0, day, 5 * day, 5*day + 1}).Draw(t, "lookback")
		set.Rep.MinEligible = rapid.SampledFrom([]int64{0, 1, 10, 100}).Draw(t, "least volume")
		bounces, complaints := &slowRate{rules: set.Rep}, &slowRate{rules: set.Rep}
		a := ses.NewAccount(released, set, nil)
		gap := rapid.SampledFrom([]time.Duration{15 * time.Minute, 6 * time.Hour, 6*time.Hour + 1, day, 7 * day})
		mails := rapid.SampledFrom([]int64{0, 0, 1, 4, 5, 20})
		events := rapid.SampledFrom([]int64{0, 0, 0, 1, 2})
		now := time.Duration(0)
		for range rapid.IntRange(1, 300).Draw(t, "intervals") {
			loop, other := mails.Draw(t, "with a loop"), mails.Draw(t, "without")
			bounced, complained := events.Draw(t, "bounces"), events.Draw(t, "complaints")
			mail(a, int(loop), int(bounced), int(complained))
			for range other {
				a.CountEligible(false)
			}
			now += gap.Draw(t, "gap")
			a.CloseRates(now)
			bounces.close(now, loop+other, bounced)
			complaints.close(now, loop, complained)
			bounce, complaint := a.Rates(now)
			bounces.check(t, "bounce rate", now, bounce)
			complaints.check(t, "complaint rate", now, complaint)
		}
	})
}
