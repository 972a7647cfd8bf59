package plot_test

import (
	"fmt"
	"strings"
	"testing"

	"sesim/reports/plot"
)

// TestIntervals: figures of the last items are in the table, all names in the picture, and
// without items there is none.
func TestIntervals(t *testing.T) {
	v := &plot.Intervals{
		Name: "peaks", Title: "Two of two", Of: "week", Axis: "rate, %", Value: "what came", Widths: []string{"95% of the draws", "50% of the draws"},
		Line: 0.05, LineName: "5% review",
	}
	empty, err := v.Chart()
	if err != nil || empty.Drawn() || empty.Title != v.Title {
		t.Errorf("%v, %+v", err, empty)
	}
	for i := range 100 {
		v.Items = append(v.Items, plot.Interval{Label: fmt.Sprintf("week %d", i), Value: 0.04, Ranges: [][2]float64{{0.01, 0.08}, {0.02, 0.06}}})
	}
	c, err := v.Chart()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(c.Columns, "|"), "week|what came|95% of the draws|50% of the draws"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := strings.Join(c.Rows[len(c.Rows)-1], "|"), "week 99|4%|1% to 8%|2% to 6%"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, name := range []string{"what came", "95% of the draws", "50% of the draws", "5% review", "week 40", "8%"} {
		if !strings.Contains(string(c.SVG), name) || !strings.Contains(c.Inline(), name) {
			t.Errorf("%q is not in the picture", name)
		}
	}
	if strings.Contains(string(c.SVG), "week 39<") || len(c.PNG) == 0 {
		t.Error("more than 60 items are drawn, or no pixels")
	}
}
