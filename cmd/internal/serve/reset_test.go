package serve_test

import (
	"context"
	"errors"
	"net/http"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"sesim/cmd/internal/journal"
	"sesim/cmd/internal/serve"
	"sesim/cmd/internal/serve/fault"
)

// TestReset checks that a session which is begun again is as it was at the start: the same
// calls get the same answers, what calls had made is gone, and connections stay.
func TestReset(t *testing.T) {
	h, r, _ := host(t, strings.ReplaceAll(scenario, `"big.example"`, `"big.example", "acme.example"`), 0)
	client, ctx := r.v2("big"), context.Background()
	connection, err := smtp.Dial(h.SMTPAddress())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.Auth(smtp.PlainAuth("", "big", "any", "127.0.0.1")); err != nil {
		t.Fatal(err)
	}
	var begin serve.Clock
	r.admin("GET", "clock", "", &begin)
	round := func() (ids []string) {
		t.Helper()
		if _, err := client.CreateEmailIdentity(ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("new.example")}); err != nil {
			t.Fatal(err)
		}
		r.v1("SetIdentityNotificationTopic", "Identity", "big.example", "NotificationType", "Bounce", "SnsTopic", h.Topics()[0].ARN)
		for range 3 {
			out, err := client.SendEmail(ctx, mail("a@big.example", "bounce@simulator.amazonses.com"))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, *out.MessageId)
			r.advance("1m")
		}
		if err := submit(connection, 1); err != nil {
			t.Error(err)
		}
		if n := r.queued(h.Topics()[0].To); n != "3" {
			t.Errorf("%s messages in the queue", n)
		}
		r.faults(`[{"do":{"status":503}}]`)
		return ids
	}
	first := round()
	reader := make(chan int, 1)
	go func() { // waits for an event that does not come
		status, _ := r.ask("GET", "events?after=7&wait=1m", "")
		reader <- status
	}()
	time.Sleep(20 * time.Millisecond) // so that it waits, most of the time
	var c serve.Clock
	if status := r.admin("POST", "reset", "", &c); status != 200 || !c.Now.Equal(begin.Now) || !c.Frozen || c.Pending != 0 {
		t.Errorf("%d %+v, at the start %+v", status, c, begin)
	}
	select {
	case <-reader:
	case <-time.After(20 * time.Second):
		t.Error("a reader of the stream still waits")
	}
	var calls []serve.Call
	var faults []fault.Fault
	r.admin("GET", "calls", "", &calls)
	r.admin("GET", "faults", "", &faults)
	if len(calls) != 0 || len(faults) != 0 || r.sent("big") != 0 || len(r.stream()) != 0 || r.queued(h.Topics()[0].To) != "0" {
		t.Errorf("left are calls %+v, faults %+v, %d mails", calls, faults, r.sent("big"))
	}
	if status, text := r.ask("GET", "events?after=7", ""); status != http.StatusGone || !strings.Contains(string(text), "there is no event 7; the latest is 0") {
		t.Errorf("%d %s", status, text)
	}
	if second := round(); strings.Join(first, " ") != strings.Join(second, " ") {
		t.Errorf("messages %q, at first %q", second, first)
	}
}

// TestResetRefused checks that nothing is begun again in a jump, or where the journal cannot
// go on.
func TestResetRefused(t *testing.T) {
	full := false
	h, r, _ := host(t, scenario, 0, func(o *serve.Options) {
		part := o.Part
		o.Part = func(n int) (*journal.Writer, error) {
			if full {
				return nil, errors.New("no space")
			}
			return part(n)
		}
	})
	r.v1("SetIdentityNotificationTopic", "Identity", "big.example", "NotificationType", "Delivery", "SnsTopic", h.Topics()[0].ARN)
	if _, err := r.v2("big").SendEmail(context.Background(), mail("a@big.example", "b@people.example")); err != nil {
		t.Fatal(err)
	}
	jumped := make(chan int, 1)
	go func() {
		status, _ := r.ask("POST", "clock/advance", `{"by":"1h","settle":"each"}`) // waits for a reader of the queue
		jumped <- status
	}()
	for r.queued(h.Topics()[0].To) != "1" {
		time.Sleep(time.Millisecond)
	}
	if status, text := r.ask("POST", "reset", ""); status != http.StatusConflict {
		t.Errorf("in a jump: %d %s", status, text)
	}
	r.sqs(t.Context(), "PurgeQueue", map[string]any{"QueueUrl": h.Topics()[0].To}, &struct{}{})
	if status := <-jumped; status != 200 {
		t.Errorf("the jump: %d", status)
	}
	full = true
	if status, text := r.ask("POST", "reset", ""); status != 500 || !strings.Contains(string(text), "no space") || r.sent("big") != 1 {
		t.Errorf("%d %s", status, text)
	}
}

// queued returns how many messages are in a queue.
func (r *running) queued(queue string) string {
	r.t.Helper()
	var out struct{ Attributes map[string]string }
	r.sqs(r.t.Context(), "GetQueueAttributes", map[string]any{"QueueUrl": queue, "AttributeNames": []string{"All"}}, &out)
	return out.Attributes["ApproximateNumberOfMessages"]
}
