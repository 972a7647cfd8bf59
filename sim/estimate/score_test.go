package estimate_test

import (
	"math"
	"testing"
	"time"

	"sesim/sim/estimate"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// TestWeeks checks the figures of two weeks by hand: the first has one campaign of a
// thousand with 8 % bounces, the second a clean one of as many, over a volume of a thousand.
func TestWeeks(t *testing.T) {
	const hour = time.Hour
	start := 100 * unit.Day
	points := []ses.HistoryPoint{
		{At: start - hour, For: hour, Eligible: 1000, Bounces: 20},
		{At: start + hour, For: hour, Eligible: 1000, Bounces: 80, Complaints: 3},
		{At: start + 8*unit.Day, For: hour, Eligible: 500},
	}
	got := estimate.Weeks(points, start, 2, 1000, hour)
	want := []estimate.Week{{1000, 80, 3, 0.08, 0.08}, {500, 0, 0, 0.04, 0.08}}
	for i := range want {
		for m := range want[i] {
			if math.Abs(got[i][m]-want[i][m]) > 1e-12 {
				t.Errorf("week %d: %v is %g, want %g", i, estimate.Measure(m), got[i][m], want[i][m])
			}
		}
	}
}

// TestScore: the score of an interval is its width, and outside of it 2/(1-share) times the
// distance more.
func TestScore(t *testing.T) {
	r := estimate.Range{Low: 2, High: 5}
	for _, c := range []struct{ x, want float64 }{{2, 3}, {5, 3}, {3, 3}, {1, 13}, {7, 23}} {
		if got := r.Score(c.x, 0.8); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%g: %g, want %g", c.x, got, c.want)
		}
		if held := r.Holds(c.x); held != (c.want == 3) {
			t.Errorf("%g: held %v", c.x, held)
		}
	}
}

// TestDraws checks intervals and the transform of a known sample, which has ties.
func TestDraws(t *testing.T) {
	var values []float64
	for i := range 101 {
		values = append(values, float64((i*37)%101))
	}
	d := estimate.NewDraws(values)
	if got := d.Central(0.5); got != (estimate.Range{Low: 25, High: 75}) {
		t.Error(got)
	}
	if got := d.Central(0); got.Low != 50 || got.High != 50 {
		t.Error(got)
	}
	ties := estimate.NewDraws([]float64{3, 1, 1, 1})
	for _, c := range []struct{ x, want float64 }{{0, 0}, {1, 0.375}, {2, 0.75}, {3, 0.875}, {4, 1}} {
		if got := ties.Below(c.x); got != c.want {
			t.Errorf("below %g: %g, want %g", c.x, got, c.want)
		}
	}
	if got := estimate.Histogram([]float64{0, 0.05, 0.1, 0.95, 1}); got != [10]int64{2, 1, 0, 0, 0, 0, 0, 0, 0, 2} {
		t.Error(got)
	}
}

// TestRivals: the intervals of the rivals come from their past errors, and need three weeks.
func TestRivals(t *testing.T) {
	week := func(mail, bounces, rate float64) estimate.Week {
		return estimate.Week{estimate.Mail: mail, estimate.Bounces: bounces, estimate.RateAtEnd: rate}
	}
	past := []estimate.Week{week(100, 1, 0.01), week(200, 4, 0.02), week(100, 3, 0.03)}
	for _, c := range []struct {
		rival estimate.Rival
		m     estimate.Measure
		mail  float64
		want  estimate.Range
	}{
		{estimate.LastWeek, estimate.Bounces, 1000, estimate.Range{Low: 2, High: 6}}, // 3 and the steps +3 and -1
		{estimate.LongRun, estimate.Bounces, 1000, estimate.Range{Low: 10, High: 30}},
		{estimate.LongRun, estimate.Bounces, -1, estimate.Range{Low: 4.0 / 3, High: 4}}, // the mean week has 133.3
		{estimate.LongRun, estimate.RateAtEnd, 1000, estimate.Range{Low: 0.01, High: 0.03}},
		{estimate.LongRun, estimate.Mail, -1, estimate.Range{Low: 100, High: 200}},
	} {
		got, ok := c.rival.Predict(past, c.m, c.mail, 1)
		if !ok || math.Abs(got.Low-c.want.Low) > 1e-9 || math.Abs(got.High-c.want.High) > 1e-9 {
			t.Errorf("%v, %v: %v, want %v", c.rival, c.m, got, c.want)
		}
		if _, ok := c.rival.Predict(past[:2], c.m, c.mail, 1); ok {
			t.Errorf("%v predicts from two weeks", c.rival)
		}
	}
}
