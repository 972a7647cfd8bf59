package engine_test

import "testing"

// TestAccessRules checks what becomes of requests for production access that
// meet an answer to an earlier one: before it they are in conflict, at its
// very moment and after it they are not (guide, request production access:
// locked until the review is complete). Calls go the same way.
func TestAccessRules(t *testing.T) {
	const first = "account box us-east-1 sandbox customer=twins\naccount far eu-west-1 sandbox customer=twins\nrequest by=box "
	lines := func(t *testing.T, scenario, want string) {
		t.Helper()
		timelineIs(t, first+scenario, want)
	}
	t.Run("prod.conflict", func(t *testing.T) {
		lines(t, "outcome=failed after=1h\nrequest by=box at=59m59.999999999s outcome=granted after=1h",
			"0s requested, 59m59.999999999s conflict, 1h0m0s failed")
		lines(t, "outcome=failed after=1h\nrequest by=box at=1h outcome=granted after=1h",
			"0s requested, 1h0m0s failed, 1h0m0s requested, 2h0m0s granted")
		lines(t, "outcome=more-info after=0s\nrequest by=box outcome=failed after=0s\nrequest by=box outcome=granted after=1h",
			"0s requested, 0s more-info, 0s requested, 0s failed, 0s requested, 1h0m0s granted")
	})
	t.Run("account.sandbox-blocked", func(t *testing.T) {
		const put = "outcome=granted after=1h\ndo suppress box "
		lines(t, put+"at=59m59.999999999s address=people:1", "0s requested, 59m59.999999999s blocked, 1h0m0s granted")
		lines(t, put+"at=1h address=people:1", "0s requested, 1h0m0s granted")
	})
	t.Run("prod.reply", func(t *testing.T) {
		lines(t, "outcome=more-info after=24h\nrequest by=box at=24h outcome=granted after=24h",
			"0s requested, 24h0m0s more-info, 24h0m0s requested, 48h0m0s granted")
	})
	t.Run("prod.after-denied", func(t *testing.T) {
		const again = "outcome=denied after=1h\nrequest by=box at=1h outcome=granted after=1h"
		lines(t, again, "0s requested, 1h0m0s denied, 1h0m0s conflict")
		lines(t, again+"\nrules prod.after_denied=new", "0s requested, 1h0m0s denied, 1h0m0s requested, 2h0m0s granted")
		// A denial in another Region is none in this one.
		lines(t, "at=2h outcome=granted after=1h\nrequest by=far outcome=denied after=1h", "2h0m0s requested, 3h0m0s granted")
	})
	t.Run("prod.request", func(t *testing.T) {
		lines(t, "outcome=failed after=1h\nrequest by=far at=1h outcome=granted after=1h regions=us-east-1",
			"0s requested, 1h0m0s failed, 1h0m0s requested, 2h0m0s granted")
		// An answer in another Region holds nothing up in this one.
		lines(t, "at=1h outcome=denied after=60h regions=eu-west-1\nrequest by=box at=1h outcome=failed after=30h\nrequest by=far outcome=failed after=1h",
			"1h0m0s requested, 1h0m0s conflict, 61h0m0s denied")
	})
}
