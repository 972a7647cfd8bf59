package mailbox

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

const day = 24 * time.Hour

func count(a *Audience, n int64, holds func(uint32) bool) int64 {
	c := int64(0)
	for i := range uint32(n) {
		if holds(i) {
			c++
		}
	}
	return c
}

func TestSharesOfAddressesAreExact(t *testing.T) {
	for _, size := range []int64{1, 7, 1000, 100_003} {
		for _, share := range []unit.Share{0, 1, unit.Percent, 6 * unit.Percent, unit.Whole / 2, unit.Whole} {
			a := New(Spec{Name: "a", Size: size, Invalid: share, FeedbackLoop: unit.Whole - share}, 1, make([]uint8, size))
			if got, want := size-count(a, size, a.Exists), share.Count(size); got != want {
				t.Errorf("%d addresses, %v invalid: %d are, want %d", size, share, got, want)
			}
			if got, want := count(a, size, a.Reports), (unit.Whole - share).Count(size); got != want {
				t.Errorf("%d addresses: %d report complaints, want %d", size, got, want)
			}
		}
	}
}

func TestLargerShareContainsSmaller(t *testing.T) {
	const size = 5000
	small := New(Spec{Name: "a", Size: size, Invalid: 5 * unit.Percent}, 9, make([]uint8, size))
	large := New(Spec{Name: "a", Size: size, Invalid: 6 * unit.Percent}, 9, make([]uint8, size))
	for i := range uint32(size) {
		if !small.Exists(i) && large.Exists(i) {
			t.Fatalf("address %d is invalid at 5 %% and valid at 6 %%", i)
		}
	}
}

// TestRankIsASort compares rank with a sort of all numbers, for sizes on both sides
// of every power of two up to twice the number of cells, and shares from one
// address to all but one.
func TestRankIsASort(t *testing.T) {
	key := rng.Derive(4, "audience", "a", "invalid")
	for width := 1; width <= 15; width++ {
		for size := 1<<width - 1; size <= 1<<width+1; size++ {
			order := make([]int, size)
			for i := range order {
				order[i] = i
			}
			slices.SortFunc(order, func(i, j int) int { return cmp.Compare(key.At(uint64(i)), key.At(uint64(j))) })
			for _, n := range []int{0, 1, size / 3, size / 2, size - 1, size} {
				got, want := make([]uint8, size), make([]uint8, size)
				rank(got, key, int64(n), bitDead)
				for _, i := range order[:n] {
					want[i] = bitDead
				}
				if !bytes.Equal(got, want) {
					t.Fatalf("the lowest %d of %d addresses are others", n, size)
				}
			}
		}
	}
}

func TestDecayFollowsItsRate(t *testing.T) {
	const size = 200_000
	spec := Spec{Name: "a", Size: size, Decay: 21 * unit.Whole / 1000, DecayPer: 30 * day}
	a := New(spec, 3, make([]uint8, size))
	before := int64(size)
	for _, months := range []int64{0, 1, 12, 24, 120} {
		a.Advance(time.Duration(months) * 30 * day)
		got := count(a, size, a.Exists)
		p := math.Pow(0.979, float64(months))
		if sd := math.Sqrt(size * p * (1 - p)); math.Abs(float64(got)-size*p) > 4.5*sd+1 {
			t.Errorf("after %d months %d of %d live, want %.0f ± %.0f", months, got, size, size*p, sd)
		}
		if got > before {
			t.Errorf("addresses came back: %d, before %d", got, before)
		}
		before = got
	}
	gone := New(Spec{Name: "a", Size: 10, Decay: unit.Whole, DecayPer: day}, 3, make([]uint8, 10))
	if n := count(gone, 10, gone.Exists); n != 0 {
		t.Errorf("%d of 10 live under a decay of everything", n)
	}
}

// TestAttemptsAtTheLimits draws on both sides of where one kind of bounce ends
// and the next begins, and exactly there.
// Of the addresses that do not exist at the start, the share that has got a mailbox
// follows the rate, within four deviations; none gets one twice or loses it, also where
// others decay.
func TestRevivalFollowsItsRate(t *testing.T) {
	const size = 200_000
	for name, spec := range map[string]Spec{
		"alone":      {Name: "a", Size: size, Invalid: unit.Whole / 2, Revive: 20 * unit.Percent, RevivePer: 30 * day},
		"with decay": {Name: "a", Size: size, Invalid: unit.Whole / 2, Revive: 20 * unit.Percent, RevivePer: 30 * day, Decay: 90 * unit.Percent, DecayPer: day},
	} {
		for _, until := range []time.Duration{0, 90 * day} {
			spec.Until = until
			traits := make([]uint8, size)
			a := New(spec, 3, traits)
			first := slices.Clone(traits)
			were := make([]bool, size)
			for _, month := range []int{0, 1, 2, 3} {
				a.Advance(time.Duration(month) * 30 * day)
				got := 0
				for n := range were {
					if first[n]&bitInvalid == 0 {
						continue
					}
					is := a.Exists(uint32(n))
					if were[n] && !is {
						t.Fatalf("%s: address %d lost its mailbox", name, n)
					}
					if were[n] = is; is {
						got++
					}
				}
				p := 1 - math.Pow(0.8, float64(month))
				if want, deviation := p*size/2, math.Sqrt(p*(1-p)*size/2); math.Abs(float64(got)-want) > 4*deviation {
					t.Errorf("%s: %d have a mailbox after %d months, want %.0f", name, got, month, want)
				}
			}
		}
	}
	all := New(Spec{Name: "a", Size: 10, Invalid: unit.Whole, Revive: unit.Whole, RevivePer: day}, 3, make([]uint8, 10))
	all.Advance(time.Hour)
	if n := count(all, 10, all.Exists); n != 10 {
		t.Errorf("%d of 10 exist after all have got a mailbox", n)
	}
}

func TestAttemptsAtTheLimits(t *testing.T) {
	bounces := [Kinds]unit.Share{Refused: 25 * unit.Percent, Full: 0, TooLarge: 25 * unit.Percent}
	a := New(Spec{Name: "a", Size: 1, Bounces: bounces, Complaint: 25 * unit.Percent, OutOfOffice: 50 * unit.Percent}, 1, make([]uint8, 1))
	const quarter, half = uint64(1) << 62, uint64(1) << 63
	for _, c := range []struct {
		draw uint64
		want Outcome
	}{
		{0, Refused}, {quarter - 1, Refused}, {quarter, TooLarge}, {quarter + 1, TooLarge},
		{half - 1, TooLarge}, {half, Delivered}, {half + 1, Delivered}, {math.MaxUint64, Delivered},
	} {
		if got := a.Attempt(0, c.draw); got != c.want {
			t.Errorf("draw %d: outcome %d, want %d", c.draw, got, c.want)
		}
	}
	if !a.Complains(quarter-1) || a.Complains(quarter) {
		t.Error("a complaint by a quarter does not end at a quarter")
	}
	if !a.Replies(half-1) || a.Replies(half) {
		t.Error("a reply by a half does not end at a half")
	}
}

// TestArrivesIsDelivered compares the quick answer for what arrives with the
// outcome of the attempt, and an audience that knows until when it is asked with
// one that does not, at draws on and beside every limit.
func TestArrivesIsDelivered(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		share := func(name string) unit.Share {
			return rapid.SampledFrom([]unit.Share{0, unit.Percent, 30 * unit.Percent, unit.Whole}).Draw(t, name)
		}
		const size = 40
		spec := Spec{Name: "a", Size: size, Invalid: share("invalid"), DeadDomain: share("dead"), Decay: share("decay"), DecayPer: 20 * day}
		spec.Bounces[Refused], spec.Bounces[Full] = share("refused"), share("full")
		always := New(spec, 1, make([]uint8, size))
		spec.Until = time.Duration(rapid.IntRange(1, 60).Draw(t, "until")) * day
		short := New(spec, 1, make([]uint8, size))
		for now := time.Duration(0); now <= spec.Until; now += spec.Until / 7 {
			always.Advance(now)
			short.Advance(now)
			for n := range uint32(size) {
				for _, u := range []uint64{0, always.bounces - 1, always.bounces, always.bounces + 1, math.MaxUint64} {
					want := always.Attempt(n, u)
					if got := short.Attempt(n, u); got != want {
						t.Fatalf("at %v address %d, draw %d: %d, want %d", now, n, u, got, want)
					}
					if got := short.Arrives(n, Traits(short.traits[n]), u); got != (want == Delivered) {
						t.Fatalf("at %v address %d, draw %d: arrives %v, and the attempt gives %d", now, n, u, got, want)
					}
				}
			}
		}
	})
}

func TestAttemptsBounceInTheirShares(t *testing.T) {
	bounces := [Kinds]unit.Share{Refused: 10 * unit.Percent, Full: 20 * unit.Percent, Undetermined: unit.Percent}
	a := New(Spec{Name: "a", Size: 1, Bounces: bounces, Complaint: 3 * unit.Percent, OutOfOffice: 2 * unit.Percent}, 1, make([]uint8, 1))
	key := rng.Derive(1, "test", "", "")
	var got [Kinds + 3]float64
	complaints, replies := 0.0, 0.0
	const n = 200_000
	for i := range uint64(n) {
		got[a.Attempt(0, key.At(i))]++
		if a.Complains(key.At(n + i)) {
			complaints++
		}
		if a.Replies(key.At(2*n + i)) {
			replies++
		}
	}
	for outcome, p := range map[Outcome]float64{Refused: 0.1, Full: 0.2, TooLarge: 0, Undetermined: 0.01, Delivered: 0.69, NoSuchAddress: 0} {
		if d := math.Abs(got[outcome] - n*p); d > 4.5*math.Sqrt(n*p*(1-p)) {
			t.Errorf("outcome %d: %.0f of %d, want %.0f", outcome, got[outcome], n, n*p)
		}
	}
	if d := math.Abs(complaints - n*0.03); d > 4.5*math.Sqrt(n*0.03) {
		t.Errorf("%.0f complaints of %d", complaints, n)
	}
	if d := math.Abs(replies - n*0.02); d > 4.5*math.Sqrt(n*0.02) {
		t.Errorf("%.0f automatic replies of %d", replies, n)
	}
	a.SetBounce(Refused, unit.Whole)
	for _, u := range []uint64{0, math.MaxUint64 / 2, math.MaxUint64} {
		if got := a.Attempt(0, u); got != Refused {
			t.Errorf("draw %d under a share of the whole: %d", u, got)
		}
	}
	a.SetBounce(Refused, 0)
	a.SetBounce(Undetermined, unit.Whole)
	if got := a.Attempt(0, math.MaxUint64); got != Undetermined {
		t.Errorf("the last draw under a share of the whole: %d", got)
	}
	a.SetComplaint(unit.Whole)
	if !a.Complains(math.MaxUint64) {
		t.Error("a share of the whole left out the last draw")
	}
}

func TestRetryWaitsForTheMailbox(t *testing.T) {
	a := New(Spec{Name: "a", Size: 1, FullFor: time.Hour}, 1, make([]uint8, 1))
	for since, want := range map[time.Duration]Outcome{time.Hour - 1: Full, time.Hour: Delivered} {
		if got := a.Retry(0, since, Full); got != want {
			t.Errorf("a retry after %v: %d, want %d", since, got, want)
		}
	}
	dead := New(Spec{Name: "a", Size: 1, DeadDomain: unit.Whole, FullFor: 1}, 1, make([]uint8, 1))
	if dead.Attempt(0, 0) != NoSuchDomain || dead.Retry(0, time.Hour, NoSuchDomain) != NoSuchDomain {
		t.Error("a domain that does not exist took a message")
	}
	ever := New(Spec{Name: "a", Size: 1}, 1, make([]uint8, 1))
	if ever.Retry(0, 14*time.Hour, Full) != Full {
		t.Error("a mailbox that is full for ever took a message")
	}
}
