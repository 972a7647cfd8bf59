package check

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// at moves records to a time, and what they say of the sending with them.
func at(t time.Duration, records ...sim.Record) []sim.Record {
	moved := make([]sim.Record, len(records))
	for i, r := range records {
		r.At += t
		r.Until += t
		if r.Kind != sim.Sent && r.Kind != sim.Refused {
			r.SentAt += t
		}
		moved[i] = r
	}
	return moved
}

// bouncing sends message n to recipient 0 and has it bounce.
func bouncing(n int64, stay time.Duration, strikes int) []sim.Record {
	return []sim.Record{sent(0, n, 0), mailed(sim.HardBounced, 0, 0, n, 0), listedGlobal(0, stay, strikes)}
}

// listless turns the account's own list off, so that only the global one is
// left.
func listless(cfg *sim.Config) { cfg.Accounts[0].Suppression = 0 }

func TestGlobalListStays(t *testing.T) {
	memory := func(cfg *sim.Config) { listless(cfg); cfg.Rules.Global.StrikeMemory = 14 * day }
	resets := func(cfg *sim.Config) { listless(cfg); cfg.Rules.Global.DeliveryResets = true }
	escalates := func(cfg *sim.Config) { listless(cfg); cfg.Rules.Global.SuppressedBounceEscalates = true }
	complaints := func(cfg *sim.Config) { listless(cfg); cfg.Rules.Global.AddOnComplaint = true }
	long := func(cfg *sim.Config) { listless(cfg); cfg.Rules.Global.Durations = []time.Duration{15 * day} }
	first := bouncing(0, day, 1)
	again := join([]sim.Record{sent(0, 0, 0), sent(0, 1, 0)}, first[1:], at(time.Hour, mailed(sim.HardBounced, 0, -time.Hour, 1, 0)))
	delivered := []sim.Record{sent(0, 1, 0), mailed(sim.Delivered, 0, 0, 1, 0)}
	complained := []sim.Record{sent(0, 0, 0), mailed(sim.Delivered, 0, 0, 0, 0), mailed(sim.Complained, 0, 0, 0, 0)}
	suppressed := []sim.Record{sent(0, 1, 0), mailed(sim.SuppressedGlobal, 0, 0, 1, 0)}
	play(t, []sequence{
		{"each stay is longer", listless, join(first, at(day, bouncing(1, 2*day, 2)...), at(3*day, bouncing(2, 4*day, 3)...)), ""},
		{"a stay is shorter", listless, join(first, at(day, bouncing(1, 2*day, 2)...), at(3*day, bouncing(2, day, 3)...)), "global list: listed for 24h0m0s, shorter than the stay before, 48h0m0s"},
		{"a stay is as long as before", listless, join(first, at(day, bouncing(1, day, 2)...)), "global list: for which the rules give 48h0m0s"},
		{"strikes are miscounted", listless, join(first, at(day, bouncing(1, 2*day, 3)...)), "global list: listed at strike 3, the records tell of 2"},
		{"longer than 14 days", long, bouncing(0, 15*day, 1), "global list: longer than 14 days"},
		{"strikes are forgotten", memory, join(first, at(14*day, bouncing(1, day, 1)...)), ""},
		{"strikes are forgotten too early", memory, join(first, at(14*day-1, bouncing(1, day, 1)...)), "global list: listed at strike 1, the records tell of 2"},
		{"strikes are remembered from a bounce while listed", memory, join(again, at(14*day, bouncing(2, 2*day, 2)...)), ""},
		{"a bounce while listed is forgotten", memory, join(again, at(14*day, bouncing(2, day, 1)...)), "global list: listed at strike 1, the records tell of 2"},
		{"a delivery resets", resets, join(first, at(day, delivered...), at(2*day, bouncing(2, day, 1)...)), ""},
		{"a delivery does not reset", listless, join(first, at(day, delivered...), at(2*day, bouncing(2, day, 1)...)), "global list: listed at strike 1, the records tell of 2"},
		{"a bounce while listed begins no stay", listless, again, ""},
		{"a bounce lists nobody", listless, join(first[:2], at(time.Hour, sent(0, 1, 1))), "global list: nothing listed the address after a hard bounce"},
		{"listed without a bounce", listless, []sim.Record{sent(0, 0, 0), listedGlobal(0, day, 1)}, "global list: listed without a hard bounce"},
		{"a suppressed send escalates", escalates, join(first, at(time.Hour, with(suppressed, listedGlobal(0, 2*day, 2))...)), ""},
		{"a suppressed send does not escalate", listless, join(first, at(time.Hour, with(suppressed, listedGlobal(0, 2*day, 2))...)), "global list: listed without a hard bounce"},
		{"a complaint lists", complaints, with(complained, listedGlobal(0, day, 1)), ""},
		{"a complaint does not list", listless, with(complained, listedGlobal(0, day, 1)), "global list: listed without a hard bounce"},
	})
}

func TestGlobalListRemoval(t *testing.T) {
	form := func(region string) func(*sim.Config) {
		return func(cfg *sim.Config) {
			listless(cfg)
			cfg.Rules.Global.RemovalForm = true
			cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoRemoveGlobal, Address: to(0)[0], Region: region, Characters: "k7tm2"}}
		}
	}
	first := bouncing(0, day, 1)
	unlisted := sim.Record{Kind: sim.UnlistedGlobal, At: time.Hour, Sender: -1, Address: to(0)[0]}
	delivered := at(time.Hour, sent(0, 1, 0), mailed(sim.Delivered, 0, 0, 1, 0))
	play(t, []sequence{
		{"taken off at once", form("eu-west-1"), join(first, []sim.Record{unlisted}, delivered), ""},
		{"nothing was taken off", form("eu-west-1"), join(first, at(2*time.Hour, sent(0, 1, 1))), "global list: the removal form was filled in"},
		{"not offered in this Region", form("eu-west-2"), join(first, []sim.Record{unlisted}), "global list: taken off the list by nobody"},
		{"taken off by nobody", listless, join(first, []sim.Record{unlisted}), "global list: taken off the list by nobody"},
	})
}

func TestAccountListEntries(t *testing.T) {
	bounces := func(cfg *sim.Config) { cfg.Accounts[0].Suppression = ses.ListBounce }
	put := func(access ses.Access) func(*sim.Config) {
		return func(cfg *sim.Config) {
			cfg.Accounts[0].Access = access
			cfg.Accounts[0].Identities = append(cfg.Accounts[0].Identities, "customers.example")
			cfg.Actions = []sim.Action{
				{At: time.Hour, Do: sim.DoSuppress, Address: to(3)[0], Reason: ses.ListComplaint},
				{At: 2 * time.Hour, Do: sim.DoUnsuppress, Address: to(3)[0]},
			}
		}
	}
	imports := func(cfg *sim.Config) {
		cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoImport, Count: 2, Reason: ses.ListBounce}, {At: time.Hour, Do: sim.DoImport, Count: 1, Delete: true}}
	}
	delayed := func(cfg *sim.Config) { cfg.Rules.Account.AddDelay = time.Minute }
	picky := func(cfg *sim.Config) { cfg.Rules.Account.AddOnGeneral = false }
	published := func(kind ses.Bounce) []sim.Record {
		list := bouncing(0, day, 1)
		for i := range list {
			if list[i].Kind == sim.HardBounced {
				list[i].Bounce = kind
			}
		}
		return list
	}
	bounce := bouncing(0, day, 1)
	entry := listedAccount(0, 0, ses.ListBounce)
	complained := []sim.Record{sent(0, 0, 0), mailed(sim.Delivered, 0, 0, 0, 0), mailed(sim.Complained, 0, 0, 0, 0)}
	later := at(3*time.Hour, sent(0, 9, 9))[0]
	later.Message = 1
	gone := sim.Record{Kind: sim.UnlistedAccount, At: 2 * time.Hour, Sender: -1, Rule: rules.AccountAPI, Address: to(3)[0]}
	byHand := func(number int64, reason ses.ListReasons) sim.Record {
		r := listedAccount(time.Hour, number, reason)
		r.Rule = rules.AccountAPI
		return r
	}
	listed := byHand(3, ses.ListComplaint)
	play(t, []sequence{
		{"a bounce lists", nil, with(bounce, entry), ""},
		{"a bounce lists nobody", nil, with(bounce, later), "account list: nothing put the address on the account's list for BOUNCE"},
		{"a general bounce lists nobody by the rules", picky, with(published(ses.PermanentGeneral), later), ""},
		{"a general bounce lists by the rules", picky, with(published(ses.PermanentGeneral), entry), "account list: put on the account's list for \"BOUNCE\" without a cause"},
		{"an address that does not exist is listed", picky, with(published(ses.PermanentNoEmail), entry), ""},
		{"an entry comes later", delayed, join(bounce, at(time.Minute, listedAccount(0, 0, ses.ListBounce))), ""},
		{"too early", delayed, join(bounce, at(time.Minute-1, listedAccount(0, 0, ses.ListBounce))), "account list: put on the account's list for \"BOUNCE\" without a cause"},
		{"at once", delayed, with(bounce, entry), "account list: put on the account's list for \"BOUNCE\" without a cause"},
		{"not at all", delayed, with(bounce, later), "account list: nothing put the address on the account's list for BOUNCE"},
		{"twice", delayed, join(bounce, at(time.Minute, entry, entry)), "account list: put on the account's list for \"BOUNCE\" without a cause"},
		{"with the list off", listless, bounce, ""},
		{"listed with the list off", listless, with(bounce, entry), "account list: put on the account's list for \"BOUNCE\" without a cause"},
		{"a complaint lists", nil, with(complained, listedAccount(0, 0, ses.ListComplaint)), ""},
		{"complaints are not listed for", bounces, with(complained, listedAccount(0, 0, ses.ListComplaint)), "account list: put on the account's list for \"COMPLAINT\" without a cause"},
		{"for the wrong reason", nil, with(bounce, listedAccount(0, 0, ses.ListComplaint)), "account list: put on the account's list for \"COMPLAINT\" without a cause"},
		{"put and taken off by hand", put(ses.Production), []sim.Record{listed, gone}, ""},
		{"not put by hand", put(ses.Production), []sim.Record{sent(3*time.Hour, 0, 0)}, "operations: suppress was done and left no record"},
		{"not taken off by hand", put(ses.Production), []sim.Record{listed, sent(3*time.Hour, 0, 0)}, "operations: unsuppress was done and left no record"},
		{"the sandbox blocks it", put(ses.Sandbox), []sim.Record{changed(time.Hour, ses.EventBlocked, 0), changed(2*time.Hour, ses.EventBlocked, 0)}, ""},
		{"put in the sandbox", put(ses.Sandbox), []sim.Record{listed}, "operations: c4@customers.example was put on the account's list for COMPLAINT, but nobody has done that"},
		{"put for another reason", put(ses.Production), []sim.Record{byHand(3, ses.ListBounce)}, "operations: but nobody has done that"},
		{"an import and its undoing", imports, []sim.Record{
			byHand(0, ses.ListBounce), byHand(1, ses.ListBounce), changed(time.Hour, ses.EventImported, 0),
			changed(time.Hour, ses.EventThrottled, 0),
			{Kind: sim.UnlistedAccount, At: time.Hour + time.Second, Sender: -1, Rule: rules.AccountAPI, Address: to(0)[0]},
			changed(time.Hour+time.Second, ses.EventImported, 0),
		}, ""},
		{"an import that leaves one out", imports, []sim.Record{byHand(1, ses.ListBounce)}, "operations: but nobody has done that"},
		{"an import that stops early", imports, []sim.Record{byHand(0, ses.ListBounce), changed(time.Hour, ses.EventImported, 0)}, "operations: event imported (), but nobody has done that"},
		{"two calls in one second", imports, []sim.Record{
			byHand(0, ses.ListBounce), byHand(1, ses.ListBounce), changed(time.Hour, ses.EventImported, 0), changed(time.Hour, ses.EventImported, 0),
		}, "operations: event imported (), but nobody has done that"},
	})
}

func TestAccountListWipe(t *testing.T) {
	wipe := func(cfg *sim.Config) { cfg.Rules.Account.PauseWipe = 2 * day }
	paused := join(bouncing(0, day, 1), []sim.Record{listedAccount(0, 0, ses.ListBounce), changed(day, ses.EventPaused, rules.None)})
	gone := sim.Record{Kind: sim.UnlistedAccount, At: 3 * day, Sender: -1, Rule: rules.AccountWiped, Address: to(0)[0]}
	early := gone
	early.At--
	healthy := changed(2*day, ses.EventHealthy, rules.AppealFreshStart)
	appeals := func(cfg *sim.Config) {
		wipe(cfg)
		cfg.Actions = []sim.Action{{At: day, Do: sim.DoAppeal, Accepted: true, After: day}}
	}
	play(t, []sequence{
		{"emptied by a long pause", wipe, with(paused, gone, changed(3*day, ses.EventListEmptied, rules.AccountWiped)), ""},
		{"emptied too early", wipe, with(paused, early), "account list: taken off the account's list without a cause"},
		{"emptied after a short pause", appeals, with(paused, changed(day, ses.EventAppealed, rules.AppealFreshStart), healthy, gone), "account list: taken off the account's list without a cause"},
		{"not emptied", wipe, with(paused, refused(3*day+1, 1, ses.RefusedPaused, 2)), "account list: still listed after a pause of 48h0m0s"},
	})
}

func TestSuppression(t *testing.T) {
	both := join(bouncing(0, day, 1), []sim.Record{listedAccount(0, 0, ses.ListBounce)})
	outcome := func(kind sim.RecordKind, reason ses.ListReasons) []sim.Record {
		r := mailed(kind, 0, 0, 1, 0)
		r.ListReason = reason
		return at(time.Hour, sent(0, 1, 0), r)
	}
	global, learns := outcome(sim.SuppressedGlobal, 0), listedAccount(0, 0, ses.ListBounce)
	overrides := func(cfg *sim.Config) {
		cfg.Rules.Account.OverridesGlobal = true
		cfg.Accounts[0].Suppression = ses.ListComplaint
	}
	bounces := func(cfg *sim.Config) {
		cfg.Actions = []sim.Action{{At: time.Minute, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountSuppression, Reasons: ses.ListComplaint}}}
	}
	chosen := changed(time.Minute, ses.EventSuppressionChanged, rules.AccountAPI)
	chosen.Transition.Why = "COMPLAINT"
	chose := []sim.Record{chosen}
	regardless := func(cfg *sim.Config) { bounces(cfg); cfg.Rules.Account.ReasonMatch = false }
	other := func(region string, perRegion bool) func(*sim.Config) {
		return func(cfg *sim.Config) {
			listless(cfg)
			cfg.Rules.Global.PerRegion = perRegion
			cfg.Accounts = append(cfg.Accounts, cfg.Accounts[0])
			cfg.Accounts[1].Region = region
			cfg.Senders = append(cfg.Senders, cfg.Senders[0])
			cfg.Senders[1].Account = 1
		}
	}
	others := func(records []sim.Record) []sim.Record {
		for i := range records {
			records[i].Account, records[i].Sender, records[i].Message = 1, 1, 0
		}
		return records
	}
	play(t, []sequence{
		{"the account's list comes first", nil, join(both, outcome(sim.SuppressedAccount, ses.ListBounce)), ""},
		{"a listed address is delivered to", nil, join(both, outcome(sim.Delivered, 0)), "suppression: was held by the account's list, but the records tell no list"},
		{"the global list instead of the account's", nil, join(both, outcome(sim.SuppressedGlobal, 0)), "suppression: was held by the account's list, but the records tell the global list"},
		{"suppressed for another reason", nil, join(both, outcome(sim.SuppressedAccount, ses.ListComplaint)), `account list: suppressed for "COMPLAINT", but listed for "BOUNCE"`},
		{"the global list holds it", listless, join(bouncing(0, day, 1), global), ""},
		{"the global list held it", listless, join(bouncing(0, day, 1), at(day, sent(0, 1, 0), mailed(sim.SuppressedGlobal, 0, 0, 1, 0))), "suppression: was held by no list, but the records tell the global list"},
		{"nobody holds it", nil, join([]sim.Record{sent(0, 0, 0)}, outcome(sim.SuppressedAccount, 0)), "suppression: was held by no list, but the records tell the account's list"},
		{"the reason no longer counts", bounces, join(both, chose, global), ""},
		{"reasons do not matter", regardless, join(both, chose, outcome(sim.SuppressedAccount, ses.ListBounce)), ""},
		{"the account's list overrides", overrides, join(bouncing(0, day, 1), outcome(sim.Delivered, 0)), ""},
		{"it did not override", overrides, join(bouncing(0, day, 1), global), "suppression: was held by no list, but the records tell the global list"},
		{"it learns from a suppressed send", bounces, join(bouncing(0, day, 1), []sim.Record{learns}, chose, outcome(sim.Delivered, 0)), "suppression: was held by the global list, but the records tell no list"},
		{"another account is held too", other("eu-west-1", false), join(bouncing(0, day, 1), others(outcome(sim.SuppressedGlobal, 0))), ""},
		{"but not in another Region", other("eu-west-1", true), join(bouncing(0, day, 1), others(outcome(sim.Delivered, 0))), ""},
		{"in the same Region it is", other("us-east-1", true), join(bouncing(0, day, 1), others(outcome(sim.Delivered, 0))), "suppression: was held by the global list, but the records tell no list"},
	})
}

// TestSpellings puts an address on the account's list under another case of
// its local part: calls on the list tell the two apart, sending does not.
func TestSpellings(t *testing.T) {
	const other = "C4@customers.example"
	spelt := func(cfg *sim.Config) {
		cfg.Actions = []sim.Action{
			{At: time.Hour, Do: sim.DoSuppress, Address: to(3)[0], Spelling: other, Reason: ses.ListComplaint},
			{At: 2 * time.Hour, Do: sim.DoUnsuppress, Address: to(3)[0]},
			{At: 3 * time.Hour, Do: sim.DoUnsuppress, Address: to(3)[0], Spelling: other},
		}
	}
	entry := func(spelling string) sim.Record {
		return sim.Record{Kind: sim.ListedAccount, At: time.Hour, Sender: -1, Rule: rules.AccountAPI, Address: to(3)[0], Spelling: spelling, ListReason: ses.ListComplaint}
	}
	gone := func(at time.Duration, spelling string) sim.Record {
		return sim.Record{Kind: sim.UnlistedAccount, At: at, Sender: -1, Rule: rules.AccountAPI, Address: to(3)[0], Spelling: spelling}
	}
	missed := noted(2*time.Hour, ses.EventNotFound, "")
	mail := func(kind sim.RecordKind) []sim.Record {
		outcome := mailed(kind, 0, 0, 0, 3)
		outcome.ListReason = ses.ListComplaint
		return at(90*time.Minute, sent(0, 0, 3), outcome)
	}
	play(t, []sequence{
		{"put and taken off", spelt, []sim.Record{entry(other), missed, gone(3*time.Hour, other)}, ""},
		{"put as it is", spelt, []sim.Record{entry("")}, "operations: but nobody has done that"},
		{"taken off under the wrong case", spelt, []sim.Record{entry(other), gone(2*time.Hour, other)}, "operations: but nobody has done that"},
		{"taken off without a case", spelt, []sim.Record{entry(other), missed, gone(3*time.Hour, "")}, "account list: but it is not on it"},
		{"sending finds it", spelt, join([]sim.Record{entry(other)}, mail(sim.SuppressedAccount)), ""},
		{"sending passes it over", spelt, join([]sim.Record{entry(other)}, mail(sim.Delivered)), "suppression: was held by the account's list, but the records tell no list"},
	})
}
