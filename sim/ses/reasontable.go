package ses

import "slices"

// reasonTable maps addresses to the reasons for which they are listed. It is an
// open-addressed hash table of 32-bit words, with the address in the upper 30 bits and
// the reasons in the lower two. An entry takes 4.6 to 7 bytes, an empty table none; the
// table grows by a quarter. The zero value is empty.
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

// put sets the reasons of an address, at least one. It reports whether the address is
// new.
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

// remove removes an address and reports whether it was in the table. Later entries that
// were displaced by it move up.
func (t *reasonTable) remove(address uint32) bool {
	if _, known := t.get(address); !known {
		return false
	}
	hole := t.find(address)
	for i := t.after(hole); t.words[i] != 0; i = t.after(i) {
		if within(t.home(t.words[i]>>2), hole, i) {
			continue // it would be before its home slot
		}
		t.words[hole] = t.words[i]
		hole = i
	}
	t.words[hole] = 0
	t.n--
	return true
}

// within reports whether home is after hole and not after i, going from hole to i in a
// table that wraps around.
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

// find returns the slot of an address, or the free slot for it. The table must have a
// free slot.
func (t *reasonTable) find(address uint32) int {
	i := t.home(address)
	for t.words[i] != 0 && t.words[i]>>2 != address {
		i = t.after(i)
	}
	return i
}

// home returns the slot at which the search for an address begins.
func (t *reasonTable) home(address uint32) int {
	return int(uint64(address*0x9e3779b1) * uint64(len(t.words)) >> 32)
}

func (t *reasonTable) after(i int) int {
	if i++; i < len(t.words) {
		return i
	}
	return 0
}

// resize makes room for at least least words, and uses all memory that is allocated for
// them.
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
