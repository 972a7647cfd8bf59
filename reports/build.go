package reports

import (
	"fmt"
	"math"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/measure"
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
		GlobalList:     globalList(&res.Global),
		Accounts:       make([]Account, len(res.Accounts)),
		AccountList:    make([]AccountList, len(res.Accounts)),
		Thresholds:     thresholds(res.Judge(cfg)),
		Senders:        senders(cfg, res),
		Rules:          fired(res.Rules),
		Reputation:     reputation(&cfg.Rules),
		Parameters:     parameters(&cfg.Rules),
	}
	if res.Interrupted {
		end := Seconds(res.End)
		s.Status, s.EndSeconds = Interrupted, &end
	}
	for i := range res.Accounts {
		a := &res.Accounts[i]
		s.Accounts[i] = account(&cfg.Accounts[i], a, s.Start)
		s.Accounts[i].Refusals = refusals(cfg, a.Refusals)
		for n := range a.Sets {
			s.Accounts[i].Sets = append(s.Accounts[i].Sets, Set{cfg.Accounts[i].Sets[n].Name, rate(&a.Sets[n].Bounce, ""), rate(&a.Sets[n].Complaint, "")})
		}
		s.AccountList[i] = AccountList{cfg.Accounts[i].Name, a.ListAdded, a.Listed}
		if err := s.Accounts[i].finite(); err != nil {
			return Summary{}, err
		}
	}
	return s, nil
}

func account(c *sim.Account, a *sim.AccountResult, start time.Time) Account {
	return Account{
		Name:        c.Name,
		Region:      c.Region,
		Access:      a.Access.String(),
		Began:       c.Access.String(),
		Enforcement: a.Enforcement.String(),
		Status:      string(a.Status),
		Quota:       a.Quota,
		Rate:        a.MaxRate,
		Requests:    a.Requests,
		Recipients:  a.Recipients,
		Accepted:    a.Accepted,
		Billed:      a.Billed(),
		Refused: Refused{
			Rate:       a.Refused[ses.RefusedRate],
			Quota:      a.Refused[ses.RefusedQuota],
			Unverified: a.Refused[ses.RefusedUnverified],
			Paused:     a.Refused[ses.RefusedPaused],
			Invalid:    a.Refused[ses.RefusedInvalid],
		},
		Delivered:         a.Delivered,
		HardBounced:       a.HardBounced,
		SoftBounced:       a.SoftBounced,
		SuppressedAccount: a.SuppressedAccount,
		SuppressedGlobal:  a.SuppressedGlobal,
		Simulator:         a.Simulator,
		Rejected:          a.Rejected,
		Complaints:        a.Complaints,
		InFlight:          a.InFlight,
		BounceRate:        rate(&a.Bounce, a.BounceStatus),
		ComplaintRate:     rate(&a.Complaint, a.ComplaintStatus),
		QuotaUse:          Use{a.QuotaUseFinal, a.QuotaUseMax},
		Delay:             delayQuantiles(a.Delay),
		Timeline:          timeline(a.Timeline, start),
	}
}

func delayQuantiles(h *measure.Histogram) *DelayQuantiles {
	if h == nil || h.Count() == 0 {
		return nil
	}
	of := func(q float64) Seconds { return Seconds(h.Quantile(q)) }
	return &DelayQuantiles{of(0.5), of(0.9), of(0.99), of(1)}
}

// rate returns zeros where the account sent no eligible mail.
func rate(r *sim.Rate, status ses.Status) Rate {
	if !r.Data {
		return Rate{Status: string(status)}
	}
	return Rate{r.Final, r.Max, r.Eligible, r.Events, Seconds(r.Span), string(status)}
}

func refusals(cfg *sim.Config, list []sim.Refusal) []Refusal {
	var out []Refusal
	for _, f := range list {
		sender := &cfg.Senders[f.Sender]
		out = append(out, Refusal{
			At: cfg.Start.Add(f.At).UTC(), Reason: f.Reason.String(), Sender: sender.Name, Interface: sender.Interface.String(),
			Status: f.Error.Status, Code: f.Error.Code, Message: f.Error.Message, Rule: f.Rule.String(),
		})
	}
	return out
}

func timeline(list []ses.Transition, start time.Time) []Transition {
	lines := make([]Transition, len(list))
	for i, t := range list {
		lines[i] = Transition{start.Add(t.At), t.Event, t.Rule.String(), t.Why}
	}
	return lines
}

// finite fails where a rate of the account is not a finite number, which JSON
// could not hold.
func (a *Account) finite() error {
	for _, f := range []struct {
		name  string
		value float64
	}{
		{"bounce_rate.final", a.BounceRate.Final}, {"bounce_rate.max", a.BounceRate.Max},
		{"complaint_rate.final", a.ComplaintRate.Final}, {"complaint_rate.max", a.ComplaintRate.Max},
		{"quota_use.final", a.QuotaUse.Final}, {"quota_use.max", a.QuotaUse.Max},
	} {
		if !isFinite(f.value) {
			return fmt.Errorf("%s of account %q is %v, not a finite number", f.name, a.Name, f.value)
		}
	}
	return nil
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func globalList(g *sim.GlobalResult) GlobalList {
	l := GlobalList{Added: g.Added, Listed: g.Listed, Removed: g.Removed}
	if g.Dwell.Stays == 0 {
		return l
	}
	l.Dwell = Dwells{Max: Seconds(g.Dwell.Max), Censored: g.Dwell.Censored}
	l.Dwell.P50 = dwell(&g.Dwell, 0.5, "p50", &l.Dwell.LowerBounds)
	l.Dwell.P90 = dwell(&g.Dwell, 0.9, "p90", &l.Dwell.LowerBounds)
	return l
}

func dwell(s *measure.Survival, q float64, name string, bounds *[]string) Seconds {
	d, known := s.Quantile(q)
	if !known {
		*bounds = append(*bounds, name)
	}
	return Seconds(d)
}

// thresholds keeps the order of the scenario. A value that is not a finite
// number is no data, whatever it was judged to be.
func thresholds(judged []sim.Judgement) []Threshold {
	list := make([]Threshold, len(judged))
	for i, j := range judged {
		list[i] = Threshold{Expression: j.Criterion.Expression, Verdict: j.Verdict.String(), Kind: j.Kind.String()}
		switch {
		case j.Data && isFinite(j.Value):
			list[i].Value = &judged[i].Value
		default:
			list[i].Verdict = criteria.Inconclusive.String()
		}
	}
	return list
}

func senders(cfg *sim.Config, res *sim.Result) []Sender {
	list := make([]Sender, len(res.Senders))
	for i, r := range res.Senders {
		c := &cfg.Senders[i]
		list[i] = Sender{c.Name, cfg.Accounts[c.Account].Name, r.Messages, r.Accepted, r.GivenUp, r.Waiting, r.TimedOut, r.Removed, campaignTime(&res.Senders[i])}
	}
	return list
}

func campaignTime(r *sim.SenderResult) *CampaignTime {
	if len(r.Campaigns) == 0 {
		return nil
	}
	of := func(q float64) Seconds { d, _ := r.CampaignTime(q); return Seconds(d) }
	return &CampaignTime{of(0.5), of(0.95), of(1)}
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

// parameters lists what differs from the edition current, by name.
func parameters(s *rules.Set) []Parameter {
	list := []Parameter{}
	for _, p := range rules.Parameters() {
		if v, usual := p.Get(s), p.Default(); v != usual {
			list = append(list, Parameter{p.Name, v, usual, p.Standing.String(), p.About})
		}
	}
	return list
}
