package bench

import (
	"slices"
	"testing"
	"time"

	"sesim/cmd/internal/bench/rungs"
	"sesim/reports/benchmark"
	"sesim/sim/measure"
)

func TestStepOf(t *testing.T) {
	for _, c := range []struct {
		name  string
		times []time.Duration
		want  time.Duration
	}{
		{"counts each nanosecond", []time.Duration{20, 21, 22, 23, 40, 90}, 1},
		{"steps of ten, rounded", []time.Duration{20, 20, 21, 30, 31, 40, 50, 51}, 10},
		{"steps of a hundred", []time.Duration{0, 0, 100, 200, 200}, 100},
		{"always the same", []time.Duration{30, 30, 30}, 1},
	} {
		if got := stepOf(c.times); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestMedians(t *testing.T) {
	if got := median([]float64{5, 1, 3}); got != 3 {
		t.Errorf("median of three is %v", got)
	}
	if got := median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median of four is %v", got)
	}
	if got := medianRatio([]float64{2, 40, 9}, []float64{1, 10, 3}); got != 3 {
		t.Errorf("the ratio is %v", got)
	}
}

// TestNames: the texts are those of the model's addresses, each once.
func TestNames(t *testing.T) {
	list := names(10_000)
	if len(list) != 10_000 || list[0] != "customers-1@customers.example" || list[9_999] != "customers-10000@customers.example" {
		t.Errorf("%d texts from %q to %q", len(list), list[0], list[len(list)-1])
	}
	seen := map[string]bool{}
	for _, text := range list {
		seen[text] = true
	}
	if len(seen) != len(list) {
		t.Errorf("%d different texts", len(seen))
	}
}

// TestDraws: the numbers lie among the addresses, follow the order, and come
// again only after all others.
func TestDraws(t *testing.T) {
	const n, each = 1000, 100
	for _, order := range []string{benchmark.InOrder, benchmark.Uniform, benchmark.Zipf} {
		d := newDraws(n, order, each)
		first := slices.Clone(d.take(each))
		low := 0
		for range drawn - 1 {
			for _, v := range d.take(each) {
				if v >= n {
					t.Fatalf("%s: %d", order, v)
				}
				if v < n/100 {
					low++
				}
			}
		}
		if !slices.Equal(first, d.take(each)) {
			t.Errorf("%s: the numbers do not come round", order)
		}
		// One part in a hundred of the addresses draws as much of the mail,
		// and of Zipf's order ln 10 / ln 1000 with what ranks below.
		if want := map[string][2]int{benchmark.InOrder: {10, 20}, benchmark.Uniform: {2, 40}, benchmark.Zipf: {450, 700}}[order]; low < want[0] || low > want[1] {
			t.Errorf("%s: %d of %d among the first hundredth", order, low, (drawn-1)*each)
		}
	}
}

// TestDrawing: a subject decides the recipients of the list, each once, in order.
func TestDrawing(t *testing.T) {
	const n = 10 * lookAhead / 3
	list, got := newList(1000, benchmark.Zipf, 1), recorder{}
	d := drawing{list: newList(1000, benchmark.Zipf, 1)}
	d.decide(&got, 0, n)
	d.decide(&got, 0, n)
	for i, v := range got.numbers {
		if want := list.TakeOne(); v != want {
			t.Fatalf("recipient %d is %d, want %d", i, v, want)
		}
	}
	if len(got.numbers) != 2*n {
		t.Errorf("%d recipients, want %d", len(got.numbers), 2*n)
	}
}

// recorder is a subject that keeps what it is to decide.
type recorder struct {
	drawAlone
	numbers []uint32
}

func (r *recorder) decide(_ int, numbers []uint32) { r.numbers = append(r.numbers, numbers...) }

// TestBestRung: the fastest by the median is the best, and no other subject counts.
func TestBestRung(t *testing.T) {
	list := makeRungs(rungs.Limits{Quota: 1, Rate: 1, Burst: 1}, 10, nil)
	subjects := append([]subject{model{}}, list...)
	if got := bestRung(subjects, [][]float64{{1, 1, 1}, {9, 9, 9}, {1, 8, 8}, {1, 7, 9}}); got != 3 {
		t.Errorf("the best of %d is %d", len(subjects), got)
	}
	if got := bestRung(subjects[:1], [][]float64{{1}}); got != -1 {
		t.Errorf("without rungs the best is %d", got)
	}
}

// TestReads: every place lies in the memory, for sizes that the addresses do
// not divide.
func TestReads(t *testing.T) {
	for _, bytes := range []int64{1000, 1003, 7777} {
		for _, together := range []bool{false, true} {
			r := newReads(1000, bytes, 1, true, together)
			numbers := make([]uint32, 1000)
			for i := range numbers {
				numbers[i] = uint32(i)
			}
			r.decide(0, numbers)
			if r.lanes[0].last != 0 || int64(len(r.lanes[0].memory)) != bytes {
				t.Errorf("%d bytes: %+v", bytes, r.lanes[0].last)
			}
		}
	}
}

// TestConcludes: a figure must be longer than the clock may be wrong by, and
// than twice what nothing was held up by.
func TestConcludes(t *testing.T) {
	s := &session{clock: clock{resolution: 10, low: 20, high: 35}}
	for _, c := range []struct {
		took, held time.Duration
		want       bool
	}{{16, 0, true}, {15, 0, false}, {100, 50, true}, {100, 51, false}} {
		if got := s.concludes(c.took, c.held); got != c.want {
			t.Errorf("%v beside %v: %v", c.took, c.held, got)
		}
	}
}

// TestInterruptions counts what took a microsecond longer than usual.
func TestInterruptions(t *testing.T) {
	var h measure.Histogram
	if err := record(&h, append(slices.Repeat([]time.Duration{100}, 98), 90_000, 1_200_000)); err != nil {
		t.Fatal(err)
	}
	got := interruptions(&h)
	if got.Count != 2 || got.LongestNS != 1_200_000 || got.PerSecond < 1500 || got.PerSecond > 1600 {
		t.Errorf("%+v", got)
	}
}

// TestKeepUp: at a rate that is easily kept, as many are done as were due, in
// about the time; at one that cannot be kept, the end comes all the same, and
// responses take longer than services.
func TestKeepUp(t *testing.T) {
	o := tiny()
	s := &session{Options: o, clock: calibrate(), report: &benchmark.Report{}}
	list := s.build(5000, nil)
	s.Rate, s.RateFor = 100_000, 20*time.Millisecond
	times, took := s.keepUp(list, list.by[layout{1, true}][0], 1)
	if len(times) != 2000 && took < 2*s.RateFor || took < 19*time.Millisecond {
		t.Errorf("%d decisions in %v", len(times), took)
	}
	s.Rate = 1e9
	times, took = s.keepUp(list, list.by[layout{1, true}][0], 1)
	if took < 2*s.RateFor || len(times) == 20_000_000 {
		t.Errorf("%d decisions in %v", len(times), took)
	}
	waited := 0
	for _, d := range times {
		if d.response > 10*d.service {
			waited++
		}
	}
	if waited < len(times)/2 || s.late(times) < int64(len(times)/2) {
		t.Errorf("of %d decisions %d waited, and %d were late", len(times), waited, s.late(times))
	}
}

func TestShort(t *testing.T) {
	for n, want := range map[int64]string{1: "1", 999: "999", 1000: "1e3", 5000: "5e3", 12_000: "12000", 1e8: "1e8"} {
		if got := short(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestMeminfo(t *testing.T) {
	const text = "MemTotal:       24684084 kB\nMemAvailable:    1024 kB\nHugePages_Total:       3\n"
	for key, want := range map[string]int64{"MemTotal": 24684084 << 10, "MemAvailable": 1 << 20, "HugePages_Total": 0, "Swap": 0} {
		if got := meminfo(text, key); got != want {
			t.Errorf("%s is %d, want %d", key, got, want)
		}
	}
}
