package events

import (
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rng"
)

// origin returns what the records about a sender's mail have in common.
func (w *Writer) origin(r *sim.Record) *origin {
	if w.origins[r.Sender] == nil {
		w.origins[r.Sender] = newOrigin(w.cfg, r.Sender)
	}
	return w.origins[r.Sender]
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
	m := &mail{
		Timestamp: stamp(at), Source: o.source, SourceArn: o.arn, SendingAccountID: o.account,
		MessageID:   identifier(o.prefix, at, o.messages, uint64(r.Message)),
		Destination: w.texts(w.flights.recipients(r)),
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
	key := rng.Key(o.feedback.At(uint64(r.Message)))
	return identifier(o.prefix, w.time(r.At), key, uint64(r.Address.Number)*kinds+uint64(r.Kind))
}

// headersMax is how many bytes of headers SES puts into a record.
const headersMax = 10 << 10

// headersOf returns the headers of a message, as far as there are any without
// content, and whether they were cut.
func headersOf(from string, to []string) (list []header, truncated bool) {
	size := 0
	for _, h := range []header{{"From", from}, {"To", strings.Join(to, ", ")}} {
		if size += len(h.Name) + len(h.Value); size >= headersMax {
			return list, true
		}
		list = append(list, h)
	}
	return list, false
}

// addHeaders adds what only event publishing has.
func (m *mail) addHeaders(from string) {
	list, truncated := headersOf(from, m.Destination)
	m.Headers, m.HeadersTruncated = list, &truncated
	m.CommonHeaders = &commonHeaders{From: []string{from}, To: m.Destination, MessageID: m.MessageID}
}
