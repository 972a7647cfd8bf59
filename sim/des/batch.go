package des

import (
	"math/bits"
	"slices"
	"time"
)

// Batch holds the arrivals of many streams over a stretch of time ahead, in
// order: by time and, at the same time, by stream. It serves thousands of
// streams better than Merge, which compares its way from a leaf to the root
// for each arrival: a batch is filled stream by stream, each stream's memory at
// hand for several arrivals, and put in order a part after the other, each by
// putting its arrivals into their places.
type Batch struct {
	from  time.Duration
	list  []Due // the part that is under way, in order; those from used on are still to come
	used  int
	low   uint // bits of a Due that hold its stream
	mask  Due  // these bits
	parts [Parts][]Due
	part  int     // those before it have been put in order
	cut   uint    // log2 of a part's stretch of time in units of Due
	cells []int32 // where the arrivals of each stretch of time of a part begin in list
}

// Parts is how many parts a batch has at most: its memory while it is filled is
// that of the ends of so many lists, and then that of one.
const Parts = 8

// Due is an arrival of a batch: the time since its beginning in the upper bits,
// the stream in the lower ones. The order of these numbers is that of the
// arrivals.
type Due uint64

// NewBatch returns an empty batch for so many streams.
func NewBatch(streams int) Batch {
	low := uint(bits.Len(uint(streams)))
	return Batch{low: low, mask: 1<<low - 1, list: make([]Due, 0, Reach), part: Parts}
}

// MostWidth returns the width of the longest batch; see Begin.
func (b *Batch) MostWidth() int { return 62 - int(b.low) }

// Next returns the first arrival, or Never and -1.
func (b *Batch) Next() (time.Duration, int) {
	for b.used >= len(b.list) {
		if b.part == Parts {
			return Never, -1
		}
		b.sort(b.parts[b.part])
		b.part++
	}
	d := b.list[b.used]
	return b.At(d), b.Stream(d)
}

// At returns the time of an arrival.
func (b *Batch) At(d Due) time.Duration { return b.from + time.Duration(d>>(b.low&63)) }

// Stream returns the stream of an arrival.
func (b *Batch) Stream(d Due) int { return int(d & b.mask) }

// Bound returns a number that exceeds those of the arrivals before the given
// time, and at it of lower streams, and of no other.
func (b *Batch) Bound(at time.Duration, stream int) Due {
	since := uint64(max(at-b.from, 0))
	if since>>(64-b.low) != 0 {
		return 1<<64 - 1
	}
	return Due(since)<<(b.low&63) | Due(max(stream, 0))
}

// Rest returns what is left of the part that Next has looked into, n arrivals,
// and behind them Reach that are none, so that who looks ahead so far need not
// look for the end. The slice is valid until all of them are dropped.
func (b *Batch) Rest() (list []Due, n int) {
	n = len(b.list) - b.used
	return b.list[b.used : len(b.list)+Reach], n
}

// Reach is how far one may look ahead of an arrival; see Rest.
const Reach = 64

// Drop takes the first n arrivals out. There must be so many.
func (b *Batch) Drop(n int) { b.used += n }

// Begin begins a batch, to be filled by Add: the arrivals between from and
// from+2^width ns. What is left of the one before is dropped.
func (b *Batch) Begin(from time.Duration, width int) {
	b.from, b.list, b.used, b.part = from, b.list[:0], 0, 0
	b.cut = uint(max(width-log2Parts, 0)) + b.low
	for i := range b.parts {
		b.parts[i] = b.parts[i][:0]
	}
}

const log2Parts = 3

// Add adds an arrival of the stretch of time. Each stream's must come in order.
func (b *Batch) Add(at time.Duration, stream int) {
	d := Due(at-b.from)<<(b.low&63) | Due(stream)
	part := &b.parts[d>>(b.cut&63)%Parts]
	*part = append(*part, d)
}

// sort puts a part in order: its arrivals into the cells of their times, and
// those of one cell one by one.
func (b *Batch) sort(added []Due) {
	most := bits.Len(uint(len(added) / 2)) // log2 of the number of cells
	first := Due(b.part) << b.cut
	shift := uint(max(int(b.cut)-most, int(b.low))) & 63
	cells := slices.Grow(b.cells[:0], 1<<most)[:1<<most]
	clear(cells)
	for _, d := range added {
		cells[(d-first)>>shift]++
	}
	sum := int32(0)
	for i, n := range cells {
		cells[i] = sum
		sum += n
	}
	list := slices.Grow(b.list[:0], len(added)+Reach)[:len(added)]
	clear(list[len(added) : len(added)+Reach])
	for _, d := range added {
		cell := &cells[(d-first)>>shift]
		list[*cell] = d
		*cell++
	}
	// Most that are out of order are next to each other; to exchange these needs
	// no jump, which could not be predicted.
	if end := len(list) - 1; end > 0 {
		last := list[0]
		for i, d := range list[1:] {
			list[i], last = min(last, d), max(last, d)
		}
		list[end] = last
	}
	for i := 1; i < len(list); i++ {
		d := list[i]
		if list[i-1] <= d {
			continue
		}
		j := i
		for ; j > 0 && list[j-1] > d; j-- {
			list[j] = list[j-1]
		}
		list[j] = d
	}
	b.list, b.used, b.cells = list, 0, cells
}
