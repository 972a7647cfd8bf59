package plot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"sesim/sim/unit"
)

// texts returns what a panel of a form writes, in order.
func texts(t *testing.T, f form, paint func(*panel)) []string {
	t.Helper()
	c := vgsvg.New(f.width, 200)
	s := &sheet{Canvas: draw.New(c), form: f}
	paint(&panel{s: s, xMax: 1, yMax: 1, rect: vg.Rectangle{Min: vg.Point{X: f.left, Y: 40}, Max: vg.Point{X: f.width - f.right, Y: 180}}})
	var b strings.Builder
	if _, err := c.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, part := range strings.Split(b.String(), "</text>") {
		if at := strings.LastIndexByte(part, '>'); strings.Contains(part, "<text") {
			list = append(list, part[at+1:])
		}
	}
	return list
}

// TestNarrow: on a phone the name of a line is shorter instead of cut, a number comes before what
// is said beside it, and the name of an axis keeps clear of the last label.
func TestNarrow(t *testing.T) {
	levels := func(p *panel) { p.levels([]level{{0.5, "judged from 10,000", stroke(soft, 1)}}) }
	delivered := func(p *panel) {
		p.s.branchLabel(branch{name: "delivered", n: 85_483, note: "5 complaints"}, 87_012, vg.Length(0.55*p.s.width), 50)
	}
	axis := func(p *panel) { p.xAxis("known addresses", []tick{{0, "1e3"}, {1, "1e9"}}) }
	for _, c := range []struct {
		paint        func(*panel)
		wide, narrow []string
	}{
		{levels, []string{"judged from 10,000"}, []string{"from 10,000"}},
		{axis, []string{"1e3", "1e9", "known addresses"}, []string{"1e3", "1e9", "known", "addresses"}},
		{delivered, []string{"delivered 85,483 (98.2%), 5 complaints"}, []string{"delivered 85,483 (98.2%)"}},
	} {
		if got := texts(t, usual, c.paint); !slices.Equal(got, c.wide) {
			t.Errorf("usual: %q, want %q", got, c.wide)
		}
		if got := texts(t, narrow, c.paint); !slices.Equal(got, c.narrow) {
			t.Errorf("narrow: %q, want %q", got, c.narrow)
		}
	}
}

// TestSmallPanels: the last label of the axis of a small panel stays clear of the first one of
// the panel beside it.
func TestSmallPanels(t *testing.T) {
	ticks := []tick{{0, "0 h"}, {0.5, "12 h"}, {1, "24 h"}}
	small := func(p *panel) { p.rect.Max.X = p.rect.Min.X + smallWidth - smallGap; p.xAxis("", ticks) }
	if got := texts(t, usual, small); !slices.Equal(got, []string{"0 h", "12 h"}) {
		t.Errorf("the labels are %q", got)
	}
}

// TestLabelledNights: midnights have labels under those of the time since the start, where both
// fall together.
func TestLabelledNights(t *testing.T) {
	ticks := []tick{{0, "day 0"}, {4, "day 4"}, {8, "day 8"}}
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		start time.Time
		want  []time.Duration
	}{
		{begin, []time.Duration{0, 4 * unit.Day, 8 * unit.Day}},
		{begin.Add(15 * time.Hour), []time.Duration{9 * time.Hour, 33 * time.Hour}},
	} {
		got := calendar{start: c.start, end: 9 * unit.Day}.labelled(ticks)
		if len(got) < len(c.want) || !slices.Equal(got[:len(c.want)], c.want) || len(c.want) == 3 && len(got) > 3 {
			t.Errorf("from %s: %v, want %v", c.start, got, c.want)
		}
	}
}
