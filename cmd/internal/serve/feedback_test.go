package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"sesim/cmd/internal/serve"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
)

// The tests of this file let an application read its bounces from a queue.

// bounce is what an application takes from the notification of a bounce.
type bounce struct {
	address string
	at      time.Time
}

// sqs makes a call to a queue, and decodes the answer. It returns false if ctx has ended.
func (r *running) sqs(ctx context.Context, operation string, in, into any) bool {
	r.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("X-Amz-Target", "AmazonSQS."+operation)
	answer, err := http.DefaultClient.Do(q)
	if err == nil {
		defer answer.Body.Close()
		err = json.NewDecoder(answer.Body).Decode(into)
	}
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		r.t.Errorf("%s: %v", operation, err)
		return false
	case answer.StatusCode != http.StatusOK:
		r.t.Errorf("%s: %s", operation, answer.Status)
	}
	return true
}

// received are messages of a queue.
type received struct {
	Messages []struct{ Body, ReceiptHandle string }
}

// read calls react for each bounce that comes to a queue, until the returned function is
// called. A message is deleted after the reaction.
func (r *running) read(queue string, react func(b bounce)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() {
		for {
			var out received
			in := map[string]any{"QueueUrl": queue, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 20}
			if !r.sqs(ctx, "ReceiveMessage", in, &out) {
				return
			}
			for _, m := range out.Messages {
				if b, ok := bounceOf(r.t, m.Body); ok {
					react(b)
				}
				r.sqs(context.Background(), "DeleteMessage", map[string]any{"QueueUrl": queue, "ReceiptHandle": m.ReceiptHandle}, &struct{}{})
			}
		}
	})
	return func() { cancel(); group.Wait() }
}

// bounceOf returns the bounce in a message of a queue; false: it tells of something else.
func bounceOf(t *testing.T, body string) (bounce, bool) {
	t.Helper()
	var envelope struct{ Message string }
	if err := json.Unmarshal([]byte(body), &envelope); err != nil {
		t.Errorf("%v: %s", err, body)
	}
	var event struct {
		EventType string
		Bounce    struct {
			Timestamp         time.Time
			BouncedRecipients []struct{ EmailAddress string }
		}
	}
	if json.Unmarshal([]byte(envelope.Message), &event) != nil || event.EventType != "Bounce" {
		return bounce{}, false // that the destination was created
	}
	return bounce{event.Bounce.BouncedRecipients[0].EmailAddress, event.Bounce.Timestamp}, true
}

// bouncesTo makes a configuration set whose bounces go to a topic.
func (r *running) bouncesTo(key, set, topic string) {
	r.t.Helper()
	client, ctx := r.v2(key), context.Background()
	if _, err := client.CreateConfigurationSet(ctx, &sesv2.CreateConfigurationSetInput{ConfigurationSetName: &set}); err != nil {
		r.t.Fatal(err)
	}
	_, err := client.CreateConfigurationSetEventDestination(ctx, &sesv2.CreateConfigurationSetEventDestinationInput{
		ConfigurationSetName: &set, EventDestinationName: aws.String("bounces"), EventDestination: &types.EventDestinationDefinition{
			Enabled: true, SnsDestination: &types.SnsDestination{TopicArn: &topic}, MatchingEventTypes: []types.EventType{types.EventTypeBounce},
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// now returns what the virtual clock shows.
func (r *running) now() time.Time {
	r.t.Helper()
	var c serve.Clock
	r.admin(http.MethodGet, "clock", "", &c)
	return c.Now
}

// TestSettleEach checks that the clock stands still within a jump at each moment with a
// notification until it was read: an application reads each bounce when it happens, and
// what it sends then is sent at that moment.
func TestSettleEach(t *testing.T) {
	h, r, _ := host(t, strings.Replace(scenario, `domain = "people.example"`, "domain = \"people.example\"\ninvalid = \"50%\"", 1), 0)
	r.bouncesTo("big", "news", h.Topics()[0].ARN)
	client, ctx := r.v2("big"), context.Background()
	send := func(to string) {
		m := mail("a@big.example", to)
		m.ConfigurationSetName = aws.String("news")
		if _, err := client.SendEmail(ctx, m); err != nil {
			t.Error(err)
		}
	}
	for i := range 14 {
		send(fmt.Sprintf("people-%d@people.example", i+1))
	}
	var bounced []time.Time
	stop := r.read(h.Topics()[0].To, func(b bounce) {
		if now := r.now(); !now.Truncate(time.Millisecond).Equal(b.at) {
			t.Errorf("the bounce of %v is read at %v", b.at, now)
		}
		if bounced = append(bounced, b.at); strings.HasPrefix(b.address, "people-") {
			send("bounce@simulator.amazonses.com") // which bounces at once, within the jump
		}
	})
	var j serve.Jumped
	r.admin("POST", "clock/advance", `{"by":"1h","settle":"each"}`, &j)
	stop()
	if len(bounced) < 4 || len(bounced)%2 != 0 || j.Unread || j.Failed != 0 || j.Notified != int64(len(bounced)) || !slices.IsSortedFunc(bounced, time.Time.Compare) {
		t.Errorf("bounces read at %v; %+v", bounced, j)
	}
}

// stale is a list with many addresses that no longer exist, and twin its sender in a run.
const (
	stale = `
version = 1
name = "stale"
question = "What becomes of an account that mails a stale list?"
horizon = "35d"

[[account]]
name = "acme"
access = "production"
quota = 50_000
rate = 1000
identities = ["acme.example"]
suppression = []

[[audience]]
name = "customers"
size = 1100
domain = "customers.example"
invalid = "9.5%"

[rules]
review.length = "14d"
`
	twin = `
[[sender]]
name = "newsletter"
account = "acme"
from = "news@acme.example"
audience = "customers"
traffic = { kind = "campaign", every = "7d", pace = "500/s" }
`
	campaigns, campaignEvery = 5, 7 * 24 * time.Hour
)

// TestBounceReader checks the closed loop: an application that removes the addresses that
// bounced from its list ends healthy, one that reads no bounces is paused; and both fare as
// a sender of the model does. 39 runs and one more are 40 draws, of which the one is the
// least or the greatest in 1 of 20 cases: the least and the greatest of the 39 are its 95%
// prediction interval.
func TestBounceReader(t *testing.T) {
	for _, c := range []struct {
		reads          bool
		onBounce, ends string
	}{{true, "remove", "HEALTHY"}, {false, "keep", "SHUTDOWN"}} {
		if testing.Short() {
			t.Skip("thousands of calls")
		}
		t.Run(c.onBounce, func(t *testing.T) {
			state, got := mailList(t, c.reads)
			if state != c.ends {
				t.Errorf("the account ends %s, want %s", state, c.ends)
			}
			least, most := twinRuns(t, stale+twin+"on_bounce = "+strconv.Quote(c.onBounce), 39)
			for name, value := range got {
				if value < least[name] || value > most[name] {
					t.Errorf("%s is %v, of the runs %v to %v", name, value, least[name], most[name])
				}
			}
			t.Logf("%v; least %v, most %v", got, least, most)
		})
	}
}

// staleMetrics are what sessions and runs are compared by.
var staleMetrics = []string{
	"acme.accepted", "acme.hard_bounced", "acme.bounce_rate.max", "acme.bounce_rate.final", "acme.time_to.under-review",
	"acme.count.paused", "acme.count.healthy", "acme.refused",
}

// mailList mails the list week after week, without the addresses that bounced if it reads
// bounces. It returns how the account ends, and the figures of the session.
func mailList(t *testing.T, reads bool) (state string, figures map[string]float64) {
	h, r, stop := host(t, stale, 0)
	var lock sync.Mutex
	gone := map[string]bool{}
	set, stopReading := (*string)(nil), func() {}
	if reads {
		set = aws.String("news")
		r.bouncesTo("acme", *set, h.Topics()[0].ARN)
		stopReading = r.read(h.Topics()[0].To, func(b bounce) {
			lock.Lock()
			defer lock.Unlock()
			gone[b.address] = true
		})
	}
	begin := r.now()
	r.admin("PUT", "clock", `{"tick":"100ms"}`, nil)
	for week := range campaigns {
		var list []types.BulkEmailEntry
		for i := range 1100 {
			address := fmt.Sprintf("customers-%d@customers.example", i+1)
			lock.Lock()
			if !gone[address] {
				list = append(list, types.BulkEmailEntry{Destination: &types.Destination{ToAddresses: []string{address}}})
			}
			lock.Unlock()
		}
		for entries := range slices.Chunk(list, 50) {
			_, err := r.v2("acme").SendBulkEmail(context.Background(), &sesv2.SendBulkEmailInput{
				FromEmailAddress: aws.String("news@acme.example"), ConfigurationSetName: set, BulkEmailEntries: entries,
				DefaultContent: &types.BulkEmailContent{Template: &types.Template{
					TemplateContent: &types.EmailTemplateContent{Subject: aws.String("News"), Text: aws.String("text")}, TemplateData: aws.String("{}"),
				}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		to, err := begin.Add(time.Duration(week+1) * campaignEvery).MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var j serve.Jumped
		if status := r.admin("POST", "clock/advance", fmt.Sprintf(`{"to":%q,"settle":"each"}`, to), &j); status != 200 || j.Unread {
			t.Fatalf("%d %+v", status, j)
		}
	}
	var accounts []serve.Account
	r.admin("GET", "accounts", "", &accounts)
	stopReading()
	result := stop()
	return accounts[0].EnforcementStatus, metrics(h.Config(), result)
}

// metrics returns the figures of a result.
func metrics(cfg *sim.Config, result *sim.Result) map[string]float64 {
	figures := map[string]float64{}
	for _, name := range staleMetrics {
		figures[name], _ = result.Value(cfg, name)
	}
	return figures
}

// twinRuns runs a scenario with several seeds, and returns the least and greatest figures.
func twinRuns(t *testing.T, text string, seeds int) (least, most map[string]float64) {
	t.Helper()
	cfg, err := scenarios.Load("twin.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for seed := range seeds {
		cfg.Seed = uint64(seed + 1)
		result, err := engine.Run(*cfg, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		figures := metrics(cfg, result)
		if seed == 0 {
			least, most = metrics(cfg, result), metrics(cfg, result)
		}
		for name, value := range figures {
			least[name], most[name] = min(least[name], value), max(most[name], value)
		}
	}
	return least, most
}

// TestJumpFull checks that a jump ends where a queue has no more room, so that nothing is
// lost, and goes on when there is room again.
func TestJumpFull(t *testing.T) {
	text := strings.Replace(scenario, `domain = "people.example"`, "domain = \"people.example\"\ninvalid = \"100%\"", 1) + "\n[serve]\nqueue = 4\n"
	h, r, _ := host(t, text, 0)
	r.bouncesTo("big", "news", h.Topics()[0].ARN) // which puts a message into the queue
	for i := range 9 {
		m := mail("a@big.example", fmt.Sprintf("people-%d@people.example", i+1))
		m.ConfigurationSetName = aws.String("news")
		if _, err := r.v2("big").SendEmail(context.Background(), m); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range []struct {
		full   bool
		events int64
	}{{true, 3}, {true, 0}, {true, 4}, {false, 2}} {
		var j serve.Jumped
		if r.admin("POST", "clock/advance", `{"by":"24h"}`, &j); j.Full != c.full || j.Events != c.events || j.Failed != 0 || j.Full == (j.To.Sub(j.From) == 24*time.Hour) {
			t.Errorf("jump %d: %+v", i+1, j)
		}
		if i > 0 {
			r.sqs(t.Context(), "PurgeQueue", map[string]any{"QueueUrl": h.Topics()[0].To}, &struct{}{})
		}
	}
}
