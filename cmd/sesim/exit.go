package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
	"sesim/sim/replicate"
	"sesim/sim/unit"
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

// commandError is about a command that sesim serve has run and that failed. Its status is
// that of sesim, unless something of sesim's failed too.
type commandError struct {
	code exitCode
	error
}

// Unwrap returns the cause.
func (e *commandError) Unwrap() error { return e.error }

// exitOf maps the outcome of a command to an exit status.
func exitOf(err error) exitCode {
	if failed, ok := errors.AsType[*commandError](err); ok {
		if _, more := errors.AsType[*study.Error](err); !more {
			return failed.code
		}
	}
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

// tell writes an error to standard error, each line prefixed with the name of
// the program. An error without a message is not written. Control characters are
// made visible: the program's arguments, args, neither act on the terminal nor
// look like lines of their own.
func tell(stderr io.Writer, args []string, err error) {
	if err == nil || err.Error() == "" {
		return
	}
	message := err.Error()
	for _, arg := range args {
		_, value, _ := strings.Cut(arg, "=")
		for _, name := range []string{arg, value, strings.TrimPrefix(arg, "-o")} {
			if strings.ContainsAny(name, "\n\r") {
				message = strings.ReplaceAll(message, name, unit.Visible(name))
			}
		}
	}
	lines := terminal.Set(stderr, terminal.Columns(stderr))
	for line := range strings.Lines(message) {
		if line == "\n" { // of several errors, one has no message
			continue
		}
		fmt.Fprintf(lines, "sesim: %s\n", unit.Visible(strings.TrimRight(line, "\n")))
	}
}

// defectStack returns the stack trace of a panic, to be printed after the error;
// "" if there was none.
func defectStack(err error) string {
	if d, ok := errors.AsType[*replicate.Defect](err); ok {
		return string(d.Stack)
	}
	return ""
}

// exitCodesHelp is the help topic on exit statuses.
const exitCodesHelp = `The exit status of sesim tells how it ended:

    0  success: all thresholds passed, or the scenario has none
    1  internal error: a file, the disk or standard output failed, a file that
       sesim wrote was changed, sesim has a bug, or cells of a sweep failed
    2  bad usage or a bad scenario; nothing was simulated
   99  a threshold failed or was inconclusive for lack of data, a change exceeded
       a limit of sesim compare, sesim plan found no answer, or sesim backtest
       met a limit
  130  interrupted; the results so far were kept and are marked interrupted

If several apply, the order is 1, 130, 99. A second interrupt ends sesim
immediately with status 130, without a report of the current run. SIGTERM and
SIGHUP interrupt too, except SIGHUP under nohup.

The first interrupt of sesim serve is its normal end; it waits for the calls in
progress. A second one ends it without them, with status 130 and a report that is
marked interrupted, and a third one immediately.

On Linux, sesim ends with 1 and says so if a limit of the system lets no run end
well: fewer than 16 open files (ulimit -n 6), or less than 256 MB of address space
left (ulimit -v). It also compares the memory that runs will need, as --dry-run
estimates it, with what the system leaves. If a limit is lower (ulimit -v and -d,
or that of the cgroup), it ends with 1 before it runs anything; if less is
available at the moment, it warns and goes on. The estimate may be wrong by a
factor of two.

If the memory runs out all the same, the system or the Go runtime ends the program,
the runtime with "fatal error" and status 2. So it does under a limit that does not
even let it start, such as ulimit -v 600000: it reserves over 1 GB of address space
(up to 1.4 GB, with its threads), of which it uses little. A cgroup is the better limit.`
