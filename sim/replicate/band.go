package replicate

import (
	"math"
	"slices"
	"time"
)

// Band is a curve over replications: at each instant the mean, and the limits
// of the middle share of the replications.
type Band struct {
	Curve
	N               int // replications in the band: the first N
	Mean, Low, High []float64
}

// Bands returns the instants of the bands and the bands of the frame's curves.
// The middle share of the replications, from 0 to 1, lies between Low and High.
// A curve that the runs do not have is left out.
func (s *Sample) Bands(share float64) ([]time.Duration, []Band) {
	var list []Band
	for k, instants := range s.curves {
		if len(instants) == 0 || len(instants[0]) == 0 {
			continue
		}
		b := Band{Curve: s.Frame.Curves[k], N: len(instants[0])}
		for _, values := range instants {
			sorted := known(values)
			slices.Sort(sorted)
			mean, _ := moments(sorted)
			b.Mean = append(b.Mean, mean)
			b.Low = append(b.Low, quantile(sorted, (1-share)/2))
			b.High = append(b.High, quantile(sorted, (1+share)/2))
		}
		list = append(list, b)
	}
	return s.times, list
}

// quantile interpolates between the order statistics of a sorted sample. It
// returns NaN for an empty sample.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := float64(q * float64(len(sorted)-1))
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + float64((at-float64(i))*(sorted[i+1]-sorted[i]))
}
