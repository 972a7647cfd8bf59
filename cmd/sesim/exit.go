package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/sim/replicate"
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

// exitOf is the one place where the outcome of a command becomes an exit
// status.
func exitOf(err error) exitCode {
	switch study.OutcomeOf(err) {
	case study.Passed:
		return exitPassed
	case study.BadUsage:
		return exitUsage
	case study.Unmet:
		return exitThreshold
	case study.Interrupted:
		return exitInterrupted
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

// defectStack returns where in the program a defect was, to be told after the
// error; "" where there was none.
func defectStack(err error) string {
	if d, ok := errors.AsType[*replicate.Defect](err); ok {
		return string(d.Stack)
	}
	return ""
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
