package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"regexp"
	"sync"
	"time"

	"sesim/cmd/internal/serve/authority"
)

// Scope is that of the authority whose certificates Proxy shows. An application that
// trusts it trusts it for hosts of AWS only.
func Scope() authority.Scope {
	return authority.Scope{Name: "sesim in place of Amazon SNS", Lifetime: 30 * 24 * time.Hour, Domains: []string{"amazonaws.com"}}
}

// snsHost are the hosts that Proxy answers for.
var snsHost = regexp.MustCompile(`^sns\.[a-z0-9-]{1,32}\.amazonaws\.com$`)

// Limits on the clients of Proxy.
const (
	tunnelTimeout = 30 * time.Second // of a request, and between requests
)

// Proxy is an HTTPS proxy that answers for hosts of SNS in place of AWS, and refuses all
// others: it opens no connection.
type Proxy struct {
	authority *authority.Authority
	inner     http.Server // of what comes through tunnels
	tunnels   tunnels
}

// NewProxy returns a Proxy that answers with a handler, and shows certificates of an
// authority. Clients that do not trust it, and defects, are logged.
func NewProxy(a *authority.Authority, h http.Handler, errors *log.Logger) *Proxy {
	p := &Proxy{authority: a, tunnels: tunnels{conns: make(chan net.Conn), closed: make(chan struct{})}}
	p.inner = http.Server{
		Handler: h, ReadTimeout: tunnelTimeout, WriteTimeout: tunnelTimeout, IdleTimeout: tunnelTimeout, MaxHeaderBytes: 1 << 14,
		ErrorLog: errors,
	}
	return p
}

// Serve answers connections until ctx ends. It returns nil after such an end.
func (p *Proxy) Serve(ctx context.Context, l net.Listener) error {
	outer := &http.Server{
		Handler: p, ReadTimeout: tunnelTimeout, WriteTimeout: tunnelTimeout, IdleTimeout: tunnelTimeout, MaxHeaderBytes: 1 << 14,
		ErrorLog:     p.inner.ErrorLog,
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, // CONNECT of HTTP/1.1 only
	}
	defer context.AfterFunc(ctx, func() {
		_ = outer.Close()
		_ = p.inner.Close()
	})()
	inner := make(chan error, 1)
	go func() { inner <- p.inner.Serve(&p.tunnels) }()
	err := outer.Serve(l)
	_ = p.inner.Close()
	<-inner
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("proxy: %w", err)
}

// ServeHTTP opens a tunnel.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, port, _ := net.SplitHostPort(r.Host)
	if r.Method != http.MethodConnect || port != "443" || !snsHost.MatchString(host) {
		http.Error(w, "this proxy answers for sns.<region>.amazonaws.com:443 only", http.StatusForbidden)
		return
	}
	cert, err := p.authority.Issue(host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if buffered.Reader.Buffered() > 0 { // TLS before the answer to CONNECT
		_ = conn.Close()
		return
	}
	_ = conn.SetDeadline(time.Time{}) // those of the tunnel's server follow
	if _, err := conn.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		_ = conn.Close()
		return
	}
	p.tunnels.add(tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12}))
}

// tunnels is the listener of the tunnels' server.
type tunnels struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (t *tunnels) add(conn net.Conn) {
	select {
	case t.conns <- conn:
	case <-t.closed:
		_ = conn.Close()
	}
}

// Accept returns the next tunnel.
func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-t.conns:
		return conn, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.closed) })
	return nil
}

// Addr returns an address that means nothing.
func (t *tunnels) Addr() net.Addr { return &net.TCPAddr{} }
