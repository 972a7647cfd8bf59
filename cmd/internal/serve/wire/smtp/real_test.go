package smtp

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/authority"
	"sesim/sim/ses"
)

// The tests of this file send with real programs. They need .ci/clients, which installs
// them and names the folder of Nodemailer.

// program returns the path of a program, or skips the test.
func program(t *testing.T, name string) string {
	t.Helper()
	if os.Getenv("SESIM_CLIENTS") == "" {
		t.Skip("SESIM_CLIENTS does not name a folder made by .ci/clients")
	}
	for _, path := range []string{name, "/usr/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	t.Skip(name + " is not installed")
	return ""
}

// real serves with TLS on a free port, and returns it with the file of the authority.
func real(t *testing.T, b api.Backend) (port int, ca string) {
	t.Helper()
	a, ca, err := authority.Open(t.TempDir(), time.Now(), authority.Loopback())
	if err != nil {
		t.Fatal(err)
	}
	config, err := a.Server("localhost", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	address, _ := start(t, &Server{Backend: b, Login: login, TLS: config, RequireTLS: true})
	_, text, _ := net.SplitHostPort(address)
	port, _ = strconv.Atoi(text)
	return port, ca
}

// refused is a Backend that refuses each message.
func refused() *backend {
	return &backend{err: &api.Error{Wire: ses.Throttled(ses.SMTP, ses.RefusedRate)}}
}

// TestRealSwaks sends with swaks over TLS, and checks what it says of a refusal.
func TestRealSwaks(t *testing.T) {
	swaks := program(t, "swaks")
	run := func(b *backend, password string) (output string, status int) {
		port, _ := real(t, b)
		out, err := exec.Command(swaks, "--server", "127.0.0.1", "--port", strconv.Itoa(port), "--from", "a@x.example", "--to", "r@y.example",
			"--tls", "--auth", "LOGIN", "--auth-user", "AKIA", "--auth-password", password).Output()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			status = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		return string(out), status
	}
	b := &backend{}
	if out, status := run(b, "secret"); status != 0 || !strings.Contains(out, "<~  250 Ok 0100-id") || len(b.got) != 1 {
		t.Errorf("status %d, %d calls:\n%s", status, len(b.got), out)
	}
	if out, status := run(refused(), "secret"); status != 26 ||
		!strings.Contains(out, "<~* 454 Throttling failure: Maximum sending rate exceeded") {
		t.Errorf("refused: status %d:\n%s", status, out)
	}
	if out, status := run(b, "wrong"); status != 28 || !strings.Contains(out, "<~* 535 Authentication Credentials Invalid") {
		t.Errorf("wrong password: status %d:\n%s", status, out)
	}
}

// TestRealMsmtp sends with msmtp, which insists on TLS with a certificate that it trusts,
// and gives the caller the status of a failure that may pass.
func TestRealMsmtp(t *testing.T) {
	msmtp := program(t, "msmtp")
	run := func(b *backend, trusted bool) (status int, text string) {
		port, ca := real(t, b)
		if !trusted {
			_, ca = real(t, b) // of another server
		}
		cmd := exec.Command(msmtp, "--host=localhost", "--port="+strconv.Itoa(port), "--auth=on", "--user=AKIA", "--passwordeval=echo secret",
			"--tls=on", "--tls-starttls=on", "--tls-trust-file="+ca, "--from=a@x.example", "r@y.example")
		cmd.Stdin = strings.NewReader("From: a@x.example\nSubject: x\n\n.\nend\n")
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(out)
	}
	b := &backend{}
	if status, text := run(b, true); status != 0 || len(b.got) != 1 || b.got[0].Subject != "x" {
		t.Errorf("status %d, %d calls: %s", status, len(b.got), text)
	}
	if status, text := run(refused(), true); status != 69 || !strings.Contains(text, "454 Throttling failure") {
		t.Errorf("refused: status %d: %s", status, text)
	}
	if status, text := run(b, false); status == 0 || len(b.got) != 1 {
		t.Errorf("the certificate of another server: status %d: %s", status, text)
	}
}

// TestRealNodemailer sends through a pool, and checks that refusals reach the caller.
func TestRealNodemailer(t *testing.T) {
	node := program(t, "node")
	run := func(b *backend, password string) []string {
		port, ca := real(t, b)
		task, _ := json.Marshal(map[string]any{
			"modules": filepath.Join(os.Getenv("SESIM_CLIENTS"), "others"), "port": port, "ca": ca, "messages": 12, "password": password,
		})
		cmd := exec.Command(node, "testdata/nodemailer_sends.cjs", string(task))
		cmd.Stderr = &bytes.Buffer{}
		out, err := cmd.Output()
		var replies []string
		if err != nil || json.Unmarshal(out, &replies) != nil || len(replies) != 12 {
			t.Fatalf("%v: %s%s", err, out, cmd.Stderr)
		}
		return replies
	}
	b := &backend{}
	for _, reply := range run(b, "secret") {
		if reply != "250 Ok 0100-id" {
			t.Errorf("%q", reply)
		}
	}
	subjects := map[string]bool{}
	for _, m := range b.got {
		subjects[m.Subject] = true
		if m.ConfigurationSetName != "news" || len(m.Tags) != 1 || m.Tags[0].Value != "spring" || m.From != "Shop <a@x.example>" {
			t.Errorf("%+v", m)
		}
	}
	if len(subjects) != 12 || len(b.got) != 12 {
		t.Errorf("%d calls of %d messages", len(b.got), len(subjects))
	}
	for _, reply := range run(refused(), "secret") {
		if reply != "454 Throttling failure: Maximum sending rate exceeded" {
			t.Errorf("%q", reply)
		}
	}
	for _, reply := range run(b, "wrong") {
		if reply != "535 Authentication Credentials Invalid" {
			t.Errorf("%q", reply)
		}
	}
}
