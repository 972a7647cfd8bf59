// Package study implements the commands of sesim: single runs, replications,
// sweeps and shards of them, merging, comparing, planning and drafting requests.
// It loads scenarios, calls the model, shows progress, prints the answer and
// writes its folder.
//
// Flags and exit statuses are left to its caller. Options are values, and access
// to the process is a System: standard streams, environment, clock. An interrupt
// cancels the context. Errors have an Outcome, which the caller maps to an exit
// status. Answers go to standard output, progress and warnings to standard
// error.
//
//	Run      simulates scenarios in turn (runner.go), each as one run, as
//	         replications (replicated.go), as a sweep (sweep.go), or as a
//	         shard of either (shard.go)
//	Merge    merges shards (merge.go)
//	Redraw   redraws the report of a finished run
//	Compare  compares finished runs (finished.go) or variants of a scenario
//	         (variants.go)
//	Plan     searches for the answer to a scenario's goal
//	Request  drafts a request for production access
package study
