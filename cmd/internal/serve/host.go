package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"sesim/cmd/internal/journal"
	"sesim/cmd/internal/loopback"
	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/auth"
	"sesim/cmd/internal/serve/authority"
	"sesim/cmd/internal/serve/notify"
	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wire/smtp"
	"sesim/cmd/internal/serve/wire/sqs"
	"sesim/reports/events"
	"sesim/sim"
	"sesim/sim/ses"
)

// Secret is the secret key of every access key, where secrets are checked. It is none: what
// is pasted with it sends no real mail.
const Secret = "sesim"

// Options are how a Host serves a scenario.
type Options struct {
	Scenario *sim.Config
	Host     string // IP address to listen on
	Port     int    // of the APIs; 0: a free one
	SMTPPort int    // -1: no SMTP; 0: a free one

	HTTPSPort int // of the APIs over TLS; -1: none; 0: a free one
	SMTPSPort int // of SMTP that begins with TLS; -1: none; 0: a free one

	AllowHosts   []string      // Host names besides those of the loopback interface
	AllowTargets []string      // hosts that notifications may be posted to
	AllowAdmin   bool          // requests below AdminPath may come from other machines
	Speed        int64         // of the clock, in thousandths of wall time
	TLSDir       string        // keeps the authority of the server's certificate; empty: a new one each time
	RequireTLS   bool          // SMTP refuses credentials and mail without TLS, as SES does
	SNSCA        string        // folder for the certificate of the authority with which Proxy answers for SNS; empty: no proxy
	NotifyRetry  time.Duration // between attempts to post a notification; 0: as SNS
	Version2     bool          // of the signatures of notifications
	Verify       bool          // check signatures and SMTP passwords
	S3Root       string        // folder of the files of import jobs; empty: there are none

	StrictRegions bool // refuse calls for a Region in which the scenario has no account

	Journal *journal.Writer // nil: none is written
	Part    func(n int) (*journal.Writer, error)
	Tell    func(text string)
}

// Host serves a scenario at ports of this machine.
type Host struct {
	*Server
	options  Options
	notifier *notify.Notifier
	queues   *sqs.Queues
	web      net.Listener
	webTLS   net.Listener // of the APIs over TLS; nil: none
	mail     net.Listener // nil: no SMTP
	mailTLS  net.Listener // of SMTP that begins with TLS; nil: none
	proxy    net.Listener // nil: no proxy
	server   *http.Server
	smtp     *smtp.Server
	sns      *notify.Proxy
	trusted  string // file of the certificates that clients must trust
	folder   string // to be removed; empty: none
	hurried  context.Context
	hurry    context.CancelFunc
	topics   []Topic
}

// Topic is a topic that there is from the start, with where it goes: the URL of a web
// server or of a queue.
type Topic struct{ ARN, To string }

// Limits of connections.
const (
	headerTimeout = 5 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	closing       = 5 * time.Second // for calls in progress at the end
)

// ErrFolder is wrapped by the error of Listen where a folder of the Options cannot be used.
var ErrFolder = errors.New("a folder cannot be used")

// Listen opens the ports and the session of a scenario. Run must be called, or Close.
func Listen(o Options) (h *Host, err error) {
	h = &Host{options: o}
	if o.S3Root != "" {
		if _, err := os.ReadDir(o.S3Root); err != nil {
			return h, fmt.Errorf("%w: --s3-root: %w", ErrFolder, err)
		}
	}
	h.hurried, h.hurry = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	if h.web, err = listen(o.Host, o.Port); err != nil {
		return h, err
	}
	for _, p := range []struct {
		port     int
		listener *net.Listener
	}{{o.HTTPSPort, &h.webTLS}, {o.SMTPPort, &h.mail}, {o.SMTPSPort, &h.mailTLS}} {
		if p.port < 0 {
			continue
		}
		if *p.listener, err = listen(o.Host, p.port); err != nil {
			return h, err
		}
	}
	logger := log.New(teller(o.Tell), "", 0)
	h.queues = sqs.New(queueLimit(o.Scenario), time.Now)
	h.notifier = notify.New(notify.Config{
		Account: events.AccountNumber(&o.Scenario.Accounts[0]), Base: h.snsBase, Queues: h.queues, Now: time.Now,
		Version2: o.Version2, Retry: o.NotifyRetry, Limit: queueLimit(o.Scenario), Targets: o.AllowTargets, Log: logger,
	})
	notices := &wire.Notices{Tell: o.Tell}
	h.Server, err = New(Config{
		Scenario: o.Scenario, Notices: notices, Notifier: h.notifier, Queues: h.queues, Journal: o.Journal, Part: o.Part, Now: time.Now,
		S3Root: o.S3Root, Speed: o.Speed,
		StrictRegions: o.StrictRegions,
	})
	if err != nil {
		return h, err
	}
	front := NewFront(Front{
		Backend: h.Server, Notices: notices, Hosts: loopback.Hosts{Names: lower(o.AllowHosts), Any: !h.isLocal()},
		Others: &Services{h.notifier, h.queues}, Admin: h.Server.Admin(), AdminAnywhere: o.AllowAdmin,
	})
	if o.Verify {
		front.Secret = func(string) (string, bool) { return Secret, true } // keys are checked in any case
	}
	h.server = &http.Server{
		Handler: front, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: logger,
	}
	if err := h.secure(logger); err != nil {
		return h, err
	}
	return h, h.subscribe()
}

// teller writes lines to a function.
type teller func(text string)

func (t teller) Write(p []byte) (int, error) {
	if t != nil {
		t(strings.TrimSuffix(string(p), "\n"))
	}
	return len(p), nil
}

var _ io.Writer = teller(nil)

func lower(list []string) []string {
	names := make([]string, len(list))
	for i, name := range list {
		names[i] = strings.ToLower(name)
	}
	return names
}

func queueLimit(c *sim.Config) int {
	if c.Serve.Queue > 0 {
		return int(c.Serve.Queue)
	}
	return sqs.DefaultWaiting
}

func listen(host string, port int) (net.Listener, error) {
	return net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
}

// isLocal reports whether only this machine reaches the ports.
func (h *Host) isLocal() bool {
	ip := net.ParseIP(h.options.Host)
	return ip != nil && ip.IsLoopback()
}

// URL returns the endpoint of the APIs.
func (h *Host) URL() string { return "http://" + h.at(h.web) }

// SecureURL returns the endpoint of the APIs over TLS; "": there is none.
func (h *Host) SecureURL() string {
	if h.webTLS == nil {
		return ""
	}
	return "https://" + h.at(h.webTLS)
}

// at returns where a listener is reached.
func (h *Host) at(l net.Listener) string {
	host := h.options.Host
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, strconv.Itoa(portOf(l)))
}

// SMTPAddress returns the address of the SMTP interface; "": there is none.
func (h *Host) SMTPAddress() string { return addressOf(h.mail) }

// SMTPSAddress returns the address of SMTP that begins with TLS; "": there is none.
func (h *Host) SMTPSAddress() string { return addressOf(h.mailTLS) }

func addressOf(l net.Listener) string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

// SMTPPassword returns the SMTP password of the secret in a Region. Others will do too,
// unless passwords are checked.
func (h *Host) SMTPPassword(region string) string { return auth.SMTPPassword(Secret, region) }

// ProxyURL returns the URL of the proxy that answers for SNS; "": there is none.
func (h *Host) ProxyURL() string {
	if h.proxy == nil {
		return ""
	}
	return "http://" + h.proxy.Addr().String()
}

// Trusted returns the file of the certificates that clients, and verifiers of SNS's
// signatures, are to trust; "": there is none.
func (h *Host) Trusted() string { return h.trusted }

// Topics returns the topics that there are from the start.
func (h *Host) Topics() []Topic { return h.topics }

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// snsBase returns the start of the URLs in notifications.
func (h *Host) snsBase(region string) string {
	if h.options.SNSCA != "" {
		return "https://sns." + region + ".amazonaws.com"
	}
	return h.URL()
}

// secure makes the certificates: of the server, and of the proxy that answers for SNS. The
// file to trust has those of both authorities, since some programs take one file only.
func (h *Host) secure(logger *log.Logger) (err error) {
	var certificates []byte
	if h.webTLS != nil || h.mail != nil || h.mailTLS != nil {
		if certificates, err = h.certify(logger); err != nil {
			return err
		}
	}
	if h.options.SNSCA == "" {
		return nil
	}
	a, err := authority.New(time.Now(), notify.Scope()) // its key stays in memory
	if err != nil {
		return err
	}
	h.trusted = filepath.Join(h.options.SNSCA, "sesim-sns-ca.pem")
	if err = os.MkdirAll(h.options.SNSCA, 0o755); err == nil {
		err = os.WriteFile(h.trusted, append(a.PEM(), certificates...), 0o644)
	}
	if err != nil {
		return fmt.Errorf("%w: --sns-ca: %w", ErrFolder, err)
	}
	h.sns = notify.NewProxy(a, h.notifier, logger)
	h.proxy, err = listen("127.0.0.1", 0) // wherever the other ports are
	return err
}

// certify makes the certificate of the server, and returns that of its authority.
func (h *Host) certify(logger *log.Logger) (authority []byte, err error) {
	a, err := h.authority()
	if err != nil {
		return nil, err
	}
	config, err := a.Server(append([]string{"localhost", "127.0.0.1", "::1"}, h.options.AllowHosts...)...)
	if err != nil {
		return nil, err
	}
	if h.webTLS != nil {
		h.webTLS = tls.NewListener(h.webTLS, config)
	}
	if h.mail == nil && h.mailTLS == nil {
		return a.PEM(), nil
	}
	session := h.options.Scenario.Rules.Session
	if session.Idle == 0 { // never
		session.Idle = 24 * time.Hour
	}
	h.smtp = &smtp.Server{
		Backend: h.Server, Login: h.login, TLS: config, RequireTLS: h.options.RequireTLS,
		Idle: session.Idle, Messages: int(session.MaxMessages), Log: logger,
	}
	return a.PEM(), nil
}

// authority returns the authority of the server's certificate, and puts its own where
// clients find it.
func (h *Host) authority() (a *authority.Authority, err error) {
	folder := h.options.TLSDir
	if folder == "" {
		if folder, err = os.MkdirTemp("", "sesim-tls-"); err != nil {
			return nil, err
		}
		h.folder = folder
	}
	a, h.trusted, err = authority.Open(folder, time.Now(), authority.Loopback(h.options.AllowHosts...))
	if err != nil {
		return nil, fmt.Errorf("%w: --tls-dir: %w", ErrFolder, err)
	}
	return a, nil
}

// DefaultTopic is the name of the topic, and of its queue, of a scenario without topics.
const DefaultTopic = "sesim"

// subscribe makes the topics of the scenario.
func (h *Host) subscribe() error {
	account := &h.options.Scenario.Accounts[0]
	number := events.AccountNumber(account)
	topics := h.options.Scenario.Serve.Topics
	if len(topics) == 0 {
		topics = []sim.Topic{{ARN: "arn:aws:sns:" + account.Region + ":" + number + ":" + DefaultTopic, Queue: DefaultTopic}}
	}
	for _, t := range topics {
		h.notifier.Topic(t.ARN, "")
		s := notify.Subscription{Topic: t.ARN, Endpoint: t.URL, Raw: t.Raw, Lasting: true}
		s.Protocol, _, _ = strings.Cut(t.URL, ":")
		to := t.URL
		if t.Queue != "" {
			s.Protocol, s.Endpoint = "sqs", "arn:aws:sqs:"+account.Region+":"+number+":"+t.Queue
			to = h.URL() + "/" + number + "/" + t.Queue
		}
		if _, _, err := h.notifier.Subscribe(s); err != nil {
			return fmt.Errorf("topic %s: %w", t.ARN, err)
		}
		h.topics = append(h.topics, Topic{t.ARN, to})
	}
	return nil
}

// login lets every user in whose name is an access key, and checks the password if it is
// to.
func (h *Host) login(user, password string) *api.Error {
	if refusal := h.admit(user); refusal != nil {
		return refusal
	}
	for i := range h.options.Scenario.Accounts {
		if !h.options.Verify || password == auth.SMTPPassword(Secret, h.options.Scenario.Accounts[i].Region) {
			return nil
		}
	}
	return api.UnknownKey(ses.SMTP)
}

// Hurry makes Run, whose end was asked for, return without the calls in progress. The result is
// marked interrupted then.
func (h *Host) Hurry() { h.hurry() }

// Run serves until ctx ends or the end is asked for, lets calls in progress finish, and
// returns the result of the session.
func (h *Host) Run(ctx context.Context) (*sim.Result, error) {
	defer h.Close()
	owned, done := context.WithCancel(context.WithoutCancel(ctx))
	serving, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	var failed error
	group.Go(func() {
		if err := h.server.Serve(h.web); err != nil && !errors.Is(err, http.ErrServerClosed) {
			failed = err
			stop()
		}
	})
	for _, also := range []struct { // each ends with ctx, or with the server
		listener net.Listener
		serve    func(net.Listener) error
	}{
		{h.webTLS, h.server.Serve},
		{h.mail, func(l net.Listener) error { return h.smtp.Serve(serving, l) }},
		{h.mailTLS, func(l net.Listener) error { return h.smtp.ServeTLS(serving, l) }},
		{h.proxy, func(l net.Listener) error { return h.sns.Serve(serving, l) }},
	} {
		if also.listener != nil {
			group.Go(func() { _ = also.serve(also.listener) })
		}
	}
	group.Go(func() {
		select {
		case <-serving.Done():
		case <-h.closed:
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
		defer cancel()
		defer context.AfterFunc(h.hurried, cancel)()
		_ = h.server.Shutdown(ctx) // calls that take longer are cut off
		_ = h.server.Close()
		stop()
		done()
	})
	result, err := h.Server.Run(owned)
	stop()
	served := make(chan error, 1)
	go func() {
		group.Wait()
		served <- failed
	}()
	select {
	case failed := <-served:
		err = errors.Join(err, failed)
	case <-h.hurried.Done():
	}
	if result != nil && h.hurried.Err() != nil {
		result.Interrupted = true
	}
	return result, err
}

// Close closes what Listen has opened.
func (h *Host) Close() {
	h.hurry()
	for _, l := range []net.Listener{h.web, h.webTLS, h.mail, h.mailTLS, h.proxy} {
		if l != nil {
			_ = l.Close() // it may be closed already
		}
	}
	if h.notifier != nil {
		h.notifier.Close()
	}
	if h.folder != "" {
		_ = os.RemoveAll(h.folder)
	}
}
