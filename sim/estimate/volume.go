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

// sums are the eligible messages and bounces of points, before each of them.
type sums struct {
	points            []ses.HistoryPoint
	eligible, bounces []float64
}

func sumsOf(points []ses.HistoryPoint) *sums {
	s := &sums{points, make([]float64, len(points)+1), make([]float64, len(points)+1)}
	for i, p := range points {
		s.eligible[i+1], s.bounces[i+1] = s.eligible[i]+float64(p.Eligible), s.bounces[i]+float64(p.Bounces)
	}
	return s
}

// upTo returns how many points have ended at a time.
func (s *sums) upTo(at time.Duration) int {
	return sort.Search(len(s.points), func(i int) bool { return s.points[i].End() > at })
}

// rate returns the bounce rate over the latest eligible messages, or all if they are
// fewer than the volume; 0 without any.
func (s *sums) rate(at time.Duration, volume float64) float64 {
	n := s.upTo(at)
	volume = min(volume, s.eligible[n])
	if volume <= 0 {
		return 0
	}
	from := s.eligible[n] - volume
	i := sort.Search(n, func(i int) bool { return s.eligible[i+1] > from })
	before := s.bounces[min(i, n)]
	if i < n {
		before += float64((from - s.eligible[i]) / (s.eligible[i+1] - s.eligible[i]) * (s.bounces[i+1] - s.bounces[i]))
	}
	return (s.bounces[n] - before) / volume
}

// Volume estimates the representative volume: over how many of the latest eligible
// messages the bounce rate is computed. It is the one with which the points come closest to
// the readings; the interval holds all that come as close but for rounding. Points are in
// order of time.
func Volume(points []ses.HistoryPoint, readings []Reading) Estimate {
	of := sumsOf(points)
	var used []Reading
	for _, r := range readings {
		if of.eligible[of.upTo(r.At)] >= leastVolume {
			used = append(used, r)
		}
	}
	if len(used) == 0 {
		return unknown("no reading of the bounce rate with %d eligible messages before it", leastVolume)
	}
	miss := func(volume float64) float64 { // mean distance
		sum := 0.0
		for _, r := range used {
			sum += math.Abs(of.rate(r.At, volume) - r.Rate)
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
