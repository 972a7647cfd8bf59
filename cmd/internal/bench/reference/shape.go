package reference

import (
	"errors"
	"fmt"
	"strings"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// ErrShape is wrapped by the error of New for a configuration that goes
// beyond what the package simulates.
var ErrShape = errors.New("beyond the reference")

// limit is something that the package does not simulate, and whether a
// configuration has it.
type limit struct {
	what   string
	beyond bool
}

// checkShape refuses what the package would get wrong.
func checkShape(cfg *sim.Config) error {
	if len(cfg.Accounts) != 1 || len(cfg.Audiences) != 1 || len(cfg.Senders) < 1 {
		return fmt.Errorf("%w: there must be one account, one audience and at least one sender", ErrShape)
	}
	var errs []error
	limits := append(accountLimits(cfg), audienceLimits(&cfg.Audiences[0])...)
	for i := range cfg.Senders {
		limits = append(limits, senderLimits(cfg, &cfg.Senders[i])...)
	}
	for _, l := range append(limits, ruleLimits(&cfg.Rules)...) {
		if l.beyond {
			errs = append(errs, fmt.Errorf("%w: %s", ErrShape, l.what))
		}
	}
	return errors.Join(errs...)
}

func accountLimits(cfg *sim.Config) []limit {
	account := &cfg.Accounts[0]
	identities, domain := ses.NewIdentities(account.Identities), cfg.Audiences[0].Domain
	return []limit{
		{"the sandbox", account.Access != ses.Production},
		{"requests and actions", len(account.Requests) > 0 || len(cfg.Actions) > 0},
		{"recipients that the account has verified", identities.CoversDomain(domain) || identities.AnyAddressAt(domain)},
	}
}

func senderLimits(cfg *sim.Config, s *sim.Sender) []limit {
	identities := ses.NewIdentities(cfg.Accounts[0].Identities)
	return []limit{
		{"unverified identities", !identities.Covers(s.From) || len(s.Checked) > 0},
		{"sending authorization", s.Delegated},
		{"configuration sets", s.Set != 0},
		{"rejected content, malformed recipients and message sizes", s.Rejected > 0 || s.Malformed > 0 || s.Size > 0},
		{"port 25 of EC2", s.Throttled25},
		{"traffic other than constant or poisson", s.Traffic.Kind != sim.Constant && s.Traffic.Kind != sim.Poisson},
		{"traffic with a calendar", s.Traffic.Calendar != nil},
		{"zipf picks", s.Pick == sim.Zipf},
		{"retries by the sender", s.Retry.Attempts > 0},
	}
}

func audienceLimits(a *sim.Audience) []limit {
	return []limit{
		{"the mailbox simulator", strings.EqualFold(a.Domain, ses.SimulatorDomain)},
		{"addresses that are named one by one", len(a.Addresses) > 0},
		{"domains that do not exist", a.DeadDomain > 0},
		{"bounces that are not retried", a.TooLarge > 0 || a.ContentRejected > 0 || a.AttachmentRejected > 0 || a.Undetermined > 0},
		{"servers that put mail off", a.BlockedIP > 0 || a.Deferred > 0},
		{"addresses that get a mailbox", a.Revive > 0},
		{"addresses that join or leave", a.Growth.Grows() || a.Churn > 0},
		{"automatic replies", a.OutOfOffice > 0},
	}
}

func ruleLimits(p *rules.Set) []limit {
	return []limit{
		{"automatic quota increases", p.AutoIncrease.On},
		{"escalation by suppressed sends", p.Global.SuppressedBounceEscalates},
		{"complaints on the global list", p.Global.AddOnComplaint},
		{"deliveries that reset the stays", p.Global.DeliveryResets},
		{"an account list that overrides the global one", p.Account.OverridesGlobal},
		{"hard bounces that are not for the account's list", !p.Account.AddOnGeneral},
		{"entries in the account's list that come later", p.Account.AddDelay > 0},
		{"a bucket without debt", !p.Rate.Debt},
		{"calls that must fit the quota", p.Quota.MustFit},
		{"a quota that counts in steps", p.Quota.Granularity > 0},
		{"rates that leave out old mail", p.Rep.MaxLookback > 0},
	}
}
