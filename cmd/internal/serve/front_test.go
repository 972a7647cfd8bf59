package serve_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/loopback"
	"sesim/cmd/internal/serve"
	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wiretest"
)

const authorization = "AWS4-HMAC-SHA256 Credential=acme/20260301/eu-west-1/ses/aws4_request, SignedHeaders=host;x-amz-date, Signature=00"

// named answers every request with its name.
func named(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s", name, body)
	})
}

// TestFront checks where requests go, and which are refused.
func TestFront(t *testing.T) {
	backend := &wiretest.Backend{Output: &api.GetAccountOutput{}}
	front := serve.NewFront(serve.Front{
		Backend: backend, Notices: &wire.Notices{}, Others: named("others"), Admin: named("admin"),
		Hosts: loopback.Hosts{Names: []string{"sesim"}},
	})
	const quota = "Action=GetSendQuota&Version=2010-12-01"
	for _, c := range []struct {
		name, method, path, body string
		header                   string // "Name: value", several with a bar between them
		status                   int
		want                     string // is in the answer
		calls                    int
	}{
		{"version 2", "GET", "/v2/email/account", "", "", 200, `"SendingEnabled":false`, 1},
		{"version 1", "POST", "/", quota, "", 200, "<GetSendQuotaResult>", 1},
		{"version 1 in a query", "GET", "/?" + quota, "", "", 200, "<GetSendQuotaResult>", 1},
		{"another host", "GET", "/v2/email/account", "", "Host: bad.example", 403, "--allow-host", 0},
		{"an allowed host", "GET", "/v2/email/account", "", "Host: sesim:8525", 200, "SendQuota", 1},
		{"a page", "POST", "/", quota, "Origin: https://bad.example", 403, "not pages", 0},
		{"the own page beside its path", "POST", "/", quota, "Origin: http://localhost:8525|Sec-Fetch-Site: same-origin", 403, "not pages", 0},
		{"a form without an origin", "POST", "/", quota, "Sec-Fetch-Site: cross-site", 403, "not pages", 0},
		{"no credentials, version 2", "GET", "/v2/email/account", "", "Authorization: ", 403, "Missing Authentication Token", 0},
		{"no credentials, version 1", "POST", "/", quota, "Authorization: ", 403, "<Code>MissingAuthenticationToken</Code>", 0},
		{"other credentials", "POST", "/", quota, "Authorization: Basic YTpi", 403, "<Code>SignatureDoesNotMatch</Code>", 0},
		{"compressed", "POST", "/v2/email/identities", "{}", "Content-Encoding: gzip", 400, "Content-Encoding gzip is not supported.", 0},
		{"a queue, form", "POST", "/", "Action=ReceiveMessage&Version=2012-11-05", "", 200, "others Action=ReceiveMessage", 0},
		{"a queue, JSON", "POST", "/", "{}", "X-Amz-Target: AmazonSQS.ReceiveMessage", 200, "others {}", 0},
		{"a confirmation", "GET", "/?Action=ConfirmSubscription&TopicArn=x&Token=y", "", "Authorization: ", 200, "others ", 0},
		{"a certificate", "GET", "/SimpleNotificationService-0.pem", "", "Authorization: ", 200, "others ", 0},
		{"the root", "GET", "/", "", "", 302, "/_sesim/", 0},
		{"the page", "GET", "/_sesim/", "", "", 200, "admin", 0},
		{"the page without a slash", "GET", "/_sesim", "", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate", 302, "/_sesim/", 0},
		{"a link to the page", "GET", "/_sesim/", "", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate", 200, "admin", 0},
		{"the clock without the header", "GET", "/_sesim/clock", "", "", 403, "Sesim-Admin", 0},
		{"the clock", "GET", "/_sesim/clock", "", "Sesim-Admin: 1", 200, "admin", 0},
		{"the clock by the own page", "POST", "/_sesim/clock", "", "Sesim-Admin: 1|Origin: http://localhost:8525|Sec-Fetch-Site: same-origin", 200, "admin", 0},
		{"the clock by another page", "POST", "/_sesim/clock", "", "Sesim-Admin: 1|Origin: https://bad.example", 403, "to itself only", 0},
		{"the clock from elsewhere", "GET", "/_sesim/clock", "", "Sesim-Admin: 1|From: 192.0.2.7:1", 403, "--allow-admin", 0},
		{"another path", "GET", "/metrics", "", "", 400, "MissingAction", 0},
	} {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
		r.Host, r.RemoteAddr = "localhost:8525", "127.0.0.1:40000"
		r.Header.Set("Authorization", authorization)
		for h := range strings.SplitSeq(c.header, "|") {
			switch name, value, _ := strings.Cut(h, ": "); name {
			case "":
			case "Host":
				r.Host = value
			case "From":
				r.RemoteAddr = value
			default:
				r.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		text := w.Body.String() + w.Header().Get("Location")
		if w.Code != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d %s, want %d and %s", c.name, w.Code, text, c.status, c.want)
		}
		calls := backend.Take()
		if len(calls) != c.calls {
			t.Errorf("%s: %d calls, want %d", c.name, len(calls), c.calls)
		}
		for _, call := range calls {
			if call.Caller.Key != "acme" || call.Caller.Region != "eu-west-1" || call.Caller.SourceIP != "127.0.0.1" || len(call.Caller.RequestID) != 36 {
				t.Errorf("%s: the caller is %+v", c.name, call.Caller)
			}
		}
	}
}

// TestLimits checks that a body over the limit is refused, whether its length is told or
// not.
func TestLimits(t *testing.T) {
	backend := &wiretest.Backend{}
	server := httptest.NewServer(serve.NewFront(serve.Front{Backend: backend, Notices: &wire.Notices{}}))
	defer server.Close()
	large := strings.Repeat(" ", 55<<20)
	for _, c := range []struct {
		body   string
		length int64
		status int
	}{{"{}", 2, 200}, {"{}", -1, 200}, {large, -1, 413}, {large, int64(len(large)), 413}} {
		r, err := http.NewRequest("PUT", server.URL+"/v2/email/account/sending", io.NopCloser(strings.NewReader(c.body)))
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = c.length
		r.Header.Set("Authorization", authorization)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			if c.status == 413 && c.length > 0 {
				continue // the server closed the connection while the body was on its way
			}
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != c.status {
			t.Errorf("%d bytes, told %d: %d, want %d", len(c.body), c.length, answer.StatusCode, c.status)
		}
	}
	if calls := backend.Take(); len(calls) != 2 {
		t.Errorf("%d calls", len(calls))
	}
}

// TestPatience checks that requests whose bodies do not come are ended, wherever they go:
// one that is refused, too, is read to its end first.
func TestPatience(t *testing.T) {
	backend := &wiretest.Backend{}
	server := httptest.NewServer(serve.NewFront(serve.Front{
		Backend: backend, Notices: &wire.Notices{}, Others: named("others"), Admin: named("admin"), Patience: 50 * time.Millisecond,
	}))
	defer server.Close()
	for _, head := range []string{
		"POST /v2/email/identities HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization,
		"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonSQS.ReceiveMessage",
		"POST / HTTP/1.1\r\nHost: bad.example",
		"POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://bad.example",
		"GET / HTTP/1.1\r\nHost: localhost",
		"PUT /_sesim/clock HTTP/1.1\r\nHost: localhost",
		"PUT /_sesim/clock HTTP/1.1\r\nHost: localhost\r\nSesim-Admin: 1",
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, head+"\r\nContent-Length: 1000\r\n\r\n{"); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if answer, err := io.ReadAll(conn); err != nil {
			t.Errorf("%s: %.100q, %v", head, answer, err)
		}
		conn.Close()
	}
	if calls := backend.Take(); len(calls) != 0 {
		t.Errorf("%d calls", len(calls))
	}
}

// TestAdminBody checks that a body over the limit is refused below AdminPath.
func TestAdminBody(t *testing.T) {
	front := serve.NewFront(serve.Front{Admin: named("admin")})
	for size, status := range map[int]int{1 << 20: 200, 1<<20 + 1: 413} {
		r := httptest.NewRequest("PUT", "/_sesim/clock", strings.NewReader(strings.Repeat(" ", size)))
		r.Host, r.RemoteAddr = "localhost", "127.0.0.1:40000"
		r.Header.Set("Sesim-Admin", "1")
		w := httptest.NewRecorder()
		if front.ServeHTTP(w, r); w.Code != status {
			t.Errorf("%d bytes: %d, want %d", size, w.Code, status)
		}
	}
}

// TestBusy checks that calls beyond the bound are told to come again, and that the bound
// frees again.
func TestBusy(t *testing.T) {
	release := make(waiting)
	front := serve.NewFront(serve.Front{Backend: release, Notices: &wire.Notices{}})
	ask := func() int {
		r := httptest.NewRequest("GET", "/v2/email/account", nil)
		r.Host = "localhost"
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		return w.Code
	}
	statuses := make(chan int)
	const calls = 5000
	for range calls {
		go func() { statuses <- ask() }()
	}
	count := map[int]int{}
	for range calls - 4096 {
		count[<-statuses]++
	}
	close(release)
	for range 4096 {
		count[<-statuses]++
	}
	if count[200] != 4096 || count[503] != calls-4096 {
		t.Errorf("statuses %v", count)
	}
	if status := ask(); status != 200 {
		t.Errorf("afterwards %d", status)
	}
}

// waiting is a Backend that answers when it is closed.
type waiting chan struct{}

func (b waiting) Do(context.Context, api.Caller, any) (any, error) {
	<-b
	return nil, nil
}
