package replicate_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/stat/distuv"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/measure"
	"sesim/sim/replicate"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// judged adds thresholds to a scenario.
func judged(t *testing.T, cfg sim.Config, expressions ...string) sim.Config {
	t.Helper()
	for _, text := range expressions {
		c, err := criteria.Parse(text, cfg.Metric)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Thresholds = append(cfg.Thresholds, c)
	}
	return cfg
}

// records runs replications and stores what is kept of them as JSON.
func records(t *testing.T, cfg sim.Config, f *replicate.Frame, first, n int) [][]byte {
	t.Helper()
	var list [][]byte
	err := replicate.Run(t.Context(), cfg, first, n, 2, func(i int, r *sim.Result) error {
		text, err := json.Marshal(f.Record(&cfg, i, r))
		list = append(list, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sampled adds stored records to a sample.
func sampled(t *testing.T, f replicate.Frame, list [][]byte) *replicate.Sample {
	t.Helper()
	s := replicate.NewSample(f)
	for _, text := range list {
		var r replicate.Record
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatal(err)
		}
		if err := s.Add(&r); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// TestSampleKeeps runs a scenario twenty times and checks what the sample says
// against the results themselves, after the records were stored and read.
func TestSampleKeeps(t *testing.T) {
	cfg := day(t)
	f := replicate.NewFrame(&cfg, true, replicate.Fixed(20))
	s := sampled(t, f, records(t, cfg, &f, 0, 20))

	var bounced []float64
	stays, calls, last := int64(0), int64(0), []float64{}
	err := replicate.Run(t.Context(), cfg, 0, 20, 1, func(_ int, r *sim.Result) error {
		v, _ := r.Value(&cfg, "acme.hard_bounced")
		bounced = append(bounced, v)
		stays += r.Global.Dwell.Stays
		calls += r.Accounts[0].Delay.Count()
		listed := r.Series.Find("", "global_listed").Values
		last = append(last, listed[len(listed)-1])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bounced, s.Values("acme.hard_bounced")); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	figure, ok := s.Figure("acme.hard_bounced", 0.95)
	if want := replicate.Mean(bounced, 0.95).Clip(0, math.Inf(1)); !ok || figure.Mean != want || figure.Max != slices.Max(bounced) {
		t.Errorf("figure %+v, want the mean %+v", figure, want)
	}
	if got := s.Dwell(); got.Stays != stays || stays == 0 {
		t.Errorf("%d stays, want %d", got.Stays, stays)
	}
	if got := s.Delays(0).Count(); got != calls {
		t.Errorf("%d delays, want %d", got, calls)
	}
	times, bands := s.Bands(0.95)
	listed := bands[len(bands)-1]
	if len(times) != replicate.MaxInstants || times[len(times)-1] != cfg.Horizon || listed.Metric != "global_listed" || listed.N != 20 {
		t.Fatalf("%d instants to %v, last band %+v", len(times), times[len(times)-1], listed.Curve)
	}
	end := len(times) - 1
	if want := replicate.Mean(last, 0.95).Value; math.Abs(listed.Mean[end]-want) > 1e-9 || listed.Low[end] > want || listed.High[end] < want {
		t.Errorf("at the end %v (%v to %v) addresses are listed, want %v", listed.Mean[end], listed.Low[end], listed.High[end], want)
	}
}

// TestSampleOrder wants records to be added in order, and to fit.
func TestSampleOrder(t *testing.T) {
	cfg := day(t)
	f := replicate.NewFrame(&cfg, true, replicate.Fixed(3))
	list := records(t, cfg, &f, 0, 3)
	var first, second replicate.Record
	for i, r := range []*replicate.Record{&first, &second} {
		if err := json.Unmarshal(list[i], r); err != nil {
			t.Fatal(err)
		}
	}
	s := replicate.NewSample(f)
	if err := s.Add(&second); err == nil {
		t.Error("replication 1 was added first")
	}
	short := first
	short.Values = short.Values[1:]
	if err := s.Add(&short); err == nil {
		t.Error("a record with too few figures was added")
	}
	if err := s.Add(&first); err != nil {
		t.Error(err)
	}
	later := second
	later.Times = later.Times[1:]
	if err := s.Add(&later); err == nil {
		t.Error("a record with other instants was added")
	}
}

// TestFrameOfMany checks that of very many accounts only what is asked for is
// kept: memory must not grow with them and with the replications.
func TestFrameOfMany(t *testing.T) {
	cfg := day(t)
	for range replicate.MaxOwners {
		cfg.Accounts = append(cfg.Accounts, cfg.Accounts[0])
	}
	cfg = judged(t, cfg, "acme.accepted > 10", "acme.accepted > 20")
	f := replicate.NewFrame(&cfg, true, replicate.Rule{Metric: "mail.messages"})
	var names []string
	for _, m := range f.Metrics {
		names = append(names, m.Name)
	}
	want := append([]string{"acme.accepted", "mail.messages"}, (&sim.Config{}).Metrics()...)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(f.Accounts) != replicate.MaxCurves {
		t.Errorf("curves of %d accounts", len(f.Accounts))
	}
}

// made returns a sample in which two metrics have these values, a time to an
// event and one that is not, under thresholds.
func made(t *testing.T, values []float64, expressions ...string) *replicate.Sample {
	t.Helper()
	return bounded(t, 0, values, expressions...)
}

// bounded is made where the thresholds' metrics are known to exceed a bound in
// replications without data.
func bounded(t *testing.T, bound replicate.Number, values []float64, expressions ...string) *replicate.Sample {
	t.Helper()
	cfg := judged(t, day(t), expressions...)
	f := replicate.NewFrame(&cfg, false, replicate.Fixed(len(values)))
	s := replicate.NewSample(f)
	at := slices.IndexFunc(f.Metrics, func(m replicate.Metric) bool { return m.Name == "acme.time_to.paused" })
	delay := slices.IndexFunc(f.Metrics, func(m replicate.Metric) bool { return m.Name == "acme.delay.max" })
	hit := slices.IndexFunc(f.Metrics, func(m replicate.Metric) bool { return m.Name == "acme.count.paused" })
	for i, v := range values {
		r := replicate.Record{Replication: i, Values: make([]replicate.Number, len(f.Metrics))}
		r.Values[at], r.Values[delay] = replicate.Number(v), replicate.Number(v)
		if !math.IsNaN(v) {
			r.Values[hit] = 1
		} else if bound > 0 {
			r.Beyond = slices.Repeat([]replicate.Number{bound}, len(f.Thresholds))
		}
		if err := s.Add(&r); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestJudge(t *testing.T) {
	none := math.NaN()
	around := []float64{58, 60, 62} // mean 60, 55.03 to 64.97
	for _, c := range []struct {
		name       string
		values     []float64
		expression string
		want       criteria.Verdict
		hits       int
	}{
		{"the interval is below", around, "acme.time_to.paused < 65s", criteria.Pass, 3},
		{"the interval is above", around, "acme.time_to.paused < 55s", criteria.Fail, 0},
		{"the interval is across", around, "acme.time_to.paused < 61s", criteria.Inconclusive, 2},
		{"the mean decides, not each", around, "acme.time_to.paused > 54s", criteria.Pass, 3},
		{"exact in all", []float64{60, 60}, "acme.time_to.paused == 60s", criteria.Pass, 2},
		{"exact in most", []float64{60, 60, 61}, "acme.time_to.paused == 60s", criteria.Fail, 2},
		{"other in all", around, "acme.time_to.paused != 61s", criteria.Pass, 3},
		{"no data", []float64{none, none}, "acme.delay.max < 65s", criteria.Inconclusive, 0},
		{"some without data", []float64{58, 60, 62, none}, "acme.delay.max < 65s", criteria.Inconclusive, 3},
		{"some without data, and failed", []float64{58, 60, 62, none}, "acme.delay.max < 5s", criteria.Fail, 0},
		{"too few for an interval", []float64{60, none}, "acme.delay.max < 65s", criteria.Inconclusive, 1},
		{"one replication", []float64{60}, "acme.time_to.paused < 65s", criteria.Pass, 1},
		{"one replication failed", []float64{60}, "acme.time_to.paused < 55s", criteria.Fail, 0},
		{"one replication without data", []float64{none}, "acme.delay.max < 55s", criteria.Inconclusive, 0},
	} {
		got := made(t, c.values, c.expression).Judge(0.95)[0]
		if got.Verdict != c.want || got.Hits != c.hits || got.Held.N != len(c.values) {
			t.Errorf("%s: %v, held in %d of %d; want %v, %d", c.name, got.Verdict, got.Hits, got.Held.N, c.want, c.hits)
		}
	}
}

// In a replication without the event its time counts as the horizon, 100 s,
// which makes the mean a lower bound.
func TestJudgeNever(t *testing.T) {
	never := math.NaN()
	some := []float64{58, 60, 62, never, never} // mean at least 76, 48.7 to 103.3
	for _, c := range []struct {
		name       string
		values     []float64
		expression string
		want       criteria.Verdict
		hits       int
	}{
		{"never", []float64{never}, "acme.time_to.paused > 100s", criteria.Pass, 1},
		{"never, and a limit above the horizon", []float64{never}, "acme.time_to.paused > 101s", criteria.Inconclusive, 0},
		{"never in all", []float64{never, never, never}, "acme.time_to.paused > 100s", criteria.Pass, 3},
		{"never in all, below", []float64{never, never, never}, "acme.time_to.paused < 100s", criteria.Fail, 0},
		{"the lower bound is above", some, "acme.time_to.paused > 45s", criteria.Pass, 5},
		{"the lower bound is above, which fails", some, "acme.time_to.paused < 45s", criteria.Fail, 0},
		{"the lower bound is across", some, "acme.time_to.paused > 61s", criteria.Inconclusive, 3},
		{"a lower bound fails nothing above", some, "acme.time_to.paused > 110s", criteria.Inconclusive, 0},
		{"a lower bound passes nothing below", some, "acme.time_to.paused < 110s", criteria.Inconclusive, 3},
		{"other in all", some, "acme.time_to.paused != 61s", criteria.Pass, 5},
		{"exact in some", some, "acme.time_to.paused == 60s", criteria.Fail, 1},
	} {
		s := bounded(t, 100, c.values, c.expression)
		if got := s.Judge(0.95)[0]; got.Verdict != c.want || got.Hits != c.hits {
			t.Errorf("%s: %v, held in %d of %d; want %v, %d", c.name, got.Verdict, got.Hits, got.Held.N, c.want, c.hits)
		}
	}
}

// A record has of each threshold what a run without its event says, and keeps it
// in JSON; what never happens too.
func TestRecordBeyond(t *testing.T) {
	cfg := sim.Config{
		Horizon: 100 * time.Second, Accounts: []sim.Account{{Name: "acme"}}, Senders: []sim.Sender{{Name: "news"}},
	}
	cfg = judged(t, cfg, "acme.time_to.paused > 1s", "acme.delay.max > 1s", "news.campaign_time.max > 1s", "news.campaign_time.p50 > 1s")
	f := replicate.NewFrame(&cfg, false, replicate.Fixed(2))
	r := f.Record(&cfg, 0, &sim.Result{
		End: cfg.Horizon, Accounts: []sim.AccountResult{{Delay: &measure.Histogram{}}},
		Senders: []sim.SenderResult{{Campaigns: []sim.CampaignResult{{Length: 30 * time.Second, End: sim.Cut}, {End: sim.Lost}}}},
	})
	text, err := json.Marshal(r)
	var back replicate.Record
	if err := errors.Join(err, json.Unmarshal(text, &back)); err != nil {
		t.Fatal(err)
	}
	if want := []replicate.Number{100, 0, replicate.Number(math.Inf(1)), 30}; !slices.Equal(back.Beyond, want) {
		t.Errorf("the thresholds' metrics are beyond %v, want %v, from %s", back.Beyond, want, text)
	}
}

// A campaign that lost mail is longer than any other: one such replication makes
// the mean infinite.
func TestJudgeLost(t *testing.T) {
	none := math.NaN()
	for _, c := range []struct {
		values     []float64
		expression string
		want       criteria.Verdict
	}{
		{[]float64{60, 60, none}, "acme.time_to.paused < 100d", criteria.Fail},
		{[]float64{60, 60, none}, "acme.time_to.paused > 100d", criteria.Pass},
		{[]float64{none}, "acme.time_to.paused < 100d", criteria.Fail},
		{[]float64{none, none}, "acme.time_to.paused >= 100d", criteria.Pass},
		{[]float64{60, none}, "acme.time_to.paused == 60s", criteria.Fail},
	} {
		got := bounded(t, replicate.Number(math.Inf(1)), c.values, c.expression).Judge(0.95)[0]
		if got.Verdict != c.want || !got.Never {
			t.Errorf("%s of %v: %v, never %v; want %v", c.expression, c.values, got.Verdict, got.Never, c.want)
		}
	}
}

func TestEvents(t *testing.T) {
	s := made(t, []float64{3600, math.NaN(), 7200, math.NaN()})
	events := s.Events(0.95)
	i := slices.IndexFunc(events, func(e replicate.Event) bool { return e.Name == ses.EventPaused })
	if i < 0 {
		t.Fatal("no event is named paused")
	}
	e := events[i]
	if e.Account != "acme" || e.Hits != 2 || e.Probability != replicate.Proportion(2, 4, 0.95) || e.First.Mean.Value != 5400 || e.First.Mean.N != 2 {
		t.Errorf("%+v", e)
	}
}

// TestSimulatedCoverage replicates a scenario whose answer is known 1,000
// times over: the messages of a minute are Poisson. Delays are constant, which
// makes no difference here and runs quickly.
func TestSimulatedCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("20,000 runs")
	}
	cfg := day(t)
	cfg.Horizon, cfg.Audiences[0].Size = time.Minute, 10
	cfg.Senders[0].Traffic.Rate = unit.Rate{N: 40, Per: time.Minute}
	d := &cfg.Rules.Delay
	for _, spread := range []*unit.Spread{&d.Delivery, &d.Bounce, &d.Async, &d.Complaint, &d.Publish} {
		*spread = unit.Spread{Median: time.Minute, Upper: time.Minute, Tail: 95}
	}
	many := 1 - distuv.Poisson{Lambda: 40}.CDF(44)
	const sample = 20
	means, shares, values, hits := 0, 0, []float64{}, 0
	err := replicate.Run(t.Context(), cfg, 0, experiments*sample, 2, func(i int, r *sim.Result) error {
		v, _ := r.Value(&cfg, "mail.messages")
		values = append(values, v)
		if v > 44 {
			hits++
		}
		if len(values) < sample {
			return nil
		}
		if of := replicate.Mean(values, 0.95); of.Low <= 40 && 40 <= of.High {
			means++
		}
		if of := replicate.Proportion(hits, sample, 0.95); of.Low <= many && many <= of.High {
			shares++
		}
		values, hits = values[:0], 0
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantCovered(t, means)
	wantCovered(t, shares)
}

// TestNumber stores numbers and reads them back.
func TestNumber(t *testing.T) {
	want := []replicate.Number{0, -1.5, 1e300, 5e-324, 0.1, replicate.Number(math.NaN())}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got []replicate.Number
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.Transformer("", func(n replicate.Number) float64 { return float64(n) }), cmpopts.EquateNaNs()); diff != "" || !bytes.Contains(text, []byte("null")) {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}
