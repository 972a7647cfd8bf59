// Package reports turns the result of a run into one versioned value that
// every renderer reads: the summary for other programs, the series and curves
// of the charts, and the scenario that was run.
//
// A Report is plain data. It does no I/O, reads no clock and depends only on
// its inputs, so the same run gives the same bytes. Wall-clock measurements
// are kept separately, in Performance.
//
// The renderers are packages of their own: data (summary.json and CSV), plot
// (charts), html, text, junit and openmetrics (for build servers and Prometheus),
// and rundir, which writes and reads the folder of a run. Package compare
// compares runs. They share package wording, which formats figures and writes
// findings. A figure that a renderer shows is a figure of the Report: nothing
// is computed twice.
package reports
