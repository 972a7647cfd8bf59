package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"sesim/cmd/internal/licenses"
	"sesim/cmd/internal/study"
	"sesim/scenarios"
)

// TestScenarios lists what ships, prints each, and validates what it printed.
func TestScenarios(t *testing.T) {
	t.Chdir(t.TempDir())
	list := expect(t, exitPassed, "scenarios").stdout
	lines := strings.Split(strings.TrimSpace(list), "\n")
	if len(lines) != len(study.ShippedNames()) {
		t.Errorf("%d lines for %d scenarios:\n%s", len(lines), len(study.ShippedNames()), list)
	}
	for _, line := range lines {
		name, question, _ := strings.Cut(line, " ")
		if !strings.HasSuffix(question, "?") {
			t.Errorf("%s asks no question: %q", name, question)
		}
		write(t, name+".toml", expect(t, exitPassed, "scenarios", name).stdout)
		if got := expect(t, exitPassed, "validate", name+".toml"); got.stdout != name+".toml: ok\n" {
			t.Errorf("validate says %q", got.stdout)
		}
	}
}

// TestSchema: the schema for editors is the one that lies beside the scenarios
// that ship.
func TestSchema(t *testing.T) {
	want, err := os.ReadFile("../../scenarios/" + scenarios.SchemaName)
	if err != nil {
		t.Fatal(err)
	}
	if got := expect(t, exitPassed, "scenarios", "--schema"); got.stdout != string(want) {
		t.Errorf("it prints %d bytes, and the file has %d", len(got.stdout), len(want))
	}
	expect(t, exitUsage, "scenarios", "--schema", "stale-list")
}

// TestValidate: sound files are named on standard output, all problems of the
// others on standard error; with --json the problems are the answer.
func TestValidate(t *testing.T) {
	inside(t)
	write(t, "a.toml", strings.Replace(thresholds(""), `horizon = "2d"`, `horizon = "forever"`, 1))
	write(t, "b.toml", strings.Replace(thresholds(""), `size = 100`, "sise = 3", 1))
	got := expect(t, exitUsage, "validate", "a.toml", "quick.toml", "b.toml")
	if got.stdout != "quick.toml: ok\n" {
		t.Errorf("stdout is %q", got.stdout)
	}
	for _, want := range []string{"sesim: a.toml:5:", "sesim: b.toml:16:1: ", "size"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("stderr does not hold %q:\n%s", want, got.stderr)
		}
	}

	if got := expect(t, exitPassed, "validate", "a.toml", "--set", "horizon=3d"); got.stdout != "a.toml: ok\n" {
		t.Errorf("with a horizon validate says %q", got.stdout)
	}
	got = expect(t, exitUsage, "validate", "--json", "a.toml", "quick.toml", "b.toml", "c.toml")
	var list []struct {
		File         string
		Line, Column int
		Key, Message string
	}
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil {
		t.Fatalf("%v in:\n%s", err, got.stdout)
	}
	files := map[string]int{}
	for _, p := range list {
		files[p.File]++
		if p.Message == "" {
			t.Errorf("a problem without a message: %+v", p)
		}
	}
	if list[0].File != "a.toml" || list[0].Line != 5 || list[0].Key != "horizon" || files["quick.toml"] != 0 || files["b.toml"] == 0 || files["c.toml"] != 1 {
		t.Errorf("problems are %+v", list)
	}
	if got.stderr != "" {
		t.Errorf("stderr is %q", got.stderr)
	}
	if got := expect(t, exitPassed, "validate", "--json", "quick.toml"); got.stdout != "[]\n" {
		t.Errorf("without problems stdout is %q", got.stdout)
	}
}

// TestWarnings: what is probably not meant is told on standard error, by every command
// that reads scenarios, and changes nothing else.
func TestWarnings(t *testing.T) {
	inside(t)
	const region = "region = \"us-east-9\"\n"
	text := strings.Replace(thresholds(""), "[[account]]\n", "[[account]]\n"+region, 1)
	write(t, "typo.toml", text)
	line := strings.Count(text[:strings.Index(text, region)], "\n") + 1
	warning := fmt.Sprintf("sesim: warning: typo.toml:%d:10: account.acme.region: \"us-east-9\" is not a Region in which SES is sold; "+
		"it is simulated like the others (did you mean \"us-east-1\"?)\n", line)
	for _, args := range [][]string{
		{"validate", "typo.toml"}, {"run", "typo.toml", "--quiet"}, {"compare", "typo.toml", "--vs", "account.acme.rate=20"}, {"explain", "typo.toml", "--at", "1h"},
	} {
		if got := expect(t, exitPassed, args...); strings.Count(got.stderr, warning) != 1 {
			t.Errorf("%q: stderr is %q, want once %q", args, got.stderr, warning)
		}
	}
	got := expect(t, exitPassed, "validate", "--json", "typo.toml")
	if !strings.Contains(got.stdout, `"severity": "warning"`) || got.stderr != "" {
		t.Errorf("as JSON: %q, stderr %q", got.stdout, got.stderr)
	}
	write(t, "wrong.toml", text+"\nsede = 1\n")
	got = expect(t, exitUsage, "validate", "wrong.toml")
	if !strings.Contains(got.stderr, "sesim: warning: wrong.toml:") || !strings.Contains(got.stderr, "unknown key") {
		t.Errorf("beside an error: stderr is %q", got.stderr)
	}
	write(t, "fine.toml", strings.Replace(text, "us-east-9", "eusc-de-east-1", 1))
	if got := expect(t, exitPassed, "validate", "fine.toml"); got.stderr != "" {
		t.Errorf("a Region of the table: %q", got.stderr)
	}
}

// TestNoRun: folders that hold no run of their own are bad usage, and the error
// says what they are.
func TestNoRun(t *testing.T) {
	inside(t)
	write(t, "sweep.toml", swept("", `"account.acme.quota" = [1000, 5000]`))
	write(t, "one.toml", lucky(""))
	expect(t, exitPassed, "run", "sweep.toml", "--quiet", "-o", "cells")
	expect(t, exitPassed, "run", "one.toml", "--quiet", "-o", "one")
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"compare", "one", "cells"}, "cells: a sweep, whose cells sweep.csv compares"},
		{[]string{"compare", "one", "empty"}, "empty: not a finished run: manifest.json is missing"},
		{[]string{"report", "empty"}, "empty: not a finished run: manifest.json is missing"},
		{[]string{"report", "nowhere"}, "nowhere: not a finished run: manifest.json is missing"},
	} {
		if got := expect(t, exitUsage, c.args...); !strings.Contains(got.stderr, c.want) {
			t.Errorf("%v: %q does not say %q", c.args, got.stderr, c.want)
		}
	}
}

// TestReport draws a finished run again: what was lost comes back as it was.
func TestReport(t *testing.T) {
	inside(t)
	first := expect(t, exitPassed, "run", "quick.toml", "-o", "report")
	want, err := os.ReadFile("report/report.html")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove("report/report.html"); err != nil {
		t.Fatal(err)
	}
	again := expect(t, exitPassed, "report", "report")
	if again.stdout != first.stdout {
		t.Errorf("report prints:\n%s\nwant:\n%s", again.stdout, first.stdout)
	}
	if got, err := os.ReadFile("report/report.html"); err != nil || string(got) != string(want) {
		t.Errorf("report.html was not drawn as it was: %v", err)
	}
}

func TestVersion(t *testing.T) {
	got := expect(t, exitPassed, "version").stdout
	if !regexp.MustCompile(`^sesim 0\.1\.0, build \S.*, go1\.\S+ \w+/\w+\n$`).MatchString(got) {
		t.Errorf("version is %q", got)
	}
	if all := expect(t, exitPassed, "version", "--licenses").stdout; all != licenses.Text {
		t.Errorf("version --licenses prints %d bytes, want %d", len(all), len(licenses.Text))
	}
	if flag := expect(t, exitPassed, "--version").stdout; flag != got {
		t.Errorf("--version prints %q, and version %q", flag, got)
	}
}
