package main

import (
	"bytes"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sesim/cmd/internal/study"
)

var update = flag.Bool("update", false, "write the outputs and charts of the pages anew")

const (
	readme  = "README.md"
	console = "```console\n$ go run ./cmd/sesim "
	fence   = "```\n"
)

// rewriteHint says how a page is brought up to date.
const rewriteHint = "go test ./cmd/sesim -run Pages -update writes it anew"

// pages moves the test to the root of the repository and returns the pages
// that a user reads, by their paths from there: the README, and those beside
// the code that they describe.
func pages(t *testing.T) map[string]string {
	t.Helper()
	t.Chdir("../..")
	list := make(map[string]string)
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "sesim-runs") {
			return fs.SkipDir
		}
		if d.Name() == readme || d.Name() == "CONTRIBUTING.md" {
			src, err := os.ReadFile(path)
			list[filepath.ToSlash(path)] = string(src)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 8 {
		t.Fatalf("%d pages, want 8 or more: the test looks in the wrong place", len(list))
	}
	return list
}

// The README opens with the two commands for a fresh clone: the first is the
// main job, whose output follows, and the second passes the tests.
func TestPagesReadmeOpens(t *testing.T) {
	const most = 12 << 10 // bytes
	src := pages(t)[readme]
	_, rest, _ := strings.Cut(src, "```")
	if want := "sh\ngo run ./cmd/sesim run\ngo test ./...\n" + fence; !strings.HasPrefix(rest, want) {
		t.Errorf("the README's first block is not %q", want)
	}
	_, rest, _ = strings.Cut(rest, fence)
	_, rest, _ = strings.Cut(rest, "```")
	if want := "console\n$ go run ./cmd/sesim run\n"; !strings.HasPrefix(rest, want) {
		t.Errorf("the README's second block is not the output of its first command")
	}
	if len(src) > most {
		t.Errorf("the README has %d bytes, more than %d: move a chapter to a page of its own", len(src), most)
	}
}

// The pages show what the program prints: each of their console blocks is a
// command and its whole output on standard output. The test runs the commands
// and compares, or with -update writes the outputs anew.
func TestPagesShowWhatIsPrinted(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every command of the pages")
	}
	commands := 0
	for path, src := range pages(t) {
		got, n := rewrite(t, src)
		commands += n
		updatePage(t, path, src, got)
	}
	if commands < 9 {
		t.Errorf("the pages show %d commands, want 9 or more: the test looks for the wrong thing", commands)
	}
}

// updatePage compares a page with what it should be, or with -update writes it.
func updatePage(t *testing.T, path, shown, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(shown, "\n"), strings.Split(want, "\n")); diff != "" {
		t.Errorf("%s is out of date (- page, + program); %s:\n%s", path, rewriteHint, diff)
	}
}

// rewrite returns a page with the output of every command anew, and how many
// commands there are.
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

// Every command that a page names exists and has the flags that it is given,
// and so does every flag that a page names alone. Asking a command for help
// reads its flags and runs nothing.
func TestPagesNameCommands(t *testing.T) {
	var (
		code    = regexp.MustCompile("`(?:go run ./cmd/)?sesim ([^`]+)`")
		line    = regexp.MustCompile(`(?m)^(?:\$ )?go run ./cmd/sesim (.+)$`)
		alone   = regexp.MustCompile("`--([a-z0-9-]+)[^`]*`")
		flags   = flagsOf(rootCommand(new(study.System)))
		checked = 0
	)
	for path, src := range pages(t) {
		for _, found := range append(code.FindAllStringSubmatch(src, -1), line.FindAllStringSubmatch(src, -1)...) {
			command, _, _ := strings.Cut(found[1], " >") // where a shell sends the output
			command, _, _ = strings.Cut(command, " -- ") // a command for serve
			args := strings.Fields(command)
			if result := call(t, append(slices.Clone(args), "--help")...); result.code != 0 || !helps(result.stdout, args[0]) {
				t.Errorf("%s: %q is not a command of sesim: %s", path, found[0], result.stderr)
			}
			checked++
		}
		for _, found := range alone.FindAllStringSubmatch(src, -1) {
			if !flags[found[1]] {
				t.Errorf("%s: no command has the flag %s", path, found[0])
			}
		}
	}
	if checked < 20 {
		t.Errorf("the pages name %d commands, want 20 or more: the test looks for the wrong thing", checked)
	}
}

// helps reports whether a text is the help of this command: without a command
// of the name, cobra prints that of the program.
func helps(text, command string) bool { return strings.Contains(text, "\n  sesim "+command) }

func flagsOf(root *cobra.Command) map[string]bool {
	names := make(map[string]bool)
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names[f.Name] = true })
		maps.Copy(names, flagsOf(cmd))
	}
	return names
}

// Every link and image of a page leads to a file or folder of the repository.
func TestPagesLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)
	checked := 0
	for path, src := range pages(t) {
		for _, found := range link.FindAllStringSubmatch(src, -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), filepath.FromSlash(found[1]))); err != nil {
				t.Errorf("%s: the link %s leads nowhere", path, found[1])
			}
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("the pages have %d links, want 20 or more: the test looks for the wrong thing", checked)
	}
}

// The charts in the pages are those of the runs that they are said to be of;
// that of the README is of the run whose output it shows.
func TestPagesCharts(t *testing.T) {
	const folder = "reports/gallery"
	shown := pages(t)
	charts := []struct{ page, name, scenario, chart string }{
		{readme, "first-campaign-quota.svg", defaultScenario, "acme-quota.svg"},
		{"reports/README.md", "stale-list-bounce-rate.svg", "stale-list", "acme-bounce-rate.svg"},
	}
	for _, c := range charts {
		if !strings.Contains(shown[c.page], "/"+c.name+")") {
			t.Errorf("%s does not show %s", c.page, c.name)
		}
		out := filepath.Join(t.TempDir(), c.scenario)
		if result := call(t, "run", c.scenario, "-o", out, "--quiet"); result.code != 0 {
			t.Fatalf("%s: exit status %d: %s", c.scenario, result.code, result.stderr)
		}
		drawn, err := os.ReadFile(filepath.Join(out, "charts", c.chart))
		if err != nil {
			t.Fatal(err)
		}
		updateChart(t, filepath.Join(folder, c.name), drawn)
	}
}

// updateChart compares a chart of a page with the one drawn now, or with
// -update writes it.
func updateChart(t *testing.T, path string, drawn []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, drawn, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if shown, err := os.ReadFile(path); err != nil || !bytes.Equal(shown, drawn) {
		t.Errorf("%s is not the chart as it is drawn now (%v); %s", path, err, rewriteHint)
	}
}
