package des

import (
	"math/bits"
	"time"
)

// Due is an arrival: when, and of which stream.
type Due struct {
	At     time.Duration
	Stream int32
}

// Batch holds the arrivals of many streams over a stretch of time ahead, in
// order: by time and, at the same time, by stream. It serves thousands of
// streams better than Merge, which compares its way from a leaf to the root
// for each arrival: a batch is filled stream by stream, each stream's memory at
// hand for several arrivals, and sorted by putting each into its place. The
// zero value is empty.
type Batch struct {
	list  []Due
	used  int // of list
	spare []Due
	count []int32
}

// Next returns the first arrival, or Never and -1.
func (b *Batch) Next() (time.Duration, int) {
	if b.used == len(b.list) {
		return Never, -1
	}
	d := &b.list[b.used]
	return d.At, int(d.Stream)
}

// Drop takes the first arrival out. There must be one.
func (b *Batch) Drop() { b.used++ }

// Ahead returns the arrivals from the n-th from now on, at most most of them.
// The slice is valid until the next Add.
func (b *Batch) Ahead(n, most int) []Due {
	from := min(b.used+n, len(b.list))
	return b.list[from:min(from+most, len(b.list))]
}

// Add adds an arrival to a batch that is not sorted yet. The streams must come
// one after the other, in order, and each stream's arrivals in order of time.
func (b *Batch) Add(at time.Duration, stream int32) {
	if b.used > 0 {
		b.list, b.used = b.list[:0], 0
	}
	b.list = append(b.list, Due{at, stream})
}

// Sort puts the arrivals in order, which lie between from and from+2^width ns.
// Each goes into the cell of its time, of which there are as many as arrivals,
// and those of one cell are put in order one by one.
func (b *Batch) Sort(from time.Duration, width int) {
	cells := bits.Len(uint(len(b.list))) // log2 of their number
	shift := max(width-cells, 0)
	b.count = append(b.count[:0], make([]int32, 1<<min(cells, width)+1)...)
	for i := range b.list {
		b.count[1+(b.list[i].At-from)>>shift]++
	}
	for i := 1; i < len(b.count); i++ {
		b.count[i] += b.count[i-1]
	}
	b.spare = append(b.spare[:0], b.list...)
	for _, d := range b.spare {
		cell := (d.At - from) >> shift
		b.list[b.count[cell]] = d
		b.count[cell]++
	}
	for i := 1; i < len(b.list); i++ {
		d, j := b.list[i], i
		for ; j > 0 && b.list[j-1].At > d.At; j-- {
			b.list[j] = b.list[j-1]
		}
		b.list[j] = d
	}
}
