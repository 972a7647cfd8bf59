package ses

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// strikeRules returns rules of the global list as they are today.
func strikeRules(tb rapid.TB) *rules.Global {
	tb.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		tb.Fatal(err)
	}
	return &set.Global
}

// TestGlobalAgainstPlain lets thousands of bounces, suppressed sends,
// deliveries and removals come to the lists of one or three Regions: to
// few addresses, to neighbours, or to addresses all over three pages; with sweeps or without; now and then over years, so
// that records are forgotten and pages shrink.
func TestGlobalAgainstPlain(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		p := strikeRules(t)
		p.PerRegion = rapid.Bool().Draw(t, "per Region")
		p.DeliveryResets = rapid.Bool().Draw(t, "delivery resets")
		p.StrikeMemory = rapid.SampledFrom([]time.Duration{90 * unit.Day, 3 * unit.Day, 0}).Draw(t, "memory")
		total := rapid.SampledFrom([]int{1, 20, 1000, 2*pageSpan + 77}).Draw(t, "addresses")
		width := rapid.IntRange(1, total).Draw(t, "of these used")
		gap := rapid.SampledFrom([]time.Duration{time.Second, time.Hour, unit.Day}).Draw(t, "gap")
		sweeps := rapid.Bool().Draw(t, "sweeps")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		both := pair{NewGlobalList(p, make([]uint8, total), 3, time.Hour), newPlainGlobal(p, 3)}
		now := time.Duration(0)
		if rapid.Bool().Draw(t, "late") {
			now = packableTime - 100*gap
		}
		for i := range rapid.IntRange(1, 3000).Draw(t, "steps") {
			now += time.Duration(r.Int64N(int64(gap)))
			if sweeps && i%50 == 0 {
				both.quick.Sweep(now)
			}
			both.step(t, r, now, uint32(total-1-r.IntN(width)))
		}
		both.compare(t, now)
	})
}

// pair is a list and its oracle.
type pair struct {
	quick *GlobalList
	plain *plainGlobal
}

// step does one thing to both.
func (p pair) step(t *rapid.T, r *rand.Rand, now time.Duration, address uint32) {
	t.Helper()
	region := r.IntN(3)
	same := func(what string, got, want any) {
		if got != want {
			t.Fatalf("at %v, %s of %d: %v, want %v", now, what, address, got, want)
		}
	}
	switch r.IntN(8) {
	case 0:
		until, strikes := p.quick.Escalate(now, region, address)
		u, s := p.plain.escalate(now, region, address)
		same("escalation", [2]int64{int64(until), int64(strikes)}, [2]int64{int64(u), int64(s)})
	case 1:
		p.quick.Forgive(now, region, address)
		p.plain.forgive(now, region, address)
	case 2:
		same("removal", p.quick.Remove(now, address), p.plain.remove(now, address))
	default:
		until, strikes, began := p.quick.Strike(now, region, address)
		u, s, b := p.plain.strike(now, region, address)
		same("strike", fmt.Sprint(until, strikes, began), fmt.Sprint(u, s, b))
	}
	same("suppression", p.quick.Suppresses(now, region, address), p.plain.suppresses(now, region, address))
}

// compare compares what both say at the end.
func (p pair) compare(t *rapid.T, now time.Duration) {
	t.Helper()
	if got, want := p.quick.Listed(now), p.plain.listed(now); got != want || p.quick.Added() != p.plain.added || p.quick.Removed() != p.plain.removed {
		t.Fatalf("%d listed, want %d; %d added, want %d; %d removed, want %d",
			got, want, p.quick.Added(), p.plain.added, p.quick.Removed(), p.plain.removed)
	}
	if diff := cmp.Diff(p.plain.dwell(now), p.quick.Dwell(now), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Fatalf("dwell (-want +got):\n%s", diff)
	}
	for i := range p.quick.regions {
		n := 0
		for address, r := range p.quick.regions[i].each {
			if want, known := p.plain.regions[i][address]; !known || want.strikes != r.strikes || want.until != r.until {
				t.Fatalf("address %d has %+v, want %+v", address, r, want)
			}
			n++
		}
		if most := len(p.plain.regions[i]); n > most {
			t.Fatalf("%d records, want at most %d", n, most)
		}
	}
}

// bytes returns the memory of a list, without its map of wide records and the buffer, of
// at most a megabyte, in which it rebuilds a page.
func (l *strikeList) bytes() int64 {
	n := int64(cap(l.pages))*int64(unsafe.Sizeof(strikePage{})) + int64(len(l.pool.blocks))*64*int64(unsafe.Sizeof(strikeChunk{}))
	for i := range l.pages {
		n += int64(cap(l.pages[i].chunks)) * 4
	}
	return n
}

// TestStrikeListMemory lists a growing share of three million addresses, from
// half a percent on, each once. Whenever it looks, an address that is listed may
// take no more than 12 bytes beside its byte of flags. What matters is how full
// a page is, so that this holds for a hundred million as well: see
// BenchmarkStrikeList.
func TestStrikeListMemory(t *testing.T) {
	const known, most = 3_000_000, 1_500_000
	g := NewGlobalList(strikeRules(t), make([]uint8, known), 1, time.Hour)
	for n := range uint32(most) {
		g.Strike(time.Duration(n), 0, scattered(n, known))
		if n%15_000 != 14_999 {
			continue
		}
		bytes := float64(g.regions[0].bytes()) / float64(n+1)
		if bytes > 12 {
			t.Errorf("%d of %d listed: %.2f bytes each beside the byte of flags", n+1, known, bytes)
		}
		if n == 14_999 || n%300_000 == 299_999 {
			t.Logf("%d of %d listed: %.2f bytes each beside the byte of flags", n+1, known, bytes)
		}
	}
	if got := g.Listed(known); got != most {
		t.Errorf("%d listed, want %d", got, most)
	}
	r := rand.New(rand.NewPCG(1, 1))
	if n := testing.AllocsPerRun(1000, func() { g.Suppresses(known, 0, r.Uint32N(known)) }); n > 0 {
		t.Errorf("%v allocations a look-up", n)
	}
}

// scattered permutes the numbers below known, which has no divisor of 6,700,417.
func scattered(n, known uint32) uint32 { return uint32(uint64(n) * 6_700_417 % uint64(known)) }

// TestStrikeListForgets lists addresses for ten years, each a few times, and
// wants the memory of the last strikes' memory only.
func TestStrikeListForgets(t *testing.T) {
	const known = 200_000
	g := NewGlobalList(strikeRules(t), make([]uint8, known), 1, time.Hour)
	r := rand.New(rand.NewPCG(1, 1))
	at := func(years int) int64 {
		for d := range 365 {
			now := time.Duration(years*365+d) * unit.Day
			for range 200 {
				g.Strike(now, 0, r.Uint32N(known))
			}
			g.Sweep(now)
		}
		return g.regions[0].bytes()
	}
	first, last := at(0), int64(0)
	for year := 1; year < 10; year++ {
		last = at(year)
	}
	if last > first*21/20 {
		t.Errorf("%d bytes after a year and %d after ten", first, last)
	}
}

// BenchmarkStrikeList has half a percent of the known addresses listed, and
// looks up any of them, or listed ones, or lists one more.
func BenchmarkStrikeList(b *testing.B) {
	for _, known := range []uint32{100_000, 10_000_000, 100_000_000} {
		g := NewGlobalList(strikeRules(b), make([]uint8, known), 1, time.Hour)
		for n := range known / 200 {
			g.Strike(time.Duration(n), 0, scattered(n, known))
		}
		r := rand.New(rand.NewPCG(1, 1))
		draws := make([]uint32, 1<<16)
		b.Run(fmt.Sprintf("any/known=%d", known), func(b *testing.B) {
			for i := range draws {
				draws[i] = r.Uint32N(known)
			}
			lookUp(b, g, draws)
		})
		b.Run(fmt.Sprintf("listed/known=%d", known), func(b *testing.B) {
			for i := range draws {
				draws[i] = scattered(r.Uint32N(known/200), known)
			}
			lookUp(b, g, draws)
			b.ReportMetric(float64(g.regions[0].bytes())/float64(known/200), "B/listed")
		})
		b.Run(fmt.Sprintf("strike/known=%d", known), func(b *testing.B) {
			for i := uint32(0); b.Loop(); i++ {
				g.Strike(time.Duration(known+i), 0, r.Uint32N(known))
			}
		})
	}
}

func lookUp(b *testing.B, g *GlobalList, draws []uint32) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		g.Suppresses(1<<30, 0, draws[i%len(draws)])
	}
}
