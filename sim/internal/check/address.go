package check

import (
	"strconv"
	"strings"

	"sesim/sim"
)

// simulatorDomain is the domain of the mailbox simulator.
const simulatorDomain = "simulator.amazonses.com"

// addressOf returns the address as it would stand in a mail.
func addressOf(cfg *sim.Config, a sim.Address) string {
	number := strconv.FormatInt(a.Number+1, 10)
	if a.Audience < 0 || a.Audience >= len(cfg.Audiences) {
		return "address " + number + " outside the audiences"
	}
	audience := &cfg.Audiences[a.Audience]
	if len(audience.Addresses) > 0 {
		return audience.Addresses[a.Number]
	}
	local := audience.Local
	if local == "" {
		local = audience.Name + "-"
	}
	return local + number + "@" + audience.Domain
}

// domainOf returns the domain of a recipient's address, in lower case.
func domainOf(cfg *sim.Config, a sim.Address) string {
	audience := &cfg.Audiences[a.Audience]
	if len(audience.Addresses) == 0 {
		return strings.ToLower(audience.Domain)
	}
	_, domain := split(audience.Addresses[a.Number])
	return domain
}

// isSimulator reports whether the recipient belongs to the mailbox simulator.
func isSimulator(cfg *sim.Config, a sim.Address) bool { return domainOf(cfg, a) == simulatorDomain }

// realRecipients counts the recipients outside the mailbox simulator.
func realRecipients(cfg *sim.Config, list []sim.Address) int64 {
	n := int64(0)
	for _, a := range list {
		if !isSimulator(cfg, a) {
			n++
		}
	}
	return n
}

// split parts an address at its last "@". Without one, all of it is the local
// part.
func split(address string) (local, domain string) {
	at := strings.LastIndex(address, "@")
	if at < 0 {
		return address, ""
	}
	return address[:at], strings.ToLower(address[at+1:])
}

// covers reports whether a verified identity covers an address: a domain
// covers itself and its subdomains in any case; an address covers itself and
// its labels, with the case of the local part as verified.
func covers(identity, address string) bool {
	local, domain := split(address)
	if !strings.Contains(identity, "@") {
		verified := strings.ToLower(identity)
		return domain == verified || strings.HasSuffix(domain, "."+verified)
	}
	verifiedLocal, verifiedDomain := split(identity)
	if domain != verifiedDomain {
		return false
	}
	if local == verifiedLocal {
		return true
	}
	return !strings.Contains(verifiedLocal, "+") && strings.HasPrefix(local, verifiedLocal+"+")
}

// coversAny reports whether one of the identities covers the address.
func coversAny(identities []string, address string) bool {
	for _, identity := range identities {
		if covers(identity, address) {
			return true
		}
	}
	return false
}

// sameIdentity reports whether two identities are the same domain or the same
// address; the case of domains does not matter.
func sameIdentity(a, b string) bool {
	if strings.Contains(a, "@") != strings.Contains(b, "@") {
		return false
	}
	if !strings.Contains(a, "@") {
		return strings.EqualFold(a, b)
	}
	localA, domainA := split(a)
	localB, domainB := split(b)
	return localA == localB && domainA == domainB
}
