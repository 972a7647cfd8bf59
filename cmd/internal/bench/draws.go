package bench

import (
	"sesim/reports/benchmark"
	"sesim/sim/rng"
	"sesim/sim/sender"
)

var picks = map[string]sender.Pick{
	benchmark.InOrder: sender.Sequential, benchmark.Uniform: sender.Uniform, benchmark.Zipf: sender.Zipf,
}

// newList returns the list from which a core's recipients among n addresses come: the
// same ones each time.
func newList(n int64, order string, core int) *sender.List {
	list := sender.NewList(uint32(n), picks[order], rng.Derive(uint64(core)+1, "bench", order, "recipients"))
	return &list
}

// draws are the numbers of recipients in an order, drawn outside the measured
// time. They repeat only after enough others have evicted their data from
// all caches.
type draws struct {
	numbers []uint32
	next    int
}

// drawn is how many numbers there are for each that a subject takes at once.
const drawn = 16

// newDraws returns recipients among n addresses.
func newDraws(n int64, order string, each int) *draws {
	list := newList(n, order, 0)
	d := &draws{numbers: make([]uint32, drawn*each)}
	for i := range d.numbers {
		d.numbers[i] = list.TakeOne()
	}
	return d
}

// take returns the next numbers, at most each of newDraws.
func (d *draws) take(n int) []uint32 {
	if d.next+n > len(d.numbers) {
		d.next = 0
	}
	d.next += n
	return d.numbers[d.next-n : d.next]
}

// drawing draws recipients in the measured time, as a run does, and passes them to a
// subject, lookAhead at a time. A Zipf draw takes longer than a decision, so that
// figures without it would say little of a run.
type drawing struct {
	list  *sender.List
	ahead [lookAhead]uint32
}

// decide has a subject decide n recipients.
func (d *drawing) decide(s subject, core, n int) {
	for n > 0 {
		part := d.ahead[:min(lookAhead, n)]
		for i := range part {
			part[i] = d.list.TakeOne()
		}
		s.decide(core, part)
		n -= len(part)
	}
}

// drawAlone decides nothing: what is measured of it is the drawing.
type drawAlone struct{}

func (drawAlone) name() string { return benchmark.DrawAlone }

func (drawAlone) prepare(int) {}

func (drawAlone) decide(int, []uint32) {}

func (drawAlone) tally() (all, suppressed int64) { return 0, 0 }
