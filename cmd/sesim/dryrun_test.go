package main

import (
	"encoding/json"
	"strings"
	"testing"
)

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
				Estimate struct {
					WallSeconds    float64 `json:"wall_seconds"`
					BytesPerWorker int64   `json:"bytes_per_worker"`
					MeasuredRuns   int     `json:"measured_runs"`
				}
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
			if measured := d.Estimate.MeasuredRuns; measured == 0 && c.runs > 0 || measured > 0 && (d.Estimate.WallSeconds <= 0 || d.Estimate.BytesPerWorker <= 0) {
				t.Errorf("estimate %+v", d.Estimate)
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
