package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/rundir"
	"sesim/sim"
)

// TestFolders checks how folders are chosen where some are taken, on disk or
// by a scenario of the same call.
func TestFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"sesim-runs/a", "sesim-runs/a-2", "many/c"} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name  string
		o     RunOptions
		names string
		want  []string
	}{
		{"by name", RunOptions{}, "a b a b", []string{"sesim-runs/a-3", "sesim-runs/b", "sesim-runs/a-4", "sesim-runs/b-2"}},
		{"one, named", RunOptions{Delivery: Delivery{Dir: "one/"}}, "a", []string{"one"}},
		{"several, named", RunOptions{Delivery: Delivery{Dir: "many"}}, "a b a", []string{"many/a", "many/b", "many/a-2"}},
		{"none", RunOptions{Delivery: Delivery{JSON: true}}, "a b", []string{"", ""}},
		{"json, named", RunOptions{Delivery: Delivery{JSON: true, Dir: "new"}}, "a", []string{"new"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var list []Scenario
			for name := range strings.FieldsSeq(c.names) {
				list = append(list, Scenario{Config: &sim.Config{Name: name}})
			}
			s := &System{}
			got, err := s.folders(&c.o, list)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i] = filepath.ToSlash(got[i])
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("folders (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := (&System{}).folders(&RunOptions{Delivery: Delivery{Dir: "many"}}, []Scenario{{Config: &sim.Config{Name: "c"}}, {Config: &sim.Config{Name: "d"}}}); OutcomeOf(err) != BadUsage {
		t.Errorf("a folder that is there is not refused: %v", err)
	}
}

// Where the file system has no locks, a run warns and goes on.
func TestNoLocks(t *testing.T) {
	t.Chdir(t.TempDir())
	var stderr strings.Builder
	s := &System{Err: &stderr, takeLock: func(string) (*rundir.Lock, error) { return nil, rundir.ErrNoLocks }}
	if err := s.Reserve("out", "mark", false); err != nil {
		t.Error(err)
	}
	const want = "sesim: output folder out: the file system has no locks: a second run that writes it is noticed only at the end\n"
	if stderr.String() != want {
		t.Errorf("the warning is %q", stderr.String())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
