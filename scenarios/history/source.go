package history

import (
	"encoding/base64"
	"errors"
	"strconv"
)

// maxWraps is how deep records may be wrapped in others.
const maxWraps = 8

// noBit is the bit of keys whose repeats are not counted.
const noBit = 32

// source reads one input, or what is wrapped in a record of one.
type source struct {
	stream
	d       *decoder
	wraps   int     // around it
	inner   *source // of the wrapped; kept for the next
	records int64   // values so far

	// What was read of the value:
	flaw    flaw     // what is wrong with it
	extra   []string // unknown keys
	spans   *[]span  // to which an array of addresses goes
	spanKey string
	tagged  *string // to which the value of a tag goes
	dropped string
	wrapper wrapper
	payload []byte // a copy of what is wrapped in it, if that was a text
	scratch statisticsValue
}

// flaw is what is wrong with a value whose text is in order. The key is one of those that
// sesim knows.
type flaw struct{ key, what string }

// wrapper is what was read of an object that wraps others.
type wrapper struct {
	form            form
	topic, typed    bool // keys of an SNS envelope
	account, region string
	inline          []byte // JSON
	text            bool   // payload has it
	message         bool   // it is an SNS message
}

// textValue reads a text; nil for null and, with a flaw, for anything else.
func (s *source) textValue(bit uint, key string) ([]byte, error) {
	s.named(bit)
	if s.b[s.i] == '"' {
		return s.text()
	}
	return nil, s.otherValue(key)
}

// otherValue reads a value of another kind than a key should have: null is as good as
// none.
func (s *source) otherValue(key string) error {
	if s.b[s.i] != 'n' {
		s.flaw = flaw{key, "not of the kind that belongs there"}
	}
	return s.skip()
}

// named notes that the event has had a key.
func (s *source) named(bit uint) {
	if bit >= noBit {
		return
	}
	e := &s.d.event
	if e.named&(1<<bit) != 0 {
		s.odd[duplicateKey]++
	}
	e.named |= 1 << bit
}

// sharedValue reads a text of which there are few different ones.
func (s *source) sharedValue(bit uint, key string, to *string) error {
	text, err := s.textValue(bit, key)
	if err == nil {
		*to = s.d.texts.of(text)
	}
	return err
}

// hashValue reads a text and keeps its hash.
func (s *source) hashValue(bit uint, key string, to *uint64) error {
	text, err := s.textValue(bit, key)
	if err != nil {
		return err
	}
	if *to = 0; len(text) > 0 {
		*to = s.d.hasher.of(text)
	}
	return nil
}

// timeValue reads a time: a text, or seconds since 1970.
func (s *source) timeValue(bit uint, key string, to *Moment) error {
	s.named(bit)
	var ok bool
	switch c := s.b[s.i]; {
	case c == '"':
		text, err := s.text()
		if err != nil {
			return err
		}
		if *to, ok = parseTime(text); !ok {
			*to, ok = parseEpoch(text)
		}
	case c == '-' || c >= '0' && c <= '9':
		text, err := s.scalar()
		if err != nil {
			return err
		}
		*to, ok = parseEpoch(text)
	default:
		return s.otherValue(key)
	}
	if !ok {
		s.flaw = flaw{key, "not a time of RFC 3339"}
	}
	return nil
}

// numberValue reads a number, also one written as a text.
func (s *source) numberValue(key string, to *float64) error {
	text, err := []byte(nil), error(nil)
	switch c := s.b[s.i]; {
	case c == '"':
		s.odd[numberAsText]++
		text, err = s.text()
	case c == '-' || c >= '0' && c <= '9':
		text, err = s.scalar()
	default:
		return s.otherValue(key)
	}
	if err != nil {
		return err
	}
	if *to, err = strconv.ParseFloat(string(text), 64); err != nil || !isNumber(text) {
		*to, s.flaw = 0, flaw{key, "not a number"}
	}
	return nil
}

// countValue reads a number of mails: whole, and not negative.
func (s *source) countValue(key string, to *int64) error {
	n := -1.0
	if err := s.numberValue(key, &n); err != nil {
		return err
	}
	if n < 0 || n > 1e15 || n != float64(int64(n)) {
		s.flaw = flaw{key, "not a number of mails"}
		return nil
	}
	*to = int64(n)
	return nil
}

// object reads an object, key by key.
func (s *source) object(bit uint, key string, read func(*source, []byte) error) error {
	s.named(bit)
	if s.b[s.i] != '{' {
		return s.otherValue(key)
	}
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		name, more, err := s.key(first)
		if err != nil || !more {
			return err
		}
		if err := read(s, name); err != nil {
			return err
		}
	}
}

// array reads an array, element by element.
func (s *source) array(key string, read func(*source) error) error {
	if s.b[s.i] != '[' {
		return s.otherValue(key)
	}
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := s.next(first, ']')
		if err != nil || !more {
			return err
		}
		if err := read(s); err != nil {
			return err
		}
	}
}

// unknownKey notes a key that AWS's records do not have, and skips its value.
func (s *source) unknownKey(name []byte) error {
	s.extra = append(s.extra, s.d.word(name))
	return s.skip()
}

// value reads a value of an open array.
func (s *source) value(of list) error {
	s.d.event.reset(len(s.d.o.Tags))
	s.flaw, s.wrapper, s.extra, s.scratch = flaw{}, wrapper{}, s.extra[:0], statisticsValue{
		times: s.scratch.times[:0], values: s.scratch.values[:0],
	}
	if s.b[s.i] != '{' {
		s.wrapper.form = notObject
		return s.skip()
	}
	switch of {
	case pointsList:
		return s.object(noBit, "SendDataPoints", (*source).pointKey)
	case suppressedList:
		return s.object(noBit, "SuppressedDestinationSummaries", (*source).suppressedKey)
	case metricsList:
		return s.object(noBit, "MetricDataResults", (*source).metricKey)
	}
	return s.object(noBit, "", (*source).topKey)
}

// topKey reads the value of a key of an object whose form its keys tell.
func (s *source) topKey(name []byte) error {
	if known, err := s.eventKey(name); known {
		return err
	}
	if of, container := lists[string(name)]; container && s.b[s.i] == '[' && s.depth == 1 {
		s.container = of
		return errList
	}
	if known, err := s.wrapperKey(name); known {
		return err
	}
	if known, err := s.accountKey(name); known {
		return err
	}
	return s.unknownKey(name)
}

// wrapperKey reads the value of a key that wraps a record, or is beside one that does;
// false if it is another's.
func (s *source) wrapperKey(name []byte) (bool, error) {
	w := &s.wrapper
	switch string(name) {
	case "Type", "Subject":
		w.typed = true
	case "TopicArn":
		w.topic = true
	case "Message":
		w.message = true
		return true, s.wrappedText("Message", snsForm)
	case "Body", "body":
		return true, s.wrappedText("Body", sqsForm)
	case "data":
		return true, s.wrappedData(firehoseForm)
	case "kinesis":
		return true, s.object(noBit, "kinesis", (*source).kinesisKey)
	case "Sns":
		return true, s.wrappedValue(snsForm)
	case "detail":
		return true, s.wrappedValue(eventBridgeForm)
	case "account":
		return true, s.sharedValue(noBit, "account", &w.account)
	case "region":
		return true, s.sharedValue(noBit, "region", &w.region)
	case "MessageId", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "SigningCertUrl", "UnsubscribeURL", "UnsubscribeUrl",
		"MessageAttributes", "SubscribeURL", "Token", "ReceiptHandle", "MD5OfBody", "MD5OfMessageAttributes", "Attributes", // SNS, SQS
		"messageId", "receiptHandle", "attributes", "messageAttributes", "md5OfBody", "eventSource", "eventSourceARN", "awsRegion",
		"EventSource", "EventVersion", "EventSubscriptionArn", "eventID", "eventName", "eventVersion", "invokeIdentityArn", // Lambda
		"version", "id", "detail-type", "source", "time", "resources", // EventBridge
		"requestId", "timestamp", "recordId", "approximateArrivalTimestamp", "invocationId", "deliveryStreamArn", "NextToken",
		"ResponseMetadata": // Firehose, and pages
	default:
		return false, nil
	}
	return true, s.skip()
}

// kinesisKey reads the value of a key of a record of Kinesis.
func (s *source) kinesisKey(name []byte) error {
	if string(name) == "data" {
		return s.wrappedData(kinesisForm)
	}
	return s.skip()
}

// wrappedText keeps a text that is a record.
func (s *source) wrappedText(key string, of form) error {
	text, err := s.textValue(noBit, key)
	if err != nil || text == nil {
		return err
	}
	s.payload = append(s.payload[:0], text...)
	s.wrapper.form, s.wrapper.text = of, true
	return nil
}

// wrappedData keeps a text that is the base64 of records.
func (s *source) wrappedData(of form) error {
	text, err := s.textValue(noBit, "data")
	if err != nil || text == nil {
		return err
	}
	if need := base64.StdEncoding.DecodedLen(len(text)); cap(s.payload) < need {
		s.payload = make([]byte, need)
	}
	n, err := base64.StdEncoding.Decode(s.payload[:cap(s.payload)], text)
	if err != nil {
		s.flaw = flaw{"data", "not base64"}
	}
	s.payload = s.payload[:n]
	s.wrapper.form, s.wrapper.text = of, true
	return nil
}

// wrappedValue keeps an object that is a record.
func (s *source) wrappedValue(of form) error {
	from := s.i
	if s.b[from] != '{' {
		return s.otherValue(formNames[of])
	}
	if err := s.skip(); err != nil {
		return err
	}
	s.wrapper.form, s.wrapper.inline = of, s.b[from:s.i]
	return nil
}

// step reads one value or separator. It returns false at the end of the input.
func (s *source) step() (bool, error) {
	s.start = s.i
	c, more, err := s.look()
	if err != nil {
		return false, s.broken(err)
	}
	if !more {
		if len(s.open) > 0 {
			s.cut()
		}
		return false, nil
	}
	s.start = s.i
	if s.wraps == 0 {
		s.d.place.Record, s.d.place.Offset = s.records+1, s.base+int64(s.start)
	}
	if moved, err := s.separator(c); moved || err != nil {
		return true, s.broken(err)
	}
	return s.read(s.around())
}

// read reads the value at the start of the window, again whenever the window was too
// small, and evaluates it. It returns false at the end of the input.
func (s *source) read(of list) (bool, error) {
	for {
		s.i, s.depth, s.odd = s.start, 0, [oddities]int64{}
		var err error
		if of == membersList {
			err = s.member()
		} else {
			err = s.value(of)
		}
		if err == errMore {
			if err = s.fill(); err == nil {
				continue
			}
		}
		if (err == errMore || err == errLong) && s.wraps == 0 && next(s.b, s.start, "\n{") >= 0 {
			s.i, err = s.start, errSyntax // cut off, and more follows
		}
		switch err {
		case nil:
			return true, s.evaluate(of)
		case errList:
			return true, s.begin(of)
		case errMore:
			s.cut()
			return false, nil
		case errSyntax:
			s.records++
			s.d.unreadable(flaw{"", errSyntax.Error()})
			return true, s.broken(s.resume())
		}
		return false, s.broken(err)
	}
}

// member reads a key and its value of an object whose lists are read.
func (s *source) member() error {
	if s.b[s.i] != '"' {
		return errSyntax
	}
	name, err := s.text()
	if err != nil {
		return err
	}
	of, container := lists[string(name)]
	c, err := s.peek()
	if err == nil && c != ':' {
		err = errSyntax
	}
	if err != nil {
		return err
	}
	s.i++
	if c, err = s.peek(); err != nil {
		return err
	}
	if container && c == '[' {
		s.container = of
		return errList
	}
	return s.skip()
}

// begin opens a list, and the object that it is in, unless that is open.
func (s *source) begin(around list) error {
	if around != membersList {
		if err := s.push(membersList); err != nil {
			return s.broken(err)
		}
	}
	s.i++
	return s.broken(s.push(s.container))
}

// broken turns what ends the reading of an input into an error with its place.
func (s *source) broken(err error) error {
	if errors.Is(err, errDeep) || errors.Is(err, errLong) {
		return s.d.bad(err.Error())
	}
	return err
}

// cut notes that the input ends within a record.
func (s *source) cut() {
	if s.wraps > 0 {
		s.d.unreadable(flaw{"", "it wraps a record that is cut off"})
		return
	}
	s.d.counts.Truncated++
}

// evaluate uses what was read of a value.
func (s *source) evaluate(of list) error {
	if of == membersList {
		return nil
	}
	s.records++
	d := s.d
	for i, n := range s.odd {
		if n > 0 {
			d.counts.Findings[oddityNames[i]] += n
		}
	}
	for _, name := range s.extra {
		d.counts.Keys[name]++
	}
	if s.flaw != (flaw{}) {
		d.unreadable(s.flaw)
		return nil
	}
	if of != valuesList {
		return s.evaluateElement(of)
	}
	e, w := &d.event, &s.wrapper
	switch {
	case e.typed && e.mailed && e.kind == NoType:
		d.counts.Types[e.unknown]++
		return nil
	case e.typed && e.mailed:
		return d.accept(e)
	case e.typed:
		d.find("events without mail")
		return nil
	case w.message && !w.typed && !w.topic && w.form == snsForm:
		d.find("other objects")
		return nil
	case w.form == notObject:
		d.unreadable(flaw{"", "neither an object nor an array"})
		return nil
	case w.form != noForm:
		return s.unwrap()
	}
	return s.evaluateAccount()
}

// unwrap reads what is wrapped in the value.
func (s *source) unwrap() error {
	w := &s.wrapper
	if s.wraps == maxWraps {
		s.d.unreadable(flaw{"", "wrapped more than 8 times"})
		return nil
	}
	b := w.inline
	if w.text {
		b = s.payload
	}
	if s.inner == nil {
		s.inner = &source{d: s.d, wraps: s.wraps + 1}
	}
	in := s.inner
	in.reset(nil, b)
	c, more, err := in.look()
	if err != nil || !more || c != '{' && c != '[' {
		s.d.find("messages that are text")
		return err
	}
	form, outer := s.d.form, s.d.outer
	s.d.form = w.form
	if w.account != "" || w.region != "" {
		s.d.outer = *w
	}
	for more := true; more && err == nil; {
		more, err = in.step()
	}
	s.d.form, s.d.outer = form, outer
	return err
}
