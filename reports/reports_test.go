package reports_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/sim/measure"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

const day = 24 * time.Hour

func TestSecondsReadBack(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		want := reports.Seconds(rapid.Int64().Draw(t, "nanoseconds"))
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got reports.Seconds
		if err := json.Unmarshal(text, &got); err != nil || got != want {
			t.Fatalf("%d ns is written %s and read as %d, %v", want, text, got, err)
		}
	})
}

func TestSeconds(t *testing.T) {
	for text, want := range map[string]time.Duration{"0": 0, "86400": day, "0.25": 250 * time.Millisecond, "-1.5": -1500 * time.Millisecond, "0.000000001": 1} {
		if got := reports.Seconds(want).String(); got != text {
			t.Errorf("%v is written %s, want %s", want, got, text)
		}
	}
	for _, bad := range []string{"", "1e3", "NaN", "0.0000000001", "9300000000000", "1/2", "--1", strings.Repeat("9", 50)} {
		if _, err := reports.ParseSeconds(bad); !errors.Is(err, reports.ErrSeconds) {
			t.Errorf("ParseSeconds(%q) returns %v", bad, err)
		}
	}
}

// TestKeys pins the keys of the summary that other programs rely on, and
// their order; other keys may stand between them.
func TestKeys(t *testing.T) {
	text, err := json.Marshal(reporttest.New(t, 1).Summary)
	if err != nil {
		t.Fatal(err)
	}
	contract := `version scenario edition seed status horizon_seconds fingerprint accounts name region access enforcement quota rate
		requests recipients accepted refused rate quota unverified paused invalid
		delivered hard_bounced soft_bounced suppressed_account suppressed_global complaints in_flight
		bounce_rate final max complaint_rate final max quota_use final max timeline at event rule why
		global_list added listed dwell_seconds p50 p90 max censored account_list account added listed
		thresholds expression value verdict`
	rest := string(text)
	for _, key := range strings.Fields(contract) {
		_, after, found := strings.Cut(rest, `"`+key+`":`)
		if !found {
			t.Fatalf("the key %q is missing, or not in its place, in\n%s", key, rest)
		}
		rest = after
	}
}

// TestNoData checks what stands where there is nothing to tell: zeros and
// null, never a missing key or something that is no number.
func TestNoData(t *testing.T) {
	cfg, res := reporttest.Run(1)
	a := &res.Accounts[0]
	a.Bounce.Data, a.Bounce.Final, a.Bounce.Max = false, math.NaN(), math.NaN()
	a.Timeline, res.Rules, res.Global.Dwell = nil, nil, measure.Survival{}
	s := reporttest.Of(t, cfg, res).Summary
	if s.Accounts[0].BounceRate != (reports.Rate{}) {
		t.Errorf("a bounce rate without data is %+v", s.Accounts[0].BounceRate)
	}
	if s.Thresholds[0].Value != nil || s.Thresholds[0].Verdict != "inconclusive" {
		t.Errorf("a threshold without data is %+v", s.Thresholds[0])
	}
	if s.GlobalList.Dwell.P50 != 0 || s.GlobalList.Dwell.LowerBounds != nil {
		t.Errorf("stays that never were: %+v", s.GlobalList.Dwell)
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"value":null`, `"timeline":[]`, `"rules":[]`, `"parameters":[]`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in the summary", want)
		}
	}
}

func TestNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		cfg, res := reporttest.Run(1)
		res.Accounts[0].QuotaUseMax = bad
		if _, err := reports.New(cfg, res, reports.Input{}); err == nil || !strings.Contains(err.Error(), "quota_use.max of account \"acme\"") {
			t.Errorf("with %v the error is %v", bad, err)
		}
	}
}

func TestCalendar(t *testing.T) {
	cfg, res := reporttest.Run(1)
	cfg.Start = time.Date(9999, 12, 20, 0, 0, 0, 0, time.UTC)
	if _, err := reports.New(cfg, res, reports.Input{}); err == nil {
		t.Error("a run that ends in the year 10000 is accepted")
	}
}

// TestLowerBounds: with most stays cut off by the horizon a quantile is not
// known, and the summary says so.
func TestLowerBounds(t *testing.T) {
	cfg, res := reporttest.Run(1)
	res.Global.Dwell = measure.Pooled(measure.AddUp([]measure.Step{
		{At: day, Ended: 1}, {At: day, Ended: 1}, {At: 3 * day, Censored: 1}, {At: 4 * day, Censored: 1},
	}))
	got := reporttest.Of(t, cfg, res).Summary.GlobalList.Dwell
	want := reports.Dwells{P50: reports.Seconds(day), P90: reports.Seconds(4 * day), Max: reports.Seconds(4 * day), Censored: 2, LowerBounds: []string{"p90"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dwell (-want +got):\n%s", diff)
	}
}

func TestPhases(t *testing.T) {
	at := func(d time.Duration, event ses.Event) ses.Transition { return ses.Transition{At: d, Event: event} }
	for _, c := range []struct {
		name     string
		access   ses.Access // at the start
		timeline []ses.Transition
		want     []reports.Phase
	}{
		{"nothing happens", ses.Production, nil, []reports.Phase{{To: 30 * day, State: "healthy"}}},
		{"stays in the sandbox", ses.Sandbox, []ses.Transition{at(day, ses.EventDenied)}, []reports.Phase{{To: 30 * day, State: "sandbox"}}},
		{"granted", ses.Sandbox, []ses.Transition{at(day, ses.EventRequested), at(2*day, ses.EventGranted)},
			[]reports.Phase{{0, 2 * day, "sandbox"}, {2 * day, 30 * day, "healthy"}}},
		{"granted in production", ses.Production, []ses.Transition{at(day, ses.EventRequested), at(2*day, ses.EventGranted)},
			[]reports.Phase{{To: 30 * day, State: "healthy"}}},
		{"reviewed, extended, paused, appealed", ses.Production,
			[]ses.Transition{at(day, ses.EventUnderReview), at(2*day, ses.EventReviewExtended), at(3*day, ses.EventPaused), at(4*day, ses.EventAppealed), at(5*day, ses.EventHealthy)},
			[]reports.Phase{{0, day, "healthy"}, {day, 3 * day, "under review"}, {3 * day, 5 * day, "paused"}, {5 * day, 30 * day, "healthy"}}},
		{"from the first moment", ses.Production, []ses.Transition{at(0, ses.EventCustomerPaused), at(day, ses.EventCustomerResumed)},
			[]reports.Phase{{0, day, "paused by customer"}, {day, 30 * day, "healthy"}}},
		{"the customer resumes under a pause by AWS", ses.Production, []ses.Transition{at(day, ses.EventCustomerPaused), at(2*day, ses.EventPaused), at(3*day, ses.EventCustomerResumed)},
			[]reports.Phase{{0, day, "healthy"}, {day, 2 * day, "paused by customer"}, {2 * day, 30 * day, "paused"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, res := reporttest.Run(1)
			cfg.Accounts[0].Access, res.Accounts[0].Timeline = c.access, c.timeline
			r := reporttest.Of(t, cfg, res)
			if diff := cmp.Diff(c.want, r.Phases(&r.Summary.Accounts[0])); diff != "" {
				t.Errorf("phases (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	cfg, res := reporttest.Run(1)
	if err := rules.Assign(&cfg.Rules, "rep.min_eligible", int64(500)); err != nil {
		t.Fatal(err)
	}
	s := reporttest.Of(t, cfg, res).Summary
	if len(s.Parameters) != 1 || s.Parameters[0].Name != "rep.min_eligible" || s.Parameters[0].Value != "500" || s.Parameters[0].Default != "1000" {
		t.Errorf("parameters are %+v", s.Parameters)
	}
	if s.Reputation.MinEligible != 500 {
		t.Errorf("the report draws with %d eligible emails", s.Reputation.MinEligible)
	}
}

// TestPaths checks that no folder of the machine reaches the report.
func TestPaths(t *testing.T) {
	cfg, res := reporttest.Run(1)
	for given, want := range map[string]string{"/home/x/a.toml": "a.toml", `C:\x\a.toml`: "a.toml", "stale-list": "stale-list", "": ""} {
		r, err := reports.New(cfg, res, reports.Input{File: given})
		if err != nil || r.File != want {
			t.Errorf("the file %q is called %q, %v", given, r.File, err)
		}
	}
}

// TestDelayQuantiles compares the quantiles of a report with those of the
// histogram.
func TestDelayQuantiles(t *testing.T) {
	cfg, res := reporttest.Run(2)
	r := reporttest.Of(t, cfg, res)
	for i, d := range r.Delays {
		for _, q := range measure.Nines {
			if want := res.Accounts[i].Delay.Quantile(q); d.Quantile(q) != want {
				t.Errorf("%s: quantile %v is %v, want %v", d.Account, q, d.Quantile(q), want)
			}
		}
	}
}

func TestPerformance(t *testing.T) {
	h := &measure.Histogram{}
	for i := range 1000 {
		if err := h.Record(time.Duration(i+1)*time.Nanosecond, 1); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []*reports.Performance{{}, {Wall: 2 * time.Second, Virtual: 30 * day, Events: 10, Admissions: 4, Admission: h, SampleEvery: 64}} {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			SpeedUp   float64 `json:"speed_up"`
			Events    float64 `json:"events_per_second"`
			Admission struct {
				Samples     int64
				Percentiles []struct{ Percentile, NS float64 }
				HGRM        string
			} `json:"admission_latency"`
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if p.Wall == 0 {
			if got.SpeedUp != 0 || got.Admission.HGRM != "" {
				t.Errorf("without a measurement: %s", text)
			}
			continue
		}
		if got.SpeedUp != 1296000 || got.Events != 5 || got.Admission.Samples != 1000 {
			t.Errorf("figures are %+v", got)
		}
		if !strings.Contains(got.Admission.HGRM, "#[Max ") || got.Admission.Percentiles[0].NS != 500 {
			t.Errorf("the latency is %+v", got.Admission)
		}
	}
}
