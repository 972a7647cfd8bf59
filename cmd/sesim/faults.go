package main

import (
	"encoding/json"
	"io"
	"os"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
)

func faultsCommand(s *study.System) *cobra.Command {
	r := &remote{system: s}
	cmd := &cobra.Command{
		Use:   "faults",
		Short: "Show or set the faults of a running sesim serve",
		Long: `Faults shows the faults that disturb calls and notifications of a running
sesim serve, with the number of calls that each has matched and hit.

A fault is a JSON object. "do" is what happens: "status" refuses a call before it
comes to the model, with 403, 429, 500 or 503, or on SMTP also 421, 451, 454 or
535; "cut" closes the connection "before" the call comes to the model, "after" its
decision without an answer, or "in" the answer; "latency" delays the answer by
{"p50": TIME, "p99": TIME}. Notifications get "duplicate": true or "delay": TIME.

"match" says which calls it is about: "interface" (v2, v1, smtp or sns),
"operation" (SendEmail for all calls that send one mail, AUTH for SMTP's
credentials, Publish for notifications), "account", and "to", a pattern of a
recipient or of a topic's ARN. Of those it hits all, or a "share" from 0 to 1,
"every" Nth, at most "count", and those between the virtual times "from" and "to".

Of several faults the first that hits happens. Which calls are hit follows from
the scenario's seed and the number of the call. Answers carry the fault in the
header x-sesim-fault.`,
		Example: `  echo '[{"match": {"operation": "SendEmail"}, "share": 0.1, "do": {"cut": "after"}}]' | sesim faults set -
  sesim faults
  sesim faults clear`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return r.ask(cmd.Context(), "GET", "faults", nil) },
	}
	r.flag(cmd.PersistentFlags())
	cmd.AddCommand(
		&cobra.Command{
			Use: "set FILE", Short: "Replace the faults by those of a JSON file; - reads standard input",
			Args: arguments(cobra.ExactArgs(1)), ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
			RunE: func(cmd *cobra.Command, args []string) error {
				list, err := readJSON(s, args[0])
				if err != nil {
					return err
				}
				return r.ask(cmd.Context(), "PUT", "faults", list)
			},
		},
		&cobra.Command{
			Use: "clear", Short: "End all faults", Args: arguments(cobra.NoArgs), ValidArgsFunction: cobra.NoFileCompletions,
			RunE: func(cmd *cobra.Command, _ []string) error { return r.ask(cmd.Context(), "DELETE", "faults", nil) },
		},
	)
	return cmd
}

// readJSON returns the JSON text of a file, "-" for standard input.
func readJSON(s *study.System, name string) (json.RawMessage, error) {
	var text []byte
	var err error
	if name == "-" {
		text, err = io.ReadAll(s.In)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, study.Usage(err)
	}
	var out json.RawMessage
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, study.Usagef("%s is not JSON: %w", name, err)
	}
	return out, nil
}
