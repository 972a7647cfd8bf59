package notify

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wire/sqs"
)

// Config is how a Notifier works. Account, Base, Queues and Now are required.
type Config struct {
	Account string                     // number of the account that owns topics
	Base    func(region string) string // start of the URLs in envelopes, without a slash at the end
	Queues  *sqs.Queues                // a subscription makes the queue that it names
	Now     func() time.Time           // the wall clock

	Version2 bool          // sign by version 2, unless a topic says otherwise
	Retry    time.Duration // between attempts; 0: 20 s
	Limit    int           // of posts that wait for one subscription; 0: 1,000,000
	Targets  []string      // hosts that may be posted to besides the loopback interface's
	Log      *log.Logger   // of defects; nil: the standard logger

	transport http.RoundTripper // nil: one that reaches nothing else
}

// Defaults of a Config, and how often SNS repeats a post.
const (
	defaultRetry = 20 * time.Second
	defaultLimit = 1_000_000
	retries      = 3
)

// ErrFull is returned where a subscription has no room for an event.
var ErrFull = errors.New("notify: too many notifications are waiting")

// Notifier has topics and their subscriptions, and publishes to them. It is safe for
// concurrent use.
type Notifier struct {
	// Refused is told of each request that is refused, before it is answered; nil: nobody is. It
	// must be set before the first request.
	Refused func(ctx context.Context, e *wire.Refusal)

	config Config
	signer func() *signer // made when it is first needed
	client *http.Client
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	group  sync.WaitGroup

	mu        sync.Mutex
	topics    map[string]*topic // by ARN
	order     []*subscription   // of all topics
	pending   int               // notifications that are neither taken nor given up
	settled   chan struct{}     // closed when there are none
	delivered int64
	failed    int64
	resets    int // notifications of before the latest are given up
}

// topic is a topic with its subscriptions.
type topic struct {
	arn     string
	version string // of signatures
	subs    []*subscription
}

// region returns the Region in the topic's ARN.
func (t *topic) region() string { return part(t.arn, 3) }

// part returns one of the parts of an ARN, "" if it has no such part.
func part(arn string, i int) string {
	parts := strings.SplitN(arn, ":", 6)
	if i >= len(parts) {
		return ""
	}
	return parts[i]
}

// subscription is a subscription to a topic.
type subscription struct {
	arn       string
	topic     *topic
	protocol  string // http, https or sqs
	endpoint  string
	raw       bool
	confirmed bool
	token     string
	lasting   bool // asked for confirmation until somebody answers

	waiting []*post // in order
	busy    bool    // a worker is on its way
}

// New returns a Notifier without topics. Close must be called in the end.
func New(c Config) *Notifier {
	if c.Retry == 0 {
		c.Retry = defaultRetry
	}
	if c.Limit == 0 {
		c.Limit = defaultLimit
	}
	if c.Log == nil {
		c.Log = log.Default()
	}
	if c.transport == nil {
		c.transport = newTransport(c.Targets)
	}
	n := &Notifier{config: c, client: newClient(c.transport), topics: map[string]*topic{}, settled: make(chan struct{})}
	n.signer = sync.OnceValue(func() *signer { return newSigner(c.Now()) })
	n.ctx, n.cancel = context.WithCancel(context.Background())
	close(n.settled)
	return n
}

// Close gives up what is not delivered and waits for posts under way to end.
func (n *Notifier) Close() {
	n.cancel()
	n.group.Wait()
	n.client.CloseIdleConnections()
}

// Topic makes the topic of an ARN, unless there is one. Version is the version of its
// signatures, "" for the usual one.
func (n *Notifier) Topic(arn, version string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.topics[arn]
	if t == nil {
		t = &topic{arn: arn, version: "1"}
		if n.config.Version2 {
			t.version = "2"
		}
		n.topics[arn] = t
	}
	if version != "" {
		t.version = version
	}
}

// Has reports whether there is a topic.
func (n *Notifier) Has(arn string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.topics[arn] != nil
}

// Subscription is a subscription to make.
type Subscription struct {
	Topic    string // ARN
	Protocol string // http, https or sqs
	Endpoint string // URL, or the ARN of a queue
	Raw      bool   // the event itself is delivered, without an envelope
	// Lasting makes the Notifier ask for confirmation until the web server answers, not
	// only as often as SNS does: it may be started later.
	Lasting bool
}

// Subscribe makes a subscription, or asks for the confirmation of one that there is, and
// returns its ARN. That of a queue needs no confirmation.
func (n *Notifier) Subscribe(s Subscription) (arn string, confirmed bool, err error) {
	if err := n.check(s); err != nil {
		return "", false, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.topics[s.Topic]
	if t == nil {
		return "", false, refuse("NotFound", "Topic does not exist")
	}
	i := slices.IndexFunc(t.subs, func(x *subscription) bool { return x.protocol == s.Protocol && x.endpoint == s.Endpoint })
	if i < 0 {
		i = len(t.subs)
		t.subs = append(t.subs, &subscription{
			arn: t.arn + ":" + wire.NewRequestID(), topic: t, protocol: s.Protocol, endpoint: s.Endpoint, raw: s.Raw, lasting: s.Lasting,
			confirmed: s.Protocol == "sqs", token: strings.ReplaceAll(wire.NewRequestID()+wire.NewRequestID(), "-", ""),
		})
		n.order = append(n.order, t.subs[i])
	}
	x := t.subs[i]
	if x.protocol == "sqs" {
		n.config.Queues.Open(x.endpoint)
	}
	if !x.confirmed {
		n.add(x, n.confirmation(x), false)
	}
	return x.arn, x.confirmed, nil
}

// check checks protocol and endpoint.
func (n *Notifier) check(s Subscription) error {
	switch s.Protocol {
	case "sqs":
		if part(s.Endpoint, 2) != "sqs" || part(s.Endpoint, 5) == "" {
			return refuse("InvalidParameter", "Invalid parameter: SQS endpoint ARN")
		}
		return nil
	case "http", "https":
	default:
		return refuse("InvalidParameter", "Invalid parameter: Protocol %q: want http, https or sqs", s.Protocol)
	}
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Scheme != s.Protocol || u.Hostname() == "" {
		return refuse("InvalidParameter", "Invalid parameter: Endpoint must match the specified protocol")
	}
	if !allowed(u.Hostname(), n.config.Targets) {
		return refuse("InvalidParameter", "Invalid parameter: Endpoint: %s is not on the loopback interface, and no allowed target", u.Hostname())
	}
	return nil
}

// confirmation returns the envelope that asks for confirmation.
func (n *Notifier) confirmation(s *subscription) *envelope {
	return &envelope{
		Type: confirmation, MessageId: wire.NewRequestID(), Token: s.token,
		Message: fmt.Sprintf("You have chosen to subscribe to the topic %s.\nTo confirm the subscription, visit the SubscribeURL included in "+
			"this message.", s.topic.arn),
		SubscribeURL: n.config.Base(s.topic.region()) + "/?Action=ConfirmSubscription&TopicArn=" + url.QueryEscape(s.topic.arn) +
			"&Token=" + s.token,
	}
}

// confirm confirms the subscription of a token.
func (n *Notifier) confirm(topic, token string) (arn string, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.topics[topic]
	if t == nil {
		return "", refuse("NotFound", "Topic does not exist")
	}
	for _, s := range t.subs {
		if s.token == token {
			s.confirmed = true
			return s.arn, nil
		}
	}
	return "", refuse("InvalidParameter", "Invalid token")
}

// unsubscribe ends a subscription; what waits for it is given up. SNS does not say whether
// there was one.
func (n *Notifier) unsubscribe(arn string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if i := slices.IndexFunc(n.order, func(s *subscription) bool { return s.arn == arn }); i >= 0 {
		n.end(n.order[i])
	}
}

// end ends a subscription. The caller has locked n.
func (n *Notifier) end(s *subscription) {
	n.order = slices.DeleteFunc(n.order, func(x *subscription) bool { return x == s })
	s.topic.subs = slices.DeleteFunc(s.topic.subs, func(x *subscription) bool { return x == s })
	s.confirmed = false
	for _, p := range s.waiting {
		n.settle(p, false)
	}
	s.waiting = nil
}

// Reset ends all subscriptions but those that last, and gives up the notifications that
// wait. Those that are being posted are delivered still.
func (n *Notifier) Reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.resets++
	for _, s := range slices.Clone(n.order) {
		if !s.lasting {
			n.end(s)
			continue
		}
		waiting := s.waiting
		s.waiting = nil
		for _, p := range waiting {
			if p.counts {
				n.settle(p, false)
			} else {
				s.waiting = append(s.waiting, p)
			}
		}
	}
	for arn, t := range n.topics {
		if len(t.subs) == 0 {
			delete(n.topics, arn)
		}
	}
}

// Publish publishes a message to a topic. It returns at once; Settle waits. The error is
// ErrFull if a subscription has no room, and the message has failed there.
func (n *Notifier) Publish(arn, subject, message string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.publish(arn, envelope{Type: notification, MessageId: wire.NewRequestID(), Subject: subject, Message: message})
}

// publish publishes a message to the subscriptions of a topic. The caller has locked n.
func (n *Notifier) publish(arn string, message envelope) error {
	t := n.topics[arn]
	if t == nil {
		return nil // deleted, or never made: AWS drops the event too
	}
	var full error
	for _, s := range t.subs {
		if !s.confirmed {
			continue
		}
		e := message // with the same id for all subscriptions
		switch {
		case s.protocol == "sqs":
			if !n.put(s, &e) {
				full = ErrFull
			}
		case len(s.waiting) >= n.config.Limit:
			n.failed++
			full = ErrFull
		default:
			n.hold()
			n.add(s, &e, true)
		}
	}
	return full
}

// hold counts a notification that is neither taken nor given up. The caller has locked n.
func (n *Notifier) hold() {
	if n.pending++; n.pending == 1 {
		n.settled = make(chan struct{})
	}
}

// release ends what hold began. The caller has locked n.
func (n *Notifier) release() {
	if n.pending--; n.pending == 0 {
		close(n.settled)
	}
}

// Pending returns how many notifications are neither taken nor given up.
func (n *Notifier) Pending() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.pending
}

// put puts a message into the queue of a subscription.
func (n *Notifier) put(s *subscription, e *envelope) bool {
	var content sqs.Content = sqs.Text(e.Message)
	if !s.raw {
		n.address(s, e)
		content = unsigned{n, e}
	}
	if !n.config.Queues.Open(s.endpoint).Put(content) {
		n.failed++
		return false
	}
	n.delivered++
	return true
}

// unsigned is an envelope that is signed when it is read: a signature takes longer than
// all else that an event needs.
type unsigned struct {
	n *Notifier
	e *envelope
}

// Body returns the envelope with its signature.
func (u unsigned) Body() string {
	e := *u.e
	u.n.signer().sign(&e)
	return string(e.json())
}

// address completes an envelope for a subscription, but for the signature.
func (n *Notifier) address(s *subscription, e *envelope) {
	base := n.config.Base(s.topic.region())
	e.TopicArn, e.Timestamp, e.SignatureVersion = s.topic.arn, stamp(n.config.Now()), s.topic.version
	e.SigningCertURL = base + "/" + n.signer().file
	if e.Type == notification {
		e.UnsubscribeURL = base + "/?Action=Unsubscribe&SubscriptionArn=" + url.QueryEscape(s.arn)
	}
}

// Settle waits until all notifications published so far have been taken or given up.
func (n *Notifier) Settle(ctx context.Context) error {
	n.mu.Lock()
	settled := n.settled
	n.mu.Unlock()
	select {
	case <-settled:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Counts returns how many notifications were taken so far, by queues or web servers, and
// how many were given up.
func (n *Notifier) Counts() (delivered, failed int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.delivered, n.failed
}

// Full reports whether a subscription has no room for another notification, which would be
// lost.
func (n *Notifier) Full() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, t := range n.topics {
		for _, s := range t.subs {
			if s.protocol == "sqs" && n.config.Queues.Open(s.endpoint).Full() || len(s.waiting) >= n.config.Limit {
				return true
			}
		}
	}
	return false
}
