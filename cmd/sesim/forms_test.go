package main

import (
	"encoding/xml"
	"maps"
	"os"
	"strings"
	"testing"
)

// verdictsOf reads the test cases of a JUnit file, and which of them did not
// pass, by their suites.
func verdictsOf(t *testing.T, file string) map[string]int {
	t.Helper()
	var doc struct {
		Suites []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, s := range doc.Suites {
		got[s.Name+" cases"] = len(s.Cases)
		for _, c := range s.Cases {
			if c.Failure != nil {
				got[s.Name+" failures"]++
			}
		}
	}
	return got
}

// TestForms writes both forms from a run and from its folder, and wants the
// same bytes.
func TestForms(t *testing.T) {
	inside(t)
	write(t, "failing.toml", thresholds(`"acme.accepted < 1", "acme.delay.max < 1d", "acme.time_to.paused < 1d"`))
	write(t, "passing.toml", strings.Replace(thresholds(`"acme.accepted > 1"`), `"quick"`, `"passing"`, 1))
	expect(t, exitThreshold, "run", "failing.toml", "passing.toml", "--quiet", "-o", "all", "--junit", "both.xml")
	got := verdictsOf(t, "both.xml")
	if want := (map[string]int{"quick cases": 3, "quick failures": 2, "passing cases": 1}); !maps.Equal(got, want) {
		t.Errorf("the suites are %v, want %v", got, want)
	}

	expect(t, exitThreshold, "run", "failing.toml", "--quiet", "-o", "report", "--junit", "run.xml", "--openmetrics", "run.om")
	if got := verdictsOf(t, "report/junit.xml"); got["quick cases"] != 3 || got["quick failures"] != 2 {
		t.Errorf("one threshold of three passes, and the file says %v", got)
	}
	expect(t, exitPassed, "report", "report", "--junit", "again.xml", "--openmetrics", "again.om")
	for _, pair := range [][2]string{{"run.xml", "report/junit.xml"}, {"run.xml", "again.xml"}, {"run.om", "again.om"}} {
		first, _ := os.ReadFile(pair[0])
		second, _ := os.ReadFile(pair[1])
		if len(first) == 0 || string(first) != string(second) {
			t.Errorf("%s and %s differ", pair[0], pair[1])
		}
	}
}

// Files that cannot be written are known before anything is simulated, and
// those that are there stay as they are.
func TestFormsRefused(t *testing.T) {
	inside(t)
	write(t, "there.xml", "mine")
	for _, args := range [][]string{
		{"run", "quick.toml", "--junit", "there.xml"},
		{"run", "quick.toml", "--junit", "no/such/folder.xml"},
		{"run", "quick.toml", "quick.toml", "--openmetrics", "x.om"},
	} {
		if got := expect(t, exitUsage, args...); got.stdout != "" || strings.Contains(got.stderr, "%") {
			t.Errorf("%v: it began to run: %q %q", args, got.stdout, got.stderr)
		}
	}
	if text, _ := os.ReadFile("there.xml"); string(text) != "mine" {
		t.Errorf("the file was written over: %q", text)
	}
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "--junit", "there.xml", "--force")
	verdictsOf(t, "there.xml")
}
