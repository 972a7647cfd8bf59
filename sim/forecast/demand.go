package forecast

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/sender"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// demand is when the messages of a sender are due, and what follows a refusal.
// Senders with equal demands on one account are counted together.
type demand struct {
	kind       sim.TrafficKind
	rate       float64 // messages of the sender a second; of a campaign the pace
	share      float64 // of its messages that go to the audience
	every      time.Duration
	begin, end time.Duration
	peak       time.Duration
	depth      float64
	calendar   *sim.Calendar
	size       int64 // addresses at the start
	growth     sim.Growth
	churn      float64 // of the list, a second, in natural units
	shrinks    float64 // share of the list that the first campaign removes
	decay      float64 // of the list, a second, in natural units
	own        int     // from 1: the only sender like it, because actions change its rate; 0: none do
	terms
}

// terms are the limits that calls meet, and how they come back. Those of equal terms are
// followed together.
type terms struct {
	recipients float64 // of a message
	counted    bool    // towards the quota
	verified   bool    // the recipients are, which a sandbox requires
	invalid    bool    // every call is refused
	unverified bool    // the identities of the call are
	port       float64 // connections a second through a throttled port; 0: no limit
	retry      sim.Retry
	callRate   float64 // calls a second that a client can make; 0: no limit
	quota      float64 // retries that a client's retry quota allows at first; 0: no quota
	earned     float64 // and for an accepted call
	errors     float64 // messages given up after which a client stops; 0: never
}

// demandOf returns the demand of a sender's messages that go one way.
func demandOf(c *sim.Config, s *sim.Sender, to sim.Route, ids *ses.Identities) demand {
	u := &c.Audiences[to.Audience]
	d := demand{
		kind: s.Traffic.Kind, rate: s.Traffic.Rate.PerSecond(), share: to.Share.Float(), every: s.Traffic.Every, begin: s.Begin, end: c.Horizon,
		peak: s.Traffic.Peak, depth: s.Traffic.Depth.Float(), calendar: s.Traffic.Calendar,
		size: u.Size, growth: u.Growth, churn: hazard(u.Churn, u.ChurnPer),
		terms: terms{
			recipients: max(float64(s.MeanRecipients())/1000, 1), counted: !isSimulator(u), invalid: s.Size > s.Interface.MaxSize(),
			unverified: !sendsAs(c, s, ids), retry: s.Retry,
		},
	}
	if s.End > 0 {
		d.end = min(s.End, c.Horizon)
	}
	d.verified = !d.counted || ids.CoversDomain(u.Domain)
	for _, name := range u.Addresses {
		d.verified = ids.Covers(name) // all are, or the first calls show it
	}
	if s.RemoveBounced && d.kind == sim.Campaign {
		d.shrinks = u.Invalid.Float()
		d.decay = hazard(u.Decay, u.DecayPer)
	}
	if s.Throttled25 {
		d.port = float64(c.Rules.Mail.Port25PerMinute) / 60
	}
	if t := &s.Traffic; t.Kind == sim.Recorded {
		d.recorded(t)
	}
	if s.Client > 0 {
		d.through(c, s)
	}
	return d
}

// recorded spreads the rows of a trace evenly from the first to the last one.
func (d *demand) recorded(t *sim.Traffic) {
	f := &t.File
	d.rate, d.begin = 0, max(d.begin, f.First)
	if f.Rows == 0 || f.Last < d.begin {
		d.end = d.begin
		return
	}
	span := max(f.Last-f.First, 1)
	d.end = min(d.end, f.Last+1)
	d.recipients = float64(f.Recipients) / float64(f.Rows)
	d.rate = float64(f.Rows) / span.Seconds()
}

// sendsAs reports whether the account, or the owner of a delegated sender's
// identities, has verified From.
func sendsAs(c *sim.Config, s *sim.Sender, ids *ses.Identities) bool {
	if s.Delegated {
		owner := ses.NewIdentities(c.Accounts[s.Owner].Identities)
		ids = &owner
	}
	return ids.Covers(ses.BareAddress(s.From))
}

func isSimulator(u *sim.Audience) bool {
	return len(u.Addresses) == 0 && u.Domain == ses.SimulatorDomain
}

// stream is the demand of several senders of one account, while their messages
// become due.
type stream struct {
	demand
	senders float64 // of one of which the messages go several ways a share
	paces   []pace  // to come
	// Of a campaign: when the one under way began, or the next one begins, when
	// its last message is due, and its number.
	start, stop time.Duration
	number      int64
}

// pace is a rate from a moment on, set by an action.
type pace struct {
	at   time.Duration
	rate float64
}

// newStream returns the demand of no senders yet.
func newStream(d demand, paces []pace) *stream {
	s := &stream{demand: d, paces: paces, start: d.begin, stop: d.end}
	if d.kind != sim.Campaign {
		return s
	}
	s.stop = s.campaignEnd()
	if each := max(s.every, s.stop-s.start); d.every > 0 && (d.end-d.begin)/max(each, 1) > mostCampaigns {
		messages := math.Ceil(d.list(d.begin+(d.end-d.begin)/2) / d.recipients) // of a campaign halfway
		s.kind, s.stop, s.rate, s.calendar = sim.Constant, d.end, messages/each.Seconds(), nil
	}
	return s
}

// mostCampaigns is how many campaigns of a sender are foreseen one by one.
const mostCampaigns = 5000

// paces returns the rates that actions set, in the order of time, by sender.
func paces(c *sim.Config) map[int][]pace {
	list := map[int][]pace{}
	for i := range c.Actions {
		if a := &c.Actions[i]; a.Do == sim.DoSet && a.Change.Key == sim.KeySenderRate {
			list[a.Change.Index] = append(list[a.Change.Index], pace{a.At, a.Change.Rate.PerSecond()})
		}
	}
	for s := range list {
		slices.SortStableFunc(list[s], func(x, y pace) int { return cmp.Compare(x.at, y.at) })
	}
	return list
}

// messages returns how many are due by the horizon.
func (s *stream) messages(horizon time.Duration) float64 {
	own, sum := *s, 0.0
	own.senders = s.share
	for now := time.Duration(0); now < horizon; {
		to := max(min(own.next(now), horizon), now+1)
		sum += own.due(now, to)
		now = to
	}
	return sum
}

// hazard returns at what rate addresses go of which a share does in a time, a second.
func hazard(share unit.Share, per time.Duration) float64 {
	if share == 0 || per <= 0 {
		return 0
	}
	return -math.Log1p(-min(share.Float(), 0.999999)) / per.Seconds()
}

// list returns how many addresses there are on the list at a time, without what hygiene
// removes.
func (d *demand) list(at time.Duration) float64 {
	if d.churn == 0 {
		return float64(d.growth.At(d.size, at))
	}
	const parts = 20 // of the time; those who join in one do so in its middle
	each := at / parts
	list, before := float64(d.size), d.size
	for i := range parts {
		size := d.growth.At(d.size, each*time.Duration(i+1))
		list = list*math.Exp(-d.churn*each.Seconds()) + float64(size-before)*math.Exp(-d.churn*each.Seconds()/2)
		before = size
	}
	return list
}

// campaignEnd returns when the last message of the present campaign is due.
func (s *stream) campaignEnd() time.Duration {
	list := s.list(s.start)
	if s.number > 0 {
		list *= 1 - s.shrinks
	}
	list *= math.Exp(-s.decay * s.start.Seconds())
	messages := math.Ceil(list / s.recipients)
	return s.later(s.start, messages/s.rate)
}

// next is the first moment after now at which the rate changes; the end of time if it
// does not.
func (s *stream) next(now time.Duration) time.Duration {
	for len(s.paces) > 0 && s.paces[0].at <= now {
		s.setPace(now)
	}
	next := min(s.turn(now), s.opening(now))
	if len(s.paces) > 0 {
		next = min(next, s.paces[0].at)
	}
	return next
}

// setPace sets the next rate. What is left of a campaign takes its time anew.
func (s *stream) setPace(now time.Duration) {
	was := s.rate
	s.rate, s.paces = s.paces[0].rate, s.paces[1:]
	if s.kind == sim.Campaign && s.start < now && now < s.stop {
		s.stop = s.later(now, s.operating(now, s.stop)*was/s.rate)
	}
}

// turn is the first moment after now at which messages begin or end to be due; the
// end of time if there is none.
func (s *stream) turn(now time.Duration) time.Duration {
	for s.kind == sim.Campaign && now >= s.stop && s.start < s.end {
		if s.every <= 0 || s.stop >= s.end || s.number > 4*mostCampaigns {
			s.start, s.stop = s.end, s.end
			break
		}
		s.number++
		s.start = max(s.begin+time.Duration(s.number)*s.every, s.stop)
		s.stop = s.campaignEnd()
	}
	switch {
	case now < s.start:
		return s.start
	case now < s.stop:
		return min(s.stop, s.end)
	}
	return math.MaxInt64
}

// due returns how many messages are due from a moment to another, between which
// the rate does not change but for the hour of the day.
func (s *stream) due(from, to time.Duration) float64 {
	if from < s.start || from >= min(s.stop, s.end) {
		return 0
	}
	rate := s.rate
	if s.kind == sim.Diurnal && to-from < unit.Day/4 {
		middle := s.shown(from+(to-from)/2) - s.peak
		rate *= 1 + s.depth*math.Cos(2*math.Pi*middle.Hours()/24)
	}
	return s.senders * rate * s.operating(from, to)
}

// mostRate is the highest number of messages a second.
func (s *stream) mostRate() float64 {
	rate := s.rate
	for _, p := range s.paces {
		rate = max(rate, p.rate)
	}
	if s.calendar != nil {
		rate *= float64(s.calendar.Highest()) / 1e6
	}
	return s.senders * rate * (1 + s.depth)
}

// runs is how many moments the accepted calls of a message's senders share: those
// at a constant pace call together.
func (s *stream) runs() float64 {
	if s.kind == sim.Constant || s.kind == sim.Campaign {
		return 1 / max(s.senders, 1)
	}
	return 1
}

// after returns a moment so many seconds later, at the most the end of time.
func after(at time.Duration, seconds float64) time.Duration {
	if seconds >= (math.MaxInt64-float64(at))/1e9 {
		return math.MaxInt64
	}
	return at + time.Duration(seconds*1e9)
}

// backoff is how long the sender waits before each retry.
func (d *demand) backoff() sender.Backoff {
	return sender.Backoff{First: d.retry.First, Factor: d.retry.Factor, Cap: d.retry.Cap}
}
