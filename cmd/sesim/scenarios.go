package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/scenarios"
)

func scenariosCommand(s *study.System) *cobra.Command {
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
				return study.Usagef("--schema goes without the name of a scenario")
			case schema:
				return printSchema(s)
			case len(args) == 0:
				return listScenarios(s)
			}
			return printScenario(s, args[0])
		},
	}
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON schema of scenarios")
	return cmd
}

// printSchema prints what editors check scenarios by.
func printSchema(s *study.System) error {
	text, err := scenarios.JSONSchema()
	if err != nil {
		return err
	}
	_, err = s.Out.Write(text)
	return err
}

func listScenarios(s *study.System) error {
	table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	for _, e := range scenarios.Shipped() {
		fmt.Fprintf(table, "%s\t%s\n", e.Name, e.Question)
	}
	return table.Flush()
}

func printScenario(s *study.System, name string) error {
	src, ok := scenarios.Source(name)
	if !ok {
		told := study.WithHint(fmt.Sprintf("no scenario %q ships", name), hint(name, study.KnownNames(), ""))
		return study.Usagef("%s; sesim scenarios lists them", told)
	}
	_, err := s.Out.Write(src)
	return err
}
