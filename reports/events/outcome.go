package events

import (
	"bytes"
	"slices"

	"sesim/reports/jsontext"
	"sesim/sim"
	"sesim/sim/ses"
)

// send writes the Send of an accepted message.
func (w *Writer) send(r *sim.Record) {
	w.begin(r, "Send")
	w.addMail(r, "Send")
	w.text.Raw(`,"send":{}`)
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
	w.text.Raw(`,"reject":{"reason":"Bad content"}`) // the only reason there is
	w.write()
}

// deliver writes the Delivery to a recipient.
func (w *Writer) deliver(r *sim.Record) {
	t := w.begin(r, "Delivery")
	w.addMail(r, "Delivery")
	t.Raw(`,"delivery":{"timestamp":`)
	t.moment(w.time(r.At))
	t.Raw(`,"processingTimeMillis":`)
	t.Integer((r.At - w.accepted(r)).Milliseconds())
	t.Raw(`,"recipients":[`)
	t.B = append(t.B, w.quoted...)
	t.Raw(`],"smtpResponse":"250 2.6.0 Message received","remoteMtaIp":"`)
	t.Raw(w.remoteOf(w.domain()))
	t.Raw(`","reportingMTA":"`)
	t.B = append(w.server(r).appendHost(t.B, w.origin(r).region), `"}`...)
	w.write()
}

// delay writes the DeliveryDelay of a soft bounce that SES will retry.
func (w *Writer) delay(r *sim.Record) {
	kind, answer := w.delayOf(r)
	limit, _ := w.retryLimit(r)
	t := w.begin(r, "DeliveryDelay")
	w.addMail(r, "DeliveryDelay")
	t.Raw(`,"deliveryDelay":{"timestamp":`)
	t.moment(w.time(r.At))
	t.String("delayType", kind)
	t.Raw(`,"expirationTime":`)
	t.moment(w.time(w.accepted(r) + limit))
	t.Raw(`,"delayedRecipients":[{"emailAddress":`)
	t.B = append(t.B, w.quoted...)
	t.String("status", answer.status())
	w.diagnosis = answer.appendTo(append(w.diagnosis[:0], "smtp; "...), w.domain())
	t.Raw(`,"diagnosticCode":`)
	t.B = jsontext.AppendQuoted(t.B, w.diagnosis)
	t.Raw(`}],"reportingMTA":"`)
	t.B = append(w.server(r).appendIP(t.B), `"}`...)
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
	t.Raw(`,"bounce":{"feedbackId":`)
	w.addFeedbackID(r)
	t.Raw(bounceTypes[r.Bounce])
	w.addBounced(n)
	further = len(t.B)
	t.Raw(`],"timestamp":`)
	t.moment(w.time(r.At))
	if n.remote != "" {
		t.B = append(append(append(t.B, `,"remoteMtaIp":"`...), n.remote...), '"')
	}
	if len(n.reporter) > 0 {
		t.B = jsontext.AppendQuoted(append(t.B, `,"reportingMTA":`...), n.reporter)
	}
	t.Raw("}")
	return further
}

// bounceTypes are the members of a bounce that follow from its type, up to the recipients.
var bounceTypes = func() (texts [ses.TransientCustomTimeout + 1]string) {
	for b := ses.NoBounce; int(b) < len(texts); b++ {
		texts[b] = `,"bounceType":"` + b.Type() + `","bounceSubType":"` + b.SubType() + `","bouncedRecipients":[`
	}
	return texts
}()

// addBounced adds the entry of a bounced recipient, which has the fields after the address from
// the DSN, if there was one.
func (w *Writer) addBounced(n notice) {
	t := w.text
	b := append(append(t.B, `{"emailAddress":`...), w.quoted...)
	if n.status != "" {
		b = append(append(b, `,"action":"failed","status":"`...), n.status...)
		b = jsontext.AppendQuoted(append(b, `","diagnosticCode":`...), n.text)
	}
	t.B = append(b, '}')
}

// addFeedbackID adds the id of a bounce or complaint: of the moment at which SES learns of it.
func (w *Writer) addFeedbackID(r *sim.Record) {
	key, n := w.feedbackID(r)
	t := w.text
	t.B = append(appendIdentifier(append(t.B, '"'), w.origin(r).prefix, w.time(r.At), key, n), '"')
}

// onAccountList is the subtype of complaints and bounces that the account-level
// list causes.
var onAccountList = ses.PermanentOnAccountList.SubType()

// complain writes a complaint: one of a recipient, with the provider's report, or
// one that repeats an earlier complaint on the account-level list.
func (w *Writer) complain(r *sim.Record) {
	t := w.begin(r, "Complaint")
	t.Raw(`,"complaint":{"feedbackId":`)
	w.addFeedbackID(r)
	sent, agent, arrived := r.At, "", r.At // when the provider sent its report, and its arrival date
	t.Raw(`,"complaintSubType":`)
	switch r.Kind {
	case sim.SuppressedAccount:
		t.Quote(onAccountList)
		w.addComplained()
	case sim.Simulated:
		agent = "Amazon SES Mailbox Simulator"
		t.Raw("null")
		w.addComplained()
	default:
		sent, agent, arrived = max(r.At-w.cfg.Rules.Delay.ComplaintRelay, r.SentAt), "AnyCompany Feedback Loop (V0.01)", r.SentAt
		t.Raw("null")
		w.addSuspects()
	}
	t.Raw(`,"timestamp":`)
	t.moment(w.time(sent))
	if agent != "" {
		t.String("userAgent", agent)
		t.Raw(`,"complaintFeedbackType":"abuse","arrivalDate":`)
		t.moment(w.time(arrived)) // when the mail was sent, which is off by the time of its delivery
	}
	t.Raw("}")
	w.addMail(r, "Complaint")
	w.write()
}

// addComplained adds the recipient who has complained.
func (w *Writer) addComplained() {
	t := w.text
	t.Raw(`,"complainedRecipients":[{"emailAddress":`)
	t.B = append(append(t.B, w.quoted...), "}]"...)
}

// addSuspects adds the recipients who may have complained. Most providers do not
// identify the recipient, so SES names all recipients at the domain.
func (w *Writer) addSuspects() {
	t := w.text
	t.Raw(`,"complainedRecipients":[`)
	for i := range w.to.ends {
		if address := w.to.at(i); bytes.EqualFold(domainIn(address), w.domain()) {
			t.Comma()
			t.Raw(`{"emailAddress":`)
			t.B = append(jsontext.AppendQuoted(t.B, address), '}')
		}
	}
	t.Raw("]")
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
	start := len(w.outputs[w.style].records.B)
	t, n := w.begin(r, "Bounce"), w.explain(r)
	defer func() { t.B = t.B[:start] }() // it is written later
	kind, o := r.Bounce.SubType(), &w.outputs[w.style]
	for i := range o.held {
		if h := &o.held[i]; h.kind == kind && h.reporter == string(n.reporter) {
			more := len(t.B)
			t.Raw(",")
			w.addBounced(n)
			h.begin = append(h.begin, t.B[more:]...)
			return
		}
	}
	further := w.addBounce(r, n)
	w.addMail(r, "Bounce")
	o.held = append(o.held, held{kind, string(n.reporter), slices.Clone(t.B[start:further]), slices.Clone(t.B[further:])})
}

// release writes the pending bounces.
func (w *Writer) release() {
	for style := range w.outputs {
		o := &w.outputs[style]
		for i := range o.held {
			h := &o.held[i]
			o.records.B = append(append(o.records.B, h.begin...), h.rest...)
			w.keep(o.records.end())
		}
		o.held = o.held[:0]
	}
	w.holder = noFlight
}
