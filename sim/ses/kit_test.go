package ses_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
	both = ses.ListBounce | ses.ListComplaint
)

// addresses is how many addresses the tests' accounts can write to.
const addresses = 16

// change is a deviation from the rules of today.
type change = func(*rules.Set)

// ruleSet returns the rules of today with changes.
func ruleSet(t rapid.TB, changes ...change) *rules.Set {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		c(&set)
	}
	return &set
}

// sandboxed is what AWS gives a new account: 200 recipients in 24 hours, one
// a second (guide, service quotas).
var sandboxed = ses.Spec{Access: ses.Sandbox, Quota: 200, Rate: 1, Suppression: both}

// released is what approval mails grant: 50,000 in 24 hours, 14 a second.
var released = ses.Spec{Access: ses.Production, Quota: 50_000, Rate: 14, Suppression: both}

// unbounded is an account that neither rate nor quota ever refuses here.
var unbounded = ses.Spec{Access: ses.Production, Quota: -1, Rate: 1_000_000, Suppression: both}

// newAccount returns an account under the rules of today with changes.
func newAccount(t rapid.TB, spec ses.Spec, changes ...change) *ses.Account {
	t.Helper()
	return ses.NewAccount(spec, ruleSet(t, changes...), make([]uint8, addresses))
}

// to is a call to n recipients that all take from the quota.
func to(n int64) ses.Call { return ses.Call{Recipients: n, Counted: n} }

// admit makes a call and wants an answer.
func admit(t rapid.TB, a *ses.Account, now time.Duration, c ses.Call, want ses.Reason) {
	t.Helper()
	if got := a.Admit(now, c); got != want {
		t.Errorf("at %v a call to %d recipients is %v, want %v", now, c.Recipients, got, want)
	}
}

// mail counts mail to providers that report complaints, and what came of it.
func mail(a *ses.Account, eligible, bounces, complaints int) {
	for range eligible {
		a.CountEligible(true)
	}
	for range bounces {
		a.CountBounce()
	}
	for range complaints {
		a.CountComplaint()
	}
}

// status wants an enforcement status.
func status(t rapid.TB, a *ses.Account, want ses.Enforcement) {
	t.Helper()
	if got := a.Enforcement(); got != want {
		t.Errorf("the status is %v, want %v; timeline %v", got, want, a.Timeline())
	}
}

// lines returns the timeline from line n on, without what each decision read, which
// TestReads covers.
func lines(a *ses.Account, n int) []ses.Transition {
	list := slices.Clone(a.Timeline()[n:])
	for i := range list {
		list[i].Reads = rules.Reads{}
	}
	return list
}

// latest returns the last line of the timeline.
func latest(t rapid.TB, a *ses.Account) ses.Transition {
	t.Helper()
	if len(a.Timeline()) == 0 {
		t.Fatal("the timeline is empty")
	}
	return lines(a, len(a.Timeline())-1)[0]
}

// happened returns the events of the timeline.
func happened(a *ses.Account) []ses.Event {
	var events []ses.Event
	for _, line := range a.Timeline() {
		events = append(events, line.Event)
	}
	return events
}

// stops returns how often the account's sending has stopped.
func stops(a *ses.Account) int64 {
	number, _ := a.Stop()
	return number
}
