package sqs

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ask sends a request in JSON and returns status, the answer, and the code that clients
// of the older protocol take.
func ask(s *Queues, action, body string) (status int, answer map[string]any, code string) {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8525/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", Target+action)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		answer = map[string]any{"not JSON": w.Body.String()}
	}
	return w.Code, answer, w.Header().Get("X-Amzn-Query-Error")
}

// postForm sends a request in the Query protocol.
func postForm(s *Queues, path string, values url.Values) (status int, answer string) {
	values.Set("Version", Version)
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8525"+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// one returns queues with one that has messages.
func one(messages ...string) (*Queues, *Queue) {
	s := New(DefaultWaiting, time.Now)
	q := s.Open(arn)
	for _, m := range messages {
		q.Put(Text(m))
	}
	return s, q
}

const theURL = `"QueueUrl": "http://127.0.0.1:8525/123456789012/events"`

// TestJSON goes through all operations in JSON.
func TestJSON(t *testing.T) {
	s, q := one("a", "b", "c")
	must := func(action, body string) map[string]any {
		t.Helper()
		status, answer, code := ask(s, action, body)
		if status != http.StatusOK || code != "" {
			t.Fatalf("%s %s: %d %v", action, body, status, answer)
		}
		return answer
	}
	if diff := cmp.Diff(map[string]any{"QueueUrl": "http://127.0.0.1:8525/123456789012/events"},
		must("GetQueueUrl", `{"QueueName": "events", "Unknown": 1}`)); diff != "" {
		t.Error(diff)
	}
	got := must("ReceiveMessage", `{`+theURL+`, "MaxNumberOfMessages": 10, "AttributeNames": ["SentTimestamp"],
		"MessageSystemAttributeNames": ["ApproximateReceiveCount"], "WaitTimeSeconds": 20}`)
	var receipts []string
	for i, body := range []string{"a", "b", "c"} {
		m := got["Messages"].([]any)[i].(map[string]any)
		receipts = append(receipts, m["ReceiptHandle"].(string))
		attributes := m["Attributes"].(map[string]any)
		if m["Body"] != body || m["MD5OfBody"] != md5Of(body) || attributes["ApproximateReceiveCount"] != "1" || len(attributes) != 2 {
			t.Errorf("%v", m)
		}
	}
	if md5Of("a") != "0cc175b9c0f1b6a831c399e269772661" { // RFC 1321
		t.Error(md5Of("a"))
	}
	want := map[string]any{
		"Successful": []any{map[string]any{"Id": "0"}},
		"Failed": []any{map[string]any{"Id": "1", "SenderFault": true, "Code": "ReceiptHandleIsInvalid",
			"Message": "The input receipt handle is invalid."}},
	}
	if diff := cmp.Diff(want, must("DeleteMessageBatch", fmt.Sprintf(`{`+theURL+`, "Entries": [
		{"Id": "0", "ReceiptHandle": %q}, {"Id": "1", "ReceiptHandle": "x"}]}`, receipts[0]))); diff != "" {
		t.Error(diff)
	}
	if got := must("ChangeMessageVisibility", fmt.Sprintf(`{`+theURL+`, "ReceiptHandle": %q, "VisibilityTimeout": 0}`, receipts[1])); len(got) != 0 {
		t.Errorf("%v", got)
	}
	must("ChangeMessageVisibilityBatch", fmt.Sprintf(`{`+theURL+`, "Entries": [{"Id": "0", "ReceiptHandle": %q, "VisibilityTimeout": 9}]}`, receipts[2]))
	must("DeleteMessage", fmt.Sprintf(`{`+theURL+`, "ReceiptHandle": %q}`, receipts[1]))
	want = map[string]any{"Attributes": map[string]any{
		"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "1", "QueueArn": arn,
	}}
	if diff := cmp.Diff(want, must("GetQueueAttributes", `{`+theURL+`, "AttributeNames":
		["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "QueueArn", "Policy"]}`)); diff != "" {
		t.Error(diff)
	}
	must("PurgeQueue", `{`+theURL+`}`)
	if waiting, inFlight := q.counts(); waiting != 0 || inFlight != 0 {
		t.Errorf("%d, %d after a purge", waiting, inFlight)
	}
	if got := must("ReceiveMessage", `{`+theURL+`}`); len(got) != 0 {
		t.Errorf("%v of an empty queue", got)
	}
}

// TestQuery goes through the operations in the Query protocol, and reads the answers with
// encoding/xml.
func TestQuery(t *testing.T) {
	s, _ := one("a <b>", "c")
	read := func(into any, path string, pairs ...string) {
		t.Helper()
		values := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		status, text := postForm(s, path, values)
		if err := xml.Unmarshal([]byte(text), into); err != nil || status != http.StatusOK || !strings.Contains(text, "<RequestId>") {
			t.Fatalf("%v: %d %s: %v", pairs, status, text, err)
		}
	}
	var link struct {
		URL string `xml:"GetQueueUrlResult>QueueUrl"`
	}
	read(&link, "/", "Action", "GetQueueUrl", "QueueName", "events")
	if link.URL != "http://127.0.0.1:8525/123456789012/events" {
		t.Errorf("%q", link.URL)
	}
	var got struct {
		XMLName  xml.Name `xml:"http://queue.amazonaws.com/doc/2012-11-05/ ReceiveMessageResponse"`
		Messages []struct {
			Body, MD5OfBody, ReceiptHandle string
			Attribute                      []attribute
		} `xml:"ReceiveMessageResult>Message"`
	}
	read(&got, "/123456789012/events", "Action", "ReceiveMessage", "MaxNumberOfMessages", "2", "AttributeName.1", "ApproximateReceiveCount")
	if len(got.Messages) != 2 || got.Messages[0].Body != "a <b>" || got.Messages[0].MD5OfBody != md5Of("a <b>") ||
		!cmp.Equal(got.Messages[0].Attribute, []attribute{{"ApproximateReceiveCount", "1"}}) {
		t.Fatalf("%+v", got)
	}
	var batch struct {
		OK     []string `xml:"DeleteMessageBatchResult>DeleteMessageBatchResultEntry>Id"`
		Failed []string `xml:"DeleteMessageBatchResult>BatchResultErrorEntry>Code"`
	}
	read(&batch, "/", "Action", "DeleteMessageBatch", "QueueUrl", link.URL, "DeleteMessageBatchRequestEntry.1.Id", "x",
		"DeleteMessageBatchRequestEntry.1.ReceiptHandle", got.Messages[0].ReceiptHandle,
		"DeleteMessageBatchRequestEntry.2.Id", "y", "DeleteMessageBatchRequestEntry.2.ReceiptHandle", "no")
	if !cmp.Equal(batch.OK, []string{"x"}) || !cmp.Equal(batch.Failed, []string{"ReceiptHandleIsInvalid"}) {
		t.Errorf("%+v", batch)
	}
	read(&struct{}{}, "/", "Action", "DeleteMessage", "QueueUrl", link.URL, "ReceiptHandle", got.Messages[1].ReceiptHandle)
	var attributes struct {
		List []attribute `xml:"GetQueueAttributesResult>Attribute"`
	}
	read(&attributes, "/", "Action", "GetQueueAttributes", "QueueUrl", link.URL, "AttributeName.1", "All")
	if len(attributes.List) != 9 || attributes.List[0].Value != "0" || attributes.List[2].Value != "0" {
		t.Errorf("%+v", attributes)
	}
}

// TestRefused checks the errors of SQS, in both protocols where both can express them.
func TestRefused(t *testing.T) {
	many := strings.Repeat(`{"Id": "%d", "ReceiptHandle": "x"},`, 10) + `{"Id": "10", "ReceiptHandle": "x"}`
	numbers := make([]any, 10)
	for i := range numbers {
		numbers[i] = i
	}
	s, q := one("a")
	_, receipts := bodies(t, q, 1, time.Minute, 0)
	if err := q.remove(receipts[0]); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ action, body, code, text string }{
		{"SendMessage", `{}`, "InvalidAction", "The action SendMessage is not valid for this endpoint."},
		{"ReceiveMessage", `{}`, "MissingParameter", "The request must contain the parameter QueueUrl."},
		{"GetQueueUrl", `{}`, "MissingParameter", "The request must contain the parameter QueueName."},
		{"GetQueueUrl", `{"QueueName": "none"}`, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist."},
		{"ReceiveMessage", `{"QueueUrl": "http://x/1/none"}`, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist."},
		{"ReceiveMessage", `{` + theURL + `, "MaxNumberOfMessages": 11}`, "InvalidParameterValue",
			"Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."},
		{"ReceiveMessage", `{` + theURL + `, "WaitTimeSeconds": 21}`, "InvalidParameterValue",
			"Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be between 0 and 20, if provided."},
		{"ReceiveMessage", `{` + theURL + `, "VisibilityTimeout": -1}`, "InvalidParameterValue",
			"Value -1 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided."},
		{"ReceiveMessage", `{"QueueUrl": 1}`, "SerializationException", "The request is not valid JSON for this operation."},
		{"ReceiveMessage", `{`, "SerializationException", "The request is not valid JSON for this operation."},
		{"DeleteMessage", `{` + theURL + `}`, "MissingParameter", "The request must contain the parameter ReceiptHandle."},
		{"DeleteMessage", `{` + theURL + `, "ReceiptHandle": "x"}`, "ReceiptHandleIsInvalid", "The input receipt handle is invalid."},
		{"DeleteMessage", fmt.Sprintf(`{`+theURL+`, "ReceiptHandle": %q}`, receipts[0]+"0x"), "ReceiptHandleIsInvalid", "The input receipt handle is invalid."},
		{"ChangeMessageVisibility", `{` + theURL + `}`, "MissingParameter", "The request must contain the parameter ReceiptHandle."},
		{"ChangeMessageVisibility", `{` + theURL + `, "ReceiptHandle": "x"}`, "MissingParameter",
			"The request must contain the parameter VisibilityTimeout."},
		{"ChangeMessageVisibility", fmt.Sprintf(`{`+theURL+`, "ReceiptHandle": %q, "VisibilityTimeout": 1}`, receipts[0]),
			"AWS.SimpleQueueService.MessageNotInflight", "The specified message isn't in flight."},
		{"DeleteMessageBatch", `{` + theURL + `}`, "AWS.SimpleQueueService.EmptyBatchRequest",
			"There should be at least one DeleteMessageBatchRequestEntry in the request."},
		{"DeleteMessageBatch", fmt.Sprintf(`{`+theURL+`, "Entries": [`+many+`]}`, numbers...), "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
			"Maximum number of entries per request are 10. You have sent 11."},
		{"DeleteMessageBatch", `{` + theURL + `, "Entries": [{"Id": "a", "ReceiptHandle": "x"}, {"Id": "a", "ReceiptHandle": "x"}]}`,
			"AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id a repeated."},
	} {
		status, answer, code := ask(s, c.action, c.body)
		shape := strings.TrimPrefix(c.code, "AWS.SimpleQueueService.")
		if shape == "NonExistentQueue" {
			shape = "QueueDoesNotExist"
		}
		want := map[string]any{"__type": "com.amazonaws.sqs#" + shape, "message": c.text}
		if diff := cmp.Diff(want, answer); status != http.StatusBadRequest || code != c.code+";Sender" || diff != "" {
			t.Errorf("%s %s: %d %q %s", c.action, c.body, status, code, diff)
		}
	}
	for _, c := range []struct{ pairs, code string }{
		{"Action=CreateQueue", "InvalidAction"},
		{"", "InvalidAction"},
		{"Action=ReceiveMessage&QueueUrl=x&MaxNumberOfMessages=many", "InvalidParameterValue"},
		{"Action=ReceiveMessage", "MissingParameter"},
		{"Action=ReceiveMessage&QueueUrl=http://x/1/none", "AWS.SimpleQueueService.NonExistentQueue"},
	} {
		values, _ := url.ParseQuery(c.pairs)
		status, text := postForm(s, "/", values)
		var got struct {
			Error struct{ Type, Code, Message string }
		}
		if err := xml.Unmarshal([]byte(text), &got); err != nil || status != http.StatusBadRequest || got.Error.Code != c.code ||
			got.Error.Type != "Sender" || got.Error.Message == "" {
			t.Errorf("%q: %d %s %v", c.pairs, status, text, err)
		}
	}
	if status, answer, _ := ask(s, "ReceiveMessage", `{"QueueUrl": "`+strings.Repeat("x", maxBody)+`"}`); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large request: %d %v", status, answer)
	}
	if status, _ := postForm(s, "/", url.Values{"x": {strings.Repeat("x", maxBody)}}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large request in Query: %d", status)
	}
}

// FuzzRequest sends anything in both protocols: each answer is well-formed, and nothing
// that is no deletion changes the queue's only message.
func FuzzRequest(f *testing.F) {
	f.Add("ReceiveMessage", `{`+theURL+`, "VisibilityTimeout": 0}`)
	f.Add("DeleteMessageBatch", `{`+theURL+`, "Entries": [{"Id": "a", "ReceiptHandle": "x:0:1"}]}`)
	f.Add("GetQueueAttributes", "Action=GetQueueAttributes&QueueUrl=/1/events&AttributeName.1=All")
	f.Add("", "Action=ChangeMessageVisibilityBatch&QueueUrl=events&ChangeMessageVisibilityBatchRequestEntry.1.Id=a")
	f.Fuzz(func(t *testing.T, action, body string) {
		s, q := one("a")
		gone, cancel := context.WithCancel(t.Context())
		cancel() // no waiting
		status, answer, _ := ask(s, action, strings.ReplaceAll(body, "WaitTimeSeconds", "Wait"))
		if _, bad := answer["not JSON"]; bad || status >= 500 {
			t.Fatalf("%d %v", status, answer)
		}
		r := httptest.NewRequestWithContext(gone, http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if err := xml.Unmarshal(w.Body.Bytes(), &struct{}{}); err != nil || w.Code == http.StatusInternalServerError {
			t.Fatalf("%d %s: %v", w.Code, w.Body, err)
		}
		if waiting, inFlight := q.counts(); waiting+inFlight != 1 && !strings.Contains(action+body, "PurgeQueue") {
			t.Fatalf("%d, %d", waiting, inFlight)
		}
	})
}
