package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sesim/reports/catalogue"
	"sesim/sim/rules"
)

func rulesCommand(s *system) *cobra.Command {
	var asJSON, diff bool
	cmd := &cobra.Command{
		Use:   "rules [ID]",
		Short: "Show the rules of the model, and who says so",
		Long: `Rules lists what the model knows of SES: each rule with its standing, which is
documented by AWS, observed in real traffic, or assumed by us. With an id it
shows that rule with its source and its parameters, which a scenario can set
under [rules]. With --diff it shows in which parameters two editions differ.`,
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
				return s.diffEditions(args, asJSON)
			case asJSON && len(args) == 0:
				return catalogue.WriteJSON(s.out)
			case len(args) == 0:
				return catalogue.WriteList(s.out)
			case asJSON || len(args) > 1:
				return badUsagef("rules takes one id, or --json alone, or --diff with two editions")
			}
			return s.showRule(args[0])
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print all rules, or what differs, as JSON")
	cmd.Flags().BoolVar(&diff, "diff", false, "compare the two editions that are named")
	return cmd
}

func (s *system) showRule(id string) error {
	found, err := catalogue.WriteRule(s.out, id)
	if err == nil && !found {
		return badUsagef("%s; sesim rules lists them", withHint(fmt.Sprintf("there is no rule %q", id), hint(id, catalogue.Names(), "")))
	}
	return err
}

func (s *system) diffEditions(names []string, asJSON bool) error {
	if len(names) != 2 {
		return badUsagef("--diff compares two editions, such as classic and current")
	}
	for _, name := range names {
		if _, err := rules.Edition(name); err != nil {
			return badUsagef("%s", withHint(err.Error(), hint(name, rules.Editions(), "")))
		}
	}
	d, err := catalogue.DiffOf(names[0], names[1])
	switch {
	case err != nil:
		return err
	case asJSON:
		return d.WriteJSON(s.out)
	}
	return d.Write(s.out)
}
