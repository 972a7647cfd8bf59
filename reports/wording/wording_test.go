package wording_test

import (
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/wording"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

const (
	hour = time.Hour
	day  = 24 * hour
)

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", -1: "-1", -1234567: "-1,234,567", 1234567890: "1,234,567,890"} {
		if got := wording.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{0: "0%", 1: "100%", 0.0503: "5.03%", 0.05: "5%", 0.00031: "0.031%", 0.123456: "12.3%", 25: "2,500%", 1e-9: "0%"} {
		if got := wording.Percent(share); got != want {
			t.Errorf("Percent(%v) = %q, want %q", share, got, want)
		}
	}
}

func TestRatio(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		want        string
	}{{0, 0, "–"}, {0, 9, "0%"}, {9, 9, "100%"}, {1, 3, "33.3%"}, {999_999, 1_000_000, "over 99.9%"}, {1, 1_000_000, "under 0.001%"}} {
		if got := wording.Ratio(c.part, c.whole); got != c.want {
			t.Errorf("Ratio(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

func TestTimes(t *testing.T) {
	for _, c := range []struct {
		d                         time.Duration
		clock, on, onTenth, spans string
	}{
		{0, "day 0, 00:00", "at the start", "at the start", "0 s"},
		{250 * time.Millisecond, "day 0, 00:00", "after 250 ms", "after 250 ms", "250 ms"},
		{441757 * time.Microsecond, "day 0, 00:00", "after 442 ms", "after 442 ms", "442 ms"},
		{1234567, "day 0, 00:00", "after 1.23 ms", "after 1.23 ms", "1.23 ms"},
		{90 * time.Second, "day 0, 00:01:30", "after 1 min 30 s", "after 1 min 30 s", "1 min 30 s"},
		{1500 * time.Millisecond, "day 0, 00:00:01", "after 1.5 s", "after 1.5 s", "1.5 s"},
		{5*hour + 12*time.Minute, "day 0, 05:12", "after 5 h 12 min", "after 5 h 12 min", "5 h 12 min"},
		{day - time.Second, "day 0, 23:59:59", "after 24 h", "after 24 h", "24 h"},
		{day, "day 1, 00:00", "on day 1", "on day 1", "1 d"},
		{3*day + 10*hour + 15*time.Minute, "day 3, 10:15", "on day 3", "on day 3.4", "3 d 10 h"},
		{1200 * day, "day 1,200, 00:00", "on day 1,200", "on day 1,200", "1,200 d"},
	} {
		for what, pair := range map[string][2]string{
			"Clock": {wording.Clock(c.d), c.clock}, "On": {wording.On(c.d), c.on}, "OnTenth": {wording.OnTenth(c.d), c.onTenth},
			"Span": {wording.Span(c.d), c.spans},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s(%v) = %q, want %q", what, c.d, pair[0], pair[1])
			}
		}
	}
}

func TestValue(t *testing.T) {
	for _, c := range []struct {
		kind  string
		value float64
		want  string
	}{
		{"share", 0.061, "6.1%"}, {"count", 12345, "12,345"}, {"duration", 5400, "1 h 30 min"}, {"number", 0.25, "0.25"},
	} {
		if got := wording.Value(&reports.Threshold{Kind: c.kind, Value: &c.value}); got != c.want {
			t.Errorf("Value(%v as %s) = %q, want %q", c.value, c.kind, got, c.want)
		}
	}
	hour := 3600.0
	for want, of := range map[string]reports.Threshold{"no data": {}, "never": {Never: true}, "at least 1 h": {AtLeast: &hour}} {
		if got := wording.Value(&of); got != want {
			t.Errorf("Value of %+v = %q, want %q", of, got, want)
		}
	}
}

func TestFinding(t *testing.T) {
	r := reporttest.New(t, 3)
	busy := r.Summary.Accounts[0]
	for range 5 {
		busy.Timeline = append(busy.Timeline, reports.Transition{At: r.Summary.Start.Add(26 * day), Event: ses.EventHealthy})
	}
	asked := r.Summary.Accounts[1]
	asked.Began = "production"
	idle := reports.Account{Name: "idle", Enforcement: "HEALTHY"}
	for _, c := range []struct {
		a    *reports.Account
		want string
	}{
		{&r.Summary.Accounts[0], "acme comes under review on day 10 (bounce rate 5.03% over 6,120 eligible); is paused on day 24 (bounce rate 11.2% over 10,012 eligible); 5,687 of 419,387 recipients are refused and given up (paused 4,319, quota 1,365, rate 3)"},
		{&r.Summary.Accounts[1], "tenant-1 leaves the sandbox on day 2; stays healthy (peak bounce rate 1.29%, peak complaint rate 0.055%); 3 of 504,703 recipients are refused and given up (rate 3)"},
		{&busy, "acme comes under review on day 10 (bounce rate 5.03% over 6,120 eligible); is paused on day 24 (bounce rate 11.2% over 10,012 eligible); is healthy again on day 26; is healthy again on day 26; changes 3 more times; 5,687 of 419,387 recipients are refused and given up (paused 4,319, quota 1,365, rate 3)"},
		{&asked, "tenant-1 has its request granted on day 2; stays healthy (peak bounce rate 1.29%, peak complaint rate 0.055%); 3 of 504,703 recipients are refused and given up (rate 3)"},
		{&idle, "idle sends nothing"},
	} {
		if got := wording.Finding(r, c.a); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

// An account with a high rate that is not judged: the finding says below what the model
// judges nothing, unless the scenario gives that.
func TestFindingUnjudged(t *testing.T) {
	r := &reports.Report{}
	r.Summary.Reputation = reports.Reputation{
		BounceRate: reports.Lines{Review: 0.05, MinEvents: 20}, ComplaintRate: reports.Lines{Review: 0.001}, MinEligible: 1000,
	}
	a := &reports.Account{Name: "shop", Enforcement: "healthy"}
	a.Due, a.Accepted = 900, 900
	a.BounceRate.Max = 1
	const stays = "shop stays healthy (peak bounce rate 100%, peak complaint rate "
	for _, c := range []struct {
		standing string
		complain float64
		bounce   float64
		want     string
	}{
		{"assumed", 0, 1, "; the model judges nothing below 1,000 eligible emails or 20 bounces, AWS does not say"},
		{"assumed", 0.001, 1, "; the model judges nothing below 1,000 eligible emails or 20 bounces or 1 complaint, AWS does not say"},
		{"given", 0, 1, ""},
		{"assumed", 0, 0.0499, ""},
	} {
		a.BounceRate.Max, a.ComplaintRate.Max = c.bounce, c.complain
		r.Summary.Reads = []reports.Read{{Name: "rep.min_eligible", Standing: c.standing}}
		want := stays + wording.Percent(c.complain) + ")" + c.want + "; nothing is refused"
		if c.bounce < 1 {
			want = "shop stays healthy (peak bounce rate 4.99%, peak complaint rate 0%)" + c.want + "; nothing is refused"
		}
		if got := wording.Finding(r, a); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// TestGlobalListAssumed: how long stays last is the model's, unless the scenario gives it.
func TestGlobalListAssumed(t *testing.T) {
	for standing, want := range map[string]string{"assumed": "; how long is the model's assumption (global.durations)", "given": ""} {
		r := &reports.Report{Dwell: measure.Pooled([]measure.Step{{At: day, Ended: 600}})}
		r.Summary.GlobalList.Added = 600
		r.Summary.Reads = []reports.Read{{Name: "global.durations", Standing: standing}}
		if got := wording.GlobalList(r); got != "addresses were put on the global list 600 times, each time for 1 day"+want {
			t.Errorf("%s: %s", standing, got)
		}
	}
}

// TestGlobalList derives the quantiles from the stays, as reports.New does.
func TestGlobalList(t *testing.T) {
	type step = measure.Step
	for _, c := range []struct {
		stays []step
		want  string
	}{
		{nil, "no address was put on the global list"},
		{[]step{{At: day, Ended: 1}}, "1 address was put on the global list, for 1 day"},
		{[]step{{At: 36 * hour, Ended: 600}}, "addresses were put on the global list 600 times, each time for 1 d 12 h"},
		{[]step{{At: day, Ended: 600}}, "addresses were put on the global list 600 times, each time for 1 day"},
		{[]step{{At: 20 * hour, Ended: 1}, {At: day, Ended: 599}},
			"addresses were put on the global list 600 times; median stay 1 d, 90th percentile 1 d"},
		{[]step{{At: hour, Censored: 1}, {At: 14 * day, Ended: 1, Censored: 8}},
			"addresses were put on the global list 10 times; 1 stay lasted 14 days; 9 still on the list at the end"},
		{[]step{{At: hour, Censored: 1}, {At: day, Ended: 599}},
			"addresses were put on the global list 600 times; 599 stays lasted 1 day; 1 still on the list at the end"},
		{[]step{{At: day - time.Second, Censored: 1}}, "1 address was put on the global list; median stay 24 h or more (still running); " +
			"1 still on the list at the end"},
		{[]step{{At: day, Ended: 700}, {At: 30 * hour, Ended: 100}, {At: 2 * day, Censored: 400}},
			"addresses were put on the global list 1,200 times; median stay 1 d, 90th percentile 2 d or more (still running); " +
				"400 still on the list at the end"},
	} {
		r := &reports.Report{Dwell: measure.Pooled(c.stays)}
		g := &r.Summary.GlobalList
		g.Added, g.Dwell.Censored = r.Dwell.Stays, r.Dwell.Censored
		for name, to := range map[string]*reports.Seconds{"p50": &g.Dwell.P50, "p90": &g.Dwell.P90} {
			length, known := r.Dwell.Quantile(map[string]float64{"p50": 0.5, "p90": 0.9}[name])
			if *to = reports.Seconds(length); !known {
				g.Dwell.LowerBounds = append(g.Dwell.LowerBounds, name)
			}
		}
		if got := wording.GlobalList(r); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestRanked(t *testing.T) {
	r := reporttest.New(t, 4)
	r.Summary.Accounts[0].Timeline, r.Summary.Accounts[0].Refused = nil, reports.Refused{}
	got := wording.Ranked(r)
	if got[len(got)-1] != 0 || got[0] != 1 {
		t.Errorf("the accounts rank as %v: the quiet one is not last", got)
	}
}

func TestCommand(t *testing.T) {
	r := reporttest.New(t, 1)
	r.Summary.Seed = 7
	r.Overrides = []string{"seed=7", "account.acme.quota=20000", `question=it's "so"; rm -rf /`}
	want := `sesim run scenario.toml --seed 7 --set account.acme.quota=20000 --set 'question=it'\''s "so"; rm -rf /'`
	if got := wording.Command(r); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestClean(t *testing.T) {
	if got := wording.Clean("a\tb\x1b[1m\u202ec"); got != "a b\uFFFD[1m\uFFFDc" {
		t.Errorf("Clean gives %q", got)
	}
	if got := wording.Shorten("ein schöner Tag", 9); got != "ein schö…" {
		t.Errorf("Shorten gives %q", got)
	}
}
