package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"sesim/cmd/internal/serve"
	"sesim/cmd/internal/serve/notify"
	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wire/sqs"
	"sesim/reports/explain"
	"sesim/scenarios"
	"sesim/sim"
)

// scenario is a sandbox account, one in production, and one that is a neighbour.
const scenario = `
version = 1
name = "served"
question = "What does an application meet?"
horizon = "90d"

[[account]]
name = "acme"
identities = ["acme.example"]

[[account]]
name = "big"
access = "production"
quota = 50_000
rate = 14
identities = ["big.example"]

[[audience]]
name = "people"
size = 1000
domain = "people.example"
`

// running is a server of a scenario that runs, with clients for it.
type running struct {
	t        *testing.T
	server   *serve.Server
	url      string
	recorded *recording
}

// start serves a scenario on a frozen clock.
func start(t *testing.T, text string) *running {
	t.Helper()
	recorded, queues := record(t, text), sqs.New(1000, time.Now)
	r := &running{t: t, recorded: recorded}
	notifier := notify.New(notify.Config{Account: "123456789012", Base: func(string) string { return r.url }, Queues: queues, Now: time.Now})
	notices := &wire.Notices{Tell: func(text string) { t.Log(text) }}
	var err error
	r.server, err = serve.New(serve.Config{
		Scenario: recorded.study.Config, Notices: notices, Notifier: notifier, Queues: queues, Journal: recorded.writer, Part: recorded.part,
		Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(serve.NewFront(serve.Front{Backend: r.server, Notices: notices, Admin: r.server.Admin(), Others: queues}))
	r.url = listener.URL
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan *sim.Result, 1)
	go func() {
		result, err := r.server.Run(ctx)
		if err != nil {
			t.Error(err)
		}
		ended <- result
	}()
	t.Cleanup(func() {
		recorded.hold(r)
		cancel()
		listener.Close()
		notifier.Close()
		result := <-ended // before the session is looked at
		recorded.check(t, r.server.Config(), result)
	})
	return r
}

// v2 returns a client of version 2 for an account.
func (r *running) v2(key string) *sesv2.Client {
	return sesv2.New(sesv2.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(r.url), RetryMaxAttempts: 1, HTTPClient: http.DefaultClient,
		Credentials: credentials(key, "secret"),
	})
}

// ask sends a request for a path below AdminPath and returns the answer.
func (r *running) ask(method, path, body string) (status int, text []byte) {
	r.t.Helper()
	q, err := http.NewRequest(method, r.url+serve.AdminPath+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set(serve.AdminHeader, "1")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err = io.ReadAll(answer.Body); err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer.StatusCode, text
}

// admin asks for a path below AdminPath, and decodes the answer.
func (r *running) admin(method, path, body string, into any) int {
	r.t.Helper()
	status, text := r.ask(method, path, body)
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			r.t.Fatalf("%s %s: %d %s: %v", method, path, status, text, err)
		}
	}
	return status
}

// TestMalformedRecipient sends to what SES takes for an address, and to what it refuses:
// without a domain below a top-level one, or with characters that have no place there.
func TestMalformedRecipient(t *testing.T) {
	r := start(t, scenario)
	for to, malformed := range map[string]bool{
		"x@people.example": false, "X <x.y+z@sub.people.example>": false, `"a,b"@people.example`: false, "x@my_host.example": false,
		"x": true, "x@": true, "@people.example": true, "x@@people.example": true, "x@localhost": true, "x@a..example": true,
		"x@people.example.": true, "a@b.example,c@d.example": true, "x@[127.0.0.1]": true, "x y@people.example": true, "ü@people.example": true,
		`"x y"@people.example`: false, `"x@people.example`: true, `"@people.example`: true, "\"x\ty\"@people.example": true,
	} {
		_, err := r.v2("big").SendEmail(t.Context(), mail("shop@big.example", to))
		var refused apiError
		if got := errors.As(err, &refused) && refused.ErrorCode() == "BadRequestException"; got != malformed || err != nil && !got {
			t.Errorf("%s: %v", to, err)
		}
	}
}

// TestMalformedSender sends from what is an address, and from what only ends like one of a
// verified domain.
func TestMalformedSender(t *testing.T) {
	r := start(t, scenario)
	for from, malformed := range map[string]bool{
		"shop@big.example": false, "Shop <shop@big.example>": false, `"Shop, @ the corner" <shop@big.example>`: false,
		`"the shop"@big.example`: false, "Ü <shop@big.example>": false, "shop@big.example, till@big.example": false,
		"x@@big.example": true, "Shop <x@@big.example>": true, "@big.example": true, "x y@big.example": true,
		"shop@big.example, x@@big.example": true,
	} {
		_, err := r.v2("big").SendEmail(t.Context(), mail(from, "x@people.example"))
		var refused apiError
		if got := errors.As(err, &refused) && refused.ErrorCode() == "BadRequestException"; got != malformed || err != nil && !got {
			t.Errorf("%s: %v", from, err)
		}
	}
}

// TestAdvanceToNoTime moves the clock to what is not a time.
func TestAdvanceToNoTime(t *testing.T) {
	r := start(t, scenario)
	const want = `to is \"2026-02-01\"; right would be a time such as`
	if status, text := r.ask("POST", "clock/advance", `{"to":"2026-02-01"}`); status != 400 || !strings.Contains(string(text), want) {
		t.Errorf("%d %s", status, text)
	}
}

// advance moves the clock by a duration.
func (r *running) advance(by string) serve.Jumped {
	r.t.Helper()
	var j serve.Jumped
	if status := r.admin("POST", "clock/advance", `{"by":"`+by+`"}`, &j); status != 200 {
		r.t.Fatalf("advance by %s: %d", by, status)
	}
	return j
}

// explain returns what explains the call with a request or message id.
func (r *running) explain(id string) []explain.Entry {
	r.t.Helper()
	var e serve.Explanation
	if status := r.admin("GET", "calls/"+id, "", &e); status != 200 {
		r.t.Fatalf("call %s: %d", id, status)
	}
	return e.Entries
}

// mail is a message to an address.
func mail(from, to string) *sesv2.SendEmailInput {
	return &sesv2.SendEmailInput{
		FromEmailAddress: &from, Destination: &types.Destination{ToAddresses: []string{to}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("Hi")}, Body: &types.Body{Text: &types.Content{Data: aws.String("text")}},
		}},
	}
}

// bulk is a message to several addresses, one each.
func bulk(from string, to ...string) *sesv2.SendBulkEmailInput {
	in := &sesv2.SendBulkEmailInput{
		FromEmailAddress: &from,
		DefaultContent: &types.BulkEmailContent{Template: &types.Template{
			TemplateContent: &types.EmailTemplateContent{Subject: aws.String("Hi"), Text: aws.String("text")}, TemplateData: aws.String("{}"),
		}},
	}
	for _, address := range to {
		in.BulkEmailEntries = append(in.BulkEmailEntries, types.BulkEmailEntry{Destination: &types.Destination{ToAddresses: []string{address}}})
	}
	return in
}

// TestSandbox checks the rolling quota: 200 mails in steps of a second, the 201st is
// refused, and one more passes 24 hours after the first.
func TestSandbox(t *testing.T) {
	r := start(t, scenario)
	client, ctx := r.v2("acme"), context.Background()
	for i := range 200 {
		if _, err := client.SendEmail(ctx, mail("a@acme.example", "b@acme.example")); err != nil {
			t.Fatalf("mail %d: %v", i+1, err)
		}
		r.advance("1s")
	}
	_, err := client.SendEmail(ctx, mail("a@acme.example", "b@acme.example"))
	var throttled *types.TooManyRequestsException
	if !errors.As(err, &throttled) || *throttled.Message != "Daily message quota exceeded." {
		t.Fatalf("the 201st: %v", err)
	}
	if out, err := client.SendBulkEmail(ctx, bulk("a@acme.example", "b@acme.example")); err != nil ||
		out.BulkEmailEntryResults[0].Status != types.BulkEmailStatusAccountDailyQuotaExceeded {
		t.Errorf("the 202nd, in bulk: %+v, %v", out, err)
	}
	r.advance("23h56m39s") // to a second before the first is a day old
	if _, err := client.SendEmail(ctx, mail("a@acme.example", "b@acme.example")); !errors.As(err, &throttled) {
		t.Errorf("a second early: %v", err)
	}
	r.advance("1s")
	if _, err := client.SendEmail(ctx, mail("a@acme.example", "b@acme.example")); err != nil {
		t.Errorf("after a day: %v", err)
	}
	if _, err := client.SendEmail(ctx, mail("a@acme.example", "b@acme.example")); !errors.As(err, &throttled) {
		t.Errorf("one more at once: %v", err)
	}
}

// TestUnverified checks the text for an unverified recipient, and that the call can be
// asked about afterwards.
func TestUnverified(t *testing.T) {
	r := start(t, scenario)
	_, err := r.v2("acme").SendEmail(context.Background(), mail("A <a@acme.example>", "someone@else.example"))
	var rejected *types.MessageRejected
	want := "Email address is not verified. The following identities failed the check in region US-EAST-1: someone@else.example"
	if !errors.As(err, &rejected) || *rejected.Message != want {
		t.Fatal(err)
	}
	var calls []serve.Call
	r.admin("GET", "calls?n=1", "", &calls)
	if len(calls) != 1 || calls[0].Rule != "sandbox.recipients" || calls[0].Operation != "SendEmail" || calls[0].Status != 400 {
		t.Fatalf("%+v", calls)
	}
	e := r.explain(calls[0].RequestID)
	if len(e) != 1 || !strings.HasSuffix(e[0].What, want) || e[0].Rule != "sandbox.recipients" || e[0].About == "" || e[0].Address != "someone@else.example" {
		t.Errorf("%+v", e)
	}
	if status := r.admin("GET", "calls/unknown", "", &map[string]string{}); status != 404 {
		t.Errorf("an unknown id: %d", status)
	}
}

// TestIdentity checks that a new identity is pending, and verified after its time.
func TestIdentity(t *testing.T) {
	r := start(t, scenario)
	client, ctx := r.v2("acme"), context.Background()
	if out, err := client.CreateEmailIdentity(ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("new.example")}); err != nil || out.VerifiedForSendingStatus {
		t.Fatal(out, err)
	}
	var exists *types.AlreadyExistsException
	if _, err := client.CreateEmailIdentity(ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("NEW.example")}); !errors.As(err, &exists) {
		t.Errorf("again: %v", err)
	}
	status := func() types.VerificationStatus {
		out, err := client.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: aws.String("new.example")})
		if err != nil {
			t.Fatal(err)
		}
		return out.VerificationStatus
	}
	if got := status(); got != types.VerificationStatusPending {
		t.Errorf("at first %s", got)
	}
	r.advance("30s")
	if got := status(); got != types.VerificationStatusSuccess {
		t.Errorf("later %s", got)
	}
	list, err := client.ListEmailIdentities(ctx, &sesv2.ListEmailIdentitiesInput{PageSize: aws.Int32(1)})
	if err != nil || len(list.EmailIdentities) != 1 || *list.EmailIdentities[0].IdentityName != "acme.example" || list.NextToken == nil {
		t.Fatalf("%+v, %v", list, err)
	}
	list, err = client.ListEmailIdentities(ctx, &sesv2.ListEmailIdentitiesInput{NextToken: list.NextToken})
	if err != nil || len(list.EmailIdentities) != 1 || *list.EmailIdentities[0].IdentityName != "new.example" || list.NextToken != nil {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := client.DeleteEmailIdentity(ctx, &sesv2.DeleteEmailIdentityInput{EmailIdentity: aws.String("new.example")}); err != nil {
		t.Fatal(err)
	}
	var missing *types.NotFoundException
	if _, err := client.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: aws.String("new.example")}); !errors.As(err, &missing) {
		t.Errorf("deleted: %v", err)
	}
}

// TestRequest checks a production-access request, a second one, and its answer.
func TestRequest(t *testing.T) {
	r := start(t, scenario)
	client, ctx := r.v2("acme"), context.Background()
	in := &sesv2.PutAccountDetailsInput{MailType: types.MailTypeTransactional, WebsiteURL: aws.String("https://acme.example")}
	if _, err := client.PutAccountDetails(ctx, in); err != nil {
		t.Fatal(err)
	}
	var conflict *types.ConflictException
	if _, err := client.PutAccountDetails(ctx, in); !errors.As(err, &conflict) {
		t.Errorf("again: %v", err)
	}
	var j serve.Jumped
	r.admin("POST", "clock/advance", `{"until":"acme.count.granted > 0"}`, &j)
	if j.Until == nil || !*j.Until {
		t.Fatalf("%+v", j)
	}
	out, err := client.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil || !out.ProductionAccessEnabled || out.SendQuota.Max24HourSend != 50_000 || out.SendQuota.MaxSendRate != 14 || out.Details.ReviewDetails.Status != types.ReviewStatusGranted {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestEvents checks that bounces come to the stream and to a queue, with the message's own
// headers and tags, and that the address is on the account-level list afterwards.
func TestEvents(t *testing.T) {
	r := start(t, scenario)
	client, ctx := r.v2("big"), context.Background()
	in := mail("news@big.example", "bounce@simulator.amazonses.com")
	in.EmailTags = []types.MessageTag{{Name: aws.String("campaign"), Value: aws.String("spring")}}
	sent, err := client.SendEmail(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	r.advance("1m")
	q, _ := http.NewRequest("GET", r.url+serve.AdminPath+"events", nil)
	q.Header.Set(serve.AdminHeader, "1")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	var kinds []string
	for line := range bytes.Lines(text) {
		var e struct {
			Seq     int64
			Account string
			Event   struct {
				EventType string
				Mail      struct {
					MessageID string
					Tags      map[string][]string
				}
			}
		}
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, fmt.Sprint(e.Seq, e.Event.EventType))
		if e.Event.Mail.MessageID != *sent.MessageId || e.Account != "big" || e.Event.Mail.Tags["campaign"][0] != "spring" {
			t.Errorf("%s", line)
		}
	}
	if strings.Join(kinds, ",") != "1Send,2Bounce" {
		t.Errorf("events %v", kinds)
	}
}

// TestClock checks the clock's own requests.
func TestClockRequests(t *testing.T) {
	r := start(t, scenario)
	var c serve.Clock
	if status := r.admin("GET", "clock", "", &c); status != 200 || !c.Frozen || c.Next.What == "" {
		t.Errorf("%d %+v", status, c)
	}
	before := c.Now
	if status := r.admin("PUT", "clock", `{"tick":"71ms"}`, &c); status != 200 || c.Tick != "71ms" {
		t.Errorf("%d %+v", status, c)
	}
	for range 3 {
		if _, err := r.v2("big").SendEmail(context.Background(), mail("a@big.example", "b@people.example")); err != nil {
			t.Fatal(err)
		}
	}
	r.admin("GET", "clock", "", &c)
	if got := c.Now.Sub(before); got != 3*71*time.Millisecond {
		t.Errorf("three calls took %s", got)
	}
	for _, bad := range []string{`{}`, `{"speed":-1}`, `{"speed":1e7}`, `{"speed":1,"tick":"1s"}`, `{"tick":"soon"}`, `{"sped":1}`, `{"speed":0.0001}`} {
		if status := r.admin("PUT", "clock", bad, &map[string]string{}); status != 400 {
			t.Errorf("%s: %d", bad, status)
		}
	}
	for _, bad := range []string{`{}`, `{"by":"-1h"}`, `{"by":"1h","next":true}`, `{"to":"2001-01-01T00:00:00Z"}`, `{"until":"acme.nothing > 1"}`, `{"by":"1h","settle":"maybe"}`, `{"until":"acme.quota_free > 1"}`} {
		if status := r.admin("POST", "clock/advance", bad, &map[string]string{}); status != 400 {
			t.Errorf("%s: %d", bad, status)
		}
	}
	if j := r.advance("9000h"); j.To.Sub(before) < 89*24*time.Hour {
		t.Errorf("to the end: %+v", j)
	}
}

// TestEndLetsGo checks that calls come back which are made while the server ends.
func TestEndLetsGo(t *testing.T) {
	cfg, err := scenarios.Load("served.toml", []byte(scenario))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		notifier := notify.New(notify.Config{Now: time.Now})
		s, err := serve.New(serve.Config{Scenario: cfg, Notices: &wire.Notices{}, Notifier: notifier, Queues: sqs.New(1, time.Now), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		ctx, end := context.WithCancel(context.Background())
		var callers sync.WaitGroup
		for range 8 {
			callers.Go(func() {
				var err error
				for err == nil {
					var list []serve.Account
					if list, err = s.Accounts(context.Background()); err == nil && len(list) != 2 {
						t.Errorf("%d accounts without an error", len(list))
					}
				}
				if !errors.Is(err, serve.ErrClosed) {
					t.Error(err)
				}
			})
		}
		time.AfterFunc(time.Millisecond, end)
		if _, err := s.Run(ctx); err != nil {
			t.Error(err)
		}
		callers.Wait()
		notifier.Close()
	}
}
