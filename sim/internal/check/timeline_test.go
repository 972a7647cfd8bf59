package check

import (
	"strconv"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

func TestForm(t *testing.T) {
	size := func(bytes int64, i sim.Interface) func(*sim.Config) {
		return func(cfg *sim.Config) { cfg.Senders[0].Size, cfg.Senders[0].Interface = bytes, i }
	}
	one, no := sent(0, 0, 0), refused(0, 0, ses.RefusedInvalid, 0)
	play(t, []sequence{
		{"10 MB through version 1", size(10<<20, sim.V1), []sim.Record{one}, ""},
		{"a byte more", size(10<<20+1, sim.V1), []sim.Record{no}, ""},
		{"a byte more is accepted", size(10<<20+1, sim.V1), []sim.Record{one}, "form: a call with 1 recipients and 10485761 bytes was accepted"},
		{"40 MB through SMTP", size(40<<20, sim.SMTP), []sim.Record{one}, ""},
		{"40 MB are refused", size(40<<20, sim.V2), []sim.Record{no}, "form: refused as invalid"},
		{"the form is checked before the rate", size(40<<20+1, sim.V2), []sim.Record{refused(0, 0, ses.RefusedRate, 0)}, "form: only a pause is checked before"},
	})
}

func TestPort(t *testing.T) {
	throttled := func(cfg *sim.Config) {
		cfg.Senders[0].Throttled25 = true
		cfg.Senders[0].Retry = sim.Retry{First: time.Second, Factor: 1000, Cap: time.Minute, Attempts: 1}
	}
	timedOut := func(at time.Duration, message int64) sim.Record {
		return sim.Record{Kind: sim.TimedOut, At: at, Message: message, Recipients: to(9)}
	}
	three := []sim.Record{sent(0, 0, 0), sent(time.Second, 1, 1), sent(2*time.Second, 2, 2)}
	late := []sim.Record{sent(20*time.Second, 3, 3), sent(40*time.Second, 4, 4), sent(59*time.Second, 5, 5), sent(59*time.Second, 6, 6)}
	play(t, []sequence{
		{"the fourth in a minute times out and is made again", throttled, with(three, timedOut(3*time.Second, 3), again(1, sent(20*time.Second, 3, 9))), ""},
		{"the third times out", throttled, with(three[:2], timedOut(3*time.Second, 2)), "calls: a connection timed out after 2 in a minute, and 3 may pass"},
		{"a seventh in a minute passes", throttled, join(three, late), "calls: a connection passed after 6 in a minute"},
		{"without a throttle", nil, []sim.Record{timedOut(0, 0)}, "calls: a connection of sender news timed out, which does not use a throttled port"},
	})
}

func TestMailKinds(t *testing.T) {
	delivered := []sim.Record{sent(0, 0, 0), mailed(sim.Delivered, 1, 0, 0, 0)}
	play(t, []sequence{
		{"an automatic reply", nil, with(delivered, mailed(sim.AutoReplied, 2, 0, 0, 0)), ""},
		{"a reply to no delivery", nil, []sim.Record{sent(0, 0, 0), mailed(sim.AutoReplied, 2, 0, 0, 0)}, "conservation: automatic reply to a mail that was not delivered"},
		{"rejected content", nil, []sim.Record{sent(0, 0, 0), mailed(sim.Rejected, 0, 0, 0, 0)}, ""},
		{"rejected and delivered", nil, with(delivered, mailed(sim.Rejected, 2, 0, 0, 0)), "conservation: outcome number 2"},
	})
}

func TestStates(t *testing.T) {
	permanent := func(cfg *sim.Config) { cfg.Rules.Pause.PermanentAfter = 2 }
	play(t, []sequence{
		{"under review twice", nil, []sim.Record{changed(0, ses.EventUnderReview, 0), changed(1, ses.EventUnderReview, 0)}, "states: event \"under-review\" by rule  while the account is PROBATION"},
		{"healthy while healthy", nil, []sim.Record{changed(0, ses.EventHealthy, rules.ReviewEnd)}, "states: event \"healthy\""},
		{"a review ends a pause", nil, []sim.Record{changed(0, ses.EventPaused, 0), changed(1, ses.EventHealthy, rules.ReviewEnd)}, "states: event \"healthy\""},
		{"extended without a review", nil, []sim.Record{changed(0, ses.EventReviewExtended, 0)}, "states: event \"review-extended\""},
		{"suspended at the first pause", permanent, []sim.Record{changed(0, ses.EventPaused, 0), changed(0, ses.EventSuspended, 0)}, "states: event \"suspended\""},
		{"healthy again for good", permanent, []sim.Record{
			changed(0, ses.EventPaused, 0), changed(1, ses.EventHealthy, rules.AppealFreshStart), changed(2, ses.EventPaused, 0), changed(2, ses.EventSuspended, 0), changed(3, ses.EventHealthy, rules.AppealFreshStart),
		}, "states: event \"healthy\" by rule appeal.fresh-start while the account is SHUTDOWN"},
		{"a line of another time", nil, []sim.Record{{Kind: sim.Changed, At: 5, Sender: -1, Transition: ses.Transition{At: 4}}}, "states: is of another time than its transition"},
	})
}

func TestRequests(t *testing.T) {
	asks := func(requests ...sim.Request) func(*sim.Config) {
		return func(cfg *sim.Config) { cfg.Accounts[0].Requests = requests }
	}
	one := sim.Request{At: time.Hour, After: time.Hour, Outcome: ses.Denied}
	drawn := sim.Request{At: time.Hour, After: -1, Outcome: ses.MoreInfo}
	again := sim.Request{At: 2 * time.Hour, After: time.Hour, Outcome: ses.Granted}
	third := sim.Request{At: 3 * time.Hour, After: time.Hour, Outcome: ses.Granted}
	question := sim.Request{At: time.Hour, After: time.Hour, Outcome: ses.MoreInfo}
	anew := func(cfg *sim.Config) {
		cfg.Accounts[0].Requests = []sim.Request{one, third}
		cfg.Rules.Prod.NewAfterDenied = true
	}
	asked := changed(2*time.Hour, ses.EventMoreInfo, 0)
	requested, denied := changed(time.Hour, ses.EventRequested, rules.ProdRequest), changed(2*time.Hour, ses.EventDenied, 0)
	regions := func(cfg *sim.Config) {
		cfg.Accounts[0].Customer = "acme"
		cfg.Accounts[0].Requests = []sim.Request{{At: time.Hour, After: time.Hour, Outcome: ses.Granted, Quota: 5, Regions: []string{"eu-west-1"}}}
		cfg.Accounts = append(cfg.Accounts, sim.Account{Name: "acme-eu", Region: "eu-west-1", Customer: "acme", Rate: 1})
	}
	second := func(r sim.Record) sim.Record {
		r.Account = 1
		return r
	}
	play(t, []sequence{
		{"denied in time", asks(one), []sim.Record{requested, denied}, ""},
		{"no line", asks(one), []sim.Record{sent(3*time.Hour, 0, 0)}, "requests: a request was made and left no line"},
		{"nobody asked", nil, []sim.Record{requested}, "requests: no request is made now"},
		{"nobody asked for this answer", nil, []sim.Record{denied}, "requests: event \"denied\" without a request"},
		{"another answer", asks(one), []sim.Record{requested, changed(2*time.Hour, ses.EventGranted, 0)}, `requests: answered with "granted", the scenario says "denied"`},
		{"too early", asks(one), []sim.Record{requested, changed(2*time.Hour-1, ses.EventDenied, 0)}, "requests: the request was answered after 59m59.999999999s"},
		{"later than the rules allow", asks(drawn), []sim.Record{requested, changed(8*day, ses.EventMoreInfo, 0)}, "requests: and the rules allow 168h0m0s at the most"},
		{"locked while under review", asks(drawn, again), []sim.Record{requested, changed(2*time.Hour, ses.EventConflict, rules.ProdConflict)}, ""},
		{"not locked", asks(drawn, again), []sim.Record{requested, changed(2*time.Hour, ses.EventRequested, rules.ProdRequest)}, "requests: a request must lead to \"conflict\" by rule prod.conflict now"},
		{"after a denial a conflict", asks(one, third), []sim.Record{requested, denied, changed(3*time.Hour, ses.EventConflict, rules.ProdAfterDenied)}, ""},
		{"after a denial a new case", asks(one, third), []sim.Record{requested, denied, changed(3*time.Hour, ses.EventRequested, rules.ProdRequest)}, "requests: a request must lead to \"conflict\" by rule prod.after-denied now"},
		{"after a denial a new case, by the rules", anew, []sim.Record{requested, denied, changed(3*time.Hour, ses.EventRequested, rules.ProdRequest), changed(4*time.Hour, ses.EventGranted, 0)}, ""},
		{"a reply", asks(question, third), []sim.Record{requested, asked, changed(3*time.Hour, ses.EventRequested, rules.ProdReply), changed(4*time.Hour, ses.EventGranted, 0)}, ""},
		{"a new case instead of a reply", asks(question, third), []sim.Record{requested, asked, changed(3*time.Hour, ses.EventRequested, rules.ProdRequest)}, "requests: a request must lead to \"requested\" by rule prod.reply now"},
		{"for two Regions", regions, []sim.Record{requested, second(requested), changed(2*time.Hour, ses.EventGranted, 0), second(changed(2*time.Hour, ses.EventGranted, 0))}, ""},
	})
}

func TestAppeals(t *testing.T) {
	appeals := func(accepted bool) func(*sim.Config) {
		return func(cfg *sim.Config) {
			triggered(cfg)
			cfg.Actions[0].Pauses = true
			cfg.Actions = append(cfg.Actions, sim.Action{At: 2 * time.Hour, Do: sim.DoAppeal, Accepted: accepted, After: time.Hour})
		}
	}
	paused := []sim.Record{changed(time.Hour, ses.EventPaused, rules.RepTrigger)}
	appealed := with(paused, changed(2*time.Hour, ses.EventAppealed, rules.AppealFreshStart))
	healthy, rejected := changed(3*time.Hour, ses.EventHealthy, rules.AppealFreshStart), changed(3*time.Hour, ses.EventAppealRejected, rules.AppealFreshStart)
	later := refused(4*time.Hour, 0, ses.RefusedPaused, 0)
	play(t, []sequence{
		{"accepted", appeals(true), with(appealed, healthy), ""},
		{"rejected", appeals(false), with(appealed, rejected, later), ""},
		{"no line", appeals(true), with(paused, later), "appeals: an appeal left no line"},
		{"no answer", appeals(true), with(appealed, later), "appeals: the appeal made at 2h0m0s was not answered"},
		{"the wrong answer", appeals(false), with(appealed, healthy), "appeals: event \"healthy\" answers no appeal"},
		{"an answer to nobody", appeals(true), with(paused, healthy), "appeals: event \"healthy\" answers no appeal"},
		{"an appeal of nobody", nil, []sim.Record{changed(time.Hour, ses.EventAppealed, rules.AppealFreshStart)}, "appeals: an appeal that nobody makes"},
	})
}

func TestVerifications(t *testing.T) {
	verify := func(identity string, after time.Duration, fails bool) func(*sim.Config) {
		return func(cfg *sim.Config) {
			cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoVerify, Identity: identity, After: after, Fails: fails}}
		}
	}
	begun := noted(time.Hour, ses.EventVerificationPending, "x.example")
	play(t, []sequence{
		{"after a while", verify("x.example", time.Hour, false), []sim.Record{begun, noted(2*time.Hour, ses.EventVerified, "x.example")}, ""},
		{"too early", verify("x.example", time.Hour, false), []sim.Record{begun, noted(time.Hour, ses.EventVerified, "x.example")}, "operations: event verified (x.example), but nobody has done that"},
		{"the search for records ends", verify("x.example", 4*day, false), []sim.Record{begun, noted(time.Hour+3*day, ses.EventVerificationFailed, "x.example")}, ""},
		{"the link expires", verify("a@x.example", 2*day, false), []sim.Record{
			noted(time.Hour, ses.EventVerificationPending, "a@x.example"), noted(time.Hour+day, ses.EventVerificationFailed, "a@x.example"),
		}, ""},
		{"it fails", verify("x.example", time.Hour, true), []sim.Record{begun, noted(2*time.Hour, ses.EventVerified, "x.example")}, "operations: event verified (x.example), but nobody has done that"},
		{"it fails when nobody waits any longer", verify("a@x.example", -1, true), []sim.Record{
			noted(time.Hour, ses.EventVerificationPending, "a@x.example"), noted(time.Hour+day, ses.EventVerificationFailed, "a@x.example"),
		}, ""},
		{"it never ends", verify("x.example", time.Hour, false), []sim.Record{begun, sent(3*time.Hour, 0, 0)}, "operations: the verification of x.example ended and left no record"},
	})
	drop := func(cfg *sim.Config) {
		verify("x.example", time.Hour, false)(cfg)
		cfg.Actions = append(cfg.Actions, sim.Action{At: 90 * time.Minute, Do: sim.DoUnverify, Identity: "X.example"})
	}
	gone := noted(90*time.Minute, ses.EventUnverified, "X.example")
	play(t, []sequence{
		{"dropped while pending", drop, []sim.Record{begun, gone, sent(3*time.Hour, 0, 0)}, ""},
		{"verified though it was dropped", drop, []sim.Record{begun, gone, noted(2*time.Hour, ses.EventVerified, "x.example")}, "operations: event verified (x.example), but nobody has done that"},
		{"dropped and not found", drop, []sim.Record{begun, noted(90*time.Minute, ses.EventNotFound, "X.example: no")}, "operations: event not-found (X.example: no), but nobody has done that"},
		{"dropped and not there", func(cfg *sim.Config) {
			cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoUnverify, Identity: "x.example"}}
		}, []sim.Record{noted(time.Hour, ses.EventUnverified, "x.example")}, "operations: event unverified (x.example), but nobody has done that"},
	})
	full := func(n int) func(*sim.Config) {
		return func(cfg *sim.Config) {
			for i := range n {
				cfg.Accounts[0].Identities = append(cfg.Accounts[0].Identities, strconv.Itoa(i)+".example")
			}
			verify("x.example", 0, false)(cfg)
		}
	}
	yes, no := noted(time.Hour, ses.EventVerified, "x.example"), noted(time.Hour, ses.EventVerificationRefused, "x.example: too many")
	had := len(scenario(t).Accounts[0].Identities)
	play(t, []sequence{
		{"the last identity", full(maxIdentities - had - 1), []sim.Record{yes}, ""},
		{"the last identity refused", full(maxIdentities - had - 1), []sim.Record{no}, "operations: event verification-refused"},
		{"one too many", full(maxIdentities - had), []sim.Record{no}, ""},
		{"one too many accepted", full(maxIdentities - had), []sim.Record{yes}, "operations: event verified"},
	})
}
