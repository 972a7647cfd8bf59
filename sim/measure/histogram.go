package measure

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"sesim/sim/unit"
)

// Histogram counts durations to three significant digits, from 1 ns to 100 days;
// longer ones are counted as 100 days. Count, sum, minimum and maximum are exact.
// The zero value is empty and ready to use; it allocates no buckets before the first
// duration above zero.
type Histogram struct {
	count, zeros int64
	sum          float64 // nanoseconds
	min, max     time.Duration
	hdr          *hdrhistogram.PackedHistogram // durations above zero
}

const histogramMax = 100 * unit.Day

// ErrNegative is returned by Record for a negative duration or count.
var ErrNegative = errors.New("a duration in a histogram must not be negative")

// Record adds n durations of length d. It returns ErrNegative if either is negative.
func (h *Histogram) Record(d time.Duration, n int64) error {
	if d < 0 || n < 0 {
		return ErrNegative
	}
	if n == 0 {
		return nil
	}
	if h.count == 0 || d < h.min {
		h.min = d
	}
	h.max = max(h.max, d)
	h.count += n
	h.sum += float64(float64(d) * float64(n))
	if d == 0 {
		h.zeros += n
		return nil
	}
	if h.hdr == nil {
		h.hdr = newBuckets()
	}
	return h.hdr.RecordValues(int64(min(d, histogramMax)), n)
}

// Merge adds the durations of o.
func (h *Histogram) Merge(o *Histogram) error {
	if o.count == 0 {
		return nil
	}
	if h.count == 0 || o.min < h.min {
		h.min = o.min
	}
	h.max = max(h.max, o.max)
	h.count, h.zeros, h.sum = h.count+o.count, h.zeros+o.zeros, h.sum+o.sum
	if o.hdr == nil {
		return nil
	}
	if h.hdr == nil {
		h.hdr = newBuckets()
	}
	if dropped := h.hdr.Merge(o.hdr); dropped > 0 {
		return fmt.Errorf("%d durations do not fit the histogram they are merged into", dropped)
	}
	return nil
}

// Contents is the content of a Histogram in a form that can be stored.
type Contents struct {
	Count   int64         `json:"count"`
	Zeros   int64         `json:"zeros"`
	Sum     float64       `json:"sum"` // nanoseconds
	Min     time.Duration `json:"min"`
	Max     time.Duration `json:"max"`
	Buckets [][2]int64    `json:"buckets"` // a duration in the bucket, and how many the bucket holds
}

// Contents returns the histogram's content.
func (h *Histogram) Contents() Contents {
	c := Contents{Count: h.count, Zeros: h.zeros, Sum: h.sum, Min: h.min, Max: h.max}
	if h.hdr != nil {
		h.hdr.ForEachBucket(func(value, count int64) bool {
			c.Buckets = append(c.Buckets, [2]int64{value, count})
			return true
		})
	}
	return c
}

// Histogram returns the histogram with this content. It returns an error if the
// buckets are invalid or do not add up to Count.
func (c *Contents) Histogram() (*Histogram, error) {
	h := &Histogram{count: c.Count, zeros: c.Zeros, sum: c.Sum, min: c.Min, max: c.Max}
	if len(c.Buckets) > 0 {
		h.hdr = newBuckets()
	}
	left := c.Count - c.Zeros
	for _, b := range c.Buckets {
		if b[1] < 1 {
			return nil, fmt.Errorf("a bucket of a histogram holds %d", b[1])
		}
		if err := h.hdr.RecordValues(b[0], b[1]); err != nil {
			return nil, err
		}
		left -= b[1]
	}
	if left != 0 {
		return nil, fmt.Errorf("the buckets of a histogram and its count differ by %d", left)
	}
	return h, nil
}

func newBuckets() *hdrhistogram.PackedHistogram {
	return hdrhistogram.NewPacked(1, int64(histogramMax), 3)
}

// Count returns how many durations were recorded.
func (h *Histogram) Count() int64 { return h.count }

// Min returns the shortest duration, exactly; 0 for an empty histogram.
func (h *Histogram) Min() time.Duration { return h.min }

// Max returns the longest duration, exactly; 0 for an empty histogram.
func (h *Histogram) Max() time.Duration { return h.max }

// Mean returns the average duration, exactly; 0 for an empty histogram.
func (h *Histogram) Mean() time.Duration {
	if h.count == 0 {
		return 0
	}
	return time.Duration(h.sum / float64(h.count))
}

// Quantile returns the q-quantile, q from 0 to 1, to three significant digits and
// never above Max.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := int64(math.Ceil(q * float64(h.count)))
	rank = min(max(rank, 1), h.count)
	if rank <= h.zeros {
		return 0
	}
	if rank == h.count {
		return h.max
	}
	rest := h.hdr.TotalCount()
	// The library rounds a percentile up to a rank, so ask for one between two ranks.
	p := 100 * (float64(rank-h.zeros) - 0.5) / float64(rest)
	return min(time.Duration(h.hdr.ValueAtPercentile(p)), h.max)
}

// Quantile is one point of a latency spectrum.
type Quantile struct {
	Q     float64       // 0 to 1
	Value time.Duration // the share Q of all durations do not exceed it
}

// Nines are the quantiles of a latency table.
var Nines = []float64{0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 1}

// Spectrum returns quantiles in steps that halve the remaining share, with ticks
// points per halving, as HdrHistogram's percentile output does, up to the maximum. It
// returns nil for an empty histogram.
func (h *Histogram) Spectrum(ticks int) []Quantile {
	if h.count == 0 {
		return nil
	}
	var list []Quantile
	for left := 1.0; ; left /= 2 {
		for i := range ticks {
			q := 1 - left + left/2*float64(i)/float64(ticks)
			list = append(list, Quantile{q, h.Quantile(q)})
			if (1-q)*float64(h.count) < 1 {
				return append(list, Quantile{1, h.max})
			}
		}
	}
}

// WriteHGRM writes the percentile distribution in the text format of HdrHistogram's
// plotters. Values are in milliseconds, or in seconds if the longest exceeds two
// hours; the first comment line names the unit.
func (h *Histogram) WriteHGRM(w io.Writer, title string) error {
	unit, name := time.Millisecond, "milliseconds"
	if h.max > 2*time.Hour {
		unit, name = time.Second, "seconds"
	}
	in := func(d time.Duration) float64 { return float64(d) / float64(unit) }
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s, in %s\n", title, name)
	fmt.Fprintf(b, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)")
	last := -1.0
	for _, p := range h.Spectrum(5) {
		if p.Q == last {
			continue
		}
		last = p.Q
		total := int64(math.Ceil(p.Q * float64(h.count)))
		if p.Q == 1 {
			fmt.Fprintf(b, "%12.6f %2.12f %10d\n", in(p.Value), p.Q, h.count)
			continue
		}
		fmt.Fprintf(b, "%12.6f %2.12f %10d %14.2f\n", in(p.Value), p.Q, max(total, 1), 1/(1-p.Q))
	}
	fmt.Fprintf(b, "#[Mean    = %12.6f, StdDeviation   = %12.6f]\n", in(h.Mean()), in(h.stdDev()))
	fmt.Fprintf(b, "#[Max     = %12.6f, Total count    = %12d]\n", in(h.max), h.count)
	buckets, sub := 0, 0
	if h.hdr != nil {
		buckets, sub = int(h.hdr.Populated()), 2048
	}
	fmt.Fprintf(b, "#[Buckets = %12d, SubBuckets     = %12d]\n", buckets, sub)
	return b.Flush()
}

// stdDev returns the standard deviation, zeros included.
func (h *Histogram) stdDev() time.Duration {
	if h.count == 0 || h.hdr == nil {
		return 0
	}
	mean := h.sum / float64(h.count)
	squares := float64(h.zeros) * mean * mean
	h.hdr.ForEachBucket(func(value, count int64) bool {
		d := float64(value) - mean
		squares += float64(d * d * float64(count))
		return true
	})
	return time.Duration(math.Sqrt(squares / float64(h.count)))
}
