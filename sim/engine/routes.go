package engine

import (
	"slices"

	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// A sender whose messages go to several audiences has a route to each of them: a
// senderState with a list of its own, which handles the messages from the moment when
// their audience is drawn. The routes of a sender follow each other. The first one is
// its lead, which has the sender's arrivals and its client; the others have none. Routes
// of one sender have the same number in the whole scenario, so that their results are
// added up (see gather) and records name the sender. Mail of routes takes the slow path,
// and its arrivals come one by one: supportsFast and steady say so.

// routes is what the routes of a sender share.
type routes struct {
	all      []senderState
	bounds   []unit.Share // sums of the audiences' shares
	audience rng.Key
	due      int64 // messages that were due, including those for lists without addresses
	messages int64 // the others
}

// addRoutes puts the routes of the partition's senders in place of the senders.
func (p *partition) addRoutes() {
	if !slices.ContainsFunc(p.cfg.Senders, func(s sim.Sender) bool { return s.Mixture != nil }) {
		return
	}
	given, numbers, leads := p.cfg.Senders, p.senders, make([]int, len(p.cfg.Senders))
	p.cfg.Senders, p.senders = nil, nil
	for i, s := range given {
		leads[i] = len(p.senders)
		for _, route := range s.Routes() {
			s.Audience = route.Audience
			p.cfg.Senders, p.senders = append(p.cfg.Senders, s), append(p.senders, numbers[i])
		}
	}
	p.cfg.Actions = slices.Clone(p.cfg.Actions)
	for i := range p.cfg.Actions {
		if a := &p.cfg.Actions[i]; a.Do == sim.DoSet && (a.Change.Key == sim.KeySenderOnBounce || a.Change.Key == sim.KeySenderRate) {
			a.Change.Index = leads[a.Change.Index]
		}
	}
}

// isLead reports whether the i-th sender has arrivals: it is not a further route of the
// sender before it.
func (p *partition) isLead(i int) bool { return i == 0 || p.senders[i] != p.senders[i-1] }

// routesOf returns the routes of a sender, given the number of its lead.
func (w *world) routesOf(lead int) []senderState {
	if r := w.senders[lead].routes; r != nil {
		return r.all
	}
	return w.senders[lead : lead+1]
}

// startRoutes begins the routes of a sender that has several.
func (w *world) startRoutes(lead *senderState, key func(purpose string) rng.Key) {
	if lead.spec.Mixture == nil {
		return
	}
	i, n := int(lead.index), len(lead.spec.Mixture)
	r := &routes{all: w.senders[i : i+n : i+n], audience: key("audience")}
	sum := unit.Share(0)
	for _, to := range lead.spec.Mixture {
		sum += to.Share
		r.bounds = append(r.bounds, sum)
	}
	lead.routes = r
}

// next returns the route of the message that is due, by its audience.
func (r *routes) next() *senderState {
	u := r.audience.At(uint64(r.due))
	r.due++
	for k := range r.bounds {
		if r.bounds[k].Of(u) {
			return &r.all[k]
		}
	}
	return &r.all[len(r.all)-1] // not reached: the last bound is the whole
}

// ends reports whether the sender has nobody to write to any more.
func (a *senderState) ends() bool {
	if a.routes == nil {
		return a.list.Left() == 0 && !a.audience.spec.Growth.Grows()
	}
	for k := range a.routes.all {
		if to := &a.routes.all[k]; to.list.Left() > 0 || to.audience.spec.Growth.Grows() {
			return false
		}
	}
	return true
}
