package ses

import (
	"encoding/binary"
	"math/bits"
	"time"
)

// runLog is a queue of runs: for each the time since the run before, which is
// positive and at most 24 hours, and a number of recipients.
//
// A run is its gap. Where its recipients are not as many as those of the run
// before, a zero, which is no gap, and their number stand in front.
//
// The numbers lie in blocks. All of a block take as many bytes, so that neither
// reader nor writer has to decide anything: enough for twice the largest of the
// block before. One that needs more begins the next block.
//
// A block that has been read is kept for the next that is needed, so that a
// steady stream allocates nothing; more than one go back to the garbage
// collector, so that memory follows a use that falls.
type runLog struct {
	tail, head place
	seen       uint64 // the numbers of the tail's block, one or the other
	spare      *runBlock
}

// place is where a reader or a writer stands.
type place struct {
	block *runBlock
	at    int
	width int    // bytes of the block's numbers
	most  uint64 // the largest one
	n     int64  // recipients of the run before
}

const (
	runBlockBytes = 1008 // 1 KiB with the rest
	runBytesMax   = 3 * 8
)

type runBlock struct {
	next  *runBlock
	width int32
	end   int32 // of what is written, where another block follows
	bytes [runBlockBytes]byte
}

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
	l.tail, l.seen = l.head, 0
}

// takes reports whether the block under way has room for a run with the
// recipients of the run before.
func (l *runLog) takes(gap time.Duration) bool {
	return l.tail.at <= runBlockBytes-runBytesMax && uint64(gap) <= l.tail.most
}

// append appends a run that the block under way takes.
func (l *runLog) append(gap time.Duration) {
	l.tail.put(uint64(gap))
	l.seen |= uint64(gap)
}

// write appends a run.
func (l *runLog) write(gap time.Duration, n int64) {
	t := &l.tail
	if !l.takes(gap) || n != t.n && uint64(n) > t.most {
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

// extend gives the writer a new block, for numbers up to need at least.
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
	}
	l.tail.enter(b)
	l.seen = 0
	if before == nil {
		l.head.enter(b)
	}
}

// advance leads the reader into the block after the one that it has read, which
// is kept.
func (l *runLog) advance() {
	b := l.head.block
	l.head.enter(b.next)
	b.next = nil
	l.spare = b
}

// enter goes to the beginning of a block.
func (p *place) enter(b *runBlock) {
	p.block, p.at, p.width, p.most = b, 0, int(b.width), 1<<(8*b.width-1)<<1-1
}

// atEnd reports whether the next run stands in the next block.
func (p *place) atEnd() bool { return p.block.next != nil && p.at == int(p.block.end) }

// pass reads runs of the block, of which left are still to come in all, and the
// one before was at first, up to the first one behind from. It returns the time
// of the last one read, how many are left without those up to from, and the
// recipients of these; in p.n are those of the last one read.
func (p *place) pass(first, from time.Duration, left int) (_ time.Duration, _ int, gone int64) {
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
		if first += time.Duration(x); first > from {
			break
		}
		gone += n
		left--
	}
	p.at, p.n = at, n
	return first, left, gone
}

// put writes a number.
func (p *place) put(x uint64) {
	binary.LittleEndian.PutUint64(p.block.bytes[p.at:p.at+8], x)
	p.at += p.width
}
