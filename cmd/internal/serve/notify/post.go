package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"sesim/cmd/internal/serve/wire"
)

// Limits on a web server that is posted to.
const (
	answerTimeout = 15 * time.Second
	maxAnswer     = 64 << 10 // bytes that are read, so that the connection can be used again
)

// post is something to post for a subscription.
type post struct {
	envelope *envelope
	body     []byte // nil: not signed yet
	attempts int    // made
	counts   bool   // among notifications
}

// add puts an envelope in line. The caller has locked n.
func (n *Notifier) add(s *subscription, e *envelope, counts bool) {
	n.address(s, e)
	n.line(s, &post{envelope: e, counts: counts})
}

// line puts a post in line. The caller has locked n.
func (n *Notifier) line(s *subscription, p *post) {
	if n.ctx.Err() != nil {
		n.settle(p, false)
		return
	}
	s.waiting = append(s.waiting, p)
	if !s.busy {
		s.busy = true
		n.group.Go(func() { n.work(s) })
	}
}

// work posts what waits for a subscription, one after the other.
func (n *Notifier) work(s *subscription) {
	defer func() {
		if v := recover(); v != nil {
			n.config.Log.Printf("notify: %v\n%s", v, debug.Stack())
		}
	}()
	for {
		n.mu.Lock()
		if len(s.waiting) == 0 || n.ctx.Err() != nil {
			s.busy = false
			n.mu.Unlock()
			return
		}
		p := s.waiting[0]
		s.waiting[0] = nil
		s.waiting = s.waiting[1:]
		n.mu.Unlock()
		again, err := n.attempt(s, p)
		n.mu.Lock()
		switch p.attempts++; {
		case err == nil:
			n.settle(p, true)
		case again && (p.attempts <= retries || s.lasting && !p.counts):
			n.later(s, p)
		default:
			n.settle(p, false)
		}
		n.mu.Unlock()
	}
}

// later puts a post in line again after a while. The caller has locked n.
func (n *Notifier) later(s *subscription, p *post) {
	resets := n.resets
	n.after(n.config.Retry, func() {
		if slices.Contains(n.order, s) && (!p.counts || n.resets == resets) {
			n.line(s, p)
		} else {
			n.settle(p, false) // unsubscribed meanwhile
		}
	})
}

// after calls a function with n locked when a time is over, unless n is closed before.
func (n *Notifier) after(wait time.Duration, f func()) {
	n.group.Go(func() {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-n.ctx.Done():
			return
		}
		n.mu.Lock()
		defer n.mu.Unlock()
		f()
	})
}

// PublishLate publishes a message as Publish does, after a delay and, if it is to be, twice:
// SNS delivers at least once and in any order. Settle waits for it.
func (n *Notifier) PublishLate(arn, subject, message string, delay time.Duration, twice bool) {
	e := envelope{Type: notification, MessageId: wire.NewRequestID(), Subject: subject, Message: message}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hold()
	resets := n.resets
	publish := func() {
		for i := 0; n.resets == resets && (i == 0 || i == 1 && twice); i++ {
			_ = n.publish(arn, e) // counted there if it is full
		}
		n.release()
	}
	if delay == 0 {
		publish()
		return
	}
	n.after(delay, publish)
}

// settle counts a notification that was taken or given up. The caller has locked n.
func (n *Notifier) settle(p *post, taken bool) {
	if !p.counts {
		return
	}
	if taken {
		n.delivered++
	} else {
		n.failed++
	}
	n.release()
}

// attempt posts once. Again says whether SNS would repeat it.
func (n *Notifier) attempt(s *subscription, p *post) (again bool, err error) {
	raw := s.raw && p.envelope.Type == notification
	switch {
	case p.body != nil:
	case raw:
		p.body = []byte(p.envelope.Message)
	default:
		n.signer().sign(p.envelope)
		p.body = p.envelope.json()
	}
	ctx, cancel := context.WithTimeout(n.ctx, answerTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint, bytes.NewReader(p.body))
	if err != nil {
		return false, fmt.Errorf("notify: %w", err)
	}
	r.Header.Set("Content-Type", "text/plain; charset=UTF-8")
	r.Header.Set("User-Agent", "Amazon Simple Notification Service Agent")
	r.Header.Set("x-amz-sns-message-type", p.envelope.Type)
	r.Header.Set("x-amz-sns-message-id", p.envelope.MessageId)
	r.Header.Set("x-amz-sns-topic-arn", s.topic.arn)
	if p.envelope.Type == notification {
		r.Header.Set("x-amz-sns-subscription-arn", s.arn)
	}
	if raw {
		r.Header.Set("x-amz-sns-rawdelivery", "true")
	}
	answer, err := n.client.Do(r)
	if err != nil {
		return !errors.Is(err, errTarget), fmt.Errorf("notify: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer) // the status says it all
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return false, nil
	default:
		return code >= 500 || code == http.StatusTooManyRequests, fmt.Errorf("notify: %s answered %s", s.endpoint, answer.Status)
	}
}

// errTarget is about an address that must not be dialled.
var errTarget = errors.New("not an address of the loopback interface")

// newClient returns a client that follows no redirects.
func newClient(t http.RoundTripper) *http.Client {
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// newTransport returns a transport that dials addresses of the loopback interface, and
// the hosts that are allowed by name.
func newTransport(targets []string) *http.Transport {
	local := &net.Dialer{Timeout: answerTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		if to, err := netip.ParseAddrPort(address); err != nil || !to.Addr().Unmap().IsLoopback() {
			return fmt.Errorf("%s: %w", address, errTarget)
		}
		return nil
	}}
	anywhere := &net.Dialer{Timeout: answerTimeout}
	return &http.Transport{
		Proxy: nil, // not even one of the environment
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if host, _, err := net.SplitHostPort(address); err == nil && named(host, targets) {
				return anywhere.DialContext(ctx, network, address)
			}
			return local.DialContext(ctx, network, address)
		},
		DisableCompression: true, MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: answerTimeout,
		MaxResponseHeaderBytes: maxAnswer,
	}
}

// named reports whether a host is among the allowed ones.
func named(host string, targets []string) bool {
	return slices.ContainsFunc(targets, func(target string) bool { return strings.EqualFold(target, host) })
}

// allowed reports whether a host may be posted to, as far as its name says so.
func allowed(host string, targets []string) bool {
	if addr, err := netip.ParseAddr(host); err == nil && addr.IsLoopback() {
		return true
	}
	return strings.EqualFold(host, "localhost") || named(host, targets)
}
