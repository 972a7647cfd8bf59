package journal

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"sesim/reports/events"
	"sesim/sim"
	"sesim/sim/ses"
)

// text is lines that are being written, as encoding/json writes them, without its reflection:
// nearly all lines of a journal are calls and their answers.
type text struct {
	b    []byte
	tags []string // room for the names of a call's
}

// line writes a line about an input; out is nil for none.
func (t *text) line(seq int64, at time.Duration, request string, in *sim.Input, out *answer, note string) error {
	t.mark('{')
	t.number("seq", seq)
	t.number("at", int64(at))
	t.some("request", request)
	if in != nil {
		t.key("in")
		if err := t.input(in); err != nil {
			return err
		}
	}
	if out != nil {
		t.key("out")
		t.answer(out)
	}
	t.some("note", note)
	t.b = append(t.b, "}\n"...)
	return nil
}

// input writes an input. All but calls are rare.
func (t *text) input(in *sim.Input) error {
	if in.Call != nil && in.Operation == nil && in.Open == nil {
		t.b = append(t.b, `{"call":{`...)
		t.call(in.Call)
		t.b = append(t.b, "}}"...)
		return nil
	}
	e := json.NewEncoder((*sink)(t))
	e.SetEscapeHTML(false)
	err := e.Encode(in)
	t.b = t.b[:len(t.b)-1] // without the line's end
	return err
}

// sink is a text as a writer.
type sink text

func (s *sink) Write(p []byte) (int, error) {
	s.b = append(s.b, p...)
	return len(p), nil
}

func (t *text) call(c *sim.Call) {
	t.someNumber("account", int64(c.Account))
	t.someNumber("interface", int64(c.Interface))
	t.string("from", c.From)
	if len(c.Checked) > 0 {
		t.key("checked")
		t.list(c.Checked)
	}
	t.someTruth("delegated", c.Delegated)
	t.someNumber("owner", int64(c.Owner))
	t.some("set", c.Set)
	t.key("recipients")
	t.list(c.Recipients)
	t.someNumber("size", c.Size)
	t.someTruth("sigv2", c.SigV2)
	t.some("malformed", c.Malformed)
	t.someTruth("rejected", c.Rejected)
	t.message(&c.Message)
}

// message writes the message of a call, if it has been told of.
func (t *text) message(m *sim.Message) {
	before := len(t.b)
	t.key("message")
	t.mark('{')
	begin := len(t.b)
	t.some("subject", m.Subject)
	for i, h := range m.Headers {
		if i == 0 {
			t.key("headers")
			t.mark('[')
		} else {
			t.mark(',')
		}
		t.mark('{')
		t.string("name", h.Name)
		t.string("value", h.Value)
		t.mark('}')
	}
	if len(m.Headers) > 0 {
		t.mark(']')
	}
	if m.Notify != (sim.NotifyHeaders{}) {
		t.key("notify")
		t.mark('{')
		t.someTruth("bounce", m.Notify.Bounce)
		t.someTruth("complaint", m.Notify.Complaint)
		t.someTruth("delivery", m.Notify.Delivery)
		t.mark('}')
	}
	t.tagged(m.Tags)
	t.some("source_ip", m.SourceIP)
	t.some("caller", m.Caller)
	t.some("operation", m.Operation)
	if len(t.b) == begin && m.Headers == nil && m.Tags == nil {
		t.b = t.b[:before]
		return
	}
	t.mark('}')
}

// tagged writes tags in the order of their names.
func (t *text) tagged(tags map[string][]string) {
	if len(tags) == 0 {
		return
	}
	t.tags = t.tags[:0]
	for name := range tags {
		t.tags = append(t.tags, name)
	}
	slices.Sort(t.tags)
	t.key("tags")
	for i, name := range t.tags {
		t.mark("{,"[min(i, 1)])
		t.b = append(events.AppendString(t.b, name), ':')
		t.list(tags[name])
	}
	t.mark('}')
}

func (t *text) answer(a *answer) {
	t.mark('{')
	t.someNumber("message", a.Message)
	t.some("refused", a.Refused)
	t.some("rule", a.Rule)
	if a.Error != (ses.Error{}) {
		t.key("error")
		t.mark('{')
		t.number("Status", int64(a.Error.Status))
		t.string("Code", a.Error.Code)
		t.string("Message", a.Error.Message)
		t.mark('}')
	}
	if a.Meters != (ses.Meters{}) {
		t.key("meters")
		t.mark('{')
		t.number("Used", a.Meters.Used)
		t.number("Quota", a.Meters.Quota)
		t.number("Tokens", a.Meters.Tokens)
		t.number("MaxRate", a.Meters.MaxRate)
		t.number("Frees", int64(a.Meters.Frees))
		t.mark('}')
	}
	t.some("listed", a.Listed)
	t.some("failed", a.Failed)
	t.mark('}')
}

// mark writes a bracket or a comma.
func (t *text) mark(c byte) { t.b = append(t.b, c) }

// key begins a member of an object, whose name needs only quotation marks.
func (t *text) key(name string) {
	if t.b[len(t.b)-1] != '{' {
		t.b = append(t.b, ',')
	}
	t.b = append(append(append(t.b, '"'), name...), '"', ':')
}

func (t *text) string(name, value string) {
	t.key(name)
	t.b = events.AppendString(t.b, value)
}

func (t *text) number(name string, n int64) {
	t.key(name)
	t.b = strconv.AppendInt(t.b, n, 10)
}

// some, someNumber and someTruth leave out what is empty.
func (t *text) some(name, value string) {
	if value != "" {
		t.string(name, value)
	}
}

func (t *text) someNumber(name string, n int64) {
	if n != 0 {
		t.number(name, n)
	}
}

func (t *text) someTruth(name string, is bool) {
	if is {
		t.key(name)
		t.b = append(t.b, "true"...)
	}
}

func (t *text) list(list []string) {
	if list == nil {
		t.b = append(t.b, "null"...)
		return
	}
	t.mark('[')
	for i, s := range list {
		if i > 0 {
			t.mark(',')
		}
		t.b = events.AppendString(t.b, s)
	}
	t.mark(']')
}
