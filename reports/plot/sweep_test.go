package plot

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"

	"sesim/reports"
	"sesim/sim/ses"
)

// swept is a sweep over two keys with the values given.
func swept(first, second []string) *reports.Sweep {
	s := &reports.Sweep{Scenario: "test", Seed: 1, Keys: []string{"a", "b"}, Axes: [][]int{{0}, {1}}, Confidence: 0.95}
	for _, x := range first {
		for _, y := range second {
			v := float64(len(s.Cells))
			s.Cells = append(s.Cells, reports.Cell{
				Number: len(s.Cells), Values: []string{x, y}, Numbers: make([]*float64, 2), Status: reports.Complete, Replications: 1,
				Metrics:    []reports.Metric{{Name: "acme.accepted", Kind: "count", Data: 1, Mean: reports.Estimate{Value: &v}}},
				Thresholds: []reports.Threshold{{Expression: "acme.accepted >= 0"}},
			})
		}
	}
	s.CellCount = len(s.Cells)
	return s
}

// Values that are shortened to the same name have a row each all the same.
func TestHeatMapKeepsValuesApart(t *testing.T) {
	long := "a value that begins like the next, "
	s := swept([]string{long + "one", long + "two"}, []string{"5", "6", "7"})
	charts, err := Sweep(s)
	if err != nil || len(charts) != 1 {
		t.Fatalf("%d charts, %v", len(charts), err)
	}
	for i := range s.Cells {
		if want := fmt.Sprintf(">%d<", i); !bytes.Contains(charts[0].SVG, []byte(want)) {
			t.Errorf("the figure of cell %d is missing", i)
		}
	}
	c := newSweepChart(s, "acme.accepted")
	if of, names := c.values(0); !slices.Equal(of, []int{0, 0, 0, 1, 1, 1}) || len(names) != 2 || names[0] != names[1] {
		t.Errorf("rows %v, called %q", of, names)
	}
}

// What is written on a field can be read: WCAG asks for a contrast of 4.5.
func TestHeatMapContrast(t *testing.T) {
	luminance := func(r, g, b float64) float64 {
		linear := func(v float64) float64 {
			if v /= 255; v <= 0.04045 {
				return v / 12.92
			}
			return math.Pow((v+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	field := fieldTint(1)
	over := func(v uint8) float64 { return 255 + (float64(v)-255)*float64(field.A)/255 }
	ground := luminance(over(field.R), over(field.G), over(field.B))
	letters := luminance(float64(ink.R), float64(ink.G), float64(ink.B))
	if got := (ground + 0.05) / (letters + 0.05); got < 4.5 {
		t.Errorf("the contrast on the darkest field is %.2f", got)
	}
}

// TestSweepTitles: a title states the finding, and without variation it is all that
// there is of the chart.
func TestSweepTitles(t *testing.T) {
	one := func(values ...float64) *reports.Sweep {
		s := swept([]string{"1%", "2%", "5%"}[:len(values)], []string{""})
		s.Keys, s.Axes = []string{"audience.people.invalid"}, [][]int{{0}}
		for i := range values {
			s.Cells[i].Values = s.Cells[i].Values[:1]
			s.Cells[i].Metrics[0].Mean.Value = &values[i]
		}
		return s
	}
	two := swept([]string{"1", "2"}, []string{"5", "6"})
	tied := swept([]string{"1", "2"}, []string{"5", "6"})
	tied.Cells[1].Metrics[0].Mean.Value = tied.Cells[0].Metrics[0].Mean.Value
	for _, c := range []struct {
		s     *reports.Sweep
		want  string
		drawn bool
	}{
		{one(2, 3, 6), "acme.accepted rises from 2 to 6 as invalid goes from 1% to 5%", true},
		{one(6, 6, 1), "acme.accepted falls from 6 to 1 as invalid goes from 1% to 5%", true},
		{one(2, 7, 3), "acme.accepted is lowest, 2, at invalid 1%, and highest, 7, at invalid 2%", true},
		{one(4, 4, 4), "acme.accepted is 4 in every cell", false},
		{two, "acme.accepted is lowest, 0, at a 1 and b 5, and highest, 3, at a 2 and b 6", true},
		{tied, "acme.accepted is lowest, 0, in 2 of 4 cells, and highest, 3, at a 2 and b 6", true},
	} {
		charts, err := Sweep(c.s)
		if err != nil || len(charts) != 1 || charts[0].Title != c.want || charts[0].Drawn() != c.drawn {
			t.Errorf("%+v, %v; want the title %q, drawn %v", charts, err, c.want, c.drawn)
		}
	}
}

// TestTurns: of a probability the title says where the event becomes probable, over one key
// and over two.
func TestTurns(t *testing.T) {
	probable := func(first, second []string, hits ...int) *reports.Sweep {
		s := swept(first, second)
		for i := range s.Cells {
			share, low, high, at := float64(hits[i])/5, max(0, float64(hits[i]-2)/5), min(1, float64(hits[i]+2)/5), float64(i/len(second)+1)/100
			s.Cells[i].Replications, s.Cells[i].Metrics, s.Cells[i].Thresholds = 5, nil, nil
			s.Cells[i].Numbers[0] = &at
			s.Cells[i].Events = []reports.Event{{Account: "acme", Name: ses.EventPaused, Hits: hits[i],
				Probability: reports.Estimate{Value: &share, Low: &low, High: &high}}}
		}
		if len(second) == 1 {
			s.Axes = [][]int{{0}}
		}
		return s
	}
	rates := []string{"1%", "2%", "3%"}
	for _, c := range []struct {
		s    *reports.Sweep
		want string
	}{
		{probable(rates, []string{""}, 0, 0, 5), "acme is paused in half of the runs at a about 2.5%, and in none up to 2%, where the probability is at most 40%"},
		{probable(rates, []string{""}, 1, 2, 5), "acme is paused in half of the runs at a about 2.17%; in 20% (0% to 60%) of them at 1% already"},
		{probable(rates, []string{""}, 0, 1, 2), "acme is paused in fewer than half of the runs in every cell: at most 40% (0% to 80%)"},
		{probable(rates, []string{"x", "y"}, 0, 0, 0, 2, 5, 5), "acme is paused in no run up to a 1% (the probability is at most 40%), and in every run from a 3% on"},
		{probable(rates, []string{"x", "y"}, 0, 5, 0, 5, 0, 5), "acme is paused in no run up to b x (the probability is at most 40%), and in every run from b y on"},
		{probable(rates, []string{"x", "y"}, 0, 1, 2, 1, 0, 5), "P(acme.paused) is lowest, 0% (0% to 40%), in 2 of 6 cells, and highest, 100% (60% to 100%), at a 3% and b y"},
	} {
		if got := newSweepChart(c.s, "P(acme.paused)"); got.title() != c.want {
			t.Errorf("the title is %q,\nwant %q", got.title(), c.want)
		}
	}
}
