package ses_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sesim/sim/measure"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// stay is a stay on the global list.
type stay struct {
	region       int
	address      uint32
	since, until time.Duration
}

// slowGlobal keeps every stay there ever was and looks at all of them. Its
// strikes are counted by region and address.
type slowGlobal struct {
	rules   rules.Global
	stays   []stay
	strikes map[[2]int]int
	began   map[[2]int]time.Duration // the last hard bounce
	removed int64
}

func (s *slowGlobal) key(region int, address uint32) [2]int {
	if !s.rules.PerRegion {
		region = 0
	}
	return [2]int{region, int(address)}
}

// current returns the stay that is on, or nil.
func (s *slowGlobal) current(now time.Duration, key [2]int) *stay {
	for i := range s.stays {
		if x := &s.stays[i]; x.region == key[0] && int(x.address) == key[1] && x.since <= now && now < x.until {
			return x
		}
	}
	return nil
}

func (s *slowGlobal) strike(now time.Duration, key [2]int) (until time.Duration, strikes int, began bool) {
	if m := s.rules.StrikeMemory; m > 0 && now >= s.began[key]+m {
		s.strikes[key] = 0
	}
	if x := s.current(now, key); x != nil {
		s.began[key] = now
		return x.until, s.strikes[key], false
	}
	length := s.rules.Durations[len(s.rules.Durations)-1]
	if n := s.strikes[key]; n < len(s.rules.Durations) {
		length = s.rules.Durations[n]
	}
	s.strikes[key]++
	s.began[key] = now
	s.stays = append(s.stays, stay{key[0], uint32(key[1]), now, now + length})
	return now + length, s.strikes[key], true
}

func (s *slowGlobal) escalate(now time.Duration, key [2]int) (until time.Duration, strikes int) {
	if x := s.current(now, key); x != nil {
		x.until = now
	}
	until, strikes, _ = s.strike(now, key)
	return until, strikes
}

func (s *slowGlobal) forgive(now time.Duration, key [2]int) {
	if s.rules.DeliveryResets && s.current(now, key) == nil {
		s.strikes[key] = 0
	}
}

func (s *slowGlobal) remove(now time.Duration, address uint32) bool {
	found := false
	for region := range 3 {
		if x := s.current(now, [2]int{region, int(address)}); x != nil {
			x.until, found = now, true
			s.removed++
		}
	}
	return found
}

func (s *slowGlobal) listed(now time.Duration) int64 {
	n := int64(0)
	for _, x := range s.stays {
		if x.since <= now && now < x.until {
			n++
		}
	}
	return n
}

func (s *slowGlobal) dwell(end time.Duration) measure.Survival {
	var list []measure.Step
	for _, x := range s.stays {
		if x.until > end {
			list = append(list, measure.Step{At: end - x.since, Censored: 1})
		} else {
			list = append(list, measure.Step{At: x.until - x.since, Ended: 1})
		}
	}
	return measure.Pooled(measure.AddUp(list))
}

// TestGlobalAgainstSlowTwin lets bounces, suppressed sends, deliveries and
// removals of a few addresses come at random times, many of them at a frame,
// at the end of a stay or at the edge of the memory, under random rules. The
// frames are sampled as a run does it.
func TestGlobalAgainstSlowTwin(t *testing.T) {
	const frame = 6 * time.Hour
	proptest.Check(t, func(t *rapid.T) {
		set := ruleSet(t)
		set.Global.PerRegion = rapid.Bool().Draw(t, "per Region")
		set.Global.DeliveryResets = rapid.Bool().Draw(t, "delivery resets")
		set.Global.StrikeMemory = rapid.SampledFrom([]time.Duration{90 * day, 14 * day, 0}).Draw(t, "memory")
		set.Global.Durations = rapid.SampledFrom([][]time.Duration{set.Global.Durations, {14 * day}, {time.Second, time.Second, frame, 5*frame + 1}}).Draw(t, "durations")
		twin := &slowGlobal{rules: set.Global, strikes: map[[2]int]int{}, began: map[[2]int]time.Duration{}}
		g := ses.NewGlobalList(&set.Global, make([]uint8, addresses), 3, frame)
		now, sampled := time.Duration(0), int64(-1)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now += rapid.OneOf(
				rapid.SampledFrom([]time.Duration{0, 1, time.Second, frame - now%frame, day, 2 * day, 14*day - 1, 14 * day, 90 * day}),
				rapid.Map(rapid.Int64Range(0, int64(3*day)), func(n int64) time.Duration { return time.Duration(n) }),
			).Draw(t, "gap")
			// A step at a frame may come before the sample or after it.
			upTo := now
			if rapid.Bool().Draw(t, "before the sample") {
				upTo--
			}
			for ; time.Duration(sampled+1)*frame <= upTo; sampled++ {
				if got, want := g.Sample(sampled+1), twin.listed(time.Duration(sampled+1)*frame); got != want {
					t.Fatalf("frame %d: %d listed, want %d", sampled+1, got, want)
				}
			}
			region, address := rapid.IntRange(0, 2).Draw(t, "region"), rapid.Uint32Range(0, 2).Draw(t, "address")
			stepBoth(t, g, twin, now, region, address)
			if got, want := g.Suppresses(now, region, address), twin.current(now, twin.key(region, address)) != nil; got != want {
				t.Fatalf("at %v: suppressed %v, want %v", now, got, want)
			}
			if got, want := g.Listed(now), twin.listed(now); got != want {
				t.Fatalf("at %v: %d listed, want %d", now, got, want)
			}
		}
		if g.Added() != int64(len(twin.stays)) || g.Removed() != twin.removed {
			t.Fatalf("%d stays, %d removed; want %d and %d", g.Added(), g.Removed(), len(twin.stays), twin.removed)
		}
		for _, end := range []time.Duration{now, now + day} {
			if diff := cmp.Diff(twin.dwell(end), g.Dwell(end), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Fatalf("dwell at %v (-want +got):\n%s", end, diff)
			}
		}
	})
}

// stepBoth does one thing to list and twin and compares the answers.
func stepBoth(t *rapid.T, g *ses.GlobalList, twin *slowGlobal, now time.Duration, region int, address uint32) {
	key := twin.key(region, address)
	switch rapid.IntRange(0, 5).Draw(t, "step") {
	case 0, 1, 2:
		until, n, began := g.Strike(now, region, address)
		if u, m, b := twin.strike(now, key); u != until || m != n || b != began {
			t.Fatalf("a bounce at %v: until %v, strike %d, began %v; want %v, %d, %v", now, until, n, began, u, m, b)
		}
		if u, m := g.Stay(region, address); u != until || m != n {
			t.Fatalf("the stay of a bounce at %v: until %v, strike %d; want %v, %d", now, u, m, until, n)
		}
	case 3:
		until, n := g.Escalate(now, region, address)
		if u, m := twin.escalate(now, key); u != until || m != n {
			t.Fatalf("a suppressed send at %v: until %v, strike %d; want %v, %d", now, until, n, u, m)
		}
	case 4:
		g.Forgive(now, region, address)
		twin.forgive(now, key)
	case 5:
		if got, want := g.Remove(now, address), twin.remove(now, address); got != want {
			t.Fatalf("a removal at %v: listed %v, want %v", now, got, want)
		}
	}
}
