package ses_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestReads covers what the decisions about an account's status read beside the rates:
// which thresholds, and what says when. The random scenarios of package simtest cover that
// nothing is missing.
func TestReads(t *testing.T) {
	const rate = "rep.eval_interval rep.max_lookback rep.min_eligible rep.min_events rep.window_days rep.window_eligible"
	const end = "review.decision_time review.length review.sending_allowance"
	reviewed := func(bounces, complaints int) func(*ses.Account) {
		return func(a *ses.Account) {
			mail(a, 10_000, bounces, complaints)
			a.Evaluate(time.Hour)
		}
	}
	ended := func(bounces int) func(*ses.Account) {
		return func(a *ses.Account) {
			reviewed(600, 0)(a)
			mail(a, 10_000, bounces, 0)
			a.Evaluate(21*day + time.Hour)
		}
	}
	for _, c := range []struct {
		name    string
		changes []change
		do      func(*ses.Account)
		event   ses.Event
		want    string
	}{
		{"a review for bounces", nil, reviewed(600, 0), ses.EventUnderReview, rate + " review.bounce_rate"},
		{"a review at the pause threshold", nil, reviewed(1_000, 0), ses.EventUnderReview,
			rate + " review.bounce_rate pause.bounce_rate pause.immediate_factor"},
		{"a review for complaints", nil, reviewed(0, 20), ses.EventUnderReview, rate + " review.complaint_rate"},
		{"a verified address", nil, func(a *ses.Account) {
			a.Verify(0, "news@example.com")
			reviewed(600, 0)(a)
		}, ses.EventUnderReview, rate + " review.bounce_rate rep.verified_addresses_count"},
		{"a second review", nil, func(a *ses.Account) {
			reviewed(600, 0)(a)
			a.Answer(2*time.Hour, true, rules.Reads{})
			reviewed(600, 0)(a)
		}, ses.EventUnderReview, rate + " review.bounce_rate pause.repeat_reviews"},
		{"a pause at once", nil, reviewed(2_000, 0), ses.EventPaused, rate + " pause.bounce_rate pause.immediate_factor pause.notice"},
		{"a pause that is announced", []change{notice(day)}, reviewed(2_000, 0), ses.EventPendingPause,
			rate + " pause.bounce_rate pause.immediate_factor pause.notice"},
		{"a trigger", nil, func(a *ses.Account) { a.Trigger(0, "spamtrap", true) }, ses.EventPaused, "pause.notice"},
		{"an end above the pause threshold", nil, ended(1_001), ses.EventPaused,
			rate + " " + end + " pause.bounce_rate pause.immediate_factor pause.notice"},
		{"an end between", nil, ended(600), ses.EventReviewExtended, rate + " " + end + " review.bounce_rate pause.bounce_rate review.end_rule"},
		{"a good end", nil, ended(0), ses.EventHealthy, rate + " " + end + " review.bounce_rate review.complaint_rate"},
		{"an appeal", nil, func(a *ses.Account) {
			reviewed(600, 0)(a)
			a.Answer(2*time.Hour, true, rules.NewReads(rules.ParamAppealReply))
		}, ses.EventHealthy, "appeal.reply appeal.fresh_start"},
		{"an answer at a time of the scenario's", nil, func(a *ses.Account) {
			reviewed(600, 0)(a)
			a.Answer(2*time.Hour, false, rules.Reads{})
		}, ses.EventAppealRejected, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAccount(t, released, c.changes...)
			c.do(a)
			last := a.Timeline()[len(a.Timeline())-1]
			var got []string
			for id := range last.Reads.All() {
				got = append(got, id.String())
			}
			want := strings.Fields(c.want)
			slices.Sort(want)
			if !slices.Equal(got, want) || last.Event != c.event {
				t.Errorf("%s reads\n%v, want %s to read\n%v", last.Event, got, c.event, want)
			}
		})
	}
}
