// Package reports turns the result of a run into one versioned value that
// every renderer reads: the summary that other programs judge by, the series
// and curves that charts are drawn from, and the scenario that led to them.
//
// A Report is plain data. It does no I/O, holds no clock and depends on its
// inputs alone, so that the same run gives the same bytes. What only the wall
// clock can say stands apart, in Performance.
//
// The renderers are packages of their own: data (summary.json and CSV), plot
// (charts), html, text, junit and openmetrics (for build servers and Prometheus),
// and folder, which writes and reads a whole run. Package compare holds runs
// against each other. They share phrase, which words figures and findings. A
// figure that a renderer shows is a figure of the Report: nothing is computed
// twice.
package reports
