// Package criteria reads and judges thresholds such as
// "acme.bounce_rate.max < 5%": a metric, a comparison and a limit. A
// criterion passes, fails, or is inconclusive where the metric has no data;
// it never passes without data.
//
// Which metrics exist, and what they measure, is the caller's to say: the
// package knows kinds of quantities, not accounts. The kind of a metric
// decides how its limit is written:
//
//	Count     0, 1_000          a whole number
//	Share     5%, 0.05          from 0% to 100%
//	Duration  90s, 4h, 2d       never a bare number
//	Number    0.8, 120%, -1     a percentage stands for its hundredth
//
// A Promise is about many runs: that each meets a criterion, that so large a
// share of them does, or that a mean does. The package reads promises; who has
// the runs judges them, with the confidence that they allow.
package criteria
