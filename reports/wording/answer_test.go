package wording_test

import (
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
