package history

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/unit"
)

// Known is what the inputs say of one account.
type Known struct {
	// Points are in order of time and do not overlap. Their epoch is 1970-01-01T00:00:00Z.
	// Where inputs cover the same time, one of them counts: history.csv before email
	// events, before statistics, before metrics. Email events that are bounces and
	// complaints only count where there are neither statistics nor metrics.
	Points []sim.HistoryPoint
	// OutcomesOnly: there are such events and neither statistics nor metrics.
	OutcomesOnly bool
	// LoopAssumed: ComplaintEligible of the points is a share that nothing says.
	LoopAssumed bool
	// Rates are the readings of Reputation.BounceRate and Reputation.ComplaintRate, in
	// order of time; -1 where there is none of one.
	Rates []Rates
	// Quota is Max24HourSend, Rate MaxSendRate and Used SentLast24Hours; -1: not said.
	Quota, Rate, Used float64
	// Enforcement is EnforcementStatus: HEALTHY, PROBATION, SHUTDOWN; "": not said.
	Enforcement string
	// Suppressed are the hashes of the addresses on the account-level list, true for
	// those of complaints; nil: no list.
	Suppressed map[uint64]bool
	// Listed counts them.
	Listed sim.HistoryListed
	// Notes say what is assumed and what is left out, in a sentence each.
	Notes []string
}

// Status returns Enforcement in the words of the key account.history.status: healthy,
// under-review or paused; "" for what is not said, or another word.
func (k *Known) Status() string {
	switch k.Enforcement {
	case "HEALTHY":
		return "healthy"
	case "PROBATION":
		return "under-review"
	case "SHUTDOWN":
		return "paused"
	}
	return ""
}

// Rates is a reading of the metrics of reputation.
type Rates struct {
	At                Moment
	Bounce, Complaint float64 // 0 to 1; -1: none
}

// Header is the first line of history.csv.
const Header = "time,eligible,bounces,complaint_eligible,complaints"

// Write writes points as history.csv, in UTC.
func Write(w io.Writer, points []sim.HistoryPoint) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, Header)
	for _, p := range points {
		at := Moment(p.At).Time().Format(time.RFC3339Nano)
		fmt.Fprintf(b, "%s,%d,%d,%d,%d\n", at, p.Eligible, p.Bounces, p.ComplaintEligible, p.Complaints)
	}
	return b.Flush()
}

// AssumedLoop is the share of the eligible mail that goes to providers with a feedback
// loop where nothing says so.
const AssumedLoop = 0.4

// past gathers what the inputs say beside single events, and the sums of the events.
type past struct {
	rows       map[Moment]sim.HistoryPoint
	statistics map[string]map[Moment]tally // by account
	metrics    [metrics]map[Moment]float64
	suppressed map[uint64]bool
	hasAccount bool
	account    statisticsValue

	events map[int64]*tally // by quarter of an hour
	number int64            // of last
	last   *tally
	sends  bool // there was a Send
}

// tally counts mail within an interval: of what counts towards the rates, except for attempts.
type tally struct {
	attempts                              int64
	sends, listed, deliveries, hard, soft int64 // listed: on the account-level list
	complaints                            int64
}

// most returns the larger of each number: of two answers about the same interval, the
// later one knows more.
func (t tally) most(o tally) tally {
	return tally{attempts: max(t.attempts, o.attempts), hard: max(t.hard, o.hard), complaints: max(t.complaints, o.complaints)}
}

// point returns the tally as a point, without its mail with a feedback loop.
func (t *tally) point(sends bool) sim.HistoryPoint {
	eligible := t.deliveries + t.hard + t.soft
	if sends {
		eligible = max(0, t.sends-t.listed)
	}
	return sim.HistoryPoint{Eligible: eligible, Bounces: t.hard, Complaints: t.complaints}
}

func (p *past) addRow(at Moment, point sim.HistoryPoint) {
	if p.rows == nil {
		p.rows = make(map[Moment]sim.HistoryPoint)
	}
	old := p.rows[at]
	p.rows[at] = sim.HistoryPoint{
		Eligible: max(old.Eligible, point.Eligible), Bounces: max(old.Bounces, point.Bounces),
		ComplaintEligible: max(old.ComplaintEligible, point.ComplaintEligible), Complaints: max(old.Complaints, point.Complaints),
	}
}

func (p *past) addStatistics(account string, v *statisticsValue) {
	if p.statistics == nil {
		p.statistics = make(map[string]map[Moment]tally)
	}
	if p.statistics[account] == nil {
		p.statistics[account] = make(map[Moment]tally)
	}
	p.statistics[account][v.at] = p.statistics[account][v.at].most(tally{attempts: v.attempts, hard: v.bounces, complaints: v.complaints})
}

func (p *past) addMetric(m metric, at Moment, value float64) {
	if p.metrics[m] == nil {
		p.metrics[m] = make(map[Moment]float64)
	}
	if old, repeated := p.metrics[m][at]; !repeated || value > old {
		p.metrics[m][at] = value
	}
}

func (p *past) addSuppressed(address uint64, complaint bool) {
	if p.suppressed == nil {
		p.suppressed = make(map[uint64]bool)
	}
	p.suppressed[address] = complaint || p.suppressed[address]
}

func (p *past) addAccount(v *statisticsValue) {
	p.hasAccount, p.account = true, *v
}

// at returns the tally of a moment.
func (p *past) at(m Moment) *tally {
	number := int64(m) / int64(quarter)
	if p.last != nil && number == p.number {
		return p.last
	}
	if p.events == nil {
		p.events = make(map[int64]*tally)
	}
	if p.events[number] == nil {
		p.events[number] = new(tally)
	}
	p.number, p.last = number, p.events[number]
	return p.last
}

// addRecord counts an event.
func (p *past) addRecord(r *Record) {
	all, counting := int64(len(r.Recipients)), int64(0)
	for i := range r.Recipients {
		if to := &r.Recipients[i]; !to.Own && !to.Simulator {
			counting++
		}
	}
	if all == 0 { // unnamed
		all, counting = 1, 1
	}
	t := p.at(r.Time)
	switch {
	case r.Type == Send:
		p.sends = true
		t.attempts += all
		t.sends += counting
	case r.Type == Delivery:
		t.deliveries += counting
	case r.OnList: // a bounce or a complaint, without an attempt
		t.attempts -= all
		t.listed += counting
	case r.Type == Bounce && r.Bounce.Type() == "Permanent":
		t.hard += counting
	case r.Type == Bounce:
		t.soft += counting
	case r.Type == Complaint:
		t.complaints += min(1, counting) // of the message, whoever complained
	}
}

// known returns what was gathered.
func (p *past) known(d *decoder) (*Known, error) {
	k := &Known{Quota: -1, Rate: -1, Used: -1, Suppressed: p.suppressed}
	if p.hasAccount {
		k.Quota, k.Rate, k.Used, k.Enforcement = p.account.quota, p.account.rate, p.account.used, p.account.enforcement
	}
	for _, complaint := range p.suppressed {
		if complaint {
			k.Listed.Complaint++
		} else {
			k.Listed.Bounce++
		}
	}
	k.Rates = p.rates()
	statistics, err := p.ofAccount(d.o.Account)
	if err != nil {
		return nil, err
	}
	events, answers, measured := p.eventPoints(), points(statistics), p.metricPoints()
	if note := p.disagreement(statistics); note != "" {
		if d.o.Strict {
			return nil, &Error{text: note}
		}
		k.Notes = append(k.Notes, note)
	}
	k.add(p.rowPoints(), "history.csv", false)
	if len(events) > 0 && p.outcomesOnly() {
		k.Notes = append(k.Notes, "email events are bounces and complaints only, and do not say how much mail there was")
		if k.OutcomesOnly = len(answers)+len(measured) == 0; !k.OutcomesOnly {
			events = nil // the other inputs count them, beside the other mail
		}
	}
	k.add(events, "email events", true)
	if k.add(answers, "statistics", true) {
		k.Notes = append(k.Notes, "statistics count all attempts as eligible, among them those to own domains and the mailbox simulator")
	}
	if k.add(measured, "metrics", true) {
		k.Notes = append(k.Notes, "metrics count all mail as eligible, among it that to own domains and the mailbox simulator")
	}
	k.LoopAssumed = len(p.rows) == 0
	k.note(d)
	return k, nil
}

// outcomesOnly reports whether email events do not say how much mail there was.
func (p *past) outcomesOnly() bool {
	if p.sends {
		return false
	}
	for _, t := range p.events {
		if t.deliveries > 0 {
			return false
		}
	}
	return true
}

// note says what is assumed, and what readers may miss.
func (k *Known) note(d *decoder) {
	if d.partial {
		k.Notes = append(k.Notes, "CloudWatch says of some metrics that their data are partial; get the next pages too")
	}
	if d.seen.forgotten {
		k.Notes = append(k.Notes, "the log is so long that repeats over three days apart may count twice")
	}
	if d.texts.full {
		k.Notes = append(k.Notes, "there are over 65,536 different senders, callers and tags; the later ones are left out")
	}
}

// points returns tallies of quarters of an hour as points.
func points(list map[Moment]tally) []sim.HistoryPoint {
	var out []sim.HistoryPoint
	for _, at := range slices.Sorted(maps.Keys(list)) {
		t := list[at]
		out = append(out, sim.HistoryPoint{
			At: time.Duration(at), For: quarter, Eligible: t.attempts, Bounces: t.hard, Complaints: t.complaints,
		})
	}
	return cut(out)
}

// cut ends points where the next begin.
func cut(list []sim.HistoryPoint) []sim.HistoryPoint {
	for i := 1; i < len(list); i++ {
		list[i-1].For = min(list[i-1].For, list[i].At-list[i-1].At)
	}
	return list
}

// spread gives points without a length the one that their distances have in common,
// between a quarter of an hour and a day.
func spread(list []sim.HistoryPoint) []sim.HistoryPoint {
	common := time.Duration(0)
	for i := 1; i < len(list); i++ {
		for a := list[i].At - list[i-1].At; a != 0; {
			common, a = a, common%a
		}
	}
	for i := range list {
		list[i].For = min(max(common, quarter), unit.Day)
	}
	return cut(list)
}

func (p *past) rowPoints() []sim.HistoryPoint {
	var out []sim.HistoryPoint
	for _, at := range slices.Sorted(maps.Keys(p.rows)) {
		point := p.rows[at]
		point.At = time.Duration(at)
		out = append(out, point)
	}
	return spread(out)
}

func (p *past) eventPoints() []sim.HistoryPoint {
	var out []sim.HistoryPoint
	for _, number := range slices.Sorted(maps.Keys(p.events)) {
		point := p.events[number].point(p.sends)
		if point == (sim.HistoryPoint{}) {
			continue
		}
		point.At, point.For = time.Duration(number)*quarter, quarter
		out = append(out, point)
	}
	return out
}

// metricPoints returns the points of CloudWatch: of Send, or else of Delivery and Bounce.
func (p *past) metricPoints() []sim.HistoryPoint {
	moments := make(map[Moment]bool)
	for _, m := range []metric{sendMetric, deliveryMetric, bounceMetric, complaintMetric} {
		for at := range p.metrics[m] {
			moments[at] = true
		}
	}
	var out []sim.HistoryPoint
	for _, at := range slices.Sorted(maps.Keys(moments)) {
		point := sim.HistoryPoint{
			At: time.Duration(at), Eligible: int64(p.metrics[sendMetric][at]), Bounces: int64(p.metrics[bounceMetric][at]),
			Complaints: int64(p.metrics[complaintMetric][at]),
		}
		if p.metrics[sendMetric] == nil {
			point.Eligible = int64(p.metrics[deliveryMetric][at]) + point.Bounces
		}
		out = append(out, point)
	}
	return spread(out)
}

func (p *past) rates() []Rates {
	readings := make(map[Moment]Rates)
	for at, rate := range p.metrics[bounceRateMetric] {
		readings[at] = Rates{at, rate, -1}
	}
	for at, rate := range p.metrics[complaintRateMetric] {
		r, known := readings[at]
		if !known {
			r = Rates{at, -1, -1}
		}
		r.Complaint = rate
		readings[at] = r
	}
	var out []Rates
	for _, at := range slices.Sorted(maps.Keys(readings)) {
		out = append(out, readings[at])
	}
	return out
}

// ofAccount returns the statistics of an account, or the only ones.
func (p *past) ofAccount(name string) (map[Moment]tally, error) {
	if list, known := p.statistics[name]; known && len(p.statistics) > 1 {
		return list, nil
	}
	names := slices.Sorted(maps.Keys(p.statistics))
	switch {
	case len(names) == 0:
		return nil, nil
	case len(names) == 1:
		return p.statistics[names[0]], nil
	}
	return nil, several("accounts", names...)
}

// disagreement compares the attempts of events and statistics of the time that both
// cover. It returns "" where they agree within 5 %.
func (p *past) disagreement(statistics map[Moment]tally) string {
	if len(statistics) == 0 || !p.sends {
		return ""
	}
	numbers, moments := slices.Sorted(maps.Keys(p.events)), slices.Sorted(maps.Keys(statistics))
	from := max(Moment(numbers[0])*Moment(quarter), moments[0])
	to := min(Moment(numbers[len(numbers)-1]+1)*Moment(quarter), moments[len(moments)-1]+Moment(quarter))
	logged, counted := int64(0), int64(0)
	for number, t := range p.events {
		if at := Moment(number) * Moment(quarter); at >= from && at+Moment(quarter) <= to {
			logged += t.attempts
		}
	}
	for at, t := range statistics {
		if at >= from && at+Moment(quarter) <= to {
			counted += t.attempts
		}
	}
	if difference := logged - counted; max(difference, -difference)*20 <= max(logged, counted) {
		return ""
	}
	return fmt.Sprintf("events and statistics disagree: between %s and %s there are %s attempts in the events and %s in the statistics",
		from.Time().Format(time.RFC3339), to.Time().Format(time.RFC3339), unit.Grouped(logged), unit.Grouped(counted))
}

// add adds points of one kind of input outside the time that the points so far cover. It
// reports whether any were added.
func (k *Known) add(list []sim.HistoryPoint, what string, assume bool) bool {
	covered, left := k.Points, int64(0)
	added := list[:0]
	for _, p := range list {
		if len(covered) > 0 && (p.Eligible == 0 || p.End() > covered[0].At && p.At < covered[len(covered)-1].End()) {
			left++ // without mail of its own, it has late outcomes of mail that is covered
			continue
		}
		added = append(added, p)
	}
	if left > 0 {
		k.Notes = append(k.Notes, fmt.Sprintf("%s of %s left out: other inputs cover their time", unit.Plural(left, "point", "points"), what))
	}
	if assume && len(added) > 0 {
		SetLoop(added, AssumedLoop)
		k.Notes = append(k.Notes, fmt.Sprintf(
			"%s: %.0f%% of the eligible mail is assumed to go to providers with a feedback loop", what, 100*AssumedLoop))
	}
	k.Points = append(k.Points, added...)
	slices.SortFunc(k.Points, func(a, b sim.HistoryPoint) int { return cmp.Compare(a.At, b.At) })
	return len(added) > 0
}

// SetLoop sets the mail of points that goes to providers with a feedback loop as a share of
// the eligible mail, to a millionth, so that the sum is exact.
func SetLoop(points []sim.HistoryPoint, share float64) {
	const whole = 1_000_000
	part := int64(math.Round(share * whole))
	eligible, loop := int64(0), int64(0)
	for i := range points {
		p := &points[i]
		eligible += p.Eligible
		p.ComplaintEligible = max(eligible*part/whole-loop, 0)
		loop += p.ComplaintEligible
	}
}
