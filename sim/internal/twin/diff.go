package twin

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// Diff runs both models and returns where they first differ, line by line, or
// nothing. It returns an error for a Config that is not valid.
func Diff(cfg sim.Config) (string, error) {
	tape := &tape{cfg: &cfg, timelines: make([][]Line, len(cfg.Accounts))}
	result, err := engine.Run(cfg, sim.Hooks{Observer: tape})
	if err != nil {
		return "", err
	}
	unobserved, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		return "", err
	}
	first, second := tape.outcome(result), Run(cfg)
	var b strings.Builder
	diffDecisions(&b, &cfg, sorted(first.Decisions), sorted(second.Decisions))
	for i := range cfg.Accounts {
		diffLines(&b, "account "+cfg.Accounts[i].Name+", timeline", texts(first.Timelines[i]), texts(second.Timelines[i]))
	}
	diffEnds(&b, &cfg, first, second)
	if b.Len() == 0 {
		// Without an observer, the first model may take its fast path.
		diffEnds(&b, &cfg, tape.outcome(unobserved), second)
		if unobserved.Fingerprint != result.Fingerprint {
			b.WriteString("sim's fingerprint depends on whether somebody observes it\n")
		}
	}
	return b.String(), nil
}

// diffEnds compares how accounts, senders and the global list end.
func diffEnds(b *strings.Builder, cfg *sim.Config, first, second *Outcome) {
	for i := range cfg.Accounts {
		diffValues(b, "account "+cfg.Accounts[i].Name, first.Accounts[i], second.Accounts[i])
	}
	for i := range cfg.Senders {
		diffValues(b, "sender "+cfg.Senders[i].Name, first.Senders[i], second.Senders[i])
	}
	diffValues(b, "global list", first.Global, second.Global)
}

// tape keeps what the first model tells while it runs.
type tape struct {
	cfg       *sim.Config
	decisions []Decision
	timelines [][]Line
}

var _ sim.Observer = (*tape)(nil)

// Observe keeps a record as decisions: one about a call becomes one for each
// of its recipients.
func (t *tape) Observe(r *sim.Record) {
	if r.Kind == sim.Changed {
		t.timelines[r.Account] = append(t.timelines[r.Account], Line{r.Transition.At, r.Transition.Event, r.Transition.Rule})
		return
	}
	d := Decision{
		At: r.At, Kind: r.Kind, Account: r.Account, Sender: r.Sender, Message: r.Message, Attempt: r.Attempt,
		Address: r.Address, Reason: r.Reason, Loss: r.Loss, Rule: r.Rule, ListReason: r.ListReason, Spelling: r.Spelling, Async: r.Async,
		Until: r.Until, Strikes: r.Strikes, SentAt: r.SentAt, Bounce: r.Bounce, Met: r.Met,
		Simulator: r.Simulator, Error: r.Error, Meters: r.Meters,
	}
	if r.Kind == sim.Refused && !published(t.cfg.Senders[r.Sender].Interface, r.Rule) {
		d.Error = ses.Error{}
	}
	switch r.Kind {
	case sim.Refused, sim.Sent, sim.TimedOut, sim.SessionClosed, sim.GaveUp:
		for _, to := range r.Recipients {
			d.Address = to
			t.decisions = append(t.decisions, d)
		}
	default:
		t.decisions = append(t.decisions, d)
	}
}

// outcome puts a result of the first model in the twin's terms.
func (t *tape) outcome(r *sim.Result) *Outcome {
	o := &Outcome{Decisions: t.decisions, Timelines: t.timelines, Global: Global{r.Global.Added, r.Global.Listed, r.Global.Removed}}
	for _, a := range r.Accounts {
		account := Account{
			Counts: a.Counts, Access: a.Access, Enforcement: a.Enforcement, Status: a.Status, Quota: a.Quota, Rate: a.MaxRate,
			Bounce: figuresOf(a.Bounce), Complaint: figuresOf(a.Complaint), ListAdded: a.ListAdded, Listed: a.Listed,
			BounceStatus: a.BounceStatus, ComplaintStatus: a.ComplaintStatus, BounceMax: a.Bounce.Max, ComplaintMax: a.Complaint.Max,
			BounceBelow: Below(a.Bounce.Below), ComplaintBelow: Below(a.Complaint.Below),
			UseFinal: a.QuotaUseFinal, UseMax: a.QuotaUseMax, Delays: delaysOf(a.Delay),
		}
		for _, set := range a.Sets {
			account.Sets = append(account.Sets, Set{figuresOf(set.Bounce), figuresOf(set.Complaint)})
		}
		o.Accounts = append(o.Accounts, account)
	}
	for _, s := range r.Senders {
		sender := Sender{Counts: s.Counts, Messages: s.Messages, TimedOut: s.TimedOut, Removed: s.Removed, Delays: delaysOf(s.Delay)}
		if r := s.Rates; r != nil {
			sender.Bounce, sender.Complaint = figuresOf(r.Bounce), figuresOf(r.Complaint)
			sender.BounceMax, sender.ComplaintMax = r.Bounce.Max, r.Complaint.Max
		}
		if s.Calls != nil {
			sender.Losses = Losses{s.Calls.GivenUp, delaysOf(&s.Calls.GaveUp)}
		}
		o.Senders = append(o.Senders, sender)
	}
	return o
}

func delaysOf(h *measure.Histogram) Delays {
	if h == nil {
		return Delays{}
	}
	c := h.Contents()
	return Delays{c.Count, time.Duration(c.Sum), c.Max}.rounded()
}

func figuresOf(r ses.RateFigures) Figures { return Figures{r.Events, r.Eligible} }

func texts(lines []Line) []string {
	list := make([]string, len(lines))
	for i, l := range lines {
		list[i] = l.String()
	}
	return list
}

// context is how many equal lines are shown before the first that differ, and
// how many of each list from there on.
const context = 4

// diffLines shows where two lists part.
func diffLines(b *strings.Builder, title string, first, second []string) {
	at := 0
	for at < len(first) && at < len(second) && first[at] == second[at] {
		at++
	}
	if at == len(first) && at == len(second) {
		return
	}
	fmt.Fprintf(b, "%s differ at line %d (of %d in sim, %d in twin):\n", title, at+1, len(first), len(second))
	for _, line := range first[max(0, at-context):at] {
		fmt.Fprintf(b, "  both  %s\n", line)
	}
	for _, line := range first[at:min(len(first), at+context)] {
		fmt.Fprintf(b, "  sim   %s\n", line)
	}
	for _, line := range second[at:min(len(second), at+context)] {
		fmt.Fprintf(b, "  twin  %s\n", line)
	}
}

// diffValues shows the fields in which two values are not the same.
func diffValues(b *strings.Builder, title string, first, second any) {
	x, y := reflect.ValueOf(first), reflect.ValueOf(second)
	for i := range x.NumField() {
		name := x.Type().Field(i).Name
		if x.Field(i).Kind() == reflect.Struct {
			diffValues(b, title+" "+name, x.Field(i).Interface(), y.Field(i).Interface())
		} else if one, other := fmt.Sprint(x.Field(i)), fmt.Sprint(y.Field(i)); one != other {
			fmt.Fprintf(b, "%s: %s differs\n  sim   %s\n  twin  %s\n", title, name, one, other)
		}
	}
}
