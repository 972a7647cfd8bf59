package events

import (
	"slices"
	"strconv"
	"time"

	"sesim/sim"
	"sesim/sim/rng"
)

// origin returns what the records about a sender's mail from an account have in common.
func (w *Writer) origin(r *sim.Record) *origin {
	if r.Live {
		return w.flight.origin
	}
	of := w.origins[r.Sender]
	if at := slices.IndexFunc(of, func(o *origin) bool { return o.index == r.Account }); at >= 0 {
		return of[at]
	}
	o := newOrigin(w.cfg, r.Sender, r.Account)
	w.origins[r.Sender] = append(of, o)
	return o
}

// time returns the moment of the calendar for one of the virtual clock.
func (w *Writer) time(d time.Duration) time.Time { return w.cfg.Start.Add(d) }

// accepted returns when SES accepted the mail that a record is about. What
// happens to mail before its first attempt happens at once.
func (w *Writer) accepted(r *sim.Record) time.Duration {
	switch r.Kind {
	case sim.Delivered, sim.Delayed, sim.HardBounced, sim.SoftBounced, sim.AutoReplied, sim.Complained:
		return r.SentAt
	}
	return r.At
}

// addMail adds the mail object of a record of the named type.
func (w *Writer) addMail(r *sim.Record, kind string) {
	t, o, at := &w.text, w.origin(r), w.time(w.accepted(r))
	if o.written.from == nil {
		o.write()
	}
	w.address(r)
	t.key("mail")
	t.open('{')
	t.moment("timestamp", at)
	t.comma()
	t.b = append(t.b, o.written.mail[w.style]...)
	id := t.mark()
	t.b = append(appendIdentifier(append(t.b, '"'), o.prefix, at, o.messages, uint64(r.Message)), '"')
	id.end = len(t.b)
	to := t.addresses("destination", &w.to)
	if w.style == EventPublishing || r.Live && w.flight.notify.Of(kind) {
		w.addHeaders(r, o, id, to)
	}
	if w.style == EventPublishing {
		w.addTags(r, o, kind)
	}
	t.close('}')
}

// addHeaders adds the headers of a message, as far as there are any without content.
func (w *Writer) addHeaders(r *sim.Record, o *origin, id, to span) {
	t := &w.text
	t.key("headersTruncated")
	if r.Live {
		t.b = strconv.AppendBool(t.b, w.flight.truncated)
		if len(w.flight.headers) > 0 {
			t.headers(w.flight.headers)
		}
	} else {
		w.addFromTo(o)
	}
	t.key("commonHeaders")
	t.open('{')
	t.key("from")
	t.open('[')
	t.b = append(t.b, o.written.from...)
	t.close(']')
	t.key("to")
	t.again(to)
	t.key("messageId")
	t.again(id)
	if r.Live {
		t.optional("subject", w.flight.subject)
	}
	t.close('}')
}

// addFromTo adds the headers of a sender's message, which are From and To, as many as SES
// puts into a record.
func (w *Writer) addFromTo(o *origin) {
	t := &w.text
	from := len("From") + len(o.fromText)
	whole := from+len("To")+w.to.joinedSize() < sim.MaxHeaders
	t.b = strconv.AppendBool(t.b, !whole)
	if from >= sim.MaxHeaders {
		return
	}
	t.b = append(t.b, `,"headers":[{"name":"From","value":`...)
	t.b = append(append(t.b, o.written.from...), '}')
	if whole {
		t.b = append(t.b, `,{"name":"To","value":`...)
		w.joined = w.to.join(w.joined[:0])
		t.bytes(w.joined)
		t.close('}')
	}
	t.close(']')
}

// addTags adds the tags of a record of the named type.
func (w *Writer) addTags(r *sim.Record, o *origin, kind string) {
	t := &w.text
	switch delivery := kind == "Delivery"; {
	case r.Live && w.flight.tags != nil:
		list := w.flight.tags
		if delivery {
			list = list.with(tag{outgoingIP, []string{w.server(r).ip()}}, tag{outgoingTLS, []string{tlsVersion}})
		}
		t.tags(list)
	default:
		t.key("tags")
		t.open('{')
		t.b = append(t.b, o.before...)
		if delivery {
			t.b = append(t.b, `,"`+outgoingIP+`":["`...)
			t.b = w.server(r).appendIP(t.b)
			t.b = append(t.b, `"],"`+outgoingTLS+`":["`+tlsVersion+`"]`...)
		}
		t.comma()
		t.b = append(t.b, o.after...)
		t.close('}')
	}
}

// address notes the recipients of a record's message.
func (w *Writer) address(r *sim.Record) {
	w.to.clear()
	switch {
	case r.Live:
		for _, s := range w.flight.texts {
			w.to.text = append(w.to.text, s...)
			w.to.end()
		}
	case r.Kind == sim.Sent:
		for _, a := range r.Recipients {
			w.add(a)
		}
	case w.flight == nil:
		w.add(r.Address)
	default:
		for _, n := range w.flight.recipients {
			w.add(sim.Address{Audience: r.Address.Audience, Number: int64(n)})
		}
	}
}

// add notes a recipient.
func (w *Writer) add(a sim.Address) {
	w.to.text = w.appendText(w.to.text, a)
	w.to.end()
}

// addresses are addresses as text.
type addresses struct {
	text []byte
	ends []int // of each, within text
}

func (l *addresses) clear() { l.text, l.ends = l.text[:0], l.ends[:0] }

func (l *addresses) end() { l.ends = append(l.ends, len(l.text)) }

func (l *addresses) at(i int) []byte {
	start := 0
	if i > 0 {
		start = l.ends[i-1]
	}
	return l.text[start:l.ends[i]]
}

// join appends the addresses as a header has them.
func (l *addresses) join(b []byte) []byte {
	for i := range l.ends {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, l.at(i)...)
	}
	return b
}

// addresses adds a list of addresses, and returns where it is.
func (t *text) addresses(name string, l *addresses) span {
	t.key(name)
	s := t.mark()
	t.open('[')
	for i := range l.ends {
		t.comma()
		t.bytes(l.at(i))
	}
	t.close(']')
	s.end = len(t.b)
	return s
}

// joinedSize is the length of what join appends.
func (l *addresses) joinedSize() int { return len(l.text) + max(0, len(", ")*(len(l.ends)-1)) }

// textOf returns the recipient that a record is about as text.
func (w *Writer) textOf(r *sim.Record) string { return string(w.appendRecipient(nil, r)) }

// appendRecipient appends the recipient that a record is about.
func (w *Writer) appendRecipient(b []byte, r *sim.Record) []byte {
	if r.Live {
		return append(b, w.flight.textOf(r.Address)...)
	}
	return w.appendText(b, r.Address)
}

// appendText appends an address as text; one outside all audiences has none.
func (w *Writer) appendText(b []byte, a sim.Address) []byte {
	if a.Audience < 0 || a.Audience >= len(w.cfg.Audiences) || a.Number < 0 || a.Number >= w.cfg.Audiences[a.Audience].Most() {
		return b
	}
	return w.cfg.Audiences[a.Audience].AppendAddress(b, a.Number)
}

// server returns the mail server from which SES sends a message.
func (w *Writer) server(r *sim.Record) outgoing {
	return outgoing(w.origin(r).servers.At(uint64(r.Message)))
}

// feedbackID returns the id of a bounce or complaint: of the moment at which
// SES learns of it, the message, the recipient and the kind.
func (w *Writer) feedbackID(r *sim.Record) string {
	const kinds = 64 // more than there are
	o := w.origin(r)
	key, number := rng.Key(o.feedback.At(uint64(r.Message))), r.Address.Number
	if r.Live { // whose recipients are of several audiences
		number = int64(slices.Index(w.flight.addresses, r.Address))
	}
	return identifier(o.prefix, w.time(r.At), key, uint64(number)*kinds+uint64(r.Kind))
}

// cutHeaders returns the first headers, as many as SES puts into a record, and whether
// these are not all.
func cutHeaders(list []header) (kept []header, truncated bool) {
	size := 0
	for i, h := range list {
		if size += len(h.Name) + len(h.Value); size >= sim.MaxHeaders {
			return list[:i], true
		}
	}
	return list, false
}
