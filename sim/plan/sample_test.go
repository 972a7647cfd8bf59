package plan

import (
	"slices"
	"testing"
)

func TestNear(t *testing.T) {
	for _, c := range []struct {
		name   string
		choice Choice
		v      int64
		want   []int64
	}{
		{"up to twice", Choice{From: 1000, To: 9000, Step: 500}, 2000, []int64{2000, 2500, 3000, 4000}},
		{"the safe end", Choice{From: 1000, To: 9000, Step: 500}, 8500, []int64{8500, 9000}},
		{"is the safe end", Choice{From: 1000, To: 9000, Step: 500}, 9000, []int64{9000}},
		{"down to half", Choice{From: 0, To: 100, Step: 10, Largest: true}, 80, []int64{40, 60, 70, 80}},
		{"listed", Choice{Values: []int64{1, 5, 6, 7, 8, 100}}, 5, []int64{5, 6, 7, 100}},
	} {
		got := c.choice.Near(c.v, 4)
		if !slices.Equal(got.Values, c.want) || got.Step != 0 || got.At(0) != c.v {
			t.Errorf("%s: %v beginning at %d, want %v", c.name, got.Values, got.At(0), c.want)
		}
	}
}
