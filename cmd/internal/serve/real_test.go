package serve_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve"
)

// The tests of this file let SDKs, the AWS CLI and swaks use a server, as those of
// clients_test.go do.

// output runs a program, and returns what it prints and how it ends.
func output(t *testing.T, name string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(program(t, name), args...)
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=acme", "AWS_SECRET_ACCESS_KEY=secret", "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_PAGER=",
		"AWS_RETRY_MODE=standard", "AWS_MAX_ATTEMPTS=1")
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), problems.String(), cmd.ProcessState.ExitCode()
}

// TestRealQuota: boto3 in the sandbox sends 200 mails, the 201st is refused, and one more
// passes a day after the first.
func TestRealQuota(t *testing.T) {
	program(t, "python3")
	r := start(t, scenario)
	task, _ := json.Marshal(map[string]string{"endpoint": r.url})
	out, problems, _ := output(t, "python3", "testdata/quota.py", string(task))
	var said []string
	if err := json.Unmarshal([]byte(out), &said); err != nil {
		t.Fatalf("%v: %s%s", err, out, problems)
	}
	const quota, rate = "429 TooManyRequestsException: Daily message quota exceeded.", "429 TooManyRequestsException: Maximum sending rate exceeded."
	want := append(slices.Repeat([]string{"accepted"}, 200), quota, quota, "accepted", rate)
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
}

// TestRealUnverified: the AWS CLI, in both versions of the API, and swaks are told in the
// sandbox which recipients are not verified; a verified one gets mail.
func TestRealUnverified(t *testing.T) {
	program(t, "aws")
	program(t, "swaks")
	h, r, _ := host(t, scenario, 0)
	const (
		someone = "someone@else.example"
		refusal = ": Email address is not verified. The following identities failed the check in region US-EAST-1: " + someone
	)
	rejected := func(said string, status int) bool {
		said = strings.TrimSpace(said)
		return (status == 254 || status == 255) && // of version 2 of the AWS CLI, and of version 1
			strings.HasPrefix(said, "An error occurred (MessageRejected) when calling the SendEmail operation") && strings.HasSuffix(said, refusal)
	}
	_, said, status := output(t, "aws", "--endpoint-url", r.url, "sesv2", "send-email", "--from-email-address", "A <a@acme.example>",
		"--destination", "ToAddresses="+someone, "--content", "Simple={Subject={Data=Hi},Body={Text={Data=text}}}")
	if !rejected(said, status) {
		t.Errorf("version 2: status %d: %s", status, said)
	}
	v1 := []string{"--endpoint-url", r.url, "ses", "send-email", "--from", "a@acme.example", "--subject", "Hi", "--text", "text", "--to"}
	if _, said, status = output(t, "aws", append(v1, someone)...); !rejected(said, status) {
		t.Errorf("version 1: status %d: %s", status, said)
	}
	if out, said, status := output(t, "aws", append(v1, "b@acme.example")...); status != 0 || !strings.Contains(out, `"MessageId": "0100`) {
		t.Errorf("version 1 to a verified address: status %d: %s%s", status, out, said)
	}
	address, port, _ := net.SplitHostPort(h.SMTPAddress())
	out, said, status := output(t, "swaks", "--server", address, "--port", port, "--from", "a@acme.example", "--to", someone,
		"--tls", "--auth", "LOGIN", "--auth-user", "acme", "--auth-password", "any")
	data, end := strings.Index(out, "~> DATA"), strings.Index(out, "<~* 554 Message rejected"+refusal)
	if status != 26 || data < 0 || end < data {
		t.Errorf("swaks: status %d: %s%s", status, out, said)
	}
}

// js3 is what the AWS SDK for JavaScript did.
type js3 struct {
	Sent []struct {
		ID, Error string
		Attempts  int
	}
	Dates  []string // of the signed requests
	Offset float64  // of the SDK's clock, in ms
}

// sendJS3 sends over TLS with the AWS SDK for JavaScript: a number of mails at a rate, in
// an open loop or one after the other.
func sendJS3(t *testing.T, h *serve.Host, mails int, rate float64, open bool) (got js3) {
	t.Helper()
	program(t, "node")
	modules := filepath.Join(os.Getenv("SESIM_CLIENTS"), "js3-2026")
	if _, err := os.Stat(modules); err != nil {
		t.Skip(err)
	}
	task, _ := json.Marshal(map[string]any{
		"endpoint": h.SecureURL(), "modules": modules, "secret": serve.Secret, "mails": mails, "rate": rate, "open": open,
	})
	cmd := exec.Command("node", "--no-warnings", "testdata/js3.mjs", string(task))
	cmd.Env = append(os.Environ(), "AWS_RETRY_MODE=standard", "AWS_MAX_ATTEMPTS=3", "NODE_EXTRA_CA_CERTS="+h.Trusted())
	cmd.Stderr = &bytes.Buffer{}
	out, err := cmd.Output()
	if err != nil || json.Unmarshal(out, &got) != nil || len(got.Sent) != mails {
		t.Fatalf("%v: %s%s", err, out, cmd.Stderr)
	}
	return got
}

// TestRealRate: the AWS SDK for JavaScript sends 20 mails a second for ten seconds to an
// account with 14 a second. Each of its attempts is in the journal, and those are accepted
// that a bucket with a second's worth admits at the journal's times, and no others.
func TestRealRate(t *testing.T) {
	const rate, second = 14, int64(time.Second)
	program(t, "node")
	h, r, stop := host(t, scenario, serve.RealTime)
	got := sendJS3(t, h, 200, 20, true)
	stop()
	attempts, accepted := 0, 0
	for _, s := range got.Sent {
		attempts += s.Attempts
		if s.ID != "" {
			accepted++
		} else if s.Error != "TooManyRequestsException: Maximum sending rate exceeded." {
			t.Errorf("%+v", s)
		}
	}
	calls, admitted := 0, 0
	tokens, before := rate*second, int64(0) // in billionths
	for line := range strings.Lines(r.recorded.journal.String()) {
		var l struct {
			At int64
			In struct {
				Call *struct{ Recipients []string }
			}
			Out struct{ Refused string }
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.In.Call == nil {
			continue
		}
		calls++
		tokens, before = min(rate*second, tokens+rate*(l.At-before)), l.At
		refused := "rate"
		if tokens >= second {
			refused = ""
			tokens -= second
			admitted++
		}
		if l.Out.Refused != refused {
			t.Errorf("at %v: refused %q, by the bucket %q", time.Duration(l.At), l.Out.Refused, refused)
		}
	}
	if calls != attempts || admitted != accepted || accepted == len(got.Sent) || attempts == len(got.Sent) {
		t.Errorf("%d calls of %d attempts, %d admitted, %d accepted", calls, attempts, admitted, accepted)
	}
	t.Logf("%d mails, %d attempts, %d accepted", len(got.Sent), attempts, accepted)
}

// TestRealWallTime: with the virtual clock 90 days ahead the AWS SDK for JavaScript goes on
// signing with the time on the wall.
func TestRealWallTime(t *testing.T) {
	program(t, "node")
	h, r, _ := host(t, strings.Replace(scenario, "90d", "400d", 1), 0, func(o *serve.Options) { o.Verify = true })
	r.advance("2160h")
	got := sendJS3(t, h, 3, 100, false)
	for _, s := range got.Sent {
		if s.ID == "" || s.Attempts != 1 {
			t.Errorf("%+v", s)
		}
	}
	for _, date := range got.Dates {
		if at, err := time.Parse("20060102T150405Z", date); err != nil || time.Since(at).Abs() > time.Minute {
			t.Errorf("signed at %q", date)
		}
	}
	if len(got.Dates) != 3 || time.Duration(got.Offset*float64(time.Millisecond)).Abs() > time.Minute {
		t.Errorf("%d requests, the clock is %v ms off", len(got.Dates), got.Offset)
	}
}
