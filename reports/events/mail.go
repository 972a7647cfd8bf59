package events

import (
	"slices"
	"time"

	"sesim/reports/jsontext"
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
	t, o, at := w.text, w.origin(r), w.time(w.accepted(r))
	t.Raw(`,"mail":{"timestamp":`)
	t.moment(at)
	t.B = append(t.B, o.written.mail[w.style]...)
	id := t.mark()
	t.B = append(appendIdentifier(append(t.B, '"'), o.prefix, at, o.messages, uint64(r.Message)), '"')
	id.end = len(t.B)
	t.Raw(`,"destination":`)
	to := t.addresses(&w.to)
	if w.style == EventPublishing || r.Live && w.flight.notify.Of(kind) {
		w.addHeaders(r, o, id, to)
	}
	if w.style == EventPublishing {
		w.addTags(r, o, kind == "Delivery")
	}
	t.Raw("}")
}

// addHeaders adds the headers of a message, as far as there are any without content.
func (w *Writer) addHeaders(r *sim.Record, o *origin, id, to span) {
	t := w.text
	var subject []byte
	t.Raw(",")
	if r.Live {
		var headers []byte
		headers, subject = w.flight.written()
		t.B = append(t.B, headers...)
	} else {
		w.addFromTo(t, o)
	}
	t.B = append(t.B, o.common...)
	t.again(to)
	t.Raw(`,"messageId":`)
	t.again(id)
	t.B = append(append(t.B, subject...), '}')
}

// addFromTo adds the headers of a message of which no others are known: From and To, as many
// as SES puts into a record.
func (w *Writer) addFromTo(t *text, o *origin) {
	from := len("From") + len(o.fromText)
	if from >= sim.MaxHeaders {
		t.headers(nil, true)
		return
	}
	if from+len("To")+w.to.joinedSize() >= sim.MaxHeaders {
		t.headers([]header{{"From", o.fromText}}, true)
		return
	}
	t.B = append(t.B, o.written.headers...)
	if w.to.single() {
		t.B = append(t.B, w.to.quoted...)
	} else {
		w.joined = w.to.join(w.joined[:0])
		t.B = jsontext.AppendQuoted(t.B, w.joined)
	}
	t.Raw("}]")
}

// addTags adds the tags of a record.
func (w *Writer) addTags(r *sim.Record, o *origin, delivery bool) {
	t := w.text
	t.Raw(`,"tags":{`)
	if r.Live && w.flight.tags != nil {
		w.addOwnTags(r, delivery)
	} else {
		t.B = append(t.B, o.written.before...)
		if delivery {
			w.addOutgoing(r, outgoingIP)
			w.addOutgoing(r, outgoingTLS)
		}
		t.Comma()
		t.B = append(t.B, o.written.after...)
	}
	t.Raw("}")
}

// addOwnTags adds the tags of a message that has some of its own. Those of a delivery replace
// what has their names.
func (w *Writer) addOwnTags(r *sim.Record, delivery bool) {
	more := []string{outgoingIP, outgoingTLS}
	if !delivery {
		more = nil
	}
	for _, tag := range w.flight.tags {
		for len(more) > 0 && more[0] < tag.Name {
			w.addOutgoing(r, more[0])
			more = more[1:]
		}
		if len(more) == 0 || more[0] != tag.Name {
			w.text.tag(tag)
		}
	}
	for _, name := range more {
		w.addOutgoing(r, name)
	}
}

// addOutgoing adds one of the tags that only a delivery has.
func (w *Writer) addOutgoing(r *sim.Record, name string) {
	t := w.text
	t.Comma()
	if name == outgoingTLS {
		t.Raw(`"` + outgoingTLS + `":["` + tlsVersion + `"]`)
		return
	}
	t.Raw(`"` + outgoingIP + `":["`)
	t.B = append(w.server(r).appendIP(t.B), `"]`...)
}

// address notes the recipients of a record's message.
func (w *Writer) address(r *sim.Record) {
	w.to.clear()
	switch {
	case r.Live:
		w.flight.list(&w.to)
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
	text   []byte
	ends   []int  // of each, within text
	quoted []byte // the first as JSON
}

func (l *addresses) clear() { l.text, l.ends = l.text[:0], l.ends[:0] }

// end ends an address.
func (l *addresses) end() {
	if len(l.ends) == 0 {
		l.quoted = jsontext.AppendQuoted(l.quoted[:0], l.text)
	}
	l.ends = append(l.ends, len(l.text))
}

func (l *addresses) single() bool { return len(l.ends) == 1 }

func (l *addresses) at(i int) []byte { return piece(l.text, l.ends, i) }

// piece returns the i-th piece of a text, of which it has the ends.
func piece(text []byte, ends []int, i int) []byte {
	start := 0
	if i > 0 {
		start = ends[i-1]
	}
	return text[start:ends[i]]
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

// addresses writes a list of addresses, and returns where it is.
func (t *text) addresses(l *addresses) span {
	s := t.mark()
	if l.single() {
		t.B = append(append(append(t.B, '['), l.quoted...), ']')
		s.end = len(t.B)
		return s
	}
	for i := range l.ends {
		if i == 0 {
			t.Raw("[")
		} else {
			t.Raw(",")
		}
		t.B = jsontext.AppendQuoted(t.B, l.at(i))
	}
	if len(l.ends) == 0 {
		t.Raw("[")
	}
	t.Raw("]")
	s.end = len(t.B)
	return s
}

// joinedSize is the length of what join appends.
func (l *addresses) joinedSize() int { return len(l.text) + max(0, len(", ")*(len(l.ends)-1)) }

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

// feedbackID returns the stream and the number of the id of a bounce or complaint: they follow
// from the message, the recipient and the kind.
func (w *Writer) feedbackID(r *sim.Record) (key rng.Key, n uint64) {
	const kinds = 64 // more than there are
	number := r.Address.Number
	if r.Live { // whose recipients are of several audiences
		number = int64(slices.Index(w.flight.addresses, r.Address))
	}
	return rng.Key(w.origin(r).feedback.At(uint64(r.Message))), uint64(number)*kinds + uint64(r.Kind)
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
