package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios"
)

// asProgram makes the test binary behave as sesim itself, so that what belongs
// to the process can be tested without building another binary: signals,
// closed streams, exit statuses.
const asProgram = "SESIM_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// process returns a sesim that is ready to start.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// outcome is what a call of sesim leaves for its caller.
type outcome struct {
	code           int
	stdout, stderr string
}

// call runs sesim in this process, with nothing on standard input.
func call(t *testing.T, args ...string) outcome { return callWith(t, "", args...) }

func callWith(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr strings.Builder
	code := run(t.Context(), args, strings.NewReader(stdin), &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

// quick is a scenario that takes no time to run; see thresholds.
const quick = `version = 1
name = "quick"
question = "Does a small run pass?"
start = 2026-03-02T09:00:00Z
horizon = "2d"
seed = 1
THRESHOLDS

[[account]]
name = "acme"
access = "production"
identities = ["acme.example"]

[[audience]]
name = "customers"
size = 100
domain = "customers.example"

[[sender]]
name = "receipts"
account = "acme"
from = "receipts@acme.example"
audience = "customers"
traffic = { kind = "constant", rate = "60/h" }
`

// thresholds returns the quick scenario with these thresholds.
func thresholds(expressions string) string {
	return strings.Replace(quick, "THRESHOLDS", "thresholds = ["+expressions+"]", 1)
}

// write makes a file of the working folder.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// inside moves the test into an empty folder, in which the quick scenario lies
// as quick.toml.
func inside(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "quick.toml", thresholds(""))
}

// exists reports whether anything is in the place, a broken link included.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// entries returns the names in a folder, sorted; none where it does not exist.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

// TestExitStatus covers every exit status but 130, which interrupt_test.go
// does, with the smallest call that leads to it.
func TestExitStatus(t *testing.T) {
	for _, c := range []struct {
		name string
		toml string
		args []string
		want exitCode
	}{
		{"no thresholds", thresholds(""), []string{"run", "s.toml"}, exitPassed},
		{"thresholds passed", thresholds(`"acme.refused.quota == 0"`), []string{"run", "--json", "s.toml"}, exitPassed},
		{"threshold failed", thresholds(`"acme.refused.quota > 0"`), []string{"run", "--json", "s.toml"}, exitThreshold},
		{"one of two failed", thresholds(`"acme.refused.quota > 0", "acme.refused.quota == 0"`), []string{"run", "--json", "s.toml"}, exitThreshold},
		{"nothing to judge", thresholds(`"acme.bounce_rate.max < 5%"`), []string{"run", "--json", "s.toml", "--set", "account.acme.access=sandbox"}, exitThreshold},
		{"an event that never came is later than any moment of the run", thresholds(`"acme.time_to.paused > 2d"`), []string{"run", "--json", "s.toml"}, exitPassed},
		{"an event that never came, before a moment of the run", thresholds(`"acme.time_to.paused < 2d"`), []string{"run", "--json", "s.toml"}, exitThreshold},
		{"an event that never came, after the end of the run", thresholds(`"acme.time_to.paused > 3d"`), []string{"run", "--json", "s.toml"}, exitThreshold},
		{"an event that never came in any replication", thresholds(`"acme.time_to.paused > 2d"`), []string{"run", "--json", "s.toml", "--replications", "3"}, exitPassed},
		{"scenario without a horizon", `name = "x"`, []string{"run", "s.toml"}, exitUsage},
		{"no such file", "", []string{"run", "missing.toml"}, exitUsage},
		{"no such command", "", []string{"walk"}, exitUsage},
		{"no such flag", "", []string{"run", "--fast"}, exitUsage},
		{"folder that cannot be", thresholds(""), []string{"run", "s.toml", "-o", "s.toml/report"}, exitUsage},
		{"no run in the folder", "", []string{"report", "nowhere"}, exitUsage},
		{"help", "", []string{"--help"}, exitPassed},
		{"nothing asked", "", nil, exitPassed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "s.toml", c.toml)
			got := call(t, c.args...)
			if got.code != int(c.want) {
				t.Errorf("exit status %d, want %d; stderr:\n%s", got.code, c.want, got.stderr)
			}
			told := strings.Contains(strings.ReplaceAll(got.stderr, "sesim: warning: ", ""), "sesim: ")
			if wrong := c.want == exitInternal || c.want == exitUsage; told != wrong {
				t.Errorf("stderr is %q", got.stderr)
			}
		})
	}
}

// TestTypos checks the hints of each kind of name that can be misspelt.
func TestTypos(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"rnu"}, `sesim: unknown command "rnu" (did you mean run?); see sesim --help`},
		{[]string{"run", "--quite"}, "sesim: unknown flag: --quite (did you mean --quiet?); see sesim run --help"},
		{[]string{"run", "--horizon", "1d"}, "sesim: unknown flag: --horizon; see sesim run --help"},
		{[]string{"run", "-q"}, "sesim: unknown shorthand flag: 'q' in -q; see sesim run --help"},
		{[]string{"run", "--progress", "bars"}, `sesim: invalid argument "bars" for "--progress" flag: must be one of auto, bar, plain, none (did you mean bar?); see sesim run --help`},
		{[]string{"compare", "quick.toml", "--vs", "seed"}, "sesim: --vs seed: write KEY=VALUE, such as --vs account.acme.quota=1000"},
		{[]string{"compare", "quick.toml", "--vs", "foo=1"}, `sesim: --vs foo: unknown key ("sesim help scenario" lists the keys)`},
		{[]string{"compare", "quick.toml", "--vs", "seed=2", "--and", "sede=1"}, `sesim: --and sede: unknown key (did you mean "seed"?)`},
		{[]string{"validate", "quick.toml", "--set", "sede=1"}, `sesim: --set sede: unknown key (did you mean "seed"?)`},
		{[]string{"validate", "quick.toml", "--seed", "one"}, `sesim: --seed: "one" is not a whole number`},
		{[]string{"explain", "quick.toml", "--at", "1h", "--seed", "-1"}, `sesim: --seed: -1 is not at least 0`},
		{[]string{"plan", "quick.toml", "--seed", "-1"}, `sesim: --seed: -1 is not at least 0`},
		{[]string{"request", "quick.toml", "--seed", "-1"}, `sesim: --seed: -1 is not at least 0`},
		{[]string{"help", "metric"}, `sesim: there is no command and no topic "metric" (did you mean metrics?); sesim help lists them`},
		{[]string{"help", "run", "walk"}, `sesim: there is no command and no topic "run walk"; sesim help lists them`},
		{[]string{"rnu", "--help"}, `sesim: unknown command "rnu" (did you mean run?); see sesim --help`},
		{[]string{"completion", "zish"}, `sesim: unknown command "zish" (did you mean bash or fish or zsh?); see sesim completion --help`},
		{[]string{"run", "--set", "seed"}, "sesim: --set seed: write KEY=VALUE, such as --set account.acme.quota=1000"},
		{[]string{"run", "first-campain"}, "sesim: first-campain: no such file, and no shipped scenario of that name (did you mean first-campaign?)"},
		{[]string{"scenarios", "first-campain"}, `sesim: no shipped scenario is called "first-campain" (did you mean first-campaign?); sesim scenarios lists them`},
		{[]string{"report"}, "sesim: accepts 1 arg(s), received 0; see sesim report --help"},
		{[]string{"validate"}, "sesim: requires at least 1 arg(s), only received 0; see sesim validate --help"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			inside(t)
			want := outcome{int(exitUsage), "", c.want + "\n"}
			if diff := cmp.Diff(want, call(t, c.args...), cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHelpTopic(t *testing.T) {
	got := call(t, "help", "exit-codes")
	for _, code := range []string{"  0  ", "  1  ", "  2  ", " 99  ", "130  "} {
		if !strings.Contains(got.stdout, code) {
			t.Errorf("help exit-codes does not speak of %q:\n%s", code, got.stdout)
		}
	}
	for _, topic := range topics() {
		page := expect(t, exitPassed, "help", topic.name).stdout
		if len(page) < 500 || !strings.HasSuffix(page, "\n") {
			t.Errorf("help %s prints:\n%s", topic.name, page)
		}
		if all := call(t, "--help").stdout; !strings.Contains(all, "sesim help "+topic.name) {
			t.Errorf("sesim --help does not name the topic %s:\n%s", topic.name, all)
		}
		if got := call(t, "__complete", "help", topic.name).stdout; !strings.Contains("\n"+got, "\n"+topic.name+"\n") {
			t.Errorf("help is completed with %q", got)
		}
	}
	if got := expect(t, exitPassed, "help", "scenario").stdout; got != strings.TrimSpace(scenarios.Reference())+"\n" {
		t.Errorf("help scenario is not the reference:\n%s", got)
	}
	if got, want := expect(t, exitPassed, "help", "run").stdout, expect(t, exitPassed, "run", "--help").stdout; got != want {
		t.Errorf("help run prints:\n%s\nwant what run --help does:\n%s", got, want)
	}
}

// TestCompletion checks that each shell gets a script, and that names and
// modes are offered.
func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if got := call(t, "completion", shell); got.code != 0 || len(got.stdout) < 1000 {
			t.Errorf("completion %s: exit status %d and %d bytes", shell, got.code, len(got.stdout))
		}
	}
	if got := call(t, "__complete", "run", "first").stdout; !strings.Contains(got, "first-campaign\t") {
		t.Errorf("run is completed with %q", got)
	}
	if got := call(t, "__complete", "scenarios", "first").stdout; !strings.HasSuffix(got, ":4\n") {
		t.Errorf("scenarios is completed with files as well: %q", got)
	}
	if got := call(t, "__complete", "run", "--progress", "").stdout; !strings.Contains(got, "plain") {
		t.Errorf("--progress is completed with %q", got)
	}
}

// TestPanicIsInternal breaks an invariant from outside, and expects the exit
// status of a defect instead of Go's own, which says that the scenario is bad.
func TestPanicIsInternal(t *testing.T) {
	var stderr strings.Builder
	code := run(t.Context(), []string{"version"}, nil, panicWriter{}, &stderr)
	if code != int(exitInternal) || !strings.Contains(stderr.String(), "internal error, please report it: on fire") {
		t.Errorf("exit status %d, stderr:\n%s", code, stderr.String())
	}
}

type panicWriter struct{}

func (panicWriter) Write([]byte) (int, error) { panic("on fire") }
