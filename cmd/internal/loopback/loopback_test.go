package loopback_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"sesim/cmd/internal/loopback"
)

func TestKnown(t *testing.T) {
	named := &loopback.Hosts{Names: []string{"sesim"}}
	open := &loopback.Hosts{Any: true}
	for _, c := range []struct {
		host                string
		zero, named, opened bool
	}{
		{"localhost", true, true, true},
		{"LocalHost:8525", true, true, true},
		{"127.0.0.1:8525", true, true, true},
		{"127.9.9.9", true, true, true},
		{"[::1]:8525", true, true, true},
		{"[::1]", true, true, true},
		{"Sesim:8525", false, true, false},
		{"sesim.example", false, false, false},
		{"localhost.example:8525", false, false, false},
		{"192.0.2.7:8525", false, false, true},
		{"", false, false, false},
	} {
		for i, h := range []*loopback.Hosts{{}, named, open} {
			if got, want := h.Known(c.host), []bool{c.zero, c.named, c.opened}[i]; got != want {
				t.Errorf("hosts %d: %q is known: %v, want %v", i, c.host, got, want)
			}
		}
	}
}

// TestOrigin checks who may ask: programs, the server's own page, and links to it.
func TestOrigin(t *testing.T) {
	for _, c := range []struct {
		name, method, origin, site, mode string
		same, page                       bool
	}{
		{"a program", "POST", "", "", "", true, false},
		{"an address typed in", "GET", "", "none", "navigate", true, false},
		{"the own page", "POST", "http://localhost:8525", "same-origin", "cors", true, true},
		{"a link elsewhere", "GET", "", "cross-site", "navigate", true, true},
		{"an image elsewhere", "GET", "", "cross-site", "no-cors", false, true},
		{"a form elsewhere", "POST", "https://bad.example", "cross-site", "navigate", false, true},
		{"a form of an old browser", "POST", "https://bad.example", "", "", false, true},
		{"a form without an origin", "POST", "null", "", "", false, true},
		{"the own page in plain text", "POST", "http://localhost", "", "", false, true},
		{"a page at another port", "POST", "http://localhost:3000", "same-site", "cors", false, true},
	} {
		r := httptest.NewRequest(c.method, "http://localhost:8525/", nil)
		if c.origin == "http://localhost" {
			r = httptest.NewRequest(c.method, "https://localhost/", nil)
		}
		set(r.Header, "Origin", c.origin)
		set(r.Header, "Sec-Fetch-Site", c.site)
		set(r.Header, "Sec-Fetch-Mode", c.mode)
		if got := loopback.SameOrigin(r); got != c.same {
			t.Errorf("%s: same origin %v, want %v", c.name, got, c.same)
		}
		if got := loopback.FromPage(r); got != c.page {
			t.Errorf("%s: from a page %v, want %v", c.name, got, c.page)
		}
	}
}

func set(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}
