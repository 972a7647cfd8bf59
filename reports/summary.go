package reports

import (
	"math"
	"reflect"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Summary is summary.json. Its keys and their order are a contract with the
// programs that read it; keys may be added, never renamed or dropped. Counts
// are recipients unless stated otherwise. Shares are numbers from 0 to 1.
//
// The fields of accounts, senders and lists that are figures are filled from
// the table of figures (sim.FigureTable), each row at its place. A row needs no
// field: without one the figure is in More, and in summary.json at the place
// its field would have.
type Summary struct {
	Version        int           `json:"version"`
	Scenario       string        `json:"scenario"`
	Question       string        `json:"question"`
	Edition        string        `json:"edition"`
	Seed           uint64        `json:"seed"`
	Status         string        `json:"status"` // complete or interrupted
	Start          time.Time     `json:"start"`  // epoch of the virtual clock, UTC
	HorizonSeconds Seconds       `json:"horizon_seconds"`
	EndSeconds     *Seconds      `json:"end_seconds,omitempty"` // virtual time reached, where interrupted
	Fingerprint    string        `json:"fingerprint"`
	Accounts       []Account     `json:"accounts"`
	GlobalList     GlobalList    `json:"global_list"`
	AccountList    []AccountList `json:"account_list"`
	Thresholds     []Threshold   `json:"thresholds"`
	Senders        []Sender      `json:"senders"`
	Clients        []Client      `json:"clients,omitempty"`
	Rules          []Rule        `json:"rules"`      // that decided something
	Reputation     Reputation    `json:"reputation"` // the thresholds of reviews and pauses
	Parameters     []Parameter   `json:"parameters"` // of the rules, where they differ from the edition current
	Defaults       []Default     `json:"defaults,omitempty"`
	Uncertain      []Uncertain   `json:"uncertain,omitempty"`
	Reads          []Read        `json:"reads"` // the parameters that changes of state, first refusals and stays on the global list read
	Traces         []Trace       `json:"traces,omitempty"`
	ZoneData       string        `json:"zone_data,omitempty"`
	// HistoryOrders are set if the scenario leaves open when the bad mail before the start
	// went out.
	HistoryOrders []HistoryOrder `json:"history_orders,omitempty"`
	// Replications is set if the scenario was run with several seeds.
	Replications *Replications `json:"replications,omitempty"`
	// Assumptions is set if the verdicts were examined.
	Assumptions *Assumptions `json:"assumptions,omitempty"`
}

// Uncertain is a share or a rate that is not known exactly. The run has its mean, or a
// value that is Drawn; Replications draw one each.
type Uncertain struct {
	Key          string `json:"key"`          // "audience.customers.invalid"
	Value        string `json:"value"`        // in the run, as scenarios write it
	Distribution string `json:"distribution"` // as scenarios write it
	Drawn        bool   `json:"drawn"`
}

// Trace is the file of a sender's recorded traffic as it was when the scenario
// was checked, and in every run.
type Trace struct {
	Sender string `json:"sender"`
	File   string `json:"file"` // as the scenario names it
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of the whole file, in hexadecimal
}

// Traces returns the files of a scenario's recorded traffic, in the order of
// the senders.
func Traces(cfg *sim.Config) []Trace {
	var list []Trace
	for i := range cfg.Senders {
		if s := &cfg.Senders[i]; s.Traffic.Kind == sim.Recorded {
			list = append(list, Trace{s.Name, s.Traffic.File.Name, s.Traffic.File.Bytes, s.Traffic.File.SHA256})
		}
	}
	return list
}

// ZoneData returns the release of the time zone data that a scenario's calendars were
// read from; empty: none was.
func ZoneData(cfg *sim.Config) string {
	for i := range cfg.Senders {
		if c := cfg.Senders[i].Traffic.Calendar; c != nil {
			return c.Zone.Data
		}
	}
	return ""
}

// The values of Summary.Status.
const (
	Complete    = "complete"
	Interrupted = "interrupted"
)

// Account is one account of the summary.
type Account struct {
	Name        string `json:"name"`
	Region      string `json:"region"`
	Access      string `json:"access"`
	Began       string `json:"access_at_start"`
	Enforcement string `json:"enforcement"`
	Status      string `json:"status"` // enforcement in the console's words
	Quota       int64  `json:"quota"`  // recipients in 24 hours; -1: unlimited
	Rate        int64  `json:"rate"`   // recipients a second

	Mail

	BounceRate    Rate `json:"bounce_rate"`
	ComplaintRate Rate `json:"complaint_rate"`
	QuotaUse      Use  `json:"quota_use"`
	// Delay is the virtual time from when messages were due to their
	// acceptance; nil if none was accepted.
	Delay    *DelayQuantiles `json:"delay_seconds,omitempty"`
	Timeline []Transition    `json:"timeline"`
	// Refusals are the first refused calls of each reason.
	Refusals []Refusal `json:"refusals,omitempty"`
	Cost     Cost      `json:"cost"`
	// Sets are the account's configuration sets.
	Sets []Set `json:"configuration_sets,omitempty"`
	// History is what the account brings along from before the start; nil: nothing.
	History *History `json:"history,omitempty"`
	More    Figures  `json:"-"` // those without a field
}

// Cost is what AWS charges for an account's mail, in US dollars without tax: every
// accepted recipient is billed.
type Cost struct {
	USD            float64 `json:"usd"`
	PerThousand    float64 `json:"per_thousand"`    // recipients
	PlanMonth      float64 `json:"plan_month"`      // a month of 730 hours
	DedicatedMonth float64 `json:"dedicated_month"` // dedicated IP addresses
	// Standing is that of the price: documented, from the price list of Read, or
	// set by the scenario.
	Standing string `json:"standing"`
	Read     string `json:"read,omitempty"`
}

// costOf returns a cost without its amount, which is a figure.
func costOf(p sim.Price) Cost {
	usd := func(thousandths int64) float64 { return float64(thousandths) / 1000 }
	c := Cost{PerThousand: usd(p.PerThousand), PlanMonth: usd(p.PlanMonth), DedicatedMonth: usd(p.DedicatedMonth), Standing: "set"}
	if p == sim.ListPrice {
		c.Standing, c.Read = rules.Documented.String(), sim.PriceRead
	}
	return c
}

// Mail holds what became of the mail of an account or of a sender. Due is the sum
// of Accepted, GivenUp and Waiting; Recipients that of Accepted and Refused.
type Mail struct {
	Due               int64   `json:"due"`        // of messages that were due by the end
	Requests          int64   `json:"requests"`   // send calls, retries included
	Recipients        int64   `json:"recipients"` // of all calls, retries included
	Accepted          int64   `json:"accepted"`
	GivenUp           int64   `json:"given_up"`
	Waiting           int64   `json:"waiting"` // for a retry after the end
	Late              int64   `json:"late"`    // accepted later than they were due
	Billed            int64   `json:"billed"`  // that AWS charges for: all accepted ones
	Refused           Refused `json:"refused"` // of refused calls
	Delivered         int64   `json:"delivered"`
	HardBounced       int64   `json:"hard_bounced"`
	SoftBounced       int64   `json:"soft_bounced"`
	SuppressedAccount int64   `json:"suppressed_account"`
	SuppressedGlobal  int64   `json:"suppressed_global"`
	Simulator         int64   `json:"simulator,omitempty"`
	Rejected          int64   `json:"rejected,omitempty"` // by the content scan
	Complaints        int64   `json:"complaints"`
	InFlight          int64   `json:"in_flight"`
	SentAfterBounce   int64   `json:"sent_after_bounce"` // accepted after a hard bounce of the sender's mail to them was published
}

// Refusal is a refused call as its sender saw it.
type Refusal struct {
	At        time.Time `json:"at"`
	Reason    string    `json:"reason"`
	Sender    string    `json:"sender"`
	Interface string    `json:"interface"` // v1, v2 or smtp
	Status    int       `json:"status"`    // HTTP status, or SMTP reply code
	Code      string    `json:"code"`      // exception or error code; empty for SMTP
	Message   string    `json:"message"`
	Rule      string    `json:"rule"`
	Reads     []string  `json:"reads,omitempty"` // names of the parameters that the decision read
}

// Error writes the refusal on one line.
func (f *Refusal) Error() string {
	return ses.Error{Status: f.Status, Code: f.Code, Message: f.Message}.String()
}

// Set holds the figures of a configuration set.
type Set struct {
	Name          string `json:"name"`
	BounceRate    Rate   `json:"bounce_rate"`
	ComplaintRate Rate   `json:"complaint_rate"`
}

// Refused counts refused recipients by reason.
type Refused struct {
	Rate       int64 `json:"rate"`
	Quota      int64 `json:"quota"`
	Unverified int64 `json:"unverified"`
	Paused     int64 `json:"paused"`
	Invalid    int64 `json:"invalid"`
}

// Reason is the count of one reason.
type Reason struct {
	Word  string // rate, quota, unverified, paused or invalid
	Count int64
}

// Reasons returns the counts in the order of the summary.
func (f Refused) Reasons() []Reason {
	return []Reason{{"rate", f.Rate}, {"quota", f.Quota}, {"unverified", f.Unverified}, {"paused", f.Paused}, {"invalid", f.Invalid}}
}

// Total returns the sum over all reasons.
func (f Refused) Total() int64 {
	return f.Rate + f.Quota + f.Unverified + f.Paused + f.Invalid
}

// Rate is a bounce or complaint rate over the representative volume.
type Rate struct {
	Final       float64 `json:"final"`
	Max         float64 `json:"max"`              // at a volume that allows decisions, if it reached one
	Eligible    int64   `json:"eligible"`         // emails in the representative volume at the end
	Events      int64   `json:"events"`           // bounces or complaints among them
	SpanSeconds Seconds `json:"span_seconds"`     // how far back the volume reaches
	Status      string  `json:"status,omitempty"` // of an account's rate, in the console's words
}

// Use is how much of the sending quota was used over 24 hours.
type Use struct {
	Final float64 `json:"final"`
	Max   float64 `json:"max"`
}

// DelayQuantiles are quantiles of an account's admission delays.
type DelayQuantiles struct {
	P50 Seconds `json:"p50"`
	P90 Seconds `json:"p90"`
	P99 Seconds `json:"p99"`
	Max Seconds `json:"max"`
}

// Transition is one line of an account's timeline.
type Transition struct {
	At    time.Time `json:"at"`
	Event ses.Event `json:"event"`
	Rule  string    `json:"rule"`
	Why   string    `json:"why"`
	Reads []string  `json:"reads,omitempty"` // names of the parameters that the decision read
}

// known reports whether a key has data: a rate has none without eligible mail.
func (r *Rate) known(key string) bool { return key == "eligible" || r.Eligible > 0 || r.Max > 0 }

// GlobalList holds the figures of the global suppression list.
type GlobalList struct {
	Added   int64   `json:"added"`             // stays begun
	Listed  int64   `json:"listed"`            // addresses on the list at the end
	Removed int64   `json:"removed,omitempty"` // by the form of the classic console
	Dwell   Dwells  `json:"dwell_seconds"`
	More    Figures `json:"-"` // those without a field
}

// Dwells are quantiles of the stays on the global list. A stay that was still
// going on at the end is censored: its length is not known. If too many are, a
// quantile is the longest stay observed, and LowerBounds names it.
type Dwells struct {
	P50         Seconds  `json:"p50"`
	P90         Seconds  `json:"p90"`
	Max         Seconds  `json:"max"`
	Censored    int64    `json:"censored"` // stays
	LowerBounds []string `json:"lower_bounds,omitempty"`
}

// known reports whether a key has data. A quantile with only a lower bound has
// none.
func (d *Dwells) known(key string) bool {
	if key == "censored" {
		return true
	}
	return (d.Max > 0 || d.Censored > 0) && !slices.Contains(d.LowerBounds, key)
}

// AccountList holds the figures of an account-level suppression list.
type AccountList struct {
	Account string  `json:"account"`
	Added   int64   `json:"added"`
	Listed  int64   `json:"listed"`
	More    Figures `json:"-"` // those without a field
}

// Threshold is a criterion and its verdict.
type Threshold struct {
	Expression string   `json:"expression"`
	Value      *float64 `json:"value"` // null without data; durations in seconds; of replications the mean
	// Never says that there is no value because an event did not come within the
	// run, or because a campaign lost mail and is never done. AtLeast is, without
	// a value, what the metric is known to exceed: a campaign goes on at the end.
	Never   bool     `json:"never,omitempty"`
	AtLeast *float64 `json:"at_least,omitempty"`
	Verdict string   `json:"verdict"`
	Kind    string   `json:"kind"` // what Value is: count, share, duration or number
	Judged  *Judged  `json:"replications,omitempty"`
	*Held            // nil: not examined
}

// Sender holds the figures of a sender.
type Sender struct {
	Name     string         `json:"name"`
	Account  string         `json:"account"`            // of several the first
	Accounts []AccountShare `json:"accounts,omitempty"` // if there are several
	Turns    []AccountTurn  `json:"turns,omitempty"`    // from one to another, in order of time
	Messages int64          `json:"messages"`           // that were due
	Mail
	TimedOut int64 `json:"timed_out,omitempty"` // connections that never reached SES
	Removed  int64 `json:"removed"`             // addresses taken off the sender's list
	// The rates are nil without eligible mail, or if they were not computed: see
	// sim.Config.OwnRates. Delay is nil if nothing was accepted.
	BounceRate    *Rate           `json:"bounce_rate,omitempty"`
	ComplaintRate *Rate           `json:"complaint_rate,omitempty"`
	Delay         *DelayQuantiles `json:"delay_seconds,omitempty"`
	// CampaignTime holds the durations of campaigns; nil if there was none.
	CampaignTime *CampaignTime `json:"campaign_seconds,omitempty"`
	// What follows is of senders with a client. Attempts are its calls by their number
	// for the message, the first one first; the last one counts all further ones too.
	Attempts  []int64 `json:"attempts,omitempty"`
	Lost      *Losses `json:"lost,omitempty"`               // messages, by why they were given up
	LostDelay *Delays `json:"lost_delay_seconds,omitempty"` // from due to given up
	More      Figures `json:"-"`                            // those without a field
}

// CampaignTime are quantiles of the campaigns' durations.
type CampaignTime struct {
	P50 *Seconds `json:"p50"`
	P95 *Seconds `json:"p95"`
	Max *Seconds `json:"max"`
	// Never says that quantiles are null because a campaign lost mail: it is never
	// done. LowerBounds names quantiles that are only bounds, as a campaign went on
	// at the end of the run.
	Never       bool     `json:"never,omitempty"`
	LowerBounds []string `json:"lower_bounds,omitempty"`
}

// known reports whether a key has data. A quantile with only a lower bound has
// none.
func (c *CampaignTime) known(key string) bool { return !slices.Contains(c.LowerBounds, key) }

// complete enters the quantiles of which only a lower bound is known.
func (s *Sender) complete(of *sim.SenderResult) {
	for _, quantile := range []struct {
		key string
		q   float64
		to  func(*CampaignTime) **Seconds
	}{
		{"p50", 0.5, func(c *CampaignTime) **Seconds { return &c.P50 }},
		{"p95", 0.95, func(c *CampaignTime) **Seconds { return &c.P95 }},
		{"max", 1, func(c *CampaignTime) **Seconds { return &c.Max }},
	} {
		bound, known := of.CampaignTime(quantile.q)
		if known || bound == 0 {
			continue
		}
		if s.CampaignTime == nil {
			s.CampaignTime = &CampaignTime{}
		}
		if !isFinite(bound) {
			s.CampaignTime.Never = true
			continue
		}
		length := Seconds(math.Round(bound * float64(time.Second)))
		*quantile.to(s.CampaignTime) = &length
		s.CampaignTime.LowerBounds = append(s.CampaignTime.LowerBounds, quantile.key)
	}
}

// Rule is a rule that decided something.
type Rule struct {
	ID       string `json:"id"`
	Count    int64  `json:"count"`
	Standing string `json:"standing"` // documented, observed or assumed
	Source   string `json:"source"`
	URL      string `json:"url"`
	Read     string `json:"read"` // date of the edition that was read
	About    string `json:"about"`
}

// Reputation are the thresholds of bounce and complaint rates.
type Reputation struct {
	BounceRate     Lines `json:"bounce_rate"`
	ComplaintRate  Lines `json:"complaint_rate"`
	MinEligible    int64 `json:"min_eligible"`    // no decision below this number of eligible emails
	WindowEligible int64 `json:"window_eligible"` // emails that the representative volume covers
}

// Lines are the thresholds of one rate.
type Lines struct {
	Review    float64 `json:"review"`
	Pause     float64 `json:"pause"`
	MinEvents int64   `json:"min_events"` // no decision below this number of bounces or complaints
}

// Default is the quota or the rate of an account in production that the scenario does
// not give. Customers read theirs in their own account.
type Default struct {
	Key       string `json:"key"` // that sets it: "account.acme.quota"
	Value     int64  `json:"value"`
	Parameter string `json:"parameter"` // of the rules, whose default it is
}

// Parameter is a parameter of the rules and its value in the run.
type Parameter struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Default  string `json:"default"`  // in the edition current
	Standing string `json:"standing"` // of the default
	About    string `json:"about"`
}

// Add returns the sums of two accounts' counts.
func (m *Mail) Add(other *Mail) Mail {
	sum, more := *m, reflect.ValueOf(*other)
	addTo(reflect.ValueOf(&sum).Elem(), more)
	return sum
}

// addTo adds integers, field by field.
func addTo(sum, more reflect.Value) {
	for i := range sum.NumField() {
		if f := sum.Field(i); f.Kind() == reflect.Struct {
			addTo(f, more.Field(i))
		} else {
			f.SetInt(f.Int() + more.Field(i).Int())
		}
	}
}
