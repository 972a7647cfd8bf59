package mailbox

import (
	"math"
	"testing"
	"time"

	"sesim/sim/rng"
	"sesim/sim/unit"
)

// hashes are the keys of the addresses with some numbers, in an order of admission.
type hashes []uint64

func (h hashes) Key(n uint32) uint64 { return h[n] }

func keysOf(n int) hashes {
	list, draws := make(hashes, n), rng.Derive(1, "test", "keys", "of addresses").Stream()
	for i := range list {
		list[i] = draws.Next()
	}
	return list
}

// changing is an audience with every trait that an address may have.
func changing() Spec {
	spec := Spec{
		Name: "strangers", Invalid: 10 * unit.Percent, DeadDomain: 5 * unit.Percent, FeedbackLoop: 40 * unit.Percent,
		Decay: 30 * unit.Percent, DecayPer: 30 * day, Revive: 20 * unit.Percent, RevivePer: 30 * day, FullFor: day,
	}
	spec.Bounces[Full] = unit.Percent
	return spec
}

// fate is all that an audience says of an address over sixty days.
func fate(a *Audience, n uint32, exists []bool) [4]uint64 {
	f := [4]uint64{uint64(a.traits[n] & bitDead), uint64(a.traits[n] & bitLoop)}
	for i, is := range exists {
		if is {
			f[2+i/32] |= 1 << (i % 32)
		}
	}
	return f
}

// TestByHashInAnyOrder admits the same addresses to two audiences in opposite orders, and
// to a third one by one as time goes on: each has the same fate in all of them.
func TestByHashInAnyOrder(t *testing.T) {
	const many = 2000
	keys := keysOf(many)
	backwards := make(hashes, many)
	for i, key := range keys {
		backwards[many-1-i] = key
	}
	run := func(keys hashes, late bool) [][]bool {
		a := ByHash(changing(), 7, make([]uint8, many), keys)
		exists := make([][]bool, many)
		for d := range 60 {
			a.Advance(time.Duration(d) * day)
			for n := range uint32(many) {
				if first := int(n) % 50; d == 0 && !late || d == first && late {
					a.Admit(n)
				} else if late && d < first {
					exists[n] = append(exists[n], false)
					continue
				}
				exists[n] = append(exists[n], a.Exists(n))
			}
		}
		for n := range uint32(many) {
			f := fate(a, n, nil)
			exists[n] = append(exists[n], f[0] != 0, f[1] != 0)
		}
		return exists
	}
	at, against, late := run(keys, false), run(backwards, false), run(keys, true)
	changes := 0
	for n := range many {
		for d, is := range at[n] {
			if other := against[many-1-n][d]; other != is {
				t.Fatalf("address %d on day %d: %v, admitted in the opposite order %v", n, d, is, other)
			}
			if d >= n%50 && late[n][d] != is {
				t.Fatalf("address %d on day %d: %v, admitted on day %d %v", n, d, is, n%50, late[n][d])
			}
			if d > 0 && d < 60 && is != at[n][d-1] {
				changes++
			}
		}
	}
	if changes < many/4 {
		t.Errorf("%d changes of %d addresses: the test has lost its subject", changes, many)
	}
}

// TestByHashShares compares the shares with the expected ones, within five standard
// deviations, at the start and after thirty days of decay and revival.
func TestByHashShares(t *testing.T) {
	const many = 100_000
	spec := changing()
	a := ByHash(spec, 3, make([]uint8, many), keysOf(many))
	for n := range uint32(many) {
		a.Admit(n)
	}
	share := func(what string, want float64, is func(n uint32) bool) {
		t.Helper()
		count := 0.0
		for n := range uint32(many) {
			if is(n) {
				count++
			}
		}
		if sd := math.Sqrt(want * (1 - want) / many); math.Abs(count/many-want) > 5*sd {
			t.Errorf("%s: %.4f, want %.4f ± %.4f", what, count/many, want, 5*sd)
		}
	}
	share("do not exist", 0.10, func(n uint32) bool { return !a.Exists(n) })
	share("at dead domains", 0.05, func(n uint32) bool { return a.traits[n]&bitDead != 0 })
	share("report", 0.40, a.Reports)
	a.Advance(30 * day)
	share("exist after a month", 0.9*0.7+0.1*0.2, a.Exists)
}
