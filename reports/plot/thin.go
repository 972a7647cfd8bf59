package plot

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sesim/reports"
	"sesim/sim/measure"
)

// maxPoints limits the points of one line; more would lie less than a pixel
// apart.
const maxPoints = 1800

// thin divides the points into narrow strips and keeps the lowest and the
// highest of each, in order, so that no peak is lost. It also keeps the first
// and the last point.
func thin(points []xy) []xy { return thinTo(maxPoints, points) }

// thinTo is thin with another limit.
func thinTo(most int, points []xy) []xy {
	if len(points) <= most {
		return points
	}
	first, last := points[0], points[len(points)-1]
	strips := float64(most/2 - 1)
	strip := func(p xy) int { return int((p.x - first.x) / (last.x - first.x) * strips) }
	kept := []xy{first}
	for i := 0; i < len(points); {
		low, high, j := i, i, i
		for ; j < len(points) && strip(points[j]) == strip(points[i]); j++ {
			if points[j].y < points[low].y {
				low = j
			}
			if points[j].y > points[high].y {
				high = j
			}
		}
		kept = append(kept, points[min(low, high)])
		if low != high {
			kept = append(kept, points[max(low, high)])
		}
		i = j
	}
	return append(kept, last)
}

// steps turns points into a line that holds each value until the next, for
// quantities such as the state and the quota that change at once.
func steps(points []xy, end float64) []xy {
	var line []xy
	for i, p := range points {
		if i > 0 {
			line = append(line, xy{p.x, points[i-1].y})
		}
		line = append(line, p)
	}
	if n := len(points); n > 0 && points[n-1].x < end {
		line = append(line, xy{end, points[n-1].y})
	}
	return line
}

// samples returns the points of a column; missing values are left out.
func samples(t *measure.Table, account, metric string, factor float64) []xy {
	c := t.Find(account, metric)
	if c == nil {
		return nil
	}
	points := make([]xy, 0, len(c.Values))
	for i, v := range c.Values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			points = append(points, xy{days(t.Times[i]), v * factor})
		}
	}
	return points
}

// highest returns the largest y; 0 without points.
func highest(points []xy) float64 {
	most := 0.0
	for _, p := range points {
		most = max(most, p.y)
	}
	return most
}

// valueAt returns the value that steps through the points have at x; false
// before the first.
func valueAt(points []xy, x float64) (float64, bool) {
	i, found := slices.BinarySearchFunc(points, x, func(p xy, x float64) int { return cmp.Compare(p.x, x) })
	if !found {
		i--
	}
	if i < 0 {
		return 0, false
	}
	return points[i].y, true
}

// stateAt returns the state of an account at a moment.
func stateAt(phases []reports.Phase, at time.Duration) reports.State {
	state := reports.State("")
	for _, p := range phases {
		if p.From <= at {
			state = p.State
		}
	}
	return state
}
