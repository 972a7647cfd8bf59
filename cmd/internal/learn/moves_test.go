package learn

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"sesim/scenarios/lesson"
	"sesim/sim/rules"
)

// The page says of each figure of a lesson with which parameters it changes: these, and
// no other, change it with one of their ends or settings.
func TestMoves(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every variant of the lessons with every plausible value")
	}
	t.Parallel()
	all := map[string]map[string][]string{}
	for _, l := range lesson.Shipped() {
		found := map[string][]string{}
		for name := range variantsOf(l) {
			movesIn(t, l, name, found)
		}
		for _, list := range found {
			slices.Sort(list)
		}
		all[l.ID] = found
	}
	got, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	comparePinned(t, "../../../scenarios/lesson/shipped/moves.json", string(got)+"\n")
}

// variantsOf returns the variants whose runs a lesson's figures are of.
func variantsOf(l *lesson.Lesson) map[string]bool {
	names := map[string]bool{}
	for _, f := range l.Figures {
		if !strings.HasPrefix(f.Of, "rules.") {
			names[f.Variant] = true
		}
	}
	return names
}

// movesIn adds to found what moves the figures of a variant.
func movesIn(t *testing.T, l *lesson.Lesson, variant string, found map[string][]string) {
	own := mustRun(t, l, variant)
	usual := figuresOf(l, variant, own)
	for _, name := range unpublishedIn(own.Config, own.Result) {
		for _, v := range rules.Find(name).Plausible.Values(2) {
			o := ruled(t, l, variant, name, written(v))
			for figure, is := range figuresOf(l, variant, o) {
				if is != usual[figure] && !slices.Contains(found[figure], name) {
					found[figure] = append(found[figure], name)
				}
			}
		}
	}
}

// reading is the value of a figure, or that there is none.
type reading struct {
	value float64
	data  bool
}

// figuresOf reads the figures that a lesson takes from a variant's run.
func figuresOf(l *lesson.Lesson, variant string, o *lesson.Outcome) map[string]reading {
	all := map[string]reading{}
	for _, f := range l.Figures {
		if f.Variant == variant && !strings.HasPrefix(f.Of, "rules.") {
			value, data := o.Value(f.Of)
			all[f.Name] = reading{value, data}
		}
	}
	return all
}
