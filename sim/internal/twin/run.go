package twin

import (
	"cmp"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/sender"
)

const (
	never = time.Duration(1<<63 - 1)
	day   = 24 * time.Hour
)

// world is a run: what it is about, what happened, and what is planned.
type world struct {
	cfg *sim.Config
	now time.Duration
	history
	agenda    []planned
	mailboxes []*mailbox.Audience
	contacted map[sim.Address]bool // somebody tried to deliver mail to it
	campaigns map[int]uint64       // that have started, by audience
	customers []customer
	mailers   []mailer
	queued    []*queued // at clients
	passes    []*pass
	spreads   spreads
}

// planned is something that is to happen.
type planned struct {
	at   time.Duration
	what happening
}

// happening is what can be planned.
type happening interface{ happen(w *world) }

// customer is a sender's own side: when its messages are due, and whom it
// still writes to.
type customer struct {
	arrivals timing
	lists    map[int]*sender.List // by their audiences
	arrived  int64                // messages, including those for which nobody was left on the list
	uses     int                  // place of the account it sends from, among those that take turns
	messages int64
	hygiene  bool // takes addresses off its list after bounces
	between  bool // campaigns: the last one has ended
	trace    sim.TraceRows
	row      sim.TraceRow
	given    [][]sim.Address // recipients of the messages to come, in place of those on a list
}

// spreads are the rules' distributions, ready for drawing.
type spreads struct {
	delivery, bounce, async, complaint, publish rng.Spread
}

// Run simulates a valid Config.
func Run(cfg sim.Config) *Outcome { return run(cfg, nil) }

// run simulates a Config. The messages of its last sender go to the given recipients, if
// there are any.
func run(cfg sim.Config, given [][]sim.Address) *Outcome {
	w := &world{cfg: &cfg, campaigns: map[int]uint64{}, contacted: map[sim.Address]bool{}}
	w.lines = make([][]Line, len(cfg.Accounts))
	d := &cfg.Rules.Delay
	w.spreads = spreads{
		rng.NewSpread(d.Delivery), rng.NewSpread(d.Bounce), rng.NewSpread(d.Async), rng.NewSpread(d.Complaint), rng.NewSpread(d.Publish),
	}
	for i := range cfg.Audiences {
		a := &cfg.Audiences[i]
		boxes := a.Mailbox()
		if a.Growth.Grows() || a.Churn > 0 {
			boxes.Until = cfg.Horizon
		}
		w.mailboxes = append(w.mailboxes, mailbox.New(boxes, cfg.Seed, make([]uint8, a.Most())))
	}
	w.begin()
	if given != nil {
		w.customers[len(w.customers)-1].given = given
	}
	for w.step() {
	}
	w.now = cfg.Horizon
	w.closeRates()
	return w.outcome()
}

// begin plans what the scenario names: looks of senders, requests account by account,
// then actions.
func (w *world) begin() {
	for i := range w.cfg.Senders {
		if of := w.cfg.Senders[i].Accounts; of != nil && of.Check > 0 {
			w.plan(w.cfg.Senders[i].Begin, looking{i})
		}
	}
	for i := range w.cfg.Accounts {
		w.remember(i)
		for n := range w.cfg.Accounts[i].Requests {
			r := &w.cfg.Accounts[i].Requests[n]
			for _, account := range askedFor(w.cfg, i, r) {
				w.plan(r.At, submission{account, i, n})
			}
		}
	}
	for i := range w.cfg.Senders {
		w.customers = append(w.customers, w.customer(i))
	}
	w.mailers = newMailers(w.cfg)
	for n, a := range w.cfg.Actions {
		w.plan(a.At, doing{n})
	}
}

func (w *world) customer(i int) customer {
	s := &w.cfg.Senders[i]
	arrivals := rng.Derive(w.cfg.Seed, "sender", s.Name, "arrival")
	end := s.End
	if end == 0 {
		end = w.cfg.Horizon
	}
	c := customer{hygiene: s.RemoveBounced, between: true, lists: map[int]*sender.List{}}
	c.add(w.cfg, s, s.Audience, "pick")
	for _, to := range s.Mixture {
		c.add(w.cfg, s, to.Audience, "pick "+w.cfg.Audiences[to.Audience].Name)
	}
	var usual sender.Arrivals
	switch t := s.Traffic; {
	case t.Calendar != nil:
		c.arrivals = newTimetable(t, s.Begin, min(end, w.cfg.Horizon), arrivals)
		return c
	case t.Kind == sim.Diurnal:
		usual = sender.NewDiurnal(t.Rate, t.Peak, t.Depth, s.Begin, end, arrivals)
	case t.Kind == sim.Recorded:
		usual = sender.NewTrace(end)
		c.trace = t.Trace.Open()
	default:
		usual = sender.NewArrivals(t.Kind, t.Rate, t.Every, s.Begin, end, arrivals)
	}
	c.arrivals = &usual
	if c.trace != nil {
		c.read(s.Begin)
	}
	return c
}

// add gives the customer the list of an audience, with its own draws.
func (c *customer) add(cfg *sim.Config, s *sim.Sender, audience int, draws string) {
	list := sender.NewList(uint32(cfg.Audiences[audience].Size), s.Pick, rng.Derive(cfg.Seed, "sender", s.Name, draws))
	c.lists[audience] = &list
}

// read goes on to the recording's next message from the sender's begin on.
func (c *customer) read(begin time.Duration) {
	for c.trace.Next(&c.row) {
		if c.row.At >= begin {
			c.arrivals.(*sender.Arrivals).Set(c.row.At)
			return
		}
	}
	c.arrivals.Stop()
}

// plan puts something on the agenda.
func (w *world) plan(at time.Duration, what happening) {
	w.agenda = append(w.agenda, planned{at, what})
}

// step does what comes next, unless that lies at the horizon or beyond.
func (w *world) step() bool {
	slices.SortStableFunc(w.agenda, func(a, b planned) int { return cmp.Compare(a.at, b.at) })
	due := never
	if len(w.agenda) > 0 {
		due = w.agenda[0].at
	}
	duty := w.nextDuty()
	arrival, who := w.nextArrival()
	call, mailer := w.nextClient()
	w.now = min(due, duty, arrival, call)
	switch {
	case w.now >= w.cfg.Horizon:
		return false
	case due == w.now:
		first := w.agenda[0]
		w.agenda = w.agenda[1:]
		first.what.happen(w)
	case duty == w.now:
		w.duties()
	case arrival == w.now:
		w.arrive(who)
	default:
		w.runClient(mailer)
	}
	return true
}

// nextArrival returns when the next message is due, and its sender: the first of
// several at the same time.
func (w *world) nextArrival() (time.Duration, int) {
	at, who := never, -1
	for i := range w.customers {
		if next := w.customers[i].arrivals.Next(); next < at {
			at, who = next, i
		}
	}
	return at, who
}

// nextDuty returns when the clock next has something to do: after the last
// evaluation, the last day and, where addresses die, the last full hour.
func (w *world) nextDuty() time.Duration {
	next := min(w.cfg.Rules.Rep.EvalInterval*time.Duration(len(w.evaluations)+1), day*time.Duration(len(w.days)+1))
	for _, m := range w.mailboxes {
		if m.Changes() {
			next = min(next, m.NextStep())
		}
	}
	return next
}

// duties are those of the clock that are due now.
func (w *world) duties() {
	for _, m := range w.mailboxes {
		m.Advance(w.now)
	}
	for i := range w.customers {
		for audience, list := range w.customers[i].lists {
			to := w.mailboxes[audience]
			list.Grow(to.Size())
			for n := range to.Left() {
				list.Leave(n)
			}
		}
	}
	if w.now%w.cfg.Rules.Rep.EvalInterval == 0 {
		w.closeRates()
		for account := range w.cfg.Accounts {
			w.evaluate(account)
		}
	}
	if w.now%day == 0 {
		w.days = append(w.days, w.next())
		for account := range w.cfg.Accounts {
			w.endDay(account)
		}
	}
}
