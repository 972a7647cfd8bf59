package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/reports/catalogue"
	"sesim/scenarios"
)

// topic is a page of the reference, which "sesim help NAME" prints.
type topic struct {
	name, short string
	write       func(w io.Writer) error
}

// topics are the pages of the reference. One of them has the name of a command
// too: "sesim help rules" prints the page, and "sesim rules --help" the help of
// the command.
func topics() []topic {
	text := func(of func() string) func(io.Writer) error { // made when it is asked for, not at every start
		return func(w io.Writer) error {
			_, err := fmt.Fprintln(w, strings.TrimRight(of(), "\n"))
			return err
		}
	}
	return []topic{
		{"exit-codes", "What the exit status says", text(func() string { return exitCodesHelp })},
		{"metrics", "The metrics of thresholds, with their kinds and units", func(w io.Writer) error { return catalogue.WriteMetrics(w, nil) }},
		{"rules", "The model's rules, with their sources and parameters", catalogue.WriteAll},
		{"scenario", "The keys of a scenario, with their values and defaults", text(scenarios.Reference)},
		{"time", "Virtual and wall time in sesim serve", text(func() string { return timeHelp })},
	}
}

// helpCommand replaces cobra's, which takes an unknown name for a wish to see
// the help of the program.
func helpCommand(s *study.System) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND|TOPIC]",
		Short: "Help about a command, or a topic of the reference",
		Long: `Help prints the help of a command, or a page of the reference:

` + topicList(),
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return helpNames(cmd.Root()), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			if len(args) == 0 {
				return root.Help()
			}
			if len(args) == 1 {
				for _, t := range topics() {
					if t.name == args[0] {
						return t.write(s.Text)
					}
				}
			}
			found, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				asked := strings.Join(args, " ")
				told := study.WithHint(fmt.Sprintf("there is no command and no topic %q", asked), hint(asked, helpNames(root), ""))
				return study.Usagef("%s; sesim help lists them", told)
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
}

// topicList lists the topics, a line each.
func topicList() string {
	var b strings.Builder
	for _, t := range topics() {
		fmt.Fprintf(&b, "  sesim help %-10s  %s\n", t.name, t.short)
	}
	return strings.TrimRight(b.String(), "\n")
}

// helpNames are the names that help takes, sorted.
func helpNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	for _, t := range topics() {
		names = append(names, t.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// refuseStrays makes help of the program an error where arguments are left
// over, as in "sesim nosuch --help": there is no help for these. The error goes
// to wrong.
func refuseStrays(root *cobra.Command, wrong *error) {
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if strays := cmd.Flags().Args(); cmd == root && len(strays) > 0 {
			*wrong = unknownCommand(cmd, strays)
			return
		}
		help(cmd, args)
	})
}

// strictCompletion adds cobra's command for completions, and has it refuse
// shells that it does not know, as all commands do.
func strictCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args = unknownCommand
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			for _, shell := range c.Commands() {
				shell.Args = arguments(cobra.NoArgs)
			}
		}
	}
}
