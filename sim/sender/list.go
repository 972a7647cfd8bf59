package sender

import "sesim/sim/rng"

// Pick is how recipients are chosen.
type Pick uint8

// The picks.
const (
	Sequential Pick = iota
	Uniform
	Zipf
)

// List is a sender's copy of an audience: the addresses it still writes to.
type List struct {
	size   uint32
	left   uint32
	used   int // of ahead
	pick   Pick
	cursor uint32 // Sequential: the next address to look at
	draws  rng.Stream
	traits []uint8 // the addresses' bytes; may be nil

	removed removed // by hygiene

	ahead   [64]uint32 // Uniform: draws; those from used on are still to come
	touched uint8      // keeps the compiler from leaving the touching out
}

// NewList returns a list of all addresses of an audience.
func NewList(size uint32, pick Pick, draws rng.Key) List {
	l := List{size: size, left: size, removed: removed{size: size}, pick: pick, draws: draws.Stream()}
	l.used = len(l.ahead)
	return l
}

// bitRemoved is the bit of an address's byte that belongs to this package: some
// list has taken the address off. A clear bit says that this one has not.
const bitRemoved = 1 << 7

// Watch names the bytes of the addresses. The list reads those of random
// recipients before they are needed, and sets the bit of those that it takes
// off.
func (l *List) Watch(traits []uint8) { l.traits = traits[:l.size] }

// uniform returns any address.
func (l *List) uniform() uint32 {
	if l.used == len(l.ahead) {
		l.lookAhead()
	}
	n := l.ahead[l.used]
	l.used++
	return n
}

// lookAhead draws addresses and reads what will be asked about them, so that a
// processor has it at hand by then: in a loop that does nothing else it
// fetches many from memory at once.
func (l *List) lookAhead() {
	for i := range l.ahead {
		l.ahead[i] = uint32(l.draws.Below(uint64(l.size)))
	}
	touched := uint8(0)
	if l.traits != nil {
		for _, n := range l.ahead {
			touched |= l.traits[n]
		}
	}
	if l.removed.bits != nil {
		for _, n := range l.ahead {
			touched |= uint8(l.removed.bits[n/64])
		}
	}
	l.used, l.touched = 0, touched
}

// Touch reads what the next TakeOne of a list in random order needs.
func (l *List) Touch() uint64 {
	if l.used == len(l.ahead) {
		return 0
	}
	n := l.ahead[l.used]
	touched := uint64(n)
	if l.gone(n) {
		touched++
	}
	if l.traits != nil {
		touched += uint64(l.traits[n])
	}
	return touched
}

// Left returns how many addresses are on the list.
func (l *List) Left() int64 { return int64(l.left) }

// Remove takes an address off the list. It reports whether it was on it.
func (l *List) Remove(n uint32) bool {
	if l.gone(n) {
		return false
	}
	l.removed.add(n)
	l.left--
	if l.traits != nil {
		l.traits[n] |= bitRemoved
	}
	return true
}

func (l *List) gone(n uint32) bool {
	if l.left == l.size || l.traits != nil && l.traits[n]&bitRemoved == 0 {
		return false
	}
	return l.removed.has(n)
}

// next returns the first address from n on that is on the list, or size.
func (l *List) next(n uint32) uint32 {
	if l.left == l.size {
		return min(n, l.size)
	}
	return l.removed.next(n)
}

// Take appends the recipients of one message to to: n different addresses, or
// as many as there are left. It reports whether a sequential walk has come to
// the end of the list, from where it starts again.
func (l *List) Take(to []uint32, n int) (_ []uint32, end bool) {
	n = min(n, int(l.left))
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
	if at == l.size {
		at = l.next(0)
	}
	l.cursor = at + 1
	return at
}

// takeInOrder walks on; a message may begin with the list's last addresses
// and go on with its first.
func (l *List) takeInOrder(to []uint32, n int) ([]uint32, bool) {
	for range n {
		to = append(to, l.TakeOne())
	}
	return to, l.next(l.cursor) == l.size
}

// TakeCampaign is Take for a campaign, whose messages end with the list: the
// last one may be shorter, and the walk starts again from the top.
func (l *List) TakeCampaign(to []uint32, n int) (_ []uint32, end bool) {
	for range min(n, int(l.left)) {
		at := l.next(l.cursor)
		if at == l.size {
			break
		}
		to = append(to, at)
		l.cursor = at + 1
	}
	if l.next(l.cursor) == l.size {
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
			n = uint32(l.draws.Zipf(uint64(l.size)) - 1)
		} else {
			n = l.uniform()
		}
		if !l.gone(n) && !contains(taken, n) {
			return n
		}
	}
	for {
		n = l.next(n)
		if n == l.size {
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
