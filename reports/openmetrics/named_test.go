package openmetrics

import (
	"testing"

	"sesim/reports/internal/reporttest"
)

// TestNamed: every family of a name of its own has a figure of the table, and
// no two families have one name.
func TestNamed(t *testing.T) {
	names := map[string]bool{}
	for i := range sampled {
		names[sampled[i].name] = true
	}
	for _, f := range final(reporttest.New(t, 1)) {
		if len(f.points) == 0 {
			t.Errorf("%s has no figure", f.name)
		}
		if names[f.name] {
			t.Errorf("%s is the name of two families", f.name)
		}
		names[f.name] = true
	}
}
