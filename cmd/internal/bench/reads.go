package bench

import "sesim/reports/benchmark"

// reads is the floor: for each recipient one read at its place in memory of a
// size, and nothing else. It measures what memory costs, and no data structure.
type reads struct {
	lanes    []readLane
	together bool // the places are known ahead, so that a processor fetches many at once
}

// readLane is the memory of one core, which may be shared. All of it is zero,
// and the compiler does not know.
type readLane struct {
	memory []uint8
	scale  uint64 // memory bytes for each recipient, times 2^32
	last   uint64
	_      [64]byte
}

// newReads returns reads of this many bytes of memory for n recipients.
func newReads(n, bytes int64, lanes int, shared, together bool) *reads {
	r := &reads{lanes: make([]readLane, lanes), together: together}
	if !shared {
		n, bytes = n/int64(lanes), bytes/int64(lanes)
	}
	var memory []uint8
	for i := range r.lanes {
		if i == 0 || !shared {
			memory = resident(bytes)
		}
		r.lanes[i] = readLane{memory: memory, scale: uint64(bytes) << 32 / uint64(n)}
	}
	return r
}

// resident returns memory that the system has really given: what was never
// written to is all the same page.
func resident(bytes int64) []uint8 {
	memory := make([]uint8, bytes)
	for i := int64(0); i < bytes; i += 512 {
		memory[i] = 1
	}
	clear(memory)
	return memory
}

func (r *reads) name() string {
	if r.together {
		return benchmark.ReadAhead
	}
	return benchmark.Read
}

func (*reads) prepare(int) {}

func (r *reads) decide(core int, numbers []uint32) {
	l := &r.lanes[core]
	at := l.last
	if r.together {
		for _, n := range numbers {
			at += uint64(l.memory[uint64(n)*l.scale>>32])
		}
	} else {
		for _, n := range numbers {
			at = uint64(l.memory[uint64(n)*l.scale>>32+at]) // at is 0, which only the read tells
		}
	}
	l.last = at
}

func (*reads) tally() (all, suppressed int64) { return 0, 0 }
