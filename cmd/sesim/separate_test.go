package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sesim/reports/rundir"
)

// Files and folders of a call that are the same one, by whatever name, are
// rejected before anything is simulated, and nothing is changed.
func TestSeparateOutputs(t *testing.T) {
	for _, c := range []struct {
		name string
		args string
		want []string // in the message
	}{
		{"two outputs", "run s.toml --events e --junit e --force", []string{"--events e", "--junit e"}},
		{"two records", "run s.toml --events e --refusals e", []string{"--events e", "--refusals e"}},
		{"the scenario", "run s.toml --events s.toml --force", []string{"--events s.toml", "the scenario s.toml"}},
		{"the scenario, linked", "run s.toml --events link.toml --force", []string{"--events link.toml", "the scenario s.toml"}},
		{"the scenario, linked hard", "run s.toml --openmetrics hard.toml --force", []string{"--openmetrics hard.toml", "the scenario s.toml"}},
		{"the trace", "run recorded.toml --statistics sends.csv --force", []string{"--statistics sends.csv", "the file sends.csv"}},
		{"the folder", "run s.toml -o new --events new", []string{"output folder new", "--events new"}},
		{"in the folder", "run s.toml -o out --junit out/mine.xml --force", []string{"output folder out", "--junit out/mine.xml"}},
		{"in a new folder", "run s.toml -o new/a --junit new/a/mine.xml", []string{"output folder new/a", "--junit new/a/mine.xml"}},
		{"by other names", "run s.toml --events there/new --junit sub/new", []string{"--events there/new", "--junit sub/new"}},
		{"by a link to nothing", "run s.toml --events broken --junit target", []string{"--events broken", "--junit target"}},
		{"a scenario in the folder", "run old/s.toml -o old --force", []string{"output folder old", "the scenario old/s.toml"}},
		{"a plan", "plan goal/s.toml -o goal --force", []string{"output folder goal", "the scenario goal/s.toml"}},
		{"a comparison", "compare compared/s.toml --vs seed=2 -o compared --force", []string{"output folder compared", "the scenario compared/s.toml"}},
		{"a shard", "merge old/part -o old --force", []string{"output folder old", "the shard old/part"}},
		{"drawing again", "report old --junit old/summary.json --force", []string{"the folder old", "--junit old/summary.json"}},
		{"drawing again, twice the same", "report old --junit x --openmetrics x", []string{"--junit x", "--openmetrics x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inside(t)
			for _, dir := range []string{"sub", "out", "goal", "compared", "old"} {
				if err := os.Mkdir(dir, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Contains(c.args, "old") {
				expect(t, exitPassed, "run", "quick.toml", "--quiet", "--force", "-o", "old")
				expect(t, exitPassed, "run", "quick.toml", "--quiet", "--replications", "2", "--shard", "1/1", "-o", "old/part")
			}
			for _, name := range []string{"s.toml", "old/s.toml", "compared/s.toml"} {
				write(t, name, thresholds(""))
			}
			write(t, "goal/s.toml", thresholds("")+"\n[goal]\npromise = [\"acme.refused.quota == 0\"]\n"+
				`choose = { "account.acme.quota" = { from = 1_000, to = 2_000 } }`+"\n")
			write(t, "goal/plan.json", "{}")
			write(t, "compared/comparison.json", "{}")
			write(t, "out/manifest.json", `{"tool":"sesim"}`)
			write(t, "recorded.toml", recorded(t))
			write(t, "sends.csv", sends)
			link(t, os.Symlink, "s.toml", "link.toml")
			link(t, os.Link, "s.toml", "hard.toml")
			link(t, os.Symlink, "sub", "there")
			link(t, os.Symlink, "target", "broken")
			before := tree(t)
			got := call(t, strings.Fields(c.args)...)
			if got.code != int(exitUsage) || got.stdout != "" {
				t.Errorf("%+v", got)
			}
			for _, want := range c.want {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("%q is not in %q", want, got.stderr)
				}
			}
			if after := tree(t); !slices.Equal(before, after) {
				t.Errorf("before: %v\nafter: %v", before, after)
			}
		})
	}
}

// link makes a link, where the system has links of the kind.
func link(t *testing.T, by func(from, to string) error, from, to string) {
	t.Helper()
	if err := by(from, to); err != nil {
		t.Skip(err)
	}
}

// tree returns the files and links below the working directory, with their
// contents.
func tree(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if target, err := os.Readlink(path); err == nil {
			list = append(list, path+" -> "+target)
			return nil
		}
		text, err := os.ReadFile(path)
		list = append(list, path+"\n"+string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Outputs are renamed into place: through links, with the permissions of the
// file that they replace, and not at all if the run does not begin. Devices and
// pipes are written directly.
func TestWholeOutputs(t *testing.T) {
	inside(t)
	write(t, "old", "mine")
	if err := os.Chmod("old", 0o640); err != nil {
		t.Fatal(err)
	}
	link(t, os.Symlink, "old", "linked")
	write(t, "e.partial", "of a killed run")
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "--events", "e", "--junit", "linked", "--force")
	if target, err := os.Readlink("linked"); err != nil || target != "old" {
		t.Errorf("the link leads to %q: %v", target, err)
	}
	verdictsOf(t, "old")
	if info, err := os.Stat("old"); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("permissions %v: %v", info.Mode(), err)
	}
	if count(t, "e", `"eventType":"Send"`) == 0 {
		t.Error("no events were written")
	}
	want := []string{"e", "e.partial", "linked", "old", "quick.toml", "sesim-runs"}
	if got := entries(t, "."); !slices.Equal(got, want) {
		t.Errorf("the files are %v, want %v", got, want)
	}
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "--events", os.DevNull, "--junit", os.DevNull, "--openmetrics", os.DevNull)
}

// A folder under the name of a link is written where the link leads, and locked
// there.
func TestLinkedFolder(t *testing.T) {
	inside(t)
	if err := os.MkdirAll("there/real", 0o777); err != nil {
		t.Fatal(err)
	}
	link(t, os.Symlink, "there/real", "linked")
	for _, seed := range []string{"1", "2"} {
		expect(t, exitPassed, "run", "quick.toml", "--quiet", "-o", "linked", "--force", "--seed", seed)
		if target, err := os.Readlink("linked"); err != nil || target != "there/real" {
			t.Fatalf("the link leads to %q: %v", target, err)
		}
		if got := fmt.Sprint(readSummary(t, "there/real").Seed); got != seed {
			t.Errorf("the seed is %s, want %s", got, seed)
		}
	}
	held, err := rundir.TakeLock("there/real")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, exitUsage, "run", "quick.toml", "--quiet", "-o", "linked", "--force")
	if err := held.Release(); err != nil {
		t.Error(err)
	}
}

// Standard error that leads to a file is written directly, not replaced.
func TestStandardErrorAsFile(t *testing.T) {
	inside(t)
	if !exists("/dev/stderr") {
		t.Skip("the system has no name for standard error")
	}
	for _, more := range []string{"", "--force"} {
		log, err := os.Create("log")
		if err != nil {
			t.Fatal(err)
		}
		cmd := process(t, strings.Fields("run quick.toml --quiet --set account.acme.quota=200 --refusals /dev/stderr "+more)...)
		cmd.Stderr = log
		if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != int(exitThreshold) {
			t.Error(err)
		}
		named, err := os.Stat("log")
		if err != nil {
			t.Fatal(err)
		}
		if open, err := log.Stat(); err != nil || !os.SameFile(open, named) || named.Size() == 0 {
			t.Errorf("%q: log of %d bytes was replaced: %v", more, named.Size(), err)
		}
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Records that cannot be written leave no file, and the report is there all the
// same.
func TestIncompleteRecords(t *testing.T) {
	inside(t)
	got := expect(t, exitInternal, "run", "quick.toml", "--quiet", "-o", "out", "--events", "e", "--refusals", "/dev/full",
		"--set", "account.acme.quota=200")
	if !strings.Contains(got.stderr, "records are incomplete") || exists("e") || exists("e.partial") || readSummary(t, "out").Status != "complete" {
		t.Errorf("%+v, %v", got, entries(t, "."))
	}
}

// Standard output as a file is told apart too; as the name of a file it is
// written directly.
func TestSeparateStandardOutput(t *testing.T) {
	inside(t)
	for _, c := range []struct {
		args, stdin, stdout string
		code                exitCode
		want                string // at the beginning of standard output
	}{
		{"--json --junit answer --force", "", "answer", exitUsage, ""},
		{"--json --junit /dev/stdout", "", "answer", exitUsage, ""},
		{"--quiet --junit /dev/stdout", "", "answer", exitPassed, "<?xml"},
		{"--quiet --junit answer", "", "answer", exitPassed, "<?xml"},
		{"--quiet --events - --junit /dev/stdout", "", "answer", exitUsage, ""},
		{"--json -", "quick.toml", "answer", exitPassed, "{"},
		{"--json --junit quick.toml --force -", "quick.toml", "answer", exitUsage, ""},
		{"--json -o out --force", "", "out/answer", exitUsage, ""},
	} {
		t.Run(c.args, func(t *testing.T) {
			if !exists("/dev/stdout") {
				t.Skip("the system has no name for standard output")
			}
			args := strings.Fields(c.args)
			if c.stdin == "" {
				args = append(args, "quick.toml")
			}
			if err := os.MkdirAll("out", 0o777); err != nil {
				t.Fatal(err)
			}
			write(t, "out/manifest.json", `{"tool":"sesim"}`)
			cmd := process(t, append([]string{"run", "--progress", "none"}, args...)...)
			stdout, err := os.Create(c.stdout)
			if err != nil {
				t.Fatal(err)
			}
			defer stdout.Close()
			cmd.Stdout = stdout
			if c.stdin != "" {
				stdin, err := os.Open(c.stdin)
				if err != nil {
					t.Fatal(err)
				}
				defer stdin.Close()
				cmd.Stdin = stdin
			}
			_ = cmd.Run()
			text, err := os.ReadFile(c.stdout)
			if cmd.ProcessState.ExitCode() != int(c.code) || err != nil || !strings.HasPrefix(string(text), c.want) || (c.want == "") != (len(text) == 0) {
				t.Errorf("%v, %v: %.100q", cmd.ProcessState, err, text)
			}
		})
	}
}
