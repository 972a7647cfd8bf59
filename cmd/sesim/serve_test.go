package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// serving is a sesim serve that runs.
type serving struct {
	t      *testing.T
	said   string // what it has printed at the start
	url    string
	stop   context.CancelFunc
	done   chan int
	rest   bytes.Buffer // what it has printed afterwards
	stderr bytes.Buffer
}

// startServe runs sesim serve at free ports, and waits until it has said where.
func startServe(t *testing.T, args ...string) *serving {
	t.Helper()
	return startServeIn(t.Context(), t, args...)
}

// startServeIn runs sesim serve until a context ends.
func startServeIn(ctx context.Context, t *testing.T, args ...string) *serving {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	s := &serving{t: t, stop: cancel, done: make(chan int, 1)}
	t.Cleanup(cancel)
	read, write := io.Pipe()
	go func() {
		code := run(ctx, append([]string{"serve", "--port", "0", "--smtp-port", "-1"}, args...), strings.NewReader(""), write, &s.stderr)
		_ = write.Close()
		s.done <- code
	}()
	printed := make([]byte, 4096)
	n, err := read.Read(printed)
	if err != nil {
		t.Fatalf("%v: %s", err, &s.stderr)
	}
	s.said = string(printed[:n])
	s.url = strings.TrimPrefix(regexp.MustCompile(`AWS_ENDPOINT_URL=\S+`).FindString(s.said), "AWS_ENDPOINT_URL=")
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(&s.rest, read)
		close(ended)
	}()
	code := s.done
	s.done = make(chan int, 1)
	go func() {
		status := <-code
		<-ended
		s.done <- status
	}()
	return s
}

// end returns the exit status.
func (s *serving) end() int {
	s.t.Helper()
	select {
	case code := <-s.done:
		return code
	case <-time.After(20 * time.Second):
		s.t.Fatal("sesim serve does not end")
	}
	return -1
}

// tell runs sesim clock or act for the server.
func (s *serving) tell(want int, args ...string) string {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(s.t.Context(), append(args, "--endpoint", s.url), strings.NewReader(""), &stdout, &stderr); code != want {
		s.t.Fatalf("%v: exit status %d, want %d: %s", args, code, want, &stderr)
	}
	return stdout.String() + stderr.String()
}

// send sends a mail as the program of an account.
func (s *serving) send(key, from, to string) error {
	_, err := s.sent(key, from, to)
	return err
}

// sent sends a mail and returns its id.
func (s *serving) sent(key, from, to string) (id string, err error) {
	client := sesv2.New(sesv2.Options{
		Region: "us-east-1", BaseEndpoint: &s.url, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key, SecretAccessKey: "any"}, nil
		}),
	})
	out, err := client.SendEmail(s.t.Context(), &sesv2.SendEmailInput{
		FromEmailAddress: &from, Destination: &types.Destination{ToAddresses: []string{to}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("Hi")}, Body: &types.Body{Text: &types.Content{Data: aws.String("text")}},
		}},
	})
	if err != nil {
		return "", err
	}
	return *out.MessageId, nil
}

// TestServe serves the scenario that is served without another, sends, jumps, acts and
// ends; and drives the session again with its journal: the summary is the same.
func TestServe(t *testing.T) {
	t.Chdir(t.TempDir())
	s := startServe(t, "--speed", "0", "-o", "live", "--journal", "j.ndjson")
	for _, line := range []string{"export AWS_ACCESS_KEY_ID=acme\n", "export AWS_REGION=us-east-1\n", "unset AWS_PROFILE AWS_SESSION_TOKEN"} {
		if !strings.Contains(s.said, line) {
			t.Errorf("the start does not say %q: %s", line, s.said)
		}
	}
	if err := s.send("acme", "a@acme.example", "b@acme.example"); err != nil {
		t.Error(err)
	}
	if err := s.send("acme", "a@acme.example", "b@acme.example"); err == nil || !strings.Contains(err.Error(), "Maximum sending rate exceeded.") {
		t.Errorf("a second mail on a frozen clock: %v", err)
	}
	list := strings.Fields(s.tell(0, "calls"))
	refused := list[len(list)-1]
	why := s.tell(0, "calls", refused)
	for _, part := range []string{"429 TooManyRequestsException: Maximum sending rate exceeded.", "rate.bucket: ", "would let it pass 1 s later", "hint: the clock is frozen"} {
		if !strings.Contains(why, part) {
			t.Errorf("the refusal is explained without %q: %s", part, why)
		}
	}
	if err := os.WriteFile("faults.json", []byte(`[{"count": 1, "do": {"cut": "before"}}]`), 0o666); err != nil {
		t.Fatal(err)
	}
	s.tell(0, "faults", "set", "faults.json")
	if err := s.send("acme", "a@acme.example", "b@acme.example"); err == nil {
		t.Error("a fault has hit nothing")
	}
	if said := s.tell(0, "calls"); !strings.Contains(said, "fault 1: cut before the decision") {
		t.Errorf("the calls do not name the fault: %s", said)
	}
	s.tell(0, "faults", "clear")
	if said := s.tell(2, "calls", "unknown"); !strings.Contains(said, `has the request or message id "unknown"`) {
		t.Error(said)
	}
	if err := s.send("production", "a@acme.example", "bounce@there.example"); err != nil {
		t.Error(err)
	}
	var sent []struct {
		ID string `json:"message_id"`
	}
	if err := json.Unmarshal([]byte(s.tell(0, "calls", "--most", "1", "--json")), &sent); err != nil || len(sent) != 1 || sent[0].ID == "" {
		t.Fatalf("%+v, %v", sent, err)
	}
	var jumped struct{ Events int }
	if err := json.Unmarshal([]byte(s.tell(0, "clock", "advance", "--by", "1h")), &jumped); err != nil || jumped.Events < 2 {
		t.Errorf("%+v, %v", jumped, err)
	}
	var account struct {
		Listed int
		Quota  int `json:"max_24_hour_send"`
	}
	if err := json.Unmarshal([]byte(s.tell(0, "act", "production", "quota", "--quota", "70000")), &account); err != nil || account.Listed != 1 || account.Quota != 70_000 {
		t.Errorf("%+v, %v", account, err)
	}
	var asked struct{ Review string }
	args := []string{"act", "acme", "request", "--mail-type", "MARKETING", "--use-case", "News", "--contact", "a@x.example", "--outcome", "denied"}
	if err := json.Unmarshal([]byte(s.tell(0, args...)), &asked); err != nil || asked.Review != "PENDING" {
		t.Errorf("%+v, %v", asked, err)
	}
	if said := s.tell(2, args...); !strings.Contains(said, "ConflictException") {
		t.Error(said)
	}
	if said := s.tell(2, "act", "nobody", "appeal"); !strings.Contains(said, `there is no account "nobody", but acme in us-east-1`) {
		t.Error(said)
	}
	if err := os.WriteFile("faults.json", []byte(`[{"match":{"account":"production"},"do":{"status":503}}]`), 0o666); err != nil {
		t.Fatal(err)
	}
	if said := s.tell(0, "faults", "set", "faults.json"); !strings.Contains(said, `"status": 503`) {
		t.Error(said)
	}
	if err := s.send("production", "a@acme.example", "b@there.example"); err == nil || !strings.Contains(err.Error(), "ServiceUnavailable") {
		t.Errorf("with a fault: %v", err)
	}
	if said := s.tell(0, "faults"); !strings.Contains(said, `"hits": 1`) {
		t.Error(said)
	}
	s.tell(0, "faults", "clear")
	for text, want := range map[string]string{`[{"do":`: "faults.json is not JSON: unexpected end", `[{}]`: "not a fault: number 1: do needs status"} {
		if err := os.WriteFile("faults.json", []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if said := s.tell(2, "faults", "set", "faults.json"); !strings.Contains(said, want) {
			t.Error(said)
		}
	}
	s.tell(0, "clock", "speed", "1000")
	s.tell(0, "clock", "hold")
	s.tell(0, "clock", "end")
	if code := s.end(); code != 0 || !strings.Contains(s.rest.String(), "1 of 1") && !strings.Contains(s.rest.String(), "hard bounced") {
		t.Errorf("exit status %d: %s%s", code, &s.rest, &s.stderr)
	}
	if said := s.tell(2, "clock"); !strings.Contains(said, "no sesim serve answers at "+s.url) {
		t.Error(said)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"run", "--journal", "j.ndjson", "-o", "again"}, nil, &stdout, &stderr); code != 0 {
		t.Fatalf("exit status %d: %s", code, &stderr)
	}
	live, _ := os.ReadFile("live/summary.json")
	again, _ := os.ReadFile("again/summary.json")
	if len(live) == 0 || !bytes.Equal(live, again) {
		t.Error("the journal does not give the summary of the session")
	}
	_, entry, _ := strings.Cut(why, "\nday 0")
	told := expect(t, exitPassed, "explain", "--journal", "j.ndjson", "--call", refused).stdout
	if !strings.Contains(told, "served at ") || !strings.Contains(told, "acme: sandbox") || entry == "" || !strings.HasSuffix(told, entry) {
		t.Errorf("the journal explains the refusal as %s, the server as %s", told, why)
	}
	if told := expect(t, exitPassed, "explain", "--journal", "j.ndjson", "--call", sent[0].ID).stdout; !strings.Contains(told, "bounce@there.example\n  call with 1 recipient accepted") {
		t.Errorf("the accepted message: %s", told)
	}
	for _, c := range []struct{ args, want string }{
		{"--journal j.ndjson --call unknown", `j.ndjson: no call that was decided has the request or message id "unknown"`},
		{"--journal j.ndjson", "--journal and --call go together"},
		{"--call unknown", "--journal and --call go together"},
		{"--journal j.ndjson --call unknown --at 1h", "does not go with --at"},
		{"--journal live/summary.json --call unknown", "live/summary.json: line 1: not a journal"},
		{"--journal none --call unknown", "open none: no such file"},
		{"--journal j.ndjson --call unknown --set seed=2", "with other keys or another seed"},
	} {
		if got := expect(t, exitUsage, append([]string{"explain"}, strings.Fields(c.args)...)...); !strings.Contains(got.stderr, c.want) {
			t.Errorf("%s: %s", c.args, got.stderr)
		}
	}
}

// TestServeReset checks that the report is that of the last session, and that each has a journal
// that drives it again.
func TestServeReset(t *testing.T) {
	t.Chdir(t.TempDir())
	s := startServe(t, "--speed", "0", "-o", "live", "--journal", "j.ndjson")
	for range 2 {
		if err := s.send("production", "a@acme.example", "b@there.example"); err != nil {
			t.Error(err)
		}
		s.tell(0, "clock", "advance", "--by", "1h")
	}
	if said := s.tell(0, "clock", "reset"); !strings.Contains(said, `"now": "2026-01-01T00:00:00Z"`) {
		t.Error(said)
	}
	if err := s.send("production", "a@acme.example", "b@there.example"); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile("j.3.ndjson", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if said := s.tell(2, "clock", "reset"); !strings.Contains(said, "j.3.ndjson exists; --force replaces it") {
		t.Error(said)
	}
	s.tell(0, "clock", "end")
	if code := s.end(); code != 0 {
		t.Errorf("exit status %d: %s", code, &s.stderr)
	}
	for journal, folder := range map[string]string{"j.ndjson": "first", "j.2.ndjson": "second"} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"run", "--journal", journal, "-o", folder}, nil, &stdout, &stderr); code != 0 {
			t.Fatalf("%s: exit status %d: %s", journal, code, &stderr)
		}
	}
	live, _ := os.ReadFile("live/summary.json")
	first, _ := os.ReadFile("first/summary.json")
	second, _ := os.ReadFile("second/summary.json")
	if len(live) == 0 || !bytes.Equal(live, second) || bytes.Equal(live, first) {
		t.Error("the report is not that of the second session")
	}
}

// TestServeCommand checks the variables that a command gets, and whose status is sesim's.
func TestServeCommand(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("AWS_PROFILE", "real")
	scenario := func(threshold string) string {
		text := fmt.Sprintf("version = 1\nname = \"t\"\nquestion = \"q\"\nhorizon = \"1d\"\nthresholds = [%q]\n[[account]]\nname = \"acme\"\n", threshold)
		if err := os.WriteFile("t.toml", []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return "t.toml"
	}
	for _, c := range []struct {
		threshold, command string
		want               int
	}{
		{"acme.accepted == 0", `test -z "$AWS_PROFILE" && test "$AWS_ACCESS_KEY_ID" = acme && test -n "$AWS_ENDPOINT_URL"`, 0},
		{"acme.accepted == 0", "exit 3", 3},
		{"acme.accepted == 0", "kill -9 $$", 128 + 9},
		{"acme.accepted > 0", "exit 0", 99},
		{"acme.accepted > 0", "exit 3", 99},
	} {
		var stdout, stderr bytes.Buffer
		args := []string{"serve", scenario(c.threshold), "--port", "0", "--smtp-port", "-1", "-o", "rep", "--force", "--", "sh", "-c", c.command}
		if code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code != c.want {
			t.Errorf("%s with %s: exit status %d, want %d: %s", c.command, c.threshold, code, c.want, &stderr)
		}
	}
}

// TestServeCommandGroup checks that the end of serve reaches what its command has started.
func TestServeCommandGroup(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range 300 {
			if _, err := os.Stat("up"); err == nil {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		cancel()
	}()
	const command = `(trap 'echo > told; exit' TERM; echo > up; for i in $(seq 200); do sleep 0.05; done) & wait`
	var stderr bytes.Buffer
	args := []string{"serve", "--port", "0", "--smtp-port", "-1", "--", "sh", "-c", command}
	run(ctx, args, strings.NewReader(""), io.Discard, &stderr)
	if _, err := os.Stat("told"); err != nil {
		t.Errorf("%v: %s", err, &stderr)
	}
}

// block returns what is printed to be pasted into a shell.
func (s *serving) block() string {
	s.t.Helper()
	_, rest, _ := strings.Cut(s.said, "\n\nPaste into the shell of your program:\n\n")
	pasted, _, found := strings.Cut(rest, "\n\n")
	if !found {
		s.t.Fatalf("there is nothing to paste in %q", s.said)
	}
	return pasted + "\n"
}

// TestServePaste pastes what is printed into a shell that has a profile and a token of AWS.
// These are gone afterwards, and the key is none that AWS gives out: a program that does not
// know AWS_ENDPOINT_URL is refused by AWS. The folder of the certificate has a name that
// has to be quoted.
func TestServePaste(t *testing.T) {
	t.Chdir(t.TempDir())
	const folder = "it's mine"
	s := startServe(t, "--smtp-port", "0", "--tls-dir", folder)
	for name, value := range map[string]string{"AWS_PROFILE": "real", "AWS_SESSION_TOKEN": "t", "AWS_ENDPOINT_URL_SESV2": "https://email.example"} {
		t.Setenv(name, value)
	}
	printed, err := exec.Command("sh", "-euc", s.block()+`printf '%s\n' "$AWS_ENDPOINT_URL" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" \
  "${AWS_PROFILE-gone}" "${AWS_SESSION_TOKEN-gone}" "${AWS_ENDPOINT_URL_SESV2-gone}"
test -r "$NODE_EXTRA_CA_CERTS"`).Output()
	want := s.url + "\nacme\nsesim\ngone\ngone\ngone\n"
	if err != nil || string(printed) != want {
		t.Errorf("%v: %q, want %q", err, printed, want)
	}
	s.stop()
	s.end()
}

// TestServeFolders names folders that cannot be used.
func TestServeFolders(t *testing.T) {
	inside(t)
	write(t, "file", "")
	for flag, want := range map[string]string{
		"--s3-root": "file: not a directory", "--tls-dir": "file", "--sns-ca": "mkdir file: not a directory",
	} {
		got := expect(t, exitUsage, "serve", "--port", "0", "--smtp-port", "0", flag, "file")
		if !strings.Contains(got.stderr, flag+": ") || !strings.Contains(got.stderr, want) || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: %s", flag, got.stderr)
		}
	}
}

// TestServeEndpoint names the server without http://.
func TestServeEndpoint(t *testing.T) {
	inside(t)
	s := startServe(t)
	s.url = strings.TrimPrefix(s.url, "http://")
	if said := s.tell(0, "clock"); !strings.Contains(said, `"speed": 1`) {
		t.Error(said)
	}
	s.stop()
	s.end()
}

// TestActFlags names flags that an action does not have, and those that it has.
func TestActFlags(t *testing.T) {
	got := expect(t, exitUsage, "act", "acme", "pause", "--identity", "a.example")
	if !strings.Contains(got.stderr, "pause has no --identity, but --configuration-set") {
		t.Error(got.stderr)
	}
	for action, flags := range actionFlags {
		args := []string{"act", "acme", action, "--endpoint", "127.0.0.1:1"}
		for _, name := range flags {
			args = append(args, "--"+name, "1")
		}
		if got := expect(t, exitUsage, args...); !strings.Contains(got.stderr, "no sesim serve answers") {
			t.Errorf("%s: %s", action, got.stderr)
		}
	}
}

// TestServeTLS checks what is printed where the APIs and SMTP are served over TLS.
func TestServeTLS(t *testing.T) {
	t.Chdir(t.TempDir())
	s := startServe(t, "--https-port", "0", "--smtps-port", "0", "--tls-dir", "tls")
	for _, line := range []string{
		"export AWS_ENDPOINT_URL=https://127.0.0.1:", "export SESIM_ENDPOINT=http://127.0.0.1:", "export SESIM_SMTPS=127.0.0.1:",
		"export AWS_CA_BUNDLE=tls/sesim-ca.pem\n", "export NODE_EXTRA_CA_CERTS=tls/sesim-ca.pem\n", "export SESIM_SMTP_PASSWORD=",
		"\nHTTPS: https://127.0.0.1:", ", with tls/sesim-ca.pem; HTTP: http://127.0.0.1:", "\nSMTP over TLS: 127.0.0.1:",
	} {
		if !strings.Contains(s.said, line) {
			t.Errorf("the start does not say %q: %s", line, s.said)
		}
	}
	s.stop()
	s.end()
}

// TestServeInterrupt checks that an interrupt is the normal end.
func TestServeInterrupt(t *testing.T) {
	t.Chdir(t.TempDir())
	s := startServe(t, "--quiet=false")
	s.stop()
	if code := s.end(); code != 0 {
		t.Errorf("exit status %d: %s", code, &s.stderr)
	}
	if _, err := os.Stat("sesim-runs/served/summary.json"); err != nil {
		t.Error(err)
	}
}

// TestServeSecondInterrupt checks that a second signal does not wait for a call in progress, and
// that the report is kept and marked.
func TestServeSecondInterrupt(t *testing.T) {
	t.Chdir(t.TempDir())
	signals, quit := make(chan os.Signal), make(chan bool, 1)
	s := startServeIn(interruptible(t.Context(), signals, func() { quit <- true }), t, "--speed", "0")
	if err := os.WriteFile("faults.json", []byte(`[{"do":{"latency":{"p50":"1h"}}}]`), 0o666); err != nil {
		t.Fatal(err)
	}
	s.tell(0, "faults", "set", "faults.json")
	failed := make(chan error, 1)
	go func() { failed <- s.send("production", "a@acme.example", "b@there.example") }()
	for !strings.Contains(s.tell(0, "faults"), `"hits": 1`) {
		time.Sleep(time.Millisecond)
	}
	began := time.Now()
	signals <- os.Interrupt
	signals <- os.Interrupt
	if code := s.end(); code != int(exitInterrupted) || time.Since(began) > 4*time.Second {
		t.Errorf("exit status %d after %v: %s", code, time.Since(began), &s.stderr)
	}
	if err := <-failed; err == nil {
		t.Error("the call in progress was answered")
	}
	if sum := readSummary(t, "sesim-runs/served"); sum.Status != "interrupted" || sum.Accounts[1].Recipients != 1 {
		t.Errorf("the summary is %+v", sum)
	}
	select {
	case <-quit:
		t.Error("the program was ended at once")
	default:
	}
	signals <- os.Interrupt
	<-quit
}

// TestServeGuard checks that no web page reaches the server, and no foreign host.
func TestServeGuard(t *testing.T) {
	t.Chdir(t.TempDir())
	s := startServe(t)
	for _, header := range []string{"Origin: https://bad.example", "Host: bad.example"} {
		name, value, _ := strings.Cut(header, ": ")
		r, err := http.NewRequest("POST", s.url+"/", strings.NewReader("Action=GetSendQuota"))
		if err != nil {
			t.Fatal(err)
		}
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", header, answer.StatusCode)
		}
	}
	s.stop()
	s.end()
}

// TestServeWrongInput checks what is refused before anything is served.
func TestServeWrongInput(t *testing.T) {
	t.Chdir(t.TempDir())
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	if err := os.WriteFile("j", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, want string
	}{
		{"--host=", "--host is empty"},
		{"--host=sesim.example", `--host: "sesim.example" is not an IP address`},
		{"--port=70000", "--port: 70000 is not a port"},
		{"--smtp-port=-2", "--smtp-port: -2 is not a port from 0 to 65535, or -1"},
		{"--https-port=70000", "--https-port: 70000 is not a port from 0 to 65535, or -1"},
		{"--smtps-port=-2", "--smtps-port: -2 is not a port"},
		{"--speed=-1", "--speed: -1 is neither 0 nor from 0.001 to 1000000"},
		{"--speed=0.0001", "--speed: 0.0001 is neither 0"},
		{"--notify-retry=0s", "--notify-retry: 0s is not positive"},
		{"stale-list first-campaign", "serve takes one scenario, not 2"},
		{"--", "there is no command after --"},
		{"-- no-such-command", `the command after --: exec: "no-such-command": executable file not found`},
		{"--journal=j", "--journal: j exists; --force replaces it"},
		{"--port=" + port, "the port is taken; --port 0 and --smtp-port 0 select free ones"},
		{"nowhere.toml", "nowhere.toml"},
	} {
		var stdout, stderr bytes.Buffer
		args := append([]string{"serve", "--smtp-port=-1", "--port=0"}, strings.Fields(c.args)...)
		if code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code != 2 || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s: exit status %d, want 2 and %q: %s", c.args, code, c.want, &stderr)
		}
	}
}

// TestServeKilled kills a server in the midst of calls: its journal has all that was
// answered, and drives the session again.
func TestServeKilled(t *testing.T) {
	inside(t)
	write(t, "busy.toml", `name = "busy"
horizon = "1d"

[[account]]
name = "acme"
access = "production"
quota = 1_000_000
rate = 100_000
identities = ["acme.example"]
`)
	cmd := process(t, "serve", "busy.toml", "--port", "0", "--smtp-port", "-1", "--journal", "killed.jsonl")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	printed := make([]byte, 4096)
	n, err := out.Read(printed)
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{t: t, url: strings.TrimPrefix(regexp.MustCompile(`AWS_ENDPOINT_URL=\S+`).FindString(string(printed[:n])), "AWS_ENDPOINT_URL=")}
	var mu sync.Mutex
	var answered []string
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for k := 0; ; k++ {
				id, err := s.sent("acme", "a@acme.example", fmt.Sprintf("b%d-%d@there.example", i, k))
				if err != nil {
					return // it is killed
				}
				mu.Lock()
				if answered = append(answered, id); len(answered) == 400 {
					_ = cmd.Process.Kill()
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	_ = cmd.Wait()
	if len(answered) < 400 {
		t.Fatalf("only %d calls were answered", len(answered))
	}
	expect(t, exitPassed, "run", "busy.toml", "--journal", "killed.jsonl", "--events", "events.jsonl", "--quiet")
	events, err := os.ReadFile("events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range answered {
		if !bytes.Contains(events, []byte(`"messageId":"`+id+`"`)) {
			t.Fatalf("message %s was answered and is not in the events of the journal", id)
		}
	}
}
