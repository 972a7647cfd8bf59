package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sesim/scenarios"
)

// exitCode is the exit status of the program.
type exitCode int

// The exit statuses. exitCodesHelp explains them to the user.
const (
	exitPassed      exitCode = 0
	exitInternal    exitCode = 1
	exitUsage       exitCode = 2
	exitThreshold   exitCode = 99
	exitInterrupted exitCode = 130
)

// exitError is an error that decides the exit status.
type exitError struct {
	code exitCode
	err  error // what to tell; nil where standard output has told it
}

// Error returns the message; "" where there is none.
func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// Unwrap returns what went wrong.
func (e *exitError) Unwrap() error { return e.err }

// badUsage makes an error of how the program was called, or of its input.
func badUsage(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitUsage, err}
}

func badUsagef(format string, args ...any) error { return badUsage(fmt.Errorf(format, args...)) }

// exitOf is the one place where an error becomes an exit status.
func exitOf(err error) exitCode {
	if err == nil {
		return exitPassed
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	if _, ok := errors.AsType[*scenarios.Errors](err); ok {
		return exitUsage
	}
	return exitInternal
}

// tell writes an error to standard error, each of its lines under the name of
// the program. An error without words is not told.
func tell(stderr io.Writer, err error) {
	if err == nil || err.Error() == "" {
		return
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(stderr, "sesim: %s\n", strings.TrimRight(line, "\n"))
	}
}

// exitCodesCommand is the help topic on exit statuses; it cannot be run.
func exitCodesCommand() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What the exit status says", Long: exitCodesHelp}
}

const exitCodesHelp = `The exit status of sesim says how it ended:

    0  every threshold passed, or the scenario has none; the command did its work
    1  internal error: a file, the disk or standard output let sesim down, or a
       defect of its own; also where some cells of a sweep came to an error
    2  bad usage or a bad scenario; nothing was simulated
   99  a threshold failed, or stayed inconclusive for lack of data; or a change
       went beyond a limit of sesim compare
  130  interrupted; the results up to then were kept and are marked interrupted

Where several hold, the first of 1, 130 and 99 counts. A second interrupt ends
sesim at once with 130, and leaves no report of the run that was going on.`
