package benchmark

import (
	"fmt"
	"math"
	"strings"

	"sesim/reports/wording"
)

// The axes of a growth: what its runs have more and more of.
const (
	OfRecipients = "recipients"
	OfSenders    = "senders, an audience each"
	OfAccounts   = "accounts, one audience"
	OfAddresses  = "known addresses"
	OfYears      = "virtual years"
	OfLoadedRows = "trace rows, loading"
	OfRunRows    = "trace rows, running"
)

// Growth is the cost of a run of one size of an axis.
type Growth struct {
	Axis             string  `json:"axis"`
	Size             int64   `json:"size"`
	Recipients       int64   `json:"recipients"` // rows of a trace have one each
	Addresses        int64   `json:"addresses"`  // at most, of all audiences
	VirtualSeconds   float64 `json:"virtual_seconds"`
	Rounds           int     `json:"rounds"`
	WallSeconds      float64 `json:"wall_seconds"`      // median of the rounds
	ProcessorSeconds float64 `json:"processor_seconds"` // as in Simulation
	PerSecond        float64 `json:"recipients_per_second"`
	NS               float64 `json:"processor_ns_per_recipient"`
	// TimesBefore is NS over that of the size before, TimesTenfold what that is for ten
	// times the recipients.
	TimesBefore  float64 `json:"times_size_before,omitempty"`
	TimesTenfold float64 `json:"times_per_tenfold,omitempty"`
	PeakBytes    int64   `json:"peak_bytes"`
	LiveBytes    int64   `json:"live_bytes"` // live at the end of the run
}

// mostTenfold is how many times as much a recipient may take where there are ten times as
// many of them, before the time counts as growing faster than the work: the root of ten,
// halfway from proportion to the square. A heap makes it at most 1.25 from a size of 1e4
// on; memory that leaves a cache makes it more, once for each cache.
const mostTenfold = 3.16

// Axis says how the time of a recipient grows along an axis.
type Axis struct {
	Axis string `json:"axis"`
	// TimesTenfold is the largest of the axis's rows, that of Size; 0 if it has fewer than
	// two rows.
	TimesTenfold float64 `json:"times_per_tenfold,omitempty"`
	Size         int64   `json:"size,omitempty"`
	Faster       bool    `json:"faster_than_work"` // the time grows faster than the work
	Why          string  `json:"why,omitempty"`    // the time of a recipient grows at all, if it does
}

// reasons are what makes a recipient take longer where a run has more of an axis.
var reasons = map[string]string{
	OfSenders:   "the state of all senders and addresses no longer fits into the caches",
	OfAccounts:  "the state of all accounts no longer fits into the caches",
	OfAddresses: "the state of all addresses no longer fits into the caches",
	OfYears:     "more of the addresses have joined, and when is computed for each mail",
}

// longerEach is from how many times on the time of a recipient counts as grown: less is noise.
const longerEach = 1.1

// AddGrowth adds a row behind those of its axis, and compares it with the one before.
func (r *Report) AddGrowth(g Growth) {
	if g.Recipients > 0 {
		g.NS = g.ProcessorSeconds / float64(g.Recipients) * 1e9
	}
	n := len(r.GrowthAxes)
	if n == 0 || r.GrowthAxes[n-1].Axis != g.Axis {
		r.Growth, r.GrowthAxes = append(r.Growth, g), append(r.GrowthAxes, Axis{Axis: g.Axis})
		return
	}
	last, axis := &r.Growth[len(r.Growth)-1], &r.GrowthAxes[n-1]
	if g.NS > 0 && last.NS > 0 && g.Recipients > last.Recipients {
		g.TimesBefore = g.NS / last.NS
		g.TimesTenfold = math.Pow(g.TimesBefore, 1/math.Log10(float64(g.Recipients)/float64(last.Recipients)))
	}
	if g.TimesTenfold > axis.TimesTenfold {
		axis.TimesTenfold, axis.Size, axis.Faster = g.TimesTenfold, g.Size, g.TimesTenfold > mostTenfold
	}
	if axis.TimesTenfold > longerEach {
		axis.Why = reasons[axis.Axis]
	}
	r.Growth = append(r.Growth, g)
}

// GrowthOf returns the rows of an axis.
func (r *Report) GrowthOf(axis string) []Growth {
	var list []Growth
	for _, g := range r.Growth {
		if g.Axis == axis {
			list = append(list, g)
		}
	}
	return list
}

// Finding returns a sentence, without the full stop, about the axis; "" if it has fewer
// than two rows.
func (a *Axis) Finding() string {
	switch {
	case a.TimesTenfold == 0:
		return ""
	case a.TimesTenfold <= longerEach:
		return a.Axis + ": in proportion to the work"
	}
	text := fmt.Sprintf("%s: ten times the recipients take up to %s times as long each, at %s",
		a.Axis, wording.Decimal(a.TimesTenfold, 2), wording.Count(a.Size))
	switch {
	case a.Faster:
		return text + ": faster than the work"
	case a.Why != "":
		return text + "; " + a.Why
	}
	return text
}

// GrowthVerdict returns a sentence, without the full stop, about all axes; "" if none has
// two rows.
func (r *Report) GrowthVerdict() string {
	var steepest *Axis
	var faster []string
	for i := range r.GrowthAxes {
		a := &r.GrowthAxes[i]
		if a.Faster {
			faster = append(faster, a.Axis)
		}
		if a.TimesTenfold > 0 && (steepest == nil || a.TimesTenfold > steepest.TimesTenfold) {
			steepest = a
		}
	}
	switch {
	case steepest == nil:
		return ""
	case len(faster) > 0:
		return "Time grows faster than the work by " + strings.Join(faster, ", by ")
	}
	return fmt.Sprintf("No time grows faster than the work: ten times the recipients take at most %s times as long each, by %s",
		wording.Decimal(steepest.TimesTenfold, 2), steepest.Axis)
}
