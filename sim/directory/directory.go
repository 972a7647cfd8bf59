// Package directory gives addresses that nobody announced numbers, on first sight. Out
// of scope: what an address is and what becomes of mail to it.
//
// An address is taken in lower case, because sending does not distinguish capitals. Its
// number and the number of its class, which the caller chooses, never change. An address
// takes about 15 bytes besides its text.
package directory

import (
	"math"

	"sesim/sim/rng"
)

// Directory numbers addresses from 0 in the order of first sight. It holds at most a
// fixed number of them.
type Directory struct {
	most    int
	slots   []uint32 // open-addressed hash table: number+1, or 0 for a free slot; the length is a power of two
	ends    []uint32 // where each address ends in text
	classes []uint16
	text    []byte
}

// MaxText is the most bytes that the addresses of a Directory may have together.
const MaxText = math.MaxUint32

// New returns an empty directory for at most so many addresses.
func New(most int64) *Directory { return &Directory{most: int(most), slots: make([]uint32, 16)} }

// Len returns the number of addresses.
func (d *Directory) Len() int { return len(d.ends) }

// Find returns the number of an address, in any case, if the directory has it.
func (d *Directory) Find(address string) (n uint32, known bool) {
	slot := d.slot(address)
	return d.slots[slot] - 1, d.slots[slot] != 0
}

// Add adds an address that the directory does not have. It returns false if the
// directory is full.
func (d *Directory) Add(address string, class uint16) (n uint32, ok bool) {
	if !d.Holds(1, len(address)) {
		return 0, false
	}
	if 4*(len(d.ends)+1) > 3*len(d.slots) {
		d.grow()
	}
	slot := d.slot(address)
	for i := range len(address) {
		d.text = append(d.text, lower(address[i]))
	}
	d.ends = append(d.ends, uint32(len(d.text)))
	d.classes = append(d.classes, class)
	d.slots[slot] = uint32(len(d.ends))
	return uint32(len(d.ends) - 1), true
}

// Holds reports whether there is room for so many further addresses, with that many bytes
// of text together.
func (d *Directory) Holds(addresses, bytes int) bool {
	return len(d.ends)+addresses <= d.most && len(d.text)+bytes <= MaxText
}

// Text returns the address with a number, in lower case.
func (d *Directory) Text(n uint32) string { return string(d.bytes(n)) }

// AppendText appends the address with a number, in lower case.
func (d *Directory) AppendText(b []byte, n uint32) []byte { return append(b, d.bytes(n)...) }

// Class returns the class of the address with a number.
func (d *Directory) Class(n uint32) uint16 { return d.classes[n] }

// Key returns a hash of the address with a number, for draws that depend on the address
// alone. It is the same in every Directory.
func (d *Directory) Key(n uint32) uint64 { return hash(d.bytes(n)) }

func (d *Directory) bytes(n uint32) []byte {
	begin := uint32(0)
	if n > 0 {
		begin = d.ends[n-1]
	}
	return d.text[begin:d.ends[n]]
}

// grow doubles the table.
func (d *Directory) grow() {
	d.slots = make([]uint32, 2*len(d.slots))
	for n := range uint32(len(d.ends)) {
		d.slots[d.slot(string(d.bytes(n)))] = n + 1
	}
}

// slot returns the slot of an address, or the free slot for it.
func (d *Directory) slot(address string) int {
	mask := len(d.slots) - 1
	for i := int(hash(address)) & mask; ; i = (i + 1) & mask {
		n := d.slots[i]
		if n == 0 || same(d.bytes(n-1), address) {
			return i
		}
	}
}

// hash is FNV-1a over the address in lower case, mixed.
func hash[T string | []byte](address T) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(address) {
		h = (h ^ uint64(lower(address[i]))) * 0x100000001b3
	}
	return rng.Key(h).At(uint64(len(address)))
}

// same reports whether an address in lower case is another one in any case.
func same(canonical []byte, address string) bool {
	if len(canonical) != len(address) {
		return false
	}
	for i, c := range canonical {
		if c != lower(address[i]) {
			return false
		}
	}
	return true
}

// lower returns a letter of ASCII in lower case, anything else as it is.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
