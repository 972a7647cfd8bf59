package events

import (
	"slices"
	"strings"
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

// mail returns the mail object of a record, without what only event
// publishing has.
func (w *Writer) mail(r *sim.Record) *mail {
	o, at := w.origin(r), w.time(w.accepted(r))
	m := &w.line.mail
	*m = mail{
		Timestamp: stamp(at), Source: o.source, SourceArn: o.arn, SendingAccountID: o.account,
		MessageID: identifier(o.prefix, at, o.messages, uint64(r.Message)),
	}
	if r.Live {
		m.Destination = w.flight.texts
	} else {
		m.Destination = w.texts(w.recipients(r))
	}
	if w.style == Notification {
		m.SourceIP, m.CallerIdentity = o.ip, o.caller
	}
	return m
}

// texts returns addresses as text.
func (w *Writer) texts(list []sim.Address) []string {
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = w.text(a)
	}
	return texts
}

// textOf returns the recipient that a record is about as text.
func (w *Writer) textOf(r *sim.Record) string {
	if r.Live {
		return w.flight.textOf(r.Address)
	}
	return w.text(r.Address)
}

// text returns an address as text; one outside all audiences has none.
func (w *Writer) text(a sim.Address) string {
	if a.Audience < 0 || a.Audience >= len(w.cfg.Audiences) || a.Number < 0 || a.Number >= w.cfg.Audiences[a.Audience].Most() {
		return ""
	}
	return w.cfg.Audiences[a.Audience].AddressOf(a.Number)
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

// headersOf returns the headers of a message, as far as there are any without
// content, and whether they were cut.
func headersOf(from string, to []string) (list []header, truncated bool) {
	return cutHeaders([]header{{"From", from}, {"To", strings.Join(to, ", ")}})
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

// addHeaders adds to the current mail what only event publishing has; l is that of a
// message from outside.
func (w *Writer) addHeaders(from string, l *live) {
	b, m := &w.line, &w.line.mail
	b.from[0] = from
	b.common = commonHeaders{From: b.from[:], To: m.Destination, MessageID: m.MessageID}
	if l != nil {
		m.Headers, b.truncated, b.common.Subject = l.headers, l.truncated, l.subject
	} else {
		m.Headers, b.truncated = headersOf(from, m.Destination)
	}
	m.HeadersTruncated, m.CommonHeaders = &b.truncated, &b.common
}
