package ses_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestVerificationStatus follows an identity through the statuses of the API
// (version 1, GetIdentityVerificationAttributes), under any spelling of its
// domain.
func TestVerificationStatus(t *testing.T) {
	a := newAccount(t, released)
	stands := func(want ses.VerificationStatus) {
		t.Helper()
		if got := a.VerificationStatus("Ops@PARTNER.org"); got != want {
			t.Errorf("the identity is %s, want %s", got, want)
		}
	}
	ask := func(now time.Duration) uint64 {
		t.Helper()
		number, asked := a.AskVerification(now, "Ops@partner.ORG")
		if !asked {
			t.Fatal("the account may not ask")
		}
		return number
	}
	settle := func(now time.Duration, number uint64, success, want bool) {
		t.Helper()
		if got := a.Settle(now, "Ops@Partner.org", number, success); got != want {
			t.Errorf("at %v the verification verified the identity: %v, want %v", now, got, want)
		}
	}
	stands(ses.NotStarted)
	first := ask(1)
	stands(ses.VerificationPending)
	settle(2, first, false, false)
	stands(ses.VerificationFailed)
	again := ask(3)
	stands(ses.VerificationPending)
	settle(4, again, true, true)
	stands(ses.VerificationSuccess)
	once := ask(5) // a verified identity stays so
	stands(ses.VerificationSuccess)
	settle(6, once, false, false)
	stands(ses.VerificationSuccess)
	left := ask(7)
	a.Drop(8, "Ops@partner.org")
	stands(ses.NotStarted)
	settle(9, left, true, false) // its identity was dropped
	stands(ses.NotStarted)
	fresh := ask(10)
	settle(11, left, true, false) // it is about the dropped one
	settle(12, fresh, true, true)
	stands(ses.VerificationSuccess)
	want := []ses.Event{
		ses.EventVerificationPending, ses.EventVerificationFailed, ses.EventVerificationPending, ses.EventVerified, ses.EventVerificationPending, ses.EventVerificationFailed,
		ses.EventVerificationPending, ses.EventUnverified, ses.EventVerificationPending, ses.EventVerified,
	}
	if diff := cmp.Diff(want, happened(a)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

// TestVerificationExpires checks how long SES waits: 24 hours for the link in
// the mail to an address, 72 for the records of a domain (guide, creating and
// verifying identities).
func TestVerificationExpires(t *testing.T) {
	for identity, want := range map[string]time.Duration{"ops@partner.org": 24 * time.Hour, "partner.org": 72 * time.Hour} {
		if got := ses.VerificationExpires(identity); got != want {
			t.Errorf("the verification of %s fails after %v, want %v", identity, got, want)
		}
	}
}

// TestIdentityLimit covers the most identities that an account has in a
// Region: 10,000, verified or not (guide, service quotas).
func TestIdentityLimit(t *testing.T) {
	with := func(t *testing.T, n int) *ses.Account {
		spec := released
		for i := range n {
			spec.Identities = append(spec.Identities, strconv.Itoa(i)+".example")
		}
		return newAccount(t, spec)
	}
	t.Run("identity.limit", func(t *testing.T) {
		for _, c := range []struct {
			had  int
			want bool
		}{{9_998, true}, {9_999, true}, {10_000, false}} {
			if got := with(t, c.had).Verify(1, "new.example"); got != c.want {
				t.Errorf("with %d identities another one is verified: %v, want %v", c.had, got, c.want)
			}
			if _, got := with(t, c.had).AskVerification(1, "new.example"); got != c.want {
				t.Errorf("with %d identities another one may be asked for: %v, want %v", c.had, got, c.want)
			}
		}
		a := with(t, 10_000)
		a.Verify(1, "new.example")
		want := ses.Transition{At: 1, Event: ses.EventVerificationRefused, Rule: rules.IdentityLimit, Why: "new.example: 400 LimitExceededException; an account has at most 10,000 identities in a Region"}
		if got := latest(t, a); got != want || a.VerificationStatus("new.example") != ses.NotStarted {
			t.Errorf("the timeline ends with %+v, want %+v", got, want)
		}
		if !a.Verify(2, "77.EXAMPLE") {
			t.Error("an identity that is there already is refused")
		}
		a.Drop(3, "77.example")
		if !a.Verify(4, "new.example") || a.Verify(5, "77.example") {
			t.Error("a dropped identity does not make room for exactly one")
		}
	})
	t.Run("one that failed takes room", func(t *testing.T) {
		a := with(t, 9_999)
		number, _ := a.AskVerification(1, "new.example")
		a.Settle(2, "new.example", number, false)
		if a.Verify(3, "newer.example") {
			t.Error("a failed identity takes no room")
		}
		if !a.Verify(4, "new.example") {
			t.Error("a failed identity cannot be verified")
		}
	})
}
