package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
	"sesim/reports/events"
)

// deliveryFlags adds the flags for the destination of an answer. The nouns name
// what is written to the folder and what is printed, form its format on standard
// output.
func deliveryFlags(f *pflag.FlagSet, d *study.Delivery, written, printed, form string) {
	f.StringVarP(&d.Dir, "output", "o", "", "write the "+written+" to `DIR`")
	f.BoolVar(&d.JSON, "json", false, "print the "+printed+" as JSON instead of "+form)
	f.BoolVar(&d.Quiet, "quiet", false, "print errors only; with --json, the JSON as well")
	f.BoolVar(&d.Force, "force", false, "replace an existing "+written)
}

// settingFlags adds --set and --seed, for one scenario or for several.
func settingFlags(f *pflag.FlagSet, s *study.Settings, of string) {
	f.StringArrayVar(&s.Set, "set", nil, "set a key of the "+of+": `KEY=VALUE`; may be repeated")
	seedFlag(f, s)
}

// seedFlag adds --seed.
func seedFlag(f *pflag.FlagSet, s *study.Settings) {
	f.Var(&takenFlag{"N", func(text string) { s.Seed, s.Seeded = text, true }}, "seed",
		"use the seed N instead of the scenario's")
}

// takenFlag is a flag without a default that passes its values to a function,
// in the order of the command line.
type takenFlag struct {
	name string // of a value, in the help
	take func(text string)
}

// String returns nothing: there is no default.
func (*takenFlag) String() string { return "" }

// Type names the value in the help.
func (f *takenFlag) Type() string { return f.name }

// Set passes a value on.
func (f *takenFlag) Set(text string) error {
	f.take(text)
	return nil
}

// confirmFlag adds --confirm.
func confirmFlag(f *pflag.FlagSet, confirm *int) {
	f.IntVar(confirm, "confirm", -1, "confirm the answer with `N` fresh runs; 0 for none")
}

// colourFlag adds --no-color.
func colourFlag(f *pflag.FlagSet, noColour *bool) {
	f.BoolVar(noColour, "no-color", false, "print without colours")
}

// recordFlags adds the flags for the records of one run.
func recordFlags(f *pflag.FlagSet, o *study.RecordOptions) {
	f.StringVar(&o.Events, "events", "", "write the events that SES would publish to `FILE`, one JSON record per line; "+
		"compressed if its name ends in .gz or .zst; - with --quiet: standard output")
	f.StringVar(&o.Style, "event-style", events.EventPublishing.String(), "format of the records: event-publishing or notification")
	f.StringVar(&o.Refusals, "refusals", "", "write refused calls to `FILE` in the same way, one JSON object per line")
	f.StringVar(&o.Statistics, "statistics", "", "write the final response of GetSendStatistics to `FILE` in the same way, as CSV")
}

// formFlags adds the flags for results in the formats of other programs.
func formFlags(f *pflag.FlagSet, o *study.FormOptions) {
	f.StringVar(&o.JUnit, "junit", "", "write the verdicts to `FILE`, as JUnit XML")
	f.StringVar(&o.OpenMetrics, "openmetrics", "", "write series and final counts to `FILE`, as OpenMetrics with virtual times")
}

// assumptionFlags adds the flags for the study of what AWS does not publish.
func assumptionFlags(f *pflag.FlagSet, o *study.AssumptionOptions) {
	designFlags(f, o)
	f.StringVar(&o.Robust, "robust", "", "a threshold passes only if it passes in every setting: `true|false`")
	f.Lookup("robust").NoOptDefVal = "true"
}

// designFlags adds those that say which settings are tried.
func designFlags(f *pflag.FlagSet, o *study.AssumptionOptions) {
	f.StringVar(&o.Assumptions, "assumptions", "",
		"vary what AWS does not publish: off, each parameter alone, or also all together: `DESIGN` off, each or joint")
	f.Lookup("assumptions").NoOptDefVal = "joint"
	f.IntVar(&o.Joint, "joint", 0, "vary all together in `N` combinations instead of 128")
}

// progressFlag adds --progress, terminal.Auto unless it is given.
func progressFlag(cmd *cobra.Command, mode *terminal.Mode) {
	*mode = terminal.Auto
	cmd.Flags().Var((*progressMode)(mode), "progress", "how progress is shown on standard error: auto, bar, plain or none")
	_ = cmd.RegisterFlagCompletionFunc("progress", cobra.FixedCompletions(terminal.Modes(), cobra.ShellCompDirectiveNoFileComp))
}

// progressMode is the value of --progress.
type progressMode terminal.Mode

// String returns the mode.
func (m *progressMode) String() string { return string(*m) }

// Set rejects a text that is not a mode.
func (m *progressMode) Set(text string) error {
	modes := terminal.Modes()
	for _, mode := range modes {
		if text == mode {
			*m = progressMode(text)
			return nil
		}
	}
	return errors.New(study.WithHint("must be one of "+strings.Join(modes, ", "), hint(text, modes, "")))
}

// Type returns the placeholder of the value in the help text.
func (m *progressMode) Type() string { return "MODE" }
