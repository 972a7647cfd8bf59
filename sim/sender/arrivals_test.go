package sender_test

import (
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/des"
	"sesim/sim/proptest"
	"sesim/sim/rng"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

const (
	day   = 24 * time.Hour
	year  = 365 * day
	never = time.Duration(1<<63 - 1)
)

func key(purpose string) rng.Key { return rng.Derive(1, "test", "arrivals", purpose) }

func perSecond(n int64) unit.Rate { return unit.Rate{N: n, Per: time.Second} }

// collect returns the times at which messages are due, up to most of them.
// last says after which of them, counted from 0, a campaign's list ends.
func collect(a *sender.Arrivals, most int, last func(i int) bool) []time.Duration {
	var due []time.Duration
	for i := 0; i < most && a.Next() != never; i++ {
		due = append(due, a.Next())
		a.Advance(last != nil && last(i))
	}
	return due
}

// dueAt is when the k-th message after base is due: exactly k periods divided
// by the number, rounded down.
func dueAt(base time.Duration, r unit.Rate, k int64) time.Duration {
	q := new(big.Int).Mul(big.NewInt(k), big.NewInt(int64(r.Per)))
	return base + time.Duration(q.Quo(q, big.NewInt(r.N)).Int64())
}

// TestConstantDoesNotDrift follows senders for ten years. Rates that do not
// divide their period must not gain or lose a message.
func TestConstantDoesNotDrift(t *testing.T) {
	for _, r := range []unit.Rate{{N: 3, Per: time.Hour}, {N: 7, Per: day}, {N: 700, Per: 1000 * day}, {N: 11, Per: 7 * day}} {
		begin := 17 * time.Minute
		a := sender.NewArrivals(sender.Constant, r, 0, begin, begin+10*year, key("constant"))
		k := int64(0)
		for ; a.Next() != never; k++ {
			if got, want := a.Next(), dueAt(begin, r, k); got != want {
				t.Fatalf("%v: message %d is due at %v, want %v", r, k, got, want)
			}
			a.Advance(false)
		}
		most := new(big.Rat).SetFrac64(int64(10*year), int64(r.Per))
		most.Mul(most, big.NewRat(r.N, 1))
		want := new(big.Int).Quo(most.Num(), most.Denom()).Int64()
		if !most.IsInt() {
			want++ // the one at the very beginning
		}
		if k != want {
			t.Errorf("%v: %d messages in ten years, want %d", r, k, want)
		}
	}
}

// TestBeginAndEnd checks that messages are due from begin on, and none at end
// or later.
func TestBeginAndEnd(t *testing.T) {
	for _, c := range []struct {
		name       string
		begin, end time.Duration
		want       []time.Duration
	}{
		{"the end just after a message", 5, 5 + 2*time.Second + 1, []time.Duration{5, 5 + time.Second, 5 + 2*time.Second}},
		{"the end at a message", 5, 5 + 2*time.Second, []time.Duration{5, 5 + time.Second}},
		{"one message", 5, 6, []time.Duration{5}},
		{"no time at all", 5, 5, nil},
		{"an end before the begin", 5, 0, nil},
	} {
		for _, kind := range []sender.Kind{sender.Constant, sender.Campaign} {
			a := sender.NewArrivals(kind, perSecond(1), 0, c.begin, c.end, key("end"))
			if got := collect(&a, 10, nil); !slices.Equal(got, c.want) {
				t.Errorf("%s: due at %v, want %v", c.name, got, c.want)
			}
		}
	}
	a := sender.NewArrivals(sender.Constant, perSecond(1), 0, 0, never, key("stop"))
	a.Advance(false)
	a.Stop()
	if a.SetRate(perSecond(2)); a.Next() != never {
		t.Errorf("a sender that has stopped has a message at %v", a.Next())
	}
}

// TestFarFuture checks that times beyond all do not wrap around.
func TestFarFuture(t *testing.T) {
	rare := unit.Rate{N: 1, Per: 200 * year}
	for _, kind := range []sender.Kind{sender.Constant, sender.Campaign, sender.Poisson} {
		a := sender.NewArrivals(kind, rare, 200*year, 200*year, never, key("far"))
		for _, at := range collect(&a, 5, func(int) bool { return true }) {
			if at < 200*year {
				t.Errorf("kind %d: a message at %v", kind, at)
			}
		}
	}
}

// TestSetRate changes the rate of constant senders at random and compares
// with exact arithmetic: the message that is due stays, and the new rate
// counts from it.
func TestSetRate(t *testing.T) {
	rates := rapid.Custom(func(t *rapid.T) unit.Rate {
		return unit.Rate{N: rapid.Int64Range(1, 1000).Draw(t, "n"), Per: rapid.SampledFrom([]time.Duration{time.Second, time.Hour, 1000 * day}).Draw(t, "per")}
	})
	proptest.Check(t, func(t *rapid.T) {
		r := rates.Draw(t, "rate")
		base, k := time.Duration(rapid.Int64Range(0, int64(year)).Draw(t, "begin")), int64(0)
		a := sender.NewArrivals(sender.Constant, r, 0, base, never, key("set"))
		for range rapid.IntRange(1, 50).Draw(t, "messages") {
			if got, want := a.Next(), dueAt(base, r, k); got != want {
				t.Fatalf("message %d at %v: due at %v, want %v", k, r, got, want)
			}
			if rapid.IntRange(0, 4).Draw(t, "change") == 0 {
				base, k, r = a.Next(), 0, rates.Draw(t, "rate")
				a.SetRate(r)
			}
			a.Advance(false)
			k++
		}
	})
}

// TestPoisson checks mean and spread of the gaps between 200,000 arrivals,
// and that numbers in equal times scatter as they should.
func TestPoisson(t *testing.T) {
	const n = 200_000
	begin := time.Hour
	rate := unit.Rate{N: 60, Per: time.Hour}
	a := sender.NewArrivals(sender.Poisson, rate, 0, begin, never, key("poisson"))
	due := collect(&a, n, nil)
	if due[0] <= begin {
		t.Errorf("the first message is due at %v, not after the begin", due[0])
	}
	sum, squares := 0.0, 0.0
	inHour := make([]float64, int((due[n-1]-begin)/time.Hour)+1)
	for i, at := range due {
		gap := at - begin
		if i > 0 {
			gap = at - due[i-1]
		}
		x := gap.Minutes()
		sum, squares = sum+x, squares+x*x
		inHour[int((at-begin)/time.Hour)]++
	}
	if mean := sum / n; math.Abs(mean-1) > 4.5/math.Sqrt(n) {
		t.Errorf("the mean gap is %.4f minutes, want 1", mean)
	}
	if second := squares / n; math.Abs(second-2) > 4.5*math.Sqrt(20.0/n) {
		t.Errorf("the gaps' second moment is %.4f, want 2", second)
	}
	hours := inHour[:len(inHour)-1]
	scatter := 0.0
	for _, c := range hours {
		scatter += (c - 60) * (c - 60) / 60
	}
	if d := scatter/float64(len(hours)) - 1; math.Abs(d) > 4.5*math.Sqrt(2/float64(len(hours))) {
		t.Errorf("numbers in an hour scatter %.3f times as wide as they should", 1+d)
	}
}

// TestPoissonFollowsItsStream changes the rate now and then, also twice in a
// row, and adds up the gaps of the key's own draws: none may be left out or
// made twice.
func TestPoissonFollowsItsStream(t *testing.T) {
	for _, looksAhead := range []bool{false, true} {
		begin, r := time.Hour, perSecond(3)
		a := sender.NewArrivals(sender.Poisson, r, 0, begin, never, key("stream"))
		if looksAhead {
			a.LookAhead()
		}
		stream := key("stream").Stream()
		want := begin
		for i := range 1000 {
			if want += stream.Gap(rng.MeanOf(r)); a.Next() != want {
				t.Fatalf("looking ahead %v: message %d is due at %v, want %v", looksAhead, i, a.Next(), want)
			}
			if i%50 == 7 || i%64 == 63 {
				a.SetRate(perSecond(100))
				r = perSecond(int64(i + 1))
				a.SetRate(r)
			}
			a.Advance(false)
		}
	}
}

// TestPoissonEnds asks for arrivals at and beyond the end, also where the sum
// of two gaps is beyond all numbers.
func TestPoissonEnds(t *testing.T) {
	yearly := unit.Rate{N: 1, Per: 290 * 365 * 24 * time.Hour}
	for _, end := range []time.Duration{1, time.Second, never} {
		for _, rate := range []unit.Rate{perSecond(3), yearly} {
			for _, looksAhead := range []bool{false, true} {
				a := sender.NewArrivals(sender.Poisson, rate, 0, 0, end, key("end"))
				if looksAhead {
					a.LookAhead()
				}
				for last := time.Duration(0); a.Next() != never; a.Advance(false) {
					if a.Next() < last || a.Next() >= end {
						t.Fatalf("%v until %v, looking ahead %v: a message at %v after %v", rate, end, looksAhead, a.Next(), last)
					}
					if last = a.Next(); last > time.Hour && rate != yearly {
						break
					}
				}
				if end == never && rate != yearly {
					continue
				}
				if a.Advance(false); a.Next() != never {
					t.Errorf("%v until %v, looking ahead %v: a message at %v after the end", rate, end, looksAhead, a.Next())
				}
			}
		}
	}
}

// TestPoissonChangesRate checks that a new rate holds from the next message
// on, and that the same key gives the same arrivals.
func TestPoissonChangesRate(t *testing.T) {
	const n = 50_000
	a := sender.NewArrivals(sender.Poisson, perSecond(1), 0, 0, never, key("change"))
	first := collect(&a, n, nil)
	a.SetRate(perSecond(10))
	if next := a.Next(); next <= first[n-1] || next-first[n-1] > 20*time.Second {
		t.Errorf("the message that was due moved to %v", next)
	}
	second := collect(&a, n, nil)
	mean := (second[n-1] - second[0]).Seconds() / (n - 1)
	if math.Abs(mean-0.1) > 4.5*0.1/math.Sqrt(n) {
		t.Errorf("the mean gap is %.5f s, want 0.1", mean)
	}
	b := sender.NewArrivals(sender.Poisson, perSecond(1), 0, 0, never, key("change"))
	if again := collect(&b, n, nil); !slices.Equal(again, first) {
		t.Error("the same key gave other arrivals")
	}
	c := sender.NewArrivals(sender.Poisson, perSecond(1), 0, 0, first[n/2], key("change"))
	if cut := collect(&c, n, nil); !slices.Equal(cut, first[:n/2]) {
		t.Errorf("%d messages before the end, want %d", len(cut), n/2)
	}
}

// TestUnknownKind wants arrivals of a kind that NewArrivals does not make refused
// instead of taken for constant ones.
func TestUnknownKind(t *testing.T) {
	for _, kind := range []sender.Kind{sender.Diurnal, sender.Recorded, 99} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("kind %d: no panic", kind)
				}
			}()
			sender.NewArrivals(kind, perSecond(1), 0, 0, time.Minute, key("unknown"))
		}()
	}
}

// TestFillAdvances compares arrivals that are taken up to a time at once with
// those taken one by one: of every kind, with and without looking ahead, past a
// change of the rate and past the end.
func TestFillAdvances(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]sender.Kind{sender.Constant, sender.Poisson, sender.Diurnal}).Draw(t, "kind")
		looks := rapid.Bool().Draw(t, "looks ahead")
		end := time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(t, "end"))
		made := func() *sender.Arrivals {
			if kind == sender.Diurnal {
				a := sender.NewDiurnal(perSecond(3), 0, unit.Whole/2, time.Second, end, key("fill"))
				return &a
			}
			a := sender.NewArrivals(kind, perSecond(3), 0, time.Second, end, key("fill"))
			if looks {
				a.LookAhead()
			}
			return &a
		}
		filled, plain := made(), made()
		batch, from, stream := des.NewBatch(2), time.Duration(0), 1
		for to := time.Duration(0); plain.Next() != never; {
			to += time.Duration(rapid.Int64Range(1, int64(20*time.Second)).Draw(t, "stretch"))
			batch.Begin(from, 35) // 34 s
			for left := filled.Fill(&batch, to, stream); left > 0; left-- {
				at, i := batch.Next()
				if at != plain.Next() || at >= to || i != stream {
					t.Fatalf("up to %v: due at %v in stream %d, one by one at %v in %d", to, at, i, plain.Next(), stream)
				}
				batch.Drop(1)
				plain.Advance(false)
			}
			if at, _ := batch.Next(); at != never {
				t.Fatalf("up to %v: one at %v too many", to, at)
			}
			from = to
			if plain.Next() < to || filled.Next() != plain.Next() {
				t.Fatalf("after %v: next %v, one by one %v", to, filled.Next(), plain.Next())
			}
			if rapid.Bool().Draw(t, "another rate") {
				filled.SetRate(perSecond(7))
				plain.SetRate(perSecond(7))
			}
		}
	})
}

// TestSharedArrivalsStayApart lets one of two senders that share memory look
// ahead or change its rate: each must go on as it would alone.
func TestSharedArrivalsStayApart(t *testing.T) {
	changes := map[string]func(a *sender.Arrivals){
		"nothing":     func(*sender.Arrivals) {},
		"a rate":      func(a *sender.Arrivals) { a.SetRate(perSecond(9)) },
		"a look":      (*sender.Arrivals).LookAhead,
		"the end":     (*sender.Arrivals).Stop,
		"two of them": func(a *sender.Arrivals) { a.LookAhead(); a.SetRate(perSecond(9)) },
	}
	for name, change := range changes {
		for _, kind := range []sender.Kind{sender.Constant, sender.Poisson} {
			for changed := range 2 {
				made := func() [2]*sender.Arrivals {
					first := sender.NewArrivals(kind, perSecond(3), 0, 0, time.Minute, key("first"))
					second := sender.NewArrivals(kind, perSecond(3), 0, 0, time.Minute, key("second"))
					return [2]*sender.Arrivals{&first, &second}
				}
				shared, alone := made(), made()
				shared[1].Share(shared[0])
				change(shared[changed])
				change(alone[changed])
				for i := range shared {
					if got, want := collect(shared[i], 200, nil), collect(alone[i], 200, nil); !slices.Equal(got, want) {
						t.Errorf("kind %d, %s of %d: arrivals %d are due at\n%v, alone at\n%v", kind, name, changed, i, got, want)
					}
				}
			}
		}
	}
}
