package notify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve/wire/sqs"
)

const (
	topicName1 = "arn:aws:sns:eu-west-1:123456789012:bounces"
	queueARN   = "arn:aws:sqs:eu-west-1:123456789012:events"
)

// verify checks a signature as AWS's page on verifying without a library describes it, with
// crypto/x509: "Key\nValue\n" of the fields that it lists, by the certificate of the URL.
func verify(cert []byte, body []byte) error {
	block, _ := pem.Decode(cert)
	if block == nil {
		return errors.New("no certificate")
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	var m map[string]string
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	keys := []string{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
	if m["Type"] != "Notification" {
		keys = []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
	}
	var text string
	for _, key := range keys {
		if value, ok := m[key]; ok {
			text += key + "\n" + value + "\n"
		}
	}
	signature, err := base64.StdEncoding.DecodeString(m["Signature"])
	if err != nil {
		return err
	}
	public, ok := parsed.PublicKey.(*rsa.PublicKey)
	if !ok {
		return errors.New("not an RSA key")
	}
	switch m["SignatureVersion"] {
	case "1":
		sum := sha1.Sum([]byte(text))
		return rsa.VerifyPKCS1v15(public, crypto.SHA1, sum[:], signature)
	case "2":
		sum := sha256.Sum256([]byte(text))
		return rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature)
	}
	return fmt.Errorf("version %q", m["SignatureVersion"])
}

// application is a web server that keeps what is posted to it.
type application struct {
	*httptest.Server
	mu     sync.Mutex
	posts  []posted
	status int // of answers
}

type posted struct {
	header http.Header
	body   []byte
	fields map[string]string
}

func newApplication(t *testing.T) *application {
	a := &application{status: http.StatusOK}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p := posted{header: r.Header, body: body}
		_ = json.Unmarshal(body, &p.fields)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.posts = append(a.posts, p)
		w.WriteHeader(a.status)
	}))
	t.Cleanup(a.Close)
	return a
}

// wait returns the posts as soon as there are n.
func (a *application) wait(t *testing.T, n int) []posted {
	t.Helper()
	for range 500 {
		a.mu.Lock()
		got := slices.Clone(a.posts)
		a.mu.Unlock()
		if len(got) >= n {
			return got
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("not %d posts within 5 s", n)
	return nil
}

// newNotifier returns a Notifier with a topic, and its queues.
func newNotifier(t testing.TB, change func(*Config)) (*Notifier, *sqs.Queues) {
	t.Helper()
	queues := sqs.New(100, time.Now)
	c := Config{
		Account: "123456789012", Base: func(region string) string { return "http://sns." + region + ".test" }, Queues: queues, Now: time.Now,
		Log: log.New(t.Output(), "", 0),
	}
	if change != nil {
		change(&c)
	}
	n := New(c)
	t.Cleanup(n.Close)
	n.Topic(topicName1, "")
	return n, queues
}

// get asks a Notifier as a visitor of one of its URLs.
func get(n *Notifier, url string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	n.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
	return w
}

// TestPosts goes through the life of a subscription: nothing before confirmation, then
// signed notifications, in both versions, with and without a subject; then the end by the
// URL in them. A changed byte makes a signature invalid.
func TestPosts(t *testing.T) {
	for _, version := range []string{"1", "2"} {
		app := newApplication(t)
		n, _ := newNotifier(t, func(c *Config) { c.Version2 = version == "2" })
		arn, confirmed, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: "http", Endpoint: app.URL + "/hook"})
		if err != nil || confirmed {
			t.Fatalf("%q, %v, %v", arn, confirmed, err)
		}
		if err := n.Publish(topicName1, "", "too early"); err != nil {
			t.Fatal(err)
		}
		first := app.wait(t, 1)[0]
		if w := get(n, first.fields["SubscribeURL"]); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), arn) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		for _, subject := range []string{"", "Amazon SES Email Event Notification"} {
			if err := n.Publish(topicName1, subject, `{"eventType":"Bounce","x":"<&>ü"}`); err != nil {
				t.Fatal(err)
			}
		}
		if err := n.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		posts := app.wait(t, 3)
		if len(posts) != 3 {
			t.Fatalf("%d posts", len(posts))
		}
		for i, p := range posts {
			cert := get(n, p.fields["SigningCertURL"]).Body.Bytes()
			if err := verify(cert, p.body); err != nil || p.fields["SignatureVersion"] != version {
				t.Errorf("post %d, version %s: %v", i, version, err)
			}
			for _, field := range []string{"Message", "MessageId", "Timestamp", "TopicArn", "Type", "Token", "SubscribeURL", "Subject"} {
				changed := map[string]string{}
				for k, v := range p.fields {
					changed[k] = v
				}
				if changed[field] == "" {
					continue
				}
				changed[field] = changed[field][1:]
				body, _ := json.Marshal(changed)
				if verify(cert, body) == nil {
					t.Errorf("post %d, version %s: the signature holds with another %s", i, version, field)
				}
			}
		}
		wantHeader(t, first.header, "SubscriptionConfirmation", first.fields["MessageId"], "")
		wantHeader(t, posts[2].header, "Notification", posts[2].fields["MessageId"], arn)
		_, has := posts[1].fields["Subject"]
		if has || posts[2].fields["Subject"] != "Amazon SES Email Event Notification" || !bytes.Contains(posts[2].body, []byte(`<&>ü`)) {
			t.Errorf("%s\n%s", posts[1].body, posts[2].body)
		}
		if delivered, failed := n.Counts(); delivered != 2 || failed != 0 {
			t.Errorf("%d delivered, %d failed", delivered, failed)
		}
		if w := get(n, posts[2].fields["UnsubscribeURL"]); w.Code != http.StatusOK {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if err := n.Publish(topicName1, "", "too late"); err != nil {
			t.Fatal(err)
		}
		n.Close()
		if got := app.wait(t, 3); len(got) != 3 {
			t.Errorf("%d posts after the end of the subscription", len(got))
		}
	}
}

func wantHeader(t *testing.T, h http.Header, kind, id, subscription string) {
	t.Helper()
	want := map[string]string{
		"Content-Type": "text/plain; charset=UTF-8", "User-Agent": "Amazon Simple Notification Service Agent",
		"X-Amz-Sns-Message-Type": kind, "X-Amz-Sns-Message-Id": id, "X-Amz-Sns-Topic-Arn": topicName1,
		"X-Amz-Sns-Subscription-Arn": subscription, "X-Amz-Sns-Rawdelivery": "", "Accept-Encoding": "",
	}
	for name, value := range want {
		if h.Get(name) != value {
			t.Errorf("%s of a %s: %q, want %q", name, kind, h.Get(name), value)
		}
	}
}

// TestRaw checks that raw delivery is the event alone, and confirmation is not raw.
func TestRaw(t *testing.T) {
	app := newApplication(t)
	n, _ := newNotifier(t, nil)
	if _, _, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: "http", Endpoint: app.URL, Raw: true}); err != nil {
		t.Fatal(err)
	}
	first := app.wait(t, 1)[0]
	if first.header.Get("X-Amz-Sns-Rawdelivery") != "" || first.fields["Token"] == "" {
		t.Errorf("%v %s", first.header, first.body)
	}
	get(n, first.fields["SubscribeURL"])
	if err := n.Publish(topicName1, "s", `{"a":1}`); err != nil {
		t.Fatal(err)
	}
	if p := app.wait(t, 2)[1]; string(p.body) != `{"a":1}` || p.header.Get("X-Amz-Sns-Rawdelivery") != "true" {
		t.Errorf("%v %s", p.header, p.body)
	}
}

// web is a RoundTripper that notes when it is asked, and answers by a script.
type web struct {
	mu     sync.Mutex
	start  time.Time
	script map[string][]int // by bodies, the last for ever; 0: an error of the network
	log    []string
}

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	name := string(body)
	if r.Header.Get("X-Amz-Sns-Message-Type") == confirmation {
		name = "confirm"
	}
	codes := w.script[name]
	code := http.StatusOK
	if len(codes) > 0 {
		code = codes[0]
	}
	if len(codes) > 1 {
		w.script[name] = codes[1:]
	}
	w.log = append(w.log, fmt.Sprintf("%v %s", time.Since(w.start), name))
	if code == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: code, Body: http.NoBody, Request: r, Header: http.Header{}}, nil
}

// TestRetries checks when what is posted again, what is not, and that nothing is held up
// by what waits, on a clock of its own.
func TestRetries(t *testing.T) {
	for _, c := range []struct {
		name      string
		script    map[string][]int
		want      []string
		delivered int64
		failed    int64
		took      time.Duration
	}{
		{"taken", nil, []string{"0s a", "0s b"}, 2, 0, 0},
		{"for ever", map[string][]int{"a": {500}}, []string{"0s a", "0s b", "20s a", "40s a", "1m0s a"}, 1, 1, time.Minute},
		{"at last", map[string][]int{"a": {0, 429, 503, 200}}, []string{"0s a", "0s b", "20s a", "40s a", "1m0s a"}, 2, 0, time.Minute},
		{"refused", map[string][]int{"a": {404}, "b": {302}}, []string{"0s a", "0s b"}, 0, 2, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &web{script: c.script, start: time.Now()}
				n, _ := newNotifier(t, func(c *Config) { c.transport = w })
				if _, _, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: "http", Endpoint: "http://127.0.0.1:1", Raw: true}); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				w.log = nil
				for _, s := range n.order {
					if _, err := n.confirm(topicName1, s.token); err != nil {
						t.Fatal(err)
					}
				}
				for _, body := range []string{"a", "b"} {
					if err := n.Publish(topicName1, "", body); err != nil {
						t.Fatal(err)
					}
				}
				if err := n.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
				took := time.Since(w.start)
				delivered, failed := n.Counts()
				if diff := cmp.Diff(c.want, w.log); diff != "" || took != c.took || delivered != c.delivered || failed != c.failed {
					t.Errorf("%v, %d, %d: %s", took, delivered, failed, diff)
				}
				n.Close()
			})
		})
	}
}

// TestConfirmationRetries checks that SNS asks for confirmation four times, and until
// somebody answers where a scenario names the web server.
func TestConfirmationRetries(t *testing.T) {
	for _, c := range []struct {
		lasting bool
		want    int
	}{{false, 4}, {true, 11}} {
		synctest.Test(t, func(t *testing.T) {
			w := &web{script: map[string][]int{"confirm": {0, 0, 0, 0, 0, 0, 0, 0, 0, 500, 200}}, start: time.Now()}
			n, _ := newNotifier(t, func(c *Config) { c.transport = w })
			s := Subscription{Topic: topicName1, Protocol: "http", Endpoint: "http://localhost:1", Lasting: c.lasting}
			if _, _, err := n.Subscribe(s); err != nil {
				t.Fatal(err)
			}
			if err := n.Settle(t.Context()); err != nil || time.Since(w.start) != 0 {
				t.Errorf("confirmation holds the clock: %v", err)
			}
			time.Sleep(time.Hour)
			synctest.Wait()
			if len(w.log) != c.want {
				t.Errorf("lasting %v: %q", c.lasting, w.log)
			}
			if _, _, err := n.Subscribe(s); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if len(w.log) != c.want+1 || len(n.order) != 1 {
				t.Errorf("subscribed again: %q, %d subscriptions", w.log, len(n.order))
			}
			n.Close()
		})
	}
}

// TestUnsubscribed checks that the end of a subscription gives up what waits for it.
func TestUnsubscribed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &web{script: map[string][]int{"a": {500}}, start: time.Now()}
		n, _ := newNotifier(t, func(c *Config) { c.transport = w })
		arn, _, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: "http", Endpoint: "http://localhost:1", Raw: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.confirm(topicName1, n.order[0].token); err != nil {
			t.Fatal(err)
		}
		if err := n.Publish(topicName1, "", "a"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := n.Settle(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("settled before the retry: %v", err)
		}
		n.unsubscribe(arn)
		if err := n.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, failed := n.Counts(); failed != 1 || time.Since(w.start) != 20*time.Second {
			t.Errorf("%d failed after %v", failed, time.Since(w.start))
		}
		n.Close()
	})
}

// read receives from a queue through its interface.
func read(t *testing.T, queues *sqs.Queues) (bodies []string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"QueueUrl": "/1/events", "MaxNumberOfMessages": 10}`))
	r.Header.Set("X-Amz-Target", "AmazonSQS.ReceiveMessage")
	w := httptest.NewRecorder()
	queues.ServeHTTP(w, r)
	var out struct{ Messages []struct{ Body string } }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, m := range out.Messages {
		bodies = append(bodies, m.Body)
	}
	return bodies
}

// TestQueue checks that a queue needs no confirmation and gets signed envelopes, or the
// event alone, in order, and what happens when it is full.
func TestQueue(t *testing.T) {
	for _, raw := range []bool{false, true} {
		n, queues := newNotifier(t, nil)
		if _, confirmed, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: "sqs", Endpoint: queueARN, Raw: raw}); err != nil || !confirmed {
			t.Fatal(confirmed, err)
		}
		for i := range 100 {
			if err := n.Publish(topicName1, "s", fmt.Sprint(i)); err != nil || n.Full() != (i == 99) {
				t.Fatalf("message %d: %v, full %v", i, err, n.Full())
			}
		}
		if err := n.Publish(topicName1, "s", "100"); !errors.Is(err, ErrFull) {
			t.Errorf("beyond the queue's limit: %v", err)
		}
		if delivered, failed := n.Counts(); delivered != 100 || failed != 1 {
			t.Errorf("%d delivered, %d failed", delivered, failed)
		}
		for i, body := range read(t, queues) {
			message := body
			if !raw {
				var m map[string]string
				if err := json.Unmarshal([]byte(body), &m); err != nil {
					t.Fatal(err)
				}
				message = m["Message"]
				if err := verify(get(n, m["SigningCertURL"]).Body.Bytes(), []byte(body)); err != nil {
					t.Errorf("message %d: %v", i, err)
				}
			}
			if message != fmt.Sprint(i) {
				t.Errorf("message %d: %s", i, body)
			}
		}
	}
}

// slow is a web server that answers after a second.
type slow struct{}

func (slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Second)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r, Header: http.Header{}}, nil
}

// TestFull checks the bound on posts that wait for one web server.
func TestFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := newNotifier(t, func(c *Config) { c.transport, c.Limit = slow{}, 3 })
		if _, _, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: "http", Endpoint: "http://localhost:1", Raw: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := n.confirm(topicName1, n.order[0].token); err != nil {
			t.Fatal(err)
		}
		var err error
		for i := 0; i < 100 && err == nil; i++ {
			err = n.Publish(topicName1, "", "a")
			synctest.Wait() // until the worker has taken what it takes
		}
		if !errors.Is(err, ErrFull) || !n.Full() {
			t.Error("any number of posts may wait")
		}
		n.Close()
	})
}

// TestTargets checks that nothing is posted beyond the loopback interface: not to another
// host, not by a name that points elsewhere, not by a redirect, unless it is allowed.
func TestTargets(t *testing.T) {
	n, _ := newNotifier(t, func(c *Config) { c.Targets = []string{"Hook.test"} })
	for _, c := range []struct {
		protocol, endpoint string
		ok                 bool
	}{
		{"http", "http://127.0.0.1:1/", true},
		{"http", "http://127.1.2.3/", true},
		{"http", "http://[::1]:1/", true},
		{"http", "http://user:pass@LOCALHOST:1/x", true},
		{"https", "https://hook.test/", true},
		{"https", "http://127.0.0.1/", false},
		{"http", "http://127.0.0.1.example.com/", false},
		{"http", "http://192.0.2.1/", false},
		{"http", "http://0.0.0.0/", false},
		{"http", "http://2130706433/", false},
		{"http", "http://example.com/", false},
		{"http", "http://localhost.example.com/", false},
		{"http", "http:///x", false},
		{"http", "http://127.0.0.1:x/", false},
		{"email", "a@x.example", false},
		{"sqs", "events", false},
		{"sqs", "arn:aws:sns:us-east-1:1:x", false},
		{"sqs", queueARN, true},
	} {
		_, _, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: c.protocol, Endpoint: c.endpoint})
		var bad *refusal
		if (err == nil) != c.ok || err != nil && (!errors.As(err, &bad) || bad.code != "InvalidParameter") {
			t.Errorf("%s %s: %v", c.protocol, c.endpoint, err)
		}
	}
	n.Close()
	transport := newTransport(nil)
	for _, address := range []string{"192.0.2.1:80", "[2001:db8::1]:80", "0.0.0.0:80", "[::]:80"} {
		if conn, err := transport.DialContext(t.Context(), "tcp", address); !errors.Is(err, errTarget) {
			t.Errorf("dialled %s: %v, %v", address, conn, err)
		}
	}
	if transport.Proxy != nil {
		t.Error("a proxy may be used")
	}
	elsewhere := newApplication(t)
	redirect := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer redirect.Close()
	answer, err := newClient(transport).Post(redirect.URL, "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusTemporaryRedirect || len(elsewhere.posts) > 0 {
		t.Errorf("%d, and %d posts elsewhere", answer.StatusCode, len(elsewhere.posts))
	}
}
