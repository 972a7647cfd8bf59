package authority

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// handshake reports whether a client that trusts an authority accepts a certificate for
// a name at a moment.
func handshake(t *testing.T, a *Authority, c *tls.Certificate, name string, at time.Time) error {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(a.PEM()) {
		t.Fatal("no certificate")
	}
	client, server := net.Pipe()
	defer client.Close()
	go func() {
		defer server.Close()
		_ = tls.Server(server, &tls.Config{Certificates: []tls.Certificate{*c}}).Handshake() // the client's error counts
	}()
	return tls.Client(client, &tls.Config{RootCAs: pool, ServerName: name, Time: func() time.Time { return at }}).Handshake()
}

// TestScope checks with the verification of crypto/tls which certificates of an authority
// are accepted: within its scope and its time only.
func TestScope(t *testing.T) {
	lo, err := New(start, Loopback("mail.test"))
	if err != nil {
		t.Fatal(err)
	}
	aws, err := New(start, Scope{Name: "sns", Lifetime: 30 * day, Domains: []string{"amazonaws.com"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a    *Authority
		name string
		at   time.Time
		ok   bool
	}{
		{lo, "localhost", start, true},
		{lo, "127.0.0.1", start, true},
		{lo, "::1", start, true},
		{lo, "mail.test", start, true},
		{lo, "192.0.2.1", start, false},
		{lo, "example.com", start, false},
		{lo, "sns.us-east-1.amazonaws.com", start, false},
		{lo, "localhost", start.Add(89 * day), true},
		{lo, "localhost", start.Add(91 * day), false},
		{aws, "sns.us-east-1.amazonaws.com", start, true},
		{aws, "sns.us-east-1.amazonaws.com", start.Add(31 * day), false},
		{aws, "amazonaws.com.example.com", start, false},
		{aws, "localhost", start, false},
		{aws, "127.0.0.1", start, false},
		{aws, "::1", start, false},
	} {
		cert, err := c.a.Issue(c.name)
		if err != nil {
			t.Fatal(err)
		}
		if err := handshake(t, c.a, cert, c.name, c.at); (err == nil) != c.ok {
			t.Errorf("%s of %q at %v: %v, want accepted: %v", c.name, c.a.root.Subject.CommonName, c.at, err, c.ok)
		}
	}
	cert, _ := aws.Issue("sns.eu-west-1.amazonaws.com")
	if err := handshake(t, lo, cert, "sns.eu-west-1.amazonaws.com", start); err == nil {
		t.Error("a client accepted the certificate of another authority")
	}
}

// TestOpen checks that a folder keeps its authority until shortly before its end, that
// nobody else can read the key, and that broken files are not overwritten.
func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tls")
	first, file, err := Open(dir, start, Loopback())
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != string(first.PEM()) {
		t.Errorf("%s has not the certificate: %v", file, err)
	}
	if info, err := os.Stat(filepath.Join(dir, keyFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the key: %v, %v", info, err)
	}
	again, _, err := Open(dir, start.Add(88*day), Loopback())
	if err != nil || !again.root.Equal(first.root) {
		t.Fatalf("opened again: another certificate, %v", err)
	}
	cert, err := again.Issue("localhost")
	if err != nil {
		t.Fatal(err)
	}
	if err := handshake(t, first, cert, "localhost", start); err != nil {
		t.Error(err)
	}
	later, _, err := Open(dir, start.Add(89*day+time.Minute), Loopback())
	if err != nil || later.root.Equal(first.root) {
		t.Errorf("a day before its end: the same certificate, %v", err)
	}
	if err := os.WriteFile(file, first.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(dir, start, Loopback()); err == nil || !strings.Contains(err.Error(), "belong together") {
		t.Errorf("with the key of another certificate: %v", err)
	}
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(dir, start, Loopback()); err == nil || !strings.Contains(err.Error(), rootFile+": no CERTIFICATE in PEM") {
		t.Errorf("with a broken file: %v", err)
	}
}
