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

	ring    []found
	alike   map[kind]*group   // in place of the ring; nil if each record is an entry
	open    map[flight]*group // in place of both: the mail in flight; nil unless the query asks for it
	matched int64
	current *found // the latest matching record
	order   order  // of it

	accounts accounts
	listed   map[key]listing // entries of account lists
	global   listing         // of the address of the query
	known    bool            // the address has been on the global list
}

// found is a matching record with what explains it. Nothing is written of it before the
// end: only the latest ones become entries.
type found struct {
	record   sim.Record   // without Recipients
	to       sim.Address  // the only recipient
	isToOne  bool         // there is one
	decision *Decision    // Refused, Sent
	since    string       // SuppressedAccount: how long its list had had the address
	lists    []sim.Record // HardBounced, SuppressedGlobal, Complained: of the entries in lists that it made
	order    order
}

// order is the place of a record among those of all collectors of a run: by time, at the
// same time by account as far as the records of one collector stay in their order.
type order struct {
	at      time.Duration
	account int // the highest of the collector's records at this time so far
	number  int64
}

func (o *order) compare(p *order) int {
	return cmp.Or(cmp.Compare(o.at, p.at), cmp.Compare(o.account, p.account), cmp.Compare(o.number, p.number))
}

// another returns a collector for the same query, of another partition. The two share what
// they follow of accounts, each of which is in one partition.
func (c *collector) another() *collector {
	other := *c
	other.listed = map[key]listing{}
	if c.alike != nil {
		other.alike = map[kind]*group{}
	}
	if c.open != nil {
		other.open = map[flight]*group{}
	}
	return &other
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
	switch {
	case q.InFlight:
		c.q.Only, c.open = inFlight, map[flight]*group{}
	case q.Together && q.Address == "" && q.Message == 0:
		c.alike = map[kind]*group{}
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

// selection returns which records the query needs: those that may match, those that
// amend or explain them, and those of the lists that hold its address.
func (c *collector) selection() sim.Selection {
	s := sim.Selection{Address: c.address}
	if c.address == nil {
		s.Account = c.account + 1
		if c.sender >= 0 && c.account < 0 && c.cfg.Senders[c.sender].Accounts == nil {
			s.Account = c.cfg.Senders[c.sender].Account + 1
		}
		if c.q.Message == 0 {
			s.Kinds = ^(sim.KindsOf(sim.Sent, sim.Delivered, sim.Simulated, sim.Delayed, sim.AutoReplied) &^ sim.KindsOf(c.q.Only...))
		}
	}
	return s
}

// Observe follows the changes of a record, and keeps the record if it matches.
func (c *collector) Observe(r *sim.Record) {
	if c.next != nil {
		c.next.Observe(r)
	}
	c.follow(r)
	switch matches := c.matches(r); {
	case matches && c.open != nil:
		c.track(r)
		return
	case !matches || r.At < c.q.From:
		c.amend(r)
		return
	}
	c.count(r)
	switch {
	case c.alike != nil:
		c.current = c.join(r)
	case len(c.ring) < c.q.Most+c.q.Skip:
		c.ring = append(c.ring, found{})
		c.current = &c.ring[len(c.ring)-1]
	default:
		c.current = &c.ring[(c.matched-1)%int64(len(c.ring))]
	}
	c.current.keep(c, r)
}

// count counts a matching record, and gives it its place.
func (c *collector) count(r *sim.Record) {
	c.matched++
	if c.order.at != r.At {
		c.order = order{at: r.At}
	}
	c.order.account = max(c.order.account, r.Account)
	c.order.number++
}

// keep keeps a record, with what explains it as long as it is the present one.
func (f *found) keep(c *collector, r *sim.Record) {
	lists := f.lists[:0]
	*f = newFound(r)
	f.lists, f.order = lists, c.order
	switch r.Kind {
	case sim.Refused, sim.Sent:
		f.decision = c.accounts.decide(r)
	case sim.SuppressedAccount:
		f.since = c.since(r)
	}
}

// entry writes what was found.
func (c *collector) entry(f *found) Entry {
	e := entryOf(c.cfg, &f.record)
	e.Moment = c.moment(f)
	c.describe(&e, f)
	if len(f.lists) == 0 {
		return e
	}
	reads := deciding(&f.record)
	for i := range f.lists {
		r := &f.lists[i]
		if r.Kind == sim.ListedGlobal {
			e.Figures = append(e.Figures, fmt.Sprintf("puts the address on the global list until %s, strike %d", wording.Clock(r.Until), r.Strikes))
		} else {
			e.Figures = append(e.Figures, "puts the address on the account-level list for "+r.ListReason.String())
		}
		reads = reads.And(r.Reads)
	}
	e.Reads = reports.ReadsOf(c.cfg, reads)
	e.Weakest = reports.Weakest(e.Standing, e.Reads)
	return e
}

// newFound returns a record that was found, without what explains it.
func newFound(r *sim.Record) found {
	f := found{record: *r, to: r.Address, isToOne: true}
	switch r.Kind {
	case sim.Refused, sim.Sent, sim.TimedOut, sim.SessionClosed, sim.GaveUp, sim.Changed:
		if f.isToOne = len(r.Recipients) == 1; f.isToOne {
			f.to = r.Recipients[0]
		}
	}
	f.record.Recipients = nil
	return f
}

// moment writes when a record was made, and what it was about.
func (c *collector) moment(f *found) Moment {
	m := momentOf(c.cfg, &f.record)
	if f.isToOne {
		m.Address = c.text(f.to)
	}
	return m
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

// group are records that are alike.
type group struct {
	latest found
	first  found // without what explains it
	count  int64
}

// join returns where to keep the latest one of those that are alike.
func (c *collector) join(r *sim.Record) *found {
	k := kindOf(r)
	g := c.alike[k]
	if g == nil {
		g = &group{first: newFound(r)}
		c.alike[k] = g
	}
	g.count++
	return &g.latest
}

// entryOfGroup writes the latest of those that are alike, with their count and the first.
func (c *collector) entryOfGroup(g *group) Entry {
	e := c.entry(&g.latest)
	if g.count > 1 {
		first := c.moment(&g.first)
		e.Count, e.First = g.count, &first
	}
	return e
}

// amend adds to the latest matching record, if it is a bounce or complaint, the list on
// which it put its address.
func (c *collector) amend(r *sim.Record) {
	if c.current == nil || r.Kind != sim.ListedGlobal && r.Kind != sim.ListedAccount {
		return
	}
	b := &c.current.record
	if r.At != b.At || r.Account != b.Account || r.Address != b.Address {
		return
	}
	if b.Kind == sim.HardBounced || b.Kind == sim.SuppressedGlobal || b.Kind == sim.Complained {
		c.current.lists = append(c.current.lists, *r)
	}
}

// collectors are those of the partitions of a run.
type collectors []*collector

// counts returns the number of matching records, and of entries that they make.
func (list collectors) counts() (matched, of int64) {
	for _, c := range list {
		matched += c.matched
		switch {
		case c.open != nil:
			of += int64(len(c.open))
		case c.alike != nil:
			of += int64(len(c.alike))
		default:
			of += c.matched
		}
	}
	return matched, of
}

// latest returns the entries of the query, in order of time.
func (list collectors) latest() []Entry {
	var all []*group
	for _, c := range list {
		all = slices.AppendSeq(all, maps.Values(c.alike))
		all = slices.AppendSeq(all, maps.Values(c.open))
		for i := range c.ring {
			all = append(all, &group{latest: c.ring[i], count: 1})
		}
	}
	slices.SortFunc(all, func(a, b *group) int { return a.latest.order.compare(&b.latest.order) })
	q := &list[0].q
	to := max(0, len(all)-q.Skip)
	entries := []Entry{}
	for _, g := range all[max(0, to-q.Most):to] {
		entries = append(entries, list[0].entryOfGroup(g))
	}
	return entries
}

// places returns the lists that hold the address of the query, which are those that one
// collector knows: that of the address's partition.
func (list collectors) places(now time.Duration) []string {
	for _, c := range list {
		if c.known || len(c.listed) > 0 {
			return c.places(now)
		}
	}
	return list[0].places(now)
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
	if c.q.Message > 0 || len(c.q.Only) > 0 {
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
