package events

import (
	"strconv"
	"time"

	"sesim/reports/jsontext"
)

// text is JSON that is being written.
type text struct {
	jsontext.Text
	day  int64    // since 1970, of the latest moment
	date [11]byte // that day, up to the T; zero: there was none
}

// span is a piece of the text.
type span struct{ start, end int }

// mark begins a span.
func (t *text) mark() span { return span{start: len(t.B)} }

// again repeats a piece of the text.
func (t *text) again(s span) { t.B = append(t.B, t.B[s.start:s.end]...) }

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
		t.B = at.UTC().AppendFormat(t.B, `"2006-01-02T15:04:05.000Z"`)
		return
	}
	b := append(append(t.B, '"'), t.date[:]...)
	hours, minutes, rest := jsontext.Decimal[clock/3600], jsontext.Decimal[clock/60%60], jsontext.Decimal[clock%60]
	ms := at.Nanosecond() / 1_000_000
	last := jsontext.Decimal[ms%100]
	t.B = append(b, hours[0], hours[1], ':', minutes[0], minutes[1], ':', rest[0], rest[1], '.', byte('0'+ms/100), last[0], last[1], 'Z', '"')
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

// headers writes headers, and whether they are not all, as members without a comma.
func (t *text) headers(list []header, truncated bool) {
	t.Raw(`"headersTruncated":`)
	t.B = strconv.AppendBool(t.B, truncated)
	for i, h := range list {
		if i == 0 {
			t.Raw(`,"headers":[{"name":`)
		} else {
			t.Raw(`,{"name":`)
		}
		t.Quote(h.Name)
		t.Raw(`,"value":`)
		t.Quote(h.Value)
		t.Raw("}")
	}
	if len(list) > 0 {
		t.Raw("]")
	}
}

// tag writes a tag as a member.
func (t *text) tag(a tag) {
	t.Comma()
	t.Quote(a.Name)
	t.Raw(":")
	t.Strings(a.Values)
}
