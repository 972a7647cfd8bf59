package simtest

import (
	"fmt"
	"strings"

	"sesim/sim"
	"sesim/sim/ses"
)

func (p *page) sender(s *sim.Sender) {
	p.section("[[sender]]")
	p.key("name", quoted(s.Name))
	p.key("account", p.from(s))
	p.key("from", quoted(s.From))
	p.key("audience", p.audiences(s))
	p.key("traffic", p.traffic(s))
	p.key("begin", duration(s.Begin))
	if s.End > 0 {
		p.key("end", duration(s.End))
	}
	if c := s.Traffic.Calendar; c != nil && c.Peaks != nil {
		p.key("peak", peakKeys(c))
	}
	p.key("pick", quoted(pickWords[s.Pick]))
	if s.Traffic.Kind != sim.Recorded { // a trace says it itself
		p.key("recipients", thousandths(s.MeanRecipients()))
	}
	p.key("interface", quoted(s.Interface.String()))
	if s.Retry.Attempts > 0 {
		p.key("retry", retries(&s.Retry))
	}
	if s.Client > 0 {
		p.key("client", quoted(p.cfg.Clients[s.Client-1].Name))
		p.key("priority", number(int64(s.Priority)))
	}
	p.key("on_bounce", quoted(hygiene(s.RemoveBounced)))
	p.key("on_complaint", quoted(hygiene(s.RemoveComplained)))
	p.way(s)
}

// from writes from where a sender sends.
func (p *page) from(s *sim.Sender) string {
	if s.Accounts == nil {
		return quoted(p.cfg.Accounts[s.Account].Name)
	}
	var accounts []int
	var shares []string
	for _, a := range s.Accounts.Of {
		accounts, shares = append(accounts, a.Account), append(shares, a.Share.String())
	}
	names := p.accounts(accounts)
	if check := s.Accounts.Check; check > 0 {
		return fmt.Sprintf(`{ names = %s, use = "failover", check = %s }`, texts(names), duration(check))
	}
	return fmt.Sprintf(`{ names = %s, use = "split", shares = %s }`, texts(names), texts(shares))
}

// audiences writes to whom a sender sends.
func (p *page) audiences(s *sim.Sender) string {
	if s.Mixture == nil {
		return quoted(p.cfg.Audiences[s.Audience].Name)
	}
	var list []string
	for _, to := range s.Mixture {
		list = append(list, p.cfg.Audiences[to.Audience].Name+" = "+quoted(to.Share.String()))
	}
	return "{ " + strings.Join(list, ", ") + " }"
}

// way writes how a sender's mail gets to SES and under whose names.
func (p *page) way(s *sim.Sender) {
	for i, identity := range s.Checked {
		p.key(checkedWords[i], quoted(identity))
	}
	if s.Delegated {
		p.key("on_behalf_of", quoted(p.cfg.Accounts[s.Owner].Name))
	}
	if s.Set > 0 {
		p.key("configuration_set", quoted(p.cfg.Accounts[s.Account].Sets[s.Set-1].Name))
	}
	if s.Size > 0 {
		p.key("size", quoted(number(s.Size)+"B"))
	}
	if s.Rejected > 0 {
		p.key("rejected", quoted(s.Rejected.String()))
	}
	if s.Malformed > 0 {
		p.key("malformed", quoted(s.Malformed.String()))
	}
	if s.SigV2 {
		p.key("credentials", quoted("sigv2"))
	}
	if s.Throttled25 {
		p.key("port", "25")
		p.key("origin", quoted("ec2"))
	}
}

var (
	checkedWords = [...]string{"source", "return_path", "sender"}
	pickWords    = [...]string{"sequential", "uniform", "zipf"}
	trafficWords = [...]string{"constant", "poisson", "campaign", "diurnal", "trace"}
)

// traffic writes when a sender's messages are due. The peak of diurnal traffic
// is a time of the day.
func (p *page) traffic(s *sim.Sender) string {
	t := &s.Traffic
	rate := p.value("sender."+s.Name+".traffic.rate", p.value("sender."+s.Name+".traffic.pace", quoted(t.Rate.String())))
	kind, rest := fmt.Sprintf("{ kind = %q", trafficWords[t.Kind]), calendarKeys(t.Calendar)+" }"
	switch {
	case t.Kind == sim.Recorded:
		return fmt.Sprintf("%s, file = %s }", kind, quoted(traceName(s)))
	case t.Kind == sim.Diurnal:
		peak := p.cfg.Start.UTC().Add(t.Peak).Format("15:04")
		return fmt.Sprintf("%s, rate = %s, peak = %q, depth = %q%s", kind, rate, peak, t.Depth, rest)
	case t.IsRamp():
		return rampKeys(t) + rest
	case t.Whole && t.Every == 0:
		return kind + rest
	case t.Whole:
		return fmt.Sprintf("%s, every = %s%s", kind, duration(t.Every), rest)
	case t.Kind != sim.Campaign:
		return fmt.Sprintf("%s, rate = %s%s", kind, rate, rest)
	case t.Every == 0:
		return fmt.Sprintf("%s, pace = %s%s", kind, rate, rest)
	}
	return fmt.Sprintf("%s, pace = %s, every = %s%s", kind, rate, duration(t.Every), rest)
}

func retries(r *sim.Retry) string {
	var on []string
	for reason, again := range r.On {
		if again {
			on = append(on, ses.Reason(reason).String())
		}
	}
	return fmt.Sprintf("{ on = %s, first = %s, factor = %s, cap = %s, attempts = %d }",
		texts(on), duration(r.First), thousandths(r.Factor), duration(r.Cap), r.Attempts)
}

func hygiene(remove bool) string {
	if remove {
		return "remove"
	}
	return "keep"
}
