// Command sesim simulates Amazon SES accounts: one scenario in, a judged
// report out.
//
// The package is the edge of the program: it turns a command line into options,
// opens the doorway to the process (streams, clock, signals), hands both to
// package study, and turns the outcome into words and an exit status.
//
// Each subcommand is in the file of its name. What goes to standard output
// is the answer; progress and errors go to standard error.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// A reader that goes away must not end the program without a word: with
	// SIGPIPE ignored, writing to a broken pipe returns an error instead.
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx := interruptible(context.Background(), signals, func() { os.Exit(int(exitInterrupted)) })
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// interruptible returns a context that the first signal cancels, so that a run
// can keep what it has; the second one calls quit.
func interruptible(ctx context.Context, signals <-chan os.Signal, quit func()) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		<-signals
		cancel()
		<-signals
		quit()
	}()
	return ctx
}
