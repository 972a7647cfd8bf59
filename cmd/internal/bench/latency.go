package bench

import (
	"fmt"
	"math"
	"slices"
	"time"

	"sesim/reports/benchmark"
	"sesim/sim/measure"
)

// Trace is a distribution of latencies as it was measured: the whole, and
// round by round.
type Trace struct {
	Name      string // of files
	Title     string
	Addresses int64
	Times     measure.Histogram
	Rounds    []measure.Interval
}

// sampleEvery is the number of decisions to each that is timed by itself. The
// others in between are not timed, so that the clock's code does not keep the
// decision's out of the caches.
const sampleEvery = 7

// worthTiming is how many times the clock's cost a batch must take, so that the
// clock moves its figure by no more than a twentieth.
const worthTiming = 20

// percentiles are those of a report.
var percentiles = []float64{50, 90, 99, 99.9, 99.99}

// latency measures one decision after the other on one core, each kind beside
// a control: the model's in batches and by themselves, the reference's, which
// take longer than the clock, by themselves.
func (s *session) latency(list *sides) error {
	for _, subject := range list.by[layout{1, true}] {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		batch := 0
		switch subject.name() {
		case benchmark.Model:
			batch = s.batchFor(list)
		case benchmark.OneByOne, benchmark.Reference:
			batch = 1
		default:
			continue
		}
		if err := s.latencyOf(list, subject, batch); err != nil {
			return err
		}
	}
	return nil
}

// batchFor returns how many decisions of the model are worth timing together,
// by the quickest of a few trials: an interruption would make them few.
func (s *session) batchFor(list *sides) int {
	c := comparison{list.addresses, benchmark.Uniform, 1, true}
	least := math.Inf(1)
	for range 5 {
		ns, _, _ := s.once(list, c, list.by[layout{1, true}][0])
		least = min(least, ns)
	}
	batch := 2
	for float64(batch)*least < worthTiming*float64(s.clock.cost) {
		batch *= 2
	}
	return min(batch, s.PerRound)
}

func (s *session) latencyOf(list *sides, subject subject, batch int) error {
	trace := Trace{
		Name:      fmt.Sprintf("%s-%s-%s", fileName(subject.name()), short(list.addresses), batchName(batch)),
		Title:     fmt.Sprintf("%s, %s addresses, wall-clock time of %s", subject.name(), short(list.addresses), batchTitle(batch)),
		Addresses: list.addresses,
	}
	var control measure.Histogram
	samples, idle := make([]time.Duration, s.Samples), make([]time.Duration, s.Samples)
	for range s.Rounds {
		start := s.clock.now()
		s.time(list, subject, batch, samples)
		end := s.clock.now()
		if err := trace.add(start, end, samples); err != nil {
			return err
		}
		s.idle(spinFor(trace.Times.Quantile(0.5)), idle)
		if err := record(&control, idle); err != nil {
			return err
		}
	}
	s.traces = append(s.traces, trace)
	s.report.Latency = append(s.report.Latency, benchmark.Latency{
		Subject: subject.name(), Addresses: list.addresses, Batch: batch, Samples: trace.Times.Count(),
		Percentiles: s.quantiles(&trace, &control, batch), MaxNS: float64(trace.Times.Max()) / float64(batch),
		Interruptions: interruptions(&control), Spectrum: spectrum(&trace.Times, batch),
	})
	return nil
}

func batchName(batch int) string {
	if batch == 1 {
		return "single"
	}
	return "batch"
}

func batchTitle(batch int) string {
	if batch == 1 {
		return "single decisions"
	}
	return fmt.Sprintf("batches of %d decisions", batch)
}

// fileName makes the part of a file's name out of a subject's.
func fileName(subject string) string {
	if subject == benchmark.OneByOne {
		return benchmark.Model
	}
	return subject
}

// time fills samples with the times of batches. What the clock costs is taken
// off.
func (s *session) time(list *sides, subject subject, batch int, samples []time.Duration) {
	c := comparison{list.addresses, benchmark.Uniform, 1, true}
	between := 0
	if batch == 1 {
		between = sampleEvery - 1
	}
	var numbers []uint32
	for i := range samples {
		if len(numbers) < batch+between {
			numbers = s.recipients(list, c)[0]
			subject.prepare(len(numbers))
		}
		subject.decide(0, numbers[:between])
		numbers = numbers[between:]
		start := s.clock.now()
		subject.decide(0, numbers[:batch])
		samples[i] = s.clock.since(start)
		numbers = numbers[batch:]
	}
}

func (t *Trace) add(start, end time.Duration, samples []time.Duration) error {
	interval := measure.Interval{Start: start, End: end, Tag: t.Name, Times: &measure.Histogram{}}
	if err := record(interval.Times, samples); err != nil {
		return err
	}
	t.Rounds = append(t.Rounds, interval)
	return t.Times.Merge(interval.Times)
}

func record(h *measure.Histogram, samples []time.Duration) error {
	for _, d := range samples {
		if err := h.Record(d, 1); err != nil {
			return err
		}
	}
	return nil
}

// quantiles returns the percentiles of times, for each decision of a batch, with their
// spread over the rounds, beside those of the control.
func (s *session) quantiles(of *Trace, control *measure.Histogram, batch int) []benchmark.Quantile {
	var list []benchmark.Quantile
	times := &of.Times
	for _, p := range percentiles {
		if enough := times.Count() >= int64(5/(1-p/100)); !enough {
			continue // fewer than five samples lie beyond it
		}
		took, idle := times.Quantile(p/100), control.Quantile(p/100)
		low, high := of.spread(p / 100)
		list = append(list, benchmark.Quantile{
			Percentile: p, NS: float64(took) / float64(batch), LowNS: float64(low) / float64(batch), HighNS: float64(high) / float64(batch),
			ControlNS: float64(idle) / float64(batch), Conclusive: s.concludes(took, idle-control.Quantile(0.5)),
		})
	}
	return list
}

// spread returns the lowest and the highest quantile of the rounds.
func (t *Trace) spread(q float64) (low, high time.Duration) {
	for i, round := range t.Rounds {
		at := round.Times.Quantile(q)
		if i == 0 || at < low {
			low = at
		}
		high = max(high, at)
	}
	return low, high
}

// spectrum returns a distribution for charts, with two points to each halving
// of what is left.
func spectrum(times *measure.Histogram, batch int) []benchmark.Point {
	var list []benchmark.Point
	for _, q := range times.Spectrum(2) {
		list = append(list, benchmark.Point{Percentile: 100 * q.Q, NS: float64(q.Value) / float64(batch)})
	}
	return list
}

// concludes reports whether a time is the decision's own: longer than what the
// clock may be wrong by, and than twice what the control was kept up by.
func (s *session) concludes(took, keptUp time.Duration) bool {
	return took > s.clock.uncertainty() && took >= 2*keptUp
}

// interruptionOver is how much longer than its median the control must take
// for it to count as interrupted.
const interruptionOver = time.Microsecond

func interruptions(control *measure.Histogram) benchmark.Interruptions {
	limit := control.Quantile(0.5) + interruptionOver
	total := control.Mean().Seconds() * float64(control.Count())
	i := benchmark.Interruptions{
		Count: control.Above(limit), LongestNS: float64(control.Max()), ThresholdNS: float64(interruptionOver), ControlSecond: total,
	}
	if total > 0 {
		i.PerSecond = float64(i.Count) / total
	}
	return i
}

// idle fills samples with the times of a control: the same clock around a loop
// that touches no memory.
func (s *session) idle(turns int, samples []time.Duration) {
	x := uint64(1)
	for i := range samples {
		start := s.clock.now()
		x = spin(x, turns)
		samples[i] = s.clock.since(start)
	}
	spun = x
}

// spun keeps the compiler from leaving the loop out.
var spun uint64

func spin(x uint64, turns int) uint64 {
	for range turns {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}

// spinFor returns the number of turns of spin that take about d.
func spinFor(d time.Duration) int {
	const trial = 100_000
	took := make([]time.Duration, 5)
	for i := range took {
		start := time.Now()
		spun = spin(spun, trial)
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return max(int(trial*float64(d)/float64(max(took[2], 1))), 1)
}
