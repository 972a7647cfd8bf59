package ses_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/measure"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

func perRegion(s *rules.Set)      { s.Global.PerRegion = true }
func deliveryResets(s *rules.Set) { s.Global.DeliveryResets = true }

func durations(stays ...time.Duration) change {
	return func(s *rules.Set) { s.Global.Durations = stays }
}

func memory(d time.Duration) change { return func(s *rules.Set) { s.Global.StrikeMemory = d } }

// newGlobal returns an empty global list for three Regions.
func newGlobal(t *testing.T, changes ...change) *ses.GlobalList {
	t.Helper()
	return ses.NewGlobalList(&ruleSet(t, changes...).Global, make([]uint8, addresses), 3, time.Hour)
}

// strike counts a hard bounce of address 5 from Region 0 and wants a stay of
// that length.
func strike(t *testing.T, g *ses.GlobalList, now, stay time.Duration, strikes int) {
	t.Helper()
	until, n, began := g.Strike(now, 0, 5)
	if !began || until != now+stay || n != strikes {
		t.Errorf("a bounce at %v: until %v, strike %d, began %v; want until %v, strike %d", now, until, n, began, now+stay, strikes)
	}
}

// suppressed wants an address to be on the list or not.
func suppressed(t *testing.T, g *ses.GlobalList, now time.Duration, region int, address uint32, want bool) {
	t.Helper()
	if got := g.Suppresses(now, region, address); got != want {
		t.Errorf("at %v, Region %d, address %d: suppressed %v, want %v", now, region, address, got, want)
	}
}

// TestGlobalEscalation covers how long stays last (guide, global suppression
// list): short at first, longer with each further hard bounce, at most 14
// days. The steps and the memory are assumptions.
func TestGlobalEscalation(t *testing.T) {
	t.Run("global.escalation", func(t *testing.T) {
		g := newGlobal(t)
		now := time.Duration(0)
		for i, stay := range []time.Duration{1 * day, 2 * day, 4 * day, 8 * day, 14 * day, 14 * day, 14 * day} {
			strike(t, g, now, stay, i+1)
			suppressed(t, g, now, 0, 5, true)
			suppressed(t, g, now+stay-1, 0, 5, true)
			suppressed(t, g, now+stay, 0, 5, false)
			now += stay
		}
		if g.Added() != 7 {
			t.Errorf("%d stays began, want 7", g.Added())
		}
	})
	t.Run("the rule of 2020: fourteen days flat", func(t *testing.T) {
		g := newGlobal(t, durations(14*day))
		for i := range 3 {
			strike(t, g, time.Duration(i)*14*day, 14*day, i+1)
		}
	})
	t.Run("a bounce during a stay begins none", func(t *testing.T) {
		g := newGlobal(t)
		strike(t, g, 0, day, 1)
		for _, now := range []time.Duration{0, 1, day - 1} {
			if until, n, began := g.Strike(now, 0, 5); began || until != day || n != 1 {
				t.Errorf("at %v: until %v, strike %d, began %v", now, until, n, began)
			}
		}
		strike(t, g, day, 2*day, 2)
	})
	t.Run("each address for itself", func(t *testing.T) {
		g := newGlobal(t)
		strike(t, g, 0, day, 1)
		strike(t, g, day, 2*day, 2)
		if until, n, began := g.Strike(day, 0, 6); !began || until != 2*day || n != 1 {
			t.Errorf("another address: until %v, strike %d, began %v", until, n, began)
		}
		suppressed(t, g, day, 0, 7, false)
	})
	for _, c := range []struct {
		name          string
		memory, pause time.Duration
		stay          time.Duration
		strikes       int
	}{
		{"the bounce is remembered up to 90 days", 90 * day, 90*day - 1, 4 * day, 3},
		{"after exactly 90 days it is forgotten", 90 * day, 90 * day, day, 1},
		{"a memory of 14 days", 14 * day, 14 * day, day, 1},
		{"a memory without end", 0, 99 * year, 4 * day, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGlobal(t, memory(c.memory))
			strike(t, g, 0, day, 1)
			strike(t, g, day, 2*day, 2)
			strike(t, g, day+c.pause, c.stay, c.strikes)
		})
	}
}

// TestGlobalRemembersBouncesOfAStay checks that the memory begins with the last
// hard bounce, though it came while the address was listed and began no stay:
// of mail that went out before, or past the list.
func TestGlobalRemembersBouncesOfAStay(t *testing.T) {
	for _, c := range []struct {
		name    string
		at      time.Duration
		strikes int
	}{
		{"up to 14 days after it", 24*day - 1, 2},
		{"14 days after it, no more", 24 * day, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGlobal(t, memory(14*day), func(s *rules.Set) { s.Global.Durations = []time.Duration{14 * day} })
			strike(t, g, 0, 14*day, 1)
			if _, _, began := g.Strike(10*day, 0, 5); began {
				t.Error("a bounce during a stay began another")
			}
			strike(t, g, c.at, 14*day, c.strikes)
		})
	}
}

// TestGlobalEscalatesOnSuppressedSends checks the next stay that a suppressed
// send begins where the rules say so (not published; off by default).
func TestGlobalEscalatesOnSuppressedSends(t *testing.T) {
	g := newGlobal(t)
	strike(t, g, 0, day, 1)
	for i, want := range []time.Duration{2 * day, 4 * day, 8 * day, 14 * day, 14 * day} {
		now := time.Duration(i+1) * time.Hour
		if until, n := g.Escalate(now, 0, 5); until != now+want || n != i+2 {
			t.Errorf("at %v: until %v, strike %d; want until %v, strike %d", now, until, n, now+want, i+2)
		}
	}
	if until, n := g.Stay(0, 5); until != 5*time.Hour+14*day || n != 6 {
		t.Errorf("the stay ends at %v with strike %d", until, n)
	}
	if until, n := g.Stay(0, 6); until != 0 || n != 0 {
		t.Errorf("an address that never bounced stays until %v with strike %d", until, n)
	}
	if g.Added() != 6 || g.Listed(5*time.Hour) != 1 {
		t.Errorf("%d stays, %d listed; want 6 and 1", g.Added(), g.Listed(5*time.Hour))
	}
}

// TestGlobalForgives checks what a delivery does where the rules say so.
func TestGlobalForgives(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []change
		at      time.Duration
		stay    time.Duration
		strikes int
	}{
		{"by default nothing", nil, 3 * day, 4 * day, 3},
		{"a delivery after the stay", []change{deliveryResets}, 3 * day, day, 1},
		{"a delivery of mail from before the stay", []change{deliveryResets}, 3*day - 1, 4 * day, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGlobal(t, c.changes...)
			strike(t, g, 0, day, 1)
			strike(t, g, day, 2*day, 2)
			g.Forgive(c.at, 0, 5)
			g.Forgive(c.at, 0, 6) // has no record
			strike(t, g, 4*day, c.stay, c.strikes)
		})
	}
}

// TestGlobalScope checks that the list holds for every Region (guide, global
// suppression list), or, as the text of 2018 has it, for one.
func TestGlobalScope(t *testing.T) {
	t.Run("global.suppressed", func(t *testing.T) {
		g := newGlobal(t)
		strike(t, g, 0, day, 1)
		for region := range 3 {
			suppressed(t, g, day-1, region, 5, true)
			suppressed(t, g, day, region, 5, false)
		}
		if until, n, began := g.Strike(day, 2, 5); !began || until != 3*day || n != 2 {
			t.Errorf("a bounce in another Region: until %v, strike %d, began %v", until, n, began)
		}
	})
	t.Run("a list for each Region", func(t *testing.T) {
		g := newGlobal(t, perRegion)
		strike(t, g, 0, day, 1)
		suppressed(t, g, 0, 0, 5, true)
		suppressed(t, g, 0, 1, 5, false)
		if until, n, began := g.Strike(0, 2, 5); !began || until != day || n != 1 {
			t.Errorf("a bounce in another Region: until %v, strike %d, began %v", until, n, began)
		}
		if g.Listed(0) != 2 || g.Added() != 2 {
			t.Errorf("%d listed, %d stays; want 2 and 2", g.Listed(0), g.Added())
		}
	})
}

// TestGlobalRemoval covers the classic console's form (classic guide,
// removing an address): at once, for all accounts and Regions.
func TestGlobalRemoval(t *testing.T) {
	t.Run("global.removal", func(t *testing.T) {
		g := newGlobal(t, perRegion)
		strike(t, g, 0, day, 1)
		g.Strike(0, 2, 5)
		g.Strike(0, 1, 6)
		if !g.Remove(time.Hour, 5) {
			t.Error("the address was not listed")
		}
		for region := range 3 {
			suppressed(t, g, time.Hour, region, 5, false)
		}
		suppressed(t, g, time.Hour, 1, 6, true)
		if g.Removed() != 2 || g.Listed(time.Hour) != 1 {
			t.Errorf("%d stays ended, %d listed; want 2 and 1", g.Removed(), g.Listed(time.Hour))
		}
	})
	t.Run("an address that is not listed", func(t *testing.T) {
		g := newGlobal(t)
		strike(t, g, 0, day, 1)
		for _, c := range []struct {
			at      time.Duration
			address uint32
		}{{0, 6}, {day, 5}} {
			if g.Remove(c.at, c.address) {
				t.Errorf("address %d was listed at %v", c.address, c.at)
			}
		}
		if g.Removed() != 0 {
			t.Errorf("%d stays ended, want none", g.Removed())
		}
	})
	t.Run("the next bounce still escalates", func(t *testing.T) {
		g := newGlobal(t)
		strike(t, g, 0, day, 1)
		g.Remove(time.Hour, 5)
		strike(t, g, time.Hour, 2*day, 2)
	})
}

// TestGlobalDwell compares the estimate of how long stays last with one by
// hand. Four stays: one removed after 12 hours, one of a day, one of two days
// that follows it, and one of which 6 hours are seen.
func TestGlobalDwell(t *testing.T) {
	g := newGlobal(t)
	strike(t, g, 0, day, 1)
	strike(t, g, day, 2*day, 2)
	g.Strike(0, 0, 6)
	g.Remove(12*time.Hour, 6)
	end := 3 * day
	g.Strike(end-6*time.Hour, 0, 7)
	want := measure.Survival{
		Steps: []measure.Step{
			{At: 6 * time.Hour, AtRisk: 4, Censored: 1, Survival: 1},
			{At: 12 * time.Hour, AtRisk: 3, Ended: 1, Survival: 2.0 / 3},
			{At: 24 * time.Hour, AtRisk: 2, Ended: 1, Survival: 1.0 / 3},
			{At: 48 * time.Hour, AtRisk: 1, Ended: 1, Survival: 0},
		},
		Stays: 4, Censored: 1, Max: 48 * time.Hour,
	}
	if diff := cmp.Diff(want, g.Dwell(end)); diff != "" {
		t.Errorf("dwell (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(measure.Survival{}, newGlobal(t).Dwell(end)); diff != "" {
		t.Errorf("dwell of an empty list (-want +got):\n%s", diff)
	}
}
