package scenarios_test

import (
	"strings"
	"testing"

	"sesim/scenarios"
)

// The answer of every lesson is pinned, as those of the other scenarios are.
func TestLessonsAnswer(t *testing.T) {
	list := scenarios.Lessons()
	if len(list) != 7 {
		t.Fatalf("there are %d lessons, want 7", len(list))
	}
	for _, entry := range list {
		if !strings.HasPrefix(entry.Name, "lesson-") || !strings.HasSuffix(entry.Question, "?") {
			t.Errorf("%s asks %q", entry.Name, entry.Question)
		}
	}
	pinned(t, "testdata/lessons.txt", list)
}
