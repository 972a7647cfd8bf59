package notify

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wire/query"
)

// Version is the parameter of that name in requests for this package.
const Version = "2010-03-31"

// Bounds of requests.
const (
	maxBody = 256 << 10 // bytes
	page    = 100       // entries of a list
)

// refusal is an error of SNS.
type refusal struct{ code, text string }

func (e *refusal) Error() string { return e.text }

func refuse(code, format string, args ...any) *refusal {
	return &refusal{code, fmt.Sprintf(format, args...)}
}

// status returns the HTTP status of an error.
func (e *refusal) status() int {
	switch e.code {
	case "NotFound":
		return http.StatusNotFound
	case "InternalFailure":
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// Mine reports whether a request is for this package: a request to SNS, a visit to one of
// the URLs in envelopes, or to the certificate that they are signed with.
func Mine(r *http.Request) bool {
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/SimpleNotificationService-") {
		return true
	}
	if r.URL.Path != "/" {
		return false
	}
	q := r.URL.Query()
	switch action := q.Get("Action"); {
	case q.Get("Version") == Version:
		return true
	case r.Method == http.MethodGet:
		return action == "ConfirmSubscription" && q.Has("TopicArn") || action == "Unsubscribe" && q.Has("SubscriptionArn")
	}
	return false
}

// operations are what the package offers of SNS.
var operations = map[string]func(n *Notifier, r *http.Request) (any, error){
	"CreateTopic":              createTopic,
	"ListTopics":               listTopics,
	"Subscribe":                subscribe,
	"ConfirmSubscription":      confirmSubscription,
	"Unsubscribe":              unsubscribe,
	"ListSubscriptions":        listSubscriptions,
	"ListSubscriptionsByTopic": listSubscriptions,
}

// ServeHTTP answers a request in the Query protocol, or with the certificate.
func (n *Notifier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if file, ok := strings.CutPrefix(r.URL.Path, "/Simple"); ok {
		if "Simple"+file != n.signer().file {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-pem-file")
		_, _ = w.Write(n.signer().pem) // whoever asked may have gone
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	out, err := n.do(r)
	id := wire.NewRequestID()
	w.Header().Set("X-Amzn-Requestid", id)
	if err == nil {
		query.Write(w, namespace, r.Form.Get("Action"), id, out)
		return
	}
	bad := &refusal{"InternalFailure", err.Error()}
	errors.As(err, &bad)
	e := &wire.Refusal{
		Service: "sns", RequestID: id, Operation: r.Form.Get("Action"), Status: bad.status(), Code: bad.code, Message: bad.text,
	}
	e.Refuse(w, r, n.Refused)
	query.WriteError(w, namespace, id, bad.status(), bad.code, bad.text)
}

// do does one operation.
func (n *Notifier) do(r *http.Request) (any, error) {
	if err := r.ParseForm(); err != nil {
		return nil, refuse("MalformedQueryString", "The request cannot be read: %v", err)
	}
	name := r.Form.Get("Action")
	do, ok := operations[name]
	if !ok {
		return nil, refuse("InvalidAction", "Could not find operation %s for version %s", name, Version)
	}
	return do(n, r)
}

// required returns a parameter.
func required(r *http.Request, name string) (string, error) {
	if value := r.Form.Get(name); value != "" {
		return value, nil
	}
	return "", refuse("InvalidParameter", "Invalid parameter: %s", name)
}

// attributes returns the attributes of a request. It refuses those that would not be
// heeded.
func attributes(r *http.Request, known ...string) (map[string]string, error) {
	found := map[string]string{}
	for i := 1; r.Form.Has(fmt.Sprintf("Attributes.entry.%d.key", i)); i++ {
		name := r.Form.Get(fmt.Sprintf("Attributes.entry.%d.key", i))
		found[name] = r.Form.Get(fmt.Sprintf("Attributes.entry.%d.value", i))
	}
	for name := range found {
		if !slices.Contains(known, name) {
			return nil, refuse("InvalidParameter", "Invalid parameter: Attributes Reason: %s is not supported here", name)
		}
	}
	return found, nil
}

// topicName is what SNS takes for the name of a topic.
var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// scope finds the Region in the credentials of a request.
var scope = regexp.MustCompile(`Credential=[^/]*/[^/]*/([a-z0-9-]+)/`)

type topicARN struct{ TopicArn string }

func createTopic(n *Notifier, r *http.Request) (any, error) {
	name := r.Form.Get("Name")
	if !topicName.MatchString(name) {
		return nil, refuse("InvalidParameter", "Invalid parameter: Topic Name")
	}
	attributes, err := attributes(r, "SignatureVersion", "DisplayName", "Policy")
	if err != nil {
		return nil, err
	}
	version := attributes["SignatureVersion"]
	if version != "" && version != "1" && version != "2" {
		return nil, refuse("InvalidParameter", "Invalid parameter: Attributes Reason: SignatureVersion must be 1 or 2")
	}
	region := "us-east-1"
	if m := scope.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		region = m[1]
	}
	arn := "arn:aws:sns:" + region + ":" + n.config.Account + ":" + name
	n.Topic(arn, version)
	return topicARN{arn}, nil
}

type subscriptionARN struct{ SubscriptionArn string }

// pendingARN is in place of the ARN of a subscription that is not confirmed.
const pendingARN = "pending confirmation"

func subscribe(n *Notifier, r *http.Request) (any, error) {
	arn, err := required(r, "TopicArn")
	if err != nil {
		return nil, err
	}
	attributes, err := attributes(r, "RawMessageDelivery")
	if err != nil {
		return nil, err
	}
	raw, err := strconv.ParseBool(or(attributes["RawMessageDelivery"], "false"))
	if err != nil {
		return nil, refuse("InvalidParameter",
			"Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [%s]. Must be true or false.", attributes["RawMessageDelivery"])
	}
	got, confirmed, err := n.Subscribe(Subscription{
		Topic: arn, Protocol: r.Form.Get("Protocol"), Endpoint: r.Form.Get("Endpoint"), Raw: raw,
	})
	if err != nil {
		return nil, err
	}
	if !confirmed && r.Form.Get("ReturnSubscriptionArn") != "true" {
		got = pendingARN
	}
	return subscriptionARN{got}, nil
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func confirmSubscription(n *Notifier, r *http.Request) (any, error) {
	topic, err := required(r, "TopicArn")
	if err != nil {
		return nil, err
	}
	token, err := required(r, "Token")
	if err != nil {
		return nil, err
	}
	arn, err := n.confirm(topic, token)
	if err != nil {
		return nil, err
	}
	return subscriptionARN{arn}, nil
}

func unsubscribe(n *Notifier, r *http.Request) (any, error) {
	arn, err := required(r, "SubscriptionArn")
	if err != nil {
		return nil, err
	}
	n.unsubscribe(arn)
	return nil, nil
}

// from returns the first entry of a page.
func from(r *http.Request) (int, error) {
	token := r.Form.Get("NextToken")
	if token == "" {
		return 0, nil
	}
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 {
		return 0, refuse("InvalidParameter", "Invalid parameter: NextToken")
	}
	return i, nil
}

// cut returns a page of a list, and the token of the next one.
func cut[T any](list []T, from int) (entries []T, next string) {
	from = min(from, len(list))
	to := min(from+page, len(list))
	if to < len(list) {
		next = strconv.Itoa(to)
	}
	return list[from:to], next
}

type topicList struct {
	Topics    []topicARN `xml:"Topics>member"`
	NextToken string     `xml:",omitempty"`
}

func listTopics(n *Notifier, r *http.Request) (any, error) {
	first, err := from(r)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	var out topicList
	list, next := cut(slices.Sorted(maps.Keys(n.topics)), first)
	out.NextToken = next
	for _, arn := range list {
		out.Topics = append(out.Topics, topicARN{arn})
	}
	return out, nil
}

type subscriptionList struct {
	Subscriptions []subscriptionXML `xml:"Subscriptions>member"`
	NextToken     string            `xml:",omitempty"`
}

type subscriptionXML struct{ TopicArn, Protocol, SubscriptionArn, Owner, Endpoint string }

// listSubscriptions lists the subscriptions of one topic or of all.
func listSubscriptions(n *Notifier, r *http.Request) (any, error) {
	first, err := from(r)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.order
	if r.Form.Get("Action") == "ListSubscriptionsByTopic" {
		t := n.topics[r.Form.Get("TopicArn")]
		if t == nil {
			return nil, refuse("NotFound", "Topic does not exist")
		}
		list = t.subs
	}
	var out subscriptionList
	list, out.NextToken = cut(list, first)
	for _, s := range list {
		arn := s.arn
		if !s.confirmed {
			arn = "PendingConfirmation"
		}
		out.Subscriptions = append(out.Subscriptions, subscriptionXML{s.topic.arn, s.protocol, arn, n.config.Account, hidden(s.endpoint)})
	}
	return out, nil
}

// hidden returns an endpoint without its password.
func hidden(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil || u.User == nil {
		return endpoint
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), "****")
	}
	return u.String()
}

const namespace = "http://sns.amazonaws.com/doc/" + Version + "/"
