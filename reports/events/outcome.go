package events

import (
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// send writes the Send of an accepted message.
func (w *Writer) send(r *sim.Record) {
	rec := w.about(r, "Send")
	rec.Send = &struct{}{}
	w.write(rec)
}

// reject writes the Reject of a message: once, although a run has a record for
// each recipient.
func (w *Writer) reject(r *sim.Record) {
	if keyOf(r) == w.rejected {
		return
	}
	w.rejected = keyOf(r)
	rec := w.about(r, "Reject")
	rec.Reject = &reject{"Bad content"} // the only reason there is
	w.write(rec)
}

// deliver writes the Delivery to a recipient.
func (w *Writer) deliver(r *sim.Record) {
	address, server := w.textOf(r), w.server(r)
	rec := w.about(r, "Delivery")
	if rec.Mail.Tags != nil {
		rec.Mail.Tags = rec.Mail.Tags.with(tag{"ses:outgoing-ip", []string{server.ip()}}, tag{"ses:outgoing-tls-version", []string{tlsVersion}})
	}
	rec.Delivery = &delivery{
		Timestamp: stamp(w.time(r.At)), ProcessingTimeMillis: (r.At - w.accepted(r)).Milliseconds(),
		Recipients: []string{address}, SMTPResponse: "250 2.6.0 Message received",
		RemoteMtaIP: remoteIP(domainOf(address)), ReportingMTA: server.host(w.origin(r).region),
	}
	w.write(rec)
}

// delay writes the DeliveryDelay of a soft bounce that SES will retry.
func (w *Writer) delay(r *sim.Record) {
	address := w.textOf(r)
	kind, d := w.delayOf(r, domainOf(address))
	limit, _ := w.retryLimit(r)
	rec := w.about(r, "DeliveryDelay")
	rec.DeliveryDelay = &deliveryDelay{
		Timestamp: stamp(w.time(r.At)), DelayType: kind,
		ExpirationTime: stamp(w.time(w.accepted(r) + limit)),
		Recipients:     []delayedRecipient{{address, d.status, d.diagnostic()}},
		ReportingMTA:   w.server(r).ip(),
	}
	w.write(rec)
}

// bounce writes a bounce of one recipient.
func (w *Writer) bounce(r *sim.Record) { w.write(w.bounced(r)) }

// bounced returns the record of a bounce.
func (w *Writer) bounced(r *sim.Record) *record {
	n := w.explain(r)
	rec := w.about(r, "Bounce")
	rec.Bounce = &bounce{
		FeedbackID: w.feedbackID(r), BounceType: r.Bounce.Type(), BounceSubType: r.Bounce.SubType(),
		Recipients: []bouncedRecipient{n.recipient(w.textOf(r))}, Timestamp: stamp(w.time(r.At)),
		RemoteMtaIP: n.remote, ReportingMTA: n.reporter,
	}
	return rec
}

// onAccountList is the subtype of complaints and bounces that the account-level
// list causes.
var onAccountList = ses.PermanentOnAccountList.SubType()

// complain writes a complaint: one of a recipient, with the provider's report, or
// one that repeats an earlier complaint on the account-level list.
func (w *Writer) complain(r *sim.Record) {
	rec := w.about(r, "Complaint")
	rec.Complaint = &complaint{FeedbackID: w.feedbackID(r)}
	c := rec.Complaint
	c.Recipients = []complainedRecipient{{w.textOf(r)}}
	switch r.Kind {
	case sim.SuppressedAccount:
		c.SubType, c.Timestamp = &onAccountList, stamp(w.time(r.At))
	case sim.Simulated:
		c.report("Amazon SES Mailbox Simulator", w.time(r.At), w.time(r.At))
	default:
		sent := max(r.At-w.cfg.Rules.Delay.ComplaintRelay, r.SentAt)
		c.report("AnyCompany Feedback Loop (V0.01)", w.time(sent), w.time(r.SentAt))
		c.Recipients = w.suspects(r, rec.Mail.Destination)
	}
	w.write(rec)
}

// report fills in a provider's feedback report. Its arrival date is when the mail
// was sent, which is off by the time of its delivery.
func (c *complaint) report(agent string, sent, arrived time.Time) {
	c.UserAgent, c.FeedbackType = agent, "abuse"
	c.Timestamp, c.ArrivalDate = stamp(sent), stamp(arrived)
}

// suspects returns the recipients who may have complained. Most providers do not
// identify the recipient, so SES names all recipients at the domain.
func (w *Writer) suspects(r *sim.Record, destination []string) []complainedRecipient {
	domain := domainOf(w.textOf(r))
	var list []complainedRecipient
	for _, address := range destination {
		if strings.EqualFold(domainOf(address), domain) {
			list = append(list, complainedRecipient{address})
		}
	}
	return list
}

// simulate writes the answer of the mailbox simulator, which takes no virtual
// time. The bounces of one call are held back and merged.
func (w *Writer) simulate(r *sim.Record) {
	switch r.Simulator {
	case ses.SimulateBounce, ses.SimulateSuppression:
		w.hold(r)
		return
	}
	w.deliver(r)
	switch r.Simulator {
	case ses.SimulateComplaint:
		w.complain(r)
	case ses.SimulateOutOfOffice:
		w.bounce(r)
	}
}

// hold adds a recipient to the pending bounce of its kind and message, or starts
// one.
func (w *Writer) hold(r *sim.Record) {
	w.holder = keyOf(r)
	fresh := w.bounced(r)
	o := &w.outputs[w.style]
	for _, rec := range o.held {
		if rec.Bounce.BounceSubType == fresh.Bounce.BounceSubType && rec.Bounce.ReportingMTA == fresh.Bounce.ReportingMTA {
			rec.Bounce.Recipients = append(rec.Bounce.Recipients, fresh.Bounce.Recipients...)
			return
		}
	}
	o.held = append(o.held, w.line.keep())
}

// keep returns a copy of the record, which the next one does not overwrite.
func (l *line) keep() *record {
	c := *l
	c.record.Mail = &c.mail
	if c.mail.CommonHeaders != nil {
		c.mail.CommonHeaders, c.mail.HeadersTruncated, c.common.From = &c.common, &c.truncated, c.from[:]
	}
	return &c.record
}

// release writes the pending bounces.
func (w *Writer) release() {
	for i := range w.outputs {
		o := &w.outputs[i]
		for _, rec := range o.held {
			w.keep(o.records.record(rec))
		}
		o.held = o.held[:0]
	}
	w.holder = noFlight
}
