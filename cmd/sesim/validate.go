package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/scenarios"
	"sesim/sim/unit"
)

func validateCommand(s *study.System) *cobra.Command {
	var asJSON bool
	var settings study.Settings
	cmd := &cobra.Command{
		Use:   "validate FILE|NAME|-...",
		Short: "Check scenarios without running them",
		Long: `Validate checks scenarios and reports all their errors, with file, line and
column, and warns about what is probably not meant. It simulates nothing. With
--json it prints the errors and warnings of all files as one list.`,
		Args:              arguments(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			overrides, err := settings.Overrides()
			switch {
			case err != nil:
				return err
			case asJSON:
				return listProblems(cmd.Context(), s, args, overrides)
			}
			return validate(cmd.Context(), s, args, overrides)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the problems as JSON")
	settingFlags(cmd.Flags(), &settings, "scenarios")
	return cmd
}

// validate prints the names of the valid scenarios, and returns the problems of
// the others.
func validate(ctx context.Context, s *study.System, names []string, overrides []scenarios.Override) error {
	list, problems := s.Load(ctx, names, overrides)
	for _, sc := range list {
		if _, err := fmt.Fprintf(s.Out, "%s: ok\n", unit.Visible(sc.File)); err != nil {
			return err
		}
	}
	return problems
}

// problem is a problem or a warning in the format of --json.
type problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`   // 0: the file as a whole
	Column  int    `json:"column"` // in characters, from 1
	Key     string `json:"key"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	// Severity is "error" or "warning": only errors are bad usage.
	Severity string `json:"severity"`
}

func appendProblems(list []problem, of []scenarios.Problem, severity string) []problem {
	for _, p := range of {
		list = append(list, problem{p.File, p.Line, p.Column, p.Key, p.Message, p.Hint, severity})
	}
	return list
}

// listProblems prints the problems and warnings of all scenarios as a JSON list, the
// problems first.
func listProblems(ctx context.Context, s *study.System, names []string, overrides []scenarios.Override) error {
	_, warnings, err := s.Check(ctx, names, overrides)
	found, bad := errors.AsType[*scenarios.Errors](err)
	if err != nil && !bad {
		return err
	}
	list := []problem{}
	if bad {
		list = appendProblems(list, found.Problems, "error")
	}
	list = appendProblems(list, warnings, "warning")
	if err := s.Out.JSON(list); err != nil {
		return err
	}
	if bad {
		return &study.Error{Outcome: study.BadUsage}
	}
	return nil
}
