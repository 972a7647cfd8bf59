package scenarios_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
)

// scene is a scenario of one sender in few words.
type scene struct {
	rate       int64  // the account's maximum send rate; 0: 14
	mails      int64  // size of the audience
	traffic    string // "": the campaign is due whole
	client     string // as the scenario has it; "": none
	recipients string // "": 1
	horizon    string // "": 100d
	more       string // lines at the top
	seed       uint64 // 0: 1
	quota      string // of the account; "": unlimited
}

// text writes the scenario.
func (s scene) text() string {
	or := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return text
	}
	text := fmt.Sprintf("name = \"scene\"\nhorizon = %q\nseed = %d\n%s\n", or(s.horizon, "100d"), max(s.seed, 1), s.more) +
		fmt.Sprintf("[[account]]\nname = \"a\"\nregion = \"us-east-1\"\naccess = \"production\"\nquota = %s\nrate = %d\n",
			or(s.quota, "-1"), max(s.rate, 0)+14*(1-min(max(s.rate, 0), 1))) +
		"identities = [\"a.example\"]\n" +
		fmt.Sprintf("[[audience]]\nname = \"p\"\nsize = %d\n", s.mails) +
		fmt.Sprintf("[[sender]]\nname = \"s\"\naccount = \"a\"\nfrom = \"news@a.example\"\naudience = \"p\"\nrecipients = %s\ntraffic = { %s }\n",
			or(s.recipients, "1"), or(s.traffic, `kind = "campaign"`))
	if s.client != "" {
		text += "client = " + s.client + "\n"
	}
	return text
}

// outcome is what became of a scene.
type outcome struct {
	*sim.Result
	gaveUp float64 // mean seconds from when a message was due to its last refusal
}

func (s scene) run(t *testing.T) outcome {
	t.Helper()
	cfg, err := scenarios.Load("scene.toml", []byte(s.text()))
	if err != nil {
		t.Fatalf("%v\n%s", err, s.text())
	}
	r, err := engine.Run(*cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	if o := &r.Senders[0]; o.Due != o.Accepted+o.GivenUp+o.Waiting {
		t.Errorf("%d due, %d accepted, %d given up, %d waiting\n%s", o.Due, o.Accepted, o.GivenUp, o.Waiting, s.text())
	}
	return outcome{Result: r}
}

// watched is run with the last refusal of each message.
func (s scene) watched(t *testing.T) outcome {
	t.Helper()
	cfg, err := scenarios.Load("scene.toml", []byte(s.text()))
	if err != nil {
		t.Fatalf("%v\n%s", err, s.text())
	}
	last := &lastRefusals{at: map[int64]time.Duration{}}
	r, err := engine.Run(*cfg, sim.Hooks{Observer: last})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.
	for _, at := range last.at {
		sum += at.Seconds()
	}
	return outcome{r, sum / float64(len(last.at))}
}

// lastRefusals notes when each message was refused last.
type lastRefusals struct{ at map[int64]time.Duration }

// Observe implements sim.Observer.
func (l *lastRefusals) Observe(r *sim.Record) {
	if r.Kind == sim.Refused {
		l.at[r.Message] = r.At
	}
}

func (o outcome) sender() *sim.SenderResult { return &o.Senders[0] }

func (o outcome) accepted() float64 { return float64(o.sender().Accepted) }

func (o outcome) refused() float64 { return float64(o.sender().Refused[ses.RefusedRate]) }

// refusedShare is per cent of the calls for the first time.
func (o outcome) refusedShare() float64 {
	return 100 * o.refused() / float64(o.sender().Recipients)
}

// seconds is how long the campaign took.
func (o outcome) seconds() float64 { return o.sender().Campaigns[0].Length.Seconds() }

// perSecond is calls a second over the campaign.
func (o outcome) perSecond() float64 { return float64(o.sender().Requests) / o.seconds() }

func (o outcome) first() float64 { return o.Accounts[0].Refusals[0].At.Seconds() }

// truth is one comparison: a figure that was observed or computed, and the scene's.
type truth struct {
	row         string
	what        string
	want        float64
	got         func(t *testing.T) float64
	least, most float64
}

// near allows a share of what is wanted on either side.
func near(want, share float64) (least, most float64) {
	return want - share*math.Abs(want), want + share*math.Abs(want)
}

// about is a truth within a share.
func about(row, what string, want, share float64, got func(t *testing.T) float64) truth {
	least, most := near(want, share)
	return truth{row, what, want, got, least, most}
}

// by is a truth within a number.
func by(row, what string, want, by float64, got func(t *testing.T) float64) truth {
	return truth{row, what, want, got, want - by, want + by}
}

// of returns a figure of a scene.
func of(s scene, figure func(outcome) float64) func(t *testing.T) float64 {
	return func(t *testing.T) float64 { t.Helper(); return figure(s.run(t)) }
}

// mean returns the mean of a figure over ten seeds.
func mean(s scene, figure func(outcome) float64) func(t *testing.T) float64 {
	return meanOver(10, s, figure)
}

func meanOver(seeds uint64, s scene, figure func(outcome) float64) func(t *testing.T) float64 {
	return func(t *testing.T) float64 {
		t.Helper()
		sum := 0.
		for seed := range seeds {
			s.seed = seed + 1
			sum += figure(s.run(t))
		}
		return sum / float64(seeds)
	}
}

// TestClientsAsObserved compares scenarios with what was reported of real clients and
// what theory says, and prints the table.
func TestClientsAsObserved(t *testing.T) {
	if testing.Short() {
		t.Skip("needs millions of calls")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-4s %-66s %12s %12s  %s\n", "row", "figure", "wanted", "simulated", "allowed")
	for _, c := range truths() {
		got := c.got(t)
		fmt.Fprintf(&b, "%-4s %-66s %12.6g %12.6g  %.6g to %.6g\n", c.row, c.what, c.want, got, c.least, c.most)
		if !(got >= c.least && got <= c.most) {
			t.Errorf("row %s, %s: %.6g, want %.6g to %.6g", c.row, c.what, got, c.least, c.most)
		}
	}
	t.Log("\n" + b.String())
}

func truths() (list []truth) {
	for _, part := range [][]truth{listmonks(), openLoads(), sdks(), limiters(), pools()} {
		list = append(list, part...)
	}
	return list
}

// listmonks: workers that rest, and what half of a newsletter meets.
func listmonks() []truth {
	resting := func(m int) scene {
		return scene{mails: 100_000, rate: 1000,
			client: fmt.Sprintf(`{ preset = "listmonk", workers = 25, rest = { after = %d }, latency = "1s", stop = "never", connection = { max = 25 } }`, m)}
	}
	list := []truth{
		about("1", "listmonk 25 x 2, calls a second", 16.68, 0.01, of(resting(2), outcome.perSecond)),
		about("1", "listmonk 25 x 1, calls a second", 12.5, 0.01, of(resting(1), outcome.perSecond)),
	}
	for _, mails := range []int64{1000, 20_000} {
		figure := of
		if mails == 1000 { // of so few a seed is too much of a draw
			figure = mean
		}
		for _, latency := range []string{"0.25s", "0.27s", "0.29s"} {
			s := scene{mails: mails, client: `{ preset = "listmonk", stop = "never", latency = { mean = "` + latency + `", sigma = 0.3 } }`}
			list = append(list, truth{"2", fmt.Sprintf("listmonk's defaults, %d mails at %s: per cent lost", mails, latency), 50,
				figure(s, func(o outcome) float64 { return 100 * float64(o.sender().GivenUp) / float64(mails) }), 45, 55})
		}
	}
	return list
}

// openLoads: nothing limits the calls.
func openLoads() []truth {
	paced := func(mails, rate, load int64) scene {
		return scene{mails: mails, rate: rate, traffic: fmt.Sprintf(`kind = "campaign", pace = "%d/s"`, load), client: `"nodemailer"`}
	}
	bursts := func(client string) scene {
		return scene{mails: 30, horizon: "66s", traffic: `kind = "campaign", pace = "1000/s", every = "2s"`, client: client}
	}
	list := []truth{
		by("3", "1,352 mails at 33 a second on 14: accepted", 588, 7, of(paced(1352, 14, 33), outcome.accepted)),
		by("4", "pushes at 13 a second on 14, timers: refused", 0, 0, of(paced(1000, 14, 13), outcome.refused)),
		by("4", "pushes at 20 a second on 14, timers: refused of 1,000", 286, 1, of(paced(1000, 14, 20), outcome.refused)),
		{"4", "bursts of 30 each 2 s on 14: refused", 1, of(bursts(`"nodemailer"`), outcome.refused), 1, 990},
		by("4", "the same, starts 1/14 s apart: refused", 0, 0,
			of(bursts(`{ preset = "nodemailer", limiter = { n = 14 } }`), outcome.refused)),
		by("14", "1,500 mails at 150 a second on 5: accepted", 55, 1, of(paced(1500, 5, 150), outcome.accepted)),
		about("11", "280 a second on 200: first refusal after seconds", 2.49, 0.01,
			of(scene{mails: 100_000, rate: 200, horizon: "1h", traffic: `kind = "constant", rate = "280/s"`, client: "{}"}, outcome.first)),
		about("18b", "6,975 a minute on a bucket of 10 s of 100 a second: first refusal", 61.5, 0.01,
			of(scene{mails: 100_000, rate: 100, horizon: "1h", traffic: `kind = "constant", rate = "116.25/s"`, client: "{}",
				more: "[rules]\nrate.burst_seconds = 10"}, outcome.first)),
	}
	for _, c := range []struct {
		rate int
		lost float64
	}{{10, 5.7e-5}, {12, 2.6e-3}, {13, 1.0e-2}} {
		s := scene{mails: 1000, seed: 11, horizon: fmt.Sprintf("%ds", 2_000_000/c.rate),
			traffic: fmt.Sprintf(`kind = "poisson", rate = "%d/s"`, c.rate), client: "{}"}
		list = append(list, about("15", fmt.Sprintf("Poisson at %d a second on 14: share refused", c.rate), c.lost, 0.25,
			of(s, func(o outcome) float64 { return o.refused() / float64(o.sender().Messages) })))
	}
	return list
}

// sdks: retries.
func sdks() []truth {
	const loop = `{ workers = 100, latency = "50ms", retry = [
  { max_attempts = 4, jitter = "equal", waits = ["0.5s", "1s", "2s"] }, { max_attempts = 10, waits = ["0s"] } ] }`
	hundred := scene{mails: 100, client: strings.ReplaceAll(loop, "\n", "")}
	list := []truth{
		by("6", "100 at once, a loop of 10 around an SDK: accepted", 100, 0, of(hundred, outcome.accepted)),
		about("6", "and the seconds until all are", 6.8, 0.1, of(hundred, outcome.seconds)),
		by("6", "one SDK call each: accepted", 63, 4, mean(scene{mails: 100, client: `{ preset = "java2", latency = "50ms" }`}, outcome.accepted)),
		by("6", "without retries: accepted", 14, 0, of(scene{mails: 100, client: `{ latency = "50ms" }`}, outcome.accepted)),
	}
	for _, c := range []struct {
		latency string
		want    float64
	}{{"30ms", 38}, {"50ms", 43}, {"80ms", 50}} {
		s := scene{mails: 20_000, client: `{ preset = "mautic4", latency = { mean = "` + c.latency + `", sigma = 0.3 } }`}
		list = append(list, truth{"7", "Mautic 4, rate as concurrency, " + c.latency + ": per cent accepted", c.want,
			of(s, func(o outcome) float64 { return o.accepted() / 200 }), 0, 50})
	}
	for _, c := range []struct {
		preset  string
		seconds float64
	}{{"boto3-legacy", 7.5}, {"aws-sdk-2026", 1.5}, {"js3-2025", 0.75}, {"go2-2025", 3}} {
		with := ""
		if c.preset != "boto3-legacy" {
			with = ", retry = { quota = { size = 0 } }" // each call is a process of its own
		}
		s := scene{mails: 10_000, quota: "0", client: `{ preset = "` + c.preset + `", latency = "0s"` + with + ` }`}
		list = append(list, about("12", c.preset+", all refused: mean seconds to the last call", c.seconds, 0.03,
			func(t *testing.T) float64 { t.Helper(); return s.watched(t).gaveUp }))
	}
	for _, threads := range []int{5, 20} {
		s := scene{mails: 20_000, client: fmt.Sprintf(`{ preset = "adaptive", workers = %d, latency = "100ms" }`, threads)}
		list = append(list,
			about("22", fmt.Sprintf("adaptive, %d threads: accepted a second", threads), 13.98, 0.02,
				of(s, func(o outcome) float64 { return o.accepted() / o.seconds() })),
			about("22", fmt.Sprintf("adaptive, %d threads: throttles a second", threads), 0.36, 0.15,
				of(s, func(o outcome) float64 { return o.refused() / o.seconds() })))
	}
	return list
}

// limiters: windows, logs, buckets.
func limiters() []truth {
	var list []truth
	for _, c := range []struct {
		n          int
		recipients string
		people     int64
		want       float64
	}{{12, "1.2", 1200, 1.84}, {10, "1.2", 1200, 0}, {12, "1.5", 1500, 19}, {10, "1.5", 1500, 5.4}, {12, "1", 1000, 0}, {10, "1", 1000, 0}} {
		// The report is about the limiter alone: fewer than 20 workers are busy at times, and
		// so are a limit of their own. A seed is 0.9 points off, so that it takes many.
		s := scene{mails: c.people, recipients: c.recipients, client: fmt.Sprintf(
			`{ preset = "traffic-control", workers = "unlimited", limiter = { n = %d }, latency = { mean = "0.4s", sigma = 1 } }`, c.n)}
		list = append(list, by("5", fmt.Sprintf("1,000 jobs, %s recipients each, %d a second on 14: per cent refused", c.recipients, c.n), c.want, 1,
			meanOver(40, s, outcome.refusedShare)))
	}
	apart := `{ workers = 1, processes = 2, limiter = { n = { rate = 1.0 } } }`
	list = append(list, by("13", "a limiter of the whole rate in each of two: per cent refused", 49.9, 0.5,
		of(scene{mails: 14_000, client: apart}, outcome.refusedShare)))
	for _, c := range []struct {
		n                 int
		place             string
		want, least, most float64
	}{
		{10, "random", 0, 0, 0}, {11, "random", 4, 0.1, 60}, {12, "random", 24, 0.1, 60},
		{13, "random", 107, 107 * 0.85, 107 * 1.15}, {14, "random", 453, 453 * 0.85, 453 * 1.15}, {14, "start", 0, 0, 0},
	} {
		s := scene{mails: 14_000, client: fmt.Sprintf(
			`{ limiter = { kind = "window", n = %d, anchor = "clock", place = %q, spacing = "25ms" } }`, c.n, c.place)}
		list = append(list, truth{"17", fmt.Sprintf("%d in each second, %s: refused of 14,000", c.n, c.place), c.want, mean(s, outcome.refused), c.least, c.most})
	}
	burst := func(client string) scene { return scene{mails: 1400, client: client} }
	return append(list,
		about("18", "840 a minute on 14 a second: accepted of 14,280", 425, 0.02,
			of(scene{mails: 14_280, client: `{ workers = 1, latency = "1ms", limiter = { kind = "window", n = 840, per = "1m" } }`}, outcome.accepted)),
		by("19", "Guava at the rate after idling: refused", 1, 0, of(burst(`{ preset = "guava", latency = "0s" }`), outcome.refused)),
		by("19", "x/time, burst of the rate: refused", 0, 0, of(burst(`{ preset = "go-rate", latency = "0s" }`), outcome.refused)),
		by("19", "x/time, burst of twice the rate: refused", 14, 0,
			of(burst(`{ preset = "go-rate", latency = "0s", limiter = { burst = { rate = 2.0 } } }`), outcome.refused)),
		about("20", "django-ses, f = 0.5: calls a second", 7.5, 0.01,
			of(scene{mails: 2000, client: `{ preset = "django-ses", latency = "20ms" }`}, outcome.perSecond)),
		about("20", "django-ses, f = 1: calls a second", 14.65, 0.01, of(djangoFull, outcome.perSecond)),
		about("20", "django-ses, f = 1: refused of 2,000", 551, 0.03, of(djangoFull, outcome.refused)),
	)
}

// djangoFull is django-ses with the whole rate.
var djangoFull = scene{mails: 2000, client: `{ preset = "django-ses", latency = "20ms", limiter = { n = { rate = 2.0, plus = 1 } } }`}

// pools: closed loops, at the speed of their latency.
func pools() []truth {
	loop := func(workers int, latency string) scene {
		return scene{mails: 10_000, rate: 1000, client: fmt.Sprintf(`{ workers = %d, latency = %q }`, workers, latency)}
	}
	trips := func(trip string, kept bool) scene {
		setup := "connection = { round_trips = 10, max_messages = 1 }"
		if kept {
			setup = "connection = { round_trips = 10 }"
		}
		return scene{mails: 1000, client: fmt.Sprintf(`{ workers = 1, round_trips = 4, round_trip = %q, service = "80ms", %s }`, trip, setup)}
	}
	slow := scene{mails: 10_000, rate: 28, client: `{ workers = 10, latency = "1430ms", limiter = { kind = "window", n = 28 } }`}
	queue := scene{mails: 1000, rate: 10_000, horizon: "20d", traffic: `kind = "poisson", rate = "10/s"`, client: `{ workers = 2, latency = "150ms" }`}
	pool := scene{mails: 20_000, rate: 1000, client: `{ preset = "nodemailer-pool", latency = "150ms", connection = { setup = "0s" } }`}
	limited := scene{mails: 20_000, client: `{ preset = "nodemailer-pool", latency = "150ms", connection = { setup = "0s" }, limiter = { n = 14 } }`}
	return []truth{
		about("8", "one worker of 50 ms: calls a second", 20, 0.01, of(loop(1, "50ms"), outcome.perSecond)),
		about("8", "two of them", 40, 0.01, of(loop(2, "50ms"), outcome.perSecond)),
		about("9", "SMTP, a connection each, 30 ms away: mails a minute", 120, 0.15,
			of(trips("30ms", false), func(o outcome) float64 { return 60 * o.perSecond() })),
		about("9", "the same 250 ms away: seconds a mail", 3.5, 0.15,
			of(trips("250ms", false), func(o outcome) float64 { return 1 / o.perSecond() })),
		{"9", "keeping the connection: times as many", 2.5, func(t *testing.T) float64 {
			return trips("30ms", true).run(t).perSecond() / trips("30ms", false).run(t).perSecond()
		}, 2, 3},
		about("10", "10 connections of 1.43 s, limit 28: calls a second", 7, 0.01, of(slow, outcome.perSecond)),
		about("16", "M/D/2 at 10 a second and 0.15 s: mean wait in ms", 98.6, 0.03, of(queue, func(o outcome) float64 {
			h := o.sender().Delay.Contents()
			return float64(h.Sum)/float64(h.Count)/1e6 - 150
		})),
		about("21", "nodemailer's pool, 5 x 0.15 s: calls a second", 33.3, 0.01, of(pool, outcome.perSecond)),
		about("21", "with rateLimit 14: calls a second", 14, 0.01, of(limited, outcome.perSecond)),
		by("21", "with rateLimit 14: refused", 0, 0, of(limited, outcome.refused)),
	}
}
