package ses_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestAdmitOne compares the short way of a call with one recipient with the
// general one, under quotas, rates, steps and pauses that change at times on and
// beside the limits.
func TestAdmitOne(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		draw := func(name string, values ...int64) int64 { return rapid.SampledFrom(values).Draw(t, name) }
		set := ruleSet(t)
		set.Quota.MustFit = draw("must fit", 0, 1) == 1
		set.Quota.Granularity = time.Duration(draw("granularity", 0, 1, int64(time.Minute), int64(day)))
		set.Rate.BurstSeconds, set.Rate.Debt = draw("burst", 1, 3), draw("debt", 0, 1) == 1
		spec := ses.Spec{Access: ses.Production, Quota: draw("quota", -1, 1, 5, 20), Rate: draw("rate", 1, 3)}
		short, general := ses.NewAccount(spec, set, nil), ses.NewAccount(spec, set, nil)
		now := time.Duration(0)
		for i := range rapid.IntRange(1, 120).Draw(t, "calls") {
			switch rapid.IntRange(0, 12).Draw(t, "what") {
			case 0:
				short.Pause(now)
				general.Pause(now)
			case 1, 2:
				short.Resume(now)
				general.Resume(now)
			case 3:
				quota := draw("new quota", -1, 3, 30)
				short.SetQuota(now, quota)
				general.SetQuota(now, quota)
			}
			got, want := admitOne(short, now), general.Admit(now, ses.Call{Recipients: 1, Counted: 1})
			if got != want || short.Meters(now) != general.Meters(now) {
				t.Fatalf("call %d at %v: %v with %+v, want %v with %+v", i, now, got, short.Meters(now), want, general.Meters(now))
			}
			now += time.Duration(draw("gap", 0, 1, int64(time.Second)/3, int64(time.Second)-1, int64(time.Second), int64(time.Hour), int64(day)-1))
		}
		if got, want := short.Describe(now), general.Describe(now); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
		f1, h1 := short.QuotaUse(now)
		f2, h2 := general.QuotaUse(now)
		if f1 != f2 || h1 != h2 {
			t.Fatalf("quota use %v and %v, want %v and %v", f1, h1, f2, h2)
		}
	})
}

// TestAdmitOneForDays compares the short way with the general one over many calls, without
// looking at the account in between: waves at constant and at random gaps, which fill the
// window, keep it as full as it ever was, and empty it, now and then a call with more
// recipients or at the same moment, and quotas that refuse, are raised and lowered.
func TestAdmitOneForDays(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		draw := func(name string, values ...int64) int64 { return rapid.SampledFrom(values).Draw(t, name) }
		set := ruleSet(t)
		set.Rate.BurstSeconds, set.Rate.Debt = draw("burst", 1, 4), draw("debt", 0, 1) == 1
		spec := ses.Spec{Access: ses.Production, Quota: draw("quota", -1, 300, 1000, 5000), Rate: draw("rate", 1, 3, 20, 90)}
		short, general := ses.NewAccount(spec, set, nil), ses.NewAccount(spec, set, nil)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		now := time.Duration(0)
		for wave := range rapid.IntRange(2, 8).Draw(t, "waves") {
			gap := time.Duration(draw("gap", int64(time.Second)/40, int64(time.Second)/4, int64(time.Second), int64(day)/3000, int64(day)/400, int64(day)/20))
			random, others := draw("random", 0, 1) == 1, int(draw("others", 10, 500, 1<<30))
			for i := range 4000 {
				switch {
				case i%others == others-1 && r.IntN(2) == 0: // at the same moment
				case random:
					now += time.Duration(r.Int64N(2 * int64(gap)))
				default:
					now += gap
				}
				n := int64(1)
				if i%others == others/2 {
					n = 1 + r.Int64N(50)
				}
				call := ses.Call{Recipients: n, Counted: n}
				got, want := ses.Accepted, general.Admit(now, call)
				if n == 1 {
					got = admitOne(short, now)
				} else {
					got = short.Admit(now, call)
				}
				if got != want {
					t.Fatalf("wave %d, call %d at %v: %v, want %v", wave, i, now, got, want)
				}
			}
			f1, h1 := short.QuotaUse(now)
			f2, h2 := general.QuotaUse(now)
			if f1 != f2 || h1 != h2 || short.Meters(now) != general.Meters(now) {
				t.Fatalf("wave %d: use %v and %v with %+v, want %v and %v with %+v", wave, f1, h1, short.Meters(now), f2, h2, general.Meters(now))
			}
			if quota := draw("new quota", 0, 0, -1, 200, 4000); quota != 0 {
				short.SetQuota(now, quota)
				general.SetQuota(now, quota)
			}
		}
	})
}

// TestAdmitForm covers what a call may look like.
func TestAdmitForm(t *testing.T) {
	// Guide, service quotas: at most 50 recipients for a message. API: a
	// message without recipients is not valid.
	t.Run("call.recipients", func(t *testing.T) {
		for _, c := range []struct {
			recipients int64
			want       ses.Reason
		}{{-1, ses.RefusedInvalid}, {0, ses.RefusedInvalid}, {1, ses.Accepted}, {49, ses.Accepted}, {50, ses.Accepted}, {51, ses.RefusedInvalid}} {
			admit(t, newAccount(t, unbounded), 0, to(c.recipients), c.want)
		}
		admit(t, newAccount(t, unbounded), 0, ses.Call{Recipients: 1, Counted: 1, Invalid: true}, ses.RefusedInvalid)
	})
	// Guide, creating and verifying identities; error messages: a From that
	// is not verified rejects the call, in production too.
	t.Run("identity.from", func(t *testing.T) {
		unverified := ses.Call{Recipients: 1, Counted: 1, Unverified: true}
		admit(t, newAccount(t, released), 0, unverified, ses.RefusedUnverified)
		admit(t, newAccount(t, released), 0, to(1), ses.Accepted)
	})
	// Guide, request production access: one recipient that is not verified
	// fails the whole call. Nothing is sent, so nothing is taken.
	t.Run("sandbox.recipients", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		admit(t, a, 0, ses.Call{Recipients: 50, Counted: 50, Unverified: true}, ses.RefusedUnverified)
		if got := a.QuotaUsed(0); got != 0 {
			t.Errorf("a call that failed took %d of the quota", got)
		}
		admit(t, a, 0, to(50), ses.Accepted)
	})
}

// TestAdmitOrder checks which of several reasons a call is refused for: pause,
// form, identities, rate, quota. The account has neither rate nor quota left.
func TestAdmitOrder(t *testing.T) {
	exhausted := func() *ses.Account {
		a := newAccount(t, ses.Spec{Access: ses.Production, Quota: 1, Rate: 1})
		admit(t, a, 0, to(1), ses.Accepted)
		return a
	}
	paused := exhausted()
	paused.Pause(0)
	for _, c := range []struct {
		name    string
		account *ses.Account
		now     time.Duration
		call    ses.Call
		want    ses.Reason
	}{
		{"a pause before everything else", paused, 0, ses.Call{Recipients: 51, Counted: 51, Unverified: true}, ses.RefusedPaused},
		{"a set's pause before everything else", exhausted(), 0, ses.Call{Recipients: 51, Counted: 51, Unverified: true, SetPaused: true}, ses.RefusedPaused},
		{"validity before identities", exhausted(), 0, ses.Call{Recipients: 51, Counted: 51, Unverified: true}, ses.RefusedInvalid},
		{"identities before the rate", exhausted(), 0, ses.Call{Recipients: 1, Counted: 1, Unverified: true}, ses.RefusedUnverified},
		{"the rate before the quota", exhausted(), 0, to(1), ses.RefusedRate},
		{"the quota last", exhausted(), time.Second, to(1), ses.RefusedQuota},
	} {
		t.Run(c.name, func(t *testing.T) { admit(t, c.account, c.now, c.call, c.want) })
	}
}

// TestIdentitiesLast checks the order in which the identity check comes after
// those of rate and quota, and that what it refuses takes from neither.
func TestIdentitiesLast(t *testing.T) {
	last := func(s *rules.Set) { s.Identity.AfterLimits = true }
	unverified := ses.Call{Recipients: 1, Counted: 1, Unverified: true}
	account := func() *ses.Account {
		a := newAccount(t, ses.Spec{Access: ses.Production, Quota: 1, Rate: 1}, last)
		admit(t, a, 0, unverified, ses.RefusedUnverified)
		admit(t, a, 0, to(1), ses.Accepted)
		return a
	}
	for _, c := range []struct {
		name string
		now  time.Duration
		call ses.Call
		want ses.Reason
	}{
		{"the rate first", time.Second - 1, unverified, ses.RefusedRate},
		{"then the quota", time.Second, unverified, ses.RefusedQuota},
		{"the quota to the last", day - 1, unverified, ses.RefusedQuota},
		{"identities last", day, unverified, ses.RefusedUnverified},
		{"the simulator takes nothing from the quota", time.Second, ses.Call{Recipients: 1, Unverified: true}, ses.RefusedUnverified},
		{"the form before them", 0, ses.Call{Recipients: 51, Counted: 51, Unverified: true}, ses.RefusedInvalid},
		{"a pause before them", 0, ses.Call{Recipients: 1, Counted: 1, Unverified: true, SetPaused: true}, ses.RefusedPaused},
	} {
		t.Run(c.name, func(t *testing.T) { admit(t, account(), c.now, c.call, c.want) })
	}
}

// TestRefusalsChangeNothing refuses a call for every reason many times over:
// calls that fail are neither billed nor counted (guide, error messages).
func TestRefusalsChangeNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		now  time.Duration
		call ses.Call
		want ses.Reason
	}{
		{"paused", 0, ses.Call{Recipients: 1, Counted: 1, SetPaused: true}, ses.RefusedPaused},
		{"invalid", 0, to(51), ses.RefusedInvalid},
		{"unverified", 0, ses.Call{Recipients: 1, Counted: 1, Unverified: true}, ses.RefusedUnverified},
		{"rate", 0, to(1), ses.RefusedRate},
		{"quota", time.Second, to(1), ses.RefusedQuota},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAccount(t, ses.Spec{Access: ses.Production, Quota: 2, Rate: 2})
			admit(t, a, 0, to(2), ses.Accepted)
			before := a.Meters(c.now)
			for range 100 {
				admit(t, a, c.now, c.call, c.want)
			}
			if after := a.Meters(c.now); after != before {
				t.Errorf("the meters show %+v, before %+v", after, before)
			}
			admit(t, a, day, to(2), ses.Accepted)
		})
	}
}

// TestSimulator checks the mailbox simulator's place in admission (guide,
// mailbox simulator): it takes from the send rate and not from the quota.
func TestSimulator(t *testing.T) {
	t.Run("simulator.free", func(t *testing.T) {
		a := newAccount(t, ses.Spec{Access: ses.Sandbox, Quota: 1, Rate: 1})
		simulated := ses.Call{Recipients: 1}
		admit(t, a, 0, to(1), ses.Accepted)
		for i := range 10 {
			now := time.Duration(i+1) * time.Second
			admit(t, a, now, to(1), ses.RefusedQuota)
			admit(t, a, now, simulated, ses.Accepted)
			admit(t, a, now, simulated, ses.RefusedRate)
			admit(t, a, now, to(1), ses.RefusedRate)
			if used := a.QuotaUsed(now); used != 1 {
				t.Errorf("%d of the quota used, want 1", used)
			}
		}
	})
	t.Run("of a mixed call the others count", func(t *testing.T) {
		a := newAccount(t, released)
		admit(t, a, 0, ses.Call{Recipients: 5, Counted: 2}, ses.Accepted)
		if m := a.Meters(0); m.Used != 2 || m.Tokens != 9000 {
			t.Errorf("the meters show %+v, want 2 used and 9 tokens left", m)
		}
	})
}

// TestPauseByCustomer checks the account's own switch (API,
// PutAccountSendingAttributes).
func TestPauseByCustomer(t *testing.T) {
	t.Run("pause.customer", func(t *testing.T) {
		a := newAccount(t, released)
		a.Pause(time.Second)
		if !a.CustomerPaused() {
			t.Error("the account does not say that it is paused")
		}
		status(t, a, ses.Healthy)
		admit(t, a, time.Second, to(1), ses.RefusedPaused)
		a.Resume(2 * time.Second)
		if a.CustomerPaused() {
			t.Error("the account says that it is paused")
		}
		admit(t, a, 2*time.Second, to(1), ses.Accepted)
		for i, want := range []ses.Transition{
			{At: time.Second, Event: ses.EventCustomerPaused, Rule: rules.PauseCustomer, Why: "by the customer"},
			{At: 2 * time.Second, Event: ses.EventCustomerResumed, Rule: rules.PauseCustomer, Why: "by the customer"},
		} {
			if got := lines(a, i)[0]; got != want {
				t.Errorf("line %d is %+v, want %+v", i, got, want)
			}
		}
		if n := a.Fired(rules.PauseCustomer); n != 2 {
			t.Errorf("the rule fired %d times, want 2", n)
		}
	})
	// API: the switch does not lift a pause by AWS, nor does an appeal lift
	// the customer's own.
	t.Run("pause.refuses", func(t *testing.T) {
		a := newAccount(t, released)
		mail(a, 10_000, 2_000, 0)
		a.Evaluate(0)
		status(t, a, ses.Shutdown)
		admit(t, a, 0, to(1), ses.RefusedPaused)
		a.Resume(0)
		admit(t, a, year, to(1), ses.RefusedPaused)
		a.Pause(year)
		a.Answer(year, true, rules.Reads{})
		admit(t, a, year, to(1), ses.RefusedPaused)
		a.Resume(year)
		admit(t, a, year, to(1), ses.Accepted)
	})
}

// admitOne decides a call to one recipient as package engine does.
func admitOne(a *ses.Account, now time.Duration) ses.Reason {
	if a.AdmitSure(now) {
		return ses.Accepted
	}
	return a.AdmitOne(now)
}
