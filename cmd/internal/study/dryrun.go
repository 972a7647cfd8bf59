package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"sesim/reports/wording"
	"sesim/sim/assumptions"
	"sesim/sim/forecast"
	"sesim/sim/unit"
)

// dryRun is the description of a run that --dry-run prints.
type dryRun struct {
	Scenario     string       `json:"scenario"`
	Shard        string       `json:"shard,omitempty"` // the figures cover only this shard
	Runs         int          `json:"runs"`            // at most, if a precision or a search decides
	Cells        int          `json:"cells"`
	Combinations int          `json:"combinations"` // number of cells without constraints
	Replications dryRule      `json:"replications"` // of each cell
	Workers      int          `json:"workers"`
	Keys         []string     `json:"keys,omitempty"`
	Values       []dryCell    `json:"cell_values,omitempty"`
	Settings     int          `json:"settings,omitempty"` // at most, of what AWS does not publish; without the search for turns
	Estimate     *dryEstimate `json:"estimate"`           // null: nothing to run

	what string // the runs in words, if they are not cells and replications
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

// dryEstimate is the estimated cost of all runs.
type dryEstimate struct {
	Counts forecast.Counts `json:"counts"` // of all runs; what is held is that of one
	// MemoryBytes is the peak resident set of the process.
	MemoryBytes int64 `json:"memory_bytes"`
	// CPUSeconds is processor time, WallSeconds what remains of it with all workers.
	// They vary from call to call. Null: there is not enough memory to measure.
	CPUSeconds  *float64 `json:"cpu_seconds"`
	WallSeconds *float64 `json:"wall_seconds"`
	// SampleSeconds is how long a sample of the runs was measured.
	SampleSeconds float64 `json:"sample_seconds"`
	// Warning says that the memory is more than the system has left.
	Warning string `json:"warning,omitempty"`
}

// Below these an estimate says no more than that: start and report take as long, and
// the Go runtime as much.
const (
	leastSeconds = 1
	leastMemory  = 64 << 20 // bytes
)

// dry describes what the runner would do.
func (r *runner) dry(ctx context.Context) error {
	d, cells, _ := r.planned()
	d.Cells = len(cells)
	list, err := r.load()
	if err == nil {
		d.add(list)
		err = r.describe(ctx, d, list)
	}
	if err != nil && !errors.Is(err, ErrInterrupted) {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	if err != nil {
		return err
	}
	return r.printDry(d, r.JSON, r.Quiet)
}

// planned returns the runs of the study without an estimate, the cells and the number
// of runs in all.
func (r *runner) planned() (d *dryRun, cells []int, runs int) {
	rule := r.Study.Rule
	d = &dryRun{
		Scenario: r.Config.Name, Shard: r.Shard.String(), Combinations: r.Study.Combinations,
		Replications: dryRule{rule.Min, rule.Max, rule.Metric, rule.HalfWidth}, Keys: r.Study.Keys,
	}
	for i, c := range r.Study.Cells {
		if len(r.Study.Keys) == 0 || r.Shard.has(i) {
			cells = append(cells, i)
		}
		if len(r.Study.Keys) > 0 && r.Shard.has(i) {
			d.Values = append(d.Values, dryCell{i, c.Values})
		}
	}
	for i := range rule.Max {
		if len(r.Study.Keys) > 0 || r.Shard.has(i) {
			d.Runs += len(cells)
		}
	}
	d.Workers = min(runtime.GOMAXPROCS(0), max(d.Runs, 1))
	return d, cells, d.Runs
}

// add adds to the description of a run the settings that its load has.
func (d *dryRun) add(list loads) {
	if len(list) < 2 || list[1].runs == 0 {
		return
	}
	d.Settings = list[1].runs / min(d.Runs, assumptions.MaxSeeds)
	d.Runs += list[1].runs
	d.Workers = max(d.Workers, list[1].workers)
}

// newDryRun returns the description of runs that are not cells of a sweep.
func newDryRun(name string, list loads) *dryRun {
	d := &dryRun{Scenario: name, Runs: list.runs(), Cells: 1, Combinations: 1, Replications: dryRule{Min: 1, Max: 1}}
	for _, l := range list {
		d.Workers = max(d.Workers, l.workers)
	}
	return d
}

// describe adds the estimate of loads to the description of their runs.
func (s *System) describe(ctx context.Context, d *dryRun, list loads) error {
	if list.runs() == 0 {
		return nil
	}
	e := &dryEstimate{Counts: list.sum(), MemoryBytes: s.bytes(list)}
	d.Estimate = e
	warning, limited := systemRoom().check(e.MemoryBytes)
	if limited != nil {
		warning = limited.Error()
	}
	if e.Warning = warning; warning != "" {
		return nil // the sample would need most of it
	}
	cpu, wall, sampled, err := s.seconds(ctx, list)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	e.CPUSeconds, e.WallSeconds, e.SampleSeconds = &cpu, &wall, sampled
	return nil
}

// printDry prints the description of runs.
func (s *System) printDry(d *dryRun, json, quiet bool) error {
	switch {
	case json:
		return s.Out.JSON(d)
	case quiet:
		return nil
	}
	return d.write(s.Text)
}

// maxDryCells limits the cells that the text lists.
const maxDryCells = 40

func (d *dryRun) write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s on %s\n", d.Scenario, d.runs(), plural(d.Workers, "worker"))
	if d.Estimate != nil {
		d.Estimate.write(&b)
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

// write writes the estimate in lines of its own.
func (e *dryEstimate) write(b *strings.Builder) {
	n := &e.Counts
	count := func(of int64, one string) string { return unit.Plural(of, one, one+"s") }
	fmt.Fprintf(b, "  about %s", count(n.Calls, "call"))
	if n.Refused > 0 {
		fmt.Fprintf(b, ", of which %s are refused", wording.Count(n.Refused))
	}
	fmt.Fprintf(b, "; %s accepted; %s of the rates\n", count(n.Recipients, "recipient"), count(n.Evaluations, "evaluation"))
	fmt.Fprintf(b, "  each run: %s, %s, %s", count(n.Accounts, "account"), count(n.Senders, "sender"),
		unit.Plural(n.Addresses, "address", "addresses"))
	if n.Waiting > 0 {
		fmt.Fprintf(b, ", up to %s that wait for a retry", count(n.Waiting, "message"))
	}
	b.WriteString("\n")
	memory := "less than 128 MB"
	if e.MemoryBytes >= leastMemory {
		memory = "about " + size(e.MemoryBytes)
	}
	fmt.Fprintf(b, "  %s of memory (peak resident set); %s\n", memory, e.time())
	if e.Warning != "" {
		fmt.Fprintf(b, "  warning: %s\n", e.Warning)
	}
}

// time describes the time of the runs.
func (e *dryEstimate) time() string {
	switch {
	case e.CPUSeconds == nil:
		return "the time was not measured, for lack of memory"
	case *e.CPUSeconds < leastSeconds:
		return "less than 2 s"
	}
	return fmt.Sprintf("about %s, %s of processor time, measured on a sample of %s",
		roughly(*e.WallSeconds), roughly(*e.CPUSeconds), roughly(e.SampleSeconds))
}

// roughly formats an estimated time without insignificant digits.
func roughly(seconds float64) string {
	d := time.Duration(min(seconds, 1e9) * float64(time.Second))
	for _, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		if d > 10*unit {
			return wording.Span(d.Round(unit))
		}
	}
	return wording.Span(max(d.Round(100*time.Millisecond), 100*time.Millisecond))
}

// runs describes the number of runs and what it is made up of.
func (d *dryRun) runs() string {
	if d.what != "" {
		return d.what
	}
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
	text += d.inSettings()
	if d.Shard != "" {
		text = "shard " + d.Shard + ", " + text
	}
	return text
}

// inSettings describes the settings that the runs include; "" if there are none.
func (d *dryRun) inSettings() string {
	if d.Settings == 0 {
		return ""
	}
	return fmt.Sprintf(", with at most %s of what AWS does not publish", plural(d.Settings, "setting"))
}

// plural writes a count with a noun whose plural ends in s.
func plural(n int, one string) string {
	return unit.Plural(int64(n), one, one+"s")
}
