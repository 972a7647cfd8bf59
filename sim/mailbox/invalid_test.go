package mailbox

import (
	"testing"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/unit"
)

// TestSetInvalidIsAsFromTheStart compares an audience whose share of invalid addresses is
// set with one that began with it: those not contacted exist in the one as in the other, at
// any time, and the contacted ones as if nothing had been set.
func TestSetInvalidIsAsFromTheStart(t *testing.T) {
	proptest.Check(t, func(r *rapid.T) {
		share := func(name string) unit.Share { return unit.Percent * unit.Share(rapid.IntRange(0, 100).Draw(r, name)) }
		spec := Spec{Name: "a", Size: rapid.Int64Range(1, 300).Draw(r, "size"), Invalid: share("invalid"), Until: 20 * day}
		if rapid.Bool().Draw(r, "revives") { // who has got a mailbox does not die
			spec.Revive, spec.RevivePer = share("revive"), 10*day
		} else {
			spec.Decay, spec.DecayPer = share("decay")/2, 10*day
		}
		most := spec.Size
		if rapid.Bool().Draw(r, "grows") {
			most += 100
			spec.Growth = Growth{Rate: unit.Rate{N: 10, Per: day}, Limit: most}
		}
		spec.Removed = rapid.Bool().Draw(r, "removed")
		late := spec
		late.Invalid = share("set")
		old, set, young := New(spec, 1, make([]uint8, most)), New(spec, 1, make([]uint8, most)), New(late, 1, make([]uint8, most))
		at := 2 * day
		for _, a := range []*Audience{old, set, young} {
			a.Advance(at)
		}
		contacted := func(n uint32) bool { return n%3 == 0 }
		set.SetInvalid(late.Invalid, contacted)
		for ; at <= spec.Until; at += 3 * day {
			for _, a := range []*Audience{old, set, young} {
				a.Advance(at)
			}
			for n := range uint32(set.Size()) {
				want := young
				if contacted(n) {
					want = old
				}
				if set.Exists(n) != want.Exists(n) {
					r.Fatalf("address %d at %v: exists %v, want %v", n, at, set.Exists(n), want.Exists(n))
				}
			}
		}
	})
}

// TestSetInvalidByHash: of an audience whose addresses are admitted one by one, those
// admitted later have the new share.
func TestSetInvalidByHash(t *testing.T) {
	a := ByHash(Spec{Name: "a", Invalid: unit.Whole}, 1, make([]uint8, 2), hashes{1, 2})
	a.Admit(0)
	a.SetInvalid(0, nil)
	a.Admit(1)
	if a.Exists(0) || !a.Exists(1) {
		t.Errorf("the first exists: %v, the second: %v", a.Exists(0), a.Exists(1))
	}
}
