// Package benchmark defines the report of sesim bench, a versioned value that is
// written as JSON and as text.
//
// Times are wall-clock times in nanoseconds, and fractions of one if many
// decisions were timed together. A figure that was not measured is zero and, in
// JSON, left out. Under the same version no JSON key is renamed or removed; keys
// may be added.
//
// The package measures nothing; package plot draws the charts.
package benchmark

import (
	"io"

	"sesim/reports/jsontext"
)

// Version is the version of the JSON form.
const Version = 1

// The statuses of a report.
const (
	Complete    = "complete"
	Interrupted = "interrupted" // holds the figures up to the interruption
	Failed      = "failed"      // holds the figures up to a part that could not be measured
)

// Report holds the figures of one call of sesim bench.
type Report struct {
	Version      int            `json:"version"`
	Status       string         `json:"status"`
	Command      string         `json:"command"` // the command line
	Sesim        string         `json:"sesim"`   // version of the program
	WallSeconds  float64        `json:"wall_seconds"`
	Machine      Machine        `json:"machine"`
	Clock        Clock          `json:"clock"`
	Protocol     Protocol       `json:"protocol"`
	Notes        []string       `json:"notes"` // what was left out or is inconclusive
	Decisions    []Decision     `json:"decisions,omitempty"`
	RungsLack    []string       `json:"rungs_lack,omitempty"` // rules of the model that the rungs do without
	Memory       []Memory       `json:"memory,omitempty"`
	Latency      []Latency      `json:"latency,omitempty"`
	OpenLoop     []OpenLoop     `json:"open_loop,omitempty"`
	Simulations  []Simulation   `json:"simulations,omitempty"`
	Replications []Replications `json:"replications,omitempty"`
	Growth       []Growth       `json:"growth,omitempty"`
	GrowthAxes   []Axis         `json:"growth_axes,omitempty"`
}

// Machine describes the machine on which the figures were measured.
type Machine struct {
	Processor   string  `json:"processor"` // "" if unknown
	Cores       int     `json:"cores"`     // cores used
	MemoryBytes int64   `json:"memory_bytes"`
	FreeBytes   int64   `json:"free_bytes"` // when the measurement began
	Load        float64 `json:"load"`       // load average over a minute at that time; 0 if unknown
	OS          string  `json:"os"`
	Arch        string  `json:"arch"`
	Go          string  `json:"go"`
}

// Clock is the cost of reading the clock, measured at the start. A decision may
// take less.
type Clock struct {
	CostNS       float64 `json:"cost_ns"`       // median of a pair of readings with nothing between
	LowNS        float64 `json:"low_ns"`        // 10th percentile
	HighNS       float64 `json:"high_ns"`       // 90th percentile
	ResolutionNS float64 `json:"resolution_ns"` // smallest step between two readings
}

// Protocol describes the measurement.
type Protocol struct {
	Rounds        int     `json:"rounds"`            // of each comparison, subjects alternating
	PerRound      int     `json:"per_round"`         // decisions of a subject in a round, for each core
	LookAhead     int     `json:"look_ahead"`        // recipients whose memory is touched before they are decided
	ListedShare   float64 `json:"listed_share"`      // of the known addresses
	MailADay      int64   `json:"mail_a_day"`        // virtual: it fills the 24-hour window
	QuotaADay     int64   `json:"quota_a_day"`       // of each account
	SampleEvery   int     `json:"sample_every"`      // one of this many decisions is timed individually
	OpenLoopNanos int64   `json:"open_loop_ns"`      // duration of an open loop
	SimulationFor int64   `json:"simulation_for_ns"` // no further round of a scenario begins after it
}

// The subjects of a comparison.
const (
	Model     = "sesim"                 // the decision of the model, its memory touched ahead
	OneByOne  = "sesim, one by one"     // the same without looking ahead
	Reference = "reference"             // the composition of common parts
	Read      = "random read"           // of memory of the model's size, each place known only after the one before
	ReadAhead = "random read, together" // the same with places known ahead
	OneCore   = "sesim, one core"       // a whole run on one core only
	DrawAlone = "drawing alone"         // of the recipients, where that is measured with the decision
)

// The rungs: simpler compositions for the decision, each better than the one before.
// All decide the max send rate by a generic cell rate algorithm and the sending quota
// by a ring of time stamps.
const (
	RungTexts     = "strings, one map"
	RungNumbers   = "numbers, one map"
	RungBits      = "numbers behind bits"        // for each address one that says whether it was ever listed
	RungBitsAhead = "numbers behind bits, ahead" // the same, the bits touched ahead as the model's memory
)

// Rungs returns the rungs in order.
func Rungs() []string { return []string{RungTexts, RungNumbers, RungBits, RungBitsAhead} }

// The orders in which recipients come.
const (
	InOrder = "list"
	Uniform = "uniform"
	Zipf    = "zipf"
)

// Decision is the speed of one subject on one set of addresses.
type Decision struct {
	Subject   string  `json:"subject"`
	Addresses int64   `json:"addresses"` // known to all cores together
	Order     string  `json:"order"`
	Cores     int     `json:"cores"`
	Shared    bool    `json:"shared_global_list"` // one list for all; otherwise each core has parts of its own
	PerSecond float64 `json:"per_second"`         // of all cores together, median of the rounds
	// NS is the time of a decision, median of the rounds: on one core, processor
	// time if the system reports it, which other programs do not affect; on
	// several, wall time divided by the decisions of all cores. WallNS is wall
	// time in either case.
	NS         float64 `json:"ns"`
	WallNS     float64 `json:"wall_ns"`
	LeastNS    float64 `json:"least_ns"`
	MostNS     float64 `json:"most_ns"`
	Suppressed float64 `json:"suppressed_share,omitempty"` // of the decisions
	// TimesReference and TimesRead are the medians over the rounds of the
	// reference's time over this one, and of this one over Read's.
	TimesReference float64 `json:"times_reference,omitempty"`
	TimesRead      float64 `json:"times_read,omitempty"`
	// TimesBestRung is the median over the rounds of this time over that of the
	// fastest rung.
	TimesBestRung float64 `json:"times_best_rung,omitempty"`
}

// Memory is the memory of addresses, in live bytes as counted by the runtime.
type Memory struct {
	Addresses     int64   `json:"addresses"`
	Listed        int64   `json:"listed"`              // on each of the lists
	KnownBytes    float64 `json:"known_bytes"`         // per known address on no list
	AccountBytes  float64 `json:"account_entry_bytes"` // additional, per address on the account-level list
	GlobalBytes   float64 `json:"global_entry_bytes"`  // additional, per address on the global list
	ReferenceText float64 `json:"reference_known_bytes,omitempty"`
	ReferenceList float64 `json:"reference_entry_bytes,omitempty"` // mean over both lists
}

// Quantile is one point of a distribution of latencies.
type Quantile struct {
	Percentile float64 `json:"percentile"` // 0 to 100
	NS         float64 `json:"ns"`
	LowNS      float64 `json:"low_ns,omitempty"`  // of the rounds, the lowest
	HighNS     float64 `json:"high_ns,omitempty"` // and the highest
	ControlNS  float64 `json:"control_ns"`        // the same percentile of the control
	// Conclusive is false if the figure is below the clock's resolution, or if
	// the control was delayed as well.
	Conclusive bool `json:"conclusive"`
}

// Point is one point of a spectrum, for charts.
type Point struct {
	Percentile float64 `json:"percentile"` // 0 to 100
	NS         float64 `json:"ns"`
}

// Interruptions are the times for which the control loop, which does no work,
// was delayed.
type Interruptions struct {
	Count         int64   `json:"count"`
	PerSecond     float64 `json:"per_second"`
	LongestNS     float64 `json:"longest_ns"`
	ThresholdNS   float64 `json:"threshold_ns"` // minimum delay over the median that counts
	ControlSecond float64 `json:"control_seconds"`
}

// Latency is the latency of consecutive decisions, each begun when the previous
// one is done.
type Latency struct {
	Subject       string        `json:"subject"`
	Addresses     int64         `json:"addresses"`
	Batch         int           `json:"batch"`   // decisions timed together; times are per decision
	Samples       int64         `json:"samples"` // batches timed
	Percentiles   []Quantile    `json:"percentiles"`
	MaxNS         float64       `json:"max_ns"`
	Spectrum      []Point       `json:"spectrum"`
	Interruptions Interruptions `json:"interruptions"`
}

// OpenLoop is the latency of decisions that are due at a fixed rate, whether or
// not the previous one is done.
type OpenLoop struct {
	Subject   string  `json:"subject"`
	Addresses int64   `json:"addresses"`
	Rate      float64 `json:"rate"`     // target, a second
	Achieved  float64 `json:"achieved"` // achieved, a second
	Batch     int     `json:"batch"`    // decisions that are due together
	Samples   int64   `json:"samples"`
	// Service is from a batch's start to its end, Response from when it was
	// due to its end. A tool that waits for the answer before it sends again
	// would report Service.
	Service          []Quantile `json:"service"`
	Response         []Quantile `json:"response"`
	ServiceSpectrum  []Point    `json:"service_spectrum"`
	ResponseSpectrum []Point    `json:"response_spectrum"`
	Late             float64    `json:"late_share"` // begun later than due by more than two readings of the clock
}

// Simulation is the cost of a whole run.
type Simulation struct {
	Scenario       string  `json:"scenario"`
	Subject        string  `json:"subject"`
	Seed           uint64  `json:"seed"`
	Rounds         int     `json:"rounds"`
	Recipients     int64   `json:"recipients"`
	Events         int64   `json:"events,omitempty"`
	VirtualSeconds float64 `json:"virtual_seconds"`
	WallSeconds    float64 `json:"wall_seconds"` // median of the rounds
	// ProcessorSeconds is the processor time of all threads, which other programs
	// do not affect; wall time if the system does not report it.
	ProcessorSeconds float64 `json:"processor_seconds"`
	LeastSeconds     float64 `json:"least_seconds"`
	MostSeconds      float64 `json:"most_seconds"`
	PerSecond        float64 `json:"recipients_per_second"`
	EventsPerSec     float64 `json:"events_per_second,omitempty"`
	SpeedUp          float64 `json:"speed_up"` // virtual over wall time
	Allocations      int64   `json:"allocations"`
	AllocatedBytes   int64   `json:"allocated_bytes"`
	PeakBytes        int64   `json:"peak_bytes"` // of the process, while it ran
	Fingerprint      string  `json:"fingerprint,omitempty"`
	// TimesReference is the median over the rounds of the processor time of
	// Reference over this one's, TimesOneCore of the wall time of OneCore.
	TimesReference float64 `json:"times_reference,omitempty"`
	TimesOneCore   float64 `json:"times_one_core,omitempty"`
}

// Replications is the cost of replications on all cores of one process, of the same ones in
// a process for each core, with a share each, and in one process on one core. Wall times
// are from the start of the processes to the end of the last one. Seconds are medians
// of the rounds, ratios medians over the rounds of the ratio in each.
type Replications struct {
	Scenario                  string  `json:"scenario"`
	Replications              int     `json:"replications"`
	Cores                     int     `json:"cores"`
	Rounds                    int     `json:"rounds"`
	WallSeconds               float64 `json:"wall_seconds"`
	ProcessorSeconds          float64 `json:"processor_seconds"`
	ProcessesWallSeconds      float64 `json:"processes_wall_seconds"`
	ProcessesProcessorSeconds float64 `json:"processes_processor_seconds"` // of all of them
	OneCoreWallSeconds        float64 `json:"one_core_wall_seconds"`
	// TimesProcesses is the processes' wall time over that of one process on all cores: 1
	// if these lose nothing to each other.
	TimesProcesses        float64 `json:"times_processes"`
	TimesOneCore          float64 `json:"times_one_core"`           // one core's wall time over that of all cores
	ProcessesTimesOneCore float64 `json:"processes_times_one_core"` // one core's wall time over that of the processes
}

// WriteJSON writes a report as JSON.
func WriteJSON(w io.Writer, r *Report) error {
	return jsontext.WriteIndented(w, r)
}
