package simtest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/unit"
)

// action draws something that somebody does during the run.
func action(s Source, cfg *sim.Config) sim.Action {
	do := sim.Do(s.Int("action", 0, int64(len(sim.DoWords())-1)))
	if do == sim.DoRemoveGlobal && !cfg.Rules.Global.RemovalForm {
		do = sim.DoUnsuppress // scenarios cannot ask for a form that does not exist
	}
	a := sim.Action{At: length(s, "action at", cfg.Horizon-1), Do: do}
	if do != sim.DoSet && do != sim.DoRemoveGlobal {
		a.Account = int(s.Int("action account", 0, int64(len(cfg.Accounts)-1)))
	}
	switch do {
	case sim.DoAppeal:
		a.Accepted = oneOf(s, "appeal accepted", true, false)
		a.After = -1
		if chance(s, "appeal takes", 60) {
			a.After = length(s, "appeal length", 2*day)
		}
	case sim.DoVerify, sim.DoUnverify:
		a.Identity = oneOf(s, "identity", identities(cfg, int64(a.Account))...)
		if do == sim.DoVerify {
			verification(s, &a)
		}
	case sim.DoPause, sim.DoResume:
		a.Set = int(s.Int("set", 0, int64(len(cfg.Accounts[a.Account].Sets))))
	case sim.DoDeleteSet, sim.DoCreateSet:
		if len(cfg.Accounts[a.Account].Sets) == 0 {
			return sim.Action{At: a.At, Do: sim.DoList, Account: a.Account} // there is none to delete
		}
		a.Set = int(s.Int("deleted set", 1, int64(len(cfg.Accounts[a.Account].Sets))))
	case sim.DoTrigger:
		a.Cause = oneOf(s, "cause", causes...)
		a.Pauses = chance(s, "trigger pauses", 40)
	case sim.DoGet, sim.DoUnsuppress:
		a.Address, a.Spelling = spelt(s, cfg)
	case sim.DoSuppress:
		a.Address, a.Spelling = spelt(s, cfg)
		a.Reason = oneOf(s, "reason", listReasons[2:]...)
	case sim.DoImport:
		a.Audience = int(s.Int("imported audience", 0, int64(len(cfg.Audiences)-1)))
		a.Count = s.Int("imported", 1, cfg.Audiences[a.Audience].Size)
		if a.Delete = chance(s, "import deletes", 30); !a.Delete {
			a.Reason = oneOf(s, "reason", listReasons[2:]...)
		}
	case sim.DoRemoveGlobal:
		a.Address = address(s, cfg)
		a.Region = oneOf(s, "form's region", regions...)
		a.Characters = "k7tm2"
	case sim.DoSet:
		a.Change = change(s, cfg)
	}
	return a
}

// verification draws how an identity is verified.
func verification(s Source, a *sim.Action) {
	a.After = -1
	if chance(s, "verification takes", 40) {
		a.After = length(s, "verification length", 4*day)
	}
	a.Fails = chance(s, "verification fails", 20)
	a.Template = strings.Contains(a.Identity, "@") && chance(s, "verification mail is custom", 20)
}

// address draws a recipient.
func address(s Source, cfg *sim.Config) sim.Address {
	of := s.Int("address of", 0, int64(len(cfg.Audiences)-1))
	last := cfg.Audiences[of].Size - 1
	if chance(s, "one of the first", 60) {
		last = min(last, 2) // who gets most of the mail
	}
	return sim.Address{Audience: int(of), Number: s.Int("address", 0, last)}
}

// spelt draws a recipient, and at times another case for its local part: the
// account's list then has an entry of its own.
func spelt(s Source, cfg *sim.Config) (sim.Address, string) {
	to := address(s, cfg)
	if !chance(s, "other case", 30) {
		return to, ""
	}
	local, domain, _ := strings.Cut(cfg.Audiences[to.Audience].AddressOf(to.Number), "@")
	n := oneOf(s, "capitals", 1, len(local))
	return to, strings.ToUpper(local[:n]) + local[n:] + "@" + strings.ToLower(domain)
}

// change draws a new value for a key of the scenario.
func change(s Source, cfg *sim.Config) sim.Change {
	c := sim.Change{Key: sim.Key(s.Int("key", 0, int64(sim.KeySetMaxDelivery)))}
	if c.Key == sim.KeySetMaxDelivery { // only an operation of a Session sets it
		c.Key = sim.KeyAudienceInvalid
	}
	switch c.Key {
	case sim.KeyAccountQuota, sim.KeyAccountRate, sim.KeyAccountSuppression, sim.KeySetSuppression:
		c.Index = int(s.Int("changed account", 0, int64(len(cfg.Accounts)-1)))
	case sim.KeySenderOnBounce, sim.KeySenderRate:
		c.Index = int(s.Int("changed sender", 0, int64(len(cfg.Senders)-1)))
	default:
		c.Index = int(s.Int("changed audience", 0, int64(len(cfg.Audiences)-1)))
		c.Share = share(s, "changed share")
	}
	switch c.Key {
	case sim.KeyAccountQuota:
		c.Number = oneOf(s, "changed quota", int64(100), 3, 0, -1)
	case sim.KeyAccountRate:
		c.Number = oneOf(s, "changed rate", int64(3), 1, 30)
	case sim.KeyAccountSuppression, sim.KeySetSuppression:
		c.Reasons = oneOf(s, "changed suppression", listReasons...)
		if sets := len(cfg.Accounts[c.Index].Sets); c.Key == sim.KeySetSuppression && sets > 0 {
			c.Set = int(s.Int("changed set", 1, int64(sets)))
		} else {
			c.Key = sim.KeyAccountSuppression
		}
	case sim.KeySenderOnBounce:
		c.Flag = oneOf(s, "changed hygiene", true, false)
	case sim.KeySenderRate:
		if t := &cfg.Senders[c.Index].Traffic; t.Kind == sim.Recorded || t.IsRamp() {
			return sim.Change{Key: sim.KeySenderOnBounce, Index: c.Index} // a trace has no rate, and a ramp its own
		}
		c.Rate = changedRate(s, cfg, c.Index)
	}
	return c
}

// changedRate draws a new rate for a sender, no more than a few times as
// many messages as it was to send.
func changedRate(s Source, cfg *sim.Config, sender int) unit.Rate {
	x := &cfg.Senders[sender]
	if x.Traffic.Kind == sim.Campaign {
		return pace(s, "changed pace")
	}
	calls := int64(maxCalls / 5 / x.Recipients / (1 + x.Retry.Attempts))
	return rate(s, "changed rate", max(1, calls), max(cfg.Horizon, time.Minute))
}

// FitShares lowers the shares that actions set so that no more than all messages to an
// audience bounce at any time, and no more than all its addresses cannot be reached.
// An audience without new addresses gets other complaints instead.
func FitShares(cfg *sim.Config) {
	actions := make([]*sim.Action, len(cfg.Actions))
	for i := range actions {
		actions[i] = &cfg.Actions[i]
	}
	slices.SortStableFunc(actions, func(a, b *sim.Action) int { return cmp.Compare(a.At, b.At) })
	audiences := slices.Clone(cfg.Audiences)
	for _, action := range actions {
		c := &action.Change
		if action.Do == sim.DoSet && c.Key == sim.KeyAudienceInvalid {
			if of := &audiences[c.Index]; of.NotFirst && !of.Growth.Grows() {
				c.Key = sim.KeyAudienceComplaint // no address is new to mail
			}
			c.Share = min(c.Share, unit.Whole-audiences[c.Index].DeadDomain)
		}
		if action.Do != sim.DoSet || c.Key != sim.KeyAudienceHardBounce && c.Key != sim.KeyAudienceMailboxFull {
			continue
		}
		a := &audiences[c.Index]
		other := &a.MailboxFull
		mine := &a.HardBounce
		if c.Key == sim.KeyAudienceMailboxFull {
			mine, other = other, mine
		}
		rest := *other + a.TooLarge + a.ContentRejected + a.AttachmentRejected + a.Undetermined + a.BlockedIP + a.Deferred
		c.Share = min(c.Share, unit.Whole-rest)
		*mine = c.Share
	}
}
