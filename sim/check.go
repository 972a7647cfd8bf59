package sim

import (
	"errors"
	"fmt"

	"sesim/sim/client"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// ErrConfig is wrapped by the error of a Config that cannot be run.
var ErrConfig = errors.New("not a valid configuration")

// Check returns every reason for which the Config cannot be run, joined and
// wrapped in ErrConfig, or nil. Finer rules are those of the scenario
// language.
func (c *Config) Check() error {
	list := c.checkLimits()
	for i := range c.Audiences {
		list = append(list, c.Audiences[i].check())
	}
	for i := range c.Accounts {
		list = append(list, c.Accounts[i].check())
	}
	for i := range c.Senders {
		list = append(list, c.Senders[i].check(c))
	}
	processes := 0
	for i := range c.Clients {
		processes += c.Clients[i].Processes
		if err := c.Clients[i].Check(); err != nil {
			list = append(list, fmt.Errorf("client %s: %w", c.Clients[i].Name, err))
		}
	}
	if processes > MaxProcesses {
		list = append(list, fmt.Errorf("%d processes of all clients: at most %d", processes, MaxProcesses))
	}
	for i := range c.Actions {
		if err := c.Actions[i].check(c); err != nil {
			list = append(list, fmt.Errorf("action %d: %w", i, err))
		}
	}
	if err := errors.Join(list...); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return nil
}

// checkLimits checks the Config as a whole.
func (c *Config) checkLimits() (list []error) {
	if c.Horizon <= 0 {
		list = append(list, fmt.Errorf("the horizon %v is not positive", c.Horizon))
	}
	if len(c.Accounts) == 0 || len(c.Accounts) > MaxAccounts || len(c.Senders) > MaxSenders {
		list = append(list, fmt.Errorf("%d accounts and %d senders: there must be 1 to %d and at most %d",
			len(c.Accounts), len(c.Senders), MaxAccounts, MaxSenders))
	}
	if len(c.Rules.Global.Durations) == 0 || c.Rules.Rep.EvalInterval <= 0 {
		list = append(list, errors.New("the rules are not filled in: begin with rules.Edition"))
	}
	routes := 0
	for i := range c.Senders {
		routes += len(c.Senders[i].Routes())
	}
	if routes > MaxSenders {
		list = append(list, fmt.Errorf("%d accounts and audiences of all senders: at most %d", routes, MaxSenders))
	}
	total := int64(0)
	for i := range c.Audiences {
		if most := c.Audiences[i].Most(); most > 0 && most <= MaxAddresses {
			total += most
		}
	}
	if total > MaxAddresses {
		list = append(list, fmt.Errorf("%d addresses: at most %d", total, MaxAddresses))
	}
	return list
}

func (a *Audience) check() error {
	switch {
	case a.Size < 1 || a.Size > MaxAddresses:
		return fmt.Errorf("audience %s: size %d", a.Name, a.Size)
	case a.Decay > 0 && a.DecayPer <= 0:
		return fmt.Errorf("audience %s: decay without a period", a.Name)
	case a.Contacted < 0 || a.Contacted > unit.MaxDuration:
		return fmt.Errorf("audience %s: last contact %v before the start", a.Name, a.Contacted)
	case a.Seen != nil:
		return fmt.Errorf("audience %s: it is one that a session made", a.Name)
	case a.Revive > 0 && a.RevivePer <= 0:
		return fmt.Errorf("audience %s: revive without a period", a.Name)
	case a.Churn > 0 && a.ChurnPer <= 0 || a.Churn >= unit.Whole:
		return fmt.Errorf("audience %s: churn without a period, or of all", a.Name)
	case a.Growth.Rate.N < 0 || a.Growth.Rate.N > 0 && a.Growth.Rate.Per <= 0 || a.Growth.Share > 0 && a.Growth.Per <= 0:
		return fmt.Errorf("audience %s: growth without a period", a.Name)
	case a.Growth.Rate.N > 0 && a.Growth.Share > 0:
		return fmt.Errorf("audience %s: growth by a rate and by a share", a.Name)
	case a.Most() < a.Size || a.Most() > MaxAddresses:
		return fmt.Errorf("audience %s: size %d with a limit of %d", a.Name, a.Size, a.Most())
	case a.Growth.Grows() && len(a.Addresses) > 0:
		return fmt.Errorf("audience %s: growth of named addresses", a.Name)
	}
	return nil
}

func (a *Account) check() error {
	if a.Rate < 1 || a.Quota < -1 {
		return fmt.Errorf("account %s: quota %d, rate %d", a.Name, a.Quota, a.Rate)
	}
	if a.History == nil {
		return nil
	}
	if err := a.History.Check(); err != nil {
		return fmt.Errorf("account %s: %w", a.Name, err)
	}
	return nil
}

func (s *Sender) check(c *Config) error {
	switch {
	case s.Account < 0 || s.Account >= len(c.Accounts) || s.Audience < 0 || s.Audience >= len(c.Audiences):
		return fmt.Errorf("sender %s: no such account or audience", s.Name)
	case !s.mixes(c):
		return fmt.Errorf("sender %s: mail of kind %d among audiences %v", s.Name, s.Traffic.Kind, s.Mixture)
	case !s.accountsFit(c):
		return fmt.Errorf("sender %s: accounts %+v", s.Name, *s.Accounts)
	case !s.Traffic.Kind.Known():
		return fmt.Errorf("sender %s: there is no traffic of kind %d", s.Name, s.Traffic.Kind)
	case !s.Pick.Known():
		return fmt.Errorf("sender %s: there is no pick %d", s.Name, s.Pick)
	case s.Traffic.Kind == Recorded && s.Traffic.Trace == nil:
		return fmt.Errorf("sender %s: no trace", s.Name)
	case s.Traffic.Kind != Recorded && (s.Traffic.Rate.N < 1 || s.Traffic.Rate.Per < 1):
		return fmt.Errorf("sender %s: no rate", s.Name)
	case s.Traffic.Calendar != nil && s.Traffic.Calendar.Check() != nil:
		return fmt.Errorf("sender %s: %w", s.Name, s.Traffic.Calendar.Check())
	case s.Traffic.Calendar != nil && s.Traffic.Kind == Recorded:
		return fmt.Errorf("sender %s: recorded traffic with a calendar", s.Name)
	case s.Recipients < 1 || s.Recipients > ses.MaxRecipients || s.OneMore > 0 && s.Recipients == ses.MaxRecipients:
		return fmt.Errorf("sender %s: %d recipients, %s with one more", s.Name, s.Recipients, s.OneMore)
	case s.Client < 0 || s.Client > len(c.Clients) || s.Priority < 0 || s.Priority >= client.Priorities:
		return fmt.Errorf("sender %s: no such client, or priority %d", s.Name, s.Priority)
	case s.Client > 0 && s.Retry.Attempts > 0:
		return fmt.Errorf("sender %s: its client does the retries", s.Name)
	case s.Traffic.Whole && (s.Client == 0 || s.Traffic.Kind != Campaign):
		return fmt.Errorf("sender %s: all messages at once without a client, or not of a campaign", s.Name)
	case s.Retry.Attempts < 0 || s.Retry.Attempts > 1000 || s.Retry.Attempts > 0 && (s.Retry.First < 1 || s.Retry.Factor < 1000):
		return fmt.Errorf("sender %s: retry %+v", s.Name, s.Retry)
	}
	return nil
}

// mixes reports whether the sender's Mixture is valid: different audiences, all of its
// mail, and traffic that neither names its recipients nor goes through a list.
func (s *Sender) mixes(c *Config) bool {
	if s.Mixture == nil {
		return true
	}
	sum, known := unit.Share(0), map[int]bool{}
	for _, to := range s.Mixture {
		if to.Audience < 0 || to.Audience >= len(c.Audiences) || to.Share < 0 || to.Share > unit.Whole || known[to.Audience] {
			return false
		}
		sum += to.Share
		known[to.Audience] = true
	}
	return sum == unit.Whole && len(s.Mixture) <= MaxMixture && s.Mixture[0].Audience == s.Audience &&
		s.Traffic.Kind != Campaign && s.Traffic.Kind != Recorded
}

// accountsFit reports whether the sender's Accounts are valid: different ones, for all of
// its mail, which is not another account's.
func (s *Sender) accountsFit(c *Config) bool {
	if s.Accounts == nil {
		return true
	}
	sum, known := unit.Share(0), map[int]bool{}
	for _, a := range s.Accounts.Of {
		if a.Account < 0 || a.Account >= len(c.Accounts) || a.Set < 0 || a.Set > len(c.Accounts[a.Account].Sets) ||
			a.Share < 0 || a.Share > unit.Whole || known[a.Account] {
			return false
		}
		sum += a.Share
		known[a.Account] = true
	}
	n := len(s.Accounts.Of)
	return n > 1 && n <= MaxMixture && !s.Delegated && s.Accounts.Of[0].Account == s.Account && s.Accounts.Of[0].Set == s.Set &&
		(s.Accounts.Check > 0 && sum == 0 || s.Accounts.Check == 0 && sum == unit.Whole)
}

func (a *Action) check(c *Config) error {
	if a.Client < 0 || a.Client > len(c.Clients) || a.Client > 0 && a.Do != DoResume {
		return errors.New("no such client, or nothing to do with one")
	}
	if a.Do != DoSet && a.Do != DoRemoveGlobal && a.Client == 0 && (a.Account < 0 || a.Account >= len(c.Accounts)) {
		return errors.New("no such account")
	}
	return nil
}
