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
	var at string
	var asJSON, each bool
	var settings study.Settings
	query := explain.Query{}
	cmd := &cobra.Command{
		Use:   "explain FILE|NAME|- --at TIME",
		Short: "Explain the decisions of a run up to a moment",
		Long: `Explain replays a scenario up to a moment and explains the latest refusals,
suppressions, bounces, messages that a client gave up, and changes of state: the
rule, the figures that decided, and the source. TIME is a duration since the scenario's start, such as 5d12h, or
a date such as 2026-03-07T21:00:00Z.

Decisions that are alike, of one account and sender with the same outcome by the
same rule, are one entry: the last of them, with their count and the first.
With --each every decision is an entry. With an address or a message it lists
everything that happened to it: for a lost message what each attempt met, when it
began, and why no other followed.`,
		Example: `  sesim explain stale-list --at 15m
  sesim explain shared-audience --at 3d --account bakery --address readers-17@readers.example
  sesim explain sandbox-first-day --at 20h --sender team --message 205
  sesim explain workers-and-limiters --at 10m --sender sdk --message 16`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			overrides, err := settings.Overrides()
			if err != nil {
				return err
			}
			list, err := s.Load(cmd.Context(), args, overrides)
			if err != nil {
				return err
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
	flags.StringVar(&at, "at", "", "the moment, `TIME` since the start or a date (required)")
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
	e, err := explain.ReplayWith(engine.Run, *cfg, query, sim.Hooks{Tick: func(sim.Progress) bool { return ctx.Err() == nil }})
	switch {
	case ctx.Err() != nil:
		return study.ErrInterrupted
	case errors.Is(err, explain.ErrQuery):
		return study.Usagef("%v", err)
	case err != nil:
		return err
	case !asJSON:
		return e.Write(s.Text)
	}
	return s.Out.JSON(e)
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
