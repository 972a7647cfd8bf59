package mailbox

import (
	"testing"
	"time"

	"sesim/sim/unit"
)

// TestContactedDecaysSince compares an audience that was last written to before the start
// with one whose start lies as much earlier: the same addresses live at every hour.
func TestContactedDecaysSince(t *testing.T) {
	const size, ago = 20_000, 7*day + 59*time.Minute
	spec := Spec{Name: "a", Size: size, Decay: 20 * unit.Percent, DecayPer: 30 * day, Until: 60 * day}
	early := New(spec, 3, make([]uint8, size))
	spec.Contacted = ago
	late := New(spec, 3, make([]uint8, size))
	early.Advance(7 * day)
	if gone := size - count(late, size, late.Exists); gone == 0 {
		t.Error("nobody died before the start")
	}
	for _, now := range []time.Duration{0, time.Hour, 10 * day, 50 * day} {
		late.Advance(now)
		early.Advance(now + 7*day)
		for n := range uint32(size) {
			if late.Exists(n) != early.Exists(n) {
				t.Fatalf("at %v address %d lives: %v, of the earlier start %v", now, n, late.Exists(n), early.Exists(n))
			}
		}
	}
}

// TestRemovedAreNotInvalid checks that no address of the start is invalid where those were
// removed, and that new ones are by the share.
func TestRemovedAreNotInvalid(t *testing.T) {
	const size, most = 1_000, 3_000
	spec := Spec{
		Name: "a", Size: size, Invalid: unit.Whole / 2, Removed: true, Until: 60 * day,
		Growth: Growth{Rate: unit.Rate{N: 100, Per: day}, Limit: most},
	}
	a := New(spec, 3, make([]uint8, most))
	a.Advance(60 * day)
	if got := count(a, size, a.Exists); got != size {
		t.Errorf("%d of the start exist, want all", got)
	}
	if got := count(a, most, a.Exists) - size; got < 900 || got > 1_100 {
		t.Errorf("%d of the new ones exist, want about half", got)
	}
	b := ByHash(spec, 3, make([]uint8, size), keysOf(size))
	for n := range uint32(size) {
		b.Admit(n)
	}
	if got := count(b, size, b.Exists); got != size {
		t.Errorf("%d of those admitted exist, want all", got)
	}
}
