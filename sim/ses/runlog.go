package ses

import (
	"encoding/binary"
	"math/bits"
	"time"
)

// runLog is a queue of runs: for each the time since the run before, which is
// positive and at most 24 hours, and a number of recipients.
//
// A number x takes as many bytes as 8x does: its lowest three bits say how
// many, less one, so that neither reader nor writer has to decide anything. A
// run is its gap. Where its recipients are not as many as those of the run
// before, a zero byte, which is no gap, and their number stand in front.
//
// The bytes lie in blocks. One that has been read is kept for the next that is
// needed, so that a steady stream allocates nothing; more than one go back to
// the garbage collector, so that memory follows a use that falls.
type runLog struct {
	tail, head place
	spare      *runBlock
}

// place is where a reader or a writer stands.
type place struct {
	block *runBlock
	at    int
	n     int64 // recipients of the run before
}

const (
	runBlockBytes = 1016 // 1 KiB with the pointer
	runBytesMax   = 1 + 2*8
)

type runBlock struct {
	next  *runBlock
	bytes [runBlockBytes]byte
}

// full reports whether the next run goes into another block.
func (l *runLog) full() bool { return l.tail.block == nil || l.tail.atEnd() }

// restart empties the log. The run before its first one has n recipients.
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
	l.tail = l.head
}

// write appends a run.
func (l *runLog) write(gap time.Duration, n int64) {
	if l.full() {
		l.extend()
	}
	t := &l.tail
	if n != t.n {
		t.n = n
		t.block.bytes[t.at] = 0
		t.at++
		t.put(uint64(n))
	}
	t.put(uint64(gap))
}

// extend gives the writer a new block.
func (l *runLog) extend() {
	b := l.spare
	l.spare = nil
	if b == nil {
		b = new(runBlock)
	}
	if l.tail.block == nil {
		l.head.block, l.head.at = b, 0
	} else {
		l.tail.block.next = b
	}
	l.tail.block, l.tail.at = b, 0
}

// advance returns the block after the one that has been read, which is kept.
func (l *runLog) advance(b *runBlock) *runBlock {
	next := b.next
	b.next = nil
	l.spare = b
	return next
}

// atEnd reports whether the next run stands in the next block.
func (p *place) atEnd() bool { return p.at > runBlockBytes-runBytesMax }

// read takes the next run of a block out: the time since the run before, and in
// p.n its recipients.
func (p *place) read() (gap time.Duration) {
	if p.block.bytes[p.at] == 0 {
		p.readN()
	}
	return time.Duration(p.get())
}

func (p *place) readN() {
	p.at++
	p.n = int64(p.get())
}

// put writes a number below 2^61.
func (p *place) put(x uint64) {
	x <<= 3
	more := uint64(bits.Len64(x|1)-1) / 8
	binary.LittleEndian.PutUint64(p.block.bytes[p.at:p.at+8], x|more)
	p.at += int(more) + 1
}

// get reads one.
func (p *place) get() uint64 {
	x := binary.LittleEndian.Uint64(p.block.bytes[p.at : p.at+8])
	more := x & 7
	p.at += int(more) + 1
	return x << (56 - 8*more) >> (56 - 8*more) >> 3
}
