// Package replicate runs a scenario with many seeds and summarizes the results
// with confidence intervals.
//
// A replication is one run with one seed. Replication 0 has the scenario's own
// seed, so it is the same as a single run; Seed derives the others from it. Any
// replication can be repeated as a single run with its seed. Two scenarios with
// the same base seed share the random numbers of each replication, so their
// differences can be paired.
//
// Replications are independent of each other, so their figures are a sample,
// with these intervals:
//
//	Mean         Student's t
//	PairedMean   Student's t of the differences
//	Proportion   Wilson's interval
//	Median       order statistics, interpolated
//
// A sample that is too small has no interval, as Interval.OK reports.
//
// Results are delivered in the order of the replications, whatever the number
// of workers, so nothing computed from them depends on it. Quantiles of
// distributions are floating-point numbers: they decide when a rule stops and
// the verdict on a threshold, but nothing inside a run.
//
// The package leaves out steady-state simulation, and with it the deletion of a
// warm-up: a scenario ends at its horizon.
package replicate
