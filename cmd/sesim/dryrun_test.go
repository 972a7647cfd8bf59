package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// dryEstimate is what a dry run estimates.
type dryEstimate struct {
	Counts struct{ Messages, Calls, Accounts int64 }
	Memory int64    `json:"memory_bytes"`
	CPU    *float64 `json:"cpu_seconds"`
	Wall   *float64 `json:"wall_seconds"`
}

// plausible reports whether every run has calls and an account, and there is something
// that it takes.
func (e *dryEstimate) plausible(runs int) bool {
	return e.Counts.Messages >= int64(runs) && e.Counts.Calls >= e.Counts.Messages && e.Counts.Accounts == 1 &&
		e.Memory > 10<<20 && e.CPU != nil && *e.CPU > 0 && *e.Wall <= *e.CPU
}

// A search and a request tell their runs without making them, also as JSON.
func TestDryRunOfPlanAndRequest(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args  []string
		least int // runs
		text  string
	}{
		{[]string{"plan", "which-quota"}, 1200, "which-quota: about "},
		{[]string{"plan", "which-quota", "--replications", "20", "--confirm", "7"}, 500, "which-quota: about "},
		{[]string{"request", "first-campaign", "--replications", "3"}, 6, "first-campaign: up to 6 runs for the figures on 1 worker\n"},
		{[]string{"request", "which-quota", "--replications", "3"}, 1000, "which-quota: up to 3 runs for the figures, and about "},
	} {
		args := append(c.args, "--dry-run", "-o", "out")
		got := call(t, append(args, "--json")...)
		var d struct {
			Runs     int
			Estimate *dryEstimate
		}
		if err := json.Unmarshal([]byte(got.stdout), &d); err != nil || got.code != 0 {
			t.Fatalf("%v: %v: %+v", args, err, got)
		}
		if d.Runs < c.least || d.Runs > 2*c.least || d.Estimate == nil || !d.Estimate.plausible(d.Runs) {
			t.Errorf("%v: %d runs, estimate %+v", args, d.Runs, d.Estimate)
		}
		if text := call(t, args...); text.code != 0 || !strings.HasPrefix(text.stdout, c.text) {
			t.Errorf("%v: %+v", args, text)
		}
	}
	if left := entries(t, "."); len(left) != 0 {
		t.Errorf("written: %v", left)
	}
	if got := call(t, "plan", "stale-list", "--dry-run"); got.code != int(exitUsage) {
		t.Errorf("without a goal: %+v", got)
	}
}

// What is below 64 MB is told as no more than that, and what will be refused under heavy throttling is counted.
func TestDryRunText(t *testing.T) {
	t.Chdir(t.TempDir())
	got := call(t, "run", "sandbox-first-day", "--dry-run", "--assumptions=off")
	const want = "sandbox-first-day: 1 run on 1 worker\n" +
		"  about 350 calls, of which 113 are refused; 237 recipients accepted; 100 evaluations of the rates\n" +
		"  each run: 1 account, 3 senders, 1,051 addresses\n" +
		"  less than 128 MB of memory (peak resident set); " // and the time, which is measured
	if got.code != 0 || !strings.HasPrefix(got.stdout, want) {
		t.Errorf("%+v, want %q", got, want)
	}
}

// dryRunOf returns the numbers of a dry run.
func dryRunOf(t *testing.T, args ...string) (d struct{ Runs, Settings int }) {
	t.Helper()
	got := call(t, append(args, "--dry-run", "--json")...)
	if err := json.Unmarshal([]byte(got.stdout), &d); err != nil || got.code != 0 {
		t.Fatalf("%v: %v: %+v", args, err, got)
	}
	return d
}

// The settings of what AWS does not publish are runs as well: those that are tried
// unasked for a short run with thresholds, those of the answer of a plan, and those of
// each variant.
func TestDryRunCountsRunsOfSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	const seeds = 20 // at most
	off := dryRunOf(t, "run", "sandbox-first-day", "--assumptions=off")
	unasked := dryRunOf(t, "run", "sandbox-first-day")
	if off.Runs != 1 || off.Settings != 0 || unasked.Settings < 100 || unasked.Runs != 1+unasked.Settings {
		t.Errorf("a run: %+v and %+v", off, unasked)
	}
	if long := dryRunOf(t, "run", "region-day", "--set", "horizon=1h"); long.Runs != 1 {
		t.Errorf("a long run: %+v", long)
	}
	plain := dryRunOf(t, "plan", "which-quota")
	judged := dryRunOf(t, "plan", "which-quota", "--assumptions")
	if plain.Settings != 0 || judged.Settings < 228 || judged.Runs != plain.Runs+seeds*(judged.Settings+1) {
		t.Errorf("a plan: %+v and %+v", plain, judged)
	}
	if bare := dryRunOf(t, "plan", "which-quota", "--bare"); bare.Runs >= plain.Runs {
		t.Errorf("%d runs of a plan, %d of a bare one", plain.Runs, bare.Runs)
	}
	growing := dryRunOf(t, "plan", "which-quota", "--set", "goal.growth=5%/30d")
	if growing.Runs <= plain.Runs {
		t.Errorf("%d runs of a plan, %d with growth", plain.Runs, growing.Runs)
	}
	variants := []string{"compare", "sandbox-first-day", "--vs", "account.acme.rate=2", "--vs", "account.acme.rate=3", "--replications"}
	for n, own := range map[string]int{"4": 4, "30": 30} {
		one := dryRunOf(t, append(variants, n)...)
		many := dryRunOf(t, append(variants, n, "--assumptions=each", "-o", "out")...)
		of := min(own, seeds)
		again := many.Settings * of
		if own > of {
			again += of
		}
		if one.Runs != 3*own || one.Settings != 0 || many.Settings < 100 || many.Runs != 3*(own+again) {
			t.Errorf("a comparison of %s: %+v and %+v", n, one, many)
		}
	}
	if got := call(t, "compare", "a", "b", "--dry-run"); got.code != int(exitUsage) || !strings.Contains(got.stderr, "--dry-run requires --vs") {
		t.Errorf("%+v", got)
	}
	if left := entries(t, "."); len(left) != 0 {
		t.Errorf("written: %v", left)
	}
}

// The runs of a search are foreseen within a factor of two.
func TestDryRunOfPlanForeseesItsRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	args := []string{"plan", "which-quota", "--replications", "120", "--confirm", "100"}
	foreseen := dryRunOf(t, args...)
	got := call(t, append(args, "--json")...)
	var made struct{ Runs struct{ Total int } }
	if err := json.Unmarshal([]byte(got.stdout), &made); err != nil || got.code != 0 {
		t.Fatalf("%v: %+v", err, got)
	}
	if 2*foreseen.Runs < made.Runs.Total || foreseen.Runs > 2*made.Runs.Total {
		t.Errorf("%d runs foreseen, %d made", foreseen.Runs, made.Runs.Total)
	}
}

// TestDryRun checks the number of runs, the values of each cell, and that
// nothing is written.
func TestDryRun(t *testing.T) {
	const sweep = twoKeys + "\n" + `constraint = "account.acme.quota > 1000"`
	for _, c := range []struct {
		name   string
		src    string
		args   []string
		runs   int
		values string
	}{
		{"one run", lucky(""), nil, 1, ""},
		{"replications", "replications = 30\n" + lucky(""), nil, 30, ""},
		{"a shard of them", "replications = 30\n" + lucky(""), []string{"--shard", "1/4"}, 8, ""},
		{"a goal", `replications = { max = 50, metric = "acme.accepted", half_width = 5 }` + "\n" + lucky(""), nil, 50, ""},
		{"a sweep", swept("", sweep), nil, 3, "0 5000 30/h; 1 5000 60/h; 2 5000 90/h"},
		{"a sweep of replications", swept("", sweep), []string{"--replications", "20"}, 60, "0 5000 30/h; 1 5000 60/h; 2 5000 90/h"},
		{"a shard of a sweep", swept("", sweep), []string{"--replications", "20", "--shard", "2/2"}, 20, "1 5000 60/h"},
		{"an empty shard", swept("", sweep), []string{"--shard", "4/4"}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "s.toml", c.src)
			got := call(t, append([]string{"run", "s.toml", "--dry-run", "--json", "-o", "out"}, c.args...)...)
			var d struct {
				Runs   int
				Values []struct {
					Number int `json:"cell"`
					Values []string
				} `json:"cell_values"`
				Estimate *dryEstimate
			}
			if err := json.Unmarshal([]byte(got.stdout), &d); err != nil || got.code != 0 {
				t.Fatalf("%v: %+v", err, got)
			}
			var values []string
			for _, v := range d.Values {
				values = append(values, jsonText(t, v.Number)+" "+strings.Join(v.Values, " "))
			}
			if d.Runs != c.runs || strings.Join(values, "; ") != c.values {
				t.Errorf("%d runs of %v, want %d of %s", d.Runs, values, c.runs, c.values)
			}
			if e := d.Estimate; (e == nil) != (c.runs == 0) || e != nil && !e.plausible(c.runs) {
				t.Errorf("estimate %+v", e)
			}
			if text := call(t, append([]string{"run", "s.toml", "--dry-run"}, c.args...)...); text.code != 0 || !strings.HasPrefix(text.stdout, "quick: ") {
				t.Errorf("as text: %+v", text)
			}
			if left := entries(t, "."); len(left) != 1 {
				t.Errorf("written: %v", left)
			}
		})
	}
}

// A scenario that is wrong in one cell is told as it is without --dry-run.
func TestDryRunOfWrongScenario(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", swept("", `"account.acme.rate" = [1, 0]`))
	if got := call(t, "run", "s.toml", "--dry-run"); got.code != int(exitUsage) || !strings.Contains(got.stderr, "0 is not at least 1") {
		t.Errorf("%+v", got)
	}
}
