package forecast

import (
	"math"

	"sesim/sim/replicate"
)

// Kept returns the bytes that are kept of each replication with a frame.
func Kept(f *replicate.Frame) int64 {
	const figure, instants = 16, replicate.MaxInstants * 16
	return int64(len(f.Metrics))*figure + int64(len(f.Curves))*instants
}

// Add adds the counts of another run; what is held is the larger.
func (n *Counts) Add(o *Counts) {
	for _, sum := range [...][2]*int64{
		{&n.Messages, &o.Messages}, {&n.Calls, &o.Calls}, {&n.Refused, &o.Refused}, {&n.Recipients, &o.Recipients},
		{&n.TimedOut, &o.TimedOut}, {&n.Evaluations, &o.Evaluations}, {&n.Figures, &o.Figures},
	} {
		*sum[0] = whole(float64(*sum[0]) + float64(*sum[1]))
	}
	for _, most := range [...][2]*int64{
		{&n.Accounts, &o.Accounts}, {&n.Senders, &o.Senders}, {&n.Audiences, &o.Audiences}, {&n.Addresses, &o.Addresses},
		{&n.Partitions, &o.Partitions}, {&n.QuotaRuns, &o.QuotaRuns}, {&n.Intervals, &o.Intervals}, {&n.Waiting, &o.Waiting},
		{&n.Pending, &o.Pending}, {&n.Listed, &o.Listed}, {&n.Global, &o.Global}, {&n.Removed, &o.Removed},
	} {
		*most[0] = max(*most[0], *most[1])
	}
}

// Scale turns the sum of a sample of runs into that of all runs.
func (n *Counts) Scale(runs, sample int) {
	by := float64(runs) / float64(max(sample, 1))
	for _, sum := range [...]*int64{&n.Messages, &n.Calls, &n.Refused, &n.Recipients, &n.TimedOut, &n.Evaluations, &n.Figures} {
		*sum = whole(math.Round(float64(*sum) * by))
	}
}
