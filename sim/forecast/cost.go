package forecast

import (
	"math"

	"sesim/sim"
)

// The costs in bytes: what one of a kind holds on the heap. TestBytes compares the
// sums with the heap.
const (
	bytesScenarioAccount  = 310 // as loaded: one of a table with a count
	bytesScenarioSender   = 490
	bytesScenarioAudience = 490

	bytesAccount   = 2790 // as simulated
	bytesSender    = 840
	bytesPattern   = 260 // of a sender's arrivals, unless they are Poisson and many
	bytesAudience  = 390
	bytesAddress   = 1
	bytesPartition = 5400

	bytesQuotaBlock = 1600 // per account: blocks of quota runs that are not full, or spare
	bytesInterval   = 43   // of one rate
	bytesWaiting    = 130
	bytesPending    = 56
	bytesListed     = 7
	bytesGlobal     = 14
	bytesRemoved    = 8
	bytesFigure     = 10

	bytesAccountResult = 640 // what is left when a run is over
	bytesSenderResult  = 235
	bytesStay          = 50 // on the global list

	bytesAccountReport = 10_500 // of a report and its files
	bytesSenderReport  = 4500
	bytesReport        = 12 << 20 // of any: fonts and pictures

	bytesRuntime = 18 << 20 // of the process: program, Go runtime, stacks
	bytesProgram = 4 << 20  // of it on the heap
)

// The costs in bytes that are free again: what is allocated beside the above.
const (
	garbagePartition     = 6300
	garbageAccount       = 1500
	garbageSender        = 130
	garbageWaiting       = 450
	garbagePending       = 50
	garbageReport        = 32 << 20
	garbageAccountReport = 38_000
	garbageSenderReport  = 20_000
)

// The costs in time relate to each other as nanoseconds on the machine on which they
// were measured. How fast another machine is, a sample of the run shows.
const (
	workCall       = 30
	workRecipient  = 40
	workRefused    = 125
	workEvaluation = 400
	workFigure     = 30

	workReport        = 150_000_000
	workAccountReport = 90_000
	workSenderReport  = 9000
)

// Scenario returns the bytes that a loaded scenario holds.
func (n *Counts) Scenario() int64 {
	return n.Accounts*bytesScenarioAccount + n.Senders*bytesScenarioSender + n.Audiences*bytesScenarioAudience
}

// World returns the bytes that a run holds at its fullest.
func (n *Counts) World() int64 {
	return n.Start() + n.quotaRuns() + n.Intervals*bytesInterval + n.Waiting*bytesWaiting +
		n.Pending*bytesPending + n.Listed*bytesListed + n.Global*bytesGlobal + n.Removed*bytesRemoved
}

// Start returns the bytes that a run holds before its first message.
func (n *Counts) Start() int64 {
	partitions := n.Partitions
	if partitions == 1 {
		partitions = 0 // it is the scenario itself
	}
	return n.Accounts*bytesAccount + n.Senders*bytesSender + n.patterns*bytesPattern + n.Audiences*bytesAudience +
		n.Addresses*bytesAddress + partitions*bytesPartition + n.Figures*bytesFigure
}

// quotaRuns returns the bytes of the windows of all quotas. A moment takes those of
// twice the longest of the gaps between accepted calls.
func (n *Counts) quotaRuns() int64 {
	if n.QuotaRuns <= 2*n.Accounts {
		return 0 // the account holds them
	}
	gap := day.Seconds() * 1e9 * float64(n.Accounts) / float64(n.QuotaRuns)
	return n.Accounts*bytesQuotaBlock + n.QuotaRuns*int64(math.Ceil((math.Log2(max(gap, 1))+5)/8))
}

// Garbage returns the bytes that a run allocates beside what it holds.
func (n *Counts) Garbage() int64 {
	g := n.Accounts*garbageAccount + n.Senders*garbageSender + n.Waiting*garbageWaiting + n.Pending*garbagePending + n.Intervals*bytesInterval
	if n.Partitions > 1 {
		g += n.Partitions * garbagePartition
	}
	return g
}

// Result returns the bytes that a result holds.
func (n *Counts) Result() int64 {
	return n.Accounts*bytesAccountResult + n.Senders*bytesSenderResult + n.Figures*bytesFigure + n.Global*bytesStay
}

// Report returns the bytes that a report of a result holds with its files, and the
// garbage that writing it leaves.
func (n *Counts) Report() (held, garbage int64) {
	charted := min(n.Accounts, sim.MaxSeries)
	return bytesReport + n.Accounts*bytesAccountReport + n.Senders*bytesSenderReport,
		garbageReport*(1+charted/10) + n.Accounts*garbageAccountReport + n.Senders*garbageSenderReport
}

// Work returns the work of a run after its setup, without a report. Only its ratio to
// other work means something.
func (n *Counts) Work() float64 {
	return float64(n.Calls-n.Refused)*workCall + float64(n.Recipients)*workRecipient + float64(n.Refused+n.TimedOut)*workRefused +
		float64(n.Evaluations)*workEvaluation + float64(n.Figures)*workFigure
}

// ReportWork returns the work of a report.
func (n *Counts) ReportWork() float64 {
	return workReport + float64(n.Accounts*workAccountReport+n.Senders*workSenderReport)
}

// Process is what a program makes of runs.
type Process struct {
	Runs     int     // in all
	Workers  int     // runs at a time, if there are several
	Kept     int64   // bytes kept of the runs, until the end
	Report   bool    // a report is written
	Headroom float64 // GOGC/100; negative: nothing is collected
	Limit    int64   // GOMEMLIMIT: bytes that the collector tries to stay below; 0: none

	// Relaxed is the headroom of several runs while no more than Small bytes are live; 0:
	// Headroom.
	Relaxed float64
	Small   int64

	// Most is how many bytes of headroom there are, unless Tight, a headroom too, is more; 0:
	// Headroom.
	Most  int64
	Tight float64
}

// Peak returns the peak resident set of a process whose runs have at most these
// counts. What is garbage is collected when the heap has grown by Headroom since the
// last collection, which on average is half of it ago where little is garbage.
func (n *Counts) Peak(p Process) int64 {
	report, garbage := n.Report()
	if !p.Report {
		report, garbage = 0, 0
	}
	var heap int64
	if p.Runs <= 1 {
		heap = p.grown(n.Scenario()+n.World(), n.Garbage()+garbage)
	} else {
		results := int64(p.Workers+waitingResults) * n.Result()
		heap = p.several(n.Scenario() + int64(p.Workers)*n.World() + results + p.Kept)
	}
	return bytesRuntime + max(heap, p.grown(n.Scenario()+n.Result()+p.Kept+report, garbage))
}

// several returns the size of a heap of several runs, which hold so much: they leave
// garbage without end.
func (p *Process) several(held int64) int64 {
	const garbage = math.MaxInt64 / 4
	if live := held + bytesProgram; p.Relaxed > p.Headroom && p.Headroom >= 0 && live <= p.Small {
		return live + int64(float64(live)*p.Relaxed)
	}
	return p.grown(held, garbage)
}

// waitingResults are the results that may wait to be counted, beside those of the
// workers.
const waitingResults = 3

// grown returns the size of a heap that holds so much, with its garbage.
func (p *Process) grown(held, garbage int64) int64 {
	if p.Headroom < 0 {
		return held + garbage
	}
	room := float64(held) * p.Headroom
	if p.Most > 0 {
		room = min(room, max(float64(p.Most), float64(held)*p.Tight))
	}
	heap := held + min(garbage, int64(room*headroomUsed))
	if p.Limit > 0 {
		heap = max(held, min(heap, p.Limit-bytesRuntime))
	}
	return heap
}

// headroomUsed is how much of the headroom is used at the peak: between half and all.
const headroomUsed = 0.7
