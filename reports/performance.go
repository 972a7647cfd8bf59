package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"sesim/sim/measure"
)

// Performance holds the wall-clock measurements of a run. It is the only part
// that differs between two runs of the same scenario, and has a file of its
// own. Figures that were not measured are zero.
type Performance struct {
	Wall       time.Duration // simulating, without loading and without the report
	Virtual    time.Duration // simulated
	Events     int64
	Admissions int64 // send calls decided

	// Admission is the distribution of the times of single admission
	// decisions in a sample; nil if none was timed.
	Admission       *measure.Histogram
	SampleEvery     int64         // one decision in SampleEvery was timed
	ClockCost       time.Duration // of reading the clock once
	ClockResolution time.Duration // the smallest step of the clock that was observed
	Note            string        // what was subtracted, and what was not

	GoMaxProcs      int
	GoVersion       string
	OS, Arch        string
	PeakMemoryBytes int64
}

// performance is the JSON form.
type performance struct {
	WallSeconds         Seconds   `json:"wall_seconds"`
	VirtualSeconds      Seconds   `json:"virtual_seconds"`
	SpeedUp             float64   `json:"speed_up"` // virtual over wall time
	Events              int64     `json:"events"`
	EventsPerSecond     float64   `json:"events_per_second"`
	Admissions          int64     `json:"admissions"`
	AdmissionsPerSecond float64   `json:"admissions_per_second"`
	Admission           admission `json:"admission_latency"`
	GoMaxProcs          int       `json:"gomaxprocs"`
	GoVersion           string    `json:"go_version"`
	OS                  string    `json:"os"`
	Arch                string    `json:"arch"`
	PeakMemoryBytes     int64     `json:"peak_memory_bytes"`
}

// admission describes how long single admission decisions took.
type admission struct {
	Samples           int64        `json:"samples"`
	SampleEvery       int64        `json:"sample_every"`
	MeanNS            int64        `json:"mean_ns"`
	MaxNS             int64        `json:"max_ns"`
	Percentiles       []percentile `json:"percentiles"`
	ClockCostNS       int64        `json:"clock_cost_ns"`
	ClockResolutionNS int64        `json:"clock_resolution_ns"`
	Note              string       `json:"note"`
	HGRM              string       `json:"hgrm"` // the distribution in HdrHistogram's text form
}

type percentile struct {
	Percentile float64 `json:"percentile"` // 0 to 100
	NS         int64   `json:"ns"`
}

// SpeedUp returns how many times faster than real time the run was; 0 if no
// time was measured.
func (p *Performance) SpeedUp() float64 { return per(float64(p.Virtual), p.Wall) * 1e-9 }

// EventsPerSecond returns events handled per second of wall time.
func (p *Performance) EventsPerSecond() float64 { return per(float64(p.Events), p.Wall) }

// AdmissionsPerSecond returns send calls decided per second of wall time.
func (p *Performance) AdmissionsPerSecond() float64 { return per(float64(p.Admissions), p.Wall) }

func per(n float64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return n / d.Seconds()
}

// MarshalJSON writes the measurements and the figures derived from them.
func (p *Performance) MarshalJSON() ([]byte, error) {
	a := admission{
		SampleEvery: p.SampleEvery, Percentiles: []percentile{},
		ClockCostNS: int64(p.ClockCost), ClockResolutionNS: int64(p.ClockResolution), Note: p.Note,
	}
	if h := p.Admission; h != nil && h.Count() > 0 {
		a.Samples, a.MeanNS, a.MaxNS = h.Count(), int64(h.Mean()), int64(h.Max())
		for _, q := range measure.Nines {
			a.Percentiles = append(a.Percentiles, percentile{math.Round(q*1e7) / 1e5, int64(h.Quantile(q))})
		}
		var text bytes.Buffer
		if err := h.WriteHGRM(&text, "wall-clock time of single admission decisions"); err != nil {
			return nil, fmt.Errorf("admission latency: %w", err)
		}
		a.HGRM = text.String()
	}
	return json.Marshal(performance{
		Seconds(p.Wall), Seconds(p.Virtual), p.SpeedUp(), p.Events, p.EventsPerSecond(), p.Admissions, p.AdmissionsPerSecond(),
		a, p.GoMaxProcs, p.GoVersion, p.OS, p.Arch, p.PeakMemoryBytes,
	})
}
