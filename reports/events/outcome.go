package events

import (
	"bytes"
	"slices"

	"sesim/sim"
	"sesim/sim/ses"
)

// send writes the Send of an accepted message.
func (w *Writer) send(r *sim.Record) {
	w.begin(r, "Send")
	w.addMail(r, "Send")
	w.text.raw(`,"send":{}`)
	w.write()
}

// reject writes the Reject of a message: once, although a run has a record for
// each recipient.
func (w *Writer) reject(r *sim.Record) {
	if keyOf(r) == w.rejected {
		return
	}
	w.rejected = keyOf(r)
	w.begin(r, "Reject")
	w.addMail(r, "Reject")
	w.text.raw(`,"reject":{"reason":"Bad content"}`) // the only reason there is
	w.write()
}

// deliver writes the Delivery to a recipient.
func (w *Writer) deliver(r *sim.Record) {
	t := w.begin(r, "Delivery")
	w.addMail(r, "Delivery")
	t.raw(`,"delivery":{"timestamp":`)
	t.moment(w.time(r.At))
	t.raw(`,"processingTimeMillis":`)
	t.integer((r.At - w.accepted(r)).Milliseconds())
	t.raw(`,"recipients":[`)
	t.b = appendQuoted(t.b, w.recipient)
	t.raw(`],"smtpResponse":"250 2.6.0 Message received","remoteMtaIp":"`)
	t.raw(w.remoteOf(w.domain()))
	t.raw(`","reportingMTA":"`)
	t.b = append(w.server(r).appendHost(t.b, w.origin(r).region), `"}`...)
	w.write()
}

// delay writes the DeliveryDelay of a soft bounce that SES will retry.
func (w *Writer) delay(r *sim.Record) {
	kind, answer := w.delayOf(r)
	limit, _ := w.retryLimit(r)
	t := w.begin(r, "DeliveryDelay")
	w.addMail(r, "DeliveryDelay")
	t.raw(`,"deliveryDelay":{"timestamp":`)
	t.moment(w.time(r.At))
	t.string("delayType", kind)
	t.raw(`,"expirationTime":`)
	t.moment(w.time(w.accepted(r) + limit))
	t.raw(`,"delayedRecipients":[{"emailAddress":`)
	t.b = appendQuoted(t.b, w.recipient)
	t.string("status", answer.status)
	w.diagnosis = answer.appendTo(append(w.diagnosis[:0], "smtp; "...), w.domain())
	t.raw(`,"diagnosticCode":`)
	t.b = appendQuoted(t.b, w.diagnosis)
	t.raw(`}],"reportingMTA":"`)
	t.b = append(w.server(r).appendIP(t.b), `"}`...)
	w.write()
}

// bounce writes a bounce of one recipient.
func (w *Writer) bounce(r *sim.Record) {
	w.begin(r, "Bounce")
	w.addBounce(r, w.explain(r))
	w.addMail(r, "Bounce")
	w.write()
}

// addBounce adds the object of a bounce, and returns where further recipients would be.
func (w *Writer) addBounce(r *sim.Record, n notice) (further int) {
	t := w.text
	t.raw(`,"bounce":{"feedbackId":`)
	w.addFeedbackID(r)
	t.string("bounceType", r.Bounce.Type())
	t.string("bounceSubType", r.Bounce.SubType())
	t.raw(`,"bouncedRecipients":[`)
	w.addBounced(n)
	further = len(t.b)
	t.raw(`],"timestamp":`)
	t.moment(w.time(r.At))
	t.optional("remoteMtaIp", n.remote)
	if len(n.reporter) > 0 {
		t.raw(`,"reportingMTA":`)
		t.b = appendQuoted(t.b, n.reporter)
	}
	t.raw("}")
	return further
}

// addBounced adds the entry of a bounced recipient, which has the fields after the address from
// the DSN, if there was one.
func (w *Writer) addBounced(n notice) {
	t := w.text
	t.raw(`{"emailAddress":`)
	t.b = appendQuoted(t.b, w.recipient)
	if n.status != "" {
		t.raw(`,"action":"failed"`)
		t.string("status", n.status)
		t.raw(`,"diagnosticCode":`)
		t.b = appendQuoted(t.b, n.text)
	}
	t.raw("}")
}

// addFeedbackID adds the id of a bounce or complaint: of the moment at which SES learns of it.
func (w *Writer) addFeedbackID(r *sim.Record) {
	key, n := w.feedbackID(r)
	t := w.text
	t.b = append(appendIdentifier(append(t.b, '"'), w.origin(r).prefix, w.time(r.At), key, n), '"')
}

// onAccountList is the subtype of complaints and bounces that the account-level
// list causes.
var onAccountList = ses.PermanentOnAccountList.SubType()

// complain writes a complaint: one of a recipient, with the provider's report, or
// one that repeats an earlier complaint on the account-level list.
func (w *Writer) complain(r *sim.Record) {
	t := w.begin(r, "Complaint")
	t.raw(`,"complaint":{"feedbackId":`)
	w.addFeedbackID(r)
	sent, agent, arrived := r.At, "", r.At // when the provider sent its report, and its arrival date
	t.raw(`,"complaintSubType":`)
	switch r.Kind {
	case sim.SuppressedAccount:
		t.quote(onAccountList)
		w.addComplained()
	case sim.Simulated:
		agent = "Amazon SES Mailbox Simulator"
		t.raw("null")
		w.addComplained()
	default:
		sent, agent, arrived = max(r.At-w.cfg.Rules.Delay.ComplaintRelay, r.SentAt), "AnyCompany Feedback Loop (V0.01)", r.SentAt
		t.raw("null")
		w.addSuspects()
	}
	t.raw(`,"timestamp":`)
	t.moment(w.time(sent))
	if agent != "" {
		t.string("userAgent", agent)
		t.raw(`,"complaintFeedbackType":"abuse","arrivalDate":`)
		t.moment(w.time(arrived)) // when the mail was sent, which is off by the time of its delivery
	}
	t.raw("}")
	w.addMail(r, "Complaint")
	w.write()
}

// addComplained adds the recipient who has complained.
func (w *Writer) addComplained() {
	t := w.text
	t.raw(`,"complainedRecipients":[{"emailAddress":`)
	t.b = append(appendQuoted(t.b, w.recipient), "}]"...)
}

// addSuspects adds the recipients who may have complained. Most providers do not
// identify the recipient, so SES names all recipients at the domain.
func (w *Writer) addSuspects() {
	t := w.text
	t.raw(`,"complainedRecipients":[`)
	for i := range w.to.ends {
		if address := w.to.at(i); bytes.EqualFold(domainIn(address), w.domain()) {
			t.comma()
			t.raw(`{"emailAddress":`)
			t.b = append(appendQuoted(t.b, address), '}')
		}
	}
	t.raw("]")
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

// held is a record of a bounce that may get more recipients.
type held struct {
	kind, reporter string
	begin, rest    []byte // of the record: up to the last recipient, and what follows
}

// hold adds a recipient to the pending bounce of its kind and message, or starts
// one.
func (w *Writer) hold(r *sim.Record) {
	w.holder = keyOf(r)
	start := len(w.outputs[w.style].records.b)
	t, n := w.begin(r, "Bounce"), w.explain(r)
	defer func() { t.b = t.b[:start] }() // it is written later
	kind, o := r.Bounce.SubType(), &w.outputs[w.style]
	for i := range o.held {
		if h := &o.held[i]; h.kind == kind && h.reporter == string(n.reporter) {
			more := len(t.b)
			t.raw(",")
			w.addBounced(n)
			h.begin = append(h.begin, t.b[more:]...)
			return
		}
	}
	further := w.addBounce(r, n)
	w.addMail(r, "Bounce")
	o.held = append(o.held, held{kind, string(n.reporter), slices.Clone(t.b[start:further]), slices.Clone(t.b[further:])})
}

// release writes the pending bounces.
func (w *Writer) release() {
	for style := range w.outputs {
		o := &w.outputs[style]
		for i := range o.held {
			h := &o.held[i]
			o.records.b = append(append(o.records.b, h.begin...), h.rest...)
			w.keep(o.records.end())
		}
		o.held = o.held[:0]
	}
	w.holder = noFlight
}
