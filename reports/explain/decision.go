package explain

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Decision is a decision about a call, with all that explains it. It takes little memory
// and nothing is formatted before Explain.
type Decision struct {
	cfg        *sim.Config
	record     sim.Record // without Call and Recipients
	call       call
	own, owner *standing // owner: nil unless the call is a delegate's
}

// call is what explains a decision about a call besides its record.
type call struct {
	recipients int
	to         string // the only recipient of a session's call; "": others
	size       int64  // in bytes
	iface      ses.Interface
	delegated  bool
	owner      int    // the account whose identities it needs, if delegated
	set        string // configuration set
	malformed  string // the recipient of a session's call that is no address
}

// callOf returns what explains the call of a record.
func callOf(cfg *sim.Config, r *sim.Record) call {
	if r.Live {
		c := r.Call
		own := call{
			recipients: len(c.Recipients), size: c.Size, iface: c.Interface, delegated: c.Delegated, owner: c.Owner, set: c.Set,
			malformed: c.Malformed,
		}
		if len(c.Recipients) == 1 {
			own.to = c.Recipients[0]
		}
		return own
	}
	s := &cfg.Senders[r.Sender]
	c := call{recipients: len(r.Recipients), size: s.Size, iface: s.Interface, delegated: s.Delegated, owner: s.Owner}
	if n := s.SetAt(r.Account); n > 0 {
		c.set = cfg.Accounts[r.Account].Sets[n-1].Name
	}
	return c
}

// Explain returns the decision with its rule, the figures that decided, and when a call that
// was refused would have passed.
func (d *Decision) Explain() Entry {
	e := entryOf(d.cfg, &d.record)
	e.What, e.Figures, e.Address = d.what(), d.figures(), d.call.to
	if passes := d.passes(); passes != "" {
		e.Figures = append(e.Figures, passes)
	}
	if d.record.Live {
		e.Message = d.record.Message + 1
	}
	return e
}

// Operation returns what became of a call to the API that sends nothing, with the rule that
// refused it, if one did. The account is -1 where no account has made the call.
func Operation(cfg *sim.Config, at time.Duration, account int, name string, failed ses.Error, rule rules.ID) Entry {
	e := entryOf(cfg, &sim.Record{At: at, Account: account, Sender: -1, Rule: rule})
	if e.What = name + " done"; failed != (ses.Error{}) {
		e.What = name + " refused: " + failed.String()
	}
	return e
}

// standing is what explains the refusals of an account. It does not change: a change of the
// account makes another one.
type standing struct {
	account  string
	access   ses.Access
	verified []string
	pauses   map[pause]ses.Transition // the latest of each kind
}

// pause is a kind of pause that refuses calls.
type pause struct {
	rule rules.ID // PauseRefuses by AWS, PauseCustomer, PauseSet
	set  string   // PauseSet: the configuration set
}

// accounts follows the parts of timelines that explain later refusals.
type accounts struct {
	cfg *sim.Config
	of  []*standing
}

func newAccounts(cfg *sim.Config) accounts {
	a := accounts{cfg: cfg}
	a.grow()
	return a
}

// grow adds the accounts that there are further.
func (a *accounts) grow() {
	for i := len(a.of); i < len(a.cfg.Accounts); i++ {
		spec := &a.cfg.Accounts[i]
		a.of = append(a.of, &standing{account: spec.Name, access: spec.Access, verified: spec.Identities})
	}
}

// change takes a change of an account.
func (a *accounts) change(account int, t ses.Transition) {
	s := *a.of[account]
	switch t.Event {
	case ses.EventGranted:
		s.access = ses.Production
	case ses.EventVerified:
		s.verified = append(without(s.verified, t.Why), t.Why)
	case ses.EventUnverified:
		s.verified = without(s.verified, t.Why)
	case ses.EventPaused, ses.EventSuspended:
		s.pause(pause{rule: rules.PauseRefuses}, t)
	case ses.EventCustomerPaused:
		s.pause(pause{rule: rules.PauseCustomer}, t)
	case ses.EventSetPaused:
		s.pause(pause{rules.PauseSet, t.Why}, t)
	default:
		return
	}
	a.of[account] = &s
}

// without returns a new list of the identities but one.
func without(list []string, identity string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(known string) bool { return known == identity })
}

// pause adds a pause to a copy of those so far.
func (s *standing) pause(p pause, t ses.Transition) {
	pauses := map[pause]ses.Transition{p: t}
	for kind, earlier := range s.pauses {
		if kind != p {
			pauses[kind] = earlier
		}
	}
	s.pauses = pauses
}

// decide returns the decision of a record about a call.
func (a *accounts) decide(r *sim.Record) *Decision {
	d := &Decision{cfg: a.cfg, record: *r, call: callOf(a.cfg, r), own: a.of[r.Account]}
	d.record.Call, d.record.Recipients = nil, nil
	if d.call.delegated {
		d.owner = a.of[d.call.owner]
	}
	return d
}

// Follower is an observer that keeps the decision about the latest call of a session.
type Follower struct {
	accounts accounts
	latest   *Decision
}

// NewFollower returns a follower of a session that begins.
func NewFollower(cfg *sim.Config) *Follower { return &Follower{accounts: newAccounts(cfg)} }

// Observe takes a record.
func (f *Follower) Observe(r *sim.Record) {
	f.accounts.grow() // those of opened Regions
	switch {
	case r.Kind == sim.Changed:
		f.accounts.change(r.Account, r.Transition)
	case r.Live && (r.Kind == sim.Sent || r.Kind == sim.Refused):
		f.latest = f.accounts.decide(r)
	}
}

// Take returns the decision about the call since the last Take; nil: there was none.
func (f *Follower) Take() *Decision {
	d := f.latest
	f.latest = nil
	return d
}
