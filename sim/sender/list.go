package sender

import (
	"sesim/sim/prefetch"
	"sesim/sim/rng"
)

// Pick is how the recipients of a message are chosen.
type Pick uint8

// The picks.
const (
	Sequential Pick = iota // in list order, again from the top at the end
	Uniform                // each address alike
	Zipf                   // the n-th address with a weight of 1/n
	picks      = iota
)

// Known reports whether there is such a pick.
func (p Pick) Known() bool { return p < picks }

// List is a sender's copy of an audience: the addresses it still writes to. What
// taking one off needs stands first, in a line of a processor's cache.
type List struct {
	removed removed // by hygiene
	traits  []uint8 // the addresses' bytes; may be nil

	draws   *rng.Stream
	pick    Pick
	touched uint8    // keeps the compiler from leaving the touching out
	used    uint8    // of ahead
	cursor  uint32   // Sequential: the next address to look at
	ahead   []uint32 // Uniform: draws, of which those from used on are still to come; nil: one is drawn at a time
}

// NewList returns a list of all addresses of an audience.
func NewList(size uint32, pick Pick, draws rng.Key) List {
	stream := draws.Stream()
	return NewListOn(&stream, size, pick)
}

// NewListOn is NewList with a stream that the caller keeps, and from which
// random recipients take the next numbers.
func NewListOn(draws *rng.Stream, size uint32, pick Pick) List {
	return List{pick: pick, draws: draws, removed: removed{size: size}}
}

// LookAhead lets the list draw random recipients many at a time. It pays where
// few lists are in use. It must be called before the first recipient is taken.
func (l *List) LookAhead() {
	if l.pick == Uniform {
		l.ahead = make([]uint32, lookAhead)
		l.used = lookAhead
	}
}

const lookAhead = 64

// Removed is the bit of an address's byte that belongs to this package: some
// list has taken the address off. A clear bit says that this one has not.
const Removed = 1 << 7

// Watch names the bytes of the addresses. The list reads those of random
// recipients before they are needed, and sets the bit of those that it takes
// off.
func (l *List) Watch(traits []uint8) { l.traits = traits[:l.removed.size] }

// uniform returns any address.
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

// drawAhead draws addresses and reads what will be asked about them, so that a
// processor has it at hand by then: in a loop that does nothing else it
// fetches many from memory at once.
func (l *List) drawAhead() {
	for i := range l.ahead {
		l.ahead[i] = uint32(l.draws.Below(uint64(l.removed.size)))
	}
	touched := uint8(0)
	if l.traits != nil {
		for _, n := range l.ahead {
			touched |= l.traits[n]
		}
	}
	if l.removed.dense {
		for _, n := range l.ahead {
			touched |= uint8(l.removed.words[n/32])
		}
	}
	l.used, l.touched = 0, touched
}

// Line returns the memory that OrAnother looks at for an address.
func (l *List) Line(n uint32) prefetch.Line { return l.removed.line(n) }

// Left returns how many addresses are on the list.
func (l *List) Left() int64 { return int64(l.removed.size - l.removed.n) }

// Removed returns how many are off it.
func (l *List) Removed() int64 { return int64(l.removed.n) }

// Remove takes an address off the list. It reports whether it was on it.
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

func (l *List) gone(n uint32) bool {
	if l.removed.n == 0 || l.traits != nil && l.traits[n]&Removed == 0 {
		return false
	}
	return l.removed.has(n)
}

// next returns the first address from n on that is on the list, or size.
func (l *List) next(n uint32) uint32 {
	if l.removed.n == 0 {
		return min(n, l.removed.size)
	}
	return l.removed.next(n)
}

// Take appends the recipients of one message to to: n different addresses, or
// as many as there are left. It reports whether a sequential walk has come to
// the end of the list, from where it starts again.
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

// TakeOne is Take for one recipient of a list that is not empty.
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

// OrAnother returns a random recipient that the caller has drawn, or another
// one where the list has lost it. A list in random order that does not look
// ahead takes Below its size of its stream for each, so that a caller may do so
// itself.
func (l *List) OrAnother(n uint32) uint32 {
	if !l.removed.has(n) {
		return n
	}
	return l.draw(nil, tries-1)
}

// takeInOrder walks on; a message may begin with the list's last addresses
// and go on with its first.
func (l *List) takeInOrder(to []uint32, n int) ([]uint32, bool) {
	for range n {
		to = append(to, l.TakeOne())
	}
	return to, l.next(l.cursor) == l.removed.size
}

// TakeCampaign is Take for a campaign, whose messages end with the list: the
// last one may be shorter, and the walk starts again from the top.
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

// tries is how often draw asks for another address before it takes the next
// one that fits.
const tries = 64

// draw picks an address that is on the list and not in taken. There is one.
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
