// Package loopback tells requests that are meant for a server on the loopback interface
// from those that pages of other origins make a browser send there.
//
// Such a page reaches the server by its address, and then the browser names the page's
// origin; or by a name whose owner lets it point there, and then the request has that name
// as its host. Programs other than browsers name no origin.
package loopback

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Hosts are the hosts that a server goes by. The zero value is the loopback interface's.
type Hosts struct {
	Names []string // in lower case, besides those of the loopback interface
	Any   bool     // every IP address is one: the server listens beyond the loopback interface
}

// Known reports whether the Host of a request is one of the server's. An address cannot
// be made to point elsewhere, a name can.
func (h *Hosts) Known(host string) bool {
	name := strings.Trim(host, "[]")
	if strings.Contains(name, ":") { // otherwise there is no port, and an error costs more than the rest
		if split, _, err := net.SplitHostPort(host); err == nil {
			name = split
		}
	}
	if name = strings.ToLower(name); name == "localhost" {
		return true
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.IsLoopback() || h.Any
	}
	return slices.Contains(h.Names, name)
}

// SameOrigin reports whether a request comes from a page of this server, from somebody who
// opens one, or from a program that is no browser.
func SameOrigin(r *http.Request) bool {
	own := "http://" + r.Host
	if r.TLS != nil {
		own = "https://" + r.Host
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != own {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" // a link to the page
}

// FromPage reports whether a page of any origin has made a browser send the request.
func FromPage(r *http.Request) bool {
	if r.Header.Get("Origin") != "" {
		return true
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "none"
}
