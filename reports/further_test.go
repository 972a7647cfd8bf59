package reports_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/reports/data"
	"sesim/reports/html"
	"sesim/reports/internal/reporttest"
	"sesim/reports/openmetrics"
	"sesim/reports/rundir"
	"sesim/reports/text"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// furtherTable is the shipped table with rows that it does not have: one in an
// object that summary.json has anyway, one in an object of its own, and one
// beside the other keys.
var furtherTable = func() *sim.FigureTable {
	shipped := (*sim.FigureTable)(nil).Rows()
	burst := sim.FigureInfo{Name: "bounce_rate.burst", Kind: criteria.Share, Unit: "ratio", Help: "bounce rate of the worst hour"}
	pause := sim.FigureInfo{Name: "pause.longest", Kind: criteria.Duration, Unit: "seconds", Help: "longest pause of the sender"}
	peak := sim.FigureInfo{Name: "peak", Kind: criteria.Count, Unit: "addresses", Help: "most addresses listed at once"}
	return &sim.FigureTable{
		Account: append(slices.Clone(shipped.Account), sim.Figure[sim.AccountResult]{FigureInfo: burst,
			Of: func(a *sim.AccountResult) (float64, bool) { return float64(a.MaxRate) / 64, a.Bounce.Data }}),
		Sender: append(slices.Clone(shipped.Sender), sim.Figure[sim.SenderResult]{FigureInfo: pause,
			Of: func(s *sim.SenderResult) (float64, bool) { return float64(s.Messages), true }}),
		Global: append(slices.Clone(shipped.Global), sim.Figure[sim.GlobalResult]{FigureInfo: peak,
			Of: func(g *sim.GlobalResult) (float64, bool) { return float64(10 * g.Added), true }}),
	}
}()

// furtherRun is a run of one account that is to be told by furtherTable.
func furtherRun(t *testing.T, rate int64) (*sim.Config, *sim.Result) {
	t.Helper()
	cfg, res := reporttest.Run(1)
	cfg.Figures = furtherTable
	res.Accounts[0].MaxRate, res.Senders[0].Messages, res.Global.Added = rate, 7260, 123
	for _, expression := range []string{"acme.bounce_rate.burst > 1%", "acme-news.pause.longest < 1h", "global_list.peak == 1230"} {
		c, err := criteria.Parse(expression, cfg.Metric)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Thresholds = append(cfg.Thresholds, c)
	}
	return cfg, res
}

// find fails where one of the patterns is not in what is written.
func find(t *testing.T, output string, write func(io.Writer) error, patterns ...string) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatalf("%s: %v", output, err)
	}
	for _, p := range patterns {
		if !regexp.MustCompile(p).Match(b.Bytes()) {
			t.Errorf("%s: nothing matches %s in\n%.3000s", output, p, b.Bytes())
		}
	}
}

// TestFurtherFigure hands every output a table of figures with rows more, and
// finds the figures in each: in thresholds, summary.json (from where they are
// read back), figures.csv, OpenMetrics, the text, the page and a comparison.
// No code but those rows knows of them.
func TestFurtherFigure(t *testing.T) {
	cfg, res := furtherRun(t, 16)
	r := reporttest.Of(t, cfg, res)
	for i, want := range []string{"pass 0.25", "fail 7260", "pass 1230"} {
		th := r.Summary.Thresholds[2+i]
		if got := fmt.Sprint(th.Verdict, " ", *th.Value); got != want {
			t.Errorf("threshold %s: %s, want %s", th.Expression, got, want)
		}
	}

	var summary bytes.Buffer
	if err := data.WriteSummary(&summary, &r.Summary); err != nil {
		t.Fatal(err)
	}
	var at struct {
		Accounts []struct {
			Rate struct{ Final, Burst float64 } `json:"bounce_rate"`
		}
		Senders []struct{ Pause struct{ Longest float64 } }
		Global  struct{ Peak float64 } `json:"global_list"`
	}
	if err := json.Unmarshal(summary.Bytes(), &at); err != nil {
		t.Fatal(err)
	}
	if a := at.Accounts[0].Rate; a.Burst != 0.25 || a.Final != res.Accounts[0].Bounce.Final || at.Senders[0].Pause.Longest != 7260 || at.Global.Peak != 1230 {
		t.Errorf("summary.json has %+v", at)
	}

	dir := filepath.Join(t.TempDir(), "run")
	if err := rundir.Write(dir, r, nil, false); err != nil {
		t.Fatal(err)
	}
	back, err := rundir.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	back.Table = furtherTable
	if diff := cmp.Diff(r.Figures(), back.Figures()); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	for _, run := range []*reports.Report{r, back} {
		find(t, "figures.csv", func(w io.Writer) error { return data.WriteFigures(w, run) },
			`\nacme,bounce_rate.burst,share,0.25\n`, `\nacme-news,pause.longest,duration,7260\n`, `\nglobal_list,peak,count,1230\n`)
		find(t, "OpenMetrics", func(w io.Writer) error { return openmetrics.Write(w, run) },
			`# UNIT sesim_bounce_rate_burst_ratio ratio\n# HELP \S+ bounce rate of the worst hour\nsesim_bounce_rate_burst_ratio\{.*account="acme"\} 0.25 `,
			`\nsesim_sender_pause_longest_seconds\{.*account="acme",sender="acme-news"\} 7260 `, `\nsesim_global_list_peak_addresses\{.*\} 1230 `)
		find(t, "text", func(w io.Writer) error { return text.Write(w, run, text.Style{}) },
			`acme.bounce_rate.burst: 25% \(bounce rate of the worst hour\)`, `acme-news.pause.longest: 2 h 1 min`, `global_list.peak: 1,230`)
		find(t, "page", func(w io.Writer) error { return html.Write(w, run, nil) },
			`<th scope="row">bounce rate of the worst hour</th><td>25%</td>`, `longest pause of the sender</th></tr>(?s).*<td>2 h 1 min</td></tr>`,
			`most addresses listed at once</th><td>1,230</td>`)
	}
	written, err := os.ReadFile(filepath.Join(dir, "figures.csv"))
	if err != nil || !strings.Contains(string(written), "acme,bounce_rate.burst,share,0.25\n") {
		t.Errorf("the run's folder has no such figure: %v", err)
	}

	other := reporttest.Of(t, cfg, withRate(t, 32))
	c := compare.New([]*compare.Side{side(t, "a", r), side(t, "b", other)}, nil, nil)
	find(t, "comparison.json", func(w io.Writer) error { return compare.WriteJSON(w, c) }, `"metric": "acme.bounce_rate.burst",\s+"kind": "share",\s+"values": \[\s+0.25,\s+0.5\s+\]`)
	find(t, "comparison", func(w io.Writer) error { return compare.WriteText(w, c) }, `acme.bounce_rate.burst +25% +50% +\+25 pp`)
	find(t, "changes.csv", func(w io.Writer) error { return data.WriteComparison(w, c) }, `\nacme,bounce_rate.burst,share,b,0.5,0.25,`)
}

// TestFurtherFigureReplicated is TestFurtherFigure for replications.
func TestFurtherFigureReplicated(t *testing.T) {
	cfg, res := furtherRun(t, 16)
	r := reporttest.Of(t, cfg, res)
	rule := replicate.Fixed(3)
	frame := replicate.NewFrame(cfg, true, rule)
	sample := replicate.NewSample(frame)
	for i, rate := range []int64{16, 32, 48} {
		record := frame.Record(cfg, i, withRate(t, rate))
		if err := sample.Add(&record); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Replicate(sample, rule); err != nil {
		t.Fatal(err)
	}
	find(t, "summary.json", func(w io.Writer) error { return data.WriteSummary(w, &r.Summary) },
		`"metric": "acme.bounce_rate.burst",\s+"kind": "share",\s+"data": 3,\s+"mean": \{\s+"value": 0.5,`)
	find(t, "replications.csv", func(w io.Writer) error { return data.WriteValues(w, &r.Values) },
		`\n0,acme,bounce_rate.burst,0.25\n1,acme,bounce_rate.burst,0.5\n2,acme,bounce_rate.burst,0.75\n`)
	find(t, "text", func(w io.Writer) error { return text.Write(w, r, text.Style{}) }, `  bounce_rate.burst +50% \(`, `  pause.longest +2 h 1 min \(the same in all\)`, `  peak +1,230 \(the same in all\)`)
	find(t, "page", func(w io.Writer) error { return html.Write(w, r, nil) }, `<th scope="row">acme.bounce_rate.burst</th><td>50%`)
	find(t, "Markdown", func(w io.Writer) error { return text.WriteMarkdown(w, r) }, `\| acme.bounce\\_rate.burst \| 50% \(`)
	c := compare.New([]*compare.Side{side(t, "a", r), side(t, "b", r)}, nil, nil)
	if mean, ok := c.Estimate(1, "acme.bounce_rate.burst"); !ok || *mean.Value != 0.5 {
		t.Errorf("compared, the mean is %v", mean.Value)
	}
}

func withRate(t *testing.T, rate int64) *sim.Result {
	_, res := furtherRun(t, rate)
	return res
}

func side(t *testing.T, label string, r *reports.Report) *compare.Side {
	t.Helper()
	s, err := compare.Of(label, r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFurtherFigureOmitted hands reports a table whose rows have no data: it is
// missing in the summary, and not zero.
func TestFurtherFigureOmitted(t *testing.T) {
	cfg, res := furtherRun(t, 16)
	res.Accounts[0].Bounce.Data = false
	r := reporttest.Of(t, cfg, res)
	if _, ok := r.Summary.Accounts[0].More["bounce_rate.burst"]; ok {
		t.Errorf("the account has %v", r.Summary.Accounts[0].More)
	}
	find(t, "page", func(w io.Writer) error { return html.Write(w, r, nil) }, `<th scope="row">bounce rate of the worst hour</th><td>–</td>`)
}
