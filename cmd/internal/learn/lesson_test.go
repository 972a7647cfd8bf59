package learn

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios"
	"sesim/sim"
)

var update = flag.Bool("update", false, "write the pinned figures of the lessons anew")

// The figures in the lessons' texts are pinned, and what the texts say without
// a figure is checked: a text that no longer holds fails here.
func TestLessonsHold(t *testing.T) {
	const pinned = "testdata/figures.txt"
	var b strings.Builder
	for _, l := range Lessons() {
		fmt.Fprintf(&b, "%s\n", l.ID)
		runs := map[string]*outcome{}
		for _, name := range append([]string{as}, slices.Sorted(maps.Keys(l.Variants))...) {
			runs[name] = mustRun(t, &l, name)
		}
		right, err := l.right(runs[as])
		if err != nil || right == "" {
			t.Errorf("%s: the right answer is %q, %v", l.ID, right, err)
		}
		fmt.Fprintf(&b, "  right  %s\n", right)
		for _, claim := range l.Holds {
			o := runs[claim.Variant]
			metric, _, _ := strings.Cut(claim.Criterion, " ")
			value, data := o.value(metric)
			if ok, err := o.meets(claim.Criterion); err != nil || !ok {
				t.Errorf("%s %q: %s does not hold: %v (data: %v), %v", l.ID, claim.Variant, claim.Criterion, value, data, err)
			}
		}
		figures, err := l.figures(context.Background(), &DefaultBudget)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range l.Figures {
			v := figures[f.Name]
			if !v.Data {
				t.Errorf("%s: %s has no value", l.ID, f.Name)
			}
			fmt.Fprintf(&b, "  %s  %.6g  %s\n", f.Name, v.Value, v.Kind)
		}
	}
	comparePinned(t, pinned, b.String())
}

// mustLoad loads a variant of a lesson, and does not run it.
func mustLoad(t *testing.T, l *Lesson, variant string) *sim.Config {
	t.Helper()
	cfg, err := l.load(variant)
	if err != nil {
		t.Fatalf("%s %q: %v", l.ID, variant, err)
	}
	return cfg
}

func mustRun(t *testing.T, l *Lesson, variant string) *outcome {
	t.Helper()
	o, err := l.variant(context.Background(), &DefaultBudget, variant)
	if err != nil {
		t.Fatalf("%s %q: %v", l.ID, variant, err)
	}
	return o
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
	for _, l := range Lessons() {
		src, ok := scenarios.Source(l.Scenario)
		if !ok {
			t.Fatalf("%s does not ship", l.Scenario)
		}
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

// The criteria of all answers can be judged, and one always is right.
func TestOptions(t *testing.T) {
	for _, l := range Lessons() {
		if n := len(l.Options); n < 3 || l.Options[n-1].If != "" {
			t.Errorf("%s has %d options, the last of which must take what is left", l.ID, n)
		}
		o := mustRun(t, &l, as)
		for _, option := range l.Options {
			if _, err := o.meets(option.If); err != nil {
				t.Errorf("%s, %s: %v", l.ID, option.ID, err)
			}
		}
	}
}
