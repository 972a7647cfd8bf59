package study

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"sesim/cmd/internal/terminal"
	"sesim/reports/rundir"
	"sesim/scenarios"
)

// Delivery is the destination and the format of an answer.
type Delivery struct {
	Dir   string // folder of the answer; "" for none or a default
	JSON  bool   // print JSON instead of text
	Quiet bool   // print no text
	Force bool   // replace an existing folder
}

// Mode returns how progress is shown; not at all in quiet mode.
func (d *Delivery) Mode(mode terminal.Mode) terminal.Mode {
	if d.Quiet {
		return terminal.None
	}
	return mode
}

// deliver prints an answer as text or as JSON and writes its folder, each even if
// the other fails. The noun names the answer.
func (s *System) deliver(d *Delivery, noun string, text, document []byte, files []rundir.File) error {
	var printed error
	switch {
	case d.JSON:
		_, printed = s.Out.Write(document)
	case !d.Quiet:
		_, printed = s.Text.Write(text)
	}
	if d.Dir == "" {
		return printed
	}
	if err := rundir.WriteFiles(filepath.Clean(d.Dir), files, d.Force); err != nil {
		return errors.Join(printed, fmt.Errorf("cannot write the %s: %w", noun, err))
	}
	return printed
}

// RunOptions are the options of Run.
type RunOptions struct {
	Delivery
	Settings
	NoColour bool
	// Replications is left to the loader too; "" for the scenario's number.
	Replications string
	Shard        Shard
	DryRun       bool   // describe the runs without running them
	Journal      string // of a session that is driven again; "" for a run
	Progress     terminal.Mode
	RecordOptions
	FormOptions
	AssumptionOptions
}

// Run checks all inputs, and then simulates the scenarios: files, shipped names,
// or "-" for standard input. Without a name it runs scenarios.Default, or drives a session
// of scenarios.Served again.
func (s *System) Run(ctx context.Context, names []string, o *RunOptions) error {
	overrides, err := o.overrides()
	if err != nil {
		return err
	}
	load := s.Load
	if o.Journal != "" {
		load = s.LoadSession
	} else if len(names) == 0 {
		names = []string{scenarios.Default}
	}
	list, err := load(ctx, names, overrides)
	if err != nil {
		return err
	}
	if err := o.checkStudies(list); err != nil {
		return err
	}
	if o.DryRun {
		return s.dryRuns(ctx, list, o)
	}
	if err := o.checkShard(list); err != nil {
		return err
	}
	if err := o.checkJournal(list); err != nil {
		return err
	}
	folders, err := s.folders(o, list)
	if err != nil {
		return err
	}
	if err := o.RecordOptions.check(len(list), o.Quiet, o.JSON); err != nil {
		return err
	}
	if err := s.checkOutput(o); err != nil {
		return err
	}
	f, err := s.openForms(&o.FormOptions, len(list), o.Force)
	if err != nil {
		return err
	}
	return f.closeAfter(s.simulateAll(ctx, list, func(i int) *runner {
		return &runner{System: s, RunOptions: o, Scenario: list[i], folder: folders[i], overrides: overrideText(overrides), forms: f}
	}))
}

// dryRuns describes the runs of each scenario.
func (s *System) dryRuns(ctx context.Context, list []Scenario, o *RunOptions) error {
	for _, sc := range list {
		if err := (&runner{System: s, RunOptions: o, Scenario: sc}).dry(ctx); err != nil {
			return err
		}
	}
	return nil
}

// simulateAll simulates the scenarios one by one. It continues after a scenario
// that fails its thresholds, and stops at the first error.
func (s *System) simulateAll(ctx context.Context, list []Scenario, runner func(i int) *runner) error {
	var verdict error
	for i := range list {
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		r := runner(i)
		switch err := r.run(ctx); OutcomeOf(err) {
		case Passed:
		case Unmet:
			verdict = err
		default:
			return err
		}
	}
	return verdict
}

// overrides returns the values of --set, --seed, --replications and --assumptions; a flag of a
// key wins over --set.
func (o *RunOptions) overrides() ([]scenarios.Override, error) {
	list, err := o.Overrides()
	if o.Replications != "" {
		list = append(list, o.replicationsOverride())
	}
	return append(list, o.AssumptionOptions.overrides()...), errors.Join(err, o.AssumptionOptions.check())
}

// checkOutput claims standard output if anything is printed, and warns if that
// would be lost.
func (s *System) checkOutput(o *RunOptions) error {
	prints := !o.Quiet || o.JSON
	if (prints || o.toStdout()) && s.Out.lost() {
		fmt.Fprintln(s.Err, "sesim: standard output is closed or the null device; what is printed is lost")
	}
	if !prints {
		return nil
	}
	return s.claimStream("standard output", toWrite, s.Out.w, stdoutPath)
}
