package bench

import (
	"context"
	"runtime"
	"time"

	"sesim/reports/benchmark"
	"sesim/sim"
	"sesim/sim/unit"
)

// Options say what is measured and how long it may take.
type Options struct {
	Addresses []int64 // known addresses of the decision, one comparison each
	Rounds    int     // of each comparison
	PerRound  int     // decisions of a subject in a round, for each core
	Samples   int     // timed batches of a latency in a round
	MailADay  int64   // virtual; it fills the 24-hour window
	Cores     int     // at most; the comparisons run on one and on all
	Rate      float64 // decisions a second of the open loop
	RateFor   time.Duration
	Scenarios []Scenario
	// SimulateFor is the time after which no further round of a scenario
	// begins that is not compared; each has one.
	SimulateFor  time.Duration
	Replications Replications
	GrowTo       int64 // most recipients of a run of Growth, of any axis

	Command, Version string
	Say              func(format string, args ...any) // tells progress; one line a call
}

// Scenario is a whole run to be measured.
type Scenario struct {
	Name   string
	Config *sim.Config
	// Compared says that the reference runs it too; it must be of the
	// reference's shape.
	Compared bool
	// Apart says that it has parts which share nothing, so that one core is
	// measured beside all.
	Apart bool
}

// Defaults are the options of a call without flags: about two minutes on two cores.
func Defaults() Options {
	return Options{
		Addresses: []int64{1e4, 1e5, 1e6, 1e7, 1e8}, Rounds: 5, PerRound: 1 << 16, Samples: 10_000, MailADay: 1e6,
		Cores: runtime.GOMAXPROCS(0), Rate: 1e6, RateFor: 200 * time.Millisecond, SimulateFor: time.Second, GrowTo: 1e9,
		Replications: Replications{Scenario: "stale-list", Number: 200},
		Say:          func(string, ...any) {},
	}
}

// Quick are the options of a look that takes seconds. Its figures are rough.
func Quick() Options {
	o := Defaults()
	o.Addresses, o.Rounds, o.PerRound, o.Samples, o.MailADay = []int64{1e4, 1e6}, 3, 1<<14, 2_000, 1e5
	o.RateFor, o.SimulateFor, o.GrowTo = 50*time.Millisecond, 100*time.Millisecond, 1e7
	o.Replications.Number = 40
	return o
}

// lookAhead is how many recipients the caller of a decision knows ahead, and
// whose memory it touches together.
const lookAhead = 64

// listedEvery is the number of known addresses to each that a list holds.
const listedEvery = 200

// session is one call of Run.
type session struct {
	Options
	ctx    context.Context
	clock  clock
	report *benchmark.Report
	traces []Trace
	began  time.Time
}

func (s *session) note(text string) { s.report.Notes = append(s.report.Notes, text) }

// quota leaves a twentieth more than the mail takes, so that the quota decides
// and refuses nothing.
func (o *Options) quota() int64 { return o.MailADay + o.MailADay/20 }

// step is the virtual time between two decisions.
func (o *Options) step() time.Duration { return unit.Day / time.Duration(o.MailADay) }

// LeastAddresses is the smallest number of addresses to decide among: some of
// them must be listed.
const LeastAddresses = 1000
