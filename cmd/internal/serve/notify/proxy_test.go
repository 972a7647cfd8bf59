package notify

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/serve/authority"
)

// startProxy serves a proxy for a handler and returns its address and its authority.
func startProxy(t *testing.T, h http.Handler) (address string, a *authority.Authority) {
	t.Helper()
	a, err := authority.New(time.Now(), Scope())
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- NewProxy(a, h, log.New(t.Output(), "", 0)).Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), a
}

// visitor is an application with a proxy and the authorities that it trusts.
func visitor(t *testing.T, proxy string, trusted *authority.Authority) *http.Client {
	roots := x509.NewCertPool()
	if trusted != nil {
		roots.AppendCertsFromPEM(trusted.PEM())
	}
	transport := &http.Transport{
		Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: proxy}), TLSClientConfig: &tls.Config{RootCAs: roots},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// TestProxy checks the way of a verifier which insists on AWS's hosts: it fetches the
// certificate and confirms the subscription through the proxy.
func TestProxy(t *testing.T) {
	app := newApplication(t)
	n, _ := newNotifier(t, func(c *Config) {
		c.Base = func(region string) string { return "https://sns." + region + ".amazonaws.com" }
	})
	address, a := startProxy(t, n)
	client := visitor(t, address, a)
	if _, _, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: "http", Endpoint: app.URL}); err != nil {
		t.Fatal(err)
	}
	first := app.wait(t, 1)[0]
	fetch := func(link string) []byte {
		t.Helper()
		answer, err := client.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", link, answer.Status, err)
		}
		return body
	}
	if link := first.fields["SigningCertURL"]; !strings.HasPrefix(link, "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-") {
		t.Errorf("%s", link)
	}
	if err := verify(fetch(first.fields["SigningCertURL"]), first.body); err != nil {
		t.Error(err)
	}
	fetch(first.fields["SubscribeURL"])
	if err := n.Publish(topicName1, "", "x"); err != nil {
		t.Fatal(err)
	}
	if got := app.wait(t, 2)[1]; got.fields["Message"] != "x" {
		t.Errorf("%s", got.body)
	}
	if answer, err := visitor(t, address, nil).Get(first.fields["SigningCertURL"]); err == nil {
		_ = answer.Body.Close()
		t.Error("a client trusts the proxy without its authority")
	}
}

// TestProxyRefuses checks that the proxy leads nowhere else.
func TestProxyRefuses(t *testing.T) {
	address, _ := startProxy(t, http.NotFoundHandler())
	for _, request := range []string{
		"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
		"CONNECT sns.us-east-1.amazonaws.com:80 HTTP/1.1\r\nHost: sns.us-east-1.amazonaws.com:80\r\n\r\n",
		"CONNECT sns.us-east-1.amazonaws.com.evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT email.us-east-1.amazonaws.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: sns.us-east-1.amazonaws.com:443\r\n\r\n",
		"GET http://sns.us-east-1.amazonaws.com/ HTTP/1.1\r\nHost: sns.us-east-1.amazonaws.com\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: sns.us-east-1.amazonaws.com:443\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, request)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || answer.StatusCode != http.StatusForbidden {
			t.Errorf("%q: %v %v", request, answer, err)
		}
		_ = conn.Close()
	}
}
