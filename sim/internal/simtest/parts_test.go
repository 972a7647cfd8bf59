package simtest_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
)

// TestUnrelatedPartsDoNotMeet puts two scenarios with the same rules side by
// side in one. It holds because they share nothing but the rules and the seed:
// no audience, customer or identity. Each part must fare as it does alone,
// which needs random numbers of its own for each sender and audience.
func TestUnrelatedPartsDoNotMeet(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		one, other := simtest.Config(proptest.Draws{T: t}), simtest.Config(proptest.Draws{T: t})
		other.Rules, other.Seed = one.Rules, one.Seed
		horizon := max(one.Horizon, other.Horizon)
		lengthen(&one, horizon)
		lengthen(&other, horizon)
		apart(&other)
		both := joined(&one, &other)
		oneAlone, oneRecords := taped(t, one)
		otherAlone, otherRecords := taped(t, other)
		together, records := taped(t, both)
		accounts, senders := len(one.Accounts), len(one.Senders)
		same(t, "the accounts of the first part, alone and not", oneAlone.Accounts, together.Accounts[:accounts], &both)
		same(t, "the senders of the first part, alone and not", oneAlone.Senders, together.Senders[:senders], &both)
		same(t, "the senders of the second part, alone and not", otherAlone.Senders, together.Senders[senders:], &both)
		first, second := parted(records, &one)
		same(t, "the records of the first part, alone and not", oneRecords, first, &both)
		same(t, "the records of the second part, alone and not", otherRecords, second, &both)
		for i := range otherAlone.Accounts {
			same(t, "the counts of the second part, alone and not", otherAlone.Accounts[i].Counts, together.Accounts[accounts+i].Counts, &both)
		}
	})
}

// lengthen runs a scenario longer, without more mail.
func lengthen(cfg *sim.Config, horizon time.Duration) {
	for i := range cfg.Senders {
		if s := &cfg.Senders[i]; s.End == 0 || s.End > cfg.Horizon {
			s.End = cfg.Horizon
		}
	}
	cfg.Horizon = horizon
}

// apart gives everything in a scenario names that no other drawn one has.
func apart(cfg *sim.Config) {
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		a.Name = "other-" + a.Name
		if a.Customer != "" {
			a.Customer = "other-" + a.Customer
		}
	}
	for i := range cfg.Audiences {
		a := &cfg.Audiences[i]
		a.Name = "other-" + a.Name
		if len(a.Addresses) == 0 {
			a.Domain = "other." + a.Domain
		}
		for n := range a.Addresses {
			a.Addresses[n] = "other-" + a.Addresses[n]
		}
	}
	for i := range cfg.Senders {
		cfg.Senders[i].Name = "other-" + cfg.Senders[i].Name
	}
}

// joined puts one scenario after another.
func joined(one, other *sim.Config) sim.Config {
	both := *one
	accounts, audiences, senders := len(one.Accounts), len(one.Audiences), len(one.Senders)
	both.Accounts = slices.Concat(one.Accounts, other.Accounts)
	both.Audiences = slices.Concat(one.Audiences, other.Audiences)
	both.Senders = slices.Concat(one.Senders, other.Senders)
	both.Actions = slices.Concat(one.Actions, other.Actions)
	for i := range both.Accounts[accounts:] {
		a := &both.Accounts[accounts+i]
		a.Delegates = slices.Clone(a.Delegates)
		for n := range a.Delegates {
			a.Delegates[n] += accounts
		}
	}
	for i := range both.Senders[senders:] {
		s := &both.Senders[senders+i]
		s.Account += accounts
		s.Owner += accounts
		if of := s.Accounts; of != nil {
			own := *of
			own.Of = slices.Clone(of.Of)
			for k := range own.Of {
				own.Of[k].Account += accounts
			}
			s.Accounts = &own
		}
		s.Audience += audiences
		s.Mixture = slices.Clone(s.Mixture)
		for k := range s.Mixture {
			s.Mixture[k].Audience += audiences
		}
	}
	for i := range both.Actions[len(one.Actions):] {
		a := &both.Actions[len(one.Actions)+i]
		a.Account += accounts
		a.Audience += audiences
		a.Address.Audience += audiences
		switch a.Change.Key {
		case sim.KeyAccountQuota, sim.KeyAccountRate, sim.KeyAccountSuppression, sim.KeySetSuppression:
			a.Change.Index += accounts
		case sim.KeySenderOnBounce, sim.KeySenderRate:
			a.Change.Index += senders
		default:
			a.Change.Index += audiences
		}
	}
	return both
}

// parted divides the records of a scenario that begins with one into those of
// that one and of the rest, the latter numbered as if the rest were alone.
func parted(records []sim.Record, one *sim.Config) (first, second []sim.Record) {
	for _, r := range records {
		if r.Account < len(one.Accounts) {
			first = append(first, r)
			continue
		}
		r.Account -= len(one.Accounts)
		if r.Sender >= 0 {
			r.Sender -= len(one.Senders)
		}
		for i := range r.Recipients {
			r.Recipients[i].Audience -= len(one.Audiences)
		}
		switch r.Kind {
		case sim.Refused, sim.Sent, sim.TimedOut, sim.SessionClosed, sim.GaveUp, sim.Changed: // about no single address
		default:
			r.Address.Audience -= len(one.Audiences)
		}
		second = append(second, r)
	}
	return first, second
}
