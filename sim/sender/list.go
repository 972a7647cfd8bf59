package sender

import (
	"sesim/sim/prefetch"
	"sesim/sim/rng"
)

// Pick is how the recipients of a message are chosen.
type Pick uint8

// The picks.
const (
	Sequential Pick = iota // in list order, starting again from the top at the end
	Uniform                // each address with the same probability
	Zipf                   // the n-th address with a weight of 1/n
	picks      = iota
)

// Known reports whether there is such a pick.
func (p Pick) Known() bool { return p < picks }

// List is a sender's mailing list: the addresses of an audience to which it still
// sends. The fields that removing an address needs come first, in one cache line.
type List struct {
	removed removed // after bounces and complaints, or because they left the audience
	traits  []uint8 // the addresses' bytes; may be nil

	draws   *rng.Stream
	pick    Pick
	touched uint8    // keeps the compiler from removing the reads of drawAhead
	used    uint8    // how many of ahead have been used
	cursor  uint32   // Sequential: where the search for the next address begins
	ahead   []uint32 // Uniform: addresses drawn in advance; nil: each is drawn when needed
}

// NewList returns a list of all addresses of an audience.
func NewList(size uint32, pick Pick, draws rng.Key) List {
	stream := draws.Stream()
	return NewListOn(&stream, size, pick)
}

// NewListOn is NewList with a stream owned by the caller, from which random
// recipients are drawn.
func NewListOn(draws *rng.Stream, size uint32, pick Pick) List {
	return List{pick: pick, draws: draws, removed: removed{size: size}}
}

// LookAhead makes the list draw random recipients in batches, which is faster if
// only a few lists are in use. It must be called before the first recipient is taken.
func (l *List) LookAhead() {
	if l.pick == Uniform {
		l.ahead = make([]uint32, lookAhead)
		l.used = lookAhead
	}
}

const lookAhead = 64

// Removed is the bit of an address's byte that belongs to this package: it is set if
// the address was removed from any list, or is in a set of Reported addresses.
const Removed = 1 << 7

// Watch gives the list the bytes of its addresses. The list sets Removed in the bytes
// of the addresses that it removes, and reads those of recipients drawn in advance.
// There are as many as the list may have at most.
func (l *List) Watch(traits []uint8) { l.traits = traits }

// Grow adds addresses at the end of the list: it has the given size then, which is not
// smaller than before. Random recipients that were drawn in advance are drawn anew.
func (l *List) Grow(size int64) {
	if l.ahead != nil {
		l.draws.Back(len(l.ahead) - int(l.used))
		l.used = uint8(len(l.ahead))
	}
	l.removed.enlarge(uint32(size))
}

// Size returns how many addresses the list has or had.
func (l *List) Size() int64 { return int64(l.removed.size) }

// uniform draws an address, each with the same probability.
func (l *List) uniform() uint32 {
	if l.ahead == nil {
		return uint32(l.draws.Below(uint64(l.removed.size)))
	}
	if int(l.used) == len(l.ahead) {
		l.drawAhead()
	}
	n := l.ahead[l.used]
	l.used++
	return n
}

// drawAhead draws addresses and reads the memory that later decisions about them
// need, to have it in the cache by then: in a tight loop the cache misses overlap.
func (l *List) drawAhead() {
	for i := range l.ahead {
		l.ahead[i] = uint32(l.draws.Below(uint64(l.removed.size)))
	}
	touched := Touch(l.traits, l.ahead)
	if l.removed.dense && 4*len(l.removed.words) >= touchLeast {
		for _, n := range l.ahead {
			touched |= uint8(l.removed.words[n/32])
		}
	}
	l.used, l.touched = 0, touched
}

// touchLeast is the number of bytes from which on reading them ahead makes a run faster:
// fewer are in the second-level cache of a core even beside all else that a run needs.
const touchLeast = 1 << 18

// Touch reads the bytes of addresses together, if there are so many bytes that they do not
// fit into a core's caches, so that the cache misses overlap. What it returns keeps the
// compiler from removing the reads.
func Touch(traits []uint8, list []uint32) uint8 {
	touched := uint8(0)
	if len(traits) >= touchLeast {
		for _, n := range list {
			touched |= traits[n]
		}
	}
	return touched
}

// Line returns the cache line that OrAnother reads for an address.
func (l *List) Line(n uint32) prefetch.Line { return l.removed.line(n) }

// Left returns how many addresses are on the list.
func (l *List) Left() int64 { return int64(l.removed.size - l.removed.n) }

// Removed returns how many addresses Remove has removed.
func (l *List) Removed() int64 { return int64(l.removed.n - l.removed.left) }

// Remove removes an address from the list. It reports whether the address was on it.
func (l *List) Remove(n uint32) bool {
	if l.gone(n) {
		return false
	}
	l.removed.add(n)
	if l.traits != nil {
		l.traits[n] |= Removed
	}
	return true
}

// Leave takes an address off the list that has left the audience, if it is on it.
func (l *List) Leave(n uint32) {
	if l.Remove(n) {
		l.removed.left++
	}
}

func (l *List) gone(n uint32) bool {
	if l.removed.n == 0 || l.traits != nil && l.traits[n]&Removed == 0 {
		return false
	}
	return l.removed.has(n)
}

// next returns the first address from n on that is on the list, or size.
func (l *List) next(n uint32) uint32 {
	if l.removed.n == 0 || uint64(n) < uint64(len(l.traits)) && l.traits[n]&Removed == 0 {
		return min(n, l.removed.size)
	}
	return l.removed.next(n)
}

// Take appends the recipients of one message to to: n different addresses, or all
// that are left. It reports whether a sequential pass has reached the end of the
// list; the next one starts again from the top.
func (l *List) Take(to []uint32, n int) (_ []uint32, end bool) {
	n = min(n, int(l.Left()))
	if l.pick == Sequential {
		return l.takeInOrder(to, n)
	}
	first := len(to)
	for len(to)-first < n {
		to = append(to, l.draw(to[first:], tries))
	}
	return to, false
}

// TakeOne is Take for one recipient. The list must not be empty.
func (l *List) TakeOne() uint32 {
	switch l.pick {
	case Uniform:
		if n := l.uniform(); !l.gone(n) {
			return n
		}
		return l.draw(nil, tries-1)
	case Zipf:
		return l.draw(nil, tries)
	}
	at := l.next(l.cursor)
	if at == l.removed.size {
		at = l.next(0)
	}
	l.cursor = at + 1
	return at
}

// OrAnother returns n, a random recipient drawn by the caller, or draws another one
// if n was removed. Without LookAhead, a Uniform list draws each recipient as
// Below(size) of its stream; a caller may draw that number itself and call OrAnother.
func (l *List) OrAnother(n uint32) uint32 {
	if !l.removed.has(n) {
		return n
	}
	return l.draw(nil, tries-1)
}

// takeInOrder takes the next n addresses; after the last address of the list a
// message continues with the first.
func (l *List) takeInOrder(to []uint32, n int) ([]uint32, bool) {
	for range n {
		to = append(to, l.TakeOne())
	}
	return to, l.next(l.cursor) == l.removed.size
}

// TakeCampaign is Take for a campaign, of which no message continues past the end of
// the list: the last one may be shorter, and the next pass starts from the top.
func (l *List) TakeCampaign(to []uint32, n int) (_ []uint32, end bool) {
	for range min(n, int(l.Left())) {
		at := l.next(l.cursor)
		if at == l.removed.size {
			break
		}
		to = append(to, at)
		l.cursor = at + 1
	}
	if l.next(l.cursor) == l.removed.size {
		l.cursor = 0
		return to, true
	}
	return to, false
}

// MidPass reports whether a campaign's pass over the list has begun and has two
// addresses left or more. Then TakeNext takes the next one as TakeCampaign does, which
// would not report the end.
func (l *List) MidPass() bool {
	if l.cursor == 0 {
		return false
	}
	l.cursor = l.next(l.cursor)
	return l.cursor < l.removed.size && l.next(l.cursor+1) < l.removed.size
}

// TakeNext takes the next address of a pass. Only after MidPass has returned true.
func (l *List) TakeNext() uint32 {
	l.cursor++
	return l.cursor - 1
}

// Ahead returns how many addresses are left for a campaign's pass over the list, those
// that have been removed included.
func (l *List) Ahead() int64 { return int64(l.removed.size - l.cursor) }

// TakeFrom is TakeCampaign for one pass, which has a cursor of its own: 0 at first, and
// again after its end.
func (l *List) TakeFrom(cursor *uint32, to []uint32, n int) (_ []uint32, end bool) {
	l.cursor, *cursor = *cursor, l.cursor
	to, end = l.TakeCampaign(to, n)
	l.cursor, *cursor = *cursor, l.cursor
	return to, end
}

// tries is how many addresses draw draws before it searches the list instead.
const tries = 64

// draw draws an address that is on the list and not in taken. There must be one.
func (l *List) draw(taken []uint32, tries int) uint32 {
	var n uint32
	for range tries {
		if l.pick == Zipf {
			n = uint32(l.draws.Zipf(uint64(l.removed.size)) - 1)
		} else {
			n = l.uniform()
		}
		if !l.gone(n) && !contains(taken, n) {
			return n
		}
	}
	for {
		n = l.next(n)
		if n == l.removed.size {
			n = l.next(0)
		}
		if !contains(taken, n) {
			return n
		}
		n++
	}
}

func contains(list []uint32, n uint32) bool {
	for _, m := range list {
		if m == n {
			return true
		}
	}
	return false
}
