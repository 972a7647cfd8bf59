// Package explain replays a scenario to a moment and tells why things are as
// they are then: for each refused, suppressed or bounced recipient and each
// change of state the rule, the figures that decided, and who says so.
//
// It leaves out deliveries, of which there is nothing to explain, unless one
// address or message is asked for.
package explain

import (
	"fmt"
	"time"

	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Query says what to explain. The zero value of a filter asks for everything.
type Query struct {
	At      time.Duration // the moment, at most the horizon; what happens at it is part of the answer
	Account string
	Address string // "customers-17@customers.example"
	Sender  string
	Message int64 // number among the sender's messages, from 1; 0: any
	Most    int   // entries kept, the latest ones; 0: 20

	From time.Duration    // what happened before is not part of the answer
	Only []sim.RecordKind // of these kinds alone; none: of all that can be explained
	Skip int              // so many of the latest entries are left out, for those before them

	Reason string // of refused calls, those for this reason alone: "quota"; empty: any
}

// Explanation is the answer.
type Explanation struct {
	Scenario string  `json:"scenario"`
	Seed     uint64  `json:"seed"`
	At       string  `json:"at"` // RFC 3339
	Accounts []State `json:"accounts"`
	Address  *Place  `json:"address,omitempty"` // where the query names one
	Matched  int64   `json:"matched"`           // entries in all
	Entries  []Entry `json:"entries"`           // the latest of them, in the order of time
}

// State is an account at the moment.
type State struct {
	Account       string `json:"account"`
	Access        string `json:"access"`
	Enforcement   string `json:"enforcement"`
	Status        string `json:"status"`
	Quota         string `json:"quota"`
	Bounces       string `json:"bounces"`
	BounceStatus  string `json:"bounce_status"`
	Complaints    string `json:"complaints"`
	ComplaintRate string `json:"complaint_status"`
	List          string `json:"list"`
	// GetAccount is what the API answers.
	GetAccount getAccount `json:"get_account"`
}

// Place is where an address stands at the moment.
type Place struct {
	Address string   `json:"address"`
	Lists   []string `json:"lists"` // one sentence for each list that has a say
}

// Entry is one thing that happened, with the rule that decided it.
type Entry struct {
	At       string   `json:"at"`
	Clock    string   `json:"clock"` // "day 3, 10:15"
	Account  string   `json:"account"`
	Sender   string   `json:"sender,omitempty"`
	Message  int64    `json:"message,omitempty"`
	Address  string   `json:"address,omitempty"`
	What     string   `json:"what"`
	Figures  []string `json:"figures,omitempty"`
	Rule     string   `json:"rule"`
	About    string   `json:"about"`
	Standing string   `json:"standing"`
	Source   string   `json:"source"`
	URL      string   `json:"url,omitempty"`
	Read     string   `json:"read,omitempty"`
}

// Replay runs the scenario to the query's moment and explains it. Its error
// is about the query: a moment outside the run, or a name that is not there.
func Replay(run sim.Runner, cfg sim.Config, q Query) (*Explanation, error) {
	return ReplayWith(run, cfg, q, sim.Hooks{})
}

// ReplayWith is Replay under the caller's hooks, whose observer sees every
// record too.
func ReplayWith(run sim.Runner, cfg sim.Config, q Query, hooks sim.Hooks) (*Explanation, error) {
	c, err := newCollector(&cfg, q)
	if err != nil {
		return nil, err
	}
	c.next, hooks.Observer = hooks.Observer, c
	cfg.Horizon = min(q.At+1, cfg.Horizon) // nothing happens at the horizon itself
	cfg.Actions = before(cfg.Actions, q.At)
	result, err := run(cfg, hooks)
	if err != nil {
		return nil, err
	}
	e := &Explanation{
		Scenario: cfg.Name, Seed: cfg.Seed, At: cfg.Start.Add(q.At).UTC().Format(time.RFC3339Nano),
		Matched: c.matched, Entries: c.latest(),
	}
	for i := range result.Accounts {
		if c.account < 0 || c.account == i {
			e.Accounts = append(e.Accounts, stateOf(&cfg, i, &result.Accounts[i]))
		}
	}
	if q.Address != "" {
		e.Address = &Place{q.Address, c.places(q.At)}
	}
	return e, nil
}

// before leaves out what nobody has done yet.
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
			return "no mail that counts"
		}
		return fmt.Sprintf("%s: %s of %s eligible over %s (review %s, pause %s)",
			wording.Percent(r.Final), wording.Count(r.Events), wording.Count(r.Eligible), wording.Span(r.Span), review, pause)
	}
	quota := "unlimited"
	if a.Quota >= 0 {
		quota = fmt.Sprintf("%s of %s used in the last 24 hours; %s a second", wording.Percent(a.QuotaUseFinal), wording.Count(a.Quota), wording.Count(a.MaxRate))
	}
	return State{
		Account: cfg.Accounts[i].Name, Access: a.Access.String(), Enforcement: a.Enforcement.String(), Status: string(a.Status),
		Quota:        quota,
		Bounces:      rate(a.Bounce, cfg.Rules.Review.BounceRate, cfg.Rules.Pause.BounceRate),
		BounceStatus: string(a.BounceStatus),
		Complaints:   rate(a.Complaint, cfg.Rules.Review.ComplaintRate, cfg.Rules.Pause.ComplaintRate), ComplaintRate: string(a.ComplaintStatus),
		List:       fmt.Sprintf("%s entries on the account's list", wording.Count(a.Listed)),
		GetAccount: answerOf(cfg, i, a),
	}
}

// entry is what all entries have in common.
func (c *collector) entry(r *sim.Record) Entry {
	rule := rules.Of(r.Rule)
	e := Entry{
		At: c.cfg.Start.Add(r.At).UTC().Format(time.RFC3339Nano), Clock: wording.Clock(r.At),
		Account: c.cfg.Accounts[r.Account].Name,
		Rule:    rule.Name, About: rule.About, Standing: rule.Standing.String(), Source: rule.Source, URL: rule.URL, Read: rule.Read,
	}
	if r.Rule == rules.None {
		e.Standing = ""
	}
	if r.Sender >= 0 {
		e.Sender, e.Message = c.cfg.Senders[r.Sender].Name, r.Message+1
	}
	return e
}

func (c *collector) text(a sim.Address) string {
	return c.cfg.Audiences[a.Audience].AddressOf(a.Number)
}

// describe says what happened and which figures decided.
func (c *collector) describe(e *Entry, r *sim.Record) {
	switch r.Kind {
	case sim.Refused:
		e.What = fmt.Sprintf("call with %s refused: %s", recipients(len(r.Recipients)), r.Error)
		e.Figures = c.refusalFigures(r)
	case sim.TimedOut:
		e.What = "connection through port 25 timed out; SES saw no call"
	case sim.Sent:
		e.What = fmt.Sprintf("call with %s accepted", recipients(len(r.Recipients)))
		e.Figures = meters(c, r)
	case sim.SuppressedAccount:
		e.What = "accepted, not sent: on the account's list"
		e.Figures = []string{"listed for " + r.ListReason.String() + c.since(r), "counts towards the quota, towards no rate"}
	case sim.SuppressedGlobal:
		e.What = "accepted, not sent: on the global list (" + r.Bounce.String() + ")"
		e.Figures = []string{fmt.Sprintf("strike %d; on the list until %s, %s from then", r.Strikes, wording.Clock(r.Until), wording.Span(r.Until-r.At)),
			"counts towards the quota and " + rateOf(r, "the bounce rate")}
	case sim.Simulated:
		e.What = "answered by the mailbox simulator as " + r.Simulator.String()
	case sim.Delivered:
		e.What = "delivered"
		e.Figures = []string{"accepted " + wording.Span(r.At-r.SentAt) + " before"}
	case sim.Delayed:
		e.What = "soft bounce (" + r.Bounce.String() + "); SES tries again"
		limit, _ := c.cfg.RetryLimit(r.Sender)
		e.Figures = []string{"next attempt " + wording.Clock(r.Until), "gives up " + wording.Clock(r.SentAt+limit)}
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
		e.What = "taken off the global list"
	case sim.ListedAccount:
		e.What = "put on the account's list for " + r.ListReason.String()
	case sim.UnlistedAccount:
		e.What = "taken off the account's list"
	case sim.Changed:
		e.What, e.Figures = r.Transition.Event.String(), []string{r.Transition.Why}
	}
}

// rateOf returns the rate that a bounce or complaint counts towards, or why
// there is none.
func rateOf(r *sim.Record, rate string) string {
	switch {
	case r.OwnDomain:
		return "no rate: the account has verified the domain"
	case !r.Counts:
		return "no rate: an appeal was accepted after the mail was sent"
	}
	return rate
}

// expiry are the figures behind a soft bounce at the end of the time that the
// mail's configuration set gives SES; of another one there are none.
func (c *collector) expiry(r *sim.Record) []string {
	if r.Bounce != ses.TransientCustomTimeout {
		return nil
	}
	limit, _ := c.cfg.RetryLimit(r.Sender)
	return []string{"the configuration set gives SES " + wording.Span(limit), "the attempts met " + r.Met.String()}
}

func recipients(n int) string {
	if n == 1 {
		return "1 recipient"
	}
	return fmt.Sprintf("%d recipients", n)
}
