package estimate

import (
	"math"
	"sort"
	"time"

	"sesim/sim/ses"
)

// Reading is a value of the metric Reputation.BounceRate or Reputation.ComplaintRate.
type Reading struct {
	At   time.Duration // since the epoch of the points
	Rate float64       // 0 to 1
}

// Limits of the representative volume, as of rules.rep.window_eligible.
const (
	leastVolume = 1000
	mostVolume  = 100_000
)

// sums are the eligible messages and the bounces or complaints of points, before each of
// them.
type sums struct {
	points           []ses.HistoryPoint
	eligible, events []float64
}

func bouncesOf(p *ses.HistoryPoint) int64    { return p.Bounces }
func complaintsOf(p *ses.HistoryPoint) int64 { return p.Complaints }

func sumsOf(points []ses.HistoryPoint, events func(*ses.HistoryPoint) int64) *sums {
	s := &sums{points, make([]float64, len(points)+1), make([]float64, len(points)+1)}
	for i := range points {
		p := &points[i]
		s.eligible[i+1], s.events[i+1] = s.eligible[i]+float64(p.Eligible), s.events[i]+float64(events(p))
	}
	return s
}

// upTo returns how many points have ended at a time.
func (s *sums) upTo(at time.Duration) int {
	return sort.Search(len(s.points), func(i int) bool { return s.points[i].End() > at })
}

// rate returns the share of the events over the latest eligible messages, or all if they are
// fewer than the volume; 0 without any.
func (s *sums) rate(at time.Duration, volume float64) float64 {
	n := s.upTo(at)
	volume = min(volume, s.eligible[n])
	if volume <= 0 {
		return 0
	}
	from := s.eligible[n] - volume
	i := sort.Search(n, func(i int) bool { return s.eligible[i+1] > from })
	before := s.events[min(i, n)]
	if i < n {
		before += float64((from - s.eligible[i]) / (s.eligible[i+1] - s.eligible[i]) * (s.events[i+1] - s.events[i]))
	}
	return (s.events[n] - before) / volume
}

// Volume estimates the representative volume: over how many of the latest eligible
// messages the bounce rate is computed. It is the one with which the points come closest to
// the readings; the interval holds all that come as close but for rounding. Points are in
// order of time.
func Volume(points []ses.HistoryPoint, readings []Reading) Estimate {
	of := sumsOf(points, bouncesOf)
	used := of.usable(readings)
	if len(used) == 0 {
		return unknown("no reading of the bounce rate with %d eligible messages before it", leastVolume)
	}
	const step = 250
	e, _ := closest(used, leastVolume, mostVolume, step, of.rate)
	if e.High == mostVolume && e.Low == leastVolume {
		return unknown("the rate does not depend on the representative volume in this log")
	}
	return e
}

// usable returns the readings with enough eligible messages before them.
func (s *sums) usable(readings []Reading) (list []Reading) {
	for _, r := range readings {
		if s.eligible[s.upTo(r.At)] >= leastVolume {
			list = append(list, r)
		}
	}
	return list
}

// closest returns the value, from least to most in steps, with which rates come closest to
// the readings on average, and how far they are from them then. The interval holds all
// values that come as close but for rounding.
func closest(
	readings []Reading, least, most, step float64, rate func(at time.Duration, value float64) float64,
) (e Estimate, distance float64) {
	const rounding = 0.00005 // half of 0.01 %
	miss := make([]float64, int((most-least)/step)+1)
	best := 0
	for i := range miss {
		for _, r := range readings {
			miss[i] += math.Abs(rate(r.At, least+float64(float64(i)*step)) - r.Rate)
		}
		miss[i] /= float64(len(readings))
		if miss[i] < miss[best] {
			best = i
		}
	}
	low, high := best, best
	for i, m := range miss {
		if m <= miss[best]+rounding {
			low, high = min(low, i), max(high, i)
		}
	}
	value := func(i int) float64 { return least + float64(float64(i)*step) }
	return Estimate{Value: value(best), Low: value(low), High: value(high), N: int64(len(readings)), Method: MethodFit}, miss[best]
}

// Loop estimates which share of the eligible messages is to providers with a feedback loop:
// the one with which the complaints of the points, over those of the latest such messages
// that the volume covers, come closest to readings of the complaint rate. Points are in order
// of time.
func Loop(points []ses.HistoryPoint, readings []Reading, volume float64) Estimate {
	of := sumsOf(points, complaintsOf)
	var used []Reading
	for _, r := range of.usable(readings) {
		if of.events[of.upTo(r.At)] >= leastComplaints {
			used = append(used, r)
		}
	}
	if len(used) == 0 {
		return unknown("no reading of the complaint rate with %d complaints and %d eligible messages before it", leastComplaints, leastVolume)
	}
	const step = 0.005
	e, distance := closest(used, step, 1, step, func(at time.Duration, share float64) float64 { return of.rate(at, volume/share) / share })
	mean := 0.0
	for _, r := range used {
		mean += r.Rate / float64(len(used))
	}
	switch {
	case 4*distance > mean:
		return unknown("the readings of the complaint rate do not fit the complaints")
	case e.High > 4*e.Low:
		return unknown("the readings of the complaint rate are too low to tell")
	}
	e.Value, e.Low, e.High = Significant(e.Value, 3), Significant(e.Low, 3), Significant(e.High, 3)
	return e
}
