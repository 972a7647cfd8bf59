package plan

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat/distuv"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/criteria"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// fresh is how many replications confirm an answer that has to do with luck.
// The promise of package plan is tested with 10,000: go test ./sim/plan
// -run Random -fresh 10000.
var fresh = flag.Int("fresh", 500, "confirm random answers with so many replications")

// base is a production account that sends one message a minute for three
// days, evenly.
func base(t testing.TB) *sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return &sim.Config{
		Name: "test", Horizon: 3 * 24 * time.Hour, Seed: 1, Rules: set,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 50_000, Rate: 14, Identities: []string{"acme.example"},
		}},
		Audiences: []sim.Audience{{Name: "people", Size: 1000, Domain: "people.example", Local: "p-"}},
		Senders: []sim.Sender{{
			Name: "mail", From: "a@acme.example", Recipients: 1, Traffic: sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 60, Per: time.Hour}},
		}},
	}
}

// settings makes candidates by setting one thing for each value.
type settings struct {
	base *sim.Config
	set  []func(c *sim.Config, v int64)
}

func (s settings) Candidate(values []int64) (*sim.Config, error) {
	c := *s.base
	c.Accounts, c.Audiences, c.Senders = slices.Clone(c.Accounts), slices.Clone(c.Audiences), slices.Clone(c.Senders)
	c.Clients = slices.Clone(c.Clients)
	for i := range c.Clients {
		c.Clients[i].Limiters, c.Clients[i].Retry = slices.Clone(c.Clients[i].Limiters), slices.Clone(c.Clients[i].Retry)
	}
	for i, v := range values {
		if v < 0 {
			return nil, errors.New("negative")
		}
		s.set[i](&c, v)
	}
	return &c, nil
}

func quota(c *sim.Config, v int64) { c.Accounts[0].Quota = v }
func rate(c *sim.Config, v int64)  { c.Accounts[0].Rate = v }
func size(c *sim.Config, v int64)  { c.Audiences[0].Size = v }
func pace(c *sim.Config, v int64)  { c.Senders[0].Traffic.Rate.N = v }

func limit(c *sim.Config, v int64)    { c.Clients[0].Limiters[0].N.N = v }
func burst(c *sim.Config, v int64)    { c.Clients[0].Limiters[0].Burst.N = v }
func workers(c *sim.Config, v int64)  { c.Clients[0].Workers.N = v }
func batch(c *sim.Config, v int64)    { c.Clients[0].Rest.After.N = v }
func attempts(c *sim.Config, v int64) { c.Clients[0].Retry[0].Attempts = int(v) }

// ask makes a question about whole numbers in steps of one.
func ask(t testing.TB, cfg *sim.Config, promises []string, choices ...Choice) *Question {
	t.Helper()
	q := &Question{Replications: 4, Confirm: 4, Confidence: 0.95}
	for _, text := range promises {
		p, err := criteria.ParsePromise(text, cfg.Metric)
		if err != nil {
			t.Fatal(err)
		}
		q.Promises = append(q.Promises, p)
	}
	for _, c := range choices {
		if c.Step == 0 && c.Values == nil {
			c.Step = 1
		}
		q.Choices = append(q.Choices, c)
	}
	return q
}

func find(t testing.TB, q *Question, of Candidates) *Answer {
	t.Helper()
	a, err := Find(t.Context(), q, of, 2, func(Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Deterministic mail has a closed form, and the answer is exact: it is found,
// and one step less breaks a promise.
func TestClosedForms(t *testing.T) {
	campaign := func(cfg *sim.Config, people int64, pace unit.Rate) {
		cfg.Audiences[0].Size = people
		cfg.Senders[0].Traffic = sim.Traffic{Kind: sim.Campaign, Rate: pace}
	}
	// mailer sends a campaign that is due whole by a client with one worker a process.
	mailer := func(people int64, processes, recipients int, limiters ...client.Limiter) func(*sim.Config) {
		return func(c *sim.Config) {
			campaign(c, people, unit.Rate{N: 1, Per: time.Second})
			c.Senders[0].Traffic.Whole, c.Senders[0].Recipients, c.Senders[0].Client = true, recipients, 1
			own := client.Default()
			own.Processes, own.Workers, own.Limiters = processes, client.Count{N: 1}, limiters
			for i := range limiters {
				limiters[i].Burst, limiters[i].Retries = client.Count{N: 1}, true
			}
			c.Clients = []sim.Client{{Name: "mail", Config: own}}
		}
	}
	of := func(set ...func(*sim.Config, int64)) []func(*sim.Config, int64) { return set }
	unrefused, upTo40 := []string{"acme.refused.rate == 0"}, []Choice{{From: 1, To: 40, Largest: true}}
	for _, c := range []struct {
		name     string
		cfg      func(*sim.Config)
		promises []string
		choices  []Choice
		set      []func(*sim.Config, int64)
		want     []int64
	}{
		// A day of one message a minute, the window open at its old end.
		{"rolling quota", nil, []string{"acme.refused.quota == 0"}, []Choice{{From: 1, To: 200_000}}, []func(*sim.Config, int64){quota}, []int64{1440}},
		{"rolling quota, near the wanted end", nil, []string{"acme.refused.quota == 0"}, []Choice{{From: 1440, To: 200_000}}, []func(*sim.Config, int64){quota}, []int64{1440}},
		{"rolling quota, near the safe end", nil, []string{"acme.refused.quota == 0"}, []Choice{{From: 1, To: 1440}}, []func(*sim.Config, int64){quota}, []int64{1440}},
		{"rolling quota in steps", nil, []string{"acme.refused.quota == 0"}, []Choice{{From: 1, To: 200_000, Step: 100}}, []func(*sim.Config, int64){quota}, []int64{1501}},
		{"rolling quota from a list", nil, []string{"acme.refused.quota == 0"}, []Choice{{From: 200, To: 5000, Values: []int64{200, 1439, 1440, 5000}}}, []func(*sim.Config, int64){quota}, []int64{1440}},
		// The first day fills the quota, and each later message finds one
		// place that is free again: 1439 of the first 1440 go out at 1439.
		{"rolling quota with losses", nil, []string{"acme.refused.quota <= 3"}, []Choice{{From: 1, To: 5000}}, []func(*sim.Config, int64){quota}, []int64{1439}},
		// 5000 messages at 12 a second through a bucket that holds a second's
		// worth: at 11 a second it runs dry, at 12 it never does.
		{"token bucket", func(c *sim.Config) { campaign(c, 5000, unit.Rate{N: 12, Per: time.Second}) },
			[]string{"acme.refused.rate == 0"}, []Choice{{From: 1, To: 500}}, []func(*sim.Config, int64){rate}, []int64{12}},
		// The last of 36,000 leaves after 35,999 steps: 3599.9 s at 10 a second.
		{"length of a campaign", func(c *sim.Config) { campaign(c, 36_000, unit.Rate{N: 1, Per: time.Second}); c.Accounts[0].Rate = 50 },
			[]string{"mail.campaign_time.max < 1h"}, []Choice{{From: 1, To: 14}}, []func(*sim.Config, int64){pace}, []int64{10}},
		{"largest list", func(c *sim.Config) { campaign(c, 1, unit.Rate{N: 12, Per: time.Second}); c.Accounts[0].Quota = 4321 },
			[]string{"acme.refused.quota == 0"}, []Choice{{From: 1, To: 100_000, Largest: true}}, []func(*sim.Config, int64){size}, []int64{4321}},
		{"quota and rate", func(c *sim.Config) { campaign(c, 5000, unit.Rate{N: 12, Per: time.Second}) },
			[]string{"acme.refused.rate == 0", "acme.refused.quota == 0"}, []Choice{{From: 1, To: 50_000}, {From: 1, To: 500}},
			[]func(*sim.Config, int64){quota, rate}, []int64{5000, 12}},
		{"rate and quota", func(c *sim.Config) { campaign(c, 5000, unit.Rate{N: 12, Per: time.Second}) },
			[]string{"acme.refused == 0"}, []Choice{{From: 1, To: 500}, {From: 1, To: 50_000}},
			[]func(*sim.Config, int64){rate, quota}, []int64{12, 5000}},
		// One promise is kept from 1440 on, the other up to 1600: 1440/1600 is
		// 90 % of the quota. No point of the coarse look keeps both.
		{"promises against each other", nil, []string{"acme.refused.quota == 0", "acme.quota_use.max >= 90%"},
			[]Choice{{From: 1, To: 1_000_000}}, []func(*sim.Config, int64){quota}, []int64{1440}},
		// The limiter counts calls and the account recipients: n <= r*per/(k*m) with k
		// processes and m recipients a message.
		{"limiter", mailer(2000, 1, 1, client.Limiter{Per: time.Second}), unrefused, upTo40, of(limit), []int64{14}},
		{"limiter of two seconds", mailer(2000, 1, 1, client.Limiter{Per: 2 * time.Second}), unrefused, upTo40, of(limit), []int64{28}},
		{"limiter of two processes", mailer(2000, 2, 1, client.Limiter{Per: time.Second}), unrefused, upTo40, of(limit), []int64{7}},
		{"limiter, two recipients", mailer(4000, 1, 2, client.Limiter{Per: time.Second}), unrefused, upTo40, of(limit), []int64{7}},
		{"limiter of two processes, two recipients", mailer(4000, 2, 2, client.Limiter{Per: time.Second}), unrefused, upTo40, of(limit), []int64{3}},
		// Starts that come together at the beginning of a window are at most the depth
		// of the account's bucket, D/m, however long the window.
		{"window", mailer(2000, 1, 1, client.Limiter{Kind: client.Window, Per: 10 * time.Second}), unrefused, upTo40, of(limit), []int64{14}},
		{"window, two recipients", mailer(2000, 1, 2, client.Limiter{Kind: client.Window, Per: 10 * time.Second}), unrefused, upTo40, of(limit), []int64{7}},
		// Anywhere in a window, two clumps may meet: 2n <= D + r*(2n-1)*25 ms, about 0.7 r.
		{"window with clumps", mailer(14_000, 1, 1, client.Limiter{
			Kind: client.Window, Per: time.Second, Clock: true, Random: true, Spacing: 25 * time.Millisecond,
		}), unrefused, upTo40, of(limit), []int64{10}},
		{"burst", mailer(2000, 1, 1, client.Limiter{Per: time.Second, N: client.Count{N: 14}}), unrefused, upTo40, of(burst), []int64{14}},
		{"rest", func(c *sim.Config) {
			mailer(2000, 1, 1)(c)
			c.Clients[0].Rest = client.Rest{Rest: time.Second, All: true}
		}, unrefused, upTo40, of(batch), []int64{14}},
		// Workers are rate times latency: 12 a second at 250 ms take three.
		{"workers", func(c *sim.Config) {
			mailer(1200, 1, 1)(c)
			c.Accounts[0].Rate = 500
			c.Clients[0].Latency.Spread = unit.Spread{Median: 250 * time.Millisecond, Upper: 250 * time.Millisecond, Tail: 99}
		}, []string{"mail.campaign_time.max < 101s"}, []Choice{{From: 1, To: 40}}, of(workers), []int64{3}},
		// Each second 14 of 100 messages get through: the last with their eighth call.
		{"attempts", func(c *sim.Config) {
			mailer(100, 1, 1)(c)
			c.Clients[0].Workers.N = 0
			c.Clients[0].Retry = []client.Layer{{On: 1 << ses.RefusedRate, Waits: []time.Duration{time.Second}, Hold: true}}
		}, []string{"acme.given_up == 0"}, []Choice{{From: 1, To: 40}}, of(attempts), []int64{8}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := base(t)
			if c.cfg != nil {
				c.cfg(cfg)
			}
			a := find(t, ask(t, cfg, c.promises, c.choices...), settings{cfg, c.set})
			if a.Status != Found || !slices.Equal(a.Values, c.want) {
				t.Fatalf("%v: %v, want %v; nearest %+v", a.Status, a.Values, c.want, a.Nearest)
			}
			for j, n := range a.Neighbours {
				if c.choices[j].From != c.want[j] && (n.Next == nil || n.Next.Kept()) {
					t.Errorf("choice %d: one step less is %+v", j, n.Next)
				}
			}
			if len(a.Mixed) > 0 {
				t.Errorf("promises without order: %+v", a.Mixed)
			}
		})
	}
}

// Where no choice keeps the promises the answer says so, and names what comes
// nearest.
func TestNone(t *testing.T) {
	cfg := base(t)
	a := find(t, ask(t, cfg, []string{"acme.refused.quota == 0", "acme.accepted >= 1"}, Choice{From: 1, To: 1400}), settings{cfg, []func(*sim.Config, int64){quota}})
	if a.Status != None || a.Nearest == nil || a.Nearest.Values[0] != 1400 || a.Nearest.Figures[0].Verdict != Broken || a.Nearest.Figures[1].Verdict != Kept {
		t.Errorf("%v, nearest %+v", a.Status, a.Nearest)
	}
	if got := a.Nearest.Figures[0].Worst; got != 120 { // 40 on each of three days
		t.Errorf("%v are refused at 1400, want 120", got)
	}
}

// seen returns values as runs show them. NaN is an event that had not come by the
// end, +Inf a campaign that lost mail.
func seen(values []float64, end float64) []observed {
	list := make([]observed, len(values))
	for i, v := range values {
		switch list[i] = (observed{v, true}); {
		case math.IsNaN(v):
			list[i] = observed{end, false}
		case math.IsInf(v, 1):
			list[i].data = false
		}
	}
	return list
}

// A run without an event keeps a promise that the event comes after a moment
// of the run, and no mean below one.
func TestJudgeNever(t *testing.T) {
	paused := func(string) (criteria.Kind, bool) { return criteria.Duration, true }
	never, lost := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		expression string
		values     []float64
		want       Verdict
	}{
		{"acme.time_to.paused > 60d", []float64{never, never}, Kept},
		{"acme.time_to.paused < 60d", []float64{never, never}, Broken},
		{"acme.time_to.paused > 91d", []float64{never, never}, Broken},
		{"P(acme.time_to.paused <= 60d) <= 0", []float64{never, never}, Kept},
		{"mean(acme.time_to.paused) > 60d", []float64{never, never, never}, Kept},
		{"mean(acme.time_to.paused) < 90d", []float64{86400, 86400, never}, Broken},
		{"mean(acme.time_to.paused) > 91d", []float64{never, never, never}, Broken},
		{"acme.time_to.paused > 1000d", []float64{lost, 1001 * 86400}, Kept},
		{"acme.time_to.paused < 1000d", []float64{lost, 86400}, Broken},
		{"p95(acme.time_to.paused) < 1000d", []float64{lost}, Broken},
		{"P(acme.time_to.paused < 1000d) >= 100%", []float64{lost}, Broken},
		{"mean(acme.time_to.paused) < 1000d", []float64{lost, 86400, 86400}, Broken},
		{"mean(acme.time_to.paused) > 1000d", []float64{lost, 86400, 86400}, Kept},
	} {
		p, err := criteria.ParsePromise(c.expression, paused)
		if err != nil {
			t.Fatal(err)
		}
		if got := judge(&p, seen(c.values, (90*unit.Day).Seconds()), nil, 0.95); got.Verdict != c.want {
			t.Errorf("%s of %v: %v, want %v", c.expression, c.values, got.Verdict, c.want)
		}
	}
}

// A promise that is kept in places only is found out: the answer says where
// it turns, and is exact where the range allows to look at every value.
func TestNoOrder(t *testing.T) {
	cfg := base(t)
	odd := func(c *sim.Config, v int64) { // refuses unless v is 5 to 9 or at least 31
		c.Accounts[0].Quota = 1
		if v >= 5 && v <= 9 || v >= 31 {
			c.Accounts[0].Quota = 5000
		}
	}
	q := ask(t, cfg, []string{"acme.refused.quota == 0"}, Choice{From: 0, To: 40})
	a := find(t, q, settings{cfg, []func(*sim.Config, int64){odd}})
	if a.Status != Found || a.Values[0] != 5 {
		t.Fatalf("%v: %v, want 5", a.Status, a.Values)
	}
	want := []Mixed{{Turns: []Turn{{0, Broken}, {5, Kept}, {10, Broken}, {31, Kept}}}}
	if !reflect.DeepEqual(a.Mixed, want) {
		t.Errorf("turns %+v, want %+v", a.Mixed, want)
	}
}

// A promise that one value alone keeps, or a few, is found between points that
// break it: the value is met from both sides, or missed by less and less.
func TestBetween(t *testing.T) {
	cfg := base(t)
	fold := func(c *sim.Config, v int64) { // 120 are refused at 730, and more to either side
		c.Accounts[0].Quota = 1400 - max(730-v, v-730)
	}
	for _, c := range []struct {
		name, promise string
		to, want      int64
		set           func(*sim.Config, int64)
	}{
		{"crossing", "acme.accepted == 1500", 1400, 500, quota},
		{"crossing before the end", "acme.accepted == 4197", 1400, 1399, quota},
		{"valley", "acme.refused.quota == 120", 1400, 730, fold},
		{"floor of a valley", "acme.refused.quota <= 126", 1400, 728, fold},
	} {
		a := find(t, ask(t, cfg, []string{c.promise}, Choice{From: 1, To: c.to}), settings{cfg, []func(*sim.Config, int64){c.set}})
		if a.Status != Found || a.Values[0] != c.want {
			t.Errorf("%s: %v: %v, want %d", c.name, a.Status, a.Values, c.want)
		}
		if len(a.Points) > 60 {
			t.Errorf("%s: %d of %d values were looked at", c.name, len(a.Points), c.to)
		}
	}
	a := find(t, ask(t, cfg, []string{"acme.accepted == 1501"}, Choice{From: 1, To: 1400}), settings{cfg, []func(*sim.Config, int64){quota}})
	if a.Status != None || a.Nearest.Values[0] != 500 {
		t.Errorf("accepted are multiples of 3: %v, nearest %+v", a.Status, a.Nearest)
	}
}

// poisson is mail at 10 an hour on average, for one day.
func poisson(t testing.TB) *sim.Config {
	cfg := base(t)
	cfg.Horizon = 24 * time.Hour
	cfg.Senders[0].Traffic = sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 10, Per: time.Hour}}
	return cfg
}

// With luck in it, the answer is known from the distribution: the messages of
// a day are Poisson with mean 240. In steps of 15 the smallest quota that
// 90 % of the days stay below is certain; in single steps it lies where the
// truth keeps the promise, not far from the limit.
func TestRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of runs")
	}
	cfg := poisson(t)
	truth := distuv.Poisson{Lambda: 240}
	for _, c := range []struct {
		promise string
		step    int64
	}{
		{"P(acme.refused.quota > 0) <= 10%", 15}, {"p90(acme.refused.quota) <= 0", 1},
	} {
		q := ask(t, cfg, []string{c.promise}, Choice{From: 100, To: 1000, Step: c.step})
		q.Replications, q.Confirm = 1000, *fresh
		a := find(t, q, settings{cfg, []func(*sim.Config, int64){quota}})
		if a.Status != Found {
			t.Fatalf("%s: %v", c.promise, a.Status)
		}
		over := 1 - truth.CDF(float64(a.Values[0]))
		t.Logf("%s: %d, over it %.4f of the days; %d runs", c.promise, a.Values[0], over, a.Runs)
		if over > 0.10 || c.step == 1 && over < 0.06 {
			t.Errorf("%s: %d, which %.4f of the days exceed", c.promise, a.Values[0], over)
		}
		if less := 1 - truth.CDF(float64(a.Values[0]-c.step)); c.step > 1 && less <= 0.10 {
			t.Errorf("%s: %d, but one step less is exceeded on %.4f of the days only", c.promise, a.Values[0], less)
		}
		if n := a.Neighbours[0]; n.Next.Kept() || n.Half.Kept() || !n.Double.Kept() {
			t.Errorf("%s: one step less %+v, half %+v, double %+v", c.promise, n.Next, n.Half, n.Double)
		}
		if a.Fresh[0].Runs != *fresh || a.Fresh[0].Verdict == Broken {
			t.Errorf("%s: fresh runs say %+v", c.promise, a.Fresh[0])
		}
	}
}

// A promise about every run has to stand all runs of the search and fresh
// ones; each that broke it on the way is a witness that replays.
func TestWitnesses(t *testing.T) {
	cfg := poisson(t)
	q := ask(t, cfg, []string{"acme.refused.quota == 0"}, Choice{From: 100, To: 1000})
	q.Replications, q.Confirm = 200, *fresh
	a := find(t, q, settings{cfg, []func(*sim.Config, int64){quota}})
	if a.Status != Found || len(a.Witnesses) == 0 {
		t.Fatalf("%v with %d witnesses", a.Status, len(a.Witnesses))
	}
	if len(a.Mixed) > 0 {
		t.Errorf("candidates that had more runs than others seem to have no order: %+v", a.Mixed)
	}
	for _, w := range a.Witnesses {
		c, err := settings{cfg, []func(*sim.Config, int64){quota}}.Candidate(w.Values)
		if err != nil {
			t.Fatal(err)
		}
		c.Seed = w.Seed
		r, err := engine.Run(*c, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if v, _ := r.Value(c, "acme.refused.quota"); v == 0 {
			t.Errorf("seed %d refuses nothing at %v", w.Seed, w.Values)
		}
		if w.Values[0] >= a.Values[0] {
			t.Errorf("the answer %v is not above %v, which was refuted", a.Values, w.Values)
		}
	}
	if f := a.Fresh[0]; f.Met != *fresh || f.Interval.Low > 1 || f.Interval.Low < 0.9 {
		t.Errorf("fresh runs say %+v", f)
	}
}

// The answer does not depend on the number of workers, down to the runs that
// it took.
func TestSameOnAnyCores(t *testing.T) {
	cfg := poisson(t)
	first := ""
	for _, workers := range []int{1, 2, 5} {
		q := ask(t, cfg, []string{"P(acme.refused.quota > 0) <= 20%", "mean(acme.refused.quota) < 5"}, Choice{From: 100, To: 1000})
		q.Replications, q.Confirm = 100, 100
		a, err := Find(t.Context(), q, settings{cfg, []func(*sim.Config, int64){quota}}, workers, func(Progress) {})
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(a.Status, a.Values, a.Figures, a.Fresh, a.Points, a.Witnesses, a.Runs)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%d workers find\n%s\nand one\n%s", workers, got, first)
		}
	}
}

// An interrupted search tells what it knew.
func TestInterrupted(t *testing.T) {
	cfg := base(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	q := ask(t, cfg, []string{"acme.refused.quota == 0"}, Choice{From: 1, To: 200_000})
	a, err := Find(ctx, q, settings{cfg, []func(*sim.Config, int64){quota}}, 2, func(p Progress) {
		if p.Candidates == 9 {
			cancel()
		}
	})
	if err != nil || a.Status != Interrupted || len(a.Points) != 8 || a.Nearest == nil || !a.Nearest.Kept() {
		t.Errorf("%v: %+v", err, a)
	}
}

// A search that is interrupted once it has an answer keeps it.
func TestUnfinished(t *testing.T) {
	cfg := base(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	q := ask(t, cfg, []string{"acme.refused.quota == 0"}, Choice{From: 1, To: 200_000})
	a, err := Find(ctx, q, settings{cfg, []func(*sim.Config, int64){quota}}, 2, func(p Progress) {
		if p.Doing == "looking for headroom" {
			cancel()
		}
	})
	if err != nil || a.Status != Found || !a.Unfinished || a.Values[0] != 1440 || len(a.Headroom) == len(ladder) || a.Nearest != nil {
		t.Errorf("%v: %+v", err, a)
	}
}

func TestFindRefuses(t *testing.T) {
	cfg := base(t)
	set := settings{cfg, []func(*sim.Config, int64){quota}}
	good := ask(t, cfg, []string{"acme.refused.quota == 0"}, Choice{From: 1, To: 5})
	for name, spoil := range map[string]func(*Question){
		"no choice":       func(q *Question) { q.Choices = nil },
		"no promise":      func(q *Question) { q.Promises = nil },
		"backward":        func(q *Question) { q.Choices = []Choice{{From: 5, To: 1, Step: 1}} },
		"no replications": func(q *Question) { q.Replications = 0 },
		"certainty":       func(q *Question) { q.Confidence = 1 },
	} {
		q := *good
		spoil(&q)
		if _, err := Find(t.Context(), &q, set, 1, func(Progress) {}); !errors.Is(err, ErrQuestion) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	var bad *ImpossibleError
	q := ask(t, cfg, []string{"acme.refused.quota == 0"}, Choice{From: -5, To: 5})
	if _, err := Find(t.Context(), q, set, 1, func(Progress) {}); !errors.As(err, &bad) {
		t.Errorf("a candidate that cannot be: %v", err)
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		of   Choice
		v    int64
		want string
	}{
		{Choice{}, 50_000, "50000"}, {Choice{}, -1, "-1"}, {Choice{Unit: "/h"}, 60, "60/h"}, {Choice{Unit: "%", Places: 1}, 25, "2.5%"},
		{Choice{Unit: "%", Places: 1}, 20, "2%"}, {Choice{Unit: "%", Places: 2}, 5, "0.05%"}, {Choice{Places: 3}, 50, "0.05"}, {Choice{Places: 3}, 1000, "1.0"},
	} {
		if got := c.of.Text(c.v); got != c.want {
			t.Errorf("%d in %+v is %q, want %q", c.v, c.of, got, c.want)
		}
	}
}

// The values are numbered from the wanted end, and both ends are among the
// points of any look.
func TestChoice(t *testing.T) {
	for _, c := range []struct {
		of   Choice
		want []int64
	}{
		{Choice{From: 3, To: 5, Step: 1}, []int64{3, 4, 5}},
		{Choice{From: 3, To: 5, Step: 1, Largest: true}, []int64{5, 4, 3}},
		{Choice{From: 3, To: 8, Step: 2}, []int64{3, 5, 7, 8}},
		{Choice{From: 3, To: 8, Step: 2, Largest: true}, []int64{8, 6, 4, 3}},
		{Choice{From: 3, To: 3, Step: 2}, []int64{3}},
		{Choice{From: 1, To: 9, Values: []int64{1, 4, 9}, Largest: true}, []int64{9, 4, 1}},
	} {
		var got []int64
		for i := range c.of.Last() + 1 {
			got = append(got, c.of.At(i))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v has %v, want %v", c.of, got, c.want)
		}
	}
	for _, c := range []Choice{{From: 1, To: 1_000_000, Step: 1}, {From: 1, To: 1_000_000, Step: 1, Largest: true}, {From: 0, To: 100, Step: 1}, {From: 7, To: 1000, Step: 10}} {
		points := c.points(9)
		if len(points) < 5 || points[0] != 0 || points[len(points)-1] != c.Last() || !slices.IsSorted(points) {
			t.Errorf("%+v is looked at in %v", c, points)
		}
	}
}

// A promise that the choices do not move is set apart after a few candidates: the
// same seeds break it whatever is chosen, and the answer keeps the others.
func TestApart(t *testing.T) {
	cfg := base(t)
	cfg.Audiences[0].Invalid = 20 * unit.Percent
	cfg.Senders[0].Traffic.Kind = sim.Poisson
	for _, c := range []struct {
		name, promise string
		apart         bool
	}{
		{"bounces", "acme.bounce_rate.max < 1%", true},
		{"a share of the seeds", "P(acme.accepted > 4320) >= 90%", true},
		{"kept whatever is chosen", "acme.bounce_rate.max < 50%", false},
	} {
		q := ask(t, cfg, []string{"acme.refused.rate == 0", c.promise}, Choice{From: 1, To: 50})
		q.Replications = 400
		a := find(t, q, settings{cfg, []func(*sim.Config, int64){rate}})
		if got := len(a.Apart) == 1 && a.Apart[0].Promise == 1; got != c.apart || a.Status != Found {
			t.Errorf("%s: %v at %v, apart %+v", c.name, a.Status, a.Values, a.Apart)
		}
		others := ask(t, cfg, []string{"acme.refused.rate == 0"}, Choice{From: 1, To: 50})
		others.Replications = q.Replications
		alone := find(t, others, settings{cfg, []func(*sim.Config, int64){rate}})
		if !slices.Equal(a.Values, alone.Values) {
			t.Errorf("%s: the answer is %v, without the promise %v", c.name, a.Values, alone.Values)
		}
		if most := 12 * q.Replications; a.Runs > most {
			t.Errorf("%s: %d runs, want at most %d", c.name, a.Runs, most)
		}
	}

	// Where the choices move no promise, few runs show it.
	q := ask(t, cfg, []string{"acme.bounce_rate.max < 1%"}, Choice{From: 1, To: 50})
	a := find(t, q, settings{cfg, []func(*sim.Config, int64){rate}})
	if a.Status != None || len(a.Apart) != 1 {
		t.Errorf("%v, apart %+v", a.Status, a.Apart)
	}
}

// More mail needs a larger quota, which has a closed form: messages of N in Per fall
// into a window of a day up to N*24h/Per times, rounded up.
func TestGrowth(t *testing.T) {
	cfg := base(t)
	q := ask(t, cfg, []string{"acme.refused.quota == 0"}, Choice{From: 1500, To: 200_000})
	q.Growth = Growth{Share: 10 * unit.Percent, Every: 30 * unit.Day, Over: 360 * unit.Day}
	a := find(t, q, settings{cfg, []func(*sim.Config, int64){quota}})
	var stands []bool
	for _, h := range a.Headroom {
		stands = append(stands, h.Point.Kept())
	}
	if a.Values[0] != 1500 || !slices.Equal(stands, []bool{false, false, false, false}) { // 1.05 * 1440 is 1512
		t.Errorf("%v stands %v", a.Values, stands)
	}
	// Half a year is six steps: 1440 * 1.1^7 is 2806.2, and 1440 * 1.1^12 is 4519.4.
	// The mail is rounded up to a billionth at each step.
	want := []Increase{
		{By: 30 * unit.Day, Mail: 1_948_717_100, Values: []int64{2807}, Until: 240 * unit.Day},
		{By: 240 * unit.Day, Mail: 3_138_428_379, Values: []int64{4520}, Until: 390 * unit.Day},
	}
	if diff := cmp.Diff(want, a.Increases); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if a.FurtherRuns == 0 || a.FurtherRuns >= a.Runs {
		t.Errorf("%d further runs of %d", a.FurtherRuns, a.Runs)
	}

	q.Bare = true
	bare := find(t, q, settings{cfg, []func(*sim.Config, int64){quota}})
	if !slices.Equal(bare.Values, a.Values) || bare.FurtherRuns != 0 || bare.Runs != a.Runs-a.FurtherRuns || bare.Headroom != nil || bare.Increases != nil {
		t.Errorf("bare: %v in %d runs, %d of them further", bare.Values, bare.Runs, bare.FurtherRuns)
	}
}

// A campaign grows with its list, other mail with its rate, changes of it included.
func TestGrown(t *testing.T) {
	cfg := base(t)
	cfg.Senders = append(cfg.Senders, cfg.Senders[0])
	cfg.Senders[1].Traffic.Kind, cfg.Senders[1].Audience = sim.Campaign, 1
	cfg.Audiences = append(cfg.Audiences, sim.Audience{Name: "readers", Size: 333})
	cfg.Actions = []sim.Action{{Do: sim.DoSet, Change: sim.Change{Key: sim.KeySenderRate, Rate: unit.Rate{N: 1, Per: time.Hour}}}}
	c, err := grown{settings{cfg, nil}, unit.Whole + 5*unit.Percent}.Candidate(nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Senders[0].Traffic.Rate != (unit.Rate{N: 63_000, Per: 1000 * time.Hour}) || c.Senders[1].Traffic.Rate != cfg.Senders[1].Traffic.Rate {
		t.Errorf("the rates are %v and %v", c.Senders[0].Traffic.Rate, c.Senders[1].Traffic.Rate)
	}
	if c.Audiences[0].Size != 1000 || c.Audiences[1].Size != 350 || c.Actions[0].Change.Rate != (unit.Rate{N: 1050, Per: 1000 * time.Hour}) {
		t.Errorf("the audiences are %d and %d, the change %v", c.Audiences[0].Size, c.Audiences[1].Size, c.Actions[0].Change.Rate)
	}
	if cfg.Audiences[1].Size != 333 || cfg.Actions[0].Change.Rate.N != 1 {
		t.Error("the scenario has changed")
	}
}

// TestNoOrderThatMatters: that a promise is kept, broken and kept again is told, and that it is kept
// within a range only where the other promises are kept beyond: a limiter that is too
// slow misses a deadline, and so does one whose mail is lost, which breaks another promise.
func TestNoOrderThatMatters(t *testing.T) {
	line := func(verdicts ...[2]Verdict) (list []Point) {
		for i, v := range verdicts {
			list = append(list, Point{Values: []int64{int64(i)}, order: v[:]})
		}
		return list
	}
	q := &Question{Promises: make([]criteria.Promise, 2)}
	tooSlow, right, lossy := [2]Verdict{Broken, Kept}, [2]Verdict{Kept, Kept}, [2]Verdict{Broken, Broken}
	for _, c := range []struct {
		name   string
		points []Point
		want   []Mixed
	}{
		{"a range", line(tooSlow, right, tooSlow), []Mixed{{Turns: []Turn{{0, Broken}, {1, Kept}, {2, Broken}}}}},
		{"beyond it the other is broken", line(tooSlow, right, lossy, lossy), nil},
		{"a range before that", line(tooSlow, right, tooSlow, lossy), []Mixed{{Turns: []Turn{{0, Broken}, {1, Kept}, {2, Broken}}}}},
		{"both in turns", line(lossy, right, lossy), []Mixed{
			{Turns: []Turn{{0, Broken}, {1, Kept}, {2, Broken}}}, {Promise: 1, Turns: []Turn{{0, Broken}, {1, Kept}, {2, Broken}}},
		}},
		{"nothing is kept", line(lossy, lossy), nil},
	} {
		if got := mixedAlong(q, 0, c.points); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
