package scenarios

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// # Common rows
//
// Nearly all rows of a large trace are alike: a date and a time in the zone of the row
// above, a comma, and a number of recipients or addresses as the audience writes them, not
// quoted. readCommon reads them from the block of lines, without finding the line's end
// first and without making strings. It reads no other row, and reports no error: parse does
// that for every row, and says what is right. What readCommon needs of the calendar it has
// from the last row that parse read. FuzzCommonRows compares the two.

// readCommon reads the next row if it is a common one of the day that the last one read by
// parse is of.
func (r *traceRows) readCommon(row *sim.TraceRow) bool {
	at, cell := r.day.moment(r.left)
	if cell == nil || at < r.last || at > unit.MaxDuration {
		return false
	}
	count, rest := readCount(cell, min(r.trace.audience.of.Size, maxRowRecipients))
	if rest == nil {
		if rest = r.commonAddresses(cell); rest == nil {
			return false
		}
		row.Numbers = r.numbers
	}
	row.At, row.Count = at, count
	r.left, r.last = rest, at
	r.line++
	return true
}

// day is a date in a time zone. The zero value is none.
type day struct {
	date  string // with the T after it
	zone  string // with the comma after it
	begin time.Duration
}

// dateSize is the length of a date with the T after it.
const dateSize = len("2026-03-02T")

// note makes it the day of a moment, which is written like this.
func (d *day) note(text string, at time.Duration) {
	if len(text) < dateSize || text[dateSize-1] != 'T' {
		return
	}
	if since, size := readClock([]byte(text[dateSize:])); size > 0 {
		*d = day{text[:dateSize], text[dateSize+size:] + ",", at - since}
	}
}

// moment reads a moment of the day and the comma after it. It returns what follows, nil if
// the text begins otherwise.
func (d *day) moment(b []byte) (at time.Duration, rest []byte) {
	if len(b) < dateSize || string(b[:dateSize]) != d.date {
		return 0, nil
	}
	since, size := readClock(b[dateSize:])
	if rest = b[dateSize+size:]; size == 0 || len(rest) < len(d.zone) || string(rest[:len(d.zone)]) != d.zone {
		return 0, nil
	}
	return d.begin + since, rest[len(d.zone):]
}

// readClock reads a time of the day such as 09:00:00 or 09:00:00.25. It returns its length,
// 0 for another text.
func readClock(b []byte) (since time.Duration, size int) {
	const seconds = len("09:00:00")
	if len(b) <= seconds || b[2] != ':' || b[5] != ':' {
		return 0, 0
	}
	h, m, s := pair(b[0], b[1]), pair(b[3], b[4]), pair(b[6], b[7])
	if h > 23 || m > 59 || s > 59 {
		return 0, 0
	}
	since = time.Duration(h*3600+m*60+s) * time.Second
	if b[seconds] != '.' {
		return since, seconds
	}
	fraction, digits := time.Duration(0), 0
	for size = seconds + 1; size < len(b) && isDigit(b[size]); size++ {
		if digits++; digits == len(unitOf) {
			return 0, 0
		}
		fraction = fraction*10 + time.Duration(b[size]-'0')
	}
	if digits == 0 {
		return 0, 0
	}
	return since + fraction*unitOf[digits], size
}

// unitOf is the unit of the last digit of a fraction of a second, by the number of digits.
var unitOf = [...]time.Duration{1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1}

// pair returns a number of two digits, 100 or more if they are none.
func pair(tens, ones byte) uint {
	tens, ones = tens-'0', ones-'0'
	if tens > 9 || ones > 9 {
		return 100
	}
	return uint(tens)*10 + uint(ones)
}

// maxCommonName is the maximum length of an address in a common row.
const maxCommonName = 128

func isDigit(b byte) bool { return b-'0' <= 9 }

// readCount reads a number from 1 to the most, and the end of its line. It returns what
// follows, nil for another text.
func readCount(b []byte, most int64) (count int, rest []byte) {
	n, size := readNumber(b, most)
	if rest = afterLine(b[size:]); n == 0 || rest == nil {
		return 0, nil
	}
	return int(n), rest
}

// readNumber reads a number from 1 to the most, without leading zeros. It returns its
// length; the number is 0 for another text.
func readNumber(b []byte, most int64) (n int64, size int) {
	for ; size < len(b) && isDigit(b[size]); size++ {
		if n = n*10 + int64(b[size]-'0'); n == 0 || n > most {
			return 0, 0
		}
	}
	return n, size
}

// afterLine returns what follows the end of a line, nil for another text.
func afterLine(b []byte) []byte {
	switch {
	case len(b) > 0 && b[0] == '\n':
		return b[1:]
	case len(b) > 1 && b[0] == '\r' && b[1] == '\n':
		return b[2:]
	}
	return nil
}

// commonAddresses reads addresses into the numbers of the row, and the end of their line.
// It returns what follows, nil for another text or what addresses reports.
func (r *traceRows) commonAddresses(b []byte) (rest []byte) {
	r.numbers = r.numbers[:0]
	for {
		n, size := r.trace.audience.read(b)
		if size == 0 || len(r.numbers) >= ses.MaxRecipients || slices.Contains(r.numbers, n) {
			return nil
		}
		r.numbers = append(r.numbers, n)
		if rest = afterLine(b[size:]); rest != nil {
			return rest
		}
		next := size
		for next < len(b) && separates(b[next]) {
			next++
		}
		if next == size {
			return nil
		}
		b = b[next:]
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
	rest := b[local+digits:]
	if number == 0 || len(rest) <= domain || rest[0] != '@' || string(rest[1:1+domain]) != d.of.Domain {
		return 0, 0
	}
	return uint32(number - 1), local + digits + 1 + domain
}

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
