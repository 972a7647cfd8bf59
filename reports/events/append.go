package events

import (
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// text is JSON that is being written. Members begin with the comma after the one before.
type text struct {
	b    []byte
	day  int64    // since 1970, of the latest moment
	date [11]byte // that day, up to the T; zero: there was none
}

// span is a piece of the text.
type span struct{ start, end int }

// mark begins a span.
func (t *text) mark() span { return span{start: len(t.b)} }

// again repeats a piece of the text.
func (t *text) again(s span) { t.b = append(t.b, t.b[s.start:s.end]...) }

// raw appends JSON as it is.
func (t *text) raw(s string) { t.b = append(t.b, s...) }

// comma separates a value from the one before it.
func (t *text) comma() {
	if last := t.b[len(t.b)-1]; last != '{' && last != '[' {
		t.b = append(t.b, ',')
	}
}

// key begins a member of an object, whose name needs only quotation marks.
func (t *text) key(name string) {
	t.comma()
	t.b = append(t.b, '"')
	t.b = append(t.b, name...)
	t.b = append(t.b, '"', ':')
}

func (t *text) string(name, value string) {
	t.key(name)
	t.quote(value)
}

// optional leaves out what is empty.
func (t *text) optional(name, value string) {
	if value != "" {
		t.string(name, value)
	}
}

// quote writes a string.
func (t *text) quote(s string) { t.b = appendQuoted(t.b, s) }

// integer writes a whole number.
func (t *text) integer(n int64) { t.b = strconv.AppendInt(t.b, n, 10) }

// moment writes a moment as SES does, in UTC and to the millisecond, which time.Format does
// at ten times the cost. Most have the date of the one before.
func (t *text) moment(at time.Time) {
	seconds := at.Unix()
	day := seconds / (24 * 60 * 60)
	clock := int(seconds - day*(24*60*60))
	if clock < 0 { // before 1970
		day, clock = day-1, clock+24*60*60
	}
	if (day != t.day || t.date[0] == 0) && !t.newDay(day, at.UTC()) {
		t.b = at.UTC().AppendFormat(t.b, `"2006-01-02T15:04:05.000Z"`)
		return
	}
	t.b = append(append(t.b, '"'), t.date[:]...)
	t.b = append(appendDigits(t.b, clock/3600, 2), ':')
	t.b = append(appendDigits(t.b, clock/60%60, 2), ':')
	t.b = append(appendDigits(t.b, clock%60, 2), '.')
	t.b = append(appendDigits(t.b, at.Nanosecond()/1_000_000, 3), 'Z', '"')
}

// newDay notes the date of a moment. It returns false for one whose year has not four digits.
func (t *text) newDay(day int64, at time.Time) bool {
	year, month, date := at.Date()
	if year < 0 || year > 9999 {
		return false
	}
	t.day = day
	b := append(appendDigits(t.date[:0], year, 4), '-')
	b = append(appendDigits(b, int(month), 2), '-')
	copy(t.date[:], append(appendDigits(b, date, 2), 'T'))
	return true
}

// appendDigits appends the last digits of a number, at most four.
func appendDigits(b []byte, n, digits int) []byte {
	b = append(b, "0000"[:digits]...)
	for i := len(b) - 1; digits > 0; digits-- {
		b[i] = byte('0' + n%10)
		i, n = i-1, n/10
	}
	return b
}

// strings writes a list.
func (t *text) strings(list []string) {
	if list == nil {
		t.raw("null")
		return
	}
	t.raw("[")
	for _, s := range list {
		t.comma()
		t.quote(s)
	}
	t.raw("]")
}

// headers writes headers, and whether they are not all, as members without a comma.
func (t *text) headers(list []header, truncated bool) {
	t.raw(`"headersTruncated":`)
	t.b = strconv.AppendBool(t.b, truncated)
	for i, h := range list {
		if i == 0 {
			t.raw(`,"headers":[{"name":`)
		} else {
			t.raw(`,{"name":`)
		}
		t.quote(h.Name)
		t.raw(`,"value":`)
		t.quote(h.Value)
		t.raw("}")
	}
	if len(list) > 0 {
		t.raw("]")
	}
}

// tag writes a tag as a member.
func (t *text) tag(a tag) {
	t.comma()
	t.quote(a.Name)
	t.raw(":")
	t.strings(a.Values)
}

// AppendString appends a string as it is written in JSON, without allocations for nearly all.
func AppendString(b []byte, s string) []byte { return appendQuoted(b, s) }

// appendQuoted appends a string. Those that need more than quotation marks are rare.
func appendQuoted[S string | []byte](b []byte, s S) []byte {
	for i := 0; i < len(s); {
		if plain[s[i]] {
			i++
			continue
		}
		n := plainRune(s[i:])
		if n == 0 {
			return appendJSON(b, string(s))
		}
		i += n
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plain are the characters that are written as they are.
var plain = func() (is [256]bool) {
	for c := ' '; c <= '~'; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

// plainRune returns the size of the character that begins a text if it is written as it is, and is
// not one of the characters of ASCII.
func plainRune[S string | []byte](s S) int {
	r, n := utf8.DecodeRuneInString(string(s[:min(len(s), utf8.UTFMax)]))
	if r < utf8.RuneSelf || r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
		return 0
	}
	return n
}

// appendJSON appends a string by encoding/json.
func appendJSON(b []byte, s string) []byte {
	out := sink{b}
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // diagnostics have angle brackets
	_ = encoder.Encode(s)        // of a string there is no error
	return out.b[:len(out.b)-1]  // without the line's end
}

// sink takes what is written to it.
type sink struct{ b []byte }

func (s *sink) Write(p []byte) (int, error) {
	s.b = append(s.b, p...)
	return len(p), nil
}
