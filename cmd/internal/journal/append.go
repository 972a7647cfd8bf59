package journal

import (
	"slices"
	"time"

	"sesim/reports/jsontext"
	"sesim/sim"
	"sesim/sim/ses"
)

// text is lines that are being written, as encoding/json writes them, without its reflection:
// nearly all lines of a journal are calls and their answers.
type text struct {
	jsontext.Text
	tags []string // room for the names of a call's
}

// line writes a line about an input; out is nil for none.
func (t *text) line(seq int64, at time.Duration, request string, in *sim.Input, out *answer, note string) error {
	t.mark('{')
	t.number("seq", seq)
	t.number("at", int64(at))
	t.Optional("request", request)
	if in != nil {
		t.Key("in")
		if err := t.input(in); err != nil {
			return err
		}
	}
	if out != nil {
		t.Key("out")
		t.answer(out)
	}
	t.Optional("note", note)
	t.B = append(t.B, "}\n"...)
	return nil
}

// input writes an input. All but calls are rare.
func (t *text) input(in *sim.Input) error {
	if in.Call != nil && in.Operation == nil && in.Open == nil {
		t.B = append(t.B, `{"call":{`...)
		t.call(in.Call)
		t.B = append(t.B, "}}"...)
		return nil
	}
	return t.Value(in)
}

func (t *text) call(c *sim.Call) {
	t.someNumber("account", int64(c.Account))
	t.someNumber("interface", int64(c.Interface))
	t.String("from", c.From)
	if len(c.Checked) > 0 {
		t.Key("checked")
		t.Strings(c.Checked)
	}
	t.someTruth("delegated", c.Delegated)
	t.someNumber("owner", int64(c.Owner))
	t.Optional("set", c.Set)
	t.Key("recipients")
	t.Strings(c.Recipients)
	t.someNumber("size", c.Size)
	t.someTruth("sigv2", c.SigV2)
	t.Optional("malformed", c.Malformed)
	t.someTruth("rejected", c.Rejected)
	t.message(&c.Message)
}

// message writes the message of a call, if it has been told of.
func (t *text) message(m *sim.Message) {
	before := len(t.B)
	t.Key("message")
	t.mark('{')
	begin := len(t.B)
	t.Optional("subject", m.Subject)
	for i, h := range m.Headers {
		if i == 0 {
			t.Key("headers")
			t.mark('[')
		}
		t.Comma()
		t.mark('{')
		t.String("name", h.Name)
		t.String("value", h.Value)
		t.mark('}')
	}
	if len(m.Headers) > 0 {
		t.mark(']')
	}
	if m.Notify != (sim.NotifyHeaders{}) {
		t.Key("notify")
		t.mark('{')
		t.someTruth("bounce", m.Notify.Bounce)
		t.someTruth("complaint", m.Notify.Complaint)
		t.someTruth("delivery", m.Notify.Delivery)
		t.mark('}')
	}
	t.tagged(m.Tags)
	t.Optional("source_ip", m.SourceIP)
	t.Optional("caller", m.Caller)
	t.Optional("operation", m.Operation)
	if len(t.B) == begin && m.Headers == nil && m.Tags == nil {
		t.B = t.B[:before]
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
	t.Key("tags")
	for i, name := range t.tags {
		if i == 0 {
			t.mark('{')
		}
		t.Comma()
		t.Quote(name)
		t.mark(':')
		t.Strings(tags[name])
	}
	t.mark('}')
}

func (t *text) answer(a *answer) {
	t.mark('{')
	t.someNumber("message", a.Message)
	t.Optional("refused", a.Refused)
	t.Optional("rule", a.Rule)
	if a.Error != (ses.Error{}) {
		t.Key("error")
		t.mark('{')
		t.number("Status", int64(a.Error.Status))
		t.String("Code", a.Error.Code)
		t.String("Message", a.Error.Message)
		t.mark('}')
	}
	if a.Meters != (ses.Meters{}) {
		t.Key("meters")
		t.mark('{')
		t.number("Used", a.Meters.Used)
		t.number("Quota", a.Meters.Quota)
		t.number("Tokens", a.Meters.Tokens)
		t.number("MaxRate", a.Meters.MaxRate)
		t.number("Frees", int64(a.Meters.Frees))
		t.mark('}')
	}
	t.Optional("listed", a.Listed)
	t.Optional("failed", a.Failed)
	t.mark('}')
}

// mark writes a bracket or a comma.
func (t *text) mark(c byte) { t.B = append(t.B, c) }

func (t *text) number(name string, n int64) {
	t.Key(name)
	t.Integer(n)
}

// someNumber and someTruth leave out what is empty, as Optional does.
func (t *text) someNumber(name string, n int64) {
	if n != 0 {
		t.number(name, n)
	}
}

func (t *text) someTruth(name string, is bool) {
	if is {
		t.Key(name)
		t.B = append(t.B, "true"...)
	}
}
