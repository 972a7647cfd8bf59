package des

import (
	"math/bits"
	"slices"
	"time"
)

// Batch holds the arrivals of many streams within an interval of time, ordered
// by time and then by stream. For thousands of streams it is faster than Merge,
// which climbs from a leaf to the root for each arrival: a batch is filled
// stream by stream, so that a stream's memory is fetched once for several
// arrivals, and is then sorted segment by segment with a bucket sort.
type Batch struct {
	from time.Duration
	list []Due // the current segment, sorted; those from used on are still to come
	used int
	low  uint // how many low bits of a Due hold its stream
	mask Due  // these bits

	segments [Segments][]Due
	sorted   int     // how many segments have been sorted
	cut      uint    // log2 of a segment's length in units of Due
	cells    []int32 // where the arrivals of each cell of a segment begin in list
}

// Segments is the number of segments of a batch. While the batch is filled, only
// the ends of that many lists need to be in the cache; afterwards, one list.
const Segments = 8

// Due is an arrival in a batch: the time since the batch's start in the upper
// bits, the stream in the lower ones. Arrivals are ordered as these numbers are.
type Due uint64

// NewBatch returns an empty batch for the given number of streams.
func NewBatch(streams int) Batch {
	low := uint(bits.Len(uint(streams)))
	return Batch{low: low, mask: 1<<low - 1, list: make([]Due, 0, Reach), sorted: Segments}
}

// MostWidth returns the largest width that Begin takes.
func (b *Batch) MostWidth() int { return 62 - int(b.low) }

// Next returns the first arrival, or Never and -1.
func (b *Batch) Next() (time.Duration, int) {
	for b.used >= len(b.list) {
		if b.sorted == Segments {
			return Never, -1
		}
		b.sort(b.segments[b.sorted])
		b.sorted++
	}
	d := b.list[b.used]
	return b.At(d), b.Stream(d)
}

// At returns the time of an arrival.
func (b *Batch) At(d Due) time.Duration { return b.from + time.Duration(d>>(b.low&63)) }

// Stream returns the stream of an arrival.
func (b *Batch) Stream(d Due) int { return int(d & b.mask) }

// Bound returns the number that separates arrivals by order: an arrival is below
// it if it is before the given time, or at that time with a lower stream.
func (b *Batch) Bound(at time.Duration, stream int) Due {
	since := uint64(max(at-b.from, 0))
	if since>>(64-b.low) != 0 {
		return 1<<64 - 1
	}
	return Due(since)<<(b.low&63) | Due(max(stream, 0))
}

// Rest returns the n arrivals left in the segment from which Next took its last,
// followed by Reach zeros, so that a caller can look that far ahead without checking
// for the end. The slice is valid until all n are dropped.
func (b *Batch) Rest() (list []Due, n int) {
	n = len(b.list) - b.used
	return b.list[b.used : len(b.list)+Reach], n
}

// Reach is how many entries beyond an arrival may be read; see Rest.
const Reach = 64

// Drop removes the first n arrivals. The slice returned by Rest must hold at
// least n.
func (b *Batch) Drop(n int) { b.used += n }

// Begin starts a new batch, to be filled by Add with the arrivals from from up to
// but not including from+2^width ns. Arrivals left of the previous one are dropped.
func (b *Batch) Begin(from time.Duration, width int) {
	b.from, b.list, b.used, b.sorted = from, b.list[:0], 0, 0
	b.cut = uint(max(width-log2Segments, 0)) + b.low
	for i := range b.segments {
		b.segments[i] = b.segments[i][:0]
	}
}

const log2Segments = 3

// Add adds an arrival within the batch's interval. Those of one stream must be
// added in order.
func (b *Batch) Add(at time.Duration, stream int) {
	d := Due(at-b.from)<<(b.low&63) | Due(stream)
	segment := &b.segments[d>>(b.cut&63)%Segments]
	*segment = append(*segment, d)
}

// sort sorts the next segment: it distributes the arrivals over cells by time and
// finishes with an insertion sort.
func (b *Batch) sort(added []Due) {
	most := bits.Len(uint(len(added) / 2)) // log2 of the number of cells
	first := Due(b.sorted) << b.cut
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
	// Most arrivals that are out of order are neighbours. This pass swaps them
	// without a branch, which would be unpredictable.
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
