package bench

import (
	"sesim/reports/benchmark"
	"sesim/sim/rng"
	"sesim/sim/sender"
)

// draws are the numbers of recipients in an order, drawn outside the measured
// time. They repeat only after enough others have evicted their data from
// all caches.
type draws struct {
	numbers []uint32
	next    int
}

// drawn is how many numbers there are for each that a subject takes at once.
const drawn = 16

var picks = map[string]sender.Pick{
	benchmark.InOrder: sender.Sequential, benchmark.Uniform: sender.Uniform, benchmark.Zipf: sender.Zipf,
}

// newDraws returns recipients among n addresses, each time those of the same
// seed.
func newDraws(n int64, order string, each int) *draws {
	list := sender.NewList(uint32(n), picks[order], rng.Derive(1, "bench", order, "recipients"))
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
