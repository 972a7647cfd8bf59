package notify

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ask posts an action with parameters in pairs and reads the answer.
func ask(t *testing.T, n *Notifier, into any, action string, pairs ...string) (status int) {
	t.Helper()
	values := url.Values{"Version": {Version}, "Action": {action}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA/20260301/ap-south-1/sns/aws4_request, SignedHeaders=host")
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	if err := xml.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatalf("%s %v: %s: %v", action, pairs, w.Body, err)
	}
	return w.Code
}

// TestOperations goes through the set-up of a topic as a script does it.
func TestOperations(t *testing.T) {
	app := newApplication(t)
	n, _ := newNotifier(t, nil)
	type member struct{ TopicArn, Protocol, SubscriptionArn, Owner, Endpoint string }
	var got struct {
		Topic         string   `xml:"CreateTopicResult>TopicArn"`
		Topics        []string `xml:"ListTopicsResult>Topics>member>TopicArn"`
		Subscription  string   `xml:"SubscribeResult>SubscriptionArn"`
		Confirmed     string   `xml:"ConfirmSubscriptionResult>SubscriptionArn"`
		Subscriptions []member `xml:"ListSubscriptionsResult>Subscriptions>member"`
		OfTopic       []member `xml:"ListSubscriptionsByTopicResult>Subscriptions>member"`
	}
	const arn = "arn:aws:sns:ap-south-1:123456789012:feedback"
	for range 2 { // the second time it is there
		if ask(t, n, &got, "CreateTopic", "Name", "feedback", "Attributes.entry.1.key", "SignatureVersion", "Attributes.entry.1.value", "2"); got.Topic != arn {
			t.Errorf("%+v", got)
		}
	}
	if !n.Has(arn) || n.Has(arn+"x") {
		t.Error("the topic is not there, or another is")
	}
	endpoint := strings.Replace(app.URL, "http://", "http://user:secret@", 1)
	if ask(t, n, &got, "Subscribe", "TopicArn", arn, "Protocol", "http", "Endpoint", endpoint, "Attributes.entry.1.key", "RawMessageDelivery",
		"Attributes.entry.1.value", "true"); got.Subscription != "pending confirmation" {
		t.Errorf("%+v", got)
	}
	first := app.wait(t, 1)[0]
	if first.fields["SignatureVersion"] != "2" || first.header.Get("Authorization") == "" {
		t.Errorf("%v %s", first.header, first.body)
	}
	want := member{arn, "http", "PendingConfirmation", "123456789012", strings.Replace(endpoint, "secret", "%2A%2A%2A%2A", 1)}
	if ask(t, n, &got, "ListSubscriptions"); len(got.Subscriptions) != 1 || got.Subscriptions[0] != want {
		t.Errorf("%+v", got.Subscriptions)
	}
	if ask(t, n, &got, "ConfirmSubscription", "TopicArn", arn, "Token", first.fields["Token"]); !strings.HasPrefix(got.Confirmed, arn+":") {
		t.Errorf("%+v", got)
	}
	want.SubscriptionArn = got.Confirmed
	if ask(t, n, &got, "ListSubscriptionsByTopic", "TopicArn", arn); len(got.OfTopic) != 1 || got.OfTopic[0] != want {
		t.Errorf("%+v", got.OfTopic)
	}
	if ask(t, n, &got, "Subscribe", "TopicArn", arn, "Protocol", "sqs", "Endpoint", queueARN); !strings.HasPrefix(got.Subscription, arn+":") {
		t.Errorf("%+v", got)
	}
	if ask(t, n, &got, "ListTopics"); !cmp.Equal(got.Topics, []string{arn, topicName1}) {
		t.Errorf("%q", got.Topics)
	}
	for range 2 { // nobody is told that it was not there
		if status := ask(t, n, &got, "Unsubscribe", "SubscriptionArn", want.SubscriptionArn); status != http.StatusOK {
			t.Error(status)
		}
	}
	got.Subscriptions = nil
	if ask(t, n, &got, "ListSubscriptions"); len(got.Subscriptions) != 1 || got.Subscriptions[0].Protocol != "sqs" {
		t.Errorf("%+v", got.Subscriptions)
	}
}

// TestPages checks that long lists come in pages without a gap.
func TestPages(t *testing.T) {
	n, _ := newNotifier(t, nil)
	for i := range 250 {
		n.Topic(fmt.Sprintf("arn:aws:sns:us-east-1:1:t%d", i), "")
	}
	seen := map[string]bool{}
	token, pages := "", 0
	for ; pages == 0 || token != ""; pages++ {
		var got struct {
			Topics    []string `xml:"ListTopicsResult>Topics>member>TopicArn"`
			NextToken string   `xml:"ListTopicsResult>NextToken"`
		}
		ask(t, n, &got, "ListTopics", "NextToken", token)
		for _, arn := range got.Topics {
			seen[arn] = true
		}
		token = got.NextToken
	}
	if len(seen) != 251 || pages != 3 {
		t.Errorf("%d topics on %d pages", len(seen), pages)
	}
}

// TestRefused checks the errors of SNS.
func TestRefused(t *testing.T) {
	n, _ := newNotifier(t, nil)
	for _, c := range []struct {
		status     int
		code, text string
		action     string
		pairs      []string
	}{
		{400, "InvalidAction", "Could not find operation Publish for version 2010-03-31", "Publish", nil},
		{400, "InvalidParameter", "Invalid parameter: Topic Name", "CreateTopic", []string{"Name", "a b"}},
		{400, "InvalidParameter", "Invalid parameter: Attributes Reason: SignatureVersion must be 1 or 2", "CreateTopic",
			[]string{"Name", "a", "Attributes.entry.1.key", "SignatureVersion", "Attributes.entry.1.value", "3"}},
		{400, "InvalidParameter", "Invalid parameter: Attributes Reason: FifoTopic is not supported here", "CreateTopic",
			[]string{"Name", "a", "Attributes.entry.1.key", "FifoTopic", "Attributes.entry.1.value", "true"}},
		{400, "InvalidParameter", "Invalid parameter: TopicArn", "Subscribe", nil},
		{404, "NotFound", "Topic does not exist", "Subscribe", []string{"TopicArn", "x", "Protocol", "sqs", "Endpoint", queueARN}},
		{400, "InvalidParameter", `Invalid parameter: Protocol "sms": want http, https or sqs`, "Subscribe",
			[]string{"TopicArn", topicName1, "Protocol", "sms"}},
		{400, "InvalidParameter", "Invalid parameter: Endpoint: example.com is not on the loopback interface, and no allowed target", "Subscribe",
			[]string{"TopicArn", topicName1, "Protocol", "http", "Endpoint", "http://example.com"}},
		{400, "InvalidParameter", "Invalid parameter: Attributes Reason: FilterPolicy is not supported here", "Subscribe",
			[]string{"TopicArn", topicName1, "Attributes.entry.1.key", "FilterPolicy", "Attributes.entry.1.value", "{}"}},
		{400, "InvalidParameter", "Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [yes]. Must be true or false.", "Subscribe",
			[]string{"TopicArn", topicName1, "Attributes.entry.1.key", "RawMessageDelivery", "Attributes.entry.1.value", "yes"}},
		{400, "InvalidParameter", "Invalid parameter: Token", "ConfirmSubscription", []string{"TopicArn", topicName1}},
		{400, "InvalidParameter", "Invalid token", "ConfirmSubscription", []string{"TopicArn", topicName1, "Token", "x"}},
		{404, "NotFound", "Topic does not exist", "ConfirmSubscription", []string{"TopicArn", "x", "Token", "x"}},
		{404, "NotFound", "Topic does not exist", "ListSubscriptionsByTopic", []string{"TopicArn", "x"}},
		{400, "InvalidParameter", "Invalid parameter: NextToken", "ListTopics", []string{"NextToken", "-1"}},
		{400, "InvalidParameter", "Invalid parameter: SubscriptionArn", "Unsubscribe", nil},
	} {
		var got struct {
			Error struct{ Type, Code, Message string }
		}
		status := ask(t, n, &got, c.action, c.pairs...)
		if status != c.status || got.Error.Code != c.code || got.Error.Message != c.text || got.Error.Type != "Sender" {
			t.Errorf("%s %q: %d %+v", c.action, c.pairs, status, got.Error)
		}
	}
	if w := get(n, "/SimpleNotificationService-0.pem"); w.Code != http.StatusNotFound {
		t.Errorf("another certificate: %d", w.Code)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x="+strings.Repeat("x", maxBody)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "too large") {
		t.Errorf("a large request: %d %s", w.Code, w.Body)
	}
}

// TestMine checks which requests to a server's root are for this package.
func TestMine(t *testing.T) {
	for _, c := range []struct {
		method, url string
		want        bool
	}{
		{"GET", "/SimpleNotificationService-1.pem", true},
		{"POST", "/SimpleNotificationService-1.pem", false},
		{"GET", "/?Action=ConfirmSubscription&TopicArn=x&Token=y", true},
		{"GET", "/?Action=Unsubscribe&SubscriptionArn=x", true},
		{"GET", "/?Action=ListTopics&Version=2010-03-31", true},
		{"GET", "/?Action=GetSendQuota&Version=2010-12-01", false},
		{"GET", "/", false},
		{"GET", "/v2/email/account?Action=Unsubscribe&SubscriptionArn=x", false},
		{"POST", "/?Action=Unsubscribe&SubscriptionArn=x", false},
	} {
		if got := Mine(httptest.NewRequest(c.method, c.url, nil)); got != c.want {
			t.Errorf("%s %s: %v", c.method, c.url, got)
		}
	}
}

// FuzzRequest sends anything: each answer is well-formed, and no subscription can be made
// that leads off the machine.
func FuzzRequest(f *testing.F) {
	f.Add("Action=CreateTopic&Name=x&Attributes.entry.1.key=SignatureVersion&Attributes.entry.1.value=2")
	f.Add("Action=Subscribe&TopicArn=" + topicName1 + "&Protocol=sqs&Endpoint=" + queueARN)
	f.Add("Action=Subscribe&TopicArn=" + topicName1 + "&Protocol=http&Endpoint=http://localhost:1/%00")
	f.Add("Action=ListSubscriptions&NextToken=1")
	f.Fuzz(func(t *testing.T, form string) {
		n, _ := newNotifier(t, func(c *Config) { c.transport = &web{} })
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		n.ServeHTTP(w, r)
		if err := xml.Unmarshal(w.Body.Bytes(), &struct{}{}); err != nil || w.Code >= 500 {
			t.Fatalf("%d %s: %v", w.Code, w.Body, err)
		}
		n.Close()
		for _, s := range n.order {
			if u, err := url.Parse(s.endpoint); s.protocol != "sqs" && (err != nil || !allowed(u.Hostname(), nil)) {
				t.Fatalf("%+v", s)
			}
		}
	})
}
