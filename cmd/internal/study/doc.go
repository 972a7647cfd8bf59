// Package study carries out what the commands of sesim are asked for: single
// runs, replications, sweeps and shards of them, merging, comparing, planning
// and drafting requests. It loads scenarios, calls the model, shows progress,
// prints the answer and writes its folder.
//
// It knows nothing of flags and of exit statuses. Options come as values, and
// the world outside comes as a System: standard streams, environment, clock.
// An interrupt is the end of the context. What went wrong comes back as an
// error with an Outcome, which the command maps to its exit status. What goes
// to standard output is the answer; progress and warnings go to standard
// error.
//
//	Run      one scenario after the other (runner.go), each as one run, as
//	         replications (replicated.go), as a sweep (sweep.go), or as a
//	         shard of either (shard.go)
//	Merge    puts shards together (merge.go)
//	Redraw   draws the report of a finished run again
//	Compare  compares finished runs (finished.go) or variants of a scenario
//	         (variants.go)
//	Plan     searches for the answer to a scenario's goal
//	Request  drafts a request for production access
package study
