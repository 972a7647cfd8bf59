package calibrate

import (
	"strconv"

	"sesim/sim/estimate"
)

// The mail that counts towards the quota and towards no rate, as audience and sender of the
// scenario.
const (
	ownDomains    = "own-domains"
	simulatorMail = "simulator"
)

// addAside adds an event of mail that counts towards no rate.
func (g *gatherer) addAside(e estimate.Event, sender string) {
	if g.aside == nil {
		g.aside = estimate.NewLog()
	}
	g.leftOut++
	e.Sender = sender
	g.aside.Add(&e)
}

// asideMail estimates the mail that counts towards no rate, whose traffic alone matters.
func (g *gatherer) asideMail(a *estimate.Account) []estimate.Sender {
	if g.aside == nil {
		return nil
	}
	return g.aside.Estimate(estimate.Options{Confidence: g.set.confidence, Cut: a.Cut, Steady: true}).Senders
}

// writeAside writes the audience and the sender of mail that counts towards no rate.
func (r *result) writeAside(w *writer, s *estimate.Sender) {
	domain := r.domain()
	if s.Name == simulatorMail {
		domain = "simulator.amazonses.com"
	}
	w.line("\n[[audience]]")
	w.key("name", quoted(s.Name), "")
	w.key("size", strconv.FormatInt(max(1, s.Addresses), 10), "counts towards the quota and towards no rate")
	w.key("domain", quoted(domain), "")
	w.line("\n[[sender]]")
	w.key("name", quoted(s.Name), "")
	w.key("account", quoted(r.Name), "")
	w.key("from", quoted(s.Name+"@"+r.domain()), "")
	w.key("audience", quoted(s.Name), "")
	r.writeTraffic(w, s, &pair{name: s.Name})
}

// asideParameters returns the estimates of mail that counts towards no rate.
func asideParameters(s *estimate.Sender) []named {
	return []named{{"messages_per_hour", s.Traffic.Rate, nil, false}}
}
