package learn

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios"
	"sesim/scenarios/lesson"
	"sesim/sim"
)

var update = flag.Bool("update", false, "write the pinned figures of the lessons anew")

// The figures in the lessons' texts are pinned: a text that no longer says what it said
// fails here.
func TestFigures(t *testing.T) {
	const pinned = "testdata/figures.txt"
	var b strings.Builder
	for _, l := range lesson.Shipped() {
		right, err := l.Right(mustRun(t, l, ""))
		if err != nil || right == "" {
			t.Errorf("%s: the right answer is %q, %v", l.ID, right, err)
		}
		fmt.Fprintf(&b, "%s\n  right  %s\n", l.ID, right)
		figures, err := l.Values(context.Background(), DefaultBudget.run)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range l.Figures {
			v := figures[f.Name]
			kind := kindWords[v.Kind]
			if v.List != nil {
				kind = "durations"
			}
			fmt.Fprintf(&b, "  %s  %.6g  %s\n", f.Name, v.Value, kind)
		}
	}
	comparePinned(t, pinned, b.String())
}

// mustLoad loads a variant of a lesson with some more keys set, and does not run it.
func mustLoad(t *testing.T, l *lesson.Lesson, variant string, set ...scenarios.Override) *sim.Config {
	t.Helper()
	cfg, err := l.Load(variant, set...)
	if err != nil {
		t.Fatalf("%s %q: %v", l.ID, variant, err)
	}
	return cfg
}

// mustRun runs a variant of a lesson with some more keys set, within the budget.
func mustRun(t *testing.T, l *lesson.Lesson, variant string, set ...scenarios.Override) *lesson.Outcome {
	t.Helper()
	cfg := mustLoad(t, l, variant, set...)
	result, err := DefaultBudget.run(context.Background(), cfg)
	if err != nil {
		t.Fatalf("%s %q: %v", l.ID, variant, err)
	}
	return &lesson.Outcome{Config: cfg, Result: result}
}

func comparePinned(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (- pinned, + now); read the texts again, and if they hold run the test with -update:\n%s", file, diff)
	}
}

// What a control sets can be written into the lesson's scenario, for each of
// its values, and the text then says what the keys would. Its default is what
// the scenario has.
func TestControls(t *testing.T) {
	t.Parallel()
	for _, l := range lesson.Shipped() {
		src := l.Source()
		plain, err := scenarios.Load(l.Scenario, src)
		if err != nil {
			t.Fatal(err)
		}
		inSight := 0
		for _, c := range l.Controls {
			if !c.More {
				inSight++
			}
			for i, v := range c.Values {
				var keys []scenarios.Override
				for _, k := range c.Keys {
					keys = append(keys, scenarios.Override{Key: k, Value: v})
				}
				text, err := scenarios.Rewrite(l.Scenario, src, keys...)
				if err != nil {
					t.Errorf("%s, %s: %v", l.ID, c.ID, err)
					continue
				}
				rewritten, err := scenarios.Load(l.Scenario, text)
				if err != nil {
					t.Errorf("%s, %s = %s: %v", l.ID, c.ID, v, err)
					continue
				}
				overridden, _ := scenarios.Load(l.Scenario, src, keys...)
				if diff := cmp.Diff(overridden, rewritten); diff != "" {
					t.Errorf("%s, %s = %s (-set +written):\n%s", l.ID, c.ID, v, diff)
				}
				if same := cmp.Equal(plain, rewritten); same != (i == c.Default) {
					t.Errorf("%s, %s = %s: is it the scenario's own value? %v; is it the default? %v", l.ID, c.ID, v, same, i == c.Default)
				}
			}
		}
		if inSight > 5 {
			t.Errorf("%s has %d controls in sight, want 5 at most", l.ID, inSight)
		}
	}
}
