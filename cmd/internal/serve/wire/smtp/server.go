package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"sesim/cmd/internal/serve/api"
)

// Server is the SMTP interface. Backend and Login are required.
type Server struct {
	Backend api.Backend
	// Login checks credentials and returns nil, or a refusal worded for SMTP. It is
	// called by several connections at a time.
	Login func(user, password string) *api.Error

	TLS         *tls.Config   // of STARTTLS and ServeTLS; nil: there is none
	RequireTLS  bool          // refuse credentials and mail without TLS, as SES does
	Idle        time.Duration // without a byte from the client; 0: 10 s
	Patience    time.Duration // for one message; 0: 5 min
	Messages    int           // of one connection; 0: any number
	Connections int           // at the same time; 0: 1,024
	Log         *log.Logger   // defects; nil: the standard logger

	open atomic.Int64
}

// Defaults of a Server, and the time in which a message that was received whole is
// answered after the end.
const (
	defaultIdle        = 10 * time.Second
	defaultPatience    = 5 * time.Minute
	defaultConnections = 1024
	closing            = 5 * time.Second
)

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// Serve answers connections until ctx ends. Messages that were received whole by then
// are still answered. It returns nil after such an end.
func (s *Server) Serve(ctx context.Context, l net.Listener) error { return s.serve(ctx, l, false) }

// ServeTLS is Serve where connections begin with TLS, which SES calls a TLS wrapper.
func (s *Server) ServeTLS(ctx context.Context, l net.Listener) error { return s.serve(ctx, l, true) }

func (s *Server) serve(ctx context.Context, l net.Listener, wrapped bool) error {
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	var group sync.WaitGroup
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			if err == nil {
				_ = conn.Close()
			}
			wait(&group)
			return nil
		}
		if temporary(err) { // no file descriptor is left, or the client has gone
			time.Sleep(10 * time.Millisecond)
			continue
		}
		if err != nil {
			return fmt.Errorf("smtp: %w", err)
		}
		group.Go(func() { s.handle(ctx, conn, wrapped) })
	}
}

// temporary reports whether the next connection may be accepted nevertheless.
func temporary(err error) bool {
	var network net.Error
	return errors.As(err, &network) && !errors.Is(err, net.ErrClosed)
}

// wait waits for a group, not for ever.
func wait(group *sync.WaitGroup) {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(closing):
	}
}

// handle answers one connection and closes it.
func (s *Server) handle(ctx context.Context, conn net.Conn, wrapped bool) {
	defer conn.Close()
	defer func() {
		if v := recover(); v != nil {
			or(s.Log, log.Default()).Printf("smtp: %v\n%s", v, debug.Stack())
		}
	}()
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })()
	defer s.open.Add(-1)
	t := newSession(ctx, s, conn)
	open := s.open.Add(1)
	if wrapped && t.secured() != nil {
		return
	}
	if open > int64(or(s.Connections, defaultConnections)) {
		t.reply(421, "Too many concurrent SMTP connections")
		return
	}
	t.run()
}
