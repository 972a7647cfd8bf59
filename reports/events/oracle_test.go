package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// Oracle writes the lines of a Writer the slow way: it builds each as a value, which
// encoding/json writes. It shares with a Writer what the values follow from.
type Oracle struct {
	*Writer
	Published, Refused bytes.Buffer
	held               []*record
	calls              map[flightKey]*sim.Record // the Sent of each message from outside
	call               *sim.Record               // that of the current one; nil: it is a sender's
}

// NewOracle returns an Oracle for a run of cfg. Finish must be called after the run.
func NewOracle(cfg *sim.Config, style Style) *Oracle {
	o := &Oracle{Writer: New(io.Discard, cfg, style), calls: map[flightKey]*sim.Record{}}
	o.style = style
	return o
}

// Finish writes all pending records.
func (w *Oracle) Finish() { w.release() }

func (w *Oracle) write(rec *record) { w.print(&w.Published, rec) }

// print writes a value as a line.
func (w *Oracle) print(out *bytes.Buffer, value any) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false) // diagnostics have angle brackets
	w.keep(encoder.Encode(value))
}

// stamp writes a moment as SES does: UTC, to the millisecond.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// MarshalJSON writes tags by way of a map.
func (t tagList) MarshalJSON() ([]byte, error) {
	m := map[string][]string{}
	for _, tag := range t {
		m[tag.Name] = tag.Values
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(m)
	return out.Bytes(), err
}

// record is a line of the stream. One of EventType and NotificationType is
// set, and one of the objects that it names. The order of the keys is that of
// AWS's examples.
type record struct {
	EventType        string           `json:"eventType,omitempty"`
	NotificationType string           `json:"notificationType,omitempty"`
	Bounce           *bounceObject    `json:"bounce,omitempty"`
	Complaint        *complaintObject `json:"complaint,omitempty"`
	Mail             *mail            `json:"mail"`
	Delivery         *delivery        `json:"delivery,omitempty"`
	Send             *struct{}        `json:"send,omitempty"` // always empty
	Reject           *reject          `json:"reject,omitempty"`
	DeliveryDelay    *deliveryDelay   `json:"deliveryDelay,omitempty"`
}

// mail is the message that a record is about.
type mail struct {
	Timestamp        string         `json:"timestamp"` // when SES accepted it
	Source           string         `json:"source"`
	SourceArn        string         `json:"sourceArn"`
	SourceIP         string         `json:"sourceIp,omitempty"`       // notifications
	CallerIdentity   string         `json:"callerIdentity,omitempty"` // notifications
	SendingAccountID string         `json:"sendingAccountId"`
	MessageID        string         `json:"messageId"`
	Destination      []string       `json:"destination"`
	HeadersTruncated *bool          `json:"headersTruncated,omitempty"` // event publishing, as what follows
	Headers          []headerObject `json:"headers,omitempty"`
	CommonHeaders    *commonHeaders `json:"commonHeaders,omitempty"`
	Tags             tagList        `json:"tags,omitempty"`
}

type headerObject struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type commonHeaders struct {
	From      []string `json:"from"`
	To        []string `json:"to"`
	MessageID string   `json:"messageId"`
	Subject   string   `json:"subject,omitempty"` // of a message from outside
}

type bounceObject struct {
	FeedbackID    string          `json:"feedbackId"`
	BounceType    string          `json:"bounceType"`
	BounceSubType string          `json:"bounceSubType"`
	Recipients    []bouncedObject `json:"bouncedRecipients"`
	Timestamp     string          `json:"timestamp"`
	RemoteMtaIP   string          `json:"remoteMtaIp,omitempty"`  // where SES spoke to one
	ReportingMTA  string          `json:"reportingMTA,omitempty"` // where there was a DSN
}

// bouncedObject has the fields after the address from the DSN, if there
// was one.
type bouncedObject struct {
	EmailAddress   string `json:"emailAddress"`
	Action         string `json:"action,omitempty"`
	Status         string `json:"status,omitempty"`
	DiagnosticCode string `json:"diagnosticCode,omitempty"`
}

// complaint has the fields after Timestamp from the provider's report, if
// there was one.
type complaintObject struct {
	FeedbackID   string                `json:"feedbackId"`
	SubType      *string               `json:"complaintSubType"` // null except for suppressed mail
	Recipients   []complainedRecipient `json:"complainedRecipients"`
	Timestamp    string                `json:"timestamp"` // when the provider sent it
	UserAgent    string                `json:"userAgent,omitempty"`
	FeedbackType string                `json:"complaintFeedbackType,omitempty"`
	ArrivalDate  string                `json:"arrivalDate,omitempty"`
}

type complainedRecipient struct {
	EmailAddress string `json:"emailAddress"`
}

type delivery struct {
	Timestamp            string   `json:"timestamp"`
	ProcessingTimeMillis int64    `json:"processingTimeMillis"` // since SES accepted the mail
	Recipients           []string `json:"recipients"`
	SMTPResponse         string   `json:"smtpResponse"`
	RemoteMtaIP          string   `json:"remoteMtaIp"`
	ReportingMTA         string   `json:"reportingMTA"`
}

type reject struct {
	Reason string `json:"reason"`
}

type deliveryDelay struct {
	Timestamp      string             `json:"timestamp"`
	DelayType      string             `json:"delayType"`
	ExpirationTime string             `json:"expirationTime"` // when SES gives up
	Recipients     []delayedRecipient `json:"delayedRecipients"`
	ReportingMTA   string             `json:"reportingMTA"` // an IP address, unlike elsewhere
}

type delayedRecipient struct {
	EmailAddress   string `json:"emailAddress"`
	Status         string `json:"status"`
	DiagnosticCode string `json:"diagnosticCode"`
}

// about begins a record of the named type.
func (w *Oracle) about(r *sim.Record, kind string) *record {
	rec := &record{Mail: w.mail(r)}
	if w.style == Notification {
		rec.NotificationType = kind
		if r.Live && w.call.Call.Message.Notify.Of(kind) {
			rec.Mail.addHeaders(w.origin(r).fromText, w.call.Call)
		}
		return rec
	}
	rec.EventType = kind
	rec.Mail.Tags = w.origin(r).tags
	if !r.Live {
		rec.Mail.addHeaders(w.origin(r).fromText, nil)
		return rec
	}
	rec.Mail.addHeaders(w.origin(r).fromText, w.call.Call)
	for name, values := range w.call.Call.Message.Tags {
		rec.Mail.Tags = rec.Mail.Tags.with(tag{name, values})
	}
	return rec
}

// mail returns the mail object of a record, without what only event
// publishing has.
func (w *Oracle) mail(r *sim.Record) *mail {
	o, at := w.origin(r), w.time(w.accepted(r))
	m := &mail{
		Timestamp: stamp(at), Source: o.source, SourceArn: o.arn, SendingAccountID: o.account,
		MessageID: identifier(o.prefix, at, o.messages, uint64(r.Message)),
	}
	if r.Live {
		m.Destination = w.call.Call.Recipients
	} else {
		m.Destination = w.texts(w.recipients(r))
	}
	if w.style == Notification {
		m.SourceIP, m.CallerIdentity = o.ip, o.caller
	}
	return m
}

// texts returns addresses as text.
func (w *Oracle) texts(list []sim.Address) []string {
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = string(w.appendText(nil, a))
	}
	return texts
}

// addHeaders adds to the current mail what only event publishing has; call is nil for a sender's.
func (m *mail) addHeaders(from string, call *sim.Call) {
	m.CommonHeaders, m.HeadersTruncated = &commonHeaders{From: []string{from}, To: m.Destination, MessageID: m.MessageID}, new(bool)
	list := []header{{"From", from}, {"To", strings.Join(m.Destination, ", ")}}
	if call != nil {
		m.CommonHeaders.Subject = call.Message.Subject
	}
	if call != nil && len(call.Message.Headers) > 0 {
		list = nil
		for _, h := range call.Message.Headers {
			list = append(list, header(h))
		}
	}
	list, *m.HeadersTruncated = cutHeaders(list)
	for _, h := range list {
		m.Headers = append(m.Headers, headerObject(h))
	}
}

// recipients returns the addresses of the recipients of a sender's message.
func (w *Oracle) recipients(r *sim.Record) []sim.Address {
	switch {
	case r.Kind == sim.Sent:
		return r.Recipients
	case w.flight == nil:
		return []sim.Address{r.Address}
	}
	list := make([]sim.Address, len(w.flight.recipients))
	for i, n := range w.flight.recipients {
		list[i] = sim.Address{Audience: r.Address.Audience, Number: int64(n)}
	}
	return list
}

// send writes the Send of an accepted message.
func (w *Oracle) send(r *sim.Record) {
	rec := w.about(r, "Send")
	rec.Send = &struct{}{}
	w.write(rec)
}

// reject writes the Reject of a message: once, although a run has a record for
// each recipient.
func (w *Oracle) reject(r *sim.Record) {
	if keyOf(r) == w.rejected {
		return
	}
	w.rejected = keyOf(r)
	rec := w.about(r, "Reject")
	rec.Reject = &reject{"Bad content"} // the only reason there is
	w.write(rec)
}

// deliver writes the Delivery to a recipient.
func (w *Oracle) deliver(r *sim.Record) {
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
func (w *Oracle) delay(r *sim.Record) {
	address := w.textOf(r)
	kind, d := w.delayOf(r)
	limit, _ := w.retryLimit(r)
	rec := w.about(r, "DeliveryDelay")
	rec.DeliveryDelay = &deliveryDelay{
		Timestamp: stamp(w.time(r.At)), DelayType: kind,
		ExpirationTime: stamp(w.time(w.accepted(r) + limit)),
		Recipients:     []delayedRecipient{{address, d.status(), diagnosticOf(d, domainOf(address))}},
		ReportingMTA:   w.server(r).ip(),
	}
	w.write(rec)
}

// bounce writes a bounce of one recipient.
func (w *Oracle) bounce(r *sim.Record) { w.write(w.bounced(r)) }

// bounced returns the record of a bounce.
func (w *Oracle) bounced(r *sim.Record) *record {
	n := w.explain(r)
	rec := w.about(r, "Bounce")
	rec.Bounce = &bounceObject{
		FeedbackID: w.feedback(r), BounceType: r.Bounce.Type(), BounceSubType: r.Bounce.SubType(),
		Recipients: []bouncedObject{n.recipient(w.textOf(r))}, Timestamp: stamp(w.time(r.At)),
		RemoteMtaIP: n.remote, ReportingMTA: n.reporter,
	}
	return rec
}

// complain writes a complaint: one of a recipient, with the provider's report, or
// one that repeats an earlier complaint on the account-level list.
func (w *Oracle) complain(r *sim.Record) {
	rec := w.about(r, "Complaint")
	rec.Complaint = &complaintObject{FeedbackID: w.feedback(r)}
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
func (c *complaintObject) report(agent string, sent, arrived time.Time) {
	c.UserAgent, c.FeedbackType = agent, "abuse"
	c.Timestamp, c.ArrivalDate = stamp(sent), stamp(arrived)
}

// suspects returns the recipients who may have complained. Most providers do not
// identify the recipient, so SES names all recipients at the domain.
func (w *Oracle) suspects(r *sim.Record, destination []string) []complainedRecipient {
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
func (w *Oracle) simulate(r *sim.Record) {
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
func (w *Oracle) hold(r *sim.Record) {
	w.holder = keyOf(r)
	fresh := w.bounced(r)
	for _, rec := range w.held {
		if rec.Bounce.BounceSubType == fresh.Bounce.BounceSubType && rec.Bounce.ReportingMTA == fresh.Bounce.ReportingMTA {
			rec.Bounce.Recipients = append(rec.Bounce.Recipients, fresh.Bounce.Recipients...)
			return
		}
	}
	w.held = append(w.held, fresh)
}

// release writes the pending bounces.
func (w *Oracle) release() {
	for _, rec := range w.held {
		w.write(rec)
	}
	w.held, w.holder = nil, noFlight
}

// refusal is a call that SES refused, as its interface words it.
type refusal struct {
	Timestamp  string   `json:"timestamp"`
	Account    string   `json:"account"`
	Sender     string   `json:"sender"`
	Interface  string   `json:"interface"` // v1, v2 or smtp
	Recipients []string `json:"recipients"`
	Status     int      `json:"status"`         // HTTP status or SMTP reply code
	Type       string   `json:"type,omitempty"` // of version 1: the error's Type, Sender for all of these
	Code       string   `json:"code"`           // empty for SMTP
	Message    string   `json:"message"`
	Rule       string   `json:"rule"`
	Attempt    int      `json:"attempt"` // calls refused before for the same message
}

// refuse writes a refused call.
func (w *Oracle) refuse(r *sim.Record) {
	if r.Account < 0 || r.Account >= len(w.cfg.Accounts) {
		return
	}
	name, to, by, fault := "", []string(nil), interfaceOf(w.cfg, r), ""
	if by == ses.V1 {
		fault = "Sender"
	}
	if r.Live {
		to = r.Call.Recipients
	} else {
		name, to = w.cfg.Senders[r.Sender].Name, w.texts(r.Recipients)
	}
	w.print(&w.Refused, refusal{
		Timestamp: stamp(w.time(r.At)), Account: w.cfg.Accounts[r.Account].Name, Sender: name,
		Interface: by.String(), Recipients: to,
		Status: r.Error.Status, Type: fault, Code: r.Error.Code, Message: r.Error.Message, Rule: r.Rule.String(), Attempt: r.Attempt,
	})
}

// Observe implements sim.Observer.
func (w *Oracle) Observe(r *sim.Record) {
	if !r.Live && (r.Sender < 0 || r.Sender >= len(w.cfg.Senders)) {
		return
	}
	if r.Kind == sim.Refused {
		w.refuse(r)
	}
	if r.Kind != sim.Simulated || keyOf(r) != w.holder {
		w.release()
	}
	if r.Live && r.Kind == sim.Sent {
		own, call := *r, *r.Call
		call.Recipients, own.Recipients, own.Call = slices.Clone(call.Recipients), slices.Clone(r.Recipients), &call
		w.calls[keyOf(r)] = &own
	}
	w.call = w.calls[keyOf(r)]
	w.flight = w.flightOf(r)
	w.publish(r)
	w.settle(r)
}

// textOf returns the recipient that a record is about as text.
func (w *Oracle) textOf(r *sim.Record) string {
	if r.Live {
		return w.call.Call.Recipients[max(slices.Index(w.call.Recipients, r.Address), 0)]
	}
	return string(w.appendText(nil, r.Address))
}

// feedback returns the id of a bounce or complaint.
func (w *Oracle) feedback(r *sim.Record) string {
	key, n := w.feedbackID(r)
	return identifier(w.origin(r).prefix, w.time(r.At), key, n)
}

// publish writes the records of an email event. SES does not publish the kinds
// that appear neither here nor in publishMore.
func (w *Oracle) publish(r *sim.Record) {
	switch r.Kind {
	case sim.Delivered:
		w.deliver(r)
	case sim.SuppressedGlobal, sim.HardBounced, sim.SoftBounced, sim.AutoReplied:
		w.bounce(r)
	case sim.SuppressedAccount:
		if r.ListReason == ses.ListComplaint {
			w.complain(r)
			return
		}
		w.bounce(r)
	case sim.Complained:
		w.complain(r)
	case sim.Simulated:
		w.simulate(r)
	default:
		if w.style == EventPublishing {
			w.publishMore(r)
		}
	}
}

// publishMore writes the records that only event publishing has.
func (w *Oracle) publishMore(r *sim.Record) {
	switch r.Kind {
	case sim.Sent:
		w.send(r)
	case sim.Rejected:
		w.reject(r)
	case sim.Delayed:
		w.delay(r)
	}
}

// oracleNotice holds the details of a bounce besides its type.
type oracleNotice struct {
	status   string // both empty without a DSN
	text     string
	reporter string // MTA that wrote the DSN
	remote   string // address of the MTA that SES spoke to
}

// recipient returns the entry of a bounced recipient.
func (n oracleNotice) recipient(address string) bouncedObject {
	if n.status == "" {
		return bouncedObject{EmailAddress: address}
	}
	return bouncedObject{address, "failed", n.status, n.text}
}

// answerOf returns the answer of a mail server as it is sent over SMTP.
func answerOf(p reply, domain string) string {
	if p.domain {
		return p.line + domain
	}
	return p.line
}

// diagnosticOf returns the value of a DSN's Diagnostic-Code.
func diagnosticOf(p reply, domain string) string { return "smtp; " + answerOf(p, domain) }

// explain returns the details of a bounce.
func (w *Oracle) explain(r *sim.Record) oracleNotice {
	address := w.textOf(r)
	domain := domainOf(address)
	own := "dns; " + w.server(r).host(w.origin(r).region)
	switch {
	case r.Kind == sim.AutoReplied || r.Kind == sim.Simulated && r.Simulator == ses.SimulateOutOfOffice:
		return oracleNotice{} // the reply is mail, not a DSN
	case r.Bounce == ses.PermanentSuppressed:
		return oracleNotice{status: "5.1.1", text: globalText, reporter: "dns; amazonses.com"}
	case r.Bounce == ses.PermanentOnAccountList:
		return oracleNotice{status: "5.1.1", text: accountText, reporter: "dns; amazonses.com"}
	case r.Kind == sim.Simulated:
		return oracleNotice{"5.1.1", "smtp; 550 5.1.1 " + w.simulatorText(r.Simulator, address), own, remoteIP(domain)}
	case r.Bounce == ses.UndeterminedBounce:
		return oracleNotice{remote: remoteIP(domain)} // too little for a reason
	case r.Async:
		return oracleNotice{replies[r.Bounce].status(), diagnosticOf(replies[r.Bounce], domain), "dns; mx." + domain, ""}
	case w.expired(r):
		return w.expiry(r, domain, own)
	}
	return oracleNotice{replies[r.Bounce].status(), diagnosticOf(replies[r.Bounce], domain), own, remoteIP(domain)}
}

// simulatorText is the mailbox simulator's answer: as in AWS's examples, or as in
// the probes of 2026.
func (w *Oracle) simulatorText(s ses.Simulator, address string) string {
	switch {
	case !w.cfg.Rules.Mail.SimulatorGeneral:
		return "user unknown"
	case s == ses.SimulateSuppression:
		return "As requested: user unknown (suppressed address: " + address + ")"
	}
	return "As requested: user unknown <" + address + ">"
}

// expiry returns the bounce of mail that SES gave up, with the last answer. For a
// domain that does not exist there is no server address.
func (w *Oracle) expiry(r *sim.Record, domain, own string) oracleNotice {
	_, answer := w.delayOf(r)
	limit, _ := w.retryLimit(r)
	n := oracleNotice{status: "4.4.7", reporter: own}
	n.text = fmt.Sprintf("smtp; 550 4.4.7 Message expired: unable to deliver in %d minutes.<%s>", limit/time.Minute, answerOf(answer, domain))
	if m := met(r); m != ses.TransientGeneral && m != ses.PermanentGeneral {
		n.remote = remoteIP(domain)
	}
	return n
}
