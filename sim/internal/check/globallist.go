package check

import (
	"slices"
	"time"

	"sesim/sim"
)

// maxStay is the longest stay on the global list that AWS names.
const maxStay = 14 * day

// formRegions are the Regions whose classic console had the removal form.
var formRegions = []string{"us-east-1", "us-west-2", "eu-west-1"}

// globalList replays the global suppression list from its causes: hard
// bounces, complaints and suppressed sends where the rules say so, and the
// removal form. It compares every stay the records tell with the one that the
// rules give.
type globalList struct {
	cfg            *sim.Config
	found          *findings
	now            *present
	stays          map[place]*stay
	due            []cause // records that must follow at this very time
	added, removed int64
}

// place is an address on the list of a Region; the Region is empty where one
// list serves all.
type place struct {
	region  string
	address sim.Address
}

// stay is what the list knows of an address.
type stay struct {
	until, length, struck time.Duration
	strikes               int
}

// cause is an event that must list an address, or take it off.
type cause struct {
	kind sim.RecordKind // ListedGlobal or UnlistedGlobal
	place
	at      time.Duration
	account int
}

func newGlobalList(cfg *sim.Config, found *findings, now *present) *globalList {
	return &globalList{cfg: cfg, found: found, now: now, stays: map[place]*stay{}}
}

// place returns where the address of an account's mail is listed.
func (g *globalList) place(account int, address sim.Address) place {
	if !g.cfg.Rules.Global.PerRegion {
		return place{"", address}
	}
	return place{g.cfg.Accounts[account].Region, address}
}

// holds reports whether the list holds the address for the account at t. A
// stay includes its first moment and not its last.
func (g *globalList) holds(t time.Duration, account int, address sim.Address) bool {
	s := g.stays[g.place(account, address)]
	return s != nil && t < s.until
}

func (g *globalList) observe(r *sim.Record) {
	g.people()
	g.overdue(r.At)
	p := &g.cfg.Rules.Global
	switch r.Kind {
	case sim.HardBounced:
		g.bounce(r)
	case sim.Complained:
		if p.AddOnComplaint {
			g.bounce(r)
		}
	case sim.SuppressedGlobal:
		if p.SuppressedBounceEscalates {
			g.expect(r)
		}
	case sim.Delivered:
		if s := g.stays[g.place(r.Account, r.Address)]; s != nil && p.DeliveryResets && r.At >= s.until {
			s.strikes, s.length = 0, 0
		}
	case sim.ListedGlobal:
		g.list(r)
	case sim.UnlistedGlobal:
		if !g.settle(cause{sim.UnlistedGlobal, place{"", r.Address}, r.At, r.Account}) {
			g.bad(r, "taken off the list by nobody")
		}
	}
}

// expect notes that the address must be listed now.
func (g *globalList) expect(r *sim.Record) {
	g.due = append(g.due, cause{sim.ListedGlobal, g.place(r.Account, r.Address), r.At, r.Account})
}

// bounce takes in a hard bounce, or what the rules count as one. While the
// address is listed it begins no stay, but the rules' memory begins with it.
func (g *globalList) bounce(r *sim.Record) {
	if !g.holds(r.At, r.Account, r.Address) {
		g.expect(r)
		return
	}
	g.stays[g.place(r.Account, r.Address)].struck = r.At
}

// settle takes a cause off those whose record is due, if it is there.
func (g *globalList) settle(c cause) bool {
	i := slices.Index(g.due, c)
	if i >= 0 {
		g.due = slices.Delete(g.due, i, i+1)
	}
	return i >= 0
}

// overdue reports the records that did not follow their cause.
func (g *globalList) overdue(t time.Duration) {
	for len(g.due) > 0 && g.due[0].at < t {
		c, what := g.due[0], "nothing listed the address after a hard bounce, or what the rules treat as one"
		if c.kind == sim.UnlistedGlobal {
			what = "the removal form was filled in, and nothing took the address off"
		}
		g.found.add("global list", c.at, c.account, addressOf(g.cfg, c.address), "%s", what)
		g.due = g.due[1:]
	}
}

// list checks a stay that begins.
func (g *globalList) list(r *sim.Record) {
	at := g.place(r.Account, r.Address)
	if !g.settle(cause{sim.ListedGlobal, at, r.At, r.Account}) {
		g.bad(r, "listed without a hard bounce now, or what the rules treat as one")
	}
	s := g.stays[at]
	if s == nil {
		s = &stay{}
		g.stays[at] = s
	}
	if memory := g.cfg.Rules.Global.StrikeMemory; memory > 0 && r.At-s.struck >= memory {
		s.strikes, s.length = 0, 0
	}
	s.strikes++
	g.compare(r, s)
	s.struck, s.until, s.length = r.At, r.Until, r.Until-r.At
	g.added++
}

// compare checks a new stay against the rules and the stay before it, whose
// length s still has.
func (g *globalList) compare(r *sim.Record, s *stay) {
	steps, length := g.cfg.Rules.Global.Durations, r.Until-r.At
	want := steps[min(s.strikes, len(steps))-1]
	switch {
	case r.Strikes != s.strikes:
		g.bad(r, "listed at strike %d, the records tell of %d", r.Strikes, s.strikes)
	case length > maxStay:
		g.bad(r, "listed for %v, longer than 14 days", length)
	case length < s.length:
		g.bad(r, "listed for %v, shorter than the stay before, %v", length, s.length)
	case length != want:
		g.bad(r, "listed for %v at strike %d, for which the rules give %v", length, s.strikes, want)
	}
}

// people carries out what people have filled in since the record before. The
// form takes an address off in all Regions.
func (g *globalList) people() {
	for _, action := range g.now.done {
		if action.Do != sim.DoRemoveGlobal || !g.cfg.Rules.Global.RemovalForm ||
			!slices.Contains(formRegions, action.Region) || action.Characters == "" {
			continue
		}
		before := g.removed
		for at, s := range g.stays {
			if at.address == action.Address && action.At < s.until {
				s.until = action.At
				g.removed++
			}
		}
		if g.removed > before {
			g.due = append(g.due, cause{sim.UnlistedGlobal, place{"", action.Address}, action.At, action.Account})
		}
	}
}

func (g *globalList) finish(res *sim.Result) {
	g.people()
	g.overdue(res.End)
	listed := int64(0)
	for _, s := range g.stays {
		if res.End < s.until {
			listed++
		}
	}
	if got := &res.Global; got.Added != g.added || got.Removed != g.removed || got.Listed != listed {
		g.found.add("global list", res.End, -1, "",
			"the result counts %d stays, %d ended by the form and %d addresses listed at the end; the records tell %d, %d and %d",
			got.Added, got.Removed, got.Listed, g.added, g.removed, listed)
	}
}

func (g *globalList) bad(r *sim.Record, format string, args ...any) {
	g.found.add("global list", r.At, r.Account, addressOf(g.cfg, r.Address), format, args...)
}
