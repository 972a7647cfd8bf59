package scenarios

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// # Common rows
//
// Nearly all rows of a large trace are alike: a date and a time in the zone of the row
// above, or seconds such as 86.4s, a comma, and a number of recipients or addresses as the
// audience writes them, not quoted. readCommon reads them from the block of lines, without
// finding the line's end first and without making strings. It reads no other row, and
// reports no error: readAny does that for every row, and says what is right. What readCommon
// needs of the calendar it has from the last row that readAny read. FuzzCommonRows compares
// the two.

// commonRoom is how many bytes there are at least from a common row on, the rows after it
// included: more than a moment and a number take.
const commonRoom = 64

// readCommon reads the next row if it is a common one, and of the day that the last one read
// by readAny is of.
func (r *traceRows) readCommon(row *sim.TraceRow) bool {
	b := r.block[r.begun:]
	if len(b) < commonRoom {
		return false
	}
	at, cell := r.day.moment((*[commonRoom]byte)(b))
	if cell == 0 {
		at, cell = readSeconds((*[commonRoom]byte)(b))
	}
	if cell == 0 || at < r.last || at > unit.MaxDuration {
		return false
	}
	row.Numbers = row.Numbers[:0]
	count, size := readCount(b[cell:], min(r.trace.audience.of.Size, maxRowRecipients))
	if size == 0 {
		if size = r.trace.audience.readAll(row, b[cell:]); size == 0 {
			return false
		}
	}
	row.At, row.Count = at, int(count)
	r.begun += cell + size
	r.last = at
	r.line++
	return true
}

// day is a date in a time zone. The zero value is none.
type day struct {
	date     [2]uint64 // the first eight bytes of the date with the T after it, and the last eight
	zone     uint64    // with the comma after it, in the bytes of zoneMask
	zoneMask uint64
	zoneSize int
	begin    time.Duration
}

const (
	dateSize  = len("2026-03-02T")
	clockSize = len("09:00:00")
	zoneMost  = len("+01:00,")
)

// note makes it the day of a moment, which is written like this.
func (d *day) note(text string, at time.Duration) {
	var b [commonRoom]byte
	n := copy(b[:], text)
	if n < dateSize+clockSize || text[dateSize-1] != 'T' {
		return
	}
	since, size := readClock(&b)
	if zone := n - size + 1; size > 0 && zone <= zoneMost {
		b[n] = ','
		*d = day{
			date: dateOf(&b), zone: binary.LittleEndian.Uint64(b[size:]), zoneMask: 1<<(8*zone) - 1, zoneSize: zone, begin: at - since,
		}
	}
}

func dateOf(b *[commonRoom]byte) [2]uint64 {
	return [2]uint64{binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[dateSize-8:])}
}

// moment reads a moment of the day and the comma after it. It returns their length, 0 for
// another text.
func (d *day) moment(b *[commonRoom]byte) (at time.Duration, size int) {
	if dateOf(b) != d.date {
		return 0, 0
	}
	since, size := readClock(b)
	if size == 0 || binary.LittleEndian.Uint64(b[size:])&d.zoneMask != d.zone {
		return 0, 0
	}
	return d.begin + since, size + d.zoneSize
}

// readClock reads a time of the day such as 09:00:00 or 09:00:00.25 after a date. It returns
// where it ends, 0 for another text.
func readClock(b *[commonRoom]byte) (since time.Duration, end int) {
	const digits = 0x3030_3A30_303A_3030 // 00:00:00
	x := binary.LittleEndian.Uint64(b[dateSize:]) ^ digits
	if notDigits(x) != 0 {
		return 0, 0
	}
	x = x*10 + x>>8 // pairs of digits
	h, m, s := x&0xff, x>>24&0xff, x>>48&0xff
	if h > 23 || m > 59 || s > 59 {
		return 0, 0
	}
	since, end = time.Duration(h*3600+m*60+s)*time.Second, dateSize+clockSize
	if b[end] != '.' {
		return since, end
	}
	return addFraction(since, b, end)
}

// addFraction reads a fraction of a second with one digit to nine, whose point is at a place.
// It returns where it ends, 0 for another text.
func addFraction(since time.Duration, b *[commonRoom]byte, point int) (_ time.Duration, end int) {
	fraction, n := readDigits(b[point+1:])
	if n == 0 || n >= len(unitOf) {
		return 0, 0
	}
	return since + time.Duration(fraction)*unitOf[n], point + 1 + n
}

// readSeconds reads a moment such as 86s or 86.4s and the comma after it. It returns their
// length, 0 for another text.
func readSeconds(b *[commonRoom]byte) (at time.Duration, size int) {
	n, end := readDigits(b[:])
	if end == 0 || end > 9 {
		return 0, 0
	}
	at = time.Duration(n) * time.Second
	if b[end] == '.' {
		at, end = addFraction(at, b, end)
	}
	if end == 0 || b[end] != 's' || b[end+1] != ',' {
		return 0, 0
	}
	return at, end + 2
}

// unitOf is the unit of the last digit of a fraction of a second, by the number of digits.
var unitOf = [...]time.Duration{1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1}

// readDigits reads a number and returns how many digits it has; the number is right if they
// are at most 18. It reads eight bytes at once, because a processor cannot predict where a
// loop over a few digits ends. There are eight bytes or more.
func readDigits(b []byte) (n uint64, size int) {
	x := binary.LittleEndian.Uint64(b) ^ 0x3030_3030_3030_3030
	size = bits.TrailingZeros64(notDigits(x)) / 8
	if size == 8 {
		return moreDigits(b, eightDigits(x))
	}
	return eightDigits(x << uint(64-8*size)), size // with leading zeros
}

// moreDigits is readDigits for a number of more than eight digits, whose first eight are n.
func moreDigits(b []byte, n uint64) (_ uint64, size int) {
	for size = 8; size < len(b) && b[size]-'0' <= 9; size++ {
		n = n*10 + uint64(b[size]-'0')
	}
	return n, size
}

// notDigits returns a word that has the highest bit of the first byte that is not from 0 to
// 9, and nothing before it; 0 if all are.
func notDigits(x uint64) uint64 {
	return (x + 0x7676_7676_7676_7676 | x) & 0x8080_8080_8080_8080
}

// eightDigits returns the number of eight digits, each a byte from 0 to 9.
func eightDigits(x uint64) uint64 {
	const pairs = 0x0000_00ff_0000_00ff
	x = x*10 + x>>8
	return (x&pairs*(1_000_000<<32+100) + x>>16&pairs*(10_000<<32+1)) >> 32
}

// readCount reads a number from 1 to the most and the end of its line. It returns their
// length, 0 for another text.
func readCount(b []byte, most int64) (count uint64, size int) {
	if count, size = readNumber(b, most); size == 0 {
		return 0, 0
	}
	end := lineEnd(b[size:])
	if end == 0 {
		return 0, 0
	}
	return count, size + end
}

// readNumber reads a number from 1 to the most, without leading zeros. It returns its
// length, 0 for another text.
func readNumber(b []byte, most int64) (n uint64, size int) {
	if len(b) < 8 || b[0]-'1' > 8 {
		return 0, 0
	}
	if n, size = readDigits(b); n > uint64(most) || size > 18 {
		return 0, 0
	}
	return n, size
}

// lineEnd returns the length of the end of a line, 0 for another text.
func lineEnd(b []byte) int {
	switch {
	case len(b) > 0 && b[0] == '\n':
		return 1
	case len(b) > 1 && b[0] == '\r' && b[1] == '\n':
		return 2
	}
	return 0
}

// readAll reads addresses into the numbers of a row that has none, and the end of their
// line. It returns their length, 0 for another text or what traceRows.addresses reports.
func (d *directory) readAll(row *sim.TraceRow, b []byte) (size int) {
	for {
		n, address := d.read(b[size:])
		if address == 0 || len(row.Numbers) >= ses.MaxRecipients || slices.Contains(row.Numbers, n) {
			return 0
		}
		row.Numbers = append(row.Numbers, n)
		size += address
		if end := lineEnd(b[size:]); end > 0 {
			return size + end
		}
		between := size
		for size < len(b) && separates(b[size]) {
			size++
		}
		if size == between {
			return 0
		}
	}
}

// separates reports whether a character is one of those that separate addresses in common
// rows.
func separates(b byte) bool { return b == ' ' || b == ',' || b == ';' }

// read reads an address as the audience writes it, and returns the recipient's number,
// counted from 0, and the length of the address; 0 for another text.
func (d *directory) read(b []byte) (n uint32, size int) {
	if d.names != nil {
		return d.readName(b)
	}
	local, domain := len(d.of.Local), len(d.of.Domain)
	if len(b) < local || string(b[:local]) != d.of.Local {
		return 0, 0
	}
	number, digits := readNumber(b[local:], d.of.Size)
	at := local + digits
	size = at + 1 + domain
	if digits == 0 || len(b) < size || b[at] != '@' || string(b[at+1:size]) != d.of.Domain {
		return 0, 0
	}
	return uint32(number - 1), size
}

// maxCommonName is the maximum length of an address in a common row.
const maxCommonName = 128

// readName is read for an audience of named addresses, of which case does not matter.
func (d *directory) readName(b []byte) (n uint32, size int) {
	var lower [maxCommonName]byte
	for size < len(b) && !separates(b[size]) && b[size] != '\r' && b[size] != '\n' {
		c := b[size]
		switch {
		case size == len(lower) || c <= ' ' || c > '~' || c == '"':
			return 0, 0
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		lower[size] = c
		size++
	}
	n, ok := d.names[string(lower[:size])]
	if !ok {
		return 0, 0
	}
	return n, size
}
