package study

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/reports"
	"sesim/reports/text"
	"sesim/scenarios"
	"sesim/scenarios/study"
	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/engine"
	"sesim/sim/forecast"
)

// AssumptionOptions are the flags of the study of what AWS does not publish. They win
// over the scenario's keys and are left to the loader.
type AssumptionOptions struct {
	Assumptions string // off, each or joint; "" for what the scenario says
	Robust      string // true or false; "" for what the scenario says
	Joint       int    // combinations; 0 for the usual number
}

// usualJoint is the number of combinations unless --joint says another.
const usualJoint = 128

// check rejects flags that conflict.
func (o *AssumptionOptions) check() error {
	switch {
	case o.Joint < 0 || o.Joint > assumptions.MaxJoint:
		return Usagef("--joint must be between 1 and %d", assumptions.MaxJoint)
	case o.Joint > 0 && o.Assumptions != "" && o.Assumptions != "joint":
		return Usagef("--joint is the number of combinations of --assumptions=joint; it cannot be combined with --assumptions=%s", o.Assumptions)
	}
	return nil
}

// checkWord rejects a design that there is not, where no loader reads it.
func (o *AssumptionOptions) checkWord() error {
	switch o.Assumptions {
	case "", "off", "each", "joint":
		return o.check()
	}
	return Usagef("--assumptions: %q is not one of \"off\", \"each\", \"joint\"", o.Assumptions)
}

// combinations returns the number of combinations that the flags ask for.
func (o *AssumptionOptions) combinations() int {
	switch {
	case o.Joint > 0:
		return o.Joint
	case o.Assumptions == "joint":
		return usualJoint
	}
	return 0
}

// asked reports whether the flags ask for a study.
func (o *AssumptionOptions) asked() bool {
	return o.Joint > 0 || o.Assumptions == "each" || o.Assumptions == "joint"
}

// words returns the flags that say which settings are tried, for a command that repeats
// a call.
func (o *AssumptionOptions) words() []string {
	var words []string
	if o.Assumptions != "" {
		words = append(words, "--assumptions="+o.Assumptions)
	}
	if o.Joint > 0 {
		words = append(words, "--joint", strconv.Itoa(o.Joint))
	}
	return words
}

// overrides returns the flags as overrides of keys.
func (o *AssumptionOptions) overrides() []scenarios.Override {
	var list []scenarios.Override
	switch {
	case o.Assumptions != "":
		list = append(list, scenarios.Override{Flag: "--assumptions", Key: "assumptions", Value: o.Assumptions})
	case o.Joint > 0:
		list = append(list, scenarios.Override{Flag: "--joint", Key: "assumptions", Value: "joint"})
	}
	if o.Robust != "" {
		list = append(list, scenarios.Override{Flag: "--robust", Key: "robust", Value: o.Robust})
	}
	return list
}

// checkAssumptions rejects studies in shards. The loader rejects those of sweeps.
func (o *RunOptions) checkAssumptions(sc *Scenario) error {
	a := sc.Study.Assumptions
	if o.Shard.of > 0 && (a.Design == study.Each || a.Design == study.Joint || a.Robust) {
		return Usagef("%s: assumptions are not studied in shards: use --assumptions=off and --robust=false", sc.File)
	}
	return nil
}

// examination is the study of what the verdicts of a scenario rest on. Nil is none.
type examination struct {
	*runner
	study  *assumptions.Study
	asked  bool // by the scenario or a flag
	design study.Design
	joint  int   // combinations
	events int64 // recipients and evaluations of the scenario's own run
}

// quick limits what is tried unasked: the recipients and evaluations of the scenario's
// own run, times the settings.
const quick = 10_000_000

// examination returns the study of the scenario, nil if there is none: unasked, only a
// single run with thresholds is examined.
func (r *runner) examination() *examination {
	a := r.Study.Assumptions
	x := &examination{runner: r, design: a.Design, asked: a.Design == study.Each || a.Design == study.Joint || a.Robust}
	if a.Robust && a.Design == study.Unasked {
		x.design = study.Joint
	}
	if !x.asked && (a.Design == study.Off || len(r.Config.Thresholds) == 0 || !r.single()) {
		return nil
	}
	if x.design == study.Joint {
		x.joint = usualJoint
		if r.Joint > 0 {
			x.joint = r.Joint
		}
	}
	x.study = assumptions.New(r.Config, r.Study.Rule.Confidence)
	x.study.Account = judgedAccount(r.Config)
	return x
}

// judgedAccount returns the index of the first account that a threshold is about.
func judgedAccount(cfg *sim.Config) int {
	for _, t := range cfg.Thresholds {
		if account, ok := cfg.AccountOf(t.Metric); ok {
			return account
		}
	}
	return 0
}

// most returns the number of settings and combinations at most: which parameters can
// matter alone is known after the run.
func (x *examination) most() int { return x.study.MostSettings() + x.joint }

// foreseen returns how many settings will be tried at most, of a run with these counts:
// unasked only if it is short. About half of them can matter in a run.
func (x *examination) foreseen(n *forecast.Counts) int {
	if x == nil || !x.asked && (n.Recipients+n.Evaluations)*int64(x.most()/2) >= quick {
		return 0
	}
	return x.most()
}

// add adds a run of the scenario as it is.
func (x *examination) add(replication int, result *sim.Result) error {
	if x == nil {
		return nil
	}
	for i := range result.Accounts {
		x.events += result.Accounts[i].Recipients
	}
	x.events += int64(len(result.Accounts)) * int64(x.Config.Horizon/x.Config.Rules.Rep.EvalInterval)
	return x.study.AddOwn(replication, result)
}

// examine tries the settings and enters the outcome into the report, in any case. Its
// error is about a setting, or an interrupt.
func (x *examination) examine(ctx context.Context, report *reports.Report) error {
	if x == nil {
		return nil
	}
	how := &reports.Examination{
		Study: x.study, Given: reports.GivenAssumptions(x.Config), Turns: x.asked, Asked: x.asked, Robust: x.Study.Assumptions.Robust,
	}
	settings := x.study.Settings()
	if report.Summary.Status == reports.Interrupted || !x.asked && x.events*int64(settings) >= quick {
		report.Examine(how, nil)
		return nil
	}
	defer x.manyRuns()()
	display := terminal.New(x.mode(), x.Err, x.Getenv)
	began := x.Clock()
	out, err := x.study.Run(assumptions.Options{
		Run: engine.Run, Workers: runtime.GOMAXPROCS(0), Joint: x.joint, Turns: how.Turns,
		Stopped: func() bool { return ctx.Err() != nil },
		Progress: func(done, of int) {
			display.Show(tally{scenario: x.Config.Name, wall: (x.Clock() - began).Round(time.Millisecond), done: done, of: of, doing: "settings"})
		},
	})
	display.Close()
	report.Examine(how, out)
	switch {
	case err != nil:
		return fmt.Errorf("%s: with other values of what AWS does not publish: %w", x.File, err)
	case ctx.Err() != nil:
		return &Error{Interrupted, errors.New("interrupted; " + x.keptIn())}
	}
	return nil
}

// conclude examines what a report rests on, delivers it, and returns the error that
// ends the run. If a study was asked for, the run as it is comes first: it is printed
// and written before any setting is tried.
func (r *runner) conclude(ctx context.Context, x *examination, report *reports.Report, perf *reports.Performance, lost error) error {
	if x == nil || !x.asked {
		failed := x.examine(ctx, report)
		if err := errors.Join(r.deliver(report, perf), r.recordsErr); err != nil {
			return errors.Join(err, failed, lost)
		}
		if lost == nil && failed != nil {
			return failed
		}
		return r.ended(report, lost)
	}
	if err := errors.Join(r.deliverFirst(report, perf), r.recordsErr); err != nil {
		return errors.Join(err, lost)
	}
	failed := x.examine(ctx, report)
	if err := r.deliverExamined(report, perf); err != nil {
		return errors.Join(err, failed, lost)
	}
	if lost == nil && failed != nil {
		return failed
	}
	return r.ended(report, lost)
}

// deliverFirst prints the run as it is, as text, and writes its folder.
func (r *runner) deliverFirst(report *reports.Report, perf *reports.Performance) error {
	var printed error
	if !r.JSON {
		printed = r.print(report)
	}
	return errors.Join(printed, r.write(report, perf, r.Force))
}

// deliverExamined prints what the run rests on, or the summary as JSON, and writes the
// folder again.
func (r *runner) deliverExamined(report *reports.Report, perf *reports.Performance) error {
	r.forms.add(report)
	var printed error
	switch {
	case r.JSON:
		printed = r.print(report)
	case !r.Quiet:
		printed = text.WriteAssumptions(r.Text, report, r.style(r.NoColour))
	}
	if err := r.write(report, perf, true); err != nil {
		return errors.Join(printed, err)
	}
	return r.say(printed)
}
