package check

import "sesim/sim"

// Checker is a set of checks over the records of one run. It is a
// sim.Observer; call Finish once after the run.
type Checker struct {
	cfg    *sim.Config
	found  *findings
	now    *present
	checks []invariant
}

var _ sim.Observer = (*Checker)(nil)

// invariant is one promise of the model. It sees every record while the
// accounts are in the state just before it.
type invariant interface {
	observe(r *sim.Record)
	finish(res *sim.Result)
}

// New returns a Checker with all checks, for a run of cfg.
func New(cfg *sim.Config) *Checker {
	found := newFindings(cfg)
	now := newPresent(cfg)
	account := newAccountList(cfg, found, now)
	global := newGlobalList(cfg, found, now)
	calls := newCalls(cfg, found)
	return &Checker{cfg: cfg, found: found, now: now, checks: []invariant{
		newOrder(cfg, found),
		newStates(cfg, found, now),
		newRequests(cfg, found, now),
		newAppeals(found, now),
		newOperations(cfg, found, now, account),
		newReviews(cfg, found, now),
		newConservation(cfg, found, calls),
		calls,
		newClients(cfg, found),
		newSessions(cfg, found),
		newRetries(cfg, found),
		newForm(cfg, found, now),
		newMembers(cfg, found),
		newCalendars(cfg, found),
		newPaused(found, now),
		newIdentities(cfg, found, now),
		newRate(cfg, found, now),
		newQuota(cfg, found, now),
		newSuppression(cfg, found, account, global),
		account,
		global,
	}}
}

// Observe runs every check on the record.
func (c *Checker) Observe(r *sim.Record) {
	if r.Account < -1 || r.Account >= len(c.now.accounts) {
		c.found.add("order", r.At, -1, "", "record of account number %d, of %d", r.Account, len(c.now.accounts))
		return
	}
	c.now.before(r.At)
	for _, check := range c.checks {
		check.observe(r)
	}
	c.now.after(r)
}

// Finish compares the Result with the records and returns all violations,
// joined, or nil. Each is a *Violation; beyond five of one check and twenty in
// all they are only counted.
func (c *Checker) Finish(res *sim.Result) error {
	c.now.before(min(res.End, c.cfg.Horizon-1))
	for _, check := range c.checks {
		check.finish(res)
	}
	return c.found.err()
}
