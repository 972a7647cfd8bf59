package reports

import (
	"errors"
	"fmt"
	"math"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

func summarize(cfg *sim.Config, res *sim.Result) (Summary, error) {
	s := Summary{
		Version:        Version,
		Scenario:       cfg.Name,
		Question:       cfg.Question,
		Edition:        cfg.Edition,
		Seed:           cfg.Seed,
		Status:         Complete,
		Start:          cfg.Start.UTC(),
		HorizonSeconds: Seconds(cfg.Horizon),
		Fingerprint:    res.Fingerprint,
		Accounts:       make([]Account, len(res.Accounts)),
		AccountList:    make([]AccountList, len(res.Accounts)),
		Thresholds:     thresholds(res.Judge(cfg)),
		Senders:        make([]Sender, len(res.Senders)),
		Rules:          fired(res.Rules),
		Reputation:     reputation(&cfg.Rules),
		Parameters:     parameters(&cfg.Rules),
		Defaults:       defaults(cfg),
		Uncertain:      UncertainOf(cfg),
		Reads:          ReadsOf(cfg, readIn(cfg, res)),
		Traces:         Traces(cfg),
		ZoneData:       ZoneData(cfg),
	}
	if res.Interrupted {
		end := Seconds(res.End)
		s.Status, s.EndSeconds = Interrupted, &end
	}
	return s, errors.Join(s.addAccounts(cfg, res), s.addSenders(cfg, res), s.addClients(cfg, res), s.addGlobal(cfg, res))
}

func (s *Summary) addAccounts(cfg *sim.Config, res *sim.Result) error {
	rows := cfg.Figures.Rows().Account
	places := placesOf[accountView](rows)
	for i := range res.Accounts {
		c, a := &cfg.Accounts[i], &res.Accounts[i]
		to, list := &s.Accounts[i], &s.AccountList[i]
		*to, *list = account(c, a, s.Start), AccountList{Account: c.Name}
		to.History = HistoryOf(c, &cfg.Rules)
		if err := enter(&accountView{to, list}, places, rows, a, fmt.Sprintf("account %q", c.Name)); err != nil {
			return err
		}
		to.BounceRate.complete(&a.Bounce, a.BounceStatus)
		to.ComplaintRate.complete(&a.Complaint, a.ComplaintStatus)
		to.Refusals = refusals(cfg, a.Refusals)
		for n := range a.Sets {
			to.Sets = append(to.Sets, Set{c.Sets[n].Name, setRate(&a.Sets[n].Bounce), setRate(&a.Sets[n].Complaint)})
		}
	}
	return nil
}

// account returns an account without its figures.
func account(c *sim.Account, a *sim.AccountResult, start time.Time) Account {
	return Account{
		Name:        c.Name,
		Region:      c.Region,
		Access:      a.Access.String(),
		Began:       c.Access.String(),
		Enforcement: a.Enforcement.String(),
		Status:      string(a.Status),
		Cost:        costOf(c.Price),
		Timeline:    timeline(a.Timeline, start),
	}
}

// complete adds the fields of a rate that are not figures. A rate without
// eligible mail has only a status.
func (r *Rate) complete(of *sim.Rate, status ses.Status) {
	if !of.Data {
		*r = Rate{}
	} else {
		r.Events, r.SpanSeconds = of.Events, Seconds(of.Span)
	}
	r.Status = string(status)
}

// completeIfAny completes a sender's rate, which has no status, if it has data.
func (r *Rate) completeIfAny(of *sim.Rate) {
	if r != nil {
		r.complete(of, "")
	}
}

// setRate returns the rate of a configuration set, which has no status.
func setRate(of *sim.Rate) Rate {
	r := Rate{Final: of.Final, Max: of.Max, Eligible: of.Eligible}
	r.complete(of, "")
	return r
}

func (s *Summary) addSenders(cfg *sim.Config, res *sim.Result) error {
	rows := cfg.Figures.Rows().Sender
	places := placesOf[Sender](rows)
	for i := range res.Senders {
		c := &cfg.Senders[i]
		s.Senders[i].Name, s.Senders[i].Account = c.Name, cfg.Accounts[c.Account].Name
		if err := enter(&s.Senders[i], places, rows, &res.Senders[i], fmt.Sprintf("sender %q", c.Name)); err != nil {
			return err
		}
		s.Senders[i].complete(&res.Senders[i])
		if calls := res.Senders[i].Calls; calls != nil {
			s.Senders[i].Attempts = calls.Attempts
		}
		if of := res.Senders[i].Rates; of != nil {
			s.Senders[i].BounceRate.completeIfAny(&of.Bounce)
			s.Senders[i].ComplaintRate.completeIfAny(&of.Complaint)
		}
	}
	s.addShares(cfg, res)
	return nil
}

func (s *Summary) addGlobal(cfg *sim.Config, res *sim.Result) error {
	g, rows := &res.Global, cfg.Figures.Rows().Global
	if err := enter(&s.GlobalList, placesOf[GlobalList](rows), rows, g, "the global list"); err != nil {
		return err
	}
	s.GlobalList.Removed = g.Removed
	d := &s.GlobalList.Dwell
	for _, bound := range []struct {
		key string
		q   float64
		to  *Seconds
	}{{"p50", 0.5, &d.P50}, {"p90", 0.9, &d.P90}} {
		if length, known := g.Dwell.Quantile(bound.q); g.Dwell.Stays > 0 && !known {
			*bound.to, d.LowerBounds = Seconds(length), append(d.LowerBounds, bound.key)
		}
	}
	return nil
}

func refusals(cfg *sim.Config, list []sim.Refusal) []Refusal {
	var out []Refusal
	for _, f := range list {
		name := "" // of a session's call
		if f.Sender >= 0 {
			name = cfg.Senders[f.Sender].Name
		}
		out = append(out, Refusal{
			At: cfg.Start.Add(f.At).UTC(), Reason: f.Reason.String(), Sender: name, Interface: f.Interface.String(),
			Status: f.Error.Status, Code: f.Error.Code, Message: f.Error.Message, Rule: f.Rule.String(),
			Reads: names(f.Reads),
		})
	}
	return out
}

func timeline(list []ses.Transition, start time.Time) []Transition {
	lines := make([]Transition, len(list))
	for i, t := range list {
		lines[i] = Transition{start.Add(t.At), t.Event, t.Rule.String(), t.Why, names(t.Reads)}
	}
	return lines
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// thresholds keeps the order of the scenario. A value that is not a finite
// number counts as no data, whatever its verdict. A threshold may be decided
// without data: see criteria.Criterion.
func thresholds(judged []sim.Judgement) []Threshold {
	list := make([]Threshold, len(judged))
	for i, j := range judged {
		list[i] = Threshold{Expression: j.Criterion.Expression, Verdict: j.Verdict.String(), Kind: j.Kind.String(), Never: j.Never()}
		switch {
		case j.Data && isFinite(j.Value):
			list[i].Value = &judged[i].Value
		case j.Data:
			list[i].Verdict = criteria.Inconclusive.String()
		case !j.Never() && j.Value > 0:
			list[i].AtLeast = &judged[i].Value
		}
	}
	return list
}

func fired(list []sim.Fired) []Rule {
	out := make([]Rule, 0, len(list))
	for _, f := range list {
		if f.Count == 0 {
			continue
		}
		r := rules.Of(f.Rule)
		out = append(out, Rule{r.Name, f.Count, r.Standing.String(), r.Source, r.URL, r.Read, r.About})
	}
	return out
}

func reputation(s *rules.Set) Reputation {
	lines := func(review, pause unit.Share, events int64) Lines {
		return Lines{review.Float(), pause.Float(), events}
	}
	return Reputation{
		BounceRate:     lines(s.Review.BounceRate, s.Pause.BounceRate, s.Rep.MinBounces),
		ComplaintRate:  lines(s.Review.ComplaintRate, s.Pause.ComplaintRate, s.Rep.MinComplaints),
		MinEligible:    s.Rep.MinEligible,
		WindowEligible: s.Rep.WindowEligible,
	}
}

// defaults lists the limits of accounts that the scenario leaves to the rules.
func defaults(cfg *sim.Config) (list []Default) {
	for _, d := range cfg.Defaults() {
		list = append(list, Default(d))
	}
	return list
}

// UncertainOf lists what is not known exactly of a scenario, in its order.
func UncertainOf(cfg *sim.Config) (list []Uncertain) {
	for i := range cfg.Uncertain {
		u := &cfg.Uncertain[i]
		list = append(list, Uncertain{cfg.Path(u), cfg.Value(u), u.Text(), cfg.Drawn})
	}
	return list
}

// parameters lists the parameters that differ from the edition current, by
// name.
func parameters(s *rules.Set) []Parameter {
	list := []Parameter{}
	for _, p := range rules.Parameters() {
		if v, usual := p.Get(s), p.Default(); v != usual {
			list = append(list, Parameter{p.Name, v, usual, p.Standing.String(), p.About})
		}
	}
	return list
}
