package ses

import "slices"

// reasonTable maps addresses to the reasons that they are listed for. It is an
// open-addressed table of 32-bit words, an address in the upper 30 bits and
// its reasons in the lower two, so that an entry takes 4.6 to 7 bytes and an
// empty table nothing. Growth is by a quarter. The zero value is empty.
type reasonTable struct {
	words []uint32 // 0: free
	n     int
}

// len returns the number of entries.
func (t *reasonTable) len() int { return t.n }

// get returns the reasons of an address.
func (t *reasonTable) get(address uint32) (reasons ListReasons, known bool) {
	if t.n == 0 {
		return 0, false
	}
	word := t.words[t.find(address)]
	return ListReasons(word & 3), word != 0
}

// put gives an address reasons, at least one. It reports whether the address
// is new.
func (t *reasonTable) put(address uint32, reasons ListReasons) bool {
	if (t.n+1)*8 > len(t.words)*7 {
		t.resize((t.n + 1) * 10 / 7)
	}
	i := t.find(address)
	isNew := t.words[i] == 0
	t.words[i] = address<<2 | uint32(reasons)
	if isNew {
		t.n++
	}
	return isNew
}

// remove takes an address out. It reports whether it was there. Entries that
// lie behind it because its slot was taken move up.
func (t *reasonTable) remove(address uint32) bool {
	if _, known := t.get(address); !known {
		return false
	}
	hole := t.find(address)
	for i := t.after(hole); t.words[i] != 0; i = t.after(i) {
		if within(t.home(t.words[i]>>2), hole, i) {
			continue // it would come to lie before its home
		}
		t.words[hole] = t.words[i]
		hole = i
	}
	t.words[hole] = 0
	t.n--
	return true
}

// within reports whether slot home of a table that goes round lies behind hole
// and not behind i, on the way from one to the other.
func within(home, hole, i int) bool {
	if hole < i {
		return hole < home && home <= i
	}
	return hole < home || home <= i
}

// addresses returns all addresses in order.
func (t *reasonTable) addresses() []uint32 {
	list := make([]uint32, 0, t.n)
	for _, word := range t.words {
		if word != 0 {
			list = append(list, word>>2)
		}
	}
	slices.Sort(list)
	return list
}

// find returns the slot of an address, or the free one that it would take.
// There must be a free slot.
func (t *reasonTable) find(address uint32) int {
	i := t.home(address)
	for t.words[i] != 0 && t.words[i]>>2 != address {
		i = t.after(i)
	}
	return i
}

// home is the slot in which the search for an address begins.
func (t *reasonTable) home(address uint32) int {
	return int(uint64(address*0x9e3779b1) * uint64(len(t.words)) >> 32)
}

func (t *reasonTable) after(i int) int {
	if i++; i < len(t.words) {
		return i
	}
	return 0
}

// resize makes room for at least so many words, and for as many more as the
// memory for them has anyway.
func (t *reasonTable) resize(least int) {
	old := t.words
	words := slices.Grow([]uint32(nil), max(least, 8))
	t.words = words[:cap(words)]
	for _, word := range old {
		if word != 0 {
			t.words[t.find(word>>2)] = word
		}
	}
}
