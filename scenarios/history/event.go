package history

import (
	"bytes"
	"time"

	"sesim/sim/ses"
)

// span is where an address is in event.arena.
type span struct{ from, to int }

// event is what was read of one email event, whatever the order of its keys.
type event struct {
	kind         Type
	typed        bool   // it names a type
	unknown      string // type, where kind is NoType
	mailed       bool   // it has a mail object
	notification bool
	named        uint32 // the keys it has had, for repeats

	mailTime            Moment
	message             uint64
	source, caller, set string
	account, region     string
	tags                []string

	outcome              Type // that the object of the event's type is about
	time, expires, since Moment
	feedback             uint64
	bounceType, subType  string
	delayType            string

	destinations, recipients []span
	arena                    []byte
}

// reset empties the event and keeps its memory.
func (e *event) reset(tags int) {
	*e = event{
		tags: append(e.tags[:0], make([]string, tags)...), destinations: e.destinations[:0],
		recipients: e.recipients[:0], arena: e.arena[:0],
	}
}

// onListWord is the subtype of bounces and complaints without an attempt.
var onListWord = ses.PermanentOnAccountList.SubType()

// bounceOf returns the kind of a bounce. One of an unknown subtype is General.
func bounceOf(kind, sub string) (b ses.Bounce, known bool) {
	if kind == ses.UndeterminedBounce.Type() {
		return ses.UndeterminedBounce, sub == ses.UndeterminedBounce.SubType()
	}
	general := ses.NoBounce
	for b := ses.PermanentGeneral; b <= ses.TransientCustomTimeout; b++ {
		if b.Type() != kind {
			continue
		}
		if b.SubType() == sub {
			return b, true
		}
		if general == ses.NoBounce {
			general = b
		}
	}
	return general, false
}

// eventKey reads the value of a key that email events have; false if it is another's.
func (s *source) eventKey(name []byte) (bool, error) {
	e := &s.d.event
	switch string(name) {
	case "eventType", "notificationType":
		e.notification = name[0] == 'n'
		return true, s.eventType(0, "eventType")
	case "mail":
		return true, s.object(2, "mail", (*source).mailKey)
	case "bounce":
		return true, s.outcome(Bounce, "bounce")
	case "complaint":
		return true, s.outcome(Complaint, "complaint")
	case "delivery":
		return true, s.outcome(Delivery, "delivery")
	case "deliveryDelay":
		return true, s.outcome(DeliveryDelay, "deliveryDelay")
	case "open":
		return true, s.outcome(Open, "open")
	case "click":
		return true, s.outcome(Click, "click")
	case "subscription":
		return true, s.outcome(Subscription, "subscription")
	case "send", "reject", "failure":
		return true, s.skip()
	}
	return false, nil
}

// eventType reads the type.
func (s *source) eventType(bit uint, key string) error {
	text, err := s.textValue(bit, key)
	if err != nil || text == nil {
		return err
	}
	e := &s.d.event
	e.typed = true
	if e.kind = typeOf(text); e.kind == NoType {
		e.unknown = s.d.word(text)
	}
	return nil
}

// typeOf returns the type of that name; NoType if there is none.
func typeOf(name []byte) Type {
	for t := Send; t < types; t++ {
		if string(name) == typeNames[t] {
			return t
		}
	}
	if string(name) == "RenderingFailure" {
		return RenderingFailure
	}
	return NoType
}

// mailKey reads the value of a key of mail.
func (s *source) mailKey(name []byte) error {
	e := &s.d.event
	e.mailed = true
	switch string(name) {
	case "timestamp":
		return s.timeValue(3, "mail.timestamp", &e.mailTime)
	case "messageId":
		return s.hashValue(4, "mail.messageId", &e.message)
	case "source":
		return s.sourceValue()
	case "sourceArn":
		return s.regionValue()
	case "sendingAccountId":
		return s.sharedValue(6, "mail.sendingAccountId", &e.account)
	case "callerIdentity":
		return s.sharedValue(7, "mail.callerIdentity", &e.caller)
	case "destination":
		e.destinations = e.destinations[:0]
		return s.addresses(8, "mail.destination", &e.destinations)
	case "tags":
		return s.object(9, "mail.tags", (*source).tag)
	case "headers", "headersTruncated", "commonHeaders", "sourceIp":
		return s.skip()
	}
	return s.unknownKey(name)
}

// sourceValue reads mail.source: the address without the name.
func (s *source) sourceValue() error {
	text, err := s.textValue(5, "mail.source")
	if err != nil || text == nil {
		return err
	}
	e := &s.d.event
	at := len(e.arena)
	e.arena = appendAddress(e.arena, text)
	e.source = s.d.texts.of(e.arena[at:])
	e.arena = e.arena[:at]
	return nil
}

// regionValue reads mail.sourceArn: arn:aws:ses:REGION:ACCOUNT:identity/NAME.
func (s *source) regionValue() error {
	text, err := s.textValue(10, "mail.sourceArn")
	if err != nil {
		return err
	}
	for range 3 {
		_, text, _ = bytes.Cut(text, []byte(":"))
	}
	region, _, found := bytes.Cut(text, []byte(":"))
	if found {
		s.d.event.region = s.d.texts.of(region)
	}
	return nil
}

// tag reads the values of one message tag; the first counts.
func (s *source) tag(name []byte) error {
	e := &s.d.event
	var to *string
	switch string(name) {
	case "ses:configuration-set":
		to = &e.set
	case "ses:caller-identity":
		to = &e.caller
	}
	for i, wanted := range s.d.o.Tags {
		if string(name) == wanted {
			to = &e.tags[i]
		}
	}
	if to == nil {
		return s.skip()
	}
	s.tagged = to
	if s.b[s.i] != '[' {
		return s.tagValue()
	}
	return s.array("mail.tags", (*source).tagValue)
}

// tagValue reads a value of the tag that is being read; those after the first do not count.
func (s *source) tagValue() error {
	err := s.sharedValue(noBit, "mail.tags", s.tagged)
	s.tagged = &s.dropped
	return err
}

// outcome reads the object that belongs to a type.
func (s *source) outcome(of Type, key string) error {
	e := &s.d.event
	e.outcome, e.time, e.expires, e.since, e.feedback = of, 0, 0, 0, 0
	e.bounceType, e.subType, e.delayType, e.recipients = "", "", "", e.recipients[:0]
	return s.object(11, key, (*source).outcomeKey)
}

// outcomeKey reads the value of a key of the object that belongs to a type.
func (s *source) outcomeKey(name []byte) error {
	e := &s.d.event
	switch string(name) {
	case "timestamp":
		return s.timeValue(12, "timestamp", &e.time)
	case "expirationTime":
		return s.timeValue(13, "expirationTime", &e.expires)
	case "arrivalDate":
		return s.timeValue(14, "arrivalDate", &e.since)
	case "feedbackId":
		return s.hashValue(15, "feedbackId", &e.feedback)
	case "bounceType":
		return s.sharedValue(16, "bounceType", &e.bounceType)
	case "bounceSubType", "complaintSubType":
		return s.sharedValue(17, "bounceSubType", &e.subType)
	case "delayType":
		return s.sharedValue(18, "delayType", &e.delayType)
	case "bouncedRecipients", "complainedRecipients", "delayedRecipients", "recipients":
		return s.addresses(19, "recipients", &e.recipients)
	case "remoteMtaIp", "reportingMTA", "userAgent", "complaintFeedbackType", "processingTimeMillis", "smtpResponse",
		"ipAddress", "link", "linkTags", "contactList", "source", "newTopicPreferences", "oldTopicPreferences":
		return s.skip()
	}
	return s.unknownKey(name)
}

// addresses reads an array of addresses, or of objects with one.
func (s *source) addresses(bit uint, key string, to *[]span) error {
	s.named(bit)
	s.spans, s.spanKey = to, key
	return s.array(key, (*source).addressElement)
}

func (s *source) addressElement() error {
	if s.b[s.i] == '{' {
		return s.object(noBit, s.spanKey, (*source).recipientKey)
	}
	return s.address()
}

// recipientKey reads the value of a key of a recipient.
func (s *source) recipientKey(name []byte) error {
	switch string(name) {
	case "emailAddress":
		return s.address()
	case "action", "status", "diagnosticCode":
		return s.skip()
	}
	return s.unknownKey(name)
}

// address reads an address into the list that addresses has begun.
func (s *source) address() error {
	text, err := s.textValue(noBit, s.spanKey)
	if err != nil || len(text) == 0 {
		return err
	}
	e := &s.d.event
	at := len(e.arena)
	e.arena = appendAddress(e.arena, text)
	*s.spans = append(*s.spans, span{at, len(e.arena)})
	return nil
}

// missing returns the key without which the event is not a record; "" if it has all.
func (e *event) missing() string {
	switch {
	case e.mailTime == 0:
		return "mail.timestamp"
	case e.message == 0:
		return "mail.messageId"
	case e.kind == Bounce && e.outcome != Bounce:
		return "bounce"
	case e.kind == Bounce && e.bounceType == "":
		return "bounce.bounceType"
	case e.kind == Complaint && e.outcome != Complaint:
		return "complaint"
	case e.kind == Delivery && e.outcome != Delivery:
		return "delivery"
	case e.kind == DeliveryDelay && e.outcome != DeliveryDelay:
		return "deliveryDelay"
	}
	return ""
}

// hasOutcome reports whether records of the type have a time and recipients of their own.
func hasOutcome(t Type) bool {
	return t == Bounce || t == Complaint || t == Delivery || t == DeliveryDelay
}

// record makes the record of the event. It has all recipients; see admit.
func (d *decoder) record(e *event) {
	r := &d.rec
	*r = Record{
		Type: e.kind, Notification: e.notification, Time: e.mailTime, MailTime: e.mailTime, Message: e.message,
		Source: e.source, Caller: e.caller, Set: e.set, Tags: e.tags,
		Destinations: len(e.destinations), Recipients: r.Recipients[:0],
	}
	concerned := e.destinations
	if e.outcome == e.kind {
		r.Feedback = e.feedback
		if e.time != 0 {
			r.Time = e.time
		}
		r.Expires, r.Arrived, r.DelayType = e.expires, e.since, e.delayType
		r.OnList = e.subType == onListWord
	}
	if e.kind == Bounce {
		known := false
		if r.Bounce, known = bounceOf(e.bounceType, e.subType); !known {
			d.find("unknown bounce types or subtypes")
		}
		if r.Bounce == ses.NoBounce {
			r.Bounce = ses.UndeterminedBounce
		}
	}
	if hasOutcome(e.kind) {
		concerned = e.recipients
	}
	for _, c := range concerned {
		r.Recipients = append(r.Recipients, d.recipient(e, c))
	}
}

// recipient makes the recipient of an address.
func (d *decoder) recipient(e *event, at span) Recipient {
	address := e.arena[at.from:at.to]
	domain := domainOf(address)
	r := Recipient{Hash: d.hasher.of(address), Class: classOf(domain), Simulator: within(domain, simulatorDomain)}
	for _, own := range d.own {
		r.Own = r.Own || within(domain, own)
	}
	if !hasOutcome(e.kind) || len(e.destinations) == 0 {
		return r
	}
	for _, to := range e.destinations {
		if bytes.Equal(e.arena[to.from:to.to], address) {
			return r
		}
	}
	r.Elsewhere = true
	d.find("recipients that the message does not name")
	return r
}

// admit drops the recipients of whom the record is a repeat, and reports whether
// anything is left.
func (d *decoder) admit(r *Record) bool {
	what := r.Feedback
	if what == 0 {
		what = uint64(r.Time) / uint64(time.Second)
	}
	identity := mix(mix(uint64(r.Type), r.Message), what)
	if len(r.Recipients) == 0 {
		return d.seen.add(identity, r.Time)
	}
	kept := r.Recipients[:0]
	for _, to := range r.Recipients {
		if d.seen.add(mix(identity, to.Hash), r.Time) {
			kept = append(kept, to)
		}
	}
	d.counts.RepeatedRecipients += int64(len(r.Recipients) - len(kept))
	r.Recipients = kept
	return len(kept) > 0
}
