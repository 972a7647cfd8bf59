package sender

import (
	"math/bits"

	"sesim/sim/prefetch"
)

// removed are the addresses that hygiene took off a list of so many. A few
// stand in an open-addressed table, some six bytes each; once that would take
// more, there is a bit for every address of the list. Thousands of senders may
// so share an audience of millions. It is empty where only its size is given.
type removed struct {
	words []uint32 // numbers plus one, where 0 is free and the length a power of two; or, if dense, the bits
	size  uint32
	n     uint32
	dense bool
}

// has reports whether an address is in the set.
func (r *removed) has(n uint32) bool {
	if r.dense {
		return r.words[n/32]&(1<<(n%32)) != 0
	}
	return r.n > 0 && r.words[r.find(n)] != 0
}

// line returns the memory that has looks at first.
func (r *removed) line(n uint32) prefetch.Line {
	switch {
	case r.dense:
		return prefetch.Of(&r.words[n/32])
	case r.n > 0:
		return prefetch.Of(&r.words[r.home(n)])
	}
	return prefetch.Of(r)
}

// add puts an address in. It must not be there.
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

// grow doubles the table, or gives it up for bits.
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

// find returns the place of an address in the table, or the free one that it
// would take.
func (r *removed) find(n uint32) int {
	mask := len(r.words) - 1
	i := r.home(n)
	for r.words[i] != 0 && r.words[i] != n+1 {
		i = (i + 1) & mask
	}
	return i
}

// home is the place of an address in the table, if it is free.
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
