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
		Short: "List the shipped scenarios, or print one",
		Long: `Scenarios lists the shipped scenarios with their questions. With a name it prints
that scenario, to start your own from. The scenarios of the classroom, such as
lesson-bounce, can be printed too; "sesim learn" presents them.

With --schema it prints the JSON schema of the scenario language. If the schema
is beside a scenario whose first line names it, as in the shipped ones, editors
complete and check the text.`,
		Example: `  sesim scenarios
  sesim scenarios stale-list > mine.toml
  sesim scenarios --schema > scenario.schema.json`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case schema && len(args) > 0:
				return study.Usagef("--schema takes no scenario")
			case schema:
				return printSchema(s)
			case len(args) == 0:
				return listEntries(s, scenarios.Shipped())
			}
			return printScenario(s, args[0])
		},
	}
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON schema of scenarios")
	return cmd
}

// printSchema prints the schema for editors.
func printSchema(s *study.System) error {
	text, err := scenarios.JSONSchema()
	if err != nil {
		return err
	}
	_, err = s.Out.Write(text)
	return err
}

// listEntries prints scenarios with their questions.
func listEntries(s *study.System, list []scenarios.Entry) error {
	table := tabwriter.NewWriter(s.Text, 0, 0, 2, ' ', 0)
	for _, e := range list {
		fmt.Fprintf(table, "%s\t%s\n", e.Name, e.Question)
	}
	return table.Flush()
}

func printScenario(s *study.System, name string) error {
	src, ok := scenarios.Source(name)
	if !ok {
		told := study.WithHint(fmt.Sprintf("no shipped scenario is called %q", name), hint(name, study.KnownNames(), ""))
		return study.Usagef("%s; sesim scenarios lists them", told)
	}
	_, err := s.Out.Write(src)
	return err
}
