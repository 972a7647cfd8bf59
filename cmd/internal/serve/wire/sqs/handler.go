package sqs

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/cmd/internal/serve/wire"
)

// Bounds of requests.
const (
	maxBody       = 1 << 20 // bytes
	maxBatch      = 10
	maxWait       = 20 * time.Second
	maxVisibility = 12 * time.Hour
	answering     = 10 * time.Second // for writing an answer after waiting
)

// Target is the prefix of the header X-Amz-Target in requests for this package, and
// Version the parameter of that name.
const (
	Target  = "AmazonSQS."
	Version = "2012-11-05"
)

// refusal is an error of SQS.
type refusal struct {
	query, shape string // codes in the two protocols
	text         string
	status       int // 0: 400
}

func (e *refusal) Error() string { return e.text }

// shapes are the names of errors in JSON by those in Query, where they differ in more than
// AWS.SimpleQueueService.
var shapes = map[string]string{
	"AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist",
}

// refuse returns an error by its code in Query.
func refuse(code, format string, args ...any) *refusal {
	shape, ok := shapes[code]
	if !ok {
		shape = strings.TrimPrefix(code, "AWS.SimpleQueueService.")
	}
	return &refusal{query: code, shape: shape, text: fmt.Sprintf(format, args...)}
}

// request is what an operation is given, in JSON and, by names that are nearly the same,
// in Query.
type request struct {
	QueueUrl                    string
	QueueName                   string
	MaxNumberOfMessages         *int64
	VisibilityTimeout           *int64
	WaitTimeSeconds             *int64
	ReceiptHandle               string
	Entries                     []entry
	AttributeNames              []string
	MessageSystemAttributeNames []string
}

// entry is one of a batch.
type entry struct {
	Id                string
	ReceiptHandle     string
	VisibilityTimeout *int64
}

// operation does something to a queue, which is nil for GetQueueUrl only, and returns its
// output, nil for none.
type operation func(s *Queues, r *http.Request, q *Queue, in *request) (any, error)

// operations are what the package offers.
var operations = map[string]operation{
	"ReceiveMessage":               receive,
	"DeleteMessage":                deleteMessage,
	"DeleteMessageBatch":           deleteBatch,
	"ChangeMessageVisibility":      changeVisibility,
	"ChangeMessageVisibilityBatch": changeBatch,
	"GetQueueUrl":                  getURL,
	"GetQueueAttributes":           getAttributes,
	"PurgeQueue":                   purge,
}

// ServeHTTP answers one request in the protocol in which it comes.
func (s *Queues) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	target := r.Header.Get("X-Amz-Target")
	name, isJSON := strings.CutPrefix(target, Target)
	var in request
	var err error
	if isJSON {
		err = decodeJSON(r, &in)
	} else {
		name, err = decodeQuery(r, &in)
	}
	var out any
	if err == nil {
		out, err = s.do(r, name, &in)
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answering)) // not all writers have one
	id := wire.NewRequestID()
	w.Header().Set("X-Amzn-Requestid", id)
	if err != nil {
		bad := asRefusal(err)
		e := &wire.Refusal{Service: "sqs", RequestID: id, Operation: name, Status: bad.httpStatus(), Code: bad.query, Message: bad.text}
		if isJSON {
			e.Code = bad.shape
		}
		e.Refuse(w, r, s.Refused)
	}
	if isJSON {
		writeJSON(w, out, err)
	} else {
		writeXML(w, name, id, out, err)
	}
}

// do does one operation.
func (s *Queues) do(r *http.Request, name string, in *request) (any, error) {
	do, ok := operations[name]
	if !ok {
		return nil, refuse("InvalidAction", "The action %s is not valid for this endpoint.", name)
	}
	queue := in.QueueName
	if name != "GetQueueUrl" {
		if in.QueueUrl == "" {
			return nil, missing("QueueUrl")
		}
		queue = in.QueueUrl[strings.LastIndexByte(in.QueueUrl, '/')+1:]
	} else if queue == "" {
		return nil, missing("QueueName")
	}
	q := s.find(queue)
	if q == nil {
		return nil, refuse("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
	}
	return do(s, r, q, in)
}

func missing(name string) *refusal {
	return refuse("MissingParameter", "The request must contain the parameter %s.", name)
}

func decodeJSON(r *http.Request, in *request) error {
	err := json.NewDecoder(r.Body).Decode(in)
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return large()
	}
	if err != nil {
		return refuse("SerializationException", "The request is not valid JSON for this operation.")
	}
	return nil
}

func large() *refusal {
	e := refuse("RequestEntityTooLarge", "The request is longer than %d bytes.", maxBody)
	e.status = http.StatusRequestEntityTooLarge
	return e
}

// decodeQuery reads a request of the Query protocol and returns its action. Older clients
// name the queue in the path only.
func decodeQuery(r *http.Request, in *request) (action string, err error) {
	if err := r.ParseForm(); err != nil {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			return "", large()
		}
		return "", refuse("MalformedQueryString", "The query string contains a syntax error.")
	}
	action = r.Form.Get("Action")
	in.QueueUrl, in.QueueName, in.ReceiptHandle = r.Form.Get("QueueUrl"), r.Form.Get("QueueName"), r.Form.Get("ReceiptHandle")
	if in.QueueUrl == "" && r.URL.Path != "/" {
		in.QueueUrl = r.URL.Path
	}
	form := &form{values: r.Form}
	in.MaxNumberOfMessages = form.number("MaxNumberOfMessages")
	in.VisibilityTimeout = form.number("VisibilityTimeout")
	in.WaitTimeSeconds = form.number("WaitTimeSeconds")
	in.AttributeNames = form.list("AttributeName")
	in.MessageSystemAttributeNames = form.list("MessageSystemAttributeName")
	prefix := action + "RequestEntry."
	for i := 1; i <= maxBatch+1; i++ {
		at := prefix + strconv.Itoa(i) + "."
		if !r.Form.Has(at + "Id") {
			break
		}
		in.Entries = append(in.Entries, entry{
			r.Form.Get(at + "Id"), r.Form.Get(at + "ReceiptHandle"), form.number(at + "VisibilityTimeout"),
		})
	}
	return action, form.err
}

// form reads values and keeps the first error.
type form struct {
	values url.Values
	err    error
}

func (f *form) number(name string) *int64 {
	text := f.values.Get(name)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		if f.err == nil {
			f.err = refuse("InvalidParameterValue", "Value %s for parameter %s is invalid. Reason: Must be an integer.", text, name)
		}
		return nil
	}
	return &n
}

// list reads name.1, name.2 and so on.
func (f *form) list(name string) []string {
	var list []string
	for i := 1; f.values.Has(name + "." + strconv.Itoa(i)); i++ {
		list = append(list, f.values.Get(name+"."+strconv.Itoa(i)))
	}
	return list
}

// within returns a number, or otherwise without one.
func within(name string, n *int64, least, most, otherwise int64) (int64, error) {
	switch {
	case n == nil:
		return otherwise, nil
	case *n < least || *n > most:
		return 0, refuse("InvalidParameterValue", "Value %d for parameter %s is invalid. Reason: Must be between %d and %d, if provided.",
			*n, name, least, most)
	}
	return *n, nil
}

// seconds is within for a time in whole seconds.
func seconds(name string, n *int64, most, otherwise time.Duration) (time.Duration, error) {
	s, err := within(name, n, 0, int64(most/time.Second), int64(otherwise/time.Second))
	return time.Duration(s) * time.Second, err
}

// received is the output of ReceiveMessage.
type received struct {
	Messages []receivedMessage `json:",omitempty" xml:"Message"`
}

type receivedMessage struct {
	MessageId     string
	ReceiptHandle string
	MD5OfBody     string
	Body          string
	Attributes    attributes `json:",omitempty" xml:"Attribute"`
}

func receive(_ *Queues, r *http.Request, q *Queue, in *request) (any, error) {
	most, err := within("MaxNumberOfMessages", in.MaxNumberOfMessages, 1, 10, 1)
	if err != nil {
		return nil, err
	}
	invisible, err := seconds("VisibilityTimeout", in.VisibilityTimeout, maxVisibility, defaultVisibility)
	if err != nil {
		return nil, err
	}
	wait, err := seconds("WaitTimeSeconds", in.WaitTimeSeconds, maxWait, 0)
	if err != nil {
		return nil, err
	}
	list, err := q.receive(r.Context(), int(most), invisible, wait)
	if errors.Is(err, errOverLimit) {
		return nil, refuse("OverLimit", "Too many messages in flight for the queue %s.", q.name)
	}
	if err != nil {
		return nil, err // the client has gone
	}
	wanted := slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames)
	out := received{}
	for _, d := range list {
		body := d.content.Body()
		out.Messages = append(out.Messages, receivedMessage{d.id, d.receipt, md5Of(body), body, d.attributes().only(wanted)})
	}
	return out, nil
}

// attributes returns the system's attributes of a message.
func (d *delivery) attributes() attributes {
	return attributes{
		{"ApproximateFirstReceiveTimestamp", millis(d.firstReceivedAt)},
		{"ApproximateReceiveCount", strconv.FormatInt(d.received, 10)},
		{"SenderId", "AIDAIT2UOQQY3AUEKVGXU"}, // of SNS
		{"SentTimestamp", millis(d.sent)},
	}
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func deleteMessage(_ *Queues, _ *http.Request, q *Queue, in *request) (any, error) {
	if in.ReceiptHandle == "" {
		return nil, missing("ReceiptHandle")
	}
	return nil, receiptError(q.remove(in.ReceiptHandle))
}

// receiptError words an error of a queue.
func receiptError(err error) error {
	switch {
	case errors.Is(err, errReceipt):
		return refuse("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
	case errors.Is(err, errVisible):
		return refuse("AWS.SimpleQueueService.MessageNotInflight", "The specified message isn't in flight.")
	}
	return err
}

func changeVisibility(_ *Queues, _ *http.Request, q *Queue, in *request) (any, error) {
	if in.ReceiptHandle == "" {
		return nil, missing("ReceiptHandle")
	}
	return nil, change(q, entry{ReceiptHandle: in.ReceiptHandle, VisibilityTimeout: in.VisibilityTimeout})
}

func change(q *Queue, e entry) error {
	if e.VisibilityTimeout == nil {
		return missing("VisibilityTimeout")
	}
	invisible, err := seconds("VisibilityTimeout", e.VisibilityTimeout, maxVisibility, 0)
	if err != nil {
		return err
	}
	return receiptError(q.hide(e.ReceiptHandle, invisible))
}

// batchOutput is the output of an operation on several messages, for which an entry of
// Successful is named in XML.
type batchOutput struct {
	action     string
	Successful []batchSuccess
	Failed     []batchFailure
}

type batchSuccess struct{ Id string }

type batchFailure struct {
	Id          string
	SenderFault bool
	Code        string
	Message     string
}

func deleteBatch(_ *Queues, _ *http.Request, q *Queue, in *request) (any, error) {
	return batch(in, "DeleteMessageBatch", func(e entry) error { return receiptError(q.remove(e.ReceiptHandle)) })
}

func changeBatch(_ *Queues, _ *http.Request, q *Queue, in *request) (any, error) {
	return batch(in, "ChangeMessageVisibilityBatch", func(e entry) error { return change(q, e) })
}

// batch does something for each entry.
func batch(in *request, name string, do func(entry) error) (any, error) {
	switch n := len(in.Entries); {
	case n == 0:
		return nil, refuse("AWS.SimpleQueueService.EmptyBatchRequest", "There should be at least one %sRequestEntry in the request.", name)
	case n > maxBatch:
		return nil, refuse("AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
			"Maximum number of entries per request are %d. You have sent %d.", maxBatch, n)
	}
	ids := map[string]bool{}
	for _, e := range in.Entries {
		if ids[e.Id] {
			return nil, refuse("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id %s repeated.", e.Id)
		}
		ids[e.Id] = true
	}
	out := batchOutput{action: name, Successful: []batchSuccess{}, Failed: []batchFailure{}}
	for _, e := range in.Entries {
		var bad *refusal
		switch err := do(e); {
		case err == nil:
			out.Successful = append(out.Successful, batchSuccess{e.Id})
		case errors.As(err, &bad):
			out.Failed = append(out.Failed, batchFailure{e.Id, true, bad.query, bad.text})
		default:
			return nil, err
		}
	}
	return out, nil
}

// queueURL is the output of GetQueueUrl.
type queueURL struct{ QueueUrl string }

func getURL(_ *Queues, r *http.Request, q *Queue, _ *request) (any, error) {
	parts := strings.Split(q.arn, ":")
	return queueURL{"http://" + r.Host + "/" + parts[max(0, len(parts)-2)] + "/" + q.name}, nil
}

// queueAttributes is the output of GetQueueAttributes.
type queueAttributes struct {
	Attributes attributes `json:",omitempty" xml:"Attribute"`
}

func getAttributes(_ *Queues, _ *http.Request, q *Queue, in *request) (any, error) {
	waiting, inFlight := q.counts()
	created := strconv.FormatInt(q.created.Unix(), 10)
	all := attributes{
		{"ApproximateNumberOfMessages", strconv.Itoa(waiting)},
		{"ApproximateNumberOfMessagesDelayed", "0"},
		{"ApproximateNumberOfMessagesNotVisible", strconv.Itoa(inFlight)},
		{"CreatedTimestamp", created},
		{"DelaySeconds", "0"},
		{"LastModifiedTimestamp", created},
		{"QueueArn", q.arn},
		{"ReceiveMessageWaitTimeSeconds", "0"},
		{"VisibilityTimeout", strconv.FormatInt(int64(defaultVisibility/time.Second), 10)},
	}
	return queueAttributes{all.only(in.AttributeNames)}, nil
}

func purge(_ *Queues, _ *http.Request, q *Queue, _ *request) (any, error) {
	q.purge()
	return nil, nil
}

// attributes are names with values, in the order of the names.
type attributes []attribute

type attribute struct{ Name, Value string }

// only returns those that are asked for, all of them by "All". Names of others are ignored:
// each service has attributes that this one lacks.
func (a attributes) only(names []string) attributes {
	var list attributes
	for _, x := range a {
		if slices.Contains(names, "All") || slices.Contains(names, x.Name) {
			list = append(list, x)
		}
	}
	return list
}

// MarshalJSON writes an object.
func (a attributes) MarshalJSON() ([]byte, error) {
	m := make(map[string]string, len(a))
	for _, x := range a {
		m[x.Name] = x.Value
	}
	return json.Marshal(m)
}
