package sim

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/sim/client"
	"sesim/sim/criteria"
	"sesim/sim/measure"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// example is a run of two accounts and two senders, one of which shares a
// name with an account.
func example() (*Config, *Result) {
	c := &Config{
		Accounts: []Account{{Name: "acme"}, {Name: "idle"}},
		Senders:  []Sender{{Name: "news"}, {Name: "acme"}, {Name: "other"}},
	}
	a := AccountResult{
		Counts: Counts{
			Requests: 1, Recipients: 100, Due: 97, Accepted: 85, GivenUp: 11, Waiting: 1, Late: 14, Refused: [ses.Reasons]int64{1, 2, 3, 4, 5}, Delivered: 46, HardBounced: 6,
			SoftBounced: 7, SuppressedAccount: 8, SuppressedGlobal: 9, Simulator: 3, Rejected: 4, Complaints: 10, InFlight: 2,
		},
		Bounce: Rate{Final: 0.05, Max: 0.06, Eligible: 13, Data: true}, Complaint: Rate{Final: 0.001, Max: 0.002, Eligible: 5, Data: true},
		QuotaUseFinal: 0.5, QuotaUseMax: 1.2, Quota: -1, MaxRate: 14, ListAdded: 11, Listed: 12,
		Timeline: []ses.Transition{
			{At: time.Hour, Event: ses.EventUnderReview}, {At: 2 * time.Hour, Event: ses.EventHealthy}, {At: 3 * time.Hour, Event: ses.EventUnderReview},
		},
		Delay: &measure.Histogram{},
	}
	for d := range 100 {
		_ = a.Delay.Record(time.Duration(d+1)*time.Second, 1)
	}
	return c, &Result{
		Accounts: []AccountResult{a, {}},
		Senders: []SenderResult{
			{Counts: Counts{Due: 66, Accepted: 21, GivenUp: 22, Waiting: 23, Late: 19, Requests: 31, Recipients: 91, Refused: [ses.Reasons]int64{30, 40}, Delivered: 5, SentAfterBounce: 4},
				Rates: &SenderRates{Bounce: Rate{Final: 0.03, Max: 0.04, Eligible: 77, Data: true}, Complaint: Rate{}}, Delay: a.Delay,
				Messages: 20, TimedOut: 25, Removed: 24, Campaigns: []CampaignResult{{Length: 3 * time.Hour}, {Length: time.Hour}, {Length: 2 * time.Hour}}},
			{Counts: Counts{Accepted: 31}, Messages: 30}, {},
		},
		Global: GlobalResult{Added: 4, Listed: 1, Dwell: measure.Pooled(measure.AddUp([]measure.Step{
			{At: 24 * time.Hour, Ended: 1}, {At: 24 * time.Hour, Ended: 1}, {At: 48 * time.Hour, Censored: 1}}))},
	}
}

// TestClientMetrics: a client has its figures under its name. What a sender or an
// account of that name has too is theirs.
func TestClientMetrics(t *testing.T) {
	c, r := example()
	c.Clients = []Client{{Name: "mailer"}, {Name: "news"}, {Name: "unused"}}
	c.Senders[0].Client, c.Senders[2].Client, c.Senders[2].Account = 2, 1, 1
	calls := ClientCalls{Counts: client.Counts{
		Due: 9, Calls: 20, Attempts: []int64{8, 7, 5}, Accepted: 3, Refused: 16, InFlight: 1, Waiting: 2, Closed: 5,
		GivenUp: [client.Reasons]int64{client.Refused: 1, client.Attempts: 2, client.Dropped: 4, client.Waited: 8, client.Stopped: 16},
	}}
	_ = calls.GaveUp.Record(7*time.Second, 31)
	of := ClientResult{ClientCalls: calls, Active: 8 * time.Second, MostCalls: 6, OldestEnd: 4 * time.Second, OldestMax: 9 * time.Second}
	r.Clients, r.Senders[0].Calls = []ClientResult{of, of, {}}, &calls
	for name, want := range map[string]float64{
		"mailer.due": 9, "mailer.calls": 20, "mailer.attempts.1": 8, "mailer.attempts.3": 5, "mailer.accepted": 3, "mailer.refused": 16, "mailer.refused.session": 5,
		"mailer.in_flight": 1, "mailer.waiting": 2, "mailer.lost": 31, "mailer.given_up.refused": 1, "mailer.given_up.attempts": 2,
		"mailer.given_up.dropped": 4, "mailer.given_up.wait": 8, "mailer.given_up.stopped": 16, "mailer.rate.mean": 2.5, "mailer.rate.max_1s": 6,
		"mailer.oldest.final": 4, "mailer.oldest.max": 9, "mailer.lost_delay.max": 7,
		"news.calls": 20, "news.due": 66, "news.waiting": 23, "news.lost.dropped": 4, "news.lost_delay.p50": 7, "news.refused.session": 5, "news.attempts.2": 7, "unused.calls": 0,
	} {
		if got, data := r.Value(c, name); got != want || !data {
			t.Errorf("%s is %v (%v), want %v", name, got, data, want)
		}
		if _, ok := c.Metric(name); !ok {
			t.Errorf("%s is no metric", name)
		}
	}
	for _, name := range []string{"mailer.attempts.4", "mailer.delay.p50", "unused.rate.mean", "unused.lost_delay.max", "other.lost.dropped", "other.attempts.1"} {
		if got, data := r.Value(c, name); data {
			t.Errorf("%s is %v", name, got)
		}
	}
	if i, ok := c.AccountOf("mailer.lost"); i != 1 || !ok {
		t.Errorf("the client's account is %d (%v)", i, ok)
	}
	if _, ok := c.AccountOf("unused.lost"); ok {
		t.Error("a client without senders has an account")
	}
	if got, ok := c.MetricAt("mailer.oldest_seconds.max"); got != "mailer.oldest.max" || !ok {
		t.Errorf("its place is that of %q", got)
	}
	seen := map[string]bool{}
	for _, name := range c.Metrics() {
		if seen[name] && !strings.HasPrefix(name, "acme.") {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
	}
	if _, ok := c.Metric("acme.attempts.1"); ok || seen["acme.attempts.1"] {
		t.Error("a sender without a client has attempts")
	}
	if !seen["mailer.lost"] || !seen["news.calls"] {
		t.Error("the list lacks metrics of clients")
	}
}

func TestValue(t *testing.T) {
	c, r := example()
	const hour = 3600.0
	for name, want := range map[string]float64{
		"acme.requests": 1, "acme.recipients": 100, "acme.accepted": 85, "acme.refused": 15, "acme.refused.rate": 1, "acme.refused.quota": 2,
		"acme.refused.unverified": 3, "acme.refused.paused": 4, "acme.refused.invalid": 5, "acme.delivered": 46, "acme.hard_bounced": 6,
		"acme.soft_bounced": 7, "acme.suppressed_account": 8, "acme.suppressed_global": 9, "acme.simulator": 3, "acme.rejected": 4, "acme.complaints": 10,
		"acme.in_flight": 2, "acme.bounce_rate.final": 0.05, "acme.bounce_rate.max": 0.06, "acme.bounce_rate.eligible": 13,
		"acme.complaint_rate.eligible": 5, "acme.complaint_rate.final": 0.001,
		"acme.complaint_rate.max": 0.002, "acme.quota_use.final": 0.5, "acme.quota_use.max": 1.2, "acme.quota": -1, "acme.rate": 14,
		"acme.account_list.added": 11, "acme.account_list.listed": 12, "acme.delay.p50": 50, "acme.delay.p90": 90, "acme.delay.p99": 99,
		"acme.delay.max": 100, "acme.time_to.under-review": hour, "acme.time_to.healthy": 2 * hour, "acme.count.under-review": 2,
		"acme.count.paused": 0, "idle.accepted": 0, "idle.quota_use.max": 0,
		"acme.due": 97, "acme.given_up": 11, "acme.waiting": 1, "acme.late": 14, "acme.billed": 85,
		"news.due": 66, "news.late": 19, "news.requests": 31, "news.recipients": 91, "news.refused": 70, "news.refused.rate": 30, "news.refused.quota": 40,
		"news.delivered": 5, "news.billed": 21, "news.sent_after_bounce": 4, "acme.sent_after_bounce": 0,
		"news.bounce_rate.final": 0.03, "news.bounce_rate.max": 0.04, "news.bounce_rate.eligible": 77, "news.delay.p50": 50, "news.delay.max": 100,
		"news.messages": 20, "news.accepted": 21, "news.given_up": 22, "news.waiting": 23, "news.removed": 24, "news.timed_out": 25,
		"news.campaign_time.p50": 2 * hour, "news.campaign_time.p95": 3 * hour, "news.campaign_time.max": 3 * hour,
		"acme.messages":     30, // only the sender has it
		"global_list.added": 4, "global_list.listed": 1, "global_list.dwell.p50": 24 * hour, "global_list.dwell.max": 48 * hour,
		"global_list.dwell.censored": 1,
	} {
		if _, ok := c.Metric(name); !ok {
			t.Errorf("%s is not a metric", name)
		}
		// A delay is known to three digits.
		if got, data := r.Value(c, name); !data || got < want-abs(want)/1000 || got > want+abs(want)/1000 {
			t.Errorf("%s is %v (data %v), want %v", name, got, data, want)
		}
	}
}

func abs(v float64) float64 { return max(v, -v) }

func TestMetricsWithoutData(t *testing.T) {
	c, r := example()
	for _, name := range []string{
		"idle.bounce_rate.max", "idle.bounce_rate.final", "idle.complaint_rate.max", "idle.delay.p50", "idle.delay.max",
		"idle.time_to.under-review", "news.complaint_rate.max", "news.complaint_rate.eligible", "other.bounce_rate.max", "other.delay.p50", "acme.time_to.paused", "acme.campaign_time.max", "global_list.dwell.p90", // a stay that goes on
	} {
		if _, ok := c.Metric(name); !ok {
			t.Errorf("%s is not a metric", name)
		}
		if got, data := r.Value(c, name); data || got != 0 {
			t.Errorf("%s is %v, data %v, want no data", name, got, data)
		}
	}
	if got, data := (&Result{}).Value(&Config{}, "global_list.dwell.max"); data {
		t.Errorf("the longest of no stays is %v", got)
	}
}

// TestBounds checks what is known of a metric without data: an event comes after
// the end if at all, a campaign that lost mail is never done and longer than any
// other, and one that was cut is at least as long as it was.
func TestBounds(t *testing.T) {
	c, r := example()
	r.End = 5 * time.Hour
	lost, cut := CampaignResult{Length: time.Minute, End: Lost}, CampaignResult{Length: 90 * time.Minute, End: Cut}
	hours := func(n float64) float64 { return n * 3600 }
	all := []CampaignResult{lost, {Length: 3 * time.Hour}, cut, {Length: time.Hour}}
	for _, x := range []struct {
		name      string
		campaigns []CampaignResult
		value     float64
		data      bool
	}{
		{"acme.time_to.paused", nil, hours(5), false},
		{"news.campaign_time.max", nil, 0, false},
		{"news.campaign_time.max", all, math.Inf(1), false},
		{"news.campaign_time.p95", all, math.Inf(1), false},
		{"news.campaign_time.p50", all, hours(1.5), false}, // it is the cut one, or the one of three hours
		{"news.campaign_time.p50", all[:2], hours(3), true},
		{"news.campaign_time.max", all[1:], hours(3), false},
		{"news.campaign_time.p50", []CampaignResult{cut, {Length: time.Hour}, {Length: time.Minute}}, hours(1), true},
	} {
		r.Senders[0].Campaigns = x.campaigns
		if value, data := r.Value(c, x.name); value != x.value || data != x.data {
			t.Errorf("%s of %v is %v, data %v; want %v, %v", x.name, x.campaigns, value, data, x.value, x.data)
		}
	}
}

func TestNoSuchMetric(t *testing.T) {
	c, r := example()
	for _, name := range []string{
		"", "acme", "acme.", "acme.acepted", "acme.refused.", "acme.refused.accepted", "acme.bounce_rate", "acme.time_to", "acme.time_to.",
		"acme.time_to.under-reviews", "acme.count.", "nobody.accepted", "news.count.paused", "news.quota", "news.quota_use.max", "global_list", "global_list.dwell", ".accepted",
	} {
		if kind, ok := c.Metric(name); ok {
			t.Errorf("%q is a metric of kind %v", name, kind)
		}
		if got, data := r.Value(c, name); data {
			t.Errorf("%q is %v", name, got)
		}
	}
}

// The metrics of events are listed for each account, and EventMetric reads
// their names and no others.
func TestEventMetrics(t *testing.T) {
	c, _ := example()
	names := c.Metrics()
	for event := range ses.Events() {
		for name, want := range map[string]criteria.Kind{TimeTo("acme", event): criteria.Duration, CountOf("acme", event): criteria.Count} {
			account, kind, got, ok := EventMetric(name)
			if account != "acme" || kind != want || got != event || !ok {
				t.Errorf("%s reads as account %q, kind %v, event %v, %v", name, account, kind, got, ok)
			}
			if !slices.Contains(names, name) {
				t.Errorf("%s is not listed", name)
			}
		}
	}
	for _, name := range []string{"acme.accepted", "acme.count.", "acme.time_to.pausd", "count.paused", ""} {
		if _, _, event, ok := EventMetric(name); ok {
			t.Errorf("%q reads as event %v", name, event)
		}
	}
}

// Every metric that is listed exists and once only, and its kind is one that
// a limit can be written for.
func TestMetricsExist(t *testing.T) {
	c, _ := example()
	c.Senders[1].Name = "another"
	names := c.Metrics()
	limits := map[criteria.Kind]string{criteria.Count: "1", criteria.Share: "1%", criteria.Duration: "1h", criteria.Number: "1.5"}
	for i, name := range names {
		if _, err := criteria.Parse(name+" < "+limits[kindOf(c, name)], c.Metric); err != nil {
			t.Error(err)
		}
		if slices.Contains(names[:i], name) {
			t.Errorf("%s is listed twice", name)
		}
	}
}

func kindOf(c *Config, name string) criteria.Kind {
	kind, _ := c.Metric(name)
	return kind
}

func TestJudge(t *testing.T) {
	c, r := example()
	for _, expression := range []string{"acme.bounce_rate.max < 5%", "acme.quota_use.max <= 120%", "idle.delay.max < 1s", "acme.time_to.under-review == 1h"} {
		criterion, err := criteria.Parse(expression, c.Metric)
		if err != nil {
			t.Fatal(err)
		}
		c.Thresholds = append(c.Thresholds, criterion)
	}
	want := []Judgement{
		{c.Thresholds[0], criteria.Share, 0.06, true, criteria.Fail},
		{c.Thresholds[1], criteria.Number, 1.2, true, criteria.Pass},
		{c.Thresholds[2], criteria.Duration, 0, false, criteria.Inconclusive},
		{c.Thresholds[3], criteria.Duration, 3600, true, criteria.Pass},
	}
	if got := r.Judge(c); !slices.Equal(got, want) {
		t.Errorf("judged as\n%+v, want\n%+v", got, want)
	}
}

// The time to an event that never came is later than the end of the run, which
// an interrupt moves; other metrics without data stay inconclusive.
func TestJudgeNever(t *testing.T) {
	for _, of := range []struct {
		expression string
		end        time.Duration
		want       criteria.Verdict
	}{
		{"idle.time_to.paused > 60d", 90 * unit.Day, criteria.Pass},
		{"idle.time_to.paused > 90d", 90 * unit.Day, criteria.Pass},
		{"idle.time_to.paused >= 90d", 90 * unit.Day, criteria.Pass},
		{"idle.time_to.paused < 90d", 90 * unit.Day, criteria.Fail},
		{"idle.time_to.paused < 1s", 90 * unit.Day, criteria.Fail},
		{"idle.time_to.paused > 91d", 90 * unit.Day, criteria.Inconclusive},
		{"idle.time_to.paused < 91d", 90 * unit.Day, criteria.Inconclusive},
		{"idle.time_to.paused > 60d", 59 * unit.Day, criteria.Inconclusive},
		{"idle.delay.max > 1s", 90 * unit.Day, criteria.Inconclusive},
	} {
		c, r := example()
		criterion, err := criteria.Parse(of.expression, c.Metric)
		if err != nil {
			t.Fatal(err)
		}
		c.Thresholds, r.End = []criteria.Criterion{criterion}, of.end
		if got := r.Judge(c)[0]; got.Verdict != of.want || got.Data {
			t.Errorf("%s in a run of %v: %v, data %v; want %v and none", of.expression, of.end, got.Verdict, got.Data, of.want)
		}
	}
}

// TestFigureTable: every figure that ships says what it is, in a unit that is
// known, and has a place in summary.json to itself.
func TestFigureTable(t *testing.T) {
	table := (*FigureTable)(nil).Rows()
	checkRows(t, table.Account)
	checkRows(t, table.Sender)
	checkRows(t, table.Client)
	checkRows(t, table.Global)
}

func checkRows[E any](t *testing.T, rows []Figure[E]) {
	t.Helper()
	units := []string{"calls", "recipients", "emails", "messages", "addresses", "stays", "seconds", "ratio", "recipients/s", "calls/s", "USD"}
	places := map[string]string{}
	for i := range rows {
		f := &rows[i]
		switch {
		case f.Help == "" || strings.HasSuffix(f.Help, "."):
			t.Errorf("%s is said to be %q", f.Name, f.Help)
		case !slices.Contains(units, f.Unit):
			t.Errorf("%s has the unit %q", f.Name, f.Unit)
		case (f.Kind == criteria.Duration) != (f.Unit == "seconds"):
			t.Errorf("%s is a %v in %s", f.Name, f.Kind, f.Unit)
		case places[f.Place()] != "":
			t.Errorf("%s and %s have one place in summary.json", f.Name, places[f.Place()])
		}
		places[f.Place()] = f.Name
		if _, _, ok := eventMetric(f.Name); ok {
			t.Errorf("%s is the name of an event's metric", f.Name)
		}
	}
}

func TestMetricAt(t *testing.T) {
	c, _ := example()
	for place, want := range map[string]string{
		"acme.accepted": "acme.accepted", "acme.delay_seconds.p99": "acme.delay.p99", "account_list.acme.listed": "acme.account_list.listed",
		"acme.messages": "acme.messages", "acme.campaign_seconds.max": "acme.campaign_time.max", "news.campaign_seconds.p50": "news.campaign_time.p50",
		"news.delay_seconds.p99": "news.delay.p99", "news.bounce_rate.max": "news.bounce_rate.max", "acme.sent_after_bounce": "acme.sent_after_bounce",
		"global_list.dwell_seconds.censored": "global_list.dwell.censored", "global_list.dwell_seconds.max": "global_list.dwell.max",
	} {
		if got, ok := c.MetricAt(place); got != want || !ok {
			t.Errorf("at %s is %q (%v), want %q", place, got, ok, want)
		}
	}
	for _, place := range []string{"acme.delay.p99", "idle.messages", "news.delay.p99", "news.quota_use.max", "nobody.accepted", "global_list.dwell.max", "account_list.news.listed", ""} {
		if got, ok := c.MetricAt(place); ok {
			t.Errorf("at %q is %q", place, got)
		}
	}
}
