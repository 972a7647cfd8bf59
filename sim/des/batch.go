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
// hand for several arrivals, and sorted by putting each into its place.
type Batch struct {
	from  time.Duration
	list  []Due // in order; those from used on are still to come
	used  int
	low   uint    // bits of a Due that hold its stream
	mask  Due     // these bits
	added []Due   // the memory of the last batch as it was added
	cells []int32 // where the arrivals of each stretch of time begin in list
	shift uint    // log2 of such a stretch in units of Due
}

// Due is an arrival of a batch: the time since its beginning in the upper bits,
// the stream in the lower ones. The order of these numbers is that of the
// arrivals.
type Due uint64

// NewBatch returns an empty batch for so many streams.
func NewBatch(streams int) Batch {
	low := uint(bits.Len(uint(streams)))
	return Batch{low: low, mask: 1<<low - 1, list: make([]Due, 0, Reach)}
}

// MostWidth returns the width of the longest batch; see Begin.
func (b *Batch) MostWidth() int { return 62 - int(b.low) }

// Next returns the first arrival, or Never and -1.
func (b *Batch) Next() (time.Duration, int) {
	if b.used >= len(b.list) {
		return Never, -1
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

// Rest returns the arrivals that are still to come, n of them, and behind them
// Reach arrivals that are none, so that who looks ahead so far need not look for
// the end. The slice is valid until the next Begin.
func (b *Batch) Rest() (list []Due, n int) {
	n = len(b.list) - b.used
	return b.list[b.used : len(b.list)+Reach], n
}

// Reach is how far one may look ahead of an arrival; see Rest.
const Reach = 64

// Drop takes the first n arrivals out. There must be so many.
func (b *Batch) Drop(n int) { b.used += n }

// Begin begins a batch: the arrivals between from and from+2^width ns. What is
// left of the one before is dropped. It works best with about as many arrivals
// as expected. It returns an empty slice to append them to, for Sort.
func (b *Batch) Begin(from time.Duration, width, expected int) []Due {
	cells := min(bits.Len(uint(expected/2)), width) // log2 of their number
	b.from, b.shift = from, uint(width-cells)+b.low
	b.list, b.used = b.list[:0], 0
	b.cells = slices.Grow(b.cells[:0], 1<<cells)[:1<<cells]
	clear(b.cells)
	return b.added[:0]
}

// Due returns an arrival of the batch.
func (b *Batch) Due(at time.Duration, stream int) Due {
	return Due(at-b.from)<<(b.low&63) | Due(stream)
}

// Sort puts the arrivals in order: into the cells of their times, and those of
// one cell one by one. The streams must come one after the other, in order, and
// each stream's arrivals in order of time. The slice is kept.
func (b *Batch) Sort(added []Due) {
	b.added = added
	cells, shift := b.cells, b.shift&63
	for _, d := range added {
		cells[d>>shift]++
	}
	sum := int32(0)
	for i, n := range cells {
		cells[i] = sum
		sum += n
	}
	list := slices.Grow(b.list, len(added)+Reach)[:len(added)]
	clear(list[len(added) : len(added)+Reach])
	for _, d := range added {
		place := cells[d>>shift]
		cells[d>>shift] = place + 1
		list[place] = d
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
	b.list = list
}
