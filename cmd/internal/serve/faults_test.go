package serve_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"sesim/cmd/internal/serve"
	"sesim/cmd/internal/serve/fault"
)

// faults replaces the faults of a server.
func (r *running) faults(list string) {
	r.t.Helper()
	var kept []fault.Fault
	if status := r.admin("PUT", "faults", list, &kept); status != 200 {
		r.t.Fatalf("faults %s: %d", list, status)
	}
}

// sent returns how much mail of an account the model has accepted.
func (r *running) sent(account string) int64 {
	r.t.Helper()
	var list []serve.Account
	r.admin("GET", "accounts", "", &list)
	for i := range list {
		if list[i].Name == account {
			return list[i].SentLast24Hours
		}
	}
	return -1
}

// TestFaultsWrong checks what is refused besides what package fault refuses, and that the
// message says what would be right.
func TestFaultsWrong(t *testing.T) {
	r := start(t, scenario)
	for _, c := range []struct{ faults, want string }{
		{`[{"match":{"account":"nobody"},"do":{"status":500}}]`, `number 1: match.account: there is no account \"nobody\", but acme in us-east-1, big`},
		{`[{"do":{"latency":"100ms"}}]`, "do.latency is a JSON string; it must be an object"},
		{`[{"do":{"status":"500"}}]`, "do.status is a JSON string; it must be a number"},
		{`[{"do":{"cut":true}}]`, "do.cut is a JSON bool; it must be a string"},
		{`[{"do":{"duplicate":1}}]`, "do.duplicate is a JSON number; it must be true or false"},
		{`{}`, "the body is a JSON object; it must be a list"},
		{`[1]`, "it must be an object"},
	} {
		if status, text := r.ask("PUT", "faults", c.faults); status != 400 || !strings.Contains(string(text), c.want) {
			t.Errorf("%s: %d %s", c.faults, status, text)
		}
	}
}

// TestFaults checks what clients of version 2 meet, what counts in the model, and what is
// told of it: a call refused before the decision does not count, and one whose answer is
// lost does.
func TestFaults(t *testing.T) {
	r := start(t, scenario)
	client, ctx := r.v2("big"), context.Background()
	for _, c := range []struct {
		do     string
		counts bool
		status int // of the call in the list
		check  func(err error) bool
	}{
		{`"status":500`, false, 500, func(err error) bool {
			var e *types.InternalServiceErrorException
			return errors.As(err, &e)
		}},
		{`"status":503`, false, 503, func(err error) bool { return err != nil && strings.Contains(err.Error(), "ServiceUnavailable") }},
		{`"cut":"before"`, false, 0, func(err error) bool { return errors.Is(err, io.EOF) }},
		{`"cut":"after"`, true, 200, func(err error) bool { return errors.Is(err, io.EOF) }},
		{`"cut":"in"`, true, 200, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		{`"latency":{"p50":"1ms"}`, true, 200, func(err error) bool { return err == nil }},
	} {
		r.faults(`[{"match":{"operation":"SendEmail","account":"big"},"do":{` + c.do + `}}]`)
		before := r.sent("big")
		_, err := client.SendEmail(ctx, mail("a@big.example", "b@people.example"))
		if !c.check(err) {
			t.Errorf("%s: %v", c.do, err)
		}
		if counts := r.sent("big") > before; counts != c.counts {
			t.Errorf("%s: it counts in the model: %v", c.do, counts)
		}
		var calls []serve.Call
		r.admin("GET", "calls?n=1", "", &calls)
		if len(calls) != 1 || !strings.HasPrefix(calls[0].Fault, "fault 1: ") || calls[0].Status != c.status || calls[0].Rule != "" || (calls[0].MessageID != "") != c.counts {
			t.Errorf("%s: %+v", c.do, calls)
		}
		if _, err := r.v2("acme").GetAccount(ctx, &sesv2.GetAccountInput{}); err != nil {
			t.Errorf("%s: an operation that it is not about: %v", c.do, err)
		}
		r.advance("1s")
	}
	var list []fault.Fault
	if status := r.admin("GET", "faults", "", &list); status != 200 || len(list) != 1 || list[0].Hits != 1 || list[0].Matched != 1 {
		t.Errorf("%d %+v", status, list)
	}
	if status := r.admin("DELETE", "faults", "", &list); status != 200 || len(list) != 0 {
		t.Errorf("%d %+v", status, list)
	}
	if _, err := client.SendEmail(ctx, mail("a@big.example", "b@people.example")); err != nil {
		t.Errorf("without faults: %v", err)
	}
	for _, bad := range []string{`{}`, `[{}]`, `[{"do":{"status":500},"shore":1}]`, `[{"do":{"status":500},"match":{"operation":"Send"}}]`} {
		var p struct{ Error string }
		if status := r.admin("PUT", "faults", bad, &p); status != 400 || p.Error == "" {
			t.Errorf("%s: %d %+v", bad, status, p)
		}
	}
}

// TestFaultHeaders checks the answers of version 1 and the headers that name a fault, which
// is no rule.
func TestFaultHeaders(t *testing.T) {
	r := start(t, scenario)
	call := func() (int, http.Header, string) {
		q, err := http.NewRequest("POST", r.url, strings.NewReader("Action=GetSendQuota&Version=2010-12-01"))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.Header.Set("Authorization", strings.Replace(authorization, "eu-west-1", "us-east-1", 1))
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, answer.Header, string(text)
	}
	r.faults(`[{"match":{"interface":"v1","operation":"GetAccount"},"count":1,"do":{"status":500}},{"do":{"latency":{"p50":"1ms"}}}]`)
	status, header, text := call()
	if status != 500 || header.Get("x-sesim-fault") != "fault 1: status 500" || header.Get("x-sesim-rule") != "" || !strings.Contains(text, "<Type>Receiver</Type><Code>InternalFailure</Code>") {
		t.Errorf("%d %v %s", status, header, text)
	}
	if status, header, _ := call(); status != 200 || header.Get("x-sesim-fault") != "fault 2: latency 1ms" {
		t.Errorf("%d %v", status, header)
	}
}

// TestFaultsOnSMTP checks replies to AUTH and to messages, and connections that end.
func TestFaultsOnSMTP(t *testing.T) {
	h, r, _ := host(t, strings.ReplaceAll(scenario, `"big.example"`, `"big.example", "acme.example"`), 0)
	send := func() error {
		c, err := smtp.Dial(h.SMTPAddress())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Auth(smtp.PlainAuth("", "big", h.SMTPPassword("us-east-1"), "127.0.0.1")); err != nil {
			return err
		}
		return submit(c, 1)
	}
	for _, c := range []struct {
		operation, do, want string
		counts              bool
	}{
		{"AUTH", `"status":503`, `454 "Temporary authentication failure"`, false},
		{"AUTH", `"cut":"after"`, "EOF", false},
		{"SendEmail", `"status":500`, `451 "Temporary service failure"`, false},
		{"SendEmail", `"status":421`, `421 "Too many concurrent SMTP connections"`, false},
		{"SendEmail", `"cut":"after"`, "EOF", true},
		{"SendEmail", `"cut":"before"`, "EOF", false},
		{"SendEmail", `"latency":{"p50":"1ms"}`, "", true},
	} {
		r.faults(`[{"match":{"interface":"smtp","operation":"` + c.operation + `"},"do":{` + c.do + `}}]`)
		before := r.sent("big")
		if err := send(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v, want %q", c.operation, c.do, err, c.want)
		}
		if counts := r.sent("big") > before; counts != c.counts {
			t.Errorf("%s %s: it counts in the model: %v", c.operation, c.do, counts)
		}
		r.advance("1s")
	}
}

// TestFaultsOfNotifications checks that a queue gets a notification twice, and late: jumps
// wait for it.
func TestFaultsOfNotifications(t *testing.T) {
	h, r, _ := host(t, scenario, 0)
	r.v1("SetIdentityNotificationTopic", "Identity", "big.example", "NotificationType", "Bounce", "SnsTopic", h.Topics()[0].ARN)
	r.faults(`[{"count":1,"do":{"duplicate":true,"delay":"20ms"}}]`)
	send := func() {
		if _, err := r.v2("big").SendEmail(context.Background(), mail("a@big.example", "bounce@simulator.amazonses.com")); err != nil {
			t.Fatal(err)
		}
	}
	send()
	began := time.Now()
	r.advance("1m")
	if time.Since(began) < 20*time.Millisecond {
		t.Error("the jump did not wait for the late notification")
	}
	send()
	r.advance("1m")
	var out received
	in := map[string]any{"QueueUrl": h.Topics()[0].To, "MaxNumberOfMessages": 10}
	if r.sqs(t.Context(), "ReceiveMessage", in, &out); len(out.Messages) != 3 {
		t.Fatalf("%d messages", len(out.Messages))
	}
	ids := map[string]int{}
	for _, m := range out.Messages {
		var e struct{ MessageID string }
		if err := json.Unmarshal([]byte(m.Body), &e); err != nil {
			t.Fatal(err)
		}
		ids[e.MessageID]++
	}
	if len(ids) != 2 {
		t.Errorf("%v", ids)
	}
}

// TestFaultsReplay checks that a journal has notes of faults. As that of each test, it is driven
// again, without the faults.
func TestFaultsReplay(t *testing.T) {
	_, r, stop := host(t, scenario, 0)
	r.faults(`[{"every":3,"do":{"cut":"after"}},{"every":2,"do":{"status":500}}]`)
	client := r.v2("big")
	failed := 0
	for range 12 {
		if _, err := client.SendEmail(context.Background(), mail("a@big.example", "b@people.example")); err != nil {
			failed++
		}
		r.advance("1s")
	}
	stop()
	text := r.recorded.journal.String()
	if n := strings.Count(text, `"note":"v2 SendEmail of big: fault `); failed != 8 || n != failed {
		t.Errorf("%d calls failed, %d notes: %s", failed, n, text)
	}
}
