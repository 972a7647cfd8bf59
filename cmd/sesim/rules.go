package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/reports/catalogue"
	"sesim/sim/rules"
)

func rulesCommand(s *study.System) *cobra.Command {
	var asJSON, diff bool
	cmd := &cobra.Command{
		Use:   "rules [ID]",
		Short: "List the model's rules and their sources",
		Long: `Rules lists the rules of the model. Each is documented by AWS, observed in real
traffic, or assumed. With an id it shows that rule with its source and its
parameters, which a scenario can set under [rules]. With --diff it lists the
parameters in which two editions differ.`,
		Example: `  sesim rules
  sesim rules global.escalation
  sesim rules --diff classic current`,
		Args: arguments(cobra.MaximumNArgs(2)),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return catalogue.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case diff:
				return diffEditions(s, args, asJSON)
			case asJSON && len(args) == 0:
				return catalogue.WriteJSON(s.Out)
			case len(args) == 0:
				return catalogue.WriteList(s.Text)
			case asJSON || len(args) > 1:
				return study.Usagef("rules takes one id, or --json alone, or --diff with two editions")
			}
			return showRule(s, args[0])
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print all rules, or the differences, as JSON")
	cmd.Flags().BoolVar(&diff, "diff", false, "compare the two editions given as arguments")
	return cmd
}

func showRule(s *study.System, id string) error {
	found, err := catalogue.WriteRule(s.Text, id)
	if err == nil && !found {
		return study.Usagef("%s; sesim rules lists them", study.WithHint(fmt.Sprintf("there is no rule %q", id), hint(id, catalogue.Names(), "")))
	}
	return err
}

func diffEditions(s *study.System, names []string, asJSON bool) error {
	if len(names) != 2 {
		return study.Usagef("--diff compares two editions, such as classic and current")
	}
	for _, name := range names {
		if _, err := rules.Edition(name); err != nil {
			return study.Usagef("%s", study.WithHint(err.Error(), hint(name, rules.Editions(), "")))
		}
	}
	d, err := catalogue.DiffOf(names[0], names[1])
	switch {
	case err != nil:
		return err
	case asJSON:
		return d.WriteJSON(s.Out)
	}
	return d.Write(s.Text)
}
