package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"sesim/scenarios"
)

// TestInit writes each template under its name, validates what it wrote, and
// leaves nothing else.
func TestInit(t *testing.T) {
	t.Chdir(t.TempDir())
	list := expect(t, exitPassed, "init", "--list").stdout
	files := []string{}
	for _, e := range scenarios.Templates() {
		name := e.Name + ".toml"
		files = append(files, name)
		if !strings.Contains(list, e.Name+" ") || !strings.Contains(list, e.Question+"\n") {
			t.Errorf("%s is not in the list:\n%s", e.Name, list)
		}
		next := "run"
		if e.Name == scenarios.Served {
			next = "serve"
		}
		if got := expect(t, exitPassed, "init", e.Name).stdout; !strings.HasPrefix(got, name+" is written.") || !strings.Contains(got, "\n  sesim "+next+" "+name+"\n") {
			t.Errorf("init %s prints %q", e.Name, got)
		}
		want, _ := scenarios.Template(e.Name)
		if got, err := os.ReadFile(name); err != nil || string(got) != string(want) {
			t.Errorf("%s: %v, %d bytes", name, err, len(got))
		}
		if got := expect(t, exitPassed, "init", e.Name, "-"); got.stdout != string(want) {
			t.Errorf("init %s - prints %d bytes", e.Name, len(got.stdout))
		}
		expect(t, exitPassed, "validate", name)
	}
	if got := entries(t, "."); !slices.Equal(got, files) {
		t.Errorf("the folder holds %v, want %v", got, files)
	}
	write(t, scenarios.DefaultTemplate+".toml", "mine")
	expect(t, exitPassed, "init", "--force")
	if got, err := os.ReadFile(scenarios.DefaultTemplate + ".toml"); err != nil || string(got) == "mine" {
		t.Errorf("with --force the file is %q, %v", got, err)
	}
}

// TestInitSpares: what is there stays as it is, and an unknown template writes
// nothing.
func TestInitSpares(t *testing.T) {
	inside(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"init", "saas", "quick.toml"}, "quick.toml already exists; --force replaces it"},
		{[]string{"init", "saas", "no/such/folder.toml"}, "no such file or directory"},
		{[]string{"init", "sas"}, `no template is called "sas" (did you mean saas?); sesim init --list lists them`},
		{[]string{"init", "--list", "saas"}, "--list does not take a template"},
		{[]string{"init", "saas", "a", "b"}, "accepts at most 2 arg(s), received 3"},
	} {
		if got := expect(t, exitUsage, c.args...); !strings.Contains(got.stderr, c.want) || got.stdout != "" {
			t.Errorf("%v: %q, %q", c.args, got.stdout, got.stderr)
		}
	}
	if got, err := os.ReadFile("quick.toml"); err != nil || string(got) != thresholds("") {
		t.Errorf("quick.toml is %q, %v", got, err)
	}
	if got := entries(t, "."); !slices.Equal(got, []string{"quick.toml"}) {
		t.Errorf("the folder holds %v", got)
	}
}
