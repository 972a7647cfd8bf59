package serve_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sesim/cmd/internal/serve"
	"sesim/cmd/internal/serve/wire"
)

// TestExplainCalls asks why calls of different kinds were answered as they were, by the ids
// of requests and of messages.
func TestExplainCalls(t *testing.T) {
	r := start(t, scenario)
	client := r.v2("acme")
	sent, err := client.SendEmail(context.Background(), mail("a@acme.example", "b@acme.example"))
	if err != nil {
		t.Fatal(err)
	}
	e := r.explain(*sent.MessageId)
	if len(e) != 1 || e[0].What != "call with 1 recipient accepted" || e[0].Message != 1 ||
		!slices.Contains(e[0].Figures, "token bucket at 1, refilled with 1 a second") {
		t.Errorf("an accepted message: %+v", e)
	}
	if _, err := client.SendEmail(context.Background(), mail("a@acme.example", "b@acme.example")); err == nil {
		t.Fatal("a second mail in the same moment is accepted")
	}
	e = r.explain(r.latest().RequestID)
	if len(e) != 1 || e[0].Rule != "rate.bucket" || e[0].Message != 2 || e[0].Standing != "documented" ||
		!slices.Contains(e[0].Figures, "the rate would let it pass 1 s later, if no other call is accepted before") {
		t.Errorf("a refused message: %+v", e)
	}
	if _, err := client.GetSuppressedDestination(context.Background(), &sesv2.GetSuppressedDestinationInput{EmailAddress: aws.String("x@y.example")}); err == nil {
		t.Fatal("the sandbox lets the list be read")
	}
	e = r.explain(r.latest().RequestID)
	if len(e) != 1 || !strings.HasPrefix(e[0].What, "GetSuppressedDestination refused: 400 BadRequestException: ") || e[0].Rule != "account.sandbox-blocked" {
		t.Errorf("an operation: %+v", e)
	}
}

// TestExplainStrangers asks about calls that no account has made, and about one of an
// operation that there is not.
func TestExplainStrangers(t *testing.T) {
	r := start(t, scenario)
	if _, err := r.v2("nobody").SendEmail(t.Context(), mail("a@acme.example", "b@acme.example")); err == nil {
		t.Fatal("a key that there is not is taken")
	}
	call := r.latest()
	if call.Account != "" || call.Operation != "SendEmail" || call.Status == 200 || !strings.Contains(call.Hint, `"nobody"`) {
		t.Errorf("an unknown key: %+v", call)
	}
	if e := r.explain(call.RequestID); len(e) != 1 || !strings.HasPrefix(e[0].What, "SendEmail refused: ") || e[0].Account != "" {
		t.Errorf("an unknown key: %+v", e)
	}
	request, err := http.NewRequest("GET", r.url+"/v2/email/contact-lists", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", authorization)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	call = r.latest()
	if call.Operation != "GET /v2/email/contact-lists" || call.Code != "UnknownOperationException" || call.Status != answer.StatusCode {
		t.Errorf("an unknown operation: %+v", call)
	}
}

// TestOtherServicesRefuse checks that what SQS and SNS refuse is in the list of calls, with the
// header that says why.
func TestOtherServicesRefuse(t *testing.T) {
	h, r, _ := host(t, scenario, 0)
	for _, c := range []struct {
		name, target, body string
		want               serve.Call
	}{
		{"SQS, JSON", "AmazonSQS.ReceiveMessage", `{"QueueUrl": "http://localhost/1/none"}`, serve.Call{
			Interface: "sqs", Operation: "ReceiveMessage", Status: 400, Code: "QueueDoesNotExist", Message: "The specified queue does not exist."}},
		{"SQS, Query", "", "Action=CreateQueue&Version=2012-11-05&QueueName=q", serve.Call{
			Interface: "sqs", Operation: "CreateQueue", Status: 400, Code: "InvalidAction", Message: "The action CreateQueue is not valid for this endpoint."}},
		{"SNS", "", "Action=Publish&Version=2010-03-31", serve.Call{
			Interface: "sns", Operation: "Publish", Status: 400, Code: "InvalidAction", Message: "Could not find operation Publish for version 2010-03-31"}},
	} {
		q, err := http.NewRequest("POST", h.URL(), strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", authorization)
		if c.target != "" {
			q.Header.Set("X-Amz-Target", c.target)
		} else {
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get(wire.RuleHeader); got != wire.NoRule {
			t.Errorf("%s: the rule is %q", c.name, got)
		}
		call := r.latest()
		c.want.RequestID, c.want.Virtual = answer.Header.Get("x-amzn-RequestId"), call.Virtual
		if diff := cmp.Diff(c.want, call, cmpopts.IgnoreUnexported(serve.Call{})); diff != "" || answer.StatusCode != c.want.Status {
			t.Errorf("%s: %d %s", c.name, answer.StatusCode, diff)
		}
		if e := r.explain(call.RequestID); len(e) != 1 || !strings.HasPrefix(e[0].What, c.want.Operation+" refused: ") {
			t.Errorf("%s: explained by %+v", c.name, e)
		}
	}
}

// latest returns the latest call.
func (r *running) latest() serve.Call {
	r.t.Helper()
	var calls []serve.Call
	if r.admin("GET", "calls?n=1", "", &calls); len(calls) != 1 {
		r.t.Fatalf("%d calls", len(calls))
	}
	return calls[0]
}

// TestExplainBulk asks about a call with several messages: by its own id it has all of
// them, by that of a message only that one.
func TestExplainBulk(t *testing.T) {
	r := start(t, scenario)
	in := bulk("a@big.example", "x@y.example", "z@y.example")
	out, err := r.v2("big").SendBulkEmail(context.Background(), in)
	if err != nil || len(out.BulkEmailEntryResults) != 2 {
		t.Fatal(err)
	}
	if e := r.explain(r.latest().RequestID); len(e) != 2 {
		t.Errorf("the call: %+v", e)
	}
	if e := r.explain(*out.BulkEmailEntryResults[1].MessageId); len(e) != 1 || e[0].Address != "z@y.example" {
		t.Errorf("a message: %+v", e)
	}
	in.DefaultContent.Template = &types.Template{TemplateName: aws.String("none"), TemplateData: aws.String("{}")}
	out, err = r.v2("big").SendBulkEmail(context.Background(), in)
	if err != nil || out.BulkEmailEntryResults[0].Status != types.BulkEmailStatusTemplateNotFound {
		t.Errorf("a template that does not exist: %+v, %v", out, err)
	}
	e := r.explain(r.latest().RequestID)
	if len(e) != 2 || !strings.HasPrefix(e[1].What, "SendBulkEmail: entry 2 refused: ") || !strings.Contains(e[1].What, "emplate") {
		t.Errorf("a template that does not exist: %+v", e)
	}
}
