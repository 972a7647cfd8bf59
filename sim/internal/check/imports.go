package check

import (
	"sesim/sim"
	"sesim/sim/ses"
)

// The most addresses that one import puts on a list, or deletes from it.
const (
	maxImportPut    = 100_000
	maxImportDelete = 10_000
)

// imports checks one address of an import: the next one, or, of a deletion,
// the next one that is listed.
func (c *operations) imports(s *step, r *sim.Record) bool {
	c.skip(s, r.Account)
	want := sim.Address{Audience: s.action.Audience, Number: s.number}
	s.number++
	if c.blocks(s) || s.number > c.addresses(s.action) || r.Address != want || r.Spelling != "" {
		return false
	}
	if s.action.Delete {
		return r.Kind == sim.UnlistedAccount
	}
	return r.Kind == sim.ListedAccount && r.ListReason == s.action.Reason
}

// skip passes over the addresses that a deletion does not find.
func (c *operations) skip(s *step, account int) {
	for s.action.Delete && s.number < c.addresses(s.action) {
		if _, listed := c.list.entry(account, sim.Address{Audience: s.action.Audience, Number: s.number}, ""); listed {
			return
		}
		s.number++
	}
}

// imported checks the end of an import. One that is too large does nothing.
func (c *operations) imported(s *step, r *sim.Record) bool {
	most := int64(maxImportPut)
	if s.action.Delete {
		most = maxImportDelete
	}
	if c.addresses(s.action) > most {
		return r.Transition.Event == ses.EventImportFailed && s.number == 0
	}
	c.skip(s, r.Account)
	return r.Transition.Event == ses.EventImported && s.number == c.addresses(s.action)
}

// addresses returns how many addresses an import concerns.
func (c *operations) addresses(a *sim.Action) int64 {
	return min(a.Count, c.cfg.Audiences[a.Audience].Size)
}
