package ses_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestProductionRequest covers the request for production access (guide,
// request production access; API, PutAccountDetails and ReviewDetails), one
// outcome after the other. Only a grant changes what the account may do.
func TestProductionRequest(t *testing.T) {
	// sandbox wants everything to be as it is in the sandbox.
	sandbox := func(t *testing.T, a *ses.Account) {
		t.Helper()
		if a.Access() != ses.Sandbox || a.Quota() != 200 || a.MaxRate() != 1 {
			t.Errorf("%v, quota %d, rate %d", a.Access(), a.Quota(), a.MaxRate())
		}
	}
	submit := func(t *testing.T, a *ses.Account, now time.Duration, want ses.Submission) {
		t.Helper()
		if got := a.Submit(now, "TRANSACTIONAL", rules.Reads{}); got != want {
			t.Errorf("at %v a request is %v, want %v", now, got, want)
		}
	}
	ends := func(t *testing.T, a *ses.Account, want ses.Transition) {
		t.Helper()
		if diff := cmp.Diff(want, latest(t, a)); diff != "" {
			t.Errorf("the last line (-want +got):\n%s", diff)
		}
	}

	t.Run("prod.request", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		submit(t, a, 1, ses.Opening)
		ends(t, a, ses.Transition{At: 1, Event: ses.EventRequested, Rule: rules.ProdRequest, Why: "TRANSACTIONAL"})
		sandbox(t, a)
	})
	t.Run("prod.conflict", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		submit(t, a, 1, ses.Opening)
		for now := range time.Duration(3) {
			submit(t, a, now+2, ses.Conflicting)
			ends(t, a, ses.Transition{At: now + 2, Event: ses.EventConflict, Rule: rules.ProdConflict, Why: "409 ConflictException: another request is already under review"})
		}
		sandbox(t, a)
		a.Decide(6, ses.Failed, 0, 0, rules.Reads{})
		submit(t, a, 7, ses.Opening)
		submit(t, a, 8, ses.Conflicting)
	})
	t.Run("prod.granted", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		admit(t, a, 0, to(50), ses.Accepted)
		submit(t, a, 0, ses.Opening)
		a.Decide(time.Second, ses.Granted, 50_000, 14, rules.Reads{})
		ends(t, a, ses.Transition{At: time.Second, Event: ses.EventGranted, Rule: rules.ProdGrant, Why: "quota 50,000 in 24 hours, 14 a second"})
		if a.Access() != ses.Production || a.Quota() != 50_000 || a.MaxRate() != 14 {
			t.Errorf("%v, quota %d, rate %d", a.Access(), a.Quota(), a.MaxRate())
		}
		// What was sent before still counts, towards quota and rate.
		want := ses.Meters{Used: 50, Quota: 50_000, Tokens: -48_000, MaxRate: 14, Frees: day}
		if got := a.Meters(time.Second); got != want {
			t.Errorf("the meters show %+v, want %+v", got, want)
		}
		if !a.Put(5, ses.ListBounce) {
			t.Error("the account's list is blocked as in the sandbox")
		}
		submit(t, a, 2*time.Second, ses.Opening) // for more
		a.Decide(3*time.Second, ses.Denied, 0, 0, rules.Reads{})
		if a.Access() != ses.Production || a.Quota() != 50_000 {
			t.Errorf("a denied second request: %v, quota %d", a.Access(), a.Quota())
		}
	})
	t.Run("an unlimited grant", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		submit(t, a, 0, ses.Opening)
		a.Decide(1, ses.Granted, -1, 1_000, rules.Reads{})
		ends(t, a, ses.Transition{At: 1, Event: ses.EventGranted, Rule: rules.ProdGrant, Why: "quota unlimited in 24 hours, 1,000 a second"})
	})
	t.Run("prod.denied", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		submit(t, a, 0, ses.Opening)
		a.Decide(1, ses.Denied, 50_000, 14, rules.Reads{})
		ends(t, a, ses.Transition{At: 1, Event: ses.EventDenied, Rule: rules.ProdDenied, Why: "AWS gives no reason"})
		sandbox(t, a)
	})
	t.Run("prod.after-denied", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		submit(t, a, 0, ses.Opening)
		a.Decide(1, ses.Denied, 0, 0, rules.Reads{})
		for now := range time.Duration(3) {
			submit(t, a, now+2, ses.Conflicting)
			ends(t, a, ses.Transition{At: now + 2, Event: ses.EventConflict, Rule: rules.ProdAfterDenied, Why: "409 ConflictException: the last request was denied"})
		}
		if got := a.Describe(5).Review; got != ses.ReviewDenied {
			t.Errorf("the review is %q", got)
		}
		a = newAccount(t, sandboxed, func(s *rules.Set) { s.Prod.NewAfterDenied = true })
		submit(t, a, 0, ses.Opening)
		a.Decide(1, ses.Denied, 0, 0, rules.Reads{})
		submit(t, a, 2, ses.Opening) // a second review may end otherwise
		ends(t, a, ses.Transition{At: 2, Event: ses.EventRequested, Rule: rules.ProdRequest, Why: "TRANSACTIONAL"})
	})
	t.Run("prod.failed", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		submit(t, a, 0, ses.Opening)
		a.Decide(1, ses.Failed, 50_000, 14, rules.Reads{})
		ends(t, a, ses.Transition{At: 1, Event: ses.EventFailed, Rule: rules.ProdFailed, Why: "internal error; the request may be submitted again"})
		sandbox(t, a)
		submit(t, a, 2, ses.Opening)
		ends(t, a, ses.Transition{At: 2, Event: ses.EventRequested, Rule: rules.ProdRequest, Why: "TRANSACTIONAL"})
	})
	t.Run("prod.more-info", func(t *testing.T) {
		a := newAccount(t, sandboxed)
		submit(t, a, 0, ses.Opening)
		for round := range time.Duration(2) {
			a.Decide(10*round+1, ses.MoreInfo, 50_000, 14, rules.Reads{})
			ends(t, a, ses.Transition{At: 10*round + 1, Event: ses.EventMoreInfo, Rule: rules.ProdMoreInfo, Why: "AWS asks for more information; the next request is the reply"})
			sandbox(t, a)
			submit(t, a, 10*round+2, ses.Replying)
			ends(t, a, ses.Transition{At: 10*round + 2, Event: ses.EventRequested, Rule: rules.ProdReply, Why: "reply to AWS's questions in the same case"})
			submit(t, a, 10*round+3, ses.Conflicting)
		}
		a.Decide(30, ses.Granted, 50_000, 14, rules.Reads{})
		if a.Access() != ses.Production {
			t.Errorf("granted in the end, but %v", a.Access())
		}
		submit(t, a, 31, ses.Opening)
		ends(t, a, ses.Transition{At: 31, Event: ses.EventRequested, Rule: rules.ProdRequest, Why: "TRANSACTIONAL"})
	})
}
