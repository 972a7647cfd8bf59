package ses_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

func staleStart(s *rules.Set) { s.Appeal.FreshStart = false }

// TestAppeal covers the answer to an appeal in every state (FAQ on
// enforcement): an accepted one ends review and pause, and AWS computes the
// rates from mail after the fix; a rejected one changes nothing.
func TestAppeal(t *testing.T) {
	healthy := func(t *testing.T, changes ...change) *ses.Account { return newAccount(t, released, changes...) }
	paused := func(t *testing.T, changes ...change) *ses.Account {
		a := newAccount(t, released, changes...)
		mail(a, 10_000, 2_000, 0)
		a.Evaluate(0)
		return a
	}
	type line = ses.Transition
	const rule = rules.AppealFreshStart
	t.Run("appeal.fresh-start", func(t *testing.T) {
		for _, c := range []struct {
			name     string
			account  func(*testing.T, ...change) *ses.Account
			changes  []change
			accepted bool
			taken    bool // there is something to appeal against
			appeal   string
			answer   *line
			want     ses.Enforcement // right after the answer
			later    ses.Enforcement // after the next evaluation
		}{
			{"healthy, accepted", healthy, nil, true, false, "nothing to appeal against: the account is healthy", nil, ses.Healthy, ses.Healthy},
			{"healthy, rejected", healthy, nil, false, false, "nothing to appeal against: the account is healthy", nil, ses.Healthy, ses.Healthy},
			{"under review, accepted", underReview, nil, true, true, "while under review",
				&line{Event: ses.EventHealthy, Why: "appeal accepted while under review; rates count from here"}, ses.Healthy, ses.Healthy},
			{"under review, accepted, rates go on", underReview, []change{staleStart}, true, true, "while under review",
				&line{Event: ses.EventHealthy, Why: "appeal accepted while under review"}, ses.Healthy, ses.Probation},
			{"under review, rejected", underReview, nil, false, true, "while under review",
				&line{Event: ses.EventAppealRejected, Why: "still under review"}, ses.Probation, ses.Probation},
			{"paused, accepted", paused, nil, true, true, "while paused",
				&line{Event: ses.EventHealthy, Why: "appeal accepted while paused; rates count from here"}, ses.Healthy, ses.Healthy},
			{"paused, accepted, rates go on", paused, []change{staleStart}, true, true, "while paused",
				&line{Event: ses.EventHealthy, Why: "appeal accepted while paused"}, ses.Healthy, ses.Shutdown},
			{"paused, rejected", paused, nil, false, true, "while paused",
				&line{Event: ses.EventAppealRejected, Why: "still paused"}, ses.Shutdown, ses.Shutdown},
		} {
			t.Run(c.name, func(t *testing.T) {
				a := c.account(t, c.changes...)
				before := len(a.Timeline())
				if got := a.Appeal(day); got != c.taken {
					t.Errorf("there is something to appeal against: %v, want %v", got, c.taken)
				}
				a.Answer(2*day, c.accepted, rules.Reads{})
				want := []line{{At: day, Event: ses.EventAppealed, Rule: rule, Why: c.appeal}}
				if c.answer != nil {
					want = append(want, line{At: 2 * day, Event: c.answer.Event, Rule: rule, Why: c.answer.Why})
				}
				if diff := cmp.Diff(want, lines(a, before)); diff != "" {
					t.Errorf("timeline (-want +got):\n%s", diff)
				}
				status(t, a, c.want)
				a.Evaluate(2*day + 15*time.Minute)
				status(t, a, c.later)
			})
		}
	})
	t.Run("rates count from the answer on", func(t *testing.T) {
		a := underReview(t)
		mail(a, 700, 30, 3) // not closed when the answer comes
		a.Answer(day, true, rules.Reads{})
		mail(a, 1_000, 40, 1)
		a.Evaluate(2 * day)
		status(t, a, ses.Healthy)
		bounce, complaint := a.Rates(2 * day)
		if bounce.Eligible != 1_000 || bounce.Events != 40 || bounce.Span != day {
			t.Errorf("%d of %d bounced over %v, want 40 of 1000 over a day", bounce.Events, bounce.Eligible, bounce.Span)
		}
		if complaint.Eligible != 1_000 || complaint.Events != 1 || complaint.Span != day {
			t.Errorf("%d of %d complained over %v, want 1 of 1000 over a day", complaint.Events, complaint.Eligible, complaint.Span)
		}
		if bounce.Max != 0.06 {
			t.Errorf("at most %v bounced, want 0.06 from before", bounce.Max)
		}
	})
	t.Run("mail from before the answer counts no more", func(t *testing.T) {
		for _, c := range []struct {
			changes  []change
			accepted bool
			want     time.Duration
		}{{nil, true, day}, {nil, false, 0}, {[]change{staleStart}, true, 0}} {
			a := underReview(t, c.changes...)
			if a.CountsSince() != 0 {
				t.Errorf("before an answer mail counts since %v", a.CountsSince())
			}
			a.Answer(day, c.accepted, rules.Reads{})
			if got := a.CountsSince(); got != c.want {
				t.Errorf("accepted %v: mail counts since %v, want %v", c.accepted, got, c.want)
			}
		}
	})
	t.Run("the status counts when the answer comes", func(t *testing.T) {
		a := underReview(t)
		a.Appeal(20 * day)
		mail(a, 10_000, 1_001, 0)
		a.Evaluate(21 * day)
		a.Answer(22*day, true, rules.Reads{})
		if got := latest(t, a); got.Why != "appeal accepted while paused; rates count from here" {
			t.Errorf("the timeline ends with %+v", got)
		}
		b := underReview(t)
		b.Appeal(20 * day)
		mail(b, 10_000, 0, 0)
		b.Evaluate(21 * day)
		b.Answer(22*day, false, rules.Reads{})
		if got := latest(t, b); got.Event != ses.EventHealthy || got.At != 21*day {
			t.Errorf("the timeline of a healthy account ends with %+v", got)
		}
	})
	t.Run("an accepted appeal ends a pending decision", func(t *testing.T) {
		a := underReview(t, func(s *rules.Set) { s.Review.DecisionTime = day })
		a.Evaluate(21 * day)
		a.Answer(21*day+1, true, rules.Reads{})
		if a.Status() != ses.StatusHealthy {
			t.Errorf("the status is %s", a.Status())
		}
		mail(a, 10_000, 600, 0)
		a.Evaluate(22 * day)
		if a.Status() != ses.StatusUnderReview {
			t.Errorf("the next review is %s", a.Status())
		}
	})
}
