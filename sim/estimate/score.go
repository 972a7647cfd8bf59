package estimate

import (
	"math"
	"slices"
	"time"

	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Measure is a figure of a week that is predicted.
type Measure uint8

// The measures.
const (
	Mail       Measure = iota // eligible messages
	Bounces                   // hard ones that count towards the rate
	Complaints                // those that feedback loops report
	RateAtEnd                 // bounce rate when the week ends, 0 to 1
	Peak                      // highest bounce rate of the week, 0 to 1
	Measures                  // how many there are
)

// String returns the measure as outputs name it.
func (m Measure) String() string {
	return [Measures]string{"mail", "bounces", "complaints", "bounce_rate", "peak"}[m]
}

// IsRate reports whether the measure is a rate, which does not grow with the mail.
func (m Measure) IsRate() bool { return m == RateAtEnd || m == Peak }

// Week are the figures of a week, by Measure.
type Week [Measures]float64

// WeekLength is the length of a Week.
const WeekLength = 7 * unit.Day

// Weeks returns the figures of n weeks from start on. Points are in order of time, and reach
// back before start as far as they are known. Rates are over the latest eligible messages,
// volume of them, and read every step, from one step after the start of the week to its end.
func Weeks(points []ses.HistoryPoint, start time.Duration, n int, volume float64, step time.Duration) []Week {
	weeks := make([]Week, n)
	for _, p := range points {
		if i := int((p.At - start) / WeekLength); p.At >= start && i < n {
			weeks[i][Mail] += float64(p.Eligible)
			weeks[i][Bounces] += float64(p.Bounces)
			weeks[i][Complaints] += float64(p.Complaints)
		}
	}
	of := sumsOf(points, bouncesOf)
	for i := range weeks {
		from := start + time.Duration(i)*WeekLength
		for at := step; at < WeekLength; at += step {
			weeks[i][Peak] = max(weeks[i][Peak], of.rate(from+at, volume))
		}
		weeks[i][RateAtEnd] = of.rate(from+WeekLength, volume)
		weeks[i][Peak] = max(weeks[i][Peak], weeks[i][RateAtEnd])
	}
	return weeks
}

// Range is an interval in which a figure is expected to lie, both ends included.
type Range struct{ Low, High float64 }

// Holds reports whether a value lies in the interval.
func (r Range) Holds(x float64) bool { return r.Low <= x && x <= r.High }

// Score returns the interval score of a central interval of a share, 0 to 1, where the real
// value was x: its width, and for a value outside of it 2/(1-share) times the distance.
// Smaller is better. See Gneiting and Raftery, Strictly proper scoring rules, JASA 102 (2007).
func (r Range) Score(x, share float64) float64 {
	return r.High - r.Low + float64(2/(1-share)*max(r.Low-x, x-r.High, 0))
}

// Draws are values of a predictive distribution, in ascending order.
type Draws []float64

// NewDraws sorts values.
func NewDraws(values []float64) Draws {
	return Draws(slices.Sorted(slices.Values(values)))
}

// Central returns the central interval with a share of the draws, 0 to 1; there must be one
// draw.
func (d Draws) Central(share float64) Range {
	return Range{d.quantile((1 - share) / 2), d.quantile((1 + share) / 2)}
}

// quantile interpolates between draws.
func (d Draws) quantile(p float64) float64 {
	at := float64(p * float64(len(d)-1))
	i := min(int(at), len(d)-1)
	next := d[min(i+1, len(d)-1)]
	return d[i] + float64((at-float64(i))*(next-d[i]))
}

// Below returns the probability integral transform of the real value: the share of the
// draws below it, and half of those that equal it.
func (d Draws) Below(x float64) float64 {
	below, _ := slices.BinarySearch(d, x)
	upTo := below
	for upTo < len(d) && d[upTo] == x {
		upTo++
	}
	return float64(below+upTo) / float64(2*len(d))
}

// Rival is a simple way to predict.
type Rival uint8

// The rivals.
const (
	LastWeek Rival = iota // the last week again
	LongRun               // of counts, the share of all weeks times the week's mail; of rates, their mean
	Rivals                // how many there are
)

// String returns the rival as outputs name it.
func (r Rival) String() string { return [Rivals]string{"last week again", "long-run share"}[r] }

// leastWeeks is how many weeks a rival needs, so that its errors are known.
const leastWeeks = 3

// Predict returns the central interval of a share that the rival gives for a week with so
// much mail, or a negative number for the mean of the past. Its width is that of the rival's errors
// over the past weeks. It reports false where these are fewer than three.
func (r Rival) Predict(past []Week, m Measure, mail, share float64) (Range, bool) {
	n := len(past)
	if n < leastWeeks {
		return Range{}, false
	}
	var values []float64
	if r == LastWeek {
		for i := 1; i < n; i++ {
			values = append(values, past[n-1][m]+(past[i][m]-past[i-1][m]))
		}
		return NewDraws(values).Central(share).clip(), true
	}
	sum := Week{}
	for _, w := range past {
		for i := range sum {
			sum[i] += w[i]
		}
	}
	if mail < 0 {
		mail = sum[Mail] / float64(n)
	}
	for _, w := range past {
		switch {
		case m.IsRate() || m == Mail:
			values = append(values, w[m])
		case w[Mail] > 0:
			values = append(values, w[m]/w[Mail]*mail)
		}
	}
	if len(values) == 0 {
		return Range{}, false
	}
	return NewDraws(values).Central(share).clip(), true
}

// clip leaves out what is negative.
func (r Range) clip() Range { return Range{max(r.Low, 0), max(r.High, 0)} }

// Histogram counts values from 0 to 1 in ten equal intervals.
func Histogram(values []float64) (counts [10]int64) {
	for _, x := range values {
		counts[min(int(math.Floor(10*x)), 9)]++
	}
	return counts
}
