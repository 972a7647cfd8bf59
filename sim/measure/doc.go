// Package measure turns what happens in a run into figures: counters sampled
// over time, histograms of durations, and survival curves that treat what has
// not ended by the horizon as censored.
//
// It knows nothing of mail. HdrHistogram is imported here and nowhere else.
package measure
