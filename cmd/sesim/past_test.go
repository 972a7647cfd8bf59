package main

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/rundir"
	"sesim/reports/statistics"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// TestHistoryOrders runs a scenario that leaves open when the bad mail before the start was
// sent: a single run says what comes of each order, and everything else takes one with a
// warning.
func TestHistoryOrders(t *testing.T) {
	t.Chdir(t.TempDir())
	const open = "before the start came is not known"
	got := call(t, "run", "under-review-now", "--json", "--set", "assumptions=off")
	s, err := data.ReadSummary(strings.NewReader(got.stdout))
	if err != nil || got.code != int(exitPassed) || strings.Contains(got.stderr, open) {
		t.Fatalf("%v, exit status %d: %s", err, got.code, got.stderr)
	}
	if len(s.HistoryOrders) != 3 {
		t.Fatalf("%d orders: %+v", len(s.HistoryOrders), s.HistoryOrders)
	}
	for i, want := range []struct {
		order    string
		verdicts []string
		below    bool
		first    ses.Event
	}{
		{"even", []string{"pass", "pass"}, true, ses.EventHealthy},
		{"oldest", []string{"pass", "pass"}, true, ses.EventHealthy},
		{"newest", []string{"fail", "fail"}, false, ses.EventReviewExtended},
	} {
		o := s.HistoryOrders[i]
		a := o.Accounts[0]
		if o.Order != want.order || !cmp.Equal(o.Verdicts, want.verdicts) || (a.BounceBelow != nil) != want.below || a.First.Event != want.first {
			t.Errorf("%+v, want %+v", o, want)
		}
	}
	if even, oldest := s.HistoryOrders[0].Accounts[0].BounceBelow, s.HistoryOrders[1].Accounts[0].BounceBelow; even.Mails < 10*oldest.Mails {
		t.Errorf("below after %d mails where the bad ones are spread, after %d where they are the oldest", even.Mails, oldest.Mails)
	}
	got = call(t, "run", "under-review-now", "--json", "--set", "assumptions=off", "--set", "account.acme.history.order=newest")
	if s, err := data.ReadSummary(strings.NewReader(got.stdout)); err != nil || len(s.HistoryOrders) > 0 {
		t.Errorf("with an order: %v, %+v", err, s.HistoryOrders)
	}
	if got := call(t, "run", "under-review-now", "--quiet", "--replications", "2"); !strings.Contains(got.stderr, open) {
		t.Errorf("replications: %s", got.stderr)
	}
}

// TestBeforeTheStart looks for what an account brings along in everything that a run leaves:
// apart from what the run counts.
func TestBeforeTheStart(t *testing.T) {
	t.Chdir(t.TempDir())
	got := call(t, "run", "under-review-now", "-o", "out", "--set", "assumptions=off")
	const line = "10,000 eligible over 60 d, bounce rate 5.87%, complaint rate 0.025%"
	if got.code != int(exitPassed) || !strings.Contains(got.stdout, "  before      "+line) {
		t.Errorf("exit status %d, %s", got.code, got.stdout)
	}
	r, err := rundir.Load("out")
	if err != nil {
		t.Fatal(err)
	}
	h := r.Summary.Accounts[0].History
	if h == nil || h.Eligible != 10_000 || h.Status != "under review" || h.Used24h != 171 || h.Listed.Bounce != 590 || *h.BounceRate != 0.0587 {
		t.Errorf("history %+v", h)
	}
	if n := len(r.Past.Times); n == 0 || r.Past.Times[n-1] >= 0 || len(r.Past.Columns) != len(sim.PastMetrics) || r.Series.Times[0] != 0 {
		t.Errorf("%d times before the start, %d columns; the series begins at %v", n, len(r.Past.Columns), r.Series.Times[0])
	}
	if phases := r.Phases(&r.Summary.Accounts[0]); phases[0].State != reports.StateReview || phases[0].To != 17*unit.Day {
		t.Errorf("phases %+v", phases)
	}
	page, err := os.ReadFile("out/report.html")
	if err != nil || !strings.Contains(string(page), line) || strings.Count(string(page), "before the start") < 3 {
		t.Errorf("%v, the page does not show what was before the start", err)
	}
}

// pastFiles are the files of a scenario, by name.
type pastFiles map[string]string

func (f pastFiles) Open(name string) (io.ReadCloser, error) {
	text, ok := f[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// stretch is mail of a day to people of whom some have no address.
type stretch struct{ good, bad int }

// cutDay is when the runs of TestHistoryGoesOn are interrupted, of days in all.
const cutDay, allDays = 30, 45

var firstDay = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// daysOf loads the scenario of days, in which everybody gets one message.
func daysOf(t *testing.T, days []stretch, from, to int, history string, files pastFiles) *sim.Config {
	t.Helper()
	text := fmt.Sprintf("name = \"goes-on\"\nstart = %s\nhorizon = \"%dd\"\n[rules]\nbounce.async_share = \"0%%\"\n[[account]]\nname = \"acme\"\naccess = \"production\"\n"+
		"identities = [\"acme.example\"]\nsuppression = []\n%s", firstDay.Add(time.Duration(from)*unit.Day).Format(time.RFC3339), to-from, history)
	for name, of := range map[string]func(stretch) int{
		"good": func(d stretch) int { return d.good }, "bad": func(d stretch) int { return d.bad },
	} {
		share := map[string]string{"good": "0%", "bad": "100%"}[name]
		text += fmt.Sprintf("[[audience]]\nname = %q\nsize = 100_000\ninvalid = %q\nfeedback_loop = \"0%%\"\n[[sender]]\nname = \"to-%s\"\n"+
			"account = \"acme\"\nfrom = \"news@acme.example\"\naudience = %q\ntraffic = { kind = \"trace\", file = %q }\n", name, share, name, name, name)
		var rows strings.Builder
		next := 0
		for day, d := range days {
			n := of(d)
			for i := range n {
				if next++; day >= from && day < to {
					at := time.Duration(day-from)*unit.Day + time.Duration(i)*(unit.Day/time.Duration(n))
					fmt.Fprintf(&rows, "%s,%s-%d@%s.example\n", unit.FormatDuration(at.Truncate(time.Second)), name, next, name)
				}
			}
		}
		files[name] = rows.String()
	}
	cfg, err := scenarios.LoadWith(files, "goes-on.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// TestHistoryGoesOn interrupts runs on day 30 and goes on with nothing but --statistics
// and the account's status: the bounce rate is as in the run that goes through, and so
// are the changes of status.
func TestHistoryGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds")
	}
	either := func(is bool, yes, no int) int {
		if is {
			return yes
		}
		return no
	}
	for name, day := range map[string]func(i int) stretch{
		"steady":    func(int) stretch { return stretch{970, 30} },
		"recovers":  func(i int) stretch { return stretch{900, either(i < 18, 80, 5)} },
		"worsens":   func(i int) stretch { return stretch{900, either(i < 31, 10, 150)} },
		"campaigns": func(i int) stretch { return stretch{either(i%5 == 0, 8_000, 200), i} },
		"rises":     func(i int) stretch { return stretch{700 + 10*i, 2 * i} },
	} {
		t.Run(name, func(t *testing.T) {
			var days []stretch
			for i := range allDays {
				days = append(days, day(i))
			}
			through := goOn(t, daysOf(t, days, 0, allDays, "", pastFiles{}), nil)
			first := daysOf(t, days, 0, cutDay, "", pastFiles{})
			counts := statistics.New(first)
			before := goOn(t, first, counts)
			var csv strings.Builder
			if err := counts.Write(&csv, before.End); err != nil {
				t.Fatal(err)
			}
			history := "[account.history]\nfile = \"statistics.csv\"\n"
			if before.Accounts[0].Enforcement == ses.Probation {
				begun := before.Accounts[0].Timeline[len(before.Accounts[0].Timeline)-1].At // of its last period
				history += fmt.Sprintf("status = \"under-review\"\nsince = %q\n", unit.FormatDuration(before.End-begun))
			}
			rest := goOn(t, daysOf(t, days, cutDay, allDays, history, pastFiles{"statistics.csv": csv.String()}), nil)
			compareRuns(t, through, rest)
		})
	}
}

func goOn(t *testing.T, cfg *sim.Config, observer sim.Observer) *sim.Result {
	t.Helper()
	result, err := engine.Run(*cfg, sim.Hooks{Observer: observer})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// compareRuns compares the bounce rates and the changes of status from the cut on.
func compareRuns(t *testing.T, through, rest *sim.Result) {
	t.Helper()
	const cut = cutDay * unit.Day
	rates := map[time.Duration]float64{}
	for i, at := range rest.Series.Times {
		rates[at+cut] = rest.Series.Columns[0].Values[i]
	}
	compared := 0
	for i, at := range through.Series.Times {
		if got, sampled := rates[at]; sampled && at > cut {
			compared++
			if want := through.Series.Columns[0].Values[i]; math.Abs(got-want) > 0.0002 {
				t.Errorf("at %v the bounce rate is %.4f%%, want %.4f%%", at, 100*got, 100*want)
			}
		}
	}
	if compared < 100 {
		t.Errorf("%d samples compared", compared)
	}
	var want []string
	for _, line := range through.Accounts[0].Timeline {
		if line.At >= cut {
			want = append(want, fmt.Sprint(line.At-cut, line.Event))
		}
	}
	var got []string
	for _, line := range rest.Accounts[0].Timeline {
		got = append(got, fmt.Sprint(line.At, line.Event))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes of status (- through, + from the cut):\n%s", diff)
	}
}

// TestContactedPredicts compares the second campaign of a run, a week after the first,
// with the first campaign of one that says contacted = "7d".
func TestContactedPredicts(t *testing.T) {
	share := func(keys, horizon string) float64 {
		cfg, err := scenarios.Load("c.toml", []byte(`name = "c"
horizon = "`+horizon+`"
[[account]]
name = "acme"
access = "production"
identities = ["acme.example"]
[[audience]]
name = "list"
size = 20_000
decay = "2.1%/30d"
`+keys+`
[[sender]]
name = "news"
account = "acme"
from = "news@acme.example"
audience = "list"
traffic = { kind = "campaign", every = "7d", pace = "12/s" }
`))
		if err != nil {
			t.Fatal(err)
		}
		a := goOn(t, cfg, nil).Accounts[0]
		return float64(a.HardBounced) / float64(a.Accepted)
	}
	came, predicted := 2*share("", "8d"), share(`contacted = "7d"`, "1d") // nobody of the first campaign bounces
	if came == 0 || math.Abs(predicted/came-1) > 0.15 {
		t.Errorf("a share of %.4f%% bounces, predicted %.4f%%", 100*came, 100*predicted)
	}
}
