package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/scenarios"
)

func initCommand(s *study.System) *cobra.Command {
	var list, force bool
	cmd := &cobra.Command{
		Use:   "init [TEMPLATE [FILE]]",
		Short: "Write a scenario to begin with",
		Long: `Init writes a commented scenario to FILE, which is TEMPLATE.toml unless it is
named: a start for one of your own. Without arguments the template is
` + scenarios.DefaultTemplate + `. An existing file stays as it is unless --force replaces it.
With "-" the scenario goes to standard output.`,
		Example: `  sesim init --list
  sesim init saas
  sesim init newsletter mine.toml`,
		Args: arguments(cobra.MaximumNArgs(2)),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			var names []string
			for _, e := range scenarios.Templates() {
				names = append(names, cobra.CompletionWithDesc(e.Name, e.Question))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case list && len(args) > 0:
				return study.Usagef("--list does not take a template")
			case list:
				return listEntries(s, scenarios.Templates())
			}
			args = append(args, make([]string, 2)...)
			if args[0] == "" {
				args[0] = scenarios.DefaultTemplate
			}
			return s.Init(args[0], args[1], force)
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "list the templates")
	cmd.Flags().BoolVar(&force, "force", false, "replace an existing file")
	return cmd
}
