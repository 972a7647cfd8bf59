package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sesim/cmd/internal/study"
)

// hint asks whether the candidates near a word were meant; "" where none is
// near. It borrows cobra's search for near commands, which cobra itself does
// not extend to flags and other words.
func hint(word string, candidates []string, prefix string) string {
	tree := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, name := range candidates {
		tree.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	near := tree.SuggestionsFor(word)
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + prefix + strings.Join(near, " or "+prefix) + "?"
}

// flagError words an error about flags and adds the flag that may be meant.
func flagError(cmd *cobra.Command, err error) error {
	missing, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok || missing.GetSpecifiedShortnames() != "" {
		return study.Usagef("%w; see %s --help", err, cmd.CommandPath())
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	told := study.WithHint(err.Error(), hint(missing.GetSpecifiedName(), names, "--"))
	return study.Usagef("%s; see %s --help", told, cmd.CommandPath())
}

// unknownCommand refuses the arguments of the bare program, which can only be
// the misspelt name of a subcommand.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	told := study.WithHint(fmt.Sprintf("unknown command %q", args[0]), hint(args[0], names, ""))
	return study.Usagef("%s; see %s --help", told, cmd.CommandPath())
}

// arguments makes the errors of a check of arguments errors of usage.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return study.Usagef("%w; see %s --help", err, cmd.CommandPath())
		}
		return nil
	}
}
