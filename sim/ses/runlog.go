package ses

import (
	"encoding/binary"
	"math/bits"
	"time"
)

// runLog is a FIFO queue of runs. Each consists of the time since the previous run,
// which is positive and at most 24 hours, and a number of recipients.
//
// A run is encoded as its gap. If its number of recipients differs from the previous
// run's, a zero, which is not a valid gap, and the number precede it.
//
// The numbers are stored in blocks. Within a block all have the same width, so that
// reading and writing need no branches: enough bytes for twice the largest number of
// the previous block. A number that needs more begins the next block.
//
// One block that has been read is kept for reuse, so that a steady stream does not
// allocate; others are left to the garbage collector, so that memory shrinks when
// traffic does.
type runLog struct {
	tail, head place
	seen       uint64 // bitwise OR of the numbers in the tail's block
	spare      *runBlock
}

// place is the position of a reader or a writer.
type place struct {
	block *runBlock
	at    int    // offset in bytes
	width int    // bytes per number in the block
	most  uint64 // the largest number of that width
	n     int64  // recipients of the previous run; of the tail 0 if there is none
}

const (
	runBlockBytes = 1008 // 1 KiB with the other fields
	runBytesMax   = 3 * 8
)

type runBlock struct {
	next  *runBlock
	width int32
	end   int32 // of the data, if another block follows
	bytes [runBlockBytes]byte
}

// restart empties the log. The run before the first of the log has n recipients.
func (l *runLog) restart(n int64) {
	if l.head.block == nil {
		l.head.n, l.tail.n = n, n
		return
	}
	if next := l.head.block.next; next != nil {
		l.spare, l.head.block.next = next, nil
		next.next = nil
	}
	l.head.at, l.head.n = 0, n
	l.tail, l.seen = l.head, 0
}

// append appends a run with as many recipients as the previous one, which the tail takes.
func (l *runLog) append(gap time.Duration) {
	l.tail.put(uint64(gap))
	l.seen |= uint64(gap)
}

// write appends a run.
func (l *runLog) write(gap time.Duration, n int64) {
	t := &l.tail
	if !t.takes(gap) || n != t.n && uint64(n) > t.most {
		l.extend(uint64(gap) | uint64(n))
	}
	if n != t.n {
		t.n = n
		t.put(0)
		t.put(uint64(n))
		l.seen |= uint64(n)
	}
	l.append(gap)
}

// extend begins a new block, for numbers up to at least need.
func (l *runLog) extend(need uint64) {
	b := l.spare
	l.spare = nil
	if b == nil {
		b = new(runBlock)
	}
	b.width = int32(bits.Len64(2*l.seen|need|1)+7) / 8
	before := l.tail.block
	if before != nil {
		before.next, before.end = b, int32(l.tail.at)
		clear(before.bytes[l.tail.at:]) // no gap is zero: see window.countEach
	}
	l.tail.enter(b)
	l.seen = 0
	if before == nil {
		l.head.enter(b)
	}
}

// advance moves the reader to the next block and keeps the one it has read.
func (l *runLog) advance() {
	b := l.head.block
	l.head.enter(b.next)
	b.next = nil
	l.spare = b
}

// enter moves to the start of a block.
func (p *place) enter(b *runBlock) {
	p.block, p.at, p.width, p.most = b, 0, int(b.width), 1<<(8*b.width-1)<<1-1
}

// atEnd reports whether the next run is in the next block.
func (p *place) atEnd() bool { return p.block.next != nil && p.at == int(p.block.end) }

// pass reads runs of the block until it has read one that is still in the window. left is
// the number of runs still in the log, and leaves is when the previous run leaves the
// window. It returns when the last run read does, the number of runs left without those
// that have left, and the recipients of those; p.n becomes the recipients of the last run
// read.
func (p *place) pass(leaves, now time.Duration, left int) (_ time.Duration, _ int, gone int64) {
	bytes, end := &p.block.bytes, runBlockBytes
	if p.block.next != nil {
		end = int(p.block.end)
	}
	at, width, most, n := p.at, p.width, p.most, p.n
	for left > 0 && at < end {
		x := binary.LittleEndian.Uint64(bytes[at:at+8]) & most
		at += width
		if x == 0 {
			n = int64(binary.LittleEndian.Uint64(bytes[at:at+8]) & most)
			at += width
			continue
		}
		if leaves += time.Duration(x); leaves > now {
			break
		}
		gone += n
		left--
	}
	p.at, p.n = at, n
	return leaves, left, gone
}

// takes reports whether the block has room for a run with as many recipients as the
// previous one.
func (p *place) takes(gap time.Duration) bool {
	return uint64(p.at) <= runBlockBytes-runBytesMax && uint64(gap) <= p.most
}

// put writes a number, for which the block must have room.
func (p *place) put(x uint64) {
	at := uint(p.at)
	if at > runBlockBytes-8 {
		panic("ses: a block of runs is full")
	}
	binary.LittleEndian.PutUint64(p.block.bytes[at:at+8], x)
	p.at += p.width
}
