package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/scenarios"
)

func clientsCommand(s *study.System) *cobra.Command {
	return &cobra.Command{
		Use:   "clients [NAME]",
		Short: "List the presets of clients, or show the keys of one",
		Long: `Clients lists the presets: software that sends through SES, such as SDKs, mailers
and job queues, each described by the keys of a client. With a name it prints
that preset as TOML, with its source, the date at which it was read, and whether
it was compared with the real software or rests on reading.`,
		Example: `  sesim clients
  sesim clients listmonk`,
		Args: arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, p := range scenarios.Presets() {
				names = append(names, cobra.CompletionWithDesc(p.Name, p.About))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listPresets(s)
			}
			return printPreset(s, args[0])
		},
	}
}

// listPresets prints the presets with what they rest on.
func listPresets(s *study.System) error {
	table := tabwriter.NewWriter(s.Text, 0, 0, 2, ' ', 0)
	for _, p := range scenarios.Presets() {
		fmt.Fprintf(table, "%s\t%s (%s)\n", p.Name, p.About, p.Standing())
	}
	return table.Flush()
}

func printPreset(s *study.System, name string) error {
	p, ok := scenarios.PresetNamed(name)
	if !ok {
		var names []string
		for _, p := range scenarios.Presets() {
			names = append(names, p.Name)
		}
		told := study.WithHint(fmt.Sprintf("no preset of a client is called %q", name), hint(name, names, ""))
		return study.Usagef("%s; sesim clients lists them", told)
	}
	_, err := s.Out.Write([]byte(p.TOML()))
	return err
}
