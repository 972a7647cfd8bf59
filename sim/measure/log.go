package measure

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Interval is a histogram of an interval of time.
type Interval struct {
	Start, End time.Duration // since the log's base
	Tag        string        // distinguishes the histograms of a log; no comma, space or line break
	Times      *Histogram
}

// ErrTag is wrapped by the error of WriteLog for a tag that the format does not
// allow.
var ErrTag = errors.New("a tag must not contain commas, spaces or line breaks")

// WriteLog writes intervals as an HdrHistogram log, format 1.3, with each histogram
// in the compressed encoding V2, which the libraries of other languages decode.
// Values are in nanoseconds, zeros included; the intervals are relative to base.
func WriteLog(w io.Writer, base time.Time, title string, list []Interval) error {
	log := hdrhistogram.NewHistogramLogWriter(w)
	comment := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, title)
	err := errors.Join(log.OutputComment("["+comment+"]"), log.OutputLogFormatVersion(),
		log.OutputStartTime(base.UnixMilli()), log.OutputBaseTime(base.UnixMilli()), log.OutputLegend())
	if err != nil {
		return err
	}
	for _, i := range list {
		if strings.ContainsAny(i.Tag, ", \r\n") {
			return fmt.Errorf("tag %q: %w", i.Tag, ErrTag)
		}
		h, err := i.dense()
		if err != nil {
			return fmt.Errorf("interval %s: %w", i.Tag, err)
		}
		if err := log.OutputIntervalHistogram(h); err != nil {
			return err
		}
	}
	return nil
}

// dense copies a histogram, with its zeros, into one whose range ends at the longest
// duration: the libraries of other languages allocate the whole range.
func (i *Interval) dense() (*hdrhistogram.Histogram, error) {
	h := hdrhistogram.New(1, max(int64(i.Times.max), 2), 3)
	h.SetTag(i.Tag)
	h.SetStartTimeMs(i.Start.Milliseconds())
	h.SetEndTimeMs(i.End.Milliseconds())
	if err := h.RecordValues(0, i.Times.zeros); err != nil {
		return nil, err
	}
	if i.Times.hdr == nil {
		return h, nil
	}
	if dropped := i.Times.hdr.MergeInto(h); dropped > 0 {
		return nil, fmt.Errorf("%d durations exceed the maximum of the histogram", dropped)
	}
	return h, nil
}

// Above returns how many durations are longer than d, within the precision of the
// buckets.
func (h *Histogram) Above(d time.Duration) int64 {
	if h.hdr == nil {
		return 0
	}
	n := int64(0)
	h.hdr.ForEachBucket(func(value, count int64) bool {
		if value > int64(d) {
			n += count
		}
		return true
	})
	return n
}
