package explain

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// ErrQuery is wrapped by the errors of an invalid query.
var ErrQuery = errors.New("cannot be explained")

// collector is an observer that keeps the latest entries that match a query, and
// follows the lists and timelines that they depend on.
type collector struct {
	cfg     *sim.Config
	q       Query
	account int // -1: any
	sender  int // -1: any
	address *sim.Address
	next    sim.Observer // also receives the records; may be nil

	ring    []*Entry
	alike   map[kind]group // in place of the ring; nil if each record is an entry
	matched int64
	current *Entry      // of the latest matching record
	reads   rules.Reads // of it, and of those that it has taken in

	accounts accounts
	listed   map[key]listing // entries of account lists
	global   listing         // of the address of the query
	known    bool            // the address has been on the global list

	bounced *sim.Record // the latest matching record, if it is a bounce or complaint
}

type key struct {
	account int
	address sim.Address
}

type listing struct {
	since, until time.Duration
	reason       ses.ListReasons
	strikes      int
}

func newCollector(cfg *sim.Config, q Query) (*collector, error) {
	if q.Most == 0 {
		q.Most = 20
	}
	c := &collector{cfg: cfg, q: q, account: -1, sender: -1, listed: map[key]listing{}, accounts: newAccounts(cfg)}
	if q.At < 0 || q.At > cfg.Horizon {
		return nil, fmt.Errorf("%w: %s is outside the run, which lasts %s", ErrQuery, wording.Span(q.At), wording.Span(cfg.Horizon))
	}
	for i := range cfg.Accounts {
		if cfg.Accounts[i].Name == q.Account {
			c.account = i
		}
	}
	for i := range cfg.Senders {
		if cfg.Senders[i].Name == q.Sender {
			c.sender = i
		}
	}
	if q.Account != "" && c.account < 0 {
		return nil, fmt.Errorf("%w: there is no account %q", ErrQuery, q.Account)
	}
	if q.Sender != "" && c.sender < 0 {
		return nil, fmt.Errorf("%w: there is no sender %q", ErrQuery, q.Sender)
	}
	if q.Together && q.Address == "" && q.Message == 0 {
		c.alike = map[kind]group{}
	}
	if q.Address != "" {
		address, ok := cfg.FindAddress(q.Address)
		if !ok {
			return nil, fmt.Errorf("%w: %q is in no audience; they hold addresses such as %q", ErrQuery, q.Address, c.sample())
		}
		c.address = &address
	}
	return c, nil
}

// sample returns an example of an address.
func (c *collector) sample() string {
	if len(c.cfg.Audiences) == 0 {
		return "none"
	}
	return c.cfg.Audiences[0].AddressOf(0)
}

// Observe follows the changes of a record, and keeps the record if it matches.
func (c *collector) Observe(r *sim.Record) {
	if c.next != nil {
		c.next.Observe(r)
	}
	c.follow(r)
	if r.At < c.q.From || !c.matches(r) {
		c.amend(r)
		return
	}
	c.remember(r)
	e := entryOf(c.cfg, r)
	switch r.Kind {
	case sim.Refused, sim.Sent, sim.TimedOut, sim.SessionClosed, sim.GaveUp, sim.Changed:
		if len(r.Recipients) == 1 {
			e.Address = c.text(r.Recipients[0])
		}
	default:
		e.Address = c.text(r.Address)
	}
	c.describe(&e, r)
	c.matched++
	c.current, c.reads = &e, deciding(r)
	switch {
	case c.alike != nil:
		c.join(&e, kindOf(r))
	case len(c.ring) < c.q.Most+c.q.Skip:
		c.ring = append(c.ring, &e)
	default:
		c.ring[(c.matched-1)%int64(len(c.ring))] = &e
	}
}

// kind is what records that are alike have in common.
type kind struct {
	kind            sim.RecordKind
	account, sender int
	rule            rules.ID
	reason          ses.Reason
	loss            client.Reason
	listed          ses.ListReasons
	bounce          ses.Bounce
	simulator       ses.Simulator
	event           ses.Event
	why             string // of a change of state
	recipients      int
	async, counts   bool
	exempt          bool
}

func kindOf(r *sim.Record) kind {
	return kind{
		r.Kind, r.Account, r.Sender, r.Rule, r.Reason, r.Loss, r.ListReason, r.Bounce, r.Simulator, r.Transition.Event, r.Transition.Why,
		len(r.Recipients), r.Async, r.Counts, r.Exempt,
	}
}

// group is the entry of records that are alike, and the number of the last one
// among all that match.
type group struct {
	entry *Entry
	last  int64
}

// join puts an entry in the place of the one before it that is alike.
func (c *collector) join(e *Entry, k kind) {
	if before := c.alike[k].entry; before != nil {
		e.Count, e.First = before.Count+1, before.First
		if e.First == nil {
			e.Count, e.First = 2, &before.Moment
		}
	}
	c.alike[k] = group{e, c.matched}
}

// remember keeps a bounce until the next matching record, so that the list
// entries that it causes are added to its own entry.
func (c *collector) remember(r *sim.Record) {
	c.bounced = nil
	if r.Kind == sim.HardBounced || r.Kind == sim.SuppressedGlobal || r.Kind == sim.Complained {
		bounce := *r
		c.bounced = &bounce
	}
}

// amend adds to the latest entry, if it is a bounce or complaint, the list on
// which it put its address.
func (c *collector) amend(r *sim.Record) {
	b := c.bounced
	if b == nil || r.At != b.At || r.Account != b.Account || r.Address != b.Address {
		return
	}
	e := c.current
	switch r.Kind {
	case sim.ListedGlobal:
		e.Figures = append(e.Figures, fmt.Sprintf("puts the address on the global list until %s, strike %d", wording.Clock(r.Until), r.Strikes))
	case sim.ListedAccount:
		e.Figures = append(e.Figures, "puts the address on the account-level list for "+r.ListReason.String())
	default:
		return
	}
	c.reads = c.reads.And(r.Reads)
	e.Reads = reports.ReadsOf(c.cfg, c.reads)
	e.Weakest = reports.Weakest(e.Standing, e.Reads)
}

// of returns the number of entries that the matching records make.
func (c *collector) of() int64 {
	if c.alike != nil {
		return int64(len(c.alike))
	}
	return c.matched
}

// latest returns the entries of the query, in order of time.
func (c *collector) latest() []Entry {
	list := c.ring
	if c.alike != nil {
		groups := slices.SortedFunc(maps.Values(c.alike), func(a, b group) int { return cmp.Compare(a.last, b.last) })
		for _, g := range groups {
			list = append(list, g.entry)
		}
	} else if c.matched > int64(len(c.ring)) {
		oldest := c.matched % int64(len(c.ring))
		list = slices.Concat(c.ring[oldest:], c.ring[:oldest])
	}
	list = list[:max(0, len(list)-c.q.Skip)]
	list = list[max(0, len(list)-c.q.Most):]
	entries := make([]Entry, len(list))
	for i, e := range list {
		entries[i] = *e
	}
	return entries
}

// follow tracks lists and timelines.
func (c *collector) follow(r *sim.Record) {
	switch r.Kind {
	case sim.ListedAccount:
		c.listed[key{r.Account, r.Address}] = listing{since: r.At, reason: r.ListReason}
	case sim.UnlistedAccount:
		delete(c.listed, key{r.Account, r.Address})
	case sim.ListedGlobal:
		if c.address != nil && r.Address == *c.address {
			c.global, c.known = listing{since: r.At, until: r.Until, strikes: r.Strikes}, true
		}
	case sim.UnlistedGlobal:
		if c.address != nil && r.Address == *c.address {
			c.global.until = r.At
		}
	case sim.Changed:
		c.accounts.change(r.Account, r.Transition)
	}
}

// since returns since when an address has been on an account's list.
func (c *collector) since(r *sim.Record) string {
	if l, ok := c.listed[key{r.Account, r.Address}]; ok {
		return " since " + wording.Clock(l.since)
	}
	return ""
}

// places returns the lists that hold the address of the query.
func (c *collector) places(now time.Duration) []string {
	var list []string
	switch {
	case !c.known:
		list = append(list, "never on the global list")
	case c.global.until > now:
		list = append(list, fmt.Sprintf("on the global list from %s until %s, strike %d",
			wording.Clock(c.global.since), wording.Clock(c.global.until), c.global.strikes))
	default:
		list = append(list, fmt.Sprintf("off the global list since %s, after strike %d", wording.Clock(c.global.until), c.global.strikes))
	}
	for i := range c.cfg.Accounts {
		if l, ok := c.listed[key{i, *c.address}]; ok {
			list = append(list, fmt.Sprintf("on the account-level list of %s for %s since %s",
				c.cfg.Accounts[i].Name, l.reason, wording.Clock(l.since)))
		}
	}
	return list
}

// matches reports whether a record matches the query.
func (c *collector) matches(r *sim.Record) bool {
	if len(c.q.Only) > 0 && !slices.Contains(c.q.Only, r.Kind) {
		return false
	}
	if c.q.Reason != "" && r.Kind == sim.Refused && r.Reason.String() != c.q.Reason {
		return false
	}
	if c.account >= 0 && r.Account != c.account || c.sender >= 0 && r.Sender != c.sender {
		return false
	}
	if c.q.Message > 0 && (r.Sender < 0 || r.Message != c.q.Message-1) {
		return false
	}
	if c.address != nil {
		return c.concerns(r)
	}
	if c.q.Message > 0 {
		return true
	}
	switch r.Kind {
	case sim.Sent, sim.Delivered, sim.Simulated, sim.ListedAccount, sim.UnlistedAccount, sim.ListedGlobal, sim.Delayed, sim.AutoReplied:
		return false
	}
	return true
}

// concerns reports whether a record is about the address of the query.
func (c *collector) concerns(r *sim.Record) bool {
	switch r.Kind {
	case sim.Changed:
		return false
	case sim.Refused, sim.Sent, sim.TimedOut, sim.SessionClosed, sim.GaveUp:
		for _, to := range r.Recipients {
			if to == *c.address {
				return true
			}
		}
		return false
	}
	return r.Address == *c.address
}
