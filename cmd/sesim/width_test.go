package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"sesim/cmd/internal/terminal"
)

// TestWidth sets what commands print to a terminal of 80 columns. No line is
// longer but commands to copy, and the words are those that go elsewhere.
func TestWidth(t *testing.T) {
	inside(t)
	const columns = 80
	write(t, "sweep.toml", swept("", `"account.acme.quota" = [1000, 5000]`))
	commands := [][]string{
		{"run", "stale-list", "-o", "out", "--force", "--progress", "none"}, {"run", "shared-audience", "-o", "out", "--force", "--progress", "none", "--replications", "3"},
		{"run", "sweep.toml", "-o", "sweep", "--force", "--progress", "none"}, {"run", "stale-list", "--dry-run", "--assumptions=off"}, {"rules"}, {"rules", "global.escalation"},
		{"explain", "stale-list", "--at", "15m"}, {"scenarios"},
		{"compare", "stale-list", "--vs", "audience.customers.invalid=3%", "--vs", "seed=2", "--progress", "none"},
	}
	for _, name := range helpNames(rootCommand(newSystem(nil, nil, nil))) {
		if name != "scenario" { // its tables are Markdown, whose rows have no columns to break at
			commands = append(commands, []string{"help", name}, []string{name, "--help"})
		}
	}
	for _, args := range commands {
		var wide, narrow bytes.Buffer
		for _, of := range []struct {
			out     *bytes.Buffer
			columns int
		}{{&wide, 0}, {&narrow, columns}} {
			s := newSystem(strings.NewReader(""), of.out, new(bytes.Buffer))
			s.Columns, s.Text = of.columns, terminal.Set(s.Out, of.columns)
			root := rootCommand(s)
			root.SetArgs(args)
			_ = root.ExecuteContext(t.Context()) // a threshold may fail
			if err := errors.Join(s.Text.Flush(), s.Close()); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := strings.Join(strings.Fields(narrow.String()), " "), strings.Join(strings.Fields(wide.String()), " "); got != want {
			t.Errorf("%v: the words differ:\n%s\nwant\n%s", args, got, want)
		}
		for line := range strings.Lines(narrow.String()) {
			line = strings.TrimRight(line, "\n")
			if utf8.RuneCountInString(line) > columns && !strings.Contains(line, "sesim ") && len(strings.Fields(line)) > 1 {
				t.Errorf("%v: %d columns: %s", args, utf8.RuneCountInString(line), line)
			}
		}
	}
}
