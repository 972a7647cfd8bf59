package events

import (
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// send writes the Send of an accepted message.
func (w *Writer) send(r *sim.Record) {
	w.begin("Send")
	w.addMail(r, "Send")
	w.text.b = append(w.text.b, `,"send":{}`...)
	w.write()
}

// reject writes the Reject of a message: once, although a run has a record for
// each recipient.
func (w *Writer) reject(r *sim.Record) {
	if keyOf(r) == w.rejected {
		return
	}
	w.rejected = keyOf(r)
	w.begin("Reject")
	w.addMail(r, "Reject")
	w.text.b = append(w.text.b, `,"reject":{"reason":"Bad content"}`...) // the only reason there is
	w.write()
}

// deliver writes the Delivery to a recipient.
func (w *Writer) deliver(r *sim.Record) {
	w.begin("Delivery")
	w.addMail(r, "Delivery")
	w.recipient = w.appendRecipient(w.recipient[:0], r)
	t, server := &w.text, w.server(r)
	t.key("delivery")
	t.open('{')
	t.moment("timestamp", w.time(r.At))
	t.number("processingTimeMillis", (r.At - w.accepted(r)).Milliseconds())
	t.key("recipients")
	t.open('[')
	t.bytes(w.recipient)
	t.b = append(t.b, `],"smtpResponse":"250 2.6.0 Message received","remoteMtaIp":"`...)
	t.b = append(t.b, w.remoteOf(w.recipient)...)
	t.b = append(t.b, `","reportingMTA":"`...)
	t.b = append(server.appendHost(t.b, w.origin(r).region), `"}`...)
	w.write()
}

// delay writes the DeliveryDelay of a soft bounce that SES will retry.
func (w *Writer) delay(r *sim.Record) {
	address := w.textOf(r)
	kind, d := w.delayOf(r, domainOf(address))
	limit, _ := w.retryLimit(r)
	w.begin("DeliveryDelay")
	w.addMail(r, "DeliveryDelay")
	t := &w.text
	t.key("deliveryDelay")
	t.open('{')
	t.moment("timestamp", w.time(r.At))
	t.string("delayType", kind)
	t.moment("expirationTime", w.time(w.accepted(r)+limit))
	t.b = append(t.b, `,"delayedRecipients":[{`...)
	t.string("emailAddress", address)
	t.string("status", d.status)
	t.string("diagnosticCode", d.diagnostic())
	t.b = append(t.b, "}]"...)
	t.string("reportingMTA", w.server(r).ip())
	t.close('}')
	w.write()
}

// bounce writes a bounce of one recipient.
func (w *Writer) bounce(r *sim.Record) {
	b := w.bounced(r)
	w.begin("Bounce")
	w.text.key("bounce")
	b.append(&w.text)
	w.addMail(r, "Bounce")
	w.write()
}

// bounced returns the object of a bounce.
func (w *Writer) bounced(r *sim.Record) bounce {
	n := w.explain(r)
	return bounce{
		FeedbackID: w.feedbackID(r), BounceType: r.Bounce.Type(), BounceSubType: r.Bounce.SubType(),
		Recipients: []bouncedRecipient{n.recipient(w.textOf(r))}, Timestamp: w.time(r.At), RemoteMtaIP: n.remote, ReportingMTA: n.reporter,
	}
}

// onAccountList is the subtype of complaints and bounces that the account-level
// list causes.
var onAccountList = ses.PermanentOnAccountList.SubType()

// complain writes a complaint: one of a recipient, with the provider's report, or
// one that repeats an earlier complaint on the account-level list.
func (w *Writer) complain(r *sim.Record) {
	c := complaint{FeedbackID: w.feedbackID(r), Recipients: []string{w.textOf(r)}}
	switch r.Kind {
	case sim.SuppressedAccount:
		c.SubType, c.Timestamp = onAccountList, w.time(r.At)
	case sim.Simulated:
		c.report("Amazon SES Mailbox Simulator", w.time(r.At), w.time(r.At))
	default:
		sent := max(r.At-w.cfg.Rules.Delay.ComplaintRelay, r.SentAt)
		c.report("AnyCompany Feedback Loop (V0.01)", w.time(sent), w.time(r.SentAt))
		c.Recipients = w.suspects(r)
	}
	w.begin("Complaint")
	w.text.key("complaint")
	c.append(&w.text)
	w.addMail(r, "Complaint")
	w.write()
}

// report fills in a provider's feedback report. Its arrival date is when the mail
// was sent, which is off by the time of its delivery.
func (c *complaint) report(agent string, sent, arrived time.Time) {
	c.UserAgent, c.Timestamp, c.ArrivalDate = agent, sent, arrived
}

// suspects returns the recipients who may have complained. Most providers do not
// identify the recipient, so SES names all recipients at the domain.
func (w *Writer) suspects(r *sim.Record) []string {
	domain := domainOf(w.textOf(r))
	w.address(r)
	var list []string
	for i := range w.to.ends {
		if address := string(w.to.at(i)); strings.EqualFold(domainOf(address), domain) {
			list = append(list, address)
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

// held is a bounce that may get more recipients.
type held struct {
	bounce
	rest []byte // of the record, after the object
}

// hold adds a recipient to the pending bounce of its kind and message, or starts
// one.
func (w *Writer) hold(r *sim.Record) {
	w.holder = keyOf(r)
	fresh := w.bounced(r)
	o := &w.outputs[w.style]
	for i := range o.held {
		if h := &o.held[i]; h.BounceSubType == fresh.BounceSubType && h.ReportingMTA == fresh.ReportingMTA {
			h.Recipients = append(h.Recipients, fresh.Recipients...)
			return
		}
	}
	w.begin("Bounce")
	before := len(w.text.b)
	w.addMail(r, "Bounce")
	o.held = append(o.held, held{fresh, slices.Clone(w.text.b[before:])})
}

// release writes the pending bounces.
func (w *Writer) release() {
	for style := range w.outputs {
		o := &w.outputs[style]
		for i := range o.held {
			w.style = Style(style)
			w.begin("Bounce")
			w.text.key("bounce")
			o.held[i].append(&w.text)
			w.text.b = append(w.text.b, o.held[i].rest...)
			w.write()
		}
		o.held = o.held[:0]
	}
	w.holder = noFlight
}
