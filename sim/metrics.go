package sim

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"sesim/sim/criteria"
	"sesim/sim/ses"
)

// Judgement is a threshold with what became of it.
type Judgement struct {
	Criterion criteria.Criterion
	Kind      criteria.Kind // how Value is to be written
	Value     float64       // shares from 0 to 1, durations in seconds; without data, see Result.Value
	Data      bool
	Verdict   criteria.Verdict
}

// Judge judges the thresholds of the Config, in their order.
func (r *Result) Judge(c *Config) []Judgement {
	list := make([]Judgement, len(c.Thresholds))
	for i, t := range c.Thresholds {
		kind, _ := c.Metric(t.Metric)
		value, data := r.Value(c, t.Metric)
		list[i] = Judgement{t, kind, value, data, t.Judge(value, data)}
	}
	return list
}

// Never reports whether the verdict rests on something that did not happen: an
// event that did not come within the run, or a campaign that lost mail, which is
// never done.
func (j *Judgement) Never() bool {
	if j.Data || j.Verdict == criteria.Inconclusive {
		return false
	}
	_, _, _, event := EventMetric(j.Criterion.Metric)
	return event || math.IsInf(j.Value, 1)
}

// Metric reports whether there is a metric of that name, and what it
// measures. Names are those of the summary: "acme.bounce_rate.max",
// "newsletter.given_up", "global_list.dwell.p90". Where an account and a
// sender share a name, a metric that both have is the account's.
func (c *Config) Metric(name string) (criteria.Kind, bool) {
	owner, rest, _ := strings.Cut(name, ".")
	table := c.Figures.Rows()
	if owner == GlobalOwner {
		return kindIn(table.Global, rest)
	}
	if c.account(owner) >= 0 {
		if kind, _, ok := eventMetric(rest); ok {
			return kind, true
		}
		if kind, ok := kindIn(table.Account, rest); ok {
			return kind, true
		}
	}
	if i := c.sender(owner); i >= 0 {
		if f := find(table.Sender, rest); f != nil && c.has(i, f) {
			return f.Kind, true
		}
	}
	if c.client(owner) >= 0 {
		return kindIn(table.Client, rest)
	}
	return 0, false
}

// AccountOf returns the index of the account that a metric is about: its own, or that
// of its sender, or of the first sender of its client.
func (c *Config) AccountOf(metric string) (index int, ok bool) {
	owner, _, _ := strings.Cut(metric, ".")
	if i := c.account(owner); i >= 0 {
		return i, true
	}
	if i := c.sender(owner); i >= 0 {
		return c.Senders[i].Account, true
	}
	if of := c.client(owner); of >= 0 {
		for i := range c.Senders {
			if c.Senders[i].Client == of+1 {
				return c.Senders[i].Account, true
			}
		}
	}
	return 0, false
}

// MetricAt returns the metric of the figure that has a place in summary.json,
// where durations carry their unit and accounts' lists have an object of their own:
// "global_list.dwell_seconds.max", "account_list.acme.listed".
func (c *Config) MetricAt(place string) (name string, ok bool) {
	owner, rest, _ := strings.Cut(place, ".")
	if owner == accountList {
		owner, rest, _ = strings.Cut(rest, ".")
		rest = accountList + "." + rest
	}
	table := c.Figures.Rows()
	if owner == GlobalOwner {
		return nameAt(table.Global, owner, rest)
	}
	if c.account(owner) >= 0 {
		if name, ok = nameAt(table.Account, owner, rest); ok {
			return name, true
		}
	}
	if c.sender(owner) >= 0 {
		if name, ok = nameAt(table.Sender, owner, rest); ok {
			return name, true
		}
	}
	if c.client(owner) >= 0 {
		return nameAt(table.Client, owner, rest)
	}
	return "", false
}

// nameAt returns the owner's metric of the figure with that place.
func nameAt[E any](list []Figure[E], owner, place string) (string, bool) {
	for i := range list {
		if list[i].Place() == place {
			return owner + "." + list[i].Name, true
		}
	}
	return "", false
}

// Metrics returns the names of all metrics: accounts in order, then senders,
// clients, and the global list. A name that two of them share is that of the first.
func (c *Config) Metrics() []string {
	table := c.Figures.Rows()
	var list []string
	for i := range c.Accounts {
		list = appendNames(list, c.Accounts[i].Name, table.Account)
		for event := range ses.Events() {
			list = append(list, TimeTo(c.Accounts[i].Name, event), CountOf(c.Accounts[i].Name, event))
		}
	}
	for i := range c.Senders {
		for k := range table.Sender {
			if f := &table.Sender[k]; c.has(i, f) {
				list = append(list, c.Senders[i].Name+"."+f.Name)
			}
		}
	}
	for i := range c.Clients {
		name := c.Clients[i].Name
		rows := table.Client
		if c.account(name) >= 0 {
			rows = without(rows, rowNames(table.Account))
		}
		if c.sender(name) >= 0 {
			rows = without(rows, rowNames(table.Sender))
		}
		list = appendNames(list, name, rows)
	}
	return appendNames(list, GlobalOwner, table.Global)
}

// Value returns the value of a metric: shares from 0 to 1, durations in
// seconds. Data is false where the run has none, or there is no such metric.
// The value is then what the metric is known to exceed, 0 if nothing is known:
// the end of the run for the time to an event that has not come, the length so
// far of a campaign that the horizon cut, +Inf for one that lost mail.
func (r *Result) Value(c *Config, name string) (value float64, data bool) {
	owner, rest, _ := strings.Cut(name, ".")
	table := c.Figures.Rows()
	if owner == GlobalOwner {
		return read(table.Global, rest, &r.Global)
	}
	if i := c.account(owner); i >= 0 && i < len(r.Accounts) {
		if kind, event, ok := eventMetric(rest); ok {
			return r.eventValue(kind, event, r.Accounts[i].Timeline)
		}
		if find(table.Account, rest) != nil {
			return read(table.Account, rest, &r.Accounts[i])
		}
	}
	if i := c.sender(owner); i >= 0 && i < len(r.Senders) {
		if find(table.Sender, rest) != nil {
			return read(table.Sender, rest, &r.Senders[i])
		}
	}
	if i := c.client(owner); i >= 0 && i < len(r.Clients) {
		return read(table.Client, rest, &r.Clients[i])
	}
	return 0, false
}

// account returns the index of the account with that name, or -1.
func (c *Config) account(name string) int {
	return slices.IndexFunc(c.Accounts, func(a Account) bool { return a.Name == name })
}

// sender returns the index of the sender with that name, or -1.
func (c *Config) sender(name string) int {
	return slices.IndexFunc(c.Senders, func(s Sender) bool { return s.Name == name })
}

// has reports whether the i-th sender has a figure: the rates of mail from several accounts
// are theirs.
func (c *Config) has(i int, f *Figure[SenderResult]) bool {
	rate := strings.HasPrefix(f.Name, "bounce_rate.") || strings.HasPrefix(f.Name, "complaint_rate.")
	return (!f.Called || c.Senders[i].Client > 0) && !(rate && c.Senders[i].Accounts != nil)
}

// client returns the index of the client with that name, or -1.
func (c *Config) client(name string) int {
	return slices.IndexFunc(c.Clients, func(k Client) bool { return k.Name == name })
}

// MaxRated is the number of senders up to which each has rates of its own, asked for
// or not.
const MaxRated = 1000

// OwnRates returns for each sender whether its bounce and complaint rate are wanted:
// they cost memory for each, so that in a Config of more than MaxRated senders they
// are computed only of those whose rates a threshold or Asked names. A sender that
// is alone on its account has the account's rates anyway, unless the account has a History.
func (c *Config) OwnRates() []bool {
	wanted, named := make([]bool, len(c.Senders)), map[string]bool{}
	name := func(metric string) {
		owner, figure, _ := strings.Cut(metric, ".")
		if strings.HasPrefix(figure, "bounce_rate.") || strings.HasPrefix(figure, "complaint_rate.") {
			named[owner] = true
		}
	}
	for i := range c.Thresholds {
		name(c.Thresholds[i].Metric)
	}
	for _, metric := range c.Asked {
		name(metric)
	}
	for i := range wanted {
		wanted[i] = len(wanted) <= MaxRated || named[c.Senders[i].Name]
	}
	return wanted
}

// GlobalOwner is the owner of the figures of the global suppression list.
const GlobalOwner = "global_list"

// accountList begins the names of the figures of account-level lists, and is
// where these are in summary.json.
const accountList = "account_list"

// The metrics of an event of the timeline, before the event's name.
const (
	timeTo  = "time_to."
	countOf = "count."
)

// TimeTo returns the name of the metric that tells when an event of an account
// happens first.
func TimeTo(account string, event ses.Event) string { return account + "." + timeTo + event.String() }

// CountOf returns the name of the metric that counts an event of an account.
func CountOf(account string, event ses.Event) string { return account + "." + countOf + event.String() }

// EventMetric reads a name that TimeTo (a Duration) or CountOf (a Count) may
// return; ok is false for any other.
func EventMetric(name string) (account string, kind criteria.Kind, event ses.Event, ok bool) {
	account, rest, _ := strings.Cut(name, ".")
	kind, event, ok = eventMetric(rest)
	return account, kind, event, ok
}

// eventMetric reads "time_to.<event>", a Duration, and "count.<event>", a
// Count.
func eventMetric(rest string) (criteria.Kind, ses.Event, bool) {
	kind := criteria.Duration
	text, ok := strings.CutPrefix(rest, timeTo)
	if !ok {
		kind = criteria.Count
		if text, ok = strings.CutPrefix(rest, countOf); !ok {
			return 0, 0, false
		}
	}
	event, err := ses.ParseEvent(text)
	return kind, event, err == nil
}

// eventValue returns the time of the first such event for a Duration, and for
// a Count the number of times it occurs in the timeline.
func (r *Result) eventValue(kind criteria.Kind, event ses.Event, timeline []ses.Transition) (float64, bool) {
	n, first := int64(0), time.Duration(0)
	for _, t := range timeline {
		if t.Event != event {
			continue
		}
		if n == 0 {
			first = t.At
		}
		n++
	}
	if kind == criteria.Count {
		return float64(n), true
	}
	if n == 0 {
		return r.End.Seconds(), false
	}
	return first.Seconds(), true
}

// find returns the figure of that name, or nil.
func find[E any](list []Figure[E], name string) *Figure[E] {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

// kindIn returns what the figure of that name measures, if there is one.
func kindIn[E any](list []Figure[E], name string) (criteria.Kind, bool) {
	if f := find(list, name); f != nil {
		return f.Kind, true
	}
	return 0, false
}

// read returns the value of the figure of that name; without data what it is
// known to exceed.
func read[E any](list []Figure[E], name string, entity *E) (float64, bool) {
	f := find(list, name)
	if f == nil {
		return 0, false
	}
	return f.Of(entity)
}

func rowNames[E any](list []Figure[E]) []string {
	var names []string
	for i := range list {
		names = append(names, list[i].Name)
	}
	return names
}

func appendNames[E any](names []string, owner string, list []Figure[E]) []string {
	for _, f := range list {
		names = append(names, owner+"."+f.Name)
	}
	return names
}

// CampaignTime returns a quantile of the campaigns' lengths in seconds: the
// shortest that the share q of them does not exceed. A campaign that lost mail is
// never done and longer than any other, one that the horizon cut is at least as
// long as it was by then. Without data, the length is a lower bound: +Inf where
// the quantile is a campaign that lost mail, 0 where there is no campaign.
func (s *SenderResult) CampaignTime(q float64) (seconds float64, data bool) {
	if len(s.Campaigns) == 0 {
		return 0, false
	}
	sorted := slices.SortedFunc(slices.Values(s.Campaigns), func(a, b CampaignResult) int { return cmp.Compare(a.seconds(), b.seconds()) })
	rank := max(int(math.Ceil(q*float64(len(sorted)))), 1)
	value := sorted[rank-1].seconds()
	cut := slices.ContainsFunc(sorted[:rank], func(c CampaignResult) bool { return c.End == Cut })
	return value, !cut && !math.IsInf(value, 1)
}
