package twin_test

import (
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// messages is about how many messages a scenario sends, retries not counted:
// the twin reads its whole history for each.
const messages = 150

// bound makes a drawn scenario small enough for the twin.
func bound(cfg *sim.Config) {
	if cfg.Horizon > 5*day {
		cfg.Rules.Rep.EvalInterval = max(cfg.Rules.Rep.EvalInterval, time.Hour)
	}
	most := int64(messages / len(cfg.Senders))
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		switch t := &s.Traffic; t.Kind {
		case sim.Recorded:
		case sim.Campaign:
			pass := (cfg.Audiences[s.Audience].Size + int64(s.Recipients) - 1) / int64(s.Recipients)
			if passes := max(1, most/pass); t.Every > 0 {
				t.Every = max(t.Every, (cfg.Horizon/time.Duration(passes)).Truncate(time.Second)+time.Second)
			}
		default:
			t.Rate = slow(t.Rate, cfg.Horizon, most)
		}
	}
	for i := range cfg.Actions {
		if c := &cfg.Actions[i].Change; cfg.Actions[i].Do == sim.DoSet && c.Key == sim.KeySenderRate && cfg.Senders[c.Index].Traffic.Kind != sim.Campaign {
			c.Rate = slow(c.Rate, cfg.Horizon, most)
		}
	}
}

// slow returns a rate of at most so many messages within the horizon.
func slow(rate unit.Rate, horizon time.Duration, most int64) unit.Rate {
	if rate.At(most) >= horizon {
		return rate
	}
	for _, per := range []time.Duration{time.Second, time.Minute, time.Hour, day} {
		if n := most / int64(horizon/per+1); n > 0 {
			return unit.Rate{N: n, Per: per}
		}
	}
	return unit.Rate{N: 1, Per: 7 * day}
}

// consistent takes out of a scenario what no longer fits after a theme has
// changed the rest.
func consistent(cfg *sim.Config) {
	taken := map[string]bool{}
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		if a.Customer != "" && taken[a.Region] {
			a.Customer = "" // which has one account in a Region
		}
		taken[a.Region] = taken[a.Region] || a.Customer != ""
	}
	for i := range cfg.Accounts {
		related(cfg, &cfg.Accounts[i])
	}
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		if s.Traffic.Kind == sim.Campaign || s.Traffic.Kind == sim.Recorded || s.Mixture != nil && s.Audience != s.Mixture[0].Audience {
			s.Mixture = nil
		}
		if of := s.Accounts; of != nil && (s.Delegated || s.Account != of.Of[0].Account || s.Set != 0) {
			s.Accounts = nil
		}
		for _, route := range s.Routes() {
			size := cfg.Audiences[route.Audience].Size
			s.Recipients = int(min(int64(s.Recipients), size))
			if most := min(ses.MaxRecipients, size); int64(s.Recipients) == most || s.Traffic.Kind == sim.Recorded {
				s.OneMore = 0
			}
		}
	}
	for i := range cfg.Actions {
		a := &cfg.Actions[i]
		to := &cfg.Audiences[a.Address.Audience]
		a.Address.Number %= to.Size
		if !strings.EqualFold(a.Spelling, to.AddressOf(a.Address.Number)) {
			a.Spelling = ""
		}
		if a.Do == sim.DoRemoveGlobal && !cfg.Rules.Global.RemovalForm {
			a.Do = sim.DoUnsuppress // scenarios cannot ask for a form that does not exist
		}
		a.Count = min(a.Count, cfg.Audiences[a.Audience].Size)
		if c := &a.Change; a.Do == sim.DoSet && c.Key == sim.KeySenderRate && (cfg.Senders[c.Index].Traffic.Kind == sim.Recorded || cfg.Senders[c.Index].Traffic.IsRamp()) {
			a.Change = sim.Change{Key: sim.KeySenderOnBounce, Index: c.Index} // a trace has no rate, and a ramp its own
		}
	}
}

// related leaves an account the delegates in its Region, and its requests, in
// order of time, the other Regions in which its customer has an account.
func related(cfg *sim.Config, a *sim.Account) {
	a.Delegates = slices.DeleteFunc(a.Delegates, func(i int) bool { return cfg.Accounts[i].Region != a.Region })
	for n := range a.Requests {
		r := &a.Requests[n]
		r.At %= cfg.Horizon
		r.Regions = slices.DeleteFunc(r.Regions, func(region string) bool {
			return region == a.Region || a.Customer == "" || !slices.ContainsFunc(cfg.Accounts, func(other sim.Account) bool {
				return other.Customer == a.Customer && other.Region == region
			})
		})
	}
	slices.SortStableFunc(a.Requests, func(x, y sim.Request) int { return int(x.At - y.At) })
}
