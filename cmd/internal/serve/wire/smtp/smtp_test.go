package smtp

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"log"
	"net"
	netsmtp "net/smtp"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/authority"
	"sesim/sim/ses"
)

// backend keeps what is sent, and answers with one error if it has one.
type backend struct {
	mu     sync.Mutex
	got    []api.Mail
	caller api.Caller
	err    error
	hold   chan struct{} // nil: answer at once
	called chan struct{}
}

func (b *backend) Do(ctx context.Context, caller api.Caller, input any) (any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hold != nil {
		close(b.called)
		<-b.hold
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.caller = caller
	b.got = append(b.got, input.(*api.Send).Mail)
	if b.err != nil {
		return nil, b.err
	}
	return &api.Sent{MessageID: "0100-id"}, nil
}

// login knows the user AKIA with the password secret.
func login(user, password string) *api.Error {
	switch {
	case user == "busy":
		return &api.Error{Wire: ses.Error{Status: 454, Message: "Temporary authentication failure"}}
	case user != "AKIA" || password != "secret":
		return api.UnknownKey(ses.SMTP)
	}
	return nil
}

const (
	hello   = "EHLO me"
	offer   = "250-email-smtp.amazonaws.com|250-8BITMIME|250-AUTH PLAIN LOGIN|250 Ok"
	greeted = "220 email-smtp.amazonaws.com ESMTP SimpleEmailService-d-XXXXXXXXX YYYYYYYYYYYYYYYYYYYY"
)

// plain is AUTH PLAIN with the good credentials.
var plain = "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00AKIA\x00secret"))

// client is the client's side of a connection to a server.
type client struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

// dial connects to a server through a pipe, which testing/synctest can follow.
func dial(t *testing.T, s *Server) *client {
	here, there := net.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.handle(ctx, addressed{there}, false)
	}()
	t.Cleanup(func() {
		_ = here.Close()
		cancel()
		<-done
	})
	return &client{t, here, bufio.NewReader(here)}
}

// addressed is a pipe's end with the address of a client.
type addressed struct{ net.Conn }

func (addressed) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000}
}

var banner = regexp.MustCompile(`^(220 \S+ ESMTP SimpleEmailService-d-)[A-Z0-9]{9} [A-Za-z0-9]{20}$`)

// reply reads a reply, with lines separated by |. After the connection's end it is "".
func (c *client) reply() string {
	var lines []string
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return strings.Join(lines, "|")
		}
		line = strings.TrimSuffix(line, "\r\n")
		lines = append(lines, banner.ReplaceAllString(line, "${1}XXXXXXXXX YYYYYYYYYYYYYYYYYYYY"))
		if len(line) > 3 && line[3] == ' ' {
			return strings.Join(lines, "|")
		}
	}
}

func (c *client) send(text string) {
	if _, err := io.WriteString(c.conn, text); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		c.t.Error(err)
	}
}

// talk sends lines and compares the replies; the first is that to nothing.
func (c *client) talk(lines ...string) {
	c.t.Helper()
	for i, line := range lines {
		if i%2 == 1 {
			c.send(line + "\r\n")
			continue
		}
		if got := c.reply(); got != line {
			c.t.Fatalf("after %.100q:\n got %.100q\nwant %q", slices.Concat([]string{""}, lines)[i], got, line)
		}
	}
}

// TestSession checks the replies of SES word for word, in order.
func TestSession(t *testing.T) {
	b := &backend{}
	c := dial(t, &Server{Backend: b, Login: login})
	c.talk(greeted, hello, offer,
		"MAIL FROM:<a@x.example>", "530 Authentication required",
		"AUTH LOGIN", "334 VXNlcm5hbWU6",
		"QUtJQQ==", "334 UGFzc3dvcmQ6",
		"bm8=", "535 Authentication Credentials Invalid",
		"AUTH LOGIN QUtJQQ==", "334 UGFzc3dvcmQ6",
		"c2VjcmV0", "235 Authentication successful.",
		"mail from: <bounce@x.example> SIZE=100 BODY=8BITMIME AUTH=<>", "250 Ok",
		"RCPT TO:<r1@y.example>", "250 Ok",
		"RCPT TO:<\"r>2\"@y.example> NOTIFY=NEVER", "250 Ok",
		"DATA", "354 End data with <CR><LF>.<CR><LF>")
	c.send("From: Shop <a@x.example>\r\nX-SES-CONFIGURATION-SET: s\r\nX-SES-MESSAGE-TAGS: k=v\r\n\r\n..\r\n.x\r\n.\r\n")
	c.talk("250 Ok 0100-id", "QUIT", "221 Bye", "", "")
	want := []api.Mail{{
		From: "Shop <a@x.example>", Checked: []string{"bounce@x.example"}, ReturnPath: "bounce@x.example",
		To: []string{"r1@y.example", `"r>2"@y.example`}, ConfigurationSetName: "s", Tags: []api.MessageTag{{Name: "k", Value: "v"}},
		Headers: []api.MessageHeader{{Name: "From", Value: "Shop <a@x.example>"}}, Size: 87,
	}}
	if diff := cmp.Diff(want, b.got); diff != "" {
		t.Error(diff)
	}
	if b.caller.RequestID == "" {
		t.Error("a call without a request id")
	}
	b.caller.RequestID = ""
	if want := (api.Caller{Interface: ses.SMTP, Key: "AKIA", SourceIP: "127.0.0.1"}); !reflect.DeepEqual(b.caller, want) {
		t.Errorf("called by %+v", b.caller)
	}
}

// TestRefusedCommands checks replies to single commands in a session that has
// authenticated.
func TestRefusedCommands(t *testing.T) {
	for _, c := range []struct{ command, want string }{
		{"EHLO", "501 Syntax: EHLO hostname"},
		{"HELO me", "250 email-smtp.amazonaws.com"},
		{"NOOP", "250 Ok"},
		{"RSET", "250 Ok"},
		{"STARTTLS", "502 Command not implemented"},
		{"VRFY a", "502 Command not implemented"},
		{"", "502 Command not implemented"},
		{plain, "503 Bad sequence of commands"},
		{"RCPT TO:<a@x.example>", "503 Bad sequence of commands"},
		{"DATA", "503 Bad sequence of commands"},
		{"MAIL", "501 Syntax error in parameters or arguments"},
		{"MAIL FROM:a@x.example", "501 Syntax error in parameters or arguments"},
		{"MAIL FROM:<a@x.example", "501 Syntax error in parameters or arguments"},
		{"MAIL FROM:<>", "501 Invalid MAIL FROM address provided"},
		{"MAIL FROM:<shop>", "501 Invalid MAIL FROM address provided"},
		{"MAIL FROM:<b\u00fc@x.example>", "501 Invalid MAIL FROM address provided"},
		{"MAIL FROM:<a@x.example>", "250 Ok"},
	} {
		d := dial(t, &Server{Backend: &backend{}, Login: login})
		d.talk(greeted, hello, offer, plain, "235 Authentication successful.", c.command, c.want)
	}
	d := dial(t, &Server{Backend: &backend{}, Login: login})
	d.talk(greeted, plain, "503 Bad sequence of commands", hello, offer, plain, "235 Authentication successful.",
		"MAIL FROM:<a@x.example>", "250 Ok", "MAIL FROM:<a@x.example>", "503 Bad sequence of commands",
		"RCPT FROM:<a@x.example>", "501 Syntax error in parameters or arguments",
		"RCPT TO:<nobody>", "553 <nobody> Invalid email address",
		"RCPT TO:<a@b\u00fc.example>", "553 <a@b\u00fc.example> Invalid email address",
		"RCPT TO:<\r>", "500 Syntax error: CR without LF",
		"DATA", "503 Bad sequence of commands")
}

// TestAuth checks both mechanisms with and without an initial response.
func TestAuth(t *testing.T) {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, lines := range [][]string{
		{"AUTH PLAIN", "334 ", encode("\x00AKIA\x00secret"), "235 Authentication successful."},
		{"AUTH plain " + encode("AKIA\x00AKIA\x00secret"), "235 Authentication successful."},
		{"AUTH PLAIN " + encode("AKIA\x00secret"), "501 Cannot decode response"},
		{"AUTH PLAIN ?", "501 Cannot decode response"},
		{"AUTH PLAIN =", "501 Cannot decode response"},
		{"AUTH PLAIN", "334 ", "*", "501 Authentication cancelled"},
		{"AUTH LOGIN", "334 VXNlcm5hbWU6", "*", "501 Authentication cancelled"},
		{"AUTH LOGIN =", "334 UGFzc3dvcmQ6", "", "535 Authentication Credentials Invalid"},
		{"AUTH LOGIN " + encode("busy"), "334 UGFzc3dvcmQ6", encode("secret"), "454 Temporary authentication failure"},
		{"AUTH CRAM-MD5", "504 Unrecognized authentication type"},
		{"AUTH", "504 Unrecognized authentication type"},
	} {
		dial(t, &Server{Backend: &backend{}, Login: login}).talk(slices.Concat([]string{greeted, hello, offer}, lines)...)
	}
}

// TestNobody checks that no user is let in without a name, even where no password is
// checked.
func TestNobody(t *testing.T) {
	c := dial(t, &Server{Backend: &backend{}, Login: func(_, _ string) *api.Error { return nil }})
	c.talk(greeted, hello, offer, "AUTH PLAIN AAA=", "535 Authentication Credentials Invalid",
		"MAIL FROM:<a@x.example>", "530 Authentication required")
}

// TestRefusals checks that the model's refusals follow DATA word for word, and that the
// connection can be used afterwards.
func TestRefusals(t *testing.T) {
	refuse := func(e ses.Error) *api.Error { return &api.Error{Wire: e} }
	for _, c := range []struct {
		err  error
		want string
	}{
		{refuse(ses.Throttled(ses.SMTP, ses.RefusedRate)), "454 Throttling failure: Maximum sending rate exceeded"},
		{refuse(ses.Throttled(ses.SMTP, ses.RefusedQuota)), "454 Throttling failure: Daily message quota exceeded"},
		{refuse(ses.Unverified(ses.SMTP, "us-east-1", []string{"A <a@x.example>"}, 100)),
			"554 Message rejected: Email address is not verified. The following identities failed the check in region US-EAST-1: " +
				"A <a@x.example>"},
		{api.NoTenant(ses.SMTP, "x\r\n250 Ok"), "554 Tenant <x"},
		{errors.New("defect"), "451 Temporary service failure"},
	} {
		b := &backend{err: c.err}
		d := dial(t, &Server{Backend: b, Login: login})
		d.talk(greeted, hello, offer, plain, "235 Authentication successful.")
		for range 2 {
			d.talk2("MAIL FROM:<a@x.example>", "250 Ok", "RCPT TO:<r@y.example>", "250 Ok", "DATA", "354 End data with <CR><LF>.<CR><LF>",
				"From: a@x.example\r\n\r\n.", c.want)
		}
		if len(b.got) != 2 {
			t.Errorf("%d calls", len(b.got))
		}
	}
}

// talk2 is talk without a first reply.
func (c *client) talk2(lines ...string) {
	c.t.Helper()
	c.send(lines[0] + "\r\n")
	c.talk(lines[1:]...)
}

// begin is a session up to DATA.
var begin = []string{
	greeted, hello, offer, plain, "235 Authentication successful.", "MAIL FROM:<a@x.example>", "250 Ok", "RCPT TO:<r@y.example>", "250 Ok",
	"DATA", "354 End data with <CR><LF>.<CR><LF>",
}

// TestBadMessages checks messages that reach no backend.
func TestBadMessages(t *testing.T) {
	for _, c := range []struct{ message, want string }{
		{"Subject: x\r\n\r\n.", "554 Transaction failed: Missing required header 'From'."},
		{"From: a@x.example\r\nSubject: x\r\nSubject: y\r\n\r\n.", "554 Transaction failed: Duplicate header 'Subject'."},
		{"From: a@x.example\r\nX-SES-MESSAGE-TAGS: a=b, campaign=spring sale\r\n\r\n.",
			"554 Transaction failed: Invalid tag value <spring sale>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed."},
		{"From: a@x.example\r\nX-SES-MESSAGE-TAGS: =b\r\n\r\n.", "554 Transaction failed: The tag name must be specified."},
		{"From: shop\r\n\r\n.", "554 Transaction failed: Missing final '@domain'"},
		{".", "554 Transaction failed: Missing required header 'From'."},
	} {
		b := &backend{}
		d := dial(t, &Server{Backend: b, Login: login})
		d.talk(begin...)
		d.talk2(c.message, c.want, "NOOP", "250 Ok")
		if len(b.got) != 0 {
			t.Errorf("%q reached the backend", c.message)
		}
	}
}

// TestSmuggling checks that only CR LF . CR LF ends a message.
func TestSmuggling(t *testing.T) {
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r"} {
		b := &backend{}
		d := dial(t, &Server{Backend: b, Login: login})
		d.talk(begin...)
		d.talk2("From: a@x.example\r\n\r\nfirst"+end+"MAIL FROM:<evil@x.example>\r\nDATA\r\n.", "250 Ok 0100-id", "NOOP", "250 Ok")
		if len(b.got) != 1 || b.got[0].Size < 60 {
			t.Errorf("%q: %+v", end, b.got)
		}
	}
}

// TestLimits checks the bounds on clients: lines, errors, recipients, messages of a
// session, connections at a time, and the size of a message.
func TestLimits(t *testing.T) {
	s := &Server{Backend: &backend{}, Login: login, Messages: 1, Connections: 1}
	c := dial(t, s)
	c.talk(begin...)
	d := dial(t, s)
	if got := d.reply(); got != "421 Too many concurrent SMTP connections" {
		t.Errorf("a second connection: %q", got)
	}
	c.talk2("From: a@x.example\r\n\r\n.", "250 Ok 0100-id", "NOOP", "250 Ok",
		"MAIL FROM:<a@x.example>", "421 Connection closed by server. Maximum message count per session reached.", "", "")

	s = &Server{Backend: &backend{}, Login: login}
	c = dial(t, s)
	c.talk(greeted)
	go c.send(strings.Repeat("x", maxLine)) // the server does not read on
	c.talk("500 Line too long", "", "")
	c = dial(t, s)
	c.talk(greeted)
	for range maxErrors {
		c.talk2("x", "502 Command not implemented")
	}
	c.talk2("x", "421 Too many errors on this connection", "", "")

	c = dial(t, s)
	c.talk(greeted)
	c.send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" + hello + "\r\n" + plain + "\r\n") // the form of a web page
	c.talk("502 Command not implemented", "", "")

	c = dial(t, s)
	c.talk(begin[:7]...)
	for range maxRecipients {
		c.talk2("RCPT TO:<r@y.example>", "250 Ok")
	}
	c.talk2("RCPT TO:<r@y.example>", "452 Too many recipients")
}

// TestTooLong checks that a message is read up to twice the limit, so that the model can
// refuse it with its size, and not beyond.
func TestTooLong(t *testing.T) {
	b := &backend{}
	c := dial(t, &Server{Backend: b, Login: login})
	c.talk(begin...)
	c.send("From: a@x.example\r\n\r\n")
	line := strings.Repeat("x", 1<<16-2) + "\r\n"
	for range 41 << 4 {
		c.send(line)
	}
	c.talk2(".", "250 Ok 0100-id")
	if size := b.got[0].Size; size != 41<<20+21 {
		t.Errorf("size %d", size)
	}
	c = dial(t, &Server{Backend: b, Login: login})
	c.talk(begin...)
	go func() { // the server stops reading before the end
		for range 81 << 4 {
			if _, err := io.WriteString(c.conn, line); err != nil {
				return
			}
		}
	}()
	if got := c.reply(); got != "552 Message is too long." || c.reply() != "" {
		t.Errorf("beyond twice the limit: %q", got)
	}
}

// TestIdle checks the times after which a silent client and a slow one are left, with
// the reply that SES gives.
func TestIdle(t *testing.T) {
	const late = "451 4.4.2 Timeout waiting for data from client."
	var group sync.WaitGroup
	drip := func(c *client, every time.Duration) {
		group.Go(func() {
			for {
				time.Sleep(every)
				if _, err := io.WriteString(c.conn, "x"); err != nil {
					return
				}
			}
		})
	}
	for _, c := range []struct {
		name string
		do   func(*client)
		want time.Duration
	}{
		{"silent", func(c *client) { c.talk(greeted, hello, offer) }, 10 * time.Second},
		{"slow command", func(c *client) { c.talk(greeted); drip(c, 3*time.Second) }, 10 * time.Second},
		{"silent in message", func(c *client) { c.talk(begin...); c.send("From: ") }, 10 * time.Second},
		{"slow message", func(c *client) { c.talk(begin...); drip(c, 3*time.Second) }, 5 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &backend{}
				d := dial(t, &Server{Backend: b, Login: login})
				start := time.Now()
				c.do(d)
				if got := d.reply(); got != late {
					t.Errorf("%q", got)
				}
				if took := time.Since(start); took != c.want || len(b.got) != 0 {
					t.Errorf("after %v with %d calls, want %v", took, len(b.got), c.want)
				}
				_ = d.conn.Close()
				group.Wait()
			})
		})
	}
}

// TestUnread checks that a client which reads no replies does not hold the server.
func TestUnread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		here, there := net.Pipe()
		(&Server{Backend: &backend{}, Login: login}).handle(t.Context(), addressed{there}, false)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%v", took)
		}
		_ = here.Close()
	})
}

// start serves on a free port of the loopback interface until the test ends.
func start(t *testing.T, s *Server) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() { _ = stop() })
	return l.Addr().String(), stop
}

// secure returns the TLS configuration of a server, and that of its clients.
func secure(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	a, err := authority.New(time.Now(), authority.Loopback())
	if err != nil {
		t.Fatal(err)
	}
	if server, err = a.Server("localhost", "127.0.0.1", "::1"); err != nil {
		t.Fatal(err)
	}
	client = &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "127.0.0.1"}
	client.RootCAs.AppendCertsFromPEM(a.PEM())
	return server, client
}

// TestNetSMTP sends with net/smtp over STARTTLS, to a server that requires it.
func TestNetSMTP(t *testing.T) {
	server, trust := secure(t)
	b := &backend{}
	address, _ := start(t, &Server{Backend: b, Login: login, TLS: server, RequireTLS: true})
	c, err := netsmtp.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Auth(netsmtp.PlainAuth("", "AKIA", "secret", "127.0.0.1")); err == nil ||
		!strings.Contains(err.Error(), "Must issue a STARTTLS command first") {
		t.Errorf("without TLS: %v", err)
	}
	if c, err = netsmtp.Dial(address); err != nil { // net/smtp has closed the first one
		t.Fatal(err)
	}
	if err := c.StartTLS(trust); err != nil {
		t.Fatal(err)
	}
	if again, _ := c.Extension("STARTTLS"); again {
		t.Error("STARTTLS is offered again")
	}
	if err := c.Auth(netsmtp.PlainAuth("", "AKIA", "secret", "127.0.0.1")); err != nil {
		t.Fatal(err)
	}
	if err := c.Mail("a@x.example"); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt("r@y.example"); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "From: a@x.example\nSubject: x\n\n.hidden\n"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Quit(); err != nil {
		t.Fatal(err)
	}
	if len(b.got) != 1 || b.got[0].Subject != "x" || b.got[0].Size != int64(len("From: a@x.example\r\nSubject: x\r\n\r\n.hidden\r\n")) {
		t.Errorf("%+v", b.got)
	}
}

// TestInjection checks that commands sent before TLS are not taken for commands within,
// nor credentials from before.
func TestInjection(t *testing.T) {
	server, trust := secure(t)
	c := dial(t, &Server{Backend: &backend{}, Login: login, TLS: server})
	offer := strings.Replace(offer, "250-AUTH", "250-STARTTLS|250-AUTH", 1)
	c.talk(greeted, hello, offer, plain, "235 Authentication successful.",
		"STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@x.example>", "220 Ready to start TLS")
	within := tls.Client(c.conn, trust)
	if err := within.Handshake(); err != nil {
		t.Fatal(err)
	}
	c.conn, c.r = within, bufio.NewReader(within)
	c.talk2("MAIL FROM:<a@x.example>", "503 Bad sequence of commands", hello, strings.Replace(offer, "250-STARTTLS|", "", 1),
		"MAIL FROM:<a@x.example>", "530 Authentication required", "STARTTLS", "502 Command not implemented")
}

// TestEnd checks that the end closes idle connections at once, and that a message which
// was received whole is answered first.
func TestEnd(t *testing.T) {
	b := &backend{hold: make(chan struct{}), called: make(chan struct{})}
	address, stop := start(t, &Server{Backend: b, Login: login})
	connect := func() *client {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return &client{t, conn, bufio.NewReader(conn)}
	}
	idle, busy := connect(), connect()
	idle.talk(greeted)
	busy.talk(begin...)
	busy.send("From: a@x.example\r\n\r\n.\r\n")
	<-b.called
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	if got := idle.reply(); got != "" {
		t.Errorf("an idle connection got %q", got)
	}
	close(b.hold)
	if got := busy.reply(); got != "250 Ok 0100-id" {
		t.Errorf("the message under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("a connection after the end")
	}
}

// TestPanic checks that a defect ends its connection and no other.
func TestPanic(t *testing.T) {
	var text strings.Builder
	address, stop := start(t, &Server{Login: func(_, _ string) *api.Error { panic("defect") }, Log: log.New(&text, "", 0)})
	for range 2 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		c := &client{t, conn, bufio.NewReader(conn)}
		c.talk(greeted, hello, offer, plain, "")
		_ = conn.Close()
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(text.String(), "smtp: defect") {
		t.Errorf("logged: %q", text.String())
	}
}

// FuzzSession sends anything to a server.
func FuzzSession(f *testing.F) {
	f.Add([]byte(hello + "\r\n" + plain + "\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<r@y.example>\r\nDATA\r\nFrom: a@x.example\r\n\r\n.\r\nQUIT\r\n"))
	f.Add([]byte(hello + "\r\nAUTH LOGIN\r\nQUtJQQ==\r\nc2VjcmV0\r\nSTARTTLS\r\n"))
	f.Add([]byte(hello + "\r\n" + plain + "\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<\r>\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		b := &backend{}
		conn := &script{in: strings.NewReader(string(in))}
		(&Server{Backend: b, Login: login}).handle(t.Context(), conn, false)
		for line := range strings.SplitSeq(strings.TrimSuffix(conn.out.String(), "\r\n"), "\r\n") {
			if !regexp.MustCompile(`^[2-5][0-9][0-9][ -][^\r\n]*$`).MatchString(line) {
				t.Fatalf("reply %q", line)
			}
		}
		for _, m := range b.got {
			if m.From == "" || len(m.To) == 0 || m.ReturnPath == "" || m.Size == 0 {
				t.Fatalf("%+v", m)
			}
		}
	})
}

// script is a connection whose client has said all that it has to say.
type script struct {
	net.Conn
	in  *strings.Reader
	out strings.Builder
}

func (s *script) Read(p []byte) (int, error)       { return s.in.Read(p) }
func (s *script) Write(p []byte) (int, error)      { return s.out.Write(p) }
func (s *script) Close() error                     { return nil }
func (s *script) RemoteAddr() net.Addr             { return addressed{}.RemoteAddr() }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }
