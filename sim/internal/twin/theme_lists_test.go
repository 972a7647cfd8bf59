package twin_test

import (
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// reasons are the settings of an account's list.
var reasons = []ses.ListReasons{0, ses.ListBounce, ses.ListComplaint, ses.ListBounce | ses.ListComplaint}

// lists is about the suppression lists: several accounts write to the few
// addresses of one audience, which bounce and take mail by turns.
func lists(s simtest.Source, cfg *sim.Config) {
	able(s, cfg)
	if a := &cfg.Audiences[0]; len(a.Addresses) == 0 {
		a.Size, a.Growth = pick(s, "few addresses", int64(2), 5, 10), sim.Growth{}
	}
	for i := range cfg.Senders {
		cfg.Senders[i].Audience = 0
	}
	within(s, cfg, 2*day, 20*day, 60*day)
	mild(s, cfg, 20, 60, 50)
	listRules(s, cfg)
	for i := range cfg.Accounts {
		cfg.Accounts[i].Suppression = pick(s, "suppression", reasons...)
		cfg.Accounts[i].Quota = -1
	}
	for i := range cfg.Senders {
		x := &cfg.Senders[i]
		x.RemoveBounced = x.RemoveBounced && chance(s, "removes bounced", 20)
		x.RemoveComplained = x.RemoveComplained && chance(s, "removes complained", 20)
	}
	for range s.Int("scene actions", 0, 12) {
		cfg.Actions = append(cfg.Actions, manage(s, cfg))
	}
}

func listRules(s simtest.Source, cfg *sim.Config) {
	r := &cfg.Rules
	r.Rep.MinEligible = 10_000 // no reviews here
	r.Global.Durations = pick(s, "durations", []time.Duration{day, 2 * day, 14 * day},
		[]time.Duration{time.Minute, time.Hour, 5 * time.Hour}, []time.Duration{14 * day}, []time.Duration{time.Hour})
	r.Global.StrikeMemory = pick(s, "strike memory", 14*day, 0, 20*day)
	r.Global.SuppressedBounceEscalates = chance(s, "escalates", 30)
	r.Global.AddOnComplaint = chance(s, "add on complaint", 30)
	r.Global.PerRegion = chance(s, "per region", 30)
	r.Global.DeliveryResets = chance(s, "delivery resets", 30)
	r.Global.RemovalForm = chance(s, "removal form", 50)
	r.Account.OverridesGlobal = chance(s, "overrides global", 40)
	r.Account.AddOnSuppressedBounce = chance(s, "add on suppressed", 50)
	r.Account.AddOnGeneral = chance(s, "add on general", 60)
	r.Account.AddDelay = pick(s, "add delay", 0, 0, time.Minute, time.Hour)
	r.Account.ReasonMatch = chance(s, "reason match", 50)
	r.Delay.AsyncShare = pick(s, "async share", 0, 20*unit.Percent)
}

// manage draws what people do to the lists.
func manage(s simtest.Source, cfg *sim.Config) sim.Action {
	size := cfg.Audiences[0].Size
	a := sim.Action{
		At: moment(s, "manage at", cfg.Horizon, time.Minute), Account: account(s, cfg),
		Do:      pick(s, "manage", sim.DoSuppress, sim.DoUnsuppress, sim.DoRemoveGlobal, sim.DoImport, sim.DoGet, sim.DoList, sim.DoSet, sim.DoDeleteSet, sim.DoCreateSet),
		Address: sim.Address{Number: s.Int("managed", 0, size-1)},
		Reason:  pick(s, "managed reason", reasons[1:3]...),
		Count:   s.Int("imported", 1, size), Delete: chance(s, "import deletes", 50),
		Region:     pick(s, "form region", "us-east-1", "us-west-2", "eu-west-1", "eu-central-1"),
		Characters: pick(s, "form characters", "k7tm2", ""),
	}
	sets := int64(len(cfg.Accounts[a.Account].Sets))
	switch a.Do {
	case sim.DoDeleteSet, sim.DoCreateSet:
		if a.Set = int(s.Int("managed set", min(1, sets), sets)); sets == 0 {
			a.Do = sim.DoList
		}
	case sim.DoSet:
		if sets > 0 && chance(s, "of a set", 50) {
			set := int(s.Int("changed set", 1, sets))
			a.Change = sim.Change{Key: sim.KeySetSuppression, Index: a.Account, Set: set, Reasons: pick(s, "new suppression", reasons...)}
			break
		}
		a.Change = sim.Change{Key: sim.KeyAccountSuppression, Index: a.Account, Reasons: pick(s, "new suppression", reasons...)}
	case sim.DoSuppress, sim.DoUnsuppress, sim.DoGet:
		if chance(s, "other case", 30) {
			a.Spelling = capitals(s, cfg.Audiences[0].AddressOf(a.Address.Number))
		}
	}
	return a
}

// capitals spells an address with some capitals in its local part.
func capitals(s simtest.Source, address string) string {
	at := strings.LastIndex(address, "@")
	n := pick(s, "capitals", 1, at)
	return strings.ToUpper(address[:n]) + address[n:at] + strings.ToLower(address[at:])
}
