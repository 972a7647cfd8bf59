// Package explain replays a scenario to a moment and explains the state of its
// accounts: for each refused, suppressed or bounced recipient, each message that a
// client gave up and each change of state, the rule, the figures that decided, and the
// source of the rule.
//
// Deliveries are left out unless the query names an address or a message.
package explain

import (
	"fmt"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Query selects what to explain. A filter with its zero value matches everything.
type Query struct {
	At      time.Duration // the moment, inclusive; at most the horizon
	Account string
	Address string // "customers-17@customers.example"
	Sender  string
	Message int64 // number of a message of the sender, from 1; 0: any
	Most    int   // maximum number of entries, the latest ones; 0: 20

	From time.Duration    // earlier records do not match
	Only []sim.RecordKind // kinds of records; none: what is not the usual course of mail, unless it has an address or a message
	Skip int              // leave out this many of the latest entries, for paging back

	Reason string // reason of refused calls, such as "quota"; "": any

	// Together makes one entry of the records that are alike: of one account and
	// sender, with the same outcome by the same rule. It has no effect on a query
	// for an address or a message, which asks for a history.
	Together bool

	// InFlight asks for the recipients of accepted mail whose outcome comes after the moment, in
	// place of records: each with its latest failed attempt or, before the first one, with the
	// accepted call. Only, Reason and Together have no effect on it.
	InFlight bool
}

// Explanation is the answer to a query.
type Explanation struct {
	Scenario string  `json:"scenario"`
	Seed     uint64  `json:"seed"`
	At       string  `json:"at"` // RFC 3339
	Accounts []State `json:"accounts"`
	// Uncertain is what is not known exactly of the scenario; the run has its means, or what
	// was drawn for it.
	Uncertain []reports.Uncertain `json:"uncertain,omitempty"`
	Address   *Place              `json:"address,omitempty"` // if the query names one
	Matched   int64               `json:"matched"`           // number of matching records
	Of        int64               `json:"of"`                // number of entries that they make
	Entries   []Entry             `json:"entries"`           // the latest of these, in order of time
}

// State is an account at the moment.
type State struct {
	Account       string `json:"account"`
	Before        string `json:"before,omitempty"` // what it brought along from before the start
	Access        string `json:"access"`
	Enforcement   string `json:"enforcement"`
	Status        string `json:"status"`
	Quota         string `json:"quota"`
	Bounces       string `json:"bounces"`
	BounceStatus  string `json:"bounce_status"`
	Complaints    string `json:"complaints"`
	ComplaintRate string `json:"complaint_status"`
	List          string `json:"list"`
	// GetAccount is the answer of the API call GetAccount.
	GetAccount getAccount `json:"get_account"`
}

// Place is an address with the suppression lists that hold it at the moment.
type Place struct {
	Address string   `json:"address"`
	Lists   []string `json:"lists"` // one sentence for each list
}

// Entry is a record with the rule that decided it: the last one of those that
// are alike.
type Entry struct {
	Moment
	Account  string   `json:"account"`
	Sender   string   `json:"sender,omitempty"`
	Count    int64    `json:"count,omitempty"` // records that are alike; 0 for a single one
	First    *Moment  `json:"first,omitempty"` // of these; nil for a single one
	What     string   `json:"what"`
	Figures  []string `json:"figures,omitempty"`
	Rule     string   `json:"rule"`
	About    string   `json:"about"`
	Standing string   `json:"standing"`
	Source   string   `json:"source"`
	URL      string   `json:"url,omitempty"`
	Read     string   `json:"read,omitempty"`
	// Reads are the parameters that the decision read, and Weakest is the weakest standing
	// among them and the rule.
	Reads   []reports.Read `json:"reads,omitempty"`
	Weakest string         `json:"weakest,omitempty"`
}

// Moment is when a record was made, and what it was about.
type Moment struct {
	At      string `json:"at"`
	Clock   string `json:"clock"` // "day 3, 10:15"
	Message int64  `json:"message,omitempty"`
	Address string `json:"address,omitempty"`
}

// Replay runs the scenario to the query's moment and explains it. For a moment
// outside the run or an unknown name the error wraps ErrQuery.
func Replay(run sim.Runner, cfg sim.Config, q Query) (*Explanation, error) {
	return ReplayWith(run, cfg, q, sim.Hooks{})
}

// ReplayWith is Replay with the caller's hooks, whose observer, if there is one, also
// receives every record.
func ReplayWith(run sim.Runner, cfg sim.Config, q Query, hooks sim.Hooks) (*Explanation, error) {
	c, err := newCollector(&cfg, q)
	if err != nil {
		return nil, err
	}
	list := collectors{c}
	if c.next = hooks.Observer; c.next != nil {
		hooks.Observer = c
	} else {
		hooks.Observed, hooks.ObserverOf = c.selection(), func(partition int) sim.Observer {
			if partition > 0 {
				list = append(list, c.another())
			}
			return list[partition]
		}
	}
	cfg.Horizon = min(q.At+1, cfg.Horizon) // nothing happens at the horizon itself
	cfg.Actions = before(cfg.Actions, q.At)
	result, err := run(cfg, hooks)
	if err != nil {
		return nil, err
	}
	e := &Explanation{
		Scenario: cfg.Name, Seed: cfg.Seed, At: cfg.Start.Add(q.At).UTC().Format(time.RFC3339Nano),
		Uncertain: reports.UncertainOf(&cfg), Entries: list.latest(),
	}
	e.Matched, e.Of = list.counts()
	for i := range result.Accounts {
		if c.account < 0 || c.account == i {
			e.Accounts = append(e.Accounts, stateOf(&cfg, i, &result.Accounts[i]))
		}
	}
	if q.Address != "" {
		e.Address = &Place{q.Address, list.places(q.At)}
	}
	return e, nil
}

// OfSession returns an explanation of what a session answered, with the state of an account
// afterwards. The session has ended with that result.
func OfSession(cfg *sim.Config, result *sim.Result, account int, entries []Entry) *Explanation {
	return &Explanation{
		Scenario: cfg.Name, Seed: cfg.Seed, At: cfg.Start.Add(result.End).UTC().Format(time.RFC3339Nano),
		Accounts:  []State{stateOf(cfg, account, &result.Accounts[account])},
		Uncertain: reports.UncertainOf(cfg), Matched: int64(len(entries)), Of: int64(len(entries)), Entries: entries,
	}
}

// before returns the actions up to a moment.
func before(actions []sim.Action, at time.Duration) []sim.Action {
	var list []sim.Action
	for _, a := range actions {
		if a.At <= at {
			list = append(list, a)
		}
	}
	return list
}

func stateOf(cfg *sim.Config, i int, a *sim.AccountResult) State {
	rate := func(r sim.Rate, review, pause fmt.Stringer) string {
		if !r.Data {
			return "no eligible mail"
		}
		return fmt.Sprintf("%s: %s of %s eligible over %s (review %s, pause %s)",
			wording.Percent(r.Final), wording.Count(r.Events), wording.Count(r.Eligible), wording.Span(r.Span), review, pause)
	}
	quota := "unlimited"
	if a.Quota >= 0 {
		quota = fmt.Sprintf("%s of %s used in the last 24 hours; %s a second",
			wording.Percent(a.QuotaUseFinal), wording.Count(a.Quota), wording.Count(a.MaxRate))
	}
	s := State{
		Account: cfg.Accounts[i].Name, Access: a.Access.String(), Enforcement: a.Enforcement.String(), Status: string(a.Status),
		Quota:        quota,
		Bounces:      rate(a.Bounce, cfg.Rules.Review.BounceRate, cfg.Rules.Pause.BounceRate),
		BounceStatus: string(a.BounceStatus),
		Complaints:   rate(a.Complaint, cfg.Rules.Review.ComplaintRate, cfg.Rules.Pause.ComplaintRate), ComplaintRate: string(a.ComplaintStatus),
		List:       unit.Plural(a.Listed, "address", "addresses") + " on the account-level list",
		GetAccount: answerOf(cfg, i, a),
	}
	if h := reports.HistoryOf(&cfg.Accounts[i], &cfg.Rules); h != nil {
		s.Before = wording.Past(h)
	}
	return s
}

// deciding returns the parameters that the decision of a record read. Whom a call was for
// decides nothing about a call that fails.
func deciding(r *sim.Record) rules.Reads {
	switch r.Kind {
	case sim.Refused, sim.SessionClosed, sim.TimedOut:
		return r.Reads.Without(rules.ParamEventPublishDelay)
	}
	return r.Reads
}

// entryOf returns an entry with the fields that all records have.
func entryOf(cfg *sim.Config, r *sim.Record) Entry {
	rule := rules.Of(r.Rule)
	e := Entry{
		Moment: momentOf(cfg, r),
		Rule:   rule.Name, About: rule.About, Standing: rule.Standing.String(), Source: rule.Source, URL: rule.URL, Read: rule.Read,
	}
	if r.Account >= 0 {
		e.Account = cfg.Accounts[r.Account].Name
	}
	e.Reads = reports.ReadsOf(cfg, deciding(r))
	e.Weakest = reports.Weakest(e.Standing, e.Reads)
	if r.Rule == rules.None {
		e.Standing, e.Weakest = "", ""
	}
	if r.Sender >= 0 {
		e.Sender = cfg.Senders[r.Sender].Name
	}
	return e
}

// momentOf returns when a record was made, and which message it was about.
func momentOf(cfg *sim.Config, r *sim.Record) Moment {
	m := Moment{At: cfg.Start.Add(r.At).UTC().Format(time.RFC3339Nano), Clock: wording.Clock(r.At)}
	if r.Sender >= 0 {
		m.Message = r.Message + 1
	}
	return m
}

func (c *collector) text(a sim.Address) string {
	return c.cfg.Audiences[a.Audience].AddressOf(a.Number)
}

// describe fills in what happened and the figures that decided.
func (c *collector) describe(e *Entry, f *found) {
	r := &f.record
	switch r.Kind {
	case sim.Refused, sim.Sent:
		if c.open != nil {
			c.describeInFlight(e)
			return
		}
		e.What, e.Figures = f.decision.what(), append(c.attempt(r), f.decision.figures()...)
	case sim.TimedOut:
		e.What = "connection to port 25 timed out; SES received no call"
		e.Figures = c.attempt(r)
	case sim.SessionClosed:
		e.What = "SMTP session was closed: " + r.Error.String()
		e.Figures = append(c.attempt(r), c.reconnects(r))
	case sim.GaveUp:
		e.What = "given up by client " + c.cfg.Clients[c.cfg.Senders[r.Sender].Client-1].Name + ": " + wording.Loss(r.Loss.String())
		calls := unit.Plural(int64(r.Attempt), "call", "calls")
		e.Figures = []string{"after " + calls + ", " + wording.Span(r.At-r.Due) + " after the message was due"}
	case sim.SuppressedAccount:
		e.What = "accepted, not sent: on the account-level list"
		e.Figures = []string{"listed for " + r.ListReason.String() + f.since, "counts towards the quota, but not towards a rate"}
	case sim.SuppressedGlobal:
		e.What = "accepted, not sent: on the global list (" + r.Bounce.String() + ")"
		e.Figures = []string{
			fmt.Sprintf("strike %d; on the list until %s, for another %s", r.Strikes, wording.Clock(r.Until), wording.Span(r.Until-r.At)),
			"counts towards the quota and " + rateOf(r, "the bounce rate"),
		}
	case sim.Simulated:
		e.What = "answered by the mailbox simulator as " + r.Simulator.String()
	case sim.Delivered:
		e.What = "delivered"
		e.Figures = []string{"accepted " + wording.Span(r.At-r.SentAt) + " earlier"}
	case sim.Delayed:
		e.What = "soft bounce (" + r.Bounce.String() + "); SES will retry"
		limit, _ := c.cfg.RetryLimit(r.Sender, r.Account)
		e.Figures = []string{"accepted " + wording.Clock(r.SentAt), "next attempt " + wording.Clock(r.Until), "gives up " + wording.Clock(r.SentAt+limit)}
	case sim.HardBounced:
		e.What = "hard bounce (" + r.Bounce.String() + ")"
		if r.Async {
			e.What += " after a delivery"
		}
		e.Figures = []string{"accepted " + wording.Clock(r.SentAt), "counts towards " + rateOf(r, "the bounce rate")}
	case sim.SoftBounced:
		e.What = "soft bounce (" + r.Bounce.String() + "), published"
		e.Figures = append([]string{"accepted " + wording.Clock(r.SentAt)}, c.expiry(r)...)
		e.Figures = append(e.Figures, "counts towards no rate")
	case sim.Complained:
		e.What = "complaint through a feedback loop"
		e.Figures = []string{"accepted " + wording.Clock(r.SentAt), "counts towards " + rateOf(r, "the complaint rate")}
	case sim.Rejected:
		e.What = "rejected by the content scan"
	case sim.AutoReplied:
		e.What = "automatic reply (" + r.Bounce.String() + ")"
	case sim.ListedGlobal:
		e.What = fmt.Sprintf("put on the global list for %s, strike %d", wording.Span(r.Until-r.At), r.Strikes)
		e.Figures = []string{"until " + wording.Clock(r.Until)}
	case sim.UnlistedGlobal:
		e.What = "removed from the global list"
	case sim.ListedAccount:
		e.What = "put on the account-level list for " + r.ListReason.String()
	case sim.UnlistedAccount:
		e.What = "removed from the account-level list"
	case sim.Changed:
		e.What, e.Figures = r.Transition.Event.String(), []string{r.Transition.Why}
	}
}

// attempt returns which call for its message a call is, and when it began; nil for the
// first one without a client, which begins when its message is due.
func (c *collector) attempt(r *sim.Record) []string {
	if r.Attempt == 0 && c.cfg.Senders[r.Sender].Client == 0 {
		return nil
	}
	text := fmt.Sprintf("attempt %d, %s after the message was due", r.Attempt+1, wording.Span(r.Started-r.Due))
	if took := r.At - r.Started; took > 0 {
		text += "; SES decided it " + wording.Span(took) + " later"
	}
	return []string{text}
}

// rateOf returns the rate that a bounce or complaint counts towards, or why it
// counts towards none.
func rateOf(r *sim.Record, rate string) string {
	switch {
	case r.Exempt:
		return "no rate: the account has verified the recipient"
	case !r.Counts:
		return "no rate: an appeal was accepted after the mail was sent"
	}
	return rate
}

// expiry returns the figures of a soft bounce that the maximum delivery time of
// a configuration set caused; nil for other bounces.
func (c *collector) expiry(r *sim.Record) []string {
	if r.Bounce != ses.TransientCustomTimeout {
		return nil
	}
	limit, _ := c.cfg.RetryLimit(r.Sender, r.Account)
	return []string{"the configuration set allows " + wording.Span(limit) + " for delivery", "the attempts failed with " + r.Met.String()}
}

func recipients(n int) string { return unit.Plural(int64(n), "recipient", "recipients") }
