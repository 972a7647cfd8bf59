package estimate

import (
	"maps"
	"math"
	"slices"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/measure"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Options are what an estimate needs to know besides the log.
type Options struct {
	Confidence float64 // of the intervals, such as 0.95
	// Birth: the log begins with the account's first message.
	Birth bool
	// Steady: campaigns are not looked for.
	Steady bool
	// Cut is when the log ends, since 1970; 0: with its last event.
	Cut time.Duration
}

// Account is what a log tells.
type Account struct {
	First, Cut time.Duration // since 1970
	Senders    []Sender      // in order of their names
	Delays     Delays        // of complaints, from delivery
	// Classes are addresses by the group of their domain; those of several senders count
	// with each.
	Classes [Classes]int64
}

// Sender is what a log tells of one sender.
type Sender struct {
	Name                          string
	Messages, Attempts, Delivered int64 // for each recipient
	Addresses                     int64
	Gone                          int64 // of the addresses: bounced hard, and do not exist
	// Listed and Suppressed count messages to addresses on the account's list and on the
	// global list: no evidence about the addresses.
	Listed, Suppressed int64

	Invalid       Estimate // of first contacts
	InvalidSpread Spread   // between campaigns
	Later         Estimate // hard bounces of later contacts
	LaterSpread   Spread
	Decay         Estimate // of the addresses within 30 days
	HardBounce    Estimate // of attempts to addresses that exist
	Soft          []Soft   // in order of their bounces
	Complaint     Estimate // that a feedback loop reports, of deliveries
	Async         Estimate // of hard bounces, those that follow a delivery
	Hygiene       Estimate // of the addresses that bounced hard, those that got mail later
	Size          Estimate // of the list
	// Fresh: most mail of its campaigns goes to addresses that have had none so far.
	Fresh bool
	// OnList is the share of the messages of the last week, 0 to 1, that went to addresses on
	// the account's list.
	OnList float64
	// Last is when the last message was accepted, since 1970, and Waited the mean time from
	// the last message to an address that still exists to the cut.
	Last, Waited time.Duration

	Delivery, Hard Delay // from acceptance
	Traffic        Traffic
}

// Soft is how often attempts end with a bounce that is not hard.
type Soft struct {
	Bounce ses.Bounce
	Estimate
}

// Delay is a distribution of delays by its median and its highest quantile with 30 delays
// beyond it.
type Delay struct {
	Median, High time.Duration
	Quantile     float64 // of High; 0: too few delays
	N            int64
}

// settled is the age from which a message has its outcome: SES tries for 14 hours, and an
// hour covers what is late in the log.
const settled = 15 * time.Hour

// leastComplaints is the smallest number of complaints for which more than an upper bound
// is given.
const leastComplaints = 5

// Estimate returns what the log tells.
func (l *Log) Estimate(o Options) *Account {
	a := &Account{First: l.first, Cut: o.Cut}
	if a.Cut == 0 {
		a.Cut = l.last
	}
	a.Delays = DelaysOf(l.late(a.Cut))
	for _, name := range slices.Sorted(maps.Keys(l.groups)) {
		x := analysis{group: l.groups[name], o: o, a: a, from: slotOf(l.first), cut: slotOf(a.Cut)}
		a.Senders = append(a.Senders, x.sender(name))
	}
	return a
}

// OfPoints returns what sums of an account's mail tell beside a log of bounces and
// complaints, or without any event, nil: nothing about addresses, and shares of the eligible
// mail. Bounces other than hard ones are those of the log within the time of the points.
func OfPoints(points []ses.HistoryPoint, l *Log, confidence float64) *Account {
	var sum ses.HistoryPoint
	for _, p := range points {
		sum.Eligible, sum.Bounces = sum.Eligible+p.Eligible, sum.Bounces+p.Bounces
		sum.Complaints = sum.Complaints + p.Complaints
	}
	without := unknown("there are no events of deliveries or sends, only sums")
	s := Sender{
		Messages: sum.Eligible, Attempts: sum.Eligible, Invalid: without, Later: without, Decay: without, Async: without, Hygiene: without,
		Size: without, HardBounce: Share(min(sum.Bounces, sum.Eligible), sum.Eligible, confidence),
		Complaint: Rate(sum.Complaints, float64(sum.Eligible), confidence),
	}
	s.HardBounce.Note = "all hard bounces, those of invalid addresses among them"
	a := &Account{}
	if len(points) > 0 {
		a.First, a.Cut = points[0].At, points[len(points)-1].End()
		s.Last = a.Cut
		s.Traffic.Rate = Rate(sum.Eligible, (a.Cut - a.First).Hours(), confidence)
		for i := range s.Traffic.Weekday {
			s.Traffic.Weekday[i] = 1
		}
		for i := range s.Traffic.Hour {
			s.Traffic.Hour[i] = 1
		}
	}
	if l != nil {
		a.Delays = DelaysOf(l.late(a.Cut))
		s.Soft = l.softOf(a.First, a.Cut, sum.Eligible, confidence)
	}
	a.Senders = []Sender{s}
	return a
}

// late returns the complaints until the cut.
func (l *Log) late(cut time.Duration) []Late {
	var list []Late
	for _, name := range slices.Sorted(maps.Keys(l.groups)) {
		for _, c := range l.groups[name].complaints {
			if age := cut - c.arrived; age >= c.delay {
				list = append(list, Late{c.delay, age})
			}
		}
	}
	return list
}

// softOf returns the bounces other than hard ones of mail that was accepted in a span, as
// shares of a number of messages.
func (l *Log) softOf(from, until time.Duration, messages int64, confidence float64) (list []Soft) {
	var counts [subtypes]int64
	for _, g := range l.groups {
		for at, t := range g.slots {
			if at.start() < from || at.start() >= until {
				continue
			}
			for b, n := range t.bounced {
				counts[b] += int64(n)
			}
		}
	}
	for b := ses.TransientGeneral; b < subtypes; b++ {
		if n := counts[b]; n > 0 {
			list = append(list, Soft{b, Share(min(n, messages), messages, confidence)})
		}
	}
	return list
}

// analysis is the estimation for one sender.
type analysis struct {
	*group
	o         Options
	a         *Account
	from, cut slot
	order     []slot // those with mail, in order
	bursts    []Burst
	s         Sender
}

func (x *analysis) sender(name string) Sender {
	x.s.Name, x.s.Addresses = name, int64(len(x.people))
	x.order = slices.Sorted(maps.Keys(x.slots))
	if x.sends { // outcomes of mail before the log have no message to count
		for len(x.order) > 0 && x.slots[x.order[0]].sent == 0 {
			x.order = x.order[1:]
		}
	}
	for _, at := range x.order {
		t := x.slots[at]
		x.s.Last = at.start()
		x.s.Messages += t.messages(x.sends)
		x.s.Attempts += t.attempts(x.sends)
		x.s.Delivered += int64(t.delivered)
		x.s.Listed += int64(t.bounced[ses.PermanentOnAccountList])
		x.s.Suppressed += int64(t.bounced[ses.PermanentSuppressed])
	}
	x.s.OnList = x.onList()
	if !x.o.Steady {
		x.bursts = x.findBursts()
	}
	x.contacts()
	x.softBounces()
	x.complaintShare()
	x.s.Delivery, x.s.Hard = delayOf(&x.delivery), delayOf(&x.hard)
	x.traffic()
	return x.s
}

// onList returns the share of the messages of the last week that went to addresses on the
// account's list.
func (x *analysis) onList() float64 {
	var listed, all int64
	for _, at := range x.order {
		if t := x.slots[at]; at.start() >= x.a.Cut-WeekLength {
			listed += int64(t.bounced[ses.PermanentOnAccountList])
			all += t.messages(x.sends)
		}
	}
	if all == 0 {
		return 0
	}
	return min(1, float64(listed)/float64(all))
}

// delayOf describes a distribution of delays.
func delayOf(h *measure.Histogram) Delay {
	const beyond = 30
	d := Delay{N: h.Count()}
	if d.N == 0 {
		return d
	}
	d.Median = h.Quantile(0.5)
	if d.N > 2*beyond {
		d.Quantile = 1 - beyond/float64(d.N)
		d.High = h.Quantile(d.Quantile)
	}
	return d
}

// contactSums are what the addresses of a sender add up to.
type contactSums struct {
	firsts, laters       []Trials // by burst, and what lies in none at the end
	decayed              int64
	exposure             int64 // slots in which addresses could decay
	existing             int64 // hard bounces of addresses that exist
	hard, async          int64 // addresses with a hard bounce
	due, written         int64 // of these, those long enough before the cut, and those that got mail again
	old                  int64 // addresses in the log before begin
	fresh                int64 // first messages in a campaign after the first
	messages, square     int64 // of all addresses, and of their squares
	firstHalf, halfPoint int64 // messages and new addresses of the first half
	waited, alive        int64 // slots since the last messages to addresses that exist, and these
}

// contacts estimates what depends on whether an address was written to before.
func (x *analysis) contacts() {
	gap, regular := x.gap()
	begin := x.from
	if !x.o.Birth {
		begin += gap + 1
	}
	sums := x.sum(begin, gap)
	x.s.Async = Share(sums.async, sums.hard, x.o.Confidence)
	x.s.Hygiene = Share(sums.written, sums.due, x.o.Confidence)
	x.s.HardBounce = Share(sums.existing, x.s.Attempts, x.o.Confidence)
	days := float64(sums.exposure) * slotLength.Hours() / 24
	x.s.Decay = monthly(Rate(sums.decayed, days, x.o.Confidence))
	x.s.Size = x.size(&sums)
	if sums.alive > 0 {
		x.s.Waited = time.Duration(fixed.MulDiv(uint64(sums.waited), uint64(slotLength), uint64(sums.alive)))
	}
	x.s.Gone = int64(len(x.people)) - sums.alive
	if len(x.bursts) > 1 {
		x.s.Fresh = 2*sums.fresh > x.s.Messages-x.bursts[0].Messages
	}
	firsts, laters := total(sums.firsts), total(sums.laters)
	x.s.Later = Share(laters.K, laters.N, x.o.Confidence)
	x.s.LaterSpread = Between(sums.laters[:len(x.bursts)])
	switch {
	case len(x.people) == 0:
		x.s.Invalid = unknown("the log does not name addresses")
	case !x.o.Birth && !regular:
		x.s.Invalid = unknown("no later messages to the same addresses tell how long an address may have waited before the log")
	case firsts.N == 0:
		x.s.Invalid = unknown("all addresses may have been written to before the log")
	case !x.o.Birth && firsts.N*5 < sums.old:
		x.s.Invalid = unknown("too few new addresses beside %d that may have been written to before the log", sums.old)
	default:
		x.s.Invalid = Share(firsts.K, firsts.N, x.o.Confidence)
		x.s.InvalidSpread = Between(sums.firsts[:len(x.bursts)])
		x.s.Invalid.widen(&x.s.InvalidSpread, x.o.Confidence)
	}
}

// leastGroups and mostPhi are from when on shares of campaigns differ by more than chance.
const (
	leastGroups = 5
	mostPhi     = 2
)

// Differs reports whether the groups differ by more than chance, and are enough to tell
// how.
func (s *Spread) Differs() bool { return s.A > 0 && s.Groups >= leastGroups && s.Phi > mostPhi }

// widen gives a share the interval in which the next campaign's lies.
func (e *Estimate) widen(s *Spread, confidence float64) {
	if s.Differs() {
		e.Value, e.Method = s.A/(s.A+s.B), MethodGroups
		e.Low, e.High = betaInterval(s.A, s.B, confidence)
	}
}

// total adds up groups.
func total(list []Trials) (sum Trials) {
	for _, t := range list {
		sum.K, sum.N = sum.K+t.K, sum.N+t.N
	}
	return sum
}

// monthly turns a rate a day into a share within 30 days.
func monthly(e Estimate) Estimate {
	if e.Identifiable() {
		for _, x := range []*float64{&e.Value, &e.Low, &e.High} {
			*x = -math.Expm1(-30 * *x)
		}
	}
	return e
}

// gap returns how long an address at most waits for its next message, in 19 of 20 cases;
// not ok if the log does not tell. Waits that the cut ends are censored.
func (x *analysis) gap() (gap slot, ok bool) {
	steps := make(map[slot]*measure.Step)
	at := func(s slot) *measure.Step {
		if steps[s] == nil {
			steps[s] = &measure.Step{At: s.start()}
		}
		return steps[s]
	}
	var waits, slots int64
	for _, p := range x.people {
		if n := max(p.sent(), p.results()); n > 1 {
			wait := int64(p.last() - p.first())
			at(slot(wait / (n - 1))).Ended += n - 1
			waits, slots = waits+n-1, slots+wait
		}
		if p.hard() == 0 {
			at(x.cut-min(x.cut, p.last())).Censored++
		}
	}
	if waits == 0 {
		return 0, false
	}
	var list []measure.Step
	for _, s := range steps {
		list = append(list, *s)
	}
	of := measure.Pooled(list)
	wait, ok := of.Quantile(0.95)
	gap = slot(wait / slotLength)
	if x.bursts == nil { // the mean waits of addresses vary less than their waits
		gap = max(gap, slot(3*slots/waits))
	}
	return gap, ok
}

// sum adds up the addresses; those first written to from begin on are first contacts.
func (x *analysis) sum(begin, gap slot) contactSums {
	c := contactSums{firsts: make([]Trials, len(x.bursts)+1), laters: make([]Trials, len(x.bursts)+1)}
	starts := make([]Trials, len(x.bursts)+1) // addresses by the burst of their first message
	middle := x.from + (x.cut-x.from)/2
	for _, p := range x.people {
		n := p.sent()
		if !x.sends {
			n = p.results()
		}
		c.messages, c.square = c.messages+n, c.square+n*n
		if p.first() < middle {
			c.halfPoint++
		}
		if p.hard() == 0 || p.exists() {
			c.waited, c.alive = c.waited+int64(x.cut-min(x.cut, p.last())), c.alive+1
		}
		x.a.Classes[p.class()]++
		if !p.tried() {
			continue
		}
		burst := x.burstOf(p.first())
		starts[burst].N++
		if burst > 0 && burst < len(x.bursts) {
			c.fresh++
		}
		invalid := p.hard() != 0 && p.hard() == p.first() && !p.exists()
		if p.first() >= begin {
			c.firsts[burst].N++
			if invalid {
				c.firsts[burst].K++
			}
		} else {
			c.old++
		}
		x.decay(&c, p, gap)
	}
	for i := range x.bursts {
		c.laters[i].N = max(x.bursts[i].attempts-starts[i].N, c.laters[i].K)
	}
	last := len(x.bursts)
	rest := x.s.Attempts
	for i := range x.bursts {
		rest -= x.bursts[i].attempts
	}
	c.laters[last].N = max(rest-starts[last].N, c.laters[last].K)
	for _, at := range x.order {
		if at < middle {
			c.firstHalf += x.slots[at].messages(x.sends)
		}
	}
	return c
}

// decay adds an address to what is known of decay and of hard bounces.
func (x *analysis) decay(c *contactSums, p person, gap slot) {
	if p.hard() == 0 || p.exists() {
		if p.exists() && p.hard() != 0 {
			c.existing++
			c.hard++
		}
		if p.delivered() != 0 {
			c.exposure += int64(p.last() - p.first())
		}
		return
	}
	c.hard++
	if p.delivered() == p.hard() {
		c.async++
	}
	if x.cut-p.hard() > max(gap, 1) {
		c.due++
		if p.last() > p.hard() {
			c.written++
		}
	}
	if p.hard() > p.first() {
		c.laters[x.burstOf(p.hard())].K++
		if p.delivered() != 0 {
			c.decayed++
			c.exposure += int64(p.hard() - p.first())
		}
	}
}

// softBounces estimates the shares of bounces that are not hard.
func (x *analysis) softBounces() {
	var sums [subtypes]int64
	n := int64(0)
	for _, at := range x.order {
		if at.start()+slotLength+settled > x.a.Cut {
			break
		}
		t := x.slots[at]
		n += t.attempts(x.sends)
		for b, k := range t.bounced {
			if ses.Bounce(b) != ses.NoBounce && ses.Bounce(b).Type() == "Permanent" {
				if ses.Bounce(b) == ses.PermanentGeneral || ses.Bounce(b) == ses.PermanentNoEmail {
					n -= int64(k)
				}
				continue
			}
			sums[b] += int64(k)
		}
	}
	for b := ses.TransientGeneral; b < subtypes; b++ {
		e := unknown("all mail is younger than %s at the cut: retries may be under way", unit.FormatDuration(settled))
		if n > 0 {
			e = Share(min(sums[b], n), n, x.o.Confidence)
		}
		if n <= 0 || sums[b] > 0 {
			x.s.Soft = append(x.s.Soft, Soft{b, e})
		}
	}
}

// complaintShare estimates complaints by deliveries, with those still to come.
func (x *analysis) complaintShare() {
	k, expected := int64(0), 0.0
	enough := x.a.Delays.N >= leastComplaints
	for _, at := range x.order {
		t := x.slots[at]
		k += int64(t.complaints)
		share := 1.0
		if enough {
			share = x.a.Delays.Within(x.a.Cut - at.start())
		}
		expected += float64(float64(t.delivered) * share)
	}
	if expected < 1 {
		x.s.Complaint = unknown("no deliveries")
		return
	}
	x.s.Complaint = Rate(k, expected, x.o.Confidence)
	x.s.Complaint.High = min(x.s.Complaint.High, 1)
	if k < leastComplaints {
		x.s.Complaint.Low, x.s.Complaint.Method = 0, MethodBound
		x.s.Complaint.Note = "fewer than 5 complaints: only the upper end is known"
	}
}
