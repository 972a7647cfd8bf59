// Package measure holds the statistics of a run: metrics sampled over time,
// histograms of durations, and survival curves in which stays that have not ended
// by the horizon are censored.
//
// It knows nothing about mail. No other package imports HdrHistogram.
package measure
