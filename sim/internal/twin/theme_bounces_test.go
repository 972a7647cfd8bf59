package twin_test

import (
	"time"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/unit"
)

// bounces is about what becomes of accepted mail: bounces of every kind, at
// once and later, retries, replies, complaints, and the mailbox simulator.
func bounces(s simtest.Source, cfg *sim.Config) {
	able(s, cfg)
	for i := range cfg.Audiences {
		if a := &cfg.Audiences[i]; len(a.Addresses) == 0 && chance(s, "simulated", 20) {
			box := pick(s, "mailbox", "success+", "bounce+", "ooto+", "complaint+", "suppressionlist+")
			a.Domain, a.Local = "simulator.amazonses.com", box+a.Name+"-"
		}
	}
	within(s, cfg, 2*day, 10*day, 5*time.Hour)
	for i := range cfg.Audiences {
		ill(s, &cfg.Audiences[i])
	}
	delays(s, cfg)
	r := &cfg.Rules
	r.Rep.MinEligible = 10_000 // no reviews here
	r.Global.Durations = []time.Duration{pick(s, "stay", time.Minute, day)}
	for i := range cfg.Accounts {
		cfg.Accounts[i].Suppression = pick(s, "suppression", reasons...)
	}
	for i := range cfg.Senders {
		cfg.Senders[i].Rejected = pick(s, "rejected", 0, 0, 20*unit.Percent)
	}
	for range s.Int("scene actions", 0, 5) {
		cfg.Actions = append(cfg.Actions, illness(s, cfg))
	}
}

// ill draws shares of every kind of bounce, of replies and of complaints.
func ill(s simtest.Source, a *sim.Audience) {
	percent := func(what string, most int64) unit.Share {
		return unit.Share(s.Int("ill "+what, 0, most)) * unit.Percent
	}
	a.Invalid, a.DeadDomain = percent("invalid", 30), percent("dead domain", 30)
	a.HardBounce, a.MailboxFull, a.TooLarge = percent("hard", 15), percent("full", 25), percent("too large", 10)
	a.ContentRejected, a.AttachmentRejected, a.Undetermined = percent("content", 10), percent("attachment", 10), percent("undetermined", 10)
	a.BlockedIP, a.Deferred = percent("blocked", 10), percent("deferred", 10)
	a.Complaint, a.FeedbackLoop, a.OutOfOffice = percent("complaint", 40), percent("loop", 100), percent("reply", 40)
	a.FullFor = pick(s, "full for", 0, time.Minute, time.Hour, 10*time.Hour)
	a.Decay, a.DecayPer, a.Revive, a.RevivePer, a.Growth, a.Churn, a.ChurnPer = 0, 0, 0, 0, sim.Growth{}, 0, 0
	if chance(s, "churns", 40) {
		a.Churn, a.ChurnPer = percent("churn", 60)+unit.Percent, pick(s, "churn per", day, time.Hour)
	}
	if len(a.Addresses) == 0 && chance(s, "grows", 40) {
		a.Growth = sim.Growth{Share: percent("growth", 80) + unit.Percent, Per: pick(s, "growth per", day, time.Hour), Limit: a.Size + 20}
	}
	if chance(s, "revives", 40) {
		a.Revive, a.RevivePer = percent("revive", 60)+unit.Percent, pick(s, "revive per", day, time.Hour)
	}
	if chance(s, "decays", 40) {
		a.Decay, a.DecayPer = percent("decay", 60)+unit.Percent, pick(s, "decay per", day, time.Hour)
	}
}

// delays draws when what is found out is found out, and how long SES tries.
func delays(s simtest.Source, cfg *sim.Config) {
	r := &cfg.Rules
	r.Delay.AsyncShare = pick(s, "async share", 0, 40*unit.Percent, unit.Whole)
	r.Delay.Async = unit.Spread{Median: time.Hour, Upper: pick(s, "async upper", time.Hour, day), Tail: 95}
	r.Retry.Horizon = pick(s, "retry horizon", 14*time.Hour, 5*time.Minute, time.Hour)
	r.Retry.First = pick(s, "retry first", 5*time.Minute, time.Second, time.Hour)
	r.Retry.Cap = max(r.Retry.First, pick(s, "retry cap", 2*time.Hour, time.Minute, 14*time.Hour))
	r.Retry.Jitter = pick(s, "retry jitter", 20*unit.Percent, 0, 50*unit.Percent)
	r.Mail.NoEmailShare = pick(s, "no email", 15*unit.Percent, 0, unit.Whole)
	r.Mail.DeadDomainPermanent = chance(s, "dead domains bounce hard", 40)
	r.Mail.SimulatorGeneral = chance(s, "simulator of today", 40)
}

// illness draws a new share of an audience's bounces or complaints.
func illness(s simtest.Source, cfg *sim.Config) sim.Action {
	a := sim.Action{At: moment(s, "illness at", cfg.Horizon, time.Minute), Do: sim.DoSet}
	a.Change = sim.Change{
		Key:   pick(s, "illness", sim.KeyAudienceMailboxFull, sim.KeyAudienceComplaint, sim.KeyAudienceHardBounce, sim.KeyAudienceInvalid),
		Index: int(s.Int("ill audience", 0, int64(len(cfg.Audiences)-1))),
		Share: pick(s, "new share", 0, 30*unit.Percent, unit.Whole),
	}
	return a
}
