package scenarios_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios"
	"sesim/sim/criteria"
)

// The answer of every lesson is pinned, as those of the other scenarios are.
func TestLessonsAnswer(t *testing.T) {
	const answers = "testdata/lessons.txt"
	list := scenarios.Lessons()
	if len(list) != 7 {
		t.Fatalf("there are %d lessons, want 7", len(list))
	}
	var b strings.Builder
	for _, entry := range list {
		if !strings.HasPrefix(entry.Name, "lesson-") || !strings.HasSuffix(entry.Question, "?") {
			t.Errorf("%s asks %q", entry.Name, entry.Question)
		}
		cfg, result := runShipped(t, entry.Name)
		fmt.Fprintf(&b, "%s: %s\n", entry.Name, result.Fingerprint)
		writeAnswer(&b, cfg, result)
		for _, j := range result.Judge(cfg) {
			if j.Verdict != criteria.Pass {
				t.Errorf("%s: %s is %v, which is a %v", entry.Name, j.Criterion.Expression, j.Value, j.Verdict)
			}
		}
	}
	if *update {
		if err := os.WriteFile(answers, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(answers)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("answers moved (- pinned, + now); if that is meant, run the test with -update:\n%s", diff)
	}
}
