package serve_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	typesv2 "github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"sesim/cmd/internal/serve"
)

// credentials are those of an account.
func credentials(key, secret string) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, nil
	})
}

// apiError is an error of the AWS SDK.
type apiError interface {
	error
	ErrorCode() string
	ErrorMessage() string
}

// v1Client returns a client of version 1 for an account.
func (r *running) v1Client(key string) *ses.Client {
	return ses.New(ses.Options{
		Region: "us-east-1", BaseEndpoint: &r.url, RetryMaxAttempts: 1, HTTPClient: http.DefaultClient, Credentials: credentials(key, "secret"),
	})
}

// interfaces are the three ways to send a mail to several recipients as an account. They
// return how a refusal is worded.
func (r *running) interfaces(h *serve.Host, key string) map[string]func(from string, to []string) string {
	ctx := context.Background()
	refusal := func(err error) string {
		var refused apiError
		if errors.As(err, &refused) {
			return refused.ErrorCode() + ": " + refused.ErrorMessage()
		}
		return fmt.Sprint(err)
	}
	return map[string]func(from string, to []string) string{
		"v2": func(from string, to []string) string {
			m := mail(from, "")
			m.Destination.ToAddresses = to
			_, err := r.v2(key).SendEmail(ctx, m)
			return refusal(err)
		},
		"v1": func(from string, to []string) string {
			text := &types.Content{Data: aws.String("Hi")}
			_, err := r.v1Client(key).SendEmail(ctx, &ses.SendEmailInput{
				Source: &from, Destination: &types.Destination{ToAddresses: to}, Message: &types.Message{Subject: text, Body: &types.Body{Text: text}},
			})
			return refusal(err)
		},
		"smtp": func(from string, to []string) string {
			return fmt.Sprint(sendSMTP(h.SMTPAddress(), key, from, to))
		},
	}
}

// sendSMTP sends a mail without TLS.
func sendSMTP(address, key, from string, to []string) error {
	c, err := smtp.Dial(address)
	if err != nil {
		return err
	}
	defer c.Close()
	err = errors.Join(c.Auth(smtp.PlainAuth("", key, "any", "127.0.0.1")), c.Mail(from))
	for _, recipient := range to {
		err = errors.Join(err, c.Rcpt(recipient))
	}
	if err != nil {
		return err
	}
	data, err := c.Data()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(data, "From: %s\r\nSubject: Hi\r\n\r\nHi\r\n", from)
	return errors.Join(err, data.Close())
}

const nothing = "<nil>" // is said about a mail that is accepted

// TestDebt checks that five recipients at once are taken at a rate of one a second, that
// the next five seconds are refused by each interface in its own words, and the fifth not.
func TestDebt(t *testing.T) {
	h, r, _ := host(t, scenario, 0)
	five := []string{"a@acme.example", "b@acme.example", "c@acme.example", "d@acme.example", "e@acme.example"}
	refusals := map[string]string{
		"v2":   "TooManyRequestsException: Maximum sending rate exceeded.",
		"v1":   "Throttling: Maximum sending rate exceeded.",
		"smtp": `454 "Throttling failure: Maximum sending rate exceeded"`,
	}
	for name, send := range r.interfaces(h, "acme") {
		if said := send("a@acme.example", five); said != nothing {
			t.Errorf("%s: five at once: %s", name, said)
		}
		for second := range 5 {
			if said := send("a@acme.example", five[:1]); said != refusals[name] {
				t.Errorf("%s after %d s: %s, want %s", name, second, said, refusals[name])
			}
			r.advance("1s")
		}
		if said := send("a@acme.example", five[:1]); said != nothing {
			t.Errorf("%s after 5 s: %s", name, said)
		}
		r.advance("1m")
	}
}

// TestRegions checks that the production access of a customer in a Region is that Region's
// alone, and that a second request is a conflict.
func TestRegions(t *testing.T) {
	r := start(t, `
version = 1
name = "served"
question = "Where is access granted?"
horizon = "90d"

[[account]]
name = "east"
customer = "shop"
identities = ["shop.example"]

[[account]]
name = "west"
customer = "shop"
region = "eu-west-1"
identities = ["shop.example"]
`)
	client, ctx := r.v2("shop"), context.Background()
	in := &sesv2.PutAccountDetailsInput{MailType: typesv2.MailTypeTransactional, WebsiteURL: aws.String("https://shop.example")}
	if _, err := client.PutAccountDetails(ctx, in); err != nil {
		t.Fatal(err)
	}
	var conflict *typesv2.ConflictException
	if _, err := client.PutAccountDetails(ctx, in); !errors.As(err, &conflict) {
		t.Errorf("a second request: %v", err)
	}
	r.admin("POST", "clock/advance", `{"until":"east.count.granted > 0"}`, nil)
	for region, want := range map[string][2]float64{"us-east-1": {50_000, 14}, "eu-west-1": {200, 1}} {
		got, err := client.GetAccount(ctx, &sesv2.GetAccountInput{}, func(o *sesv2.Options) { o.Region = region })
		if err != nil {
			t.Fatal(err)
		}
		if q := got.SendQuota; got.ProductionAccessEnabled != (want[1] > 1) || q.Max24HourSend != want[0] || q.MaxSendRate != want[1] {
			t.Errorf("%s: production %v, %v a day, %v a second", region, got.ProductionAccessEnabled, q.Max24HourSend, q.MaxSendRate)
		}
	}
}

// TestPausedByAWS checks what each interface answers while AWS has paused the account, that
// the customer cannot end it, and that an accepted appeal does.
func TestPausedByAWS(t *testing.T) {
	h, r, _ := host(t, scenario, 0)
	const text = "Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account."
	refusals := map[string]string{"v2": "SendingPausedException: " + text, "v1": "MessageRejected: " + text, "smtp": fmt.Sprintf("554 %q", "Message rejected: "+text)}
	check := func(when string, paused bool) {
		t.Helper()
		for name, send := range r.interfaces(h, "big") {
			want := nothing
			if paused {
				want = refusals[name]
			}
			if said := send("a@big.example", []string{"people-1@people.example"}); said != want {
				t.Errorf("%s, %s: %s, want %s", name, when, said, want)
			}
		}
	}
	check("at first", false)
	var state serve.Account
	if status := r.admin("POST", "accounts/big/actions", `{"do":"trigger","cause":"spam traps","effect":"pause"}`, &state); status != 200 ||
		state.SendingEnabled || state.EnforcementStatus != "SHUTDOWN" {
		t.Fatalf("%d %+v", status, state)
	}
	check("paused", true)
	_, err := r.v1Client("big").UpdateAccountSendingEnabled(context.Background(), &ses.UpdateAccountSendingEnabledInput{Enabled: true})
	if err != nil {
		t.Fatal(err)
	}
	r.advance("1h")
	check("which the customer cannot end", true)
	r.admin("POST", "accounts/big/actions", `{"do":"appeal","outcome":"accepted","after":"24h"}`, nil)
	r.advance("23h")
	check("while AWS looks at the appeal", true)
	r.advance("1h")
	check("after the appeal", false)
}

// trustedRoots are the certificates that clients of a server are to trust.
func trustedRoots(t *testing.T, h *serve.Host) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(h.Trusted())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return roots
}

// TestWallTime checks that clients go on signing with the time on the wall, and that
// certificates hold, when the virtual clock is 90 days ahead: a client learns the time from
// the Date of answers.
func TestWallTime(t *testing.T) {
	h, r, _ := host(t, strings.Replace(scenario, "90d", "400d", 1), 0, func(o *serve.Options) { o.Verify = true })
	r.advance("2160h")
	roots := trustedRoots(t, h)
	signed := &signatures{over: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer signed.over.CloseIdleConnections()
	client := sesv2.New(sesv2.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(h.SecureURL()), Credentials: credentials("big", serve.Secret),
		HTTPClient: &http.Client{Transport: signed},
	})
	for range 3 {
		if _, err := client.SendEmail(context.Background(), mail("a@big.example", "people-1@people.example")); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range signed.at {
		if off := time.Since(at); off.Abs() > time.Minute {
			t.Errorf("signed %v off", off)
		}
	}
	if len(signed.at) != 3 {
		t.Errorf("%d requests for 3 calls", len(signed.at))
	}
	c, err := smtp.Dial(h.SMTPAddress())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = errors.Join(c.StartTLS(&tls.Config{RootCAs: roots, ServerName: "localhost"}),
		c.Auth(smtp.PlainAuth("", "big", h.SMTPPassword("us-east-1"), "127.0.0.1")))
	if err != nil {
		t.Error(err)
	}
}

// signatures notes when requests say that they were signed.
type signatures struct {
	over *http.Transport
	at   []time.Time
}

// RoundTrip notes the time of a request, and makes it.
func (s *signatures) RoundTrip(q *http.Request) (*http.Response, error) {
	at, err := time.Parse("20060102T150405Z", q.Header.Get("X-Amz-Date"))
	if err != nil {
		return nil, err
	}
	s.at = append(s.at, at)
	return s.over.RoundTrip(q)
}

// TestStreamGone checks that a reader who comes too late is told so, with the oldest event
// that there still is, and goes on from there.
func TestStreamGone(t *testing.T) {
	r := start(t, scenario+"\n[serve]\nevents = 3\n")
	client := r.v2("big")
	r.admin("PUT", "clock", `{"tick":"1s"}`, nil)
	for range 5 {
		if _, err := client.SendEmail(context.Background(), mail("a@big.example", "success@simulator.amazonses.com")); err != nil {
			t.Fatal(err)
		}
	}
	for after, want := range map[int]int{0: 410, 6: 410, 7: 200, 9: 200, 10: 200} {
		status, text := r.ask("GET", fmt.Sprint("events?after=", after), "")
		if lines := strings.Count(string(text), "\n"); status != want || status == 200 && lines != 10-after ||
			status == 410 && !strings.Contains(string(text), "the oldest is 8") {
			t.Errorf("after %d: %d %s", after, status, text)
		}
	}
}

// TestCallByMessage checks that an accepted message is found by the id that its events have.
func TestCallByMessage(t *testing.T) {
	r := start(t, scenario)
	sent, err := r.v2("big").SendEmail(context.Background(), mail("a@big.example", "people-1@people.example"))
	if err != nil {
		t.Fatal(err)
	}
	var call serve.Call
	status := r.admin("GET", "calls/"+*sent.MessageId, "", &call)
	if status != 200 || call.MessageID != *sent.MessageId || call.Status != 200 || call.Account != "big" || call.Meters == nil ||
		call.Meters.MaxSendRate != 14 {
		t.Errorf("%d %+v", status, call)
	}
}

// TestImportJobs checks what the files of import jobs do to the account-level list, and
// that nothing is read outside of their folder.
func TestImportJobs(t *testing.T) {
	root := t.TempDir()
	const addresses = "x@a.example,BOUNCE\ny@a.example,COMPLAINT\nnobody,BOUNCE\nz@a.example,SPAM\n"
	for name, text := range map[string]string{
		"lists/add.csv": addresses, "lists/add.json": `{"emailAddress":"j@a.example","reason":"BOUNCE"}` + "\n\n",
		"lists/delete.csv": "x@a.example\nunknown@a.example\n", "lists/many.csv": strings.Repeat("x@a.example\n", 10_001), "lists/broken.json": "{}\n{",
	} {
		file := filepath.Join(root, "s3", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "secret.csv"), []byte(addresses), 0o644); err != nil {
		t.Fatal(err)
	}
	_, r, _ := host(t, scenario, 0, func(o *serve.Options) { o.S3Root = filepath.Join(root, "s3") })
	client, ctx := r.v2("big"), context.Background()
	job := func(key string, data string, action typesv2.SuppressionListImportAction, url string) (*sesv2.GetImportJobOutput, error) {
		made, err := r.v2(key).CreateImportJob(ctx, &sesv2.CreateImportJobInput{
			ImportDataSource:  &typesv2.ImportDataSource{DataFormat: typesv2.DataFormat(data), S3Url: &url},
			ImportDestination: &typesv2.ImportDestination{SuppressionListDestination: &typesv2.SuppressionListDestination{SuppressionListImportAction: action}},
		})
		if err != nil {
			return nil, err
		}
		return r.v2(key).GetImportJob(ctx, &sesv2.GetImportJobInput{JobId: made.JobId})
	}
	const put, remove = typesv2.SuppressionListImportActionPut, typesv2.SuppressionListImportActionDelete
	var refused apiError
	if _, err := job("acme", "CSV", put, "s3://lists/add.csv"); !errors.As(err, &refused) || refused.ErrorCode() != "BadRequestException" {
		t.Errorf("in the sandbox: %v", err)
	}
	for _, c := range []struct {
		data, url    string
		action       typesv2.SuppressionListImportAction
		done, failed int32
		says         string // of a job that failed
	}{
		{"CSV", "s3://lists/add.csv", put, 2, 2, ""},
		{"JSON", "s3://lists/add.json", put, 1, 0, ""},
		{"CSV", "s3://lists/delete.csv", remove, 1, 1, ""},
		{"CSV", "s3://lists/many.csv", remove, 0, 0, "the file has 10001 addresses; at most 10000 can be imported"},
		{"JSON", "s3://lists/broken.json", put, 0, 0, "line 2"},
		{"CSV", "s3://lists/none.csv", put, 0, 0, "no such file"},
		{"CSV", "s3://../secret.csv", put, 0, 0, "path escapes"},
		{"CSV", "https://lists/add.csv", put, 0, 0, "is not s3://BUCKET/KEY"},
	} {
		got, err := job("big", c.data, c.action, c.url)
		if err != nil {
			t.Errorf("%s: %v", c.url, err)
			continue
		}
		status, says := typesv2.JobStatusCompleted, ""
		if c.says != "" {
			status = typesv2.JobStatusFailed
		}
		if got.FailureInfo != nil {
			says = aws.ToString(got.FailureInfo.ErrorMessage)
		}
		if got.JobStatus != status || aws.ToInt32(got.ProcessedRecordsCount) != c.done || aws.ToInt32(got.FailedRecordsCount) != c.failed ||
			!strings.Contains(says, c.says) || (says == "") != (c.says == "") {
			t.Errorf("%s: %s, %d done, %d failed, %q", c.url, got.JobStatus, aws.ToInt32(got.ProcessedRecordsCount), aws.ToInt32(got.FailedRecordsCount), says)
		}
	}
	list, err := client.ListSuppressedDestinations(ctx, &sesv2.ListSuppressedDestinationsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range list.SuppressedDestinationSummaries {
		have = append(have, *e.EmailAddress+" "+string(e.Reason))
	}
	if got := strings.Join(have, ", "); got != "j@a.example BOUNCE, y@a.example COMPLAINT" {
		t.Errorf("the list has %s", got)
	}
	jobs, err := client.ListImportJobs(ctx, &sesv2.ListImportJobsInput{})
	if err != nil || len(jobs.ImportJobs) != 8 {
		t.Errorf("%d jobs, %v", len(jobs.ImportJobs), err)
	}
}
