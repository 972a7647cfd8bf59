package rundir

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/internal/reporttest"
	"sesim/sim/measure"
)

// snapshot reads all files below a folder, by their names in it.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestReadsBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out", "run")
	want := reporttest.Coarse(t, 1)
	want.Series.Columns[0].Values[5] = math.NaN() // a missing sample
	if err := Write(dir, want, nil, false); err != nil {
		t.Fatal(err)
	}
	got, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// TestReadsBackBare does the same for a run in which nothing happened.
func TestReadsBackBare(t *testing.T) {
	want := reporttest.Bare(t)
	end := reports.Seconds(36*time.Hour + time.Millisecond)
	want.Summary.Status, want.Summary.EndSeconds = reports.Interrupted, &end
	want.Overrides = nil
	dir := filepath.Join(t.TempDir(), "run")
	if err := Write(dir, want, nil, false); err != nil {
		t.Fatal(err)
	}
	got, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// TestSameBytes writes the same run twice, the second time on one processor
// and with other wall-clock figures: only performance.json may differ.
func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, perf *reports.Performance) map[string]string {
		if err := Write(filepath.Join(dir, name), reporttest.Coarse(t, 1), perf, false); err != nil {
			t.Fatal(err)
		}
		return snapshot(t, filepath.Join(dir, name))
	}
	one := write("one", &reports.Performance{Wall: time.Second})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	two := write("two", &reports.Performance{Wall: 2 * time.Second})
	if one[performanceFile] == two[performanceFile] {
		t.Error("performance.json does not tell the runs apart")
	}
	delete(one, performanceFile)
	delete(two, performanceFile)
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("the folders differ:\n%s", diff)
	}
	for name, text := range one {
		if strings.Contains(text, dir) {
			t.Errorf("%s names the folder it was written into", name)
		}
	}
}

// TestManifest checks that the manifest knows every file but performance.json
// and itself.
func TestManifest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := Write(dir, onlyDwell(t), &reports.Performance{}, false); err != nil {
		t.Fatal(err)
	}
	var m manifest
	files := snapshot(t, dir)
	if err := json.Unmarshal([]byte(files[manifestFile]), &m); err != nil {
		t.Fatal(err)
	}
	for _, e := range m.Files {
		if text, there := files[e.Name]; !there || data.Sum([]byte(text)) != e.SHA256 || int64(len(text)) != e.Bytes {
			t.Errorf("%s is not as the manifest says", e.Name)
		}
		delete(files, e.Name)
	}
	delete(files, manifestFile)
	delete(files, performanceFile)
	for name := range files {
		t.Errorf("the manifest does not know %s", name)
	}
	if m.Scenario.File != "stale-list.toml" || m.Scenario.SHA256 != data.Sum([]byte(reporttest.Scenario)) {
		t.Errorf("the scenario is %+v", m.Scenario)
	}
}

// TestWhatIsThere tries each kind of thing that may stand in the way.
func TestWhatIsThere(t *testing.T) {
	r := reporttest.Bare(t)
	for _, c := range []struct {
		name  string
		files map[string]string // below dir; nil: no dir
		force bool
		want  error
	}{
		{"nothing", nil, false, nil},
		{"empty", map[string]string{}, false, nil},
		{"somebody's notes", map[string]string{"notes.txt": "x"}, false, ErrExists},
		{"somebody's notes, forced", map[string]string{"notes.txt": "x"}, true, ErrForeign},
		{"another tool's manifest, forced", map[string]string{"manifest.json": `{"name": "web app"}`}, true, ErrForeign},
		{"a run", map[string]string{"manifest.json": `{"tool": "sesim", "version": 1}`}, false, ErrExists},
		{"a run, forced", map[string]string{"manifest.json": `{"tool": "sesim", "version": 1}`, "old.csv": "x"}, true, nil},
		{"a run of another version, forced", map[string]string{"manifest.json": `{"tool": "sesim", "version": 9}`}, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "run")
			if c.files != nil {
				if err := os.Mkdir(dir, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			for name, text := range c.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			err := Write(dir, r, nil, c.force)
			if !errors.Is(err, c.want) {
				t.Fatalf("error is %v, want %v", err, c.want)
			}
			if err != nil {
				if diff := cmp.Diff(c.files, snapshot(t, dir)); diff != "" {
					t.Errorf("the folder was changed:\n%s", diff)
				}
			} else if _, err := Load(dir); err != nil {
				t.Error(err)
			}
			entries, err := os.ReadDir(parent)
			if err != nil || len(entries) != 1 {
				t.Errorf("beside the folder stand %v, %v", entries, err)
			}
		})
	}
}

func TestPlainFileInTheWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	if err := os.WriteFile(path, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, reporttest.Bare(t), nil, true); err == nil {
		t.Error("a plain file was replaced")
	}
}

// TestDamage changes and removes each file that Load reads, and wants an
// error that names it.
func TestDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := place(disk{}, dir, small(t, "run"), false); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{summaryFile, seriesFile, dwellFile, delayFile, hgrmFile, scenarioFile, manifestFile} {
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range [][]byte{nil, append([]byte("x"), good...), bytes.ToUpper(good)} {
			os.Remove(path)
			if bad != nil {
				if err := os.WriteFile(path, bad, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), name) || name != manifestFile && !errors.Is(err, data.ErrDamaged) {
				t.Errorf("%s damaged: error is %v", name, err)
			}
		}
		if err := os.WriteFile(path, good, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Load(dir); err != nil {
		t.Errorf("after the repair: %v", err)
	}
}

// onlyDwell returns a report with one chart, which is quick to draw.
func onlyDwell(t *testing.T) *reports.Report {
	r := reporttest.Coarse(t, 1)
	r.Series, r.Delays = measure.Table{}, nil
	return r
}

// TestRedraw loses some files and damages others; drawing again brings the
// folder back to what it was.
func TestRedraw(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := Write(dir, onlyDwell(t), nil, false); err != nil {
		t.Fatal(err)
	}
	want := snapshot(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, chartsFolder)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, pageFile), []byte("damaged"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Redraw(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, snapshot(t, dir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

// TestRedrawForgets removes charts that are not drawn any more, and nothing
// outside the folder of charts, whatever the manifest says.
func TestRedrawForgets(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := Write(dir, onlyDwell(t), nil, false); err != nil {
		t.Fatal(err)
	}
	want := snapshot(t, dir)
	var m manifest
	if err := json.Unmarshal([]byte(want[manifestFile]), &m); err != nil {
		t.Fatal(err)
	}
	m.set([]File{{"charts/old.svg", nil}, {"charts/../series.csv", nil}, {"charts/", nil}})
	last, err := m.content()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{manifestFile: last.Data, "charts/old.svg": nil} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := Redraw(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, snapshot(t, dir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}
