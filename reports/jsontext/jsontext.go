// Package jsontext writes JSON as encoding/json does, without the escapes for HTML, in which
// none of it is embedded: documents that people read too, indented, and records of which
// there are millions, piece by piece, without reflection and allocations. It knows nothing
// of what is written, and does not check that pieces make a whole.
package jsontext

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf8"
)

// WriteIndented writes a value as an indented document. The error is that of the value or of
// w.
func WriteIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Text is JSON that is being written. Members and elements begin with the comma after the
// one before. The zero value is empty.
type Text struct{ B []byte }

// Write appends p as it is. There is no error.
func (t *Text) Write(p []byte) (int, error) {
	t.B = append(t.B, p...)
	return len(p), nil
}

// Raw appends JSON as it is.
func (t *Text) Raw(s string) { t.B = append(t.B, s...) }

// Comma separates a value from the one before it, if there is one. The text must not be
// empty.
func (t *Text) Comma() {
	if last := t.B[len(t.B)-1]; last != '{' && last != '[' {
		t.B = append(t.B, ',')
	}
}

// Key begins a member of an object, whose name needs only quotation marks.
func (t *Text) Key(name string) { t.B = appendKey(t.B, name) }

// appendKey appends the name of a member, after a comma where there is a member before it.
func appendKey(b []byte, name string) []byte {
	if last := b[len(b)-1]; last != '{' && last != '[' {
		b = append(b, ',')
	}
	b = append(append(b, '"'), name...)
	return append(b, '"', ':')
}

// String writes a member that is a string.
func (t *Text) String(name, value string) { t.B = AppendQuoted(appendKey(t.B, name), value) }

// Optional writes a member that is a string, and leaves out an empty one.
func (t *Text) Optional(name, value string) {
	if value != "" {
		t.String(name, value)
	}
}

// Quote writes a string.
func (t *Text) Quote(s string) { t.B = AppendQuoted(t.B, s) }

// Integer writes a whole number.
func (t *Text) Integer(n int64) { t.B = AppendInteger(t.B, n) }

// Strings writes a list; null for nil.
func (t *Text) Strings(list []string) {
	if list == nil {
		t.Raw("null")
		return
	}
	b := append(t.B, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendQuoted(b, s)
	}
	t.B = append(b, ']')
}

// Value writes a value by encoding/json. The error is that of the value.
func (t *Text) Value(v any) error {
	e := json.NewEncoder(t)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	t.B = t.B[:len(t.B)-1] // without the line's end
	return nil
}

// AppendQuoted appends a string. Those that need more than quotation marks are rare. The
// characters are looked at and written eight at a time, the last of them anew with some before
// them, or four at a time if there are fewer than eight.
func AppendQuoted[S string | []byte](b []byte, s S) []byte {
	if cap(b)-len(b) < len(s)+2 {
		b = grow(b, len(s)+2)
	}
	b = b[:len(b)+len(s)+2]
	to := b[len(b)-len(s)-2:]
	to[0], to[len(to)-1] = '"', '"'
	to = to[1 : len(to)-1]
	switch last := len(s) - 8; {
	case last >= 0:
		for i := 0; ; i = min(i+8, last) {
			x := eightOf(s[i : i+8])
			if !plainEight(x) {
				return appendRest(b, s, i)
			}
			binary.LittleEndian.PutUint64(to[i:i+8], x)
			if i == last {
				return b
			}
		}
	case last >= -4:
		low, high := fourOf(s[:4]), fourOf(s[len(s)-4:])
		if !plainEight(uint64(low) | uint64(high)<<32) {
			return appendRest(b, s, 0)
		}
		binary.LittleEndian.PutUint32(to[:4], low)
		binary.LittleEndian.PutUint32(to[len(to)-4:], high)
		return b
	}
	return appendRest(b, s, 0)
}

// eightOf and fourOf return characters as a number, the first of them in its lowest byte.
func eightOf[S string | []byte](s S) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func fourOf[S string | []byte](s S) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// grow makes room for n more bytes.
//
//go:noinline
func grow(b []byte, n int) []byte { return slices.Grow(b, n) }

// appendRest writes the rest of a string that b ends with, in its quotation marks, from the
// i-th character on.
func appendRest[S string | []byte](b []byte, s S, i int) []byte {
	start := len(b) - len(s) - 2
	to := b[start+1 : len(b)-1]
	for i < len(s) {
		if !plain[s[i]] {
			n := plainRune(s[i:])
			if n == 0 {
				return appendValue(b[:start], string(s))
			}
			i += copy(to[i:i+n], s[i:])
			continue
		}
		if i+8 <= len(s) {
			if x := eightOf(s[i : i+8]); plainEight(x) {
				binary.LittleEndian.PutUint64(to[i:i+8], x)
				i += 8
				continue
			}
		}
		to[i] = s[i]
		i++
	}
	return b
}

// plain are the characters of ASCII that are written as they are.
var plain = func() (is [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

// plainEight reports whether eight characters at once are plain: none has its highest bit, is
// below a space or equal to one of the others. Of what is plain it may doubt some, where a
// borrow passes from one to the next.
func plainEight(x uint64) bool {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	quotation, backslash := x^each*'"', x^each*'\\'
	return (x|(x-each*' ')|(quotation-each)|(backslash-each))&highest == 0
}

// plainRune returns the size of the character that begins a text if it is written as it is, and is
// not one of the characters of ASCII.
func plainRune[S string | []byte](s S) int {
	r, n := utf8.DecodeRuneInString(string(s[:min(len(s), utf8.UTFMax)]))
	if r < utf8.RuneSelf || r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
		return 0
	}
	return n
}

// AppendInteger appends a whole number, as strconv.AppendInt does by way of another text.
func AppendInteger(b []byte, n int64) []byte {
	if n < 0 {
		return strconv.AppendInt(b, n, 10)
	}
	x := uint64(n)
	digits := bits.Len64(x|1) * 1233 >> 12 // the logarithm, or one less
	if x >= powers[digits] {
		digits++
	}
	if cap(b)-len(b) < digits {
		b = grow(b, digits)
	}
	b = b[:len(b)+digits]
	to := b[len(b)-digits:]
	for i := len(to); i > 1; x /= 100 {
		i -= 2
		pair := Decimal[x%100]
		to[i], to[i+1] = pair[0], pair[1]
	}
	if digits%2 != 0 {
		to[0] = byte('0' + x)
	}
	return b
}

// powers are those of ten, the first of which stands for 0, which has a digit.
var powers = func() (list [20]uint64) {
	for i, n := 1, uint64(10); i < len(list); i, n = i+1, n*10 {
		list[i] = n
	}
	return list
}()

// Decimal are the numbers of two digits.
var Decimal = func() (pairs [100][2]byte) {
	for i := range pairs {
		pairs[i] = [2]byte{byte('0' + i/10), byte('0' + i%10)}
	}
	return pairs
}()

// appendValue appends a string by encoding/json.
func appendValue(b []byte, s string) []byte {
	t := Text{b}
	_ = t.Value(s) // of a string there is no error
	return t.B
}
