// Package replicate runs a scenario many times, each time with other luck,
// and says what the runs have in common and how sure that is.
//
// A replication is one run with one seed. Replication 0 has the scenario's own
// seed, so that it is the plain run; Seed derives the others from it. Every
// replication is a plain run too: its seed, given to the scenario, gives the
// same result. Two scenarios with the same base seed share the luck of each
// replication, so that their differences can be taken in pairs.
//
// Runs of different replications are independent of each other, so their
// figures are a sample, and the intervals here are those of samples:
//
//	Mean         Student's t
//	PairedMean   Student's t of the differences
//	Proportion   Wilson's interval
//	Median       order statistics, interpolated
//
// Where a sample is too small for an interval, there is none: Interval.OK
// reports it, and nothing is made up.
//
// Everything is handed over in the order of the replications' numbers,
// whatever the number of workers; what is made of it cannot depend on them.
// Quantiles of distributions are floating-point numbers: they decide when a
// rule stops and how a threshold is judged, but nothing inside a run.
//
// The package leaves out runs that go on for ever, and with them the deletion
// of a warm-up: a scenario ends at its horizon.
package replicate
