package smtp

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"strings"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/message"
	"sesim/cmd/internal/serve/wire"
	"sesim/sim/ses"
)

// host is the name that the server goes by.
const host = "email-smtp.amazonaws.com"

// Limits on a client.
const (
	maxLine       = 16 << 10 // bytes; RFC 4954 allows for 12,288 in AUTH
	maxRecipients = 1000     // kept of one message; SES refuses more than 50 after DATA
	maxErrors     = 20       // commands in error on one connection
)

// errClosed ends a session whose client has been told why.
var errClosed = errors.New("smtp: closed by the server")

// session is the state of one connection.
type session struct {
	server *Server
	conn   *timed
	source string // IP address of the client
	r      *bufio.Reader
	w      *bufio.Writer

	secure  bool
	greeted bool
	user    string // empty: not authenticated
	from    string // of the message; empty: there is none
	to      []string
	sent    int // messages
	errors  int
}

func newSession(ctx context.Context, s *Server, conn net.Conn) *session {
	t := &session{server: s, conn: &timed{Conn: conn, ctx: ctx, idle: or(s.Idle, defaultIdle)}}
	t.source, _, _ = net.SplitHostPort(conn.RemoteAddr().String())
	t.use(t.conn)
	return t
}

// use makes the session read from and write to conn.
func (t *session) use(conn net.Conn) {
	t.r, t.w = bufio.NewReaderSize(conn, maxLine), bufio.NewWriter(conn)
}

// run greets the client and answers commands until one of the sides closes.
func (t *session) run() {
	t.reply(220, host+" ESMTP SimpleEmailService-d-"+rand.Text()[:9]+" "+rand.Text()[:20])
	for {
		line, err := t.line()
		if err == nil {
			err = t.command(line)
		}
		var network net.Error
		switch {
		case err == nil:
		case errors.As(err, &network) && network.Timeout() && t.conn.ctx.Err() == nil:
			t.reply(451, "4.4.2 Timeout waiting for data from client.")
			return
		default:
			return
		}
	}
}

// reply sends a reply of one line. Of a text with line breaks, which would be several
// replies, it sends the first line.
func (t *session) reply(code int, text string) {
	if end := strings.IndexAny(text, "\r\n"); end >= 0 {
		text = text[:end]
	}
	fmt.Fprintf(t.w, "%d %s\r\n", code, text)
	_ = t.w.Flush() // a client that has gone is noticed by the next read
}

// wrong replies to a command in error.
func (t *session) wrong(code int, text string) error {
	if t.errors++; t.errors > maxErrors {
		return t.close("Too many errors on this connection")
	}
	t.reply(code, text)
	return nil
}

// close tells the client why the connection ends.
func (t *session) close(why string) error {
	t.reply(421, why)
	return errClosed
}

// line reads a line without its end.
func (t *session) line() (string, error) {
	t.conn.within(t.conn.idle)
	line, err := t.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		t.reply(500, "Line too long")
		return "", errClosed
	}
	return strings.TrimRight(string(line), "\r\n"), err
}

// command answers one command.
func (t *session) command(line string) error {
	if strings.Contains(line, "\r") { // RFC 5321, 2.3.8: only at the end of a line
		return t.wrong(500, "Syntax error: CR without LF")
	}
	verb, rest, _ := strings.Cut(line, " ")
	verb, rest = strings.ToUpper(verb), strings.TrimSpace(rest)
	switch verb {
	case "EHLO", "HELO":
		return t.greet(verb, rest)
	case "NOOP":
		t.reply(250, "Ok")
		return nil
	case "RSET":
		t.reset()
		t.reply(250, "Ok")
		return nil
	case "QUIT":
		t.reply(221, "Bye")
		return errClosed
	case "STARTTLS":
		return t.startTLS()
	case "AUTH", "MAIL", "RCPT", "DATA":
	case "GET", "HEAD", "POST", "PUT", "OPTIONS": // of a web page, whose form may hold commands
		t.reply(502, "Command not implemented")
		return errClosed
	default:
		return t.wrong(502, "Command not implemented")
	}
	if t.server.RequireTLS && !t.secure {
		return t.wrong(530, "Must issue a STARTTLS command first")
	}
	switch {
	case !t.greeted:
		return t.wrong(503, "Bad sequence of commands")
	case verb == "AUTH":
		return t.auth(rest)
	case t.user == "":
		return t.wrong(530, "Authentication required")
	case verb == "MAIL":
		return t.mail(rest)
	case verb == "RCPT":
		return t.rcpt(rest)
	}
	return t.data()
}

// greet answers EHLO and HELO.
func (t *session) greet(verb, name string) error {
	if name == "" {
		return t.wrong(501, "Syntax: "+verb+" hostname")
	}
	t.greeted = true
	t.reset()
	if verb == "HELO" {
		t.reply(250, host)
		return nil
	}
	offers := []string{host, "8BITMIME"}
	if t.server.TLS != nil && !t.secure {
		offers = append(offers, "STARTTLS")
	}
	for _, offer := range append(offers, "AUTH PLAIN LOGIN") {
		fmt.Fprintf(t.w, "250-%s\r\n", offer)
	}
	t.reply(250, "Ok")
	return nil
}

// reset forgets the message under way.
func (t *session) reset() { t.from, t.to = "", nil }

// startTLS begins anew over TLS. Commands that came in without it are forgotten.
func (t *session) startTLS() error {
	if t.server.TLS == nil || t.secure {
		return t.wrong(502, "Command not implemented")
	}
	t.reply(220, "Ready to start TLS")
	return t.secured()
}

// secured goes on over TLS.
func (t *session) secured() error {
	t.conn.within(t.conn.idle)
	conn := tls.Server(t.conn, t.server.TLS)
	if err := conn.HandshakeContext(t.conn.ctx); err != nil {
		return errClosed // in the middle of a handshake nothing can be said
	}
	t.use(conn)
	t.secure, t.greeted, t.user = true, false, ""
	t.reset()
	return nil
}

// mail begins a message.
func (t *session) mail(rest string) error {
	switch address, ok := path(rest, "FROM:"); {
	case t.server.Messages > 0 && t.sent >= t.server.Messages:
		return t.close(ses.SessionFull().Message)
	case t.from != "":
		return t.wrong(503, "Bad sequence of commands")
	case !ok:
		return t.wrong(501, "Syntax error in parameters or arguments")
	case !valid(address):
		return t.wrong(501, "Invalid MAIL FROM address provided")
	default:
		t.from = address
		t.reply(250, "Ok")
		return nil
	}
}

// rcpt adds a recipient.
func (t *session) rcpt(rest string) error {
	switch address, ok := path(rest, "TO:"); {
	case t.from == "":
		return t.wrong(503, "Bad sequence of commands")
	case !ok:
		return t.wrong(501, "Syntax error in parameters or arguments")
	case !valid(address):
		return t.wrong(553, "<"+address+"> Invalid email address")
	case len(t.to) == maxRecipients:
		return t.wrong(452, "Too many recipients")
	default:
		t.to = append(t.to, address)
		t.reply(250, "Ok")
		return nil
	}
}

// data reads a message and passes it on.
func (t *session) data() error {
	if len(t.to) == 0 {
		return t.wrong(503, "Bad sequence of commands")
	}
	t.reply(354, "End data with <CR><LF>.<CR><LF>")
	t.conn.within(or(t.server.Patience, defaultPatience))
	start, size, err := read(&dots{r: t.r, left: 2 * ses.SMTP.MaxSize()})
	mail := api.Mail{From: t.from, ReturnPath: t.from, To: t.to}
	t.reset()
	if errors.Is(err, errTooLong) {
		t.reply(552, "Message is too long.")
		return errClosed
	}
	if err != nil {
		return err
	}
	t.sent++
	if why := message.Malformed(start); why != "" {
		t.reply(554, "Transaction failed: "+why)
		return nil
	}
	message.Raw(&mail, start)
	if refusal := message.CheckTags(ses.SMTP, mail.Tags); refusal != nil {
		t.reply(refusal.Wire.Status, "Transaction failed: "+refusal.Wire.Message)
		return nil
	}
	mail.Size = size
	return t.send(mail)
}

// maxStart is how much of a message is kept: more than its headers.
const maxStart = 256 << 10

// read reads a message and returns its start and its size.
func read(r io.Reader) (start []byte, size int64, err error) {
	if start, err = io.ReadAll(io.LimitReader(r, maxStart)); err != nil {
		return nil, 0, err
	}
	rest, err := io.Copy(io.Discard, r)
	return start, int64(len(start)) + rest, err
}

// send makes the call that a message is, and replies.
func (t *session) send(mail api.Mail) error {
	caller := api.Caller{Interface: ses.SMTP, Key: t.user, RequestID: wire.NewRequestID(), SourceIP: t.source}
	output, err := t.server.Backend.Do(context.WithoutCancel(t.conn.ctx), caller, &api.Send{Mail: mail})
	var refused *api.Error
	switch {
	case errors.As(err, &refused) && ends(refused):
		return t.end(refused)
	case errors.As(err, &refused):
		t.reply(refused.Wire.Status, refused.Wire.Message)
	case err != nil:
		t.reply(451, "Temporary service failure")
	default:
		t.reply(250, "Ok "+output.(*api.Sent).MessageID)
	}
	return nil
}

// ends reports whether a refusal ends the connection.
func ends(e *api.Error) bool { return e.Cut != api.NotCut || e.Wire.Status == 421 }

// end ends the connection with a refusal, or without one where it is cut.
func (t *session) end(e *api.Error) error {
	switch e.Cut {
	case api.NotCut:
		return t.close(e.Wire.Message)
	case api.CutIn:
		_, _ = t.w.WriteString("2")
		_ = t.w.Flush() // a client that has gone misses nothing
	}
	return errClosed
}

// path returns the address in "FROM:<address> parameters". Parameters are ignored.
func path(rest, keyword string) (address string, ok bool) {
	if len(rest) < len(keyword) || !strings.EqualFold(rest[:len(keyword)], keyword) {
		return "", false
	}
	rest = strings.TrimLeft(rest[len(keyword):], " ")
	if !strings.HasPrefix(rest, "<") {
		return "", false
	}
	for i, quoted := 1, false; i < len(rest); i++ {
		switch c := rest[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == '>' && !quoted:
			return rest[1:i], true
		}
	}
	return "", false
}

// valid reports whether SES takes an address: it supports no other characters than those
// of ASCII.
func valid(address string) bool {
	if strings.ContainsFunc(address, func(c rune) bool { return c < ' ' || c > '~' }) {
		return false
	}
	parsed, err := mail.ParseAddress("<" + address + ">")
	return err == nil && parsed.Name == ""
}
