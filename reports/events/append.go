package events

import (
	"encoding/json"
	"strconv"
	"time"
)

// append appends the object.
func (o *bounce) append(t *text) {
	t.open('{')
	t.string("feedbackId", o.FeedbackID)
	t.string("bounceType", o.BounceType)
	t.string("bounceSubType", o.BounceSubType)
	t.key("bouncedRecipients")
	t.open('[')
	for _, r := range o.Recipients {
		t.comma()
		t.open('{')
		t.string("emailAddress", r.EmailAddress)
		t.optional("action", r.Action)
		t.optional("status", r.Status)
		t.optional("diagnosticCode", r.DiagnosticCode)
		t.close('}')
	}
	t.close(']')
	t.moment("timestamp", o.Timestamp)
	t.optional("remoteMtaIp", o.RemoteMtaIP)
	t.optional("reportingMTA", o.ReportingMTA)
	t.close('}')
}

// append appends the object.
func (o *complaint) append(t *text) {
	t.open('{')
	t.string("feedbackId", o.FeedbackID)
	t.key("complaintSubType")
	if o.SubType == "" {
		t.b = append(t.b, "null"...)
	} else {
		t.quote(o.SubType)
	}
	t.key("complainedRecipients")
	t.open('[')
	for _, address := range o.Recipients {
		t.comma()
		t.open('{')
		t.string("emailAddress", address)
		t.close('}')
	}
	t.close(']')
	t.moment("timestamp", o.Timestamp)
	if o.UserAgent != "" {
		t.string("userAgent", o.UserAgent)
		t.string("complaintFeedbackType", "abuse")
		t.moment("arrivalDate", o.ArrivalDate)
	}
	t.close('}')
}

// text is JSON that is being written.
type text struct{ b []byte }

// span is a piece of the text.
type span struct{ start, end int }

// mark begins a span.
func (t *text) mark() span { return span{start: len(t.b)} }

// again repeats a piece of the text.
func (t *text) again(s span) { t.b = append(t.b, t.b[s.start:s.end]...) }

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

// open and close append the brackets of an object or a list.
func (t *text) open(bracket byte) { t.b = append(t.b, bracket) }

func (t *text) close(bracket byte) { t.b = append(t.b, bracket) }

// number adds a whole number.
func (t *text) number(name string, n int64) {
	t.key(name)
	t.b = strconv.AppendInt(t.b, n, 10)
}

// moment adds a moment as SES writes it: UTC, to the millisecond.
func (t *text) moment(name string, at time.Time) {
	t.key(name)
	t.b = append(appendMoment(append(t.b, '"'), at), '"')
}

// appendMoment appends a moment, which time.Format does at five times the cost.
func appendMoment(b []byte, at time.Time) []byte {
	at = at.UTC()
	year, month, day := at.Date()
	if year < 0 || year > 9999 {
		return at.AppendFormat(b, "2006-01-02T15:04:05.000Z")
	}
	hour, minute, second := at.Clock()
	b = append(appendDigits(b, year, 4), '-')
	b = append(appendDigits(b, int(month), 2), '-')
	b = append(appendDigits(b, day, 2), 'T')
	b = append(appendDigits(b, hour, 2), ':')
	b = append(appendDigits(b, minute, 2), ':')
	b = append(appendDigits(b, second, 2), '.')
	return append(appendDigits(b, at.Nanosecond()/1_000_000, 3), 'Z')
}

// appendDigits appends the last digits of a number.
func appendDigits(b []byte, n, digits int) []byte {
	b = append(b, "0000"[:digits]...)
	for i := len(b) - 1; digits > 0; digits-- {
		b[i] = byte('0' + n%10)
		i, n = i-1, n/10
	}
	return b
}

// optional leaves out what is empty.
func (t *text) optional(name, value string) {
	if value != "" {
		t.string(name, value)
	}
}

func (t *text) strings(name string, list []string) {
	t.key(name)
	t.list(list)
}

func (t *text) list(list []string) {
	if list == nil {
		t.b = append(t.b, "null"...)
		return
	}
	t.b = append(t.b, '[')
	for _, s := range list {
		t.comma()
		t.quote(s)
	}
	t.b = append(t.b, ']')
}

func (t *text) headers(list []header) {
	t.key("headers")
	t.b = append(t.b, '[')
	for _, h := range list {
		t.comma()
		t.b = append(t.b, '{')
		t.string("name", h.Name)
		t.string("value", h.Value)
		t.b = append(t.b, '}')
	}
	t.b = append(t.b, ']')
}

func (t *text) tags(list tagList) {
	t.key("tags")
	t.b = append(append(append(t.b, '{'), list.members()...), '}')
}

// quote writes a string. Those that need more than quotation marks are rare.
func (t *text) quote(s string) {
	if !isPlain(s) {
		t.json(s)
		return
	}
	t.b = append(t.b, '"')
	t.b = append(t.b, s...)
	t.b = append(t.b, '"')
}

// bytes is quote of a text in bytes.
func (t *text) bytes(s []byte) {
	if !isPlain(s) {
		t.json(string(s))
		return
	}
	t.b = append(t.b, '"')
	t.b = append(t.b, s...)
	t.b = append(t.b, '"')
}

// plain are the characters that are written as they are.
var plain = func() (is [256]bool) {
	for c := ' '; c <= '~'; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

// isPlain reports whether a string needs only quotation marks.
func isPlain[S string | []byte](s S) bool {
	for i := range len(s) {
		if !plain[s[i]] {
			return false
		}
	}
	return true
}

func (t *text) json(value any) {
	out := sink{t.b}
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // diagnostics have angle brackets
	_ = encoder.Encode(value)    // strings and lists of them
	t.b = out.b[:len(out.b)-1]   // without the line's end
}

// sink takes what is written to it.
type sink struct{ b []byte }

func (s *sink) Write(p []byte) (int, error) {
	s.b = append(s.b, p...)
	return len(p), nil
}
