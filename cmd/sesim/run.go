package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"sesim/scenarios"
)

// defaultScenario is what sesim run runs without an argument.
const defaultScenario = scenarios.Default

// runOptions are the flags of sesim run.
type runOptions struct {
	dir      string // folder of the report; "" chooses one
	json     bool
	quiet    bool
	force    bool
	noColour bool
	seed     string // left to the loader, as all values are
	seeded   bool   // --seed was given
	set      []string
	// replications is left to the loader too; "" is what the scenario says.
	replications string
	shard        shard
	dryRun       bool
	progress     progressMode
	recordOptions
	formOptions
}

func runCommand(s *system) *cobra.Command {
	o := runOptions{progress: progressAuto}
	cmd := &cobra.Command{
		Use:   "run [FILE|NAME|-]...",
		Short: "Simulate scenarios and write their reports",
		Long: `Run simulates scenarios: files, names of scenarios that ship with sesim, or "-"
for standard input; a file wins over a name. Without an argument it runs
` + defaultScenario + `. All scenarios are checked before the first one is simulated.

It prints the verdicts on the scenario's thresholds, a summary, and where the
report lies: in DIR, or in sesim-runs/NAME, with a number where that is taken.
With -o and several scenarios each gets a folder of its name in DIR.

A scenario that asks for replications, as --replications does, is simulated so
many times with different seeds, and every figure gets an interval.

With --json it prints the summary of each scenario as JSON and nothing else,
and writes a report only where -o says so. Values come from the defaults, then
the scenario, then --set and --seed. "sesim help exit-codes" explains the exit
status.`,
		Example: `  sesim run
  sesim run stale-list --seed 7
  sesim run stale-list --replications 200
  sesim run mine.toml -o report --set account.acme.quota=1000`,
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.seeded = cmd.Flags().Changed("seed")
			return s.run(cmd.Context(), args, &o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.dir, "output", "o", "", "write the report to `DIR`")
	f.BoolVar(&o.json, "json", false, "print the summary as JSON instead of text")
	f.BoolVar(&o.quiet, "quiet", false, "print errors only; with --json, the JSON as well")
	f.BoolVar(&o.force, "force", false, "replace a report that is already there")
	f.BoolVar(&o.noColour, "no-color", false, "print without colours")
	f.StringVar(&o.seed, "seed", "", "seed the random numbers with `N`, not with the scenario's seed")
	f.StringArrayVar(&o.set, "set", nil, "set a key of the scenario: `KEY=VALUE`; may be repeated")
	f.StringVar(&o.replications, "replications", "", "simulate `N` times with different seeds, not as often as the scenario says")
	f.BoolVar(&o.dryRun, "dry-run", false, "say what would be run, and what it would cost, and run nothing")
	f.Var(&o.shard, "shard", "make one part of a sweep or of replications into -o, for sesim merge")
	o.recordOptions.flags(f)
	o.formOptions.flags(f)
	f.Var(&o.progress, "progress", "how progress is shown on standard error: auto, bar, plain or none")
	_ = cmd.RegisterFlagCompletionFunc("progress", cobra.FixedCompletions(progressModes, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// completeWith offers the scenarios that ship to the shell, with their questions,
// and what the directive adds: files, or nothing.
func completeWith(directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var list []string
		for _, e := range slices.Concat(scenarios.Shipped(), scenarios.Lessons()) {
			list = append(list, cobra.CompletionWithDesc(e.Name, e.Question))
		}
		return list, directive
	}
}

// errInterrupted ends the program after the first signal.
var errInterrupted = &exitError{exitInterrupted, errors.New("interrupted")}

// run checks everything that can be checked, and then simulates the scenarios.
func (s *system) run(ctx context.Context, names []string, o *runOptions) error {
	if len(names) == 0 {
		names = []string{defaultScenario}
	}
	overrides, err := o.overrides()
	if err != nil {
		return err
	}
	list, err := s.load(ctx, names, overrides)
	if err != nil {
		return err
	}
	if err := o.checkStudies(list); err != nil {
		return err
	}
	if o.dryRun {
		return s.dryRuns(ctx, list, o)
	}
	if err := o.checkShard(list); err != nil {
		return err
	}
	folders, err := o.folders(list)
	if err != nil {
		return err
	}
	if err := o.recordOptions.check(len(list), o.quiet, o.json); err != nil {
		return err
	}
	if err := s.checkOutput(o, folders); err != nil {
		return err
	}
	f, err := o.formOptions.open(len(list), o.force)
	if err != nil {
		return err
	}
	return f.closeAfter(s.simulateAll(ctx, list, func(i int) *runner {
		return &runner{system: s, runOptions: o, scenario: list[i], folder: folders[i], overrides: overrideText(overrides), forms: f}
	}))
}

// dryRuns says of each scenario what would be run.
func (s *system) dryRuns(ctx context.Context, list []scenario, o *runOptions) error {
	for _, sc := range list {
		if err := (&runner{system: s, runOptions: o, scenario: sc}).dry(ctx); err != nil {
			return err
		}
	}
	return nil
}

// simulateAll simulates the scenarios one after the other. It goes on after a
// scenario that fails its thresholds, and stops at the first error.
func (s *system) simulateAll(ctx context.Context, list []scenario, runner func(i int) *runner) error {
	var verdict error
	for i := range list {
		if ctx.Err() != nil {
			return errInterrupted
		}
		r := runner(i)
		switch err := r.run(ctx); exitOf(err) {
		case exitPassed:
		case exitThreshold:
			verdict = err
		default:
			return err
		}
	}
	return verdict
}

// overrides returns what --set, --replications and --seed say; the last wins.
func (o *runOptions) overrides() ([]scenarios.Override, error) {
	list, err := parseOverrides(o.set)
	if o.replications != "" {
		list = append(list, o.replicationsOverride())
	}
	if o.seeded {
		list = append(list, scenarios.Override{Key: "seed", Value: o.seed})
	}
	return list, err
}

// checkOutput refuses a run whose whole answer would be lost, and warns where
// only its text would.
func (s *system) checkOutput(o *runOptions, folders []string) error {
	if o.quiet && !o.json && !o.toStdout() || !s.out.lost() {
		return nil
	}
	if o.json && folders[0] == "" {
		return errors.New("standard output is closed, and --json writes nowhere else without -o")
	}
	fmt.Fprintln(s.err, "sesim: standard output is closed; the report is all that this run leaves")
	return nil
}
