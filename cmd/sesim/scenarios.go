package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sesim/scenarios"
)

func scenariosCommand(s *system) *cobra.Command {
	return &cobra.Command{
		Use:   "scenarios [NAME]",
		Short: "List the scenarios that ship, or print one",
		Long: `Scenarios lists the scenarios that ship with sesim, each with the question it
asks. With a name it prints that scenario: a start for one of your own.`,
		Example: `  sesim scenarios
  sesim scenarios stale-list > mine.toml`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return s.listScenarios()
			}
			return s.printScenario(args[0])
		},
	}
}

func (s *system) listScenarios() error {
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, e := range scenarios.Shipped() {
		fmt.Fprintf(table, "%s\t%s\n", e.Name, e.Question)
	}
	return table.Flush()
}

func (s *system) printScenario(name string) error {
	src, ok := scenarios.Source(name)
	if !ok {
		told := withHint(fmt.Sprintf("no scenario %q ships", name), hint(name, shippedNames(), ""))
		return badUsagef("%s; sesim scenarios lists them", told)
	}
	_, err := s.out.Write(src)
	return err
}
