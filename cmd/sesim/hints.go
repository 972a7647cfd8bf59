package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sesim/cmd/internal/study"
)

// hint suggests the candidates similar to a word; "" if there are none. It uses
// cobra's search for similar commands, which cobra itself does not apply to flags
// and other words.
func hint(word string, candidates []string, prefix string) string {
	if word == "" {
		return "" // every name begins with it
	}
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

// checkEmpty rejects empty arguments and empty values of flags: they are what an
// unset variable of a shell leaves, and would pass for the default. So would a count of
// 0 where 0 is none given. A port may be 0, and explain checks its message itself.
func checkEmpty(cmd *cobra.Command, args []string) (err error) {
	if name := cmd.Name(); name == cobra.ShellCompRequestCmd || name == cobra.ShellCompNoDescRequestCmd {
		return nil // the word to complete
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch value := f.Value.String(); {
		case f.Value.Type() == "string" && value == "":
			err = study.Usagef("--%s is empty: write a value, or leave the flag out", f.Name)
		case strings.HasPrefix(f.Value.Type(), "int") && value == "0" && f.DefValue == "0" && f.Name != "port" && f.Name != "message":
			err = study.Usagef("--%s must be at least 1: write a number, or leave the flag out", f.Name)
		}
	})
	if err == nil && slices.Contains(args, "") {
		err = study.Usagef("an argument of %s is empty: write a name, or leave it out", cmd.CommandPath())
	}
	return err
}

// flagError words an error about flags: it shows what a number must be, and adds
// the flag that may be meant.
func flagError(cmd *cobra.Command, err error) error {
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok && strings.HasPrefix(bad.GetFlag().Value.Type(), "int") {
		problem := "is not a whole number"
		if errors.Is(err, strconv.ErrRange) {
			problem = "is out of range"
		}
		return study.Usagef("--%s: %q %s; see %s --help", bad.GetFlag().Name, bad.GetValue(), problem, cmd.CommandPath())
	}
	missing, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok || missing.GetSpecifiedShortnames() != "" {
		return study.Usagef("%s; see %s --help", err.Error(), cmd.CommandPath())
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	told := study.WithHint(err.Error(), hint(missing.GetSpecifiedName(), names, "--"))
	return study.Usagef("%s; see %s --help", told, cmd.CommandPath())
}

// unknownCommand rejects arguments of the program itself, which can only be a
// misspelt subcommand.
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

// arguments turns the errors of a check of arguments into usage errors.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return study.Usagef("%s; see %s --help", err.Error(), cmd.CommandPath())
		}
		return nil
	}
}
