// Package criteria parses and judges thresholds such as
// "acme.bounce_rate.max < 5%": a metric, a comparison and a limit. A criterion
// passes, fails, or is inconclusive if the metric has no data. Without data it
// passes only where it is known what the metric exceeds: the time to an event
// that never came is later than the end of the run.
//
// The caller says which metrics exist and of which kind they are. The kind of a
// metric decides how its limit is written:
//
//	Count     0, 1_000          a whole number
//	Share     5%, 0.05          from 0% to 100%
//	Duration  90s, 4h, 2d       never a bare number
//	Number    0.8, 120%, -1     a percentage is divided by 100
//
// A Promise is about many runs: that every run meets a criterion, that at least or
// at most some share of them does, or that a mean does. The package only parses
// promises: package plan judges them, with a level of confidence.
package criteria
