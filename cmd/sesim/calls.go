package main

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/serve"
	"sesim/cmd/internal/study"
)

func callsCommand(s *study.System) *cobra.Command {
	r := &remote{system: s}
	var most int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "calls [ID]",
		Short: "List the latest calls to a running sesim serve, or explain one",
		Long: `Calls lists the latest calls to a running sesim serve with what was answered. With
the id of a request or of a message it explains that call: the rule, the figures
that decided, the source, and when a refused call would have passed. The server
keeps the latest 10,000; "sesim explain --journal" finds all in a journal.`,
		Example: `  sesim calls
  sesim calls 0d2b5c1e-6f3a-4e57-9c0a-1f2d3e4b5a69`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "calls?n=" + strconv.Itoa(most)
			if len(args) == 1 {
				path = "calls/" + url.PathEscape(args[0])
			}
			switch {
			case asJSON:
				return r.ask(cmd.Context(), "GET", path, nil)
			case len(args) == 1:
				var e serve.Explanation
				if err := r.get(cmd.Context(), "GET", path, nil, &e); err != nil {
					return err
				}
				return writeCall(s.Text, &e)
			}
			var list []serve.Call
			if err := r.get(cmd.Context(), "GET", path, nil, &list); err != nil {
				return err
			}
			return writeCalls(s.Text, list)
		},
	}
	f := cmd.Flags()
	r.flag(f)
	f.IntVar(&most, "most", 20, "list the latest `N` calls")
	f.BoolVar(&asJSON, "json", false, "print the answer of the server as JSON")
	return cmd
}

// writeCalls lists calls, the latest last.
func writeCalls(w io.Writer, list []serve.Call) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "There was no call yet.")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i := range list {
		c := &list[i]
		fmt.Fprintf(table, "%s\t%s\t%s %s\t%d %s\t%s\t%s\n", c.Virtual.UTC().Format(time.DateTime), cmp.Or(c.Account, "-"),
			c.Interface, c.Operation, c.Status, c.Code, strings.TrimSpace(c.Rule+" "+c.Fault), c.RequestID)
	}
	return table.Flush()
}

// writeCall explains a call.
func writeCall(w io.Writer, e *serve.Explanation) error {
	c := e.Call
	at := c.Virtual.UTC().Format(time.RFC3339Nano)
	fmt.Fprintf(w, "%s %s of %s at %s, request %s\n", c.Interface, c.Operation, cmp.Or(c.Account, "no account"), at, c.RequestID)
	if c.MessageID != "" {
		fmt.Fprintf(w, "message %s\n", c.MessageID)
	}
	if c.Hint != "" {
		fmt.Fprintf(w, "hint: %s\n", c.Hint)
	}
	for i := range e.Entries {
		if err := e.Entries[i].Write(w); err != nil {
			return err
		}
	}
	return nil
}
