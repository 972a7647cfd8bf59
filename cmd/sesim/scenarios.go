package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sesim/scenarios"
)

func scenariosCommand(s *system) *cobra.Command {
	var schema bool
	cmd := &cobra.Command{
		Use:   "scenarios [NAME]",
		Short: "List the scenarios that ship, or print one",
		Long: `Scenarios lists the scenarios that ship with sesim, each with the question it
asks. With a name it prints that scenario: a start for one of your own. Those of
the classroom ship as well, such as lesson-bounce; "sesim learn" leads to them.

With --schema it prints the JSON schema of the scenario language. Beside a
scenario whose first line names it, as in those that ship, editors complete
and check what is typed.`,
		Example: `  sesim scenarios
  sesim scenarios stale-list > mine.toml
  sesim scenarios --schema > scenario.schema.json`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case schema && len(args) > 0:
				return badUsagef("--schema goes without the name of a scenario")
			case schema:
				return s.printSchema()
			case len(args) == 0:
				return s.listScenarios()
			}
			return s.printScenario(args[0])
		},
	}
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON schema of scenarios")
	return cmd
}

// printSchema prints what editors check scenarios by.
func (s *system) printSchema() error {
	text, err := scenarios.JSONSchema()
	if err != nil {
		return err
	}
	_, err = s.out.Write(text)
	return err
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
		told := withHint(fmt.Sprintf("no scenario %q ships", name), hint(name, knownNames(), ""))
		return badUsagef("%s; sesim scenarios lists them", told)
	}
	_, err := s.out.Write(src)
	return err
}
