package wording_test

import (
	"slices"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/wording"
	"sesim/sim/ses"
)

// TestAnswer: an answer begins with what was decided, then with what was lost, then with
// what a list held back, and has what thresholds ask for.
func TestAnswer(t *testing.T) {
	quiet := func(r *reports.Report) {
		for i := range r.Summary.Accounts {
			a := &r.Summary.Accounts[i]
			a.Timeline, a.GivenUp, a.Refused, a.Enforcement, a.SuppressedGlobal = nil, 0, reports.Refused{}, "HEALTHY", 0
			a.Began, a.Access = ses.Production.String(), ses.Production.String()
			r.Summary.Senders[i].GivenUp, r.Summary.Senders[i].Refused = 0, reports.Refused{}
		}
		r.Summary.Thresholds = []reports.Threshold{{Expression: "acme.refused == 0", Kind: "count"}}
	}
	ask := func(r *reports.Report, text, kind string, value float64) {
		r.Summary.Thresholds = append(r.Summary.Thresholds, reports.Threshold{Expression: text, Kind: kind, Value: &value})
	}
	for _, c := range []struct {
		name     string
		accounts int
		change   func(*reports.Report)
		topic    wording.Topic
		want     string
	}{
		{"decided", 1, func(r *reports.Report) { r.Summary.Senders[0].GivenUp = 0 }, wording.Decided,
			"acme comes under review on day 10 and is paused on day 24. No recipient is given up; 5,687 attempts are refused and tried again. " +
				"The bounce rate peaks at 11.7%."},
		{"of several", 3, func(r *reports.Report) {
			quiet(r)
			r.Summary.Accounts[1].Timeline = []reports.Transition{{At: r.Summary.Start, Event: ses.EventPaused}}
		},
			wording.Decided, "Of 3 accounts, tenant-1 is paused at the start; the others stay healthy. Nothing is refused. The bounce rate peaks at 11.7% (acme)."},
		{"lost", 2, func(r *reports.Report) {
			quiet(r)
			r.Summary.Accounts[0].GivenUp, r.Summary.Senders[0].GivenUp, r.Summary.Senders[0].Due = 7, 7, 1000
			r.Summary.Senders[0].Refused.Quota = 7
		}, wording.Lost, "acme-news gives up 7 of 1,000 recipients (the sending quota is used up); tenant-1-news none. Both accounts stay healthy."},
		{"held", 1, func(r *reports.Report) {
			quiet(r)
			ask(r, "acme.suppressed_global >= 3", "count", 5)
			a := &r.Summary.Accounts[0]
			a.SuppressedGlobal, a.Accepted, a.HardBounced = 5, 100, 1
		}, wording.Held, "5 of the 100 accepted recipients of acme get no mail because they are on the global list; its bounce rate peaks at 11.7%, " +
			"with 1 hard bounce of its own. acme stays healthy. Nothing is refused."},
		{"nothing", 1, func(r *reports.Report) {
			quiet(r)
			ask(r, "news.campaign_time.max < 2h", "duration", 3333)
			ask(r, "acme.complaint_rate.max < 0.1%", "share", 0)
		}, wording.Uneventful, "acme stays healthy; nothing is refused. The complaint rate peaks at 0.055%. The longest campaign of news takes 55 min 33 s."},
		{"which quota", 1, func(r *reports.Report) {
			quiet(r)
			ask(r, "acme.refused.quota == 0", "count", 0)
			a := &r.Summary.Accounts[0]
			a.Quota, a.Rate, a.QuotaUse.Max = 50_000, 14, 0.07
		}, wording.Uneventful, "acme stays healthy. Nothing is refused: at most 7% of a sending quota of 50,000 is used, at a maximum send rate of 14 a second."},
		{"which quota, from the sandbox on", 1, func(r *reports.Report) {
			quiet(r)
			ask(r, "acme.refused.quota == 0", "count", 0)
			a := &r.Summary.Accounts[0]
			a.Quota, a.Rate, a.QuotaUse.Max, a.Began = 50_000, 14, 0.07, ses.Sandbox.String()
		}, wording.Uneventful, "Nothing is refused: at most 7% of a sending quota of 50,000 is used, at a maximum send rate of 14 a second. acme stays healthy."},
		{"the rates of the others", 3, func(r *reports.Report) {
			quiet(r)
			for i, rate := range []float64{0.11, 0.02, 0.01} {
				r.Summary.Accounts[i].BounceRate.Max, r.Summary.Accounts[i].ComplaintRate.Max = rate, rate/100
			}
			r.Summary.Accounts[0].Timeline = []reports.Transition{{At: r.Summary.Start, Event: ses.EventUnderReview}}
			ask(r, "tenant-1.complaint_rate.max < 0.1%", "share", 0.0002)
		}, wording.Decided, "Of 3 accounts, acme comes under review at the start; the others stay healthy. Nothing is refused. The bounce rate peaks at " +
			"11% (acme; of the others at 2%, tenant-1), the complaint rate at 0.11% (acme; of the others at 0.02%, tenant-1)."},
		{"held of many", 31, func(r *reports.Report) {
			quiet(r)
			ask(r, "global_list.added > 0", "count", 9)
			for i := range r.Summary.Accounts {
				r.Summary.Accounts[i].SuppressedGlobal, r.Summary.Accounts[i].Accepted = 2, 100
			}
		}, wording.Held, "62 of the 3,100 accepted recipients of all accounts (2%) get no mail because they are on the global list. " +
			"All 31 accounts stay healthy. Nothing is refused."},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := reporttest.New(t, c.accounts)
			c.change(r)
			if got := strings.Join(wording.Answer(r), ". ") + "."; got != c.want || wording.TopicOf(r) != c.topic {
				t.Errorf("topic %d, %q,\nwant %d, %q", wording.TopicOf(r), got, c.topic, c.want)
			}
		})
	}
}

// TestRecoveries: over replications an answer says how often an account recovers, if that is
// asked.
func TestRecoveries(t *testing.T) {
	r := reporttest.New(t, 1)
	half, day := 0.5, 86400.0
	event := func(name ses.Event) reports.Event {
		e := reports.Event{Account: "acme", Name: name, Hits: 2}
		e.Probability.Value, e.First.Value = &half, &day
		return e
	}
	r.Summary.Replications = &reports.Replications{Count: 4, Events: []reports.Event{event(ses.EventUnderReview), event(ses.EventHealthy)}}
	r.Summary.Thresholds = nil
	if got := wording.Answer(r); len(got) != 1 {
		t.Errorf("unasked: %q", got)
	}
	r.Summary.Thresholds = []reports.Threshold{{Expression: "acme.time_to.healthy < 22d", Kind: "duration"}}
	const want = "acme is healthy again in 50% (too few for an interval) of the replications (2 of 4), first on day 1 (median)"
	if got := wording.Answer(r); len(got) != 2 || got[1] != want {
		t.Errorf("got %q, want %q as the second sentence", got, want)
	}
}

// TestRests: what an answer rests on is said in words, each parameter with its value and its
// name: those with which a verdict changes or, where that is not known, those that a decision
// read.
func TestRests(t *testing.T) {
	r := examined()
	r.Summary.Assumptions.Asked = false
	r.Summary.Assumptions.Parameters[2].Name, r.Summary.Assumptions.Parameters[2].Value = "rep.min_events", "{ bounces = 20 }"
	r.Summary.Thresholds[1].Held.TurnsWith = []string{"rep.min_events"}
	want := []string{
		"A verdict changes with other plausible values of 3 of the 3 numbers that AWS does not publish",
		"Fewest eligible emails for a decision: 1,000 (rep.min_eligible)", "How long a review lasts: 21d (review.length)",
		"Fewest hard bounces or complaints for a decision (rep.min_events)",
	}
	if got := wording.Rests(r); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	r = reporttest.New(t, 1)
	want = []string{"The decision against the account reads 1 number that AWS does not publish", "Fewest eligible emails for a decision: 1,000 (rep.min_eligible)"}
	if got := wording.Rests(r); len(got) < 2 || !slices.Equal(got[:2], want) {
		t.Errorf("got %q, want %q first", got, want)
	}
}

// TestVerdict: what describes is expected or surprises, what asks passes or fails.
func TestVerdict(t *testing.T) {
	for verdict, want := range map[string][2]string{
		"pass": {"pass", "as expected"}, "fail": {"fail", "surprise"}, "inconclusive": {"inconclusive", "inconclusive"},
	} {
		for i, describes := range []bool{false, true} {
			if got := wording.Verdict(&reports.Threshold{Verdict: verdict}, describes); got != want[i] {
				t.Errorf("%s, describing %t: %q, want %q", verdict, describes, got, want[i])
			}
		}
	}
}
