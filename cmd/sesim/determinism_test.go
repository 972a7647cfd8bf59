package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"sesim/scenarios"
)

// TestSameBytes runs the default scenario in two processes, on one core and on
// two, and compares everything they leave but performance.json: standard
// output, and the folder byte for byte.
func TestSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the default scenario twice")
	}
	t.Chdir(t.TempDir())
	var printed [2][]byte
	for i, cores := range []string{"1", "2"} {
		cmd := process(t, "run", scenarios.Default, "--json", "-o", cores, "--progress", "none")
		cmd.Env = append(cmd.Env, "GOMAXPROCS="+cores)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if code := cmd.ProcessState.ExitCode(); err != nil && code != int(exitThreshold) {
			t.Fatal(err)
		}
		printed[i] = out
	}
	if !bytes.Equal(printed[0], printed[1]) {
		t.Error("standard output differs")
	}
	one, two := contents(t, "1"), contents(t, "2")
	if len(one) < 5 {
		t.Errorf("the folder holds %d files only", len(one))
	}
	for name, want := range one {
		if got, ok := two[name]; !ok || !bytes.Equal(got, want) {
			t.Errorf("%s differs: %d bytes and %d", name, len(want), len(got))
		}
	}
	if len(one) != len(two) {
		t.Errorf("%d files and %d", len(one), len(two))
	}
}

// TestSameBytesWhateverIsCollected makes replications with garbage collected often and
// rarely, and compares everything they leave but performance.json.
func TestSameBytesWhateverIsCollected(t *testing.T) {
	t.Chdir(t.TempDir())
	var printed [2][]byte
	percents := []string{"10", "400"}
	for i, percent := range percents {
		cmd := process(t, "run", "sandbox-first-day", "--replications", "20", "--json", "-o", percent, "--progress", "none")
		cmd.Env = append(cmd.Env, "GOGC="+percent)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if code := cmd.ProcessState.ExitCode(); err != nil && code != int(exitThreshold) {
			t.Fatal(err)
		}
		printed[i] = out
	}
	if len(printed[0]) == 0 || !bytes.Equal(printed[0], printed[1]) {
		t.Error("standard output differs")
	}
	wantSame(t, percents[0], percents[1])
}

// contents returns the files below a folder by name, without performance.json.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "performance.json" {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		files[rel], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
