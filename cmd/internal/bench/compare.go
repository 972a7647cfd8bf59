package bench

import (
	"fmt"
	"slices"

	"sesim/reports/benchmark"
)

// comparison is what the subjects of one comparison have in common.
type comparison struct {
	addresses int64
	order     string
	cores     int
	shared    bool
}

// String says what is compared, for the progress.
func (c comparison) String() string {
	text := fmt.Sprintf("%s order on 1 core", c.order)
	if c.cores > 1 {
		text = fmt.Sprintf("%s order on %d cores", c.order, c.cores)
	}
	if c.shared {
		return text + ", shared global list"
	}
	return text
}

// comparisons lists all of them for a number of addresses.
func (s *session) comparisons(n int64) []comparison {
	var list []comparison
	cores := []int{1}
	if s.Cores > 1 {
		cores = append(cores, s.Cores)
	}
	for _, order := range []string{benchmark.InOrder, benchmark.Uniform, benchmark.Zipf} {
		for _, k := range cores {
			for _, shared := range []bool{true, false} {
				list = append(list, comparison{n, order, k, shared})
			}
		}
	}
	return list
}

// sides are the subjects over one number of addresses, by how many cores
// decide and whether they share a global list.
type sides struct {
	addresses int64
	by        map[layout][]subject
	rungs     []subject // on one core, beside those that share a list
	draws     map[drawKey]*draws
	drawing   map[drawKey][]*drawing // of each core, where recipients are drawn in the measured time
}

type layout struct {
	cores  int
	shared bool
}

type drawKey struct {
	addresses int64
	order     string
}

// build makes all subjects: the model and what is read beside it, the rungs, and
// the reference over the texts, if there are any. One core with a global list is
// one of the cores that share it, while the others wait.
func (s *session) build(n int64, texts []string) *sides {
	list := &sides{
		addresses: n, by: map[layout][]subject{}, rungs: s.newRungs(n, texts),
		draws: map[drawKey]*draws{}, drawing: map[drawKey][]*drawing{},
	}
	for _, l := range []layout{{s.Cores, true}, {s.Cores, false}, {1, false}} {
		if list.by[l] == nil {
			list.by[l] = s.subjects(n, l, texts)
		}
	}
	list.by[layout{1, true}] = list.by[layout{s.Cores, true}]
	return list
}

func (s *session) subjects(n int64, l layout, texts []string) []subject {
	w := s.newWorld(n, l.cores, l.shared)
	size := s.sizeOf(n, l.shared)
	list := []subject{model{w}, oneByOne{w}, newReads(n, size, l.cores, l.shared, false), newReads(n, size, l.cores, l.shared, true)}
	if texts != nil {
		list = append(list, s.newComposition(texts, l.cores, l.shared))
	}
	return list
}

// sizeOf returns the memory in bytes in which the model looks for recipients,
// by what was measured of an address. The window is not part of it: it is read
// in order.
func (s *session) sizeOf(n int64, shared bool) int64 {
	entry := 0.0
	for _, m := range s.report.Memory {
		if m.Addresses == n && m.Listed < n {
			entry = m.AccountBytes
			if shared {
				entry = (m.AccountBytes + m.GlobalBytes) / 2
			}
		}
	}
	return n + int64(entry*float64(n)/listedEvery)
}

// subjectsOf returns the subjects of a comparison.
func (l *sides) subjectsOf(c comparison) []subject {
	subjects := slices.Clone(l.by[layout{c.cores, c.shared}])
	if c.cores == 1 && c.shared {
		subjects = append(subjects, l.rungs...)
	}
	if c.order == benchmark.Zipf {
		subjects = append(subjects, drawAlone{})
	}
	return subjects
}

// key says among how many addresses each core of a comparison decides, in which order.
func (c comparison) key() drawKey {
	if c.shared {
		return drawKey{c.addresses, c.order}
	}
	return drawKey{c.addresses / int64(c.cores), c.order}
}

// recipients returns what each core of a comparison decides next.
func (s *session) recipients(list *sides, c comparison) [][]uint32 {
	key := c.key()
	if list.draws[key] == nil {
		list.draws[key] = newDraws(key.addresses, c.order, s.PerRound)
	}
	numbers := make([][]uint32, c.cores)
	for core := range numbers {
		numbers[core] = list.draws[key].take(s.PerRound)
	}
	return numbers
}

// measured returns what is measured of a subject: what each core does.
func (s *session) measured(list *sides, c comparison, subject subject) func(core int) {
	if c.order != benchmark.Zipf {
		numbers := s.recipients(list, c)
		return func(core int) { subject.decide(core, numbers[core]) }
	}
	key := c.key()
	for core := len(list.drawing[key]); core < c.cores; core++ {
		list.drawing[key] = append(list.drawing[key], &drawing{list: newList(key.addresses, c.order, core)})
	}
	drawings := list.drawing[key]
	return func(core int) { drawings[core].decide(subject, core, s.PerRound) }
}

// compare lets the subjects decide in turn, so often as there are rounds; each
// round begins with another one.
func (s *session) compare(list *sides, c comparison) {
	subjects := list.subjectsOf(c)
	times, walls := make([][]float64, len(subjects)), make([][]float64, len(subjects)) // ns for each decision
	suppressed := make([]float64, len(subjects))
	for round := range s.Rounds {
		for i := range subjects {
			k := (i + round) % len(subjects)
			work, wall, share := s.once(list, c, subjects[k])
			times[k], walls[k] = append(times[k], work), append(walls[k], wall)
			suppressed[k] += share / float64(s.Rounds)
		}
		if s.ctx.Err() != nil {
			return
		}
	}
	best := bestRung(subjects, times)
	for k, subject := range subjects {
		d := benchmark.Decision{
			Subject: subject.name(), Addresses: c.addresses, Order: c.order, Cores: c.cores, Shared: c.shared,
			NS: median(times[k]), WallNS: median(walls[k]), LeastNS: slices.Min(times[k]), MostNS: slices.Max(times[k]),
			PerSecond: 1e9 / median(times[k]), Suppressed: suppressed[k],
		}
		for other, o := range subjects {
			switch {
			case other == k:
			case o.name() == benchmark.Reference:
				d.TimesReference = medianRatio(times[other], times[k])
			case o.name() == benchmark.Read:
				d.TimesRead = medianRatio(times[k], times[other])
			case other == best && subject.name() == benchmark.Model, other == best && subject.name() == benchmark.OneByOne:
				d.TimesBestRung = medianRatio(times[k], times[best])
			}
		}
		s.report.Decisions = append(s.report.Decisions, d)
	}
}

// bestRung returns the index of the rung with the least median time, or -1 if none was
// compared.
func bestRung(subjects []subject, times [][]float64) int {
	best := -1
	for k, subject := range subjects {
		if slices.Contains(benchmark.Rungs(), subject.name()) && (best < 0 || median(times[k]) < median(times[best])) {
			best = k
		}
	}
	return best
}

// once has a subject decide, and returns the work and the wall time for each
// decision in nanoseconds, and the share that lists suppressed.
func (s *session) once(list *sides, c comparison, subject subject) (work, wall, suppressed float64) {
	subject.prepare(2 * s.PerRound)
	parallel(c.cores, s.measured(list, c, subject)) // see the package comment
	measured := s.measured(list, c, subject)
	allBefore, suppressedBefore := subject.tally()
	t := parallel(c.cores, measured)
	all, after := subject.tally()
	if all > allBefore {
		suppressed = float64(after-suppressedBefore) / float64(all-allBefore)
	}
	decisions := float64(c.cores * s.PerRound)
	return float64(t.work) / decisions, float64(t.wall) / decisions, suppressed
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// medianRatio compares the rounds of two subjects pairwise, so that what slows
// a machine for a while slows both.
func medianRatio(a, b []float64) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return median(ratios)
}
