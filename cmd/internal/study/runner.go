package study

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/rundir"
	"sesim/reports/text"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

// runner runs one scenario of sesim run.
type runner struct {
	*System
	*RunOptions
	Scenario
	folder    string   // of the report; "" for none
	overrides []string // as written in the report
	forms     *forms

	recordsErr error // reported after the result
}

// run simulates the scenario and delivers the result. Its error decides the exit
// status.
func (r *runner) run(ctx context.Context) error {
	if err := r.fits(r.File, r.load); err != nil {
		return err
	}
	switch {
	case r.Shard.of > 0:
		return r.runShard(ctx)
	case len(r.Study.Keys) > 0:
		return r.runSweep(ctx)
	case !r.single():
		return r.runReplications(ctx)
	}
	defer r.BoundGarbage()()
	var x *examination
	if r.Journal == "" {
		x = r.examination()
	}
	result, perf, lost := r.simulate(ctx)
	if lost != nil && result == nil {
		return fmt.Errorf("%s: %w", r.File, lost)
	}
	report, err := reports.New(r.Config, result, r.source())
	if err != nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	if err := errors.Join(x.add(0, result), r.addOrders(ctx, report, result)); err != nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	return r.conclude(ctx, x, report, perf, lost)
}

// ended returns the error of a run whose report is delivered. Lost wraps
// sim.ErrTrace if the run could not go on; else it is nil.
func (r *runner) ended(report *reports.Report, lost error) error {
	if lost != nil {
		return &Error{Internal, fmt.Errorf("%s: %w; interrupted: %s", r.File, lost, r.keptIn())}
	}
	return r.verdict(report)
}

// keptIn names the place of the results of an interrupted run.
func (r *runner) keptIn() string {
	if r.folder != "" {
		return "the results so far are in " + r.folder
	}
	return "the results so far are in the summary"
}

// simulate runs the model with the progress display and the probe. An error that
// wraps sim.ErrTrace comes with the result so far.
func (r *runner) simulate(ctx context.Context) (*sim.Result, *reports.Performance, error) {
	p := newProbe(r.Clock)
	m := &meter{
		display:  terminal.New(r.mode(), r.Err, r.Getenv),
		clock:    r.Clock,
		stopped:  func() bool { return ctx.Err() != nil },
		scenario: r.Config.Name,
		accounts: accountNames(r.Config),
		began:    r.Clock(),
	}
	if r.Journal != "" {
		m.display.Close()
		return r.replay(p, m.began)
	}
	records, err := r.openRecords(&r.RecordOptions, r.Config, r.Force)
	if err != nil {
		return nil, nil, err
	}
	hooks := sim.Hooks{}
	if records != nil { // an observer costs time: only on request
		hooks = records.hooks(&r.RecordOptions)
	}
	hooks.Tick, hooks.Probe = m.tick, p
	result, err := engine.Run(*r.Config, hooks)
	wall := r.Clock() - m.began
	if records != nil {
		r.recordsErr = records.close(result)
	}
	m.display.Close()
	if err == nil {
		err = p.err
	}
	if err != nil && !errors.Is(err, sim.ErrTrace) {
		return nil, nil, err
	}
	return result, timed(result, wall, p), err
}

func (r *runner) mode() terminal.Mode { return r.Delivery.Mode(r.Progress) }

func accountNames(config *sim.Config) []string {
	names := make([]string, len(config.Accounts))
	for i := range names {
		names[i] = config.Accounts[i].Name
	}
	return names
}

// timed returns the wall-clock measurements of a single run.
func timed(result *sim.Result, wall time.Duration, p *probe) *reports.Performance {
	perf := onThisMachine()
	perf.Wall, perf.Virtual, perf.Events, perf.Admissions = wall, result.End, result.Events, result.Admissions
	perf.Admission, perf.SampleEvery = &p.times, p.sampleEvery(result.Admissions)
	perf.ClockCost, perf.ClockResolution, perf.Note = p.cost, p.resolution, p.note()
	return perf
}

// onThisMachine returns the description of program and machine that all
// performance figures share.
func onThisMachine() *reports.Performance {
	return &reports.Performance{
		GoMaxProcs: runtime.GOMAXPROCS(0), GoVersion: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		PeakMemoryBytes: peakMemory(),
	}
}

// deliver prints the summary and writes the folder, each even if the other fails,
// so that no result is lost.
func (r *runner) deliver(report *reports.Report, perf *reports.Performance) error {
	r.forms.add(report)
	printed := r.print(report)
	if err := r.write(report, perf, r.Force); err != nil {
		return errors.Join(printed, err)
	}
	return r.say(printed)
}

// write writes the folder, if there is one.
func (r *runner) write(report *reports.Report, perf *reports.Performance, force bool) error {
	if r.folder == "" {
		return nil
	}
	if err := rundir.Write(r.folder, report, perf, force); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	return nil
}

// say prints where the folder is after a text that was printed without an error.
func (r *runner) say(printed error) error {
	if r.folder == "" || r.Quiet || r.JSON || printed != nil {
		return printed
	}
	return r.sayWhere(r.folder)
}

// sayWhere prints the path of the report in a folder.
func (s *System) sayWhere(dir string) error {
	_, err := fmt.Fprintf(s.Out, "\nReport: %s\n", unit.Visible(filepath.Join(dir, "report.html")))
	return err
}

// saySweep prints the folder of a sweep.
func (s *System) saySweep(dir string) error {
	_, err := fmt.Fprintf(s.Out, "\nSweep: %s\n", unit.Visible(dir))
	return err
}

// print writes the summary to standard output, as JSON or as text.
func (r *runner) print(report *reports.Report) error {
	switch {
	case r.JSON:
		return data.WriteSummary(r.Out, &report.Summary)
	case r.Quiet:
		return nil
	}
	return text.Write(r.Text, report, r.style(r.NoColour))
}

// verdict returns an error for an interrupted run and for thresholds that did not
// pass. The verdicts themselves are on standard output.
func (r *runner) verdict(report *reports.Report) error {
	if report.Summary.Status == reports.Interrupted {
		return &Error{Interrupted, fmt.Errorf("interrupted; %s", r.keptIn())}
	}
	for _, t := range report.Summary.Thresholds {
		if t.Verdict != criteria.Pass.String() {
			return &Error{Outcome: Unmet}
		}
	}
	return nil
}
