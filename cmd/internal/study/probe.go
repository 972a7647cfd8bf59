package study

import (
	"fmt"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/measure"
	"sesim/sim/unit"
)

var _ sim.Probe = (*probe)(nil)

// probe times the admission decisions that the run brackets. Reading the clock
// costs as much as a decision, so the probe first times empty pairs of Start
// and Stop, and subtracts their median from every reading. Results below the
// clock's resolution count as zero.
type probe struct {
	clock func() time.Duration // monotonic, with an arbitrary origin
	began time.Duration

	cost       time.Duration // median of an empty pair
	low, high  time.Duration // 10th and 90th percentile of empty pairs
	resolution time.Duration // smallest step between two readings

	times measure.Histogram
	below int64 // times below the resolution
	err   error // the first time that could not be recorded
}

// emptyPairs is the number of empty pairs for the calibration, which takes about
// a millisecond.
const emptyPairs = 10_001

// newProbe returns a calibrated probe.
func newProbe(clock func() time.Duration) *probe {
	p := &probe{clock: clock}
	var bracket sim.Probe = p // called as the run calls it
	pairs := make([]time.Duration, emptyPairs)
	for i := range pairs {
		bracket.Start()
		pairs[i] = p.elapsed()
	}
	slices.Sort(pairs)
	p.low, p.cost, p.high = pairs[emptyPairs/10], pairs[emptyPairs/2], pairs[emptyPairs*9/10]
	p.resolution = smallestStep(pairs, clock)
	return p
}

// smallestStep returns the smallest step among sorted elapsed times. If the clock
// did not advance, it waits for the clock's next step.
func smallestStep(sorted []time.Duration, clock func() time.Duration) time.Duration {
	for _, d := range sorted {
		if d > 0 {
			return d
		}
	}
	start := clock()
	for {
		if d := clock() - start; d > 0 {
			return d
		}
	}
}

// Start is called just before a decision.
func (p *probe) Start() { p.began = p.clock() }

// Stop is called just after it.
func (p *probe) Stop() { p.record(p.elapsed()) }

func (p *probe) elapsed() time.Duration { return p.clock() - p.began }

func (p *probe) record(elapsed time.Duration) {
	took := max(elapsed-p.cost, 0)
	if took < p.resolution {
		took = 0
	}
	if took == 0 {
		p.below++
	}
	if err := p.times.Record(took, 1); err != nil && p.err == nil {
		p.err = err
	}
}

// sampleEvery returns the number of decisions per timed decision, rounded; 0 if
// none was timed.
func (p *probe) sampleEvery(admissions int64) int64 {
	timed := p.times.Count()
	if timed == 0 {
		return 0
	}
	return (admissions + timed/2) / timed
}

// note explains the figures and what was subtracted from them.
func (p *probe) note() string {
	f := unit.FormatDuration
	return fmt.Sprintf("Wall-clock time of single admission decisions, on a sample. "+
		"An empty measurement takes %s (median; 10th to 90th percentile %s to %s); the median was subtracted from each time. "+
		"The smallest step between two readings is %s; %d of %d times were below it and are counted as 0.",
		f(p.cost), f(p.low), f(p.high), f(p.resolution), p.below, p.times.Count())
}
