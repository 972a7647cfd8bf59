package ses_test

import (
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

func noDebt(s *rules.Set) { s.Rate.Debt = false }

func burst(seconds int64) change { return func(s *rules.Set) { s.Rate.BurstSeconds = seconds } }

// attempt is one call of a sequence and its answer.
type attempt struct {
	at   time.Duration
	n    int64
	want ses.Reason
}

// TestRate covers the max send rate (guide, managing sending quotas; AWS's
// blog on reaching the sending limits). A call over the rate is dropped, not
// queued.
func TestRate(t *testing.T) {
	const second, ms = time.Second, time.Millisecond
	// The blog's example: at one a second a call with five recipients passes,
	// and for the next five seconds every call is refused.
	t.Run("rate.bucket", func(t *testing.T) {
		tryAll(t, newAccount(t, ses.Spec{Quota: -1, Rate: 1}), []attempt{
			{0, 5, ses.Accepted},
			{1 * second, 1, ses.RefusedRate}, {2 * second, 1, ses.RefusedRate}, {3 * second, 1, ses.RefusedRate},
			{4 * second, 1, ses.RefusedRate}, {5*second - 1, 1, ses.RefusedRate}, {5 * second, 1, ses.Accepted},
			{6*second - 1, 1, ses.RefusedRate}, {6 * second, 50, ses.Accepted}, {56*second - 1, 1, ses.RefusedRate}, {56 * second, 1, ses.Accepted},
		})
	})
	t.Run("paced at the rate nothing is refused", func(t *testing.T) {
		a := newAccount(t, ses.Spec{Quota: -1, Rate: 14})
		for k := range int64(14 * 60) {
			admit(t, a, time.Duration((k*int64(second)+13)/14), to(1), ses.Accepted)
		}
	})
	for _, c := range []struct {
		name    string
		rate    int64
		changes []change
		calls   []attempt
	}{
		{"a burst of one second's worth", 3, nil, []attempt{
			{0, 1, ses.Accepted}, {0, 1, ses.Accepted}, {0, 1, ses.Accepted}, {0, 1, ses.RefusedRate},
			{333*ms + 333_333, 1, ses.RefusedRate}, {333*ms + 333_334, 1, ses.Accepted}, {333*ms + 333_334, 1, ses.RefusedRate}}},
		{"a burst of ten seconds' worth", 1, []change{burst(10)}, []attempt{
			{0, 9, ses.Accepted}, {0, 1, ses.Accepted}, {0, 1, ses.RefusedRate}, {second, 1, ses.Accepted}, {second, 1, ses.RefusedRate}}},
		{"a bucket is full after idle years, and no fuller", 2, nil, []attempt{
			{0, 2, ses.Accepted}, {99 * year, 1, ses.Accepted}, {99 * year, 1, ses.Accepted}, {99 * year, 1, ses.RefusedRate}}},
		{"the deepest debt is paid after ten seconds' worth and fifty", 1, []change{burst(10)}, []attempt{
			{0, 9, ses.Accepted}, {0, 50, ses.Accepted}, {50*second - 1, 1, ses.RefusedRate}, {50 * second, 1, ses.Accepted},
			{109 * second, 50, ses.Accepted}, {109 * second, 1, ses.RefusedRate}}},
		{"the same at one stroke", 1, []change{burst(10)}, []attempt{
			{0, 9, ses.Accepted}, {0, 50, ses.Accepted}, {59 * second, 9, ses.Accepted}, {59 * second, 1, ses.Accepted}, {59 * second, 1, ses.RefusedRate}}},
		{"without debt all recipients need a token", 10, []change{noDebt}, []attempt{
			{0, 6, ses.Accepted}, {0, 5, ses.RefusedRate}, {0, 4, ses.Accepted}, {0, 1, ses.RefusedRate},
			{300*ms - 1, 3, ses.RefusedRate}, {300 * ms, 3, ses.Accepted}}},
		{"without debt what never fits needs a full bucket", 10, []change{noDebt}, []attempt{
			{0, 50, ses.Accepted}, {0, 1, ses.RefusedRate}, {second - 1, 50, ses.RefusedRate}, {second, 50, ses.Accepted}, {1100 * ms, 1, ses.Accepted}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tryAll(t, newAccount(t, ses.Spec{Quota: -1, Rate: c.rate}, c.changes...), c.calls)
		})
	}
}

func tryAll(t *testing.T, a *ses.Account, calls []attempt) {
	t.Helper()
	for _, c := range calls {
		admit(t, a, c.at, to(c.n), c.want)
	}
}

// TestRateChanges checks that a new rate holds from its moment on: what was
// gained before it was gained at the old rate, and debts stay.
func TestRateChanges(t *testing.T) {
	a := newAccount(t, ses.Spec{Quota: -1, Rate: 10})
	level := func(at time.Duration, want int64) {
		t.Helper()
		if got := a.Meters(at).Tokens; got != want {
			t.Errorf("at %v: %d thousandths of a token, want %d", at, got, want)
		}
	}
	admit(t, a, 0, to(50), ses.Accepted)
	level(0, -40_000)
	a.SetRate(time.Second, 1)
	level(time.Second, -30_000)
	level(2*time.Second, -29_000)
	a.SetRate(2*time.Second, 29)
	level(3*time.Second, 0)
	level(4*time.Second, 29_000)
	level(5*time.Second, 29_000)
	a.SetRate(5*time.Second, 4)
	level(5*time.Second, 4_000)
	a.SetRate(5*time.Second, 8)
	level(5*time.Second, 4_000)
	level(6*time.Second, 8_000)
	if a.MaxRate() != 8 {
		t.Errorf("the rate is %d, want 8", a.MaxRate())
	}
}
