package twin_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"sesim/scenarios"
	"sesim/sim/internal/twin"
)

// TestFound runs the scenarios of testdata/found through both models and under
// the checkers: each once set them against each other.
func TestFound(t *testing.T) {
	files, err := filepath.Glob("testdata/found/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scenarios, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := scenarios.LoadWith(found{}, file, src)
			if err != nil {
				t.Fatal(err)
			}
			if diff, err := twin.Diff(*cfg); err != nil || diff != "" {
				t.Errorf("the models differ: %v\n%s", err, diff)
			}
			if err := checked(*cfg); err != nil {
				t.Error(err)
			}
		})
	}
}

// found opens the traces beside the scenarios.
type found struct{}

func (found) Open(name string) (io.ReadCloser, error) {
	return os.Open(filepath.Join("testdata", "found", name))
}
