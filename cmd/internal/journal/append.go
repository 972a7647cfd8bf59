package journal

import (
	"slices"
	"strings"
	"time"

	"sesim/reports/jsontext"
	"sesim/sim"
	"sesim/sim/ses"
)

// text is lines that are being written, as encoding/json writes them, without its reflection:
// nearly all lines of a journal are calls and their answers.
type text struct {
	jsontext.Text
	tags []tag // room for those of a call
}

// tag is a tag of a message.
type tag struct {
	name   string
	values []string
}

// line writes a line about an input; out is nil for none.
func (t *text) line(seq int64, at time.Duration, request string, in *sim.Input, out *answer, note string) error {
	start := len(t.B)
	t.number(`,"seq":`, seq)
	t.number(`,"at":`, int64(at))
	t.someText(`,"request":`, request)
	if in != nil {
		t.Raw(`,"in":`)
		if err := t.input(in); err != nil {
			return err
		}
	}
	if out != nil {
		t.Raw(`,"out":`)
		t.answer(out)
	}
	t.someText(`,"note":`, note)
	t.object(start)
	t.Raw("\n")
	return nil
}

// input writes an input. All but calls are rare.
func (t *text) input(in *sim.Input) error {
	if in.Call != nil && in.Operation == nil && in.Open == nil {
		t.Raw(`{"call":`)
		t.call(in.Call)
		t.Raw("}")
		return nil
	}
	return t.Value(in)
}

func (t *text) call(c *sim.Call) {
	start := len(t.B)
	t.someNumber(`,"account":`, int64(c.Account))
	t.someNumber(`,"interface":`, int64(c.Interface))
	t.text(`,"from":`, c.From)
	if len(c.Checked) > 0 {
		t.texts(`,"checked":`, c.Checked)
	}
	t.someTruth(`,"delegated":true`, c.Delegated)
	t.someNumber(`,"owner":`, int64(c.Owner))
	t.someText(`,"set":`, c.Set)
	t.texts(`,"recipients":`, c.Recipients)
	t.someNumber(`,"size":`, c.Size)
	t.someTruth(`,"sigv2":true`, c.SigV2)
	t.someText(`,"malformed":`, c.Malformed)
	t.someTruth(`,"rejected":true`, c.Rejected)
	t.message(&c.Message)
	t.object(start)
}

// message writes the message of a call, if it has been told of.
func (t *text) message(m *sim.Message) {
	const name = `,"message":`
	t.Raw(name)
	start := len(t.B)
	t.someText(`,"subject":`, m.Subject)
	t.headers(m.Headers)
	if n := m.Notify; n != (sim.NotifyHeaders{}) {
		t.Raw(`,"notify":`)
		notify := len(t.B)
		t.someTruth(`,"bounce":true`, n.Bounce)
		t.someTruth(`,"complaint":true`, n.Complaint)
		t.someTruth(`,"delivery":true`, n.Delivery)
		t.object(notify)
	}
	t.tagged(m.Tags)
	t.someText(`,"source_ip":`, m.SourceIP)
	t.someText(`,"caller":`, m.Caller)
	t.someText(`,"operation":`, m.Operation)
	if len(t.B) == start && m.Headers == nil && m.Tags == nil {
		t.B = t.B[:start-len(name)]
		return
	}
	t.object(start)
}

func (t *text) headers(list []sim.Header) {
	if len(list) == 0 {
		return
	}
	t.Raw(`,"headers":`)
	start := len(t.B)
	for _, h := range list {
		t.text(`,{"name":`, h.Name)
		t.text(`,"value":`, h.Value)
		t.Raw("}")
	}
	t.B[start] = '['
	t.Raw("]")
}

// tagged writes tags in the order of their names.
func (t *text) tagged(tags map[string][]string) {
	if len(tags) == 0 {
		return
	}
	t.tags = t.tags[:0]
	for name, values := range tags {
		t.tags = append(t.tags, tag{name, values})
	}
	slices.SortFunc(t.tags, func(a, b tag) int { return strings.Compare(a.name, b.name) })
	t.Raw(`,"tags":`)
	start := len(t.B)
	for _, a := range t.tags {
		t.text(",", a.name)
		t.texts(":", a.values)
	}
	t.object(start)
}

func (t *text) answer(a *answer) {
	start := len(t.B)
	t.someNumber(`,"message":`, a.Message)
	t.someText(`,"refused":`, a.Refused)
	t.someText(`,"rule":`, a.Rule)
	if e := &a.Error; *e != (ses.Error{}) {
		t.number(`,"error":{"Status":`, int64(e.Status))
		t.text(`,"Code":`, e.Code)
		t.text(`,"Message":`, e.Message)
		t.Raw("}")
	}
	if m := &a.Meters; *m != (ses.Meters{}) {
		t.number(`,"meters":{"Used":`, m.Used)
		t.number(`,"Quota":`, m.Quota)
		t.number(`,"Tokens":`, m.Tokens)
		t.number(`,"MaxRate":`, m.MaxRate)
		t.number(`,"Frees":`, int64(m.Frees))
		t.Raw("}")
	}
	t.someText(`,"listed":`, a.Listed)
	t.someText(`,"failed":`, a.Failed)
	t.object(start)
}

// object makes an object of the members written since start. Each has a comma before its name,
// of which the first becomes the brace.
func (t *text) object(start int) {
	if len(t.B) == start {
		t.Raw("{}")
		return
	}
	t.B[start] = '{'
	t.Raw("}")
}

// number, text and texts write a member, whose name is given as JSON.
func (t *text) number(name string, n int64) { t.B = jsontext.AppendInteger(append(t.B, name...), n) }

func (t *text) text(name, value string) { t.B = jsontext.AppendQuoted(append(t.B, name...), value) }

func (t *text) texts(name string, list []string) {
	t.Raw(name)
	t.Strings(list)
}

// someNumber, someText and someTruth leave out what is empty.
func (t *text) someNumber(name string, n int64) {
	if n != 0 {
		t.number(name, n)
	}
}

func (t *text) someText(name, value string) {
	if value != "" {
		t.text(name, value)
	}
}

func (t *text) someTruth(member string, is bool) {
	if is {
		t.Raw(member)
	}
}
