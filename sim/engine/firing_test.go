package engine_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// stage is an account in production, people who exist, and the time taken out
// of mail: the cases below add what makes a rule fire.
const stage = `
rules instant
account acme us-east-1 production identities=acme.example
audience people size=1000 domain=people.example
audience gone size=1000 domain=gone.example invalid=100%
audience loop size=1000 domain=loop.example complaint=100% feedback_loop=100%
`

// mailers are clients that do with a closed session as their names say.
const mailers = "client reconnects\nclient gives-up gives-up\n"

// touchy lets a single bounce decide at the next quarter of an hour, and
// rules out a pause without a review.
const touchy = stage + `
rules rep.min_eligible=0 rep.min_events={bounces=1;complaints=1} pause.immediate_factor=never review.length=1h
`

// firing gives, for each rule, a scenario in which it decides something.
var firing = map[string]string{
	"sandbox.recipients": `
		account box us-east-1 sandbox identities=box.example
		send by=box to=people:1`,
	"identity.from":                `send by=acme from=x@other.example to=people:1`,
	"call.recipients":              `send by=acme to=people:1-51`,
	"call.address":                 `send by=acme malformed=100% to=people:1`,
	"call.size":                    `send by=acme size=41943041 to=people:1`,
	"call.configuration-set":       "set news of=acme missing\nsend by=acme set=news to=people:1",
	"call.billed":                  `send by=acme to=people:1`,
	"quota.request":                `do set acme quota=100000`,
	"configuration-set.operations": "set news of=acme\ndo delete-set acme set=news",
	"rate.bucket":                  `send by=acme times=15 to=people:1`,
	"quota.rolling": `
		account small us-east-1 production quota=1 identities=small.example
		send by=small times=2 to=people:1`,
	"quota.auto-increase": `
		run horizon=25h
		rules auto_increase={days=1;of=1}
		account small us-east-1 production quota=1 identities=small.example
		send by=small to=people:1`,
	"account.suppressed": `send by=acme at=0s every=1m times=2 to=gone:1`,
	"account.listed":     `send by=acme to=gone:1`,
	"account.sandbox-blocked": `
		account box us-east-1 sandbox identities=box.example
		do suppress box address=people:1 reason=BOUNCE`,
	"account.pause-wipe": `
		run horizon=91d
		do suppress acme address=people:1 reason=BOUNCE
		do trigger acme cause=spamtrap pauses`,
	"account.customer-pause-wipe": `
		run horizon=91d
		rules account.customer_pause_wipes=true
		do suppress acme address=people:1 reason=BOUNCE
		do pause acme at=1s`,
	"global.suppressed": `
		account beta us-east-1 production identities=beta.example
		send by=beta to=gone:1
		send by=acme at=1m to=gone:1`,
	"global.escalation": `send by=acme to=gone:1`,
	"global.removal": `
		run edition=classic
		rules instant
		do remove-global acme address=gone:1 region=us-east-1 characters=k7tm2`,
	"bounce.hard":             `send by=acme to=gone:1`,
	"bounce.soft":             "audience full size=1 domain=full.example mailbox_full=100%\nsend by=acme to=full:1",
	"bounce.max-delivery":     "set news of=acme max_delivery=5m\naudience full size=1 domain=full.example mailbox_full=100%\nsend by=acme set=news to=full:1",
	"complaint.feedback-loop": `send by=acme to=loop:1`,
	"simulator.free": `
		audience simulator addresses=success@simulator.amazonses.com
		send by=acme to=simulator:1`,
	"content.rejected":     `send by=acme to=people:1 rejected=100%`,
	"bounce.out-of-office": "audience away size=1 domain=away.example out_of_office=100%\nsend by=acme to=away:1",
	"identity.delegate":    "account owner us-east-1 production identities=owner.example\nsend by=acme owner=owner from=x@owner.example to=people:1",
	"account.operations":   `do list acme`,
	"api.rate":             "do list acme at=0s\ndo list acme at=0s",
	"session.idle":         mailers + `send by=acme via=smtp client=reconnects every=10s times=2 to=people:1`,
	"session.max-messages": mailers + "rules session.max_messages=1\nsend by=acme via=smtp client=gives-up every=1s times=2 to=people:1",
	"ec2.port25":           `send by=acme port25 times=4 to=people:1`,
	"mail.delivered":       `send by=acme to=people:1`,
	"event.published":      `send by=acme hygiene to=gone:1`,
	"rep.trigger":          `do trigger acme cause=spamtrap`,
	"rep.review":           touchy + `send by=acme to=gone:1`,
	"review.end":           touchy + `send by=acme to=gone:1`,
	"review.extended":      touchy + "rules pause.bounce_rate=100%\nsend by=acme to=gone:1\nsend by=acme to=people:1",
	"review.pending":       touchy + "rules review.decision_time=1h\nsend by=acme to=gone:1",
	"pause.pending":        touchy + "rules pause.notice=1h\nsend by=acme to=gone:1",
	"pause.immediate":      touchy + "rules pause.immediate_factor=1\nsend by=acme to=gone:1",
	"pause.permanent":      "rules pause.permanent=1\ndo trigger acme cause=spamtrap pauses",
	"pause.refuses":        "do trigger acme cause=spamtrap pauses\nsend by=acme at=1s to=people:1",
	"pause.customer":       `do pause acme`,
	"pause.configuration-set": `
		set news of=acme
		do pause acme set=news`,
	"pause.repeated": touchy + `
		send by=acme at=0s to=gone:1
		do appeal acme at=20m accepted
		send by=acme at=21m to=gone:2
		do appeal acme at=40m accepted
		send by=acme at=41m to=gone:3`,
	"appeal.fresh-start": "do trigger acme cause=spamtrap pauses\ndo appeal acme at=1s accepted",
	"prod.request":       `request by=acme outcome=granted after=1h`,
	"prod.conflict":      "request by=acme outcome=granted after=1h\nrequest by=acme at=1m outcome=granted after=1h",
	"prod.granted":       `request by=acme outcome=granted after=1h`,
	"prod.denied":        `request by=acme outcome=denied after=1h`,
	"prod.failed":        `request by=acme outcome=failed after=1h`,
	"prod.more-info":     `request by=acme outcome=more-info after=1h`,
	"prod.after-denied":  "request by=acme outcome=denied after=1h\nrequest by=acme at=2h outcome=granted after=1h",
	"prod.reply":         "request by=acme outcome=more-info after=1h\nrequest by=acme at=2h outcome=granted after=1h",
	"identity.verify":    `do verify acme identity=new.example`,
	"identity.limit":     "account full us-east-1 production identities=" + manyDomains(ses.MaxIdentities) + "\ndo verify full identity=new.example",
	"identity.template": `
		account box us-east-1 sandbox
		do verify box identity=a@box.example template`,
}

// manyDomains lists so many domains.
func manyDomains(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strconv.Itoa(i) + ".example"
	}
	return strings.Join(list, ",")
}

// TestEveryRuleFires runs a scenario for each entry of the catalogue and
// wants the entry among the rules that decided something. An entry that
// nothing uses can have no such scenario. A run must also not name a rule
// that has no entry, and must not depend on being looked at.
func TestEveryRuleFires(t *testing.T) {
	if len(firing) != len(rules.Catalogue()) {
		t.Errorf("%d scenarios for %d rules", len(firing), len(rules.Catalogue()))
	}
	for _, r := range rules.Catalogue() {
		t.Run(r.Name, func(t *testing.T) {
			scenario, known := firing[r.Name]
			if !known {
				t.Fatal("no scenario makes the rule fire")
			}
			if !strings.HasPrefix(scenario, stage) {
				scenario = stage + scenario
			}
			told, res := play(t, scenario)
			if !slices.ContainsFunc(res.Rules, func(f sim.Fired) bool { return f.Rule == r.ID && f.Count > 0 }) {
				t.Errorf("the rule did not fire; those that did: %v\n%v", res.Rules, told)
			}
			sameRules(t, told, res)
		})
	}
}

// sameRules compares the rules that a run counted with those that its records
// named. Rules that publish nothing of their own are counted only.
func sameRules(t *testing.T, told *recorder, res *sim.Result) {
	t.Helper()
	counted := map[rules.ID]bool{rules.None: true}
	for _, f := range res.Rules {
		counted[f.Rule] = true
		if told.rules[f.Rule] == 0 && f.Rule != rules.EventPublished && f.Rule != rules.CallBilled {
			t.Errorf("%s was counted %d times, and no record names it", f.Rule, f.Count)
		}
	}
	for id := range told.rules {
		if !counted[id] || id.String() == "unknown" {
			t.Errorf("a record names %v, which the run did not count", id)
		}
	}
	for _, a := range res.Accounts {
		for _, line := range a.Timeline {
			if line.Rule == rules.None {
				t.Errorf("%q stands on a timeline without a rule", line.Event)
			}
		}
	}
}
