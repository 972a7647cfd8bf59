package sender

import (
	"math/bits"

	"sesim/sim/prefetch"
)

// removed is the set of addresses that were removed from a list of the given size.
// It begins as an open-addressed hash table of about six bytes per entry, and becomes
// a bitmap over the whole list when that takes less memory, so that thousands of
// senders can share an audience of millions. With only size given it is empty.
type removed struct {
	words []uint32 // sparse: address+1, or 0 for a free slot, the length a power of two; dense: the bitmap
	size  uint32   // addresses of the list
	n     uint32   // of these, removed
	left  uint32   // of the removed ones, those that left the audience
	dense bool
}

// has reports whether an address is in the set.
func (r *removed) has(n uint32) bool {
	if r.dense {
		return r.words[n/32]&(1<<(n%32)) != 0
	}
	return r.n > 0 && r.words[r.find(n)] != 0
}

// line returns the first cache line that has reads for an address.
func (r *removed) line(n uint32) prefetch.Line {
	switch {
	case r.dense:
		return prefetch.Of(&r.words[n/32])
	case r.n > 0:
		return prefetch.Of(&r.words[r.home(n)])
	}
	return prefetch.Of(r)
}

// add adds an address, which must not be in the set.
func (r *removed) add(n uint32) {
	if !r.dense && int(r.n+1)*4 > len(r.words)*3 {
		r.grow()
	}
	r.n++
	r.put(n)
}

func (r *removed) put(n uint32) {
	if r.dense {
		r.words[n/32] |= 1 << (n % 32)
	} else {
		r.words[r.find(n)] = n + 1
	}
}

// grow doubles the table or replaces it by a bitmap.
func (r *removed) grow() {
	old := r.words
	if next := max(8, 2*len(old)); next*4 < int(r.size)/8 {
		r.words = make([]uint32, next)
	} else {
		r.words, r.dense = make([]uint32, (r.size+31)/32), true
	}
	for _, entry := range old {
		if entry != 0 {
			r.put(entry - 1)
		}
	}
}

// enlarge adds addresses that are not in the set to the list.
func (r *removed) enlarge(size uint32) {
	r.size = size
	if more := int(size+31)/32 - len(r.words); r.dense && more > 0 {
		r.words = append(r.words, make([]uint32, more)...)
	}
}

// find returns the slot of an address in the table, or the free slot for it.
func (r *removed) find(n uint32) int {
	mask := len(r.words) - 1
	i := r.home(n)
	for r.words[i] != 0 && r.words[i] != n+1 {
		i = (i + 1) & mask
	}
	return i
}

// home is the slot at which the search for an address begins.
func (r *removed) home(n uint32) int { return int(n*0x9e3779b1>>8) & (len(r.words) - 1) }

// next returns the first address from n on that is not in the set, or size.
func (r *removed) next(n uint32) uint32 {
	if !r.dense {
		for n < r.size && r.has(n) {
			n++
		}
		return min(n, r.size)
	}
	if n >= r.size {
		return r.size
	}
	word := n / 32
	free := ^r.words[word] >> (n % 32) << (n % 32)
	for free == 0 {
		word++
		if int(word) == len(r.words) {
			return r.size
		}
		free = ^r.words[word]
	}
	return min(word*32+uint32(bits.TrailingZeros32(free)), r.size)
}
