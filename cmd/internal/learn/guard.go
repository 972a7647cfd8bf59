package learn

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// policy lets the page load what the server has and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// tabHeader names the tab that asks. A page of another origin cannot send it
// without asking first, and is never allowed to.
const tabHeader = "Sesim-Tab"

// guard answers requests that come from this server's own page, and refuses
// the others. A page from elsewhere reaches a server on the loopback interface
// by a name that its owner lets point there; such a request has that name as
// its host, or its origin.
type guard struct {
	next  http.Handler
	names []string // hosts that may be asked for, besides loopback names
	any   bool     // every IP address may: the server listens beyond the loopback interface
}

// ServeHTTP adds the headers that every answer has, and checks the request.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	switch {
	case !g.known(r.Host):
		refuse(w, http.StatusForbidden, "this host is not the classroom's; open the address that sesim learn has printed")
	case !sameOrigin(r):
		refuse(w, http.StatusForbidden, "the classroom answers its own page only")
	case r.Method == http.MethodPost && !isTab(r.Header.Get(tabHeader)):
		refuse(w, http.StatusForbidden, "the header "+tabHeader+" is missing: 1 to 32 letters and digits")
	default:
		g.next.ServeHTTP(w, r)
	}
}

// known reports whether a host is one that the server goes by. An address
// cannot be made to point elsewhere, a name can.
func (g *guard) known(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.IsLoopback() || g.any
	}
	name = strings.ToLower(name)
	return name == "localhost" || slices.Contains(g.names, name)
}

// sameOrigin reports whether a request comes from the page, or from somebody
// who opens it.
func sameOrigin(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" // a link to the page
}

func isTab(name string) bool {
	return name != "" && len(name) <= 32 && !strings.ContainsFunc(name, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
}
