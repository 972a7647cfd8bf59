//go:build !js

package learn

import (
	"net/http"
	"strings"

	"sesim/cmd/internal/loopback"
	"sesim/cmd/internal/page"
)

// tabHeader names the tab that asks. A page of another origin cannot send it
// without asking first, and is never allowed to.
const tabHeader = "Sesim-Tab"

// guard answers requests that come from this server's own page, and refuses
// the others.
type guard struct {
	next  http.Handler
	hosts loopback.Hosts
}

// ServeHTTP adds the headers that every answer has, and checks the request.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page.Protect(w.Header())
	switch {
	case !g.hosts.Known(r.Host):
		refuse(w, http.StatusForbidden, "this host is not the classroom's; open the address that sesim learn has printed")
	case !loopback.SameOrigin(r):
		refuse(w, http.StatusForbidden, "the classroom answers its own page only")
	case r.Method == http.MethodPost && !isTab(r.Header.Get(tabHeader)):
		refuse(w, http.StatusForbidden, "the header "+tabHeader+" is missing: 1 to 32 letters and digits")
	default:
		g.next.ServeHTTP(w, r)
	}
}

func isTab(name string) bool {
	return name != "" && len(name) <= 32 && !strings.ContainsFunc(name, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
}
