package study

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"time"

	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// dryRun is the description of a run that --dry-run prints.
type dryRun struct {
	Scenario     string         `json:"scenario"`
	Shard        string         `json:"shard,omitempty"` // the figures cover only this shard
	Runs         int            `json:"runs"`            // at most, if a precision decides
	Cells        int            `json:"cells"`
	Combinations int            `json:"combinations"` // number of cells without constraints
	Replications dryRule        `json:"replications"` // of each cell
	Workers      int            `json:"workers"`
	Keys         []string       `json:"keys,omitempty"`
	Values       []dryCell      `json:"cell_values,omitempty"`
	Estimate     dryMeasurement `json:"estimate"`
}

// dryRule is the planned number of replications.
type dryRule struct {
	Min       int     `json:"min"`
	Max       int     `json:"max"`
	Metric    string  `json:"metric,omitempty"`
	HalfWidth float64 `json:"half_width,omitempty"`
}

// dryCell is a cell that would be simulated.
type dryCell struct {
	Number int      `json:"cell"`
	Values []string `json:"values"`
}

// dryMeasurement is the estimated cost of a run, from trial runs. It varies from
// call to call.
type dryMeasurement struct {
	WallSeconds    float64 `json:"wall_seconds"`
	RunSeconds     float64 `json:"run_seconds"`      // of one run on one core
	BytesPerWorker int64   `json:"bytes_per_worker"` // peak memory of a run and its result, garbage included
	MeasuredRuns   int     `json:"measured_runs"`
	How            string  `json:"how"`
}

// Limits of the trial runs.
const (
	measuredRuns  = 3
	measuredAtMax = 700 * time.Millisecond // of each
)

// dry describes what the runner would do.
func (r *runner) dry(ctx context.Context) error {
	d, err := r.dryRun(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	if r.JSON {
		return r.Out.JSON(d)
	}
	if r.Quiet {
		return nil
	}
	return d.write(r.Text)
}

func (r *runner) dryRun(ctx context.Context) (*dryRun, error) {
	rule := r.Study.Rule
	d := &dryRun{
		Scenario: r.Config.Name, Shard: r.Shard.String(), Cells: len(r.Study.Cells), Combinations: r.Study.Combinations,
		Replications: dryRule{rule.Min, rule.Max, rule.Metric, rule.HalfWidth}, Workers: runtime.GOMAXPROCS(0), Keys: r.Study.Keys,
	}
	cells := []int{}
	for i, c := range r.Study.Cells {
		if len(r.Study.Keys) == 0 || r.Shard.has(i) {
			cells = append(cells, i)
		}
		if len(r.Study.Keys) > 0 && r.Shard.has(i) {
			d.Values = append(d.Values, dryCell{i, c.Values})
		}
	}
	d.Cells = len(cells)
	for i := range rule.Max {
		if len(r.Study.Keys) > 0 || r.Shard.has(i) {
			d.Runs += len(cells)
		}
	}
	d.Workers = min(d.Workers, max(d.Runs, 1))
	return d, r.estimate(ctx, d, cells)
}

// estimate runs the first, a middle and the last cell for a short time each.
func (r *runner) estimate(ctx context.Context, d *dryRun, cells []int) error {
	if d.Runs == 0 {
		d.Estimate.How = "nothing to run"
		return nil
	}
	samples := slices.Compact([]int{cells[0], cells[len(cells)/2], cells[len(cells)-1]})
	total := time.Duration(0)
	for _, cell := range samples[:min(len(samples), measuredRuns)] {
		config, _, err := r.Study.Load(cell)
		if err != nil {
			return err
		}
		took, bytes, err := r.measured(ctx, *config)
		if err != nil {
			return err
		}
		total += took
		d.Estimate.BytesPerWorker = max(d.Estimate.BytesPerWorker, bytes)
		d.Estimate.MeasuredRuns++
	}
	d.Estimate.RunSeconds = (total / time.Duration(d.Estimate.MeasuredRuns)).Seconds()
	d.Estimate.WallSeconds = d.Estimate.RunSeconds * float64(d.Runs) / float64(d.Workers)
	d.Estimate.How = fmt.Sprintf("extrapolated from %s on one core, of at most %s each, over virtual time, runs and workers; "+
		"without the report", plural(d.Estimate.MeasuredRuns, "run"), wording.Span(measuredAtMax))
	return nil
}

// measured runs a configuration for a short time. It returns the estimated time
// of the whole run, and the peak memory in excess of the memory before.
func (s *System) measured(ctx context.Context, config sim.Config) (time.Duration, int64, error) {
	runtime.GC()
	before := heapBytes()
	most := before
	began := s.Clock()
	result, err := engine.Run(replicate.Config(&config, 0), sim.Hooks{Tick: func(sim.Progress) bool {
		most = max(most, heapBytes())
		return s.Clock()-began < measuredAtMax && ctx.Err() == nil
	}})
	took := s.Clock() - began
	if err != nil {
		return 0, 0, err
	}
	most = max(most, heapBytes())
	runtime.KeepAlive(result)
	if result.Interrupted && result.End > 0 {
		took = time.Duration(float64(took) * float64(config.Horizon) / float64(result.End))
	}
	return took, most - before, nil
}

// heapBytes returns the current size of all objects, garbage included.
func heapBytes() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// maxDryCells limits the cells that the text lists.
const maxDryCells = 40

func (d *dryRun) write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s on %s\n", d.Scenario, d.runs(), plural(d.Workers, "worker"))
	e := &d.Estimate
	if e.MeasuredRuns > 0 {
		fmt.Fprintf(&b, "  about %s and %d MB for each worker, %s\n", roughly(e.WallSeconds), (e.BytesPerWorker+1<<20-1)>>20, e.How)
	}
	if d.Combinations > len(d.Values) && d.Shard == "" && len(d.Keys) > 0 {
		fmt.Fprintf(&b, "  constraints exclude %s\n", plural(d.Combinations-len(d.Values), "combination"))
	}
	for _, c := range d.Values[:min(len(d.Values), maxDryCells)] {
		fmt.Fprintf(&b, "  cell %d:", c.Number)
		for k, key := range d.Keys {
			fmt.Fprintf(&b, " %s=%s", key, c.Values[k])
		}
		b.WriteString("\n")
	}
	if more := len(d.Values) - maxDryCells; more > 0 {
		fmt.Fprintf(&b, "  … %s more cells; --json lists all\n", wording.Count(int64(more)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// roughly formats an estimated time without insignificant digits.
func roughly(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	for _, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		if d > 10*unit {
			return wording.Span(d.Round(unit))
		}
	}
	return wording.Span(max(d.Round(100*time.Millisecond), 100*time.Millisecond))
}

// runs describes the number of runs and what it is made up of.
func (d *dryRun) runs() string {
	var parts []string
	if len(d.Keys) > 0 {
		parts = append(parts, plural(d.Cells, "cell"))
	}
	switch {
	case d.Replications.Min < d.Replications.Max:
		parts = append(parts, fmt.Sprintf("%d to %d replications, until the mean of %s is known to within %v",
			d.Replications.Min, d.Replications.Max, d.Replications.Metric, d.Replications.HalfWidth))
	case d.Replications.Max > 1:
		parts = append(parts, plural(d.Replications.Max, "replication"))
	}
	text := plural(d.Runs, "run")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", each of ")
	}
	if d.Shard != "" {
		text = "shard " + d.Shard + ", " + text
	}
	return text
}

// plural writes a count with a noun whose plural ends in s.
func plural(n int, one string) string {
	return unit.Plural(int64(n), one, one+"s")
}
