package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the README's outputs and charts anew")

const (
	readme  = "README.md"
	console = "```console\n$ go run ./cmd/sesim "
	fence   = "```\n"
)

// The README shows what the program prints: each of its console blocks is a
// command and its whole output on standard output. The test runs the commands
// and compares, or with -update writes the outputs anew.
func TestReadmeShowsWhatIsPrinted(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every command of the README")
	}
	t.Chdir("../..")
	src, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	got, commands := rewrite(t, string(src))
	if commands < 5 {
		t.Errorf("the README shows %d commands, want 5 or more: the test looks for the wrong thing", commands)
	}
	if *update {
		if err := os.WriteFile(readme, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(src), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the README is not what the program prints (- README, + program); go test ./cmd/sesim -run Readme -update writes it anew:\n%s", diff)
	}
}

// rewrite returns the README with the output of every command anew, and how
// many commands there are.
func rewrite(t *testing.T, src string) (string, int) {
	t.Helper()
	var b strings.Builder
	commands := 0
	for {
		before, rest, found := strings.Cut(src, console)
		b.WriteString(before)
		if !found {
			return b.String(), commands
		}
		command, rest, _ := strings.Cut(rest, "\n")
		_, after, closed := strings.Cut(rest, fence)
		if !closed {
			t.Fatalf("the block of %q does not end", command)
		}
		b.WriteString(console + command + "\n" + outputOf(t, command) + fence)
		src = after
		commands++
	}
}

// outputOf runs a command in a folder of its own, so that the report gets the
// name that it gets on a fresh machine.
func outputOf(t *testing.T, command string) string {
	t.Helper()
	args := strings.Fields(command)
	for i, arg := range args {
		if _, err := os.Stat(arg); err == nil && strings.Contains(arg, "/") {
			args[i] = mustAbs(t, arg)
		}
	}
	here := mustAbs(t, ".")
	t.Chdir(t.TempDir())
	defer t.Chdir(here)
	result := call(t, args...)
	if result.code == int(exitInternal) {
		t.Errorf("%s: exit status %d: %s", command, result.code, result.stderr)
	}
	printed := result.stdout
	if printed == "" {
		printed = result.stderr
	}
	for _, arg := range args {
		if filepath.IsAbs(arg) {
			relative, err := filepath.Rel(here, arg)
			if err != nil {
				t.Fatal(err)
			}
			printed = strings.ReplaceAll(printed, arg, filepath.ToSlash(relative))
		}
	}
	return printed
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// The charts in the README are those of the scenarios that they are said to
// be from.
func TestReadmeCharts(t *testing.T) {
	const folder = "reports/gallery"
	t.Chdir("../..")
	charts := map[string]string{"stale-list-bounce-rate.svg": "stale-list/charts/acme-bounce-rate.svg"}
	for name, chart := range charts {
		scenario, rest, _ := strings.Cut(chart, "/")
		out := filepath.Join(t.TempDir(), scenario)
		if result := call(t, "run", scenario, "-o", out, "--quiet"); result.code != 0 {
			t.Fatalf("%s: exit status %d: %s", scenario, result.code, result.stderr)
		}
		drawn, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(rest)))
		if err != nil {
			t.Fatal(err)
		}
		pinned := filepath.Join(folder, name)
		if *update {
			if err := os.WriteFile(pinned, drawn, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if shown, err := os.ReadFile(pinned); err != nil || !bytes.Equal(shown, drawn) {
			t.Errorf("%s is not the chart of %s (%v); go test ./cmd/sesim -run Readme -update draws it anew", pinned, scenario, err)
		}
	}
}
