package scenarios

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios/internal/tree"
	"sesim/sim/client"
	"sesim/sim/ses"
)

// TestPresets reads all presets; each says what it rests on, and its text as a
// [[client]] is the same client.
func TestPresets(t *testing.T) {
	list := Presets()
	if len(list) < 25 {
		t.Fatalf("%d presets", len(list))
	}
	for _, p := range list {
		if p.About == "" || p.Source == "" || p.Read == "" || strings.HasSuffix(p.About, ".") {
			t.Errorf("%+v", p)
		}
		// A message over SMTP takes four round trips of 30 ms, a call of the API one.
		if overSMTP := p.Client.Latency.Spread.Median >= 200*time.Millisecond; overSMTP != p.SMTP || p.SMTP != strings.Contains(p.TOML(), "\n# It sends over SMTP") {
			t.Errorf("%s: over SMTP %v, and a call takes %v", p.Name, p.SMTP, p.Client.Latency.Spread.Median)
		}
		r := tree.NewReporter(p.Name)
		root, _ := tree.Parse(r, []byte(p.TOML()))
		if err := r.Err(); err != nil {
			t.Fatalf("%v\n%s", err, p.TOML())
		}
		n := root.Table["client"].List[0]
		if name := n.Table["name"].Value; name != "own-"+p.Name {
			t.Errorf("%s: its text is named %v", p.Name, name)
		}
		delete(n.Table, "name")
		if again, ok := readClient(r, n, "client"); !ok || cmp.Diff(p.Client, again) != "" {
			t.Errorf("%s: pasted it is another client: %v\n%s", p.Name, r.Err(), cmp.Diff(p.Client, again))
		}
	}
	for _, name := range []string{"", "x", "../first-campaign", "listmonk.toml"} {
		if _, ok := PresetNamed(name); ok {
			t.Errorf("there is a preset %q", name)
		}
	}
}

// onThrottle are the bits of the refusals that an SDK retries.
const onThrottle = 1<<ses.RefusedRate | 1<<ses.RefusedQuota

// TestSomePresets compares presets with what they should be, written as code.
func TestSomePresets(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	want := map[string]client.Config{}
	c := client.Default()
	c.Latency.Spread.Median, c.Latency.Spread.Upper, c.Latency.Spread.Tail = 110*ms, 110*ms, 99
	c.Connection.Setup = 90 * ms
	c.Retry = []client.Layer{{
		On: onThrottle, Attempts: 3, Waits: []time.Duration{s, 2 * s}, Hold: true,
		Jitter: client.Jitter{Kind: client.FullJitter}, Quota: client.Quota{Size: 500, Throttle: 5, Other: 14, Success: 1},
	}}
	want["aws-sdk-2026"] = c
	c.Adaptive = true
	want["adaptive"] = c
	c = client.Default()
	c.Workers.N = 10
	c.Latency.Spread.Median, c.Latency.Spread.Upper, c.Latency.Spread.Tail = 230*ms, 230*ms, 99
	c.Connection = client.Connection{Setup: 270 * ms, Max: 10, Idle: 15 * s, Wait: 5 * s}
	c.Rest = client.Rest{After: client.Count{N: 10}, Rest: s}
	c.Stop.Errors = 1000
	want["listmonk"] = c
	for name, want := range want {
		p, _ := PresetNamed(name)
		if diff := cmp.Diff(want, p.Client); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	sidekiq, _ := PresetNamed("sidekiq")
	l := sidekiq.Client.Retry[0]
	for i, wait := range l.Waits {
		if n := time.Duration(i); wait != (n*n*n*n+15)*s {
			t.Errorf("sidekiq: wait %d is %v", i, wait)
		}
	}
	if len(l.Waits) != 25 || l.Attempts != 26 || l.Hold || l.Poll != (client.Poll{Least: 2500 * ms, Most: 7500 * ms}) {
		t.Errorf("sidekiq: %+v", l)
	}
	postal, _ := PresetNamed("postal")
	if w := postal.Client.Retry[0].Waits; len(w) != 17 || w[1] != 390*s || w[16] < 19_900*s || w[16] > 20_000*s {
		t.Errorf("postal: %v", w)
	}
}

// clientProblems returns the problems of a client written as TOML.
func clientProblems(t *testing.T, text string) []string {
	t.Helper()
	r := tree.NewReporter("c.toml")
	root, ok := tree.Parse(r, []byte("[client]\n"+text))
	if ok {
		if _, ok := readClient(r, root.Table["client"], "client"); ok {
			return nil
		}
	}
	var list []string
	for _, p := range separate(r.Err()) {
		list = append(list, p.Error())
	}
	return list
}

// TestWrongClients has clients that cannot be, and what is said about them.
func TestWrongClients(t *testing.T) {
	for text, want := range map[string]string{
		`worker = 3`:                                                `2:1: client.worker: unknown key (did you mean "workers"?)`,
		`workers = 0`:                                               `2:11: client.workers: 0 is not at least 1`,
		`workers = "unlimitd"`:                                      `2:11: client.workers: "unlimitd" is not a whole number, nor "unlimited" (did you mean "unlimited"?)`,
		`workers = 1_000_001`:                                       `2:11: client.workers: 1000001 is not at most 1000000`,
		`workers = { rate = 0 }`:                                    `client.workers.rate: 0 is not a number from`,
		`processes = 2`:                                             `client.processes: 2 of them with unlimited workers: the first would do everything`,
		`latency = "-1s"`:                                           `2:11: client.latency: "-1s" is not a duration: it must not be negative`,
		`latency = "2h"`:                                            `2:11: client.latency: "2h" is not at most 1h`,
		`latency = 3`:                                               `2:11: client.latency: 3 is not a duration`,
		`latency = { median = "1s" }`:                               `client.latency: write a duration`,
		`latency = { median = "2s", p99 = "1s" }`:                   `client.latency: the upper quantile, 1s, is below the median, 2s`,
		`latency = { mean = "1s", sigma = 4 }`:                      `client.latency.sigma: 4 is not a number from 0 to 3`,
		`latency = { mean = "1s", floor = "2s" }`:                   `client.latency.mean: 1s is not from 2s to 1h`,
		`limiter = { n = 0 }`:                                       `2:17: client.limiter.n: 0 is not at least 1`,
		`limiter = { n = 14, per = "5ns" }`:                         `client.limiter.per: "5ns" is not at least 1ms`,
		`limiter = { n = 14, per = "40d" }`:                         `client.limiter.per: "40d" is not at most 31d`,
		`limiter = {}`:                                              `client.limiter: the key n is missing`,
		`limiter = 14`:                                              `client.limiter: 14 is not a table, nor a list of tables`,
		`limiter = [{ n = 1 }, { n = 2 }]`:                          `client.limiter: of several limiters each needs a name of its own, and "" is not`,
		`limiter = [{ name = "a", n = 1 }, { n = 2 }]`:              `client.limiter: of several limiters each needs a name of its own, and "" is not`,
		`limiter = { n = 1, full = "wiat" }`:                        `client.limiter.full: "wiat" is not one of "wait", "drop" (did you mean "wait"?)`,
		`limiter = { n = 1, full = { requeue = 3 } }`:               `client.limiter.full.requeue: 3 is neither "reset" nor a list`,
		`limiter = { n = 1, full = { requeue = ["2s", "1s"] } }`:    `client.limiter.full.requeue: the second duration, 1s, is shorter than the first, 2s`,
		`limiter = { n = 1, spacing = "1s" }`:                       `client.limiter: anchor, place and spacing are of windows`,
		`rest = { rest = "1s" }`:                                    `client.rest: the key after is missing`,
		`rest = { after = 3, barrier = true }`:                      `client.rest.barrier: a worker has one call at a time`,
		`retry = { max_attempts = 0 }`:                              `client.retry.max_attempts: 0 is not at least 1`,
		`retry = { waits = [] }`:                                    `client.retry.waits: there must be 1 to 999 durations`,
		`retry = { waits = ["1s"], first = "1s" }`:                  `client.retry.first: this key does not go with waits`,
		`retry = { jitter = { plus = "10%", add = ["0s", "1s"] } }`: `client.retry.jitter: write`,
		`retry = { poll = "5s" }`:                                   `client.retry.poll: a worker that sleeps does not poll`,
		`stop = { then = "abort" }`:                                 `client.stop: the key errors is missing`,
		`stop = "sometimes"`:                                        `client.stop: "sometimes" is not one of "never"`,
	} {
		got := clientProblems(t, text)
		if !slices.ContainsFunc(got, func(p string) bool { return strings.Contains(p, want) }) || len(got) != 1 {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
