// Command sesim simulates Amazon SES accounts: it reads a scenario and writes a
// report with verdicts.
//
// This package parses the command line, provides access to the process (streams,
// clock, signals), passes both to package study, and turns the outcome into
// messages and an exit status.
//
// Each subcommand is in the file of its name. Answers go to standard output,
// progress and errors to standard error.
package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

func main() {
	// A closed pipe must not kill the program silently: with SIGPIPE ignored,
	// writing to it returns an error instead.
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup does
		signal.Notify(signals, syscall.SIGHUP)
	}
	ctx := interruptible(context.Background(), signals, func() { os.Exit(int(exitInterrupted)) })
	if self, err := os.Executable(); err == nil {
		ctx = context.WithValue(ctx, program{}, self)
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// program is the key of the program's own file, where it is known.
type program struct{}

// interruptible returns a context that the first signal cancels, so that a run
// can keep its results; the second signal calls quit, unless the command has
// something else to do then (see onSecondSignal), and the third one does.
func interruptible(ctx context.Context, signals <-chan os.Signal, quit func()) context.Context {
	var second atomic.Pointer[func()]
	second.Store(&quit)
	ctx, cancel := context.WithCancel(context.WithValue(ctx, secondSignal{}, &second))
	go func() {
		<-signals
		cancel()
		<-signals
		(*second.Load())()
		<-signals
		quit()
	}()
	return ctx
}

// secondSignal is the key of what the second signal calls.
type secondSignal struct{}

// onSecondSignal makes the second signal call f once, in place of the end of the
// program. A context without signals changes nothing.
func onSecondSignal(ctx context.Context, f func()) {
	if second, ok := ctx.Value(secondSignal{}).(*atomic.Pointer[func()]); ok {
		second.Store(&f)
	}
}
