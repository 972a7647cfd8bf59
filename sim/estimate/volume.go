package estimate

import (
	"math"
	"sort"
	"time"

	"sesim/sim/ses"
)

// Reading is a value of the metric Reputation.BounceRate.
type Reading struct {
	At   time.Duration // since the epoch of the points
	Rate float64       // 0 to 1
}

// Limits of the representative volume, as of rules.rep.window_eligible.
const (
	leastVolume = 1000
	mostVolume  = 100_000
)

// Volume estimates the representative volume: over how many of the latest eligible
// messages the bounce rate is computed. It is the one with which the points come closest to
// the readings; the interval holds all that come as close but for rounding. Points are in
// order of time.
func Volume(points []ses.HistoryPoint, readings []Reading) Estimate {
	eligible, bounces := make([]float64, len(points)+1), make([]float64, len(points)+1)
	for i, p := range points {
		eligible[i+1], bounces[i+1] = eligible[i]+float64(p.Eligible), bounces[i]+float64(p.Bounces)
	}
	upTo := func(r Reading) int { // points that ended by then
		return sort.Search(len(points), func(i int) bool { return points[i].End() > r.At })
	}
	var used []Reading
	for _, r := range readings {
		if eligible[upTo(r)] >= leastVolume {
			used = append(used, r)
		}
	}
	if len(used) == 0 {
		return unknown("no reading of the bounce rate with %d eligible messages before it", leastVolume)
	}
	miss := func(volume float64) float64 { // mean distance
		sum := 0.0
		for _, r := range used {
			n := upTo(r)
			from := eligible[n] - min(volume, eligible[n])
			i := sort.Search(n, func(i int) bool { return eligible[i+1] > from })
			before := bounces[min(i, n)]
			if i < n {
				before += float64((from - eligible[i]) / (eligible[i+1] - eligible[i]) * (bounces[i+1] - bounces[i]))
			}
			sum += math.Abs((bounces[n]-before)/min(volume, eligible[n]) - r.Rate)
		}
		return sum / float64(len(used))
	}
	const step = 250
	best, at := math.Inf(1), 0.0
	for v := float64(leastVolume); v <= mostVolume; v += step {
		if m := miss(v); m < best {
			best, at = m, v
		}
	}
	const rounding = 0.00005 // half of 0.01 %
	e := Estimate{Value: at, Low: at, High: at, N: int64(len(used)), Method: MethodFit}
	for v := float64(leastVolume); v <= mostVolume; v += step {
		if miss(v) <= best+rounding {
			e.Low, e.High = min(e.Low, v), max(e.High, v)
		}
	}
	if e.High == mostVolume && e.Low == leastVolume {
		return unknown("the rate does not depend on the representative volume in this log")
	}
	return e
}
