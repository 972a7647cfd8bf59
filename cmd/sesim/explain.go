package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

func explainCommand(s *study.System) *cobra.Command {
	var at, journal, call string
	var asJSON, each bool
	var settings study.Settings
	query := explain.Query{}
	cmd := &cobra.Command{
		Use:   "explain {FILE|NAME|- --at TIME | [FILE|NAME|-] --journal FILE --call ID}",
		Short: "Explain the decisions of a run up to a moment, or a call of a session",
		Long: `Explain replays a scenario up to a moment and explains the latest refusals,
suppressions, bounces, messages that a client gave up, and changes of state: the
rule, the figures that decided, and the source. TIME is a duration since the scenario's start, such as 5d12h, or
a date such as 2026-03-07T21:00:00Z.

Decisions that are alike, of one account and sender with the same outcome by the
same rule, are one entry: the last of them, with their count and the first.
With --each every decision is an entry. With an address or a message it lists
everything that happened to it: for a lost message what each attempt met, when it
began, and why no other followed.

With a journal of sesim serve it drives the session again up to one call, by its
request or message id, and explains that; without a scenario it takes the one that
serve does. "sesim calls ID" asks a server that runs.`,
		Example: `  sesim explain stale-list --at 15m
  sesim explain shared-audience --at 3d --account bakery --address readers-17@readers.example
  sesim explain sandbox-first-day --at 20h --sender team --message 205
  sesim explain workers-and-limiters --at 10m --sender sdk --message 16
  sesim explain mine.toml --journal mine.ndjson --call 0d2b5c1e-6f3a-4e57-9c0a-1f2d3e4b5a69`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			overrides, err := settings.Overrides()
			if err != nil {
				return err
			}
			load := s.Load
			if journal != "" || call != "" {
				load = s.LoadSession
			} else if err := cobra.ExactArgs(1)(cmd, args); err != nil {
				return study.Usagef("%s; see sesim explain --help", err.Error())
			}
			list, err := load(cmd.Context(), args, overrides)
			if err != nil {
				return err
			}
			if journal != "" || call != "" {
				return explainCall(cmd, s, &list[0], journal, call, asJSON)
			}
			cfg := list[0].Config
			if query.At, err = momentOf(cfg, at); err != nil {
				return err
			}
			if cmd.Flags().Changed("message") && query.Message < 1 || query.Most < 1 || query.Most > 100_000 {
				return study.Usagef("--message counts from 1, and --most must be between 1 and 100000")
			}
			query.Together = !each
			return explainMoment(cmd.Context(), s, cfg, query, asJSON)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&at, "at", "", "the moment, `TIME` since the start or a date")
	flags.StringVar(&journal, "journal", "", "explain a call of the session that wrote the journal `FILE`")
	flags.StringVar(&call, "call", "", "the call of the journal with the request or message `ID`")
	flags.StringVar(&query.Account, "account", "", "explain only the account `NAME`")
	flags.StringVar(&query.Address, "address", "", "everything about the recipient `ADDRESS`")
	flags.StringVar(&query.Sender, "sender", "", "explain only mail of the sender `NAME`")
	flags.Int64Var(&query.Message, "message", 0, "everything about the `N`-th message of a sender, counted from 1")
	flags.IntVar(&query.Most, "most", 20, "print the latest `N` entries")
	flags.BoolVar(&each, "each", false, "print alike decisions one by one")
	settingFlags(flags, &settings, "scenario")
	flags.BoolVar(&asJSON, "json", false, "print the explanation as JSON")
	return cmd
}

func explainMoment(ctx context.Context, s *study.System, cfg *sim.Config, query explain.Query, asJSON bool) error {
	defer s.BoundGarbage()()
	e, err := explain.ReplayWith(engine.Run, *cfg, query, sim.Hooks{Tick: func(sim.Progress) bool { return ctx.Err() == nil }})
	switch {
	case ctx.Err() != nil:
		return study.ErrInterrupted
	case errors.Is(err, explain.ErrQuery):
		return study.Usagef("%v", err)
	case err != nil:
		return err
	}
	return writeExplanation(s, e, asJSON)
}

// explainCall explains a call of a journal.
func explainCall(cmd *cobra.Command, s *study.System, sc *study.Scenario, journal, call string, asJSON bool) error {
	for _, name := range []string{"at", "account", "address", "sender", "message", "most", "each"} {
		if cmd.Flags().Changed(name) {
			return study.Usagef("--journal with --call explains one call, and does not go with --%s", name)
		}
	}
	if journal == "" || call == "" {
		return study.Usagef("--journal and --call go together: the file, and the id of a request or message in it")
	}
	e, err := sc.ExplainCall(cmd.Context(), journal, call)
	if err != nil {
		return err
	}
	return writeExplanation(s, e, asJSON)
}

func writeExplanation(s *study.System, e *explain.Explanation, asJSON bool) error {
	if asJSON {
		return s.Out.JSON(e)
	}
	return e.Write(s.Text)
}

// momentOf reads a duration since the start, or a date.
func momentOf(cfg *sim.Config, text string) (time.Duration, error) {
	if text == "" {
		return 0, study.Usagef("--at is missing: name a moment such as 5d12h")
	}
	if date, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return date.Sub(cfg.Start), nil
	}
	d, err := unit.ParseDuration(text)
	if err != nil {
		return 0, study.Usagef("--at: %v, or a date such as 2026-03-07T21:00:00Z", err)
	}
	return d, nil
}
