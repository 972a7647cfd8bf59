package sender

import (
	"math/bits"

	"sesim/sim/prefetch"
)

// removed are the addresses that hygiene took off a list of so many. A few
// stand in an open-addressed table, some six bytes each; once that would take
// more, there is a bit for every address of the list. Thousands of senders may
// so share an audience of millions. The zero value is empty.
type removed struct {
	size uint32
	n    uint32
	few  []uint32 // numbers plus one; 0 is free; the length is a power of two
	bits []uint64 // nil: few
}

// has reports whether an address is in the set.
func (r *removed) has(n uint32) bool {
	if r.bits != nil {
		return r.bits[n/64]&(1<<(n%64)) != 0
	}
	return r.n > 0 && r.few[r.find(n)] != 0
}

// line returns the memory that has looks at first.
func (r *removed) line(n uint32) prefetch.Line {
	switch {
	case r.bits != nil:
		return prefetch.Of(&r.bits[n/64])
	case r.n > 0:
		return prefetch.Of(&r.few[r.home(n)])
	}
	return prefetch.Of(r)
}

// add puts an address in. It must not be there.
func (r *removed) add(n uint32) {
	if r.bits == nil && int(r.n+1)*4 > len(r.few)*3 {
		r.grow()
	}
	r.n++
	if r.bits != nil {
		r.bits[n/64] |= 1 << (n % 64)
		return
	}
	r.few[r.find(n)] = n + 1
}

// grow doubles the table, or gives it up for bits.
func (r *removed) grow() {
	old := r.few
	if next := max(8, 2*len(old)); next*4 < int(r.size)/8 {
		r.few = make([]uint32, next)
	} else {
		r.few, r.bits = nil, make([]uint64, (r.size+63)/64)
	}
	for _, entry := range old {
		switch {
		case entry == 0:
		case r.bits != nil:
			r.bits[(entry-1)/64] |= 1 << ((entry - 1) % 64)
		default:
			r.few[r.find(entry-1)] = entry
		}
	}
}

// find returns the place of an address in the table, or the free one that it
// would take.
func (r *removed) find(n uint32) int {
	mask := len(r.few) - 1
	i := r.home(n)
	for r.few[i] != 0 && r.few[i] != n+1 {
		i = (i + 1) & mask
	}
	return i
}

// home is the place of an address in the table, if it is free.
func (r *removed) home(n uint32) int { return int(n*0x9e3779b1>>8) & (len(r.few) - 1) }

// next returns the first address from n on that is not in the set, or size.
func (r *removed) next(n uint32) uint32 {
	if r.bits == nil {
		for n < r.size && r.has(n) {
			n++
		}
		return min(n, r.size)
	}
	if n >= r.size {
		return r.size
	}
	word := n / 64
	free := ^r.bits[word] >> (n % 64) << (n % 64)
	for free == 0 {
		word++
		if int(word) == len(r.bits) {
			return r.size
		}
		free = ^r.bits[word]
	}
	return min(word*64+uint32(bits.TrailingZeros64(free)), r.size)
}
