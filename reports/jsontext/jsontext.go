// Package jsontext writes JSON as encoding/json does, without the escapes for HTML, in which
// none of it is embedded: documents that people read too, indented, and records of which
// there are millions, piece by piece, without reflection and allocations. It knows nothing
// of what is written, and does not check that pieces make a whole.
package jsontext

import (
	"encoding/json"
	"io"
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
func (t *Text) Integer(n int64) { t.B = strconv.AppendInt(t.B, n, 10) }

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

// AppendQuoted appends a string. Those that need more than quotation marks are rare.
func AppendQuoted[S string | []byte](b []byte, s S) []byte {
	for i := 0; i < len(s); {
		if at := min(i, len(s)-8); at >= 0 {
			e := s[at : at+8]
			if plainEight(uint64(e[0]) | uint64(e[1])<<8 | uint64(e[2])<<16 | uint64(e[3])<<24 |
				uint64(e[4])<<32 | uint64(e[5])<<40 | uint64(e[6])<<48 | uint64(e[7])<<56) {
				i = at + 8
				continue
			}
		}
		if plain[s[i]] {
			i++
			continue
		}
		n := plainRune(s[i:])
		if n == 0 {
			return appendValue(b, string(s))
		}
		i += n
	}
	b = append(append(b, '"'), s...)
	return append(b, '"')
}

// plain are the characters of ASCII that are written as they are.
var plain = func() (is [256]bool) {
	for c := ' '; c <= '~'; c++ {
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
	return (x|(x-each*' ')|(x+each)|(quotation-each)|(backslash-each))&highest == 0
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

// appendValue appends a string by encoding/json.
func appendValue(b []byte, s string) []byte {
	t := Text{b}
	_ = t.Value(s) // of a string there is no error
	return t.B
}
