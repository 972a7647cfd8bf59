package study

import (
	"errors"
	"fmt"

	"sesim/scenarios"
)

// Outcome is how a study ended, as far as its caller must tell cases apart.
type Outcome int

// The outcomes.
const (
	Passed      Outcome = iota // no error: every threshold passed, or there is none
	Internal                   // a file, the disk or standard output failed, or there is a defect of ours
	BadUsage                   // bad usage or a bad scenario; nothing was simulated
	Unmet                      // a threshold failed or stayed inconclusive, a limit was exceeded, a plan has no answer
	Interrupted                // the context ended
)

// Error is an error that decides the outcome.
type Error struct {
	Outcome Outcome
	Err     error // what to say; nil where standard output has said it
}

// Error returns the message; "" where there is none.
func (e *Error) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap returns what went wrong.
func (e *Error) Unwrap() error { return e.Err }

// Usage makes err an error of how sesim was called, or of its input. It
// returns nil for nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return &Error{BadUsage, err}
}

// Usagef is Usage with the message formatted as by fmt.Errorf.
func Usagef(format string, args ...any) error { return Usage(fmt.Errorf(format, args...)) }

// errInterrupted ends a study of which nothing is left.
var errInterrupted = &Error{Interrupted, errors.New("interrupted")}

// OutcomeOf returns the outcome that an error stands for. Problems of
// scenarios are BadUsage; what no *Error decides is Internal.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Passed
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Outcome
	}
	if _, ok := errors.AsType[*scenarios.Errors](err); ok {
		return BadUsage
	}
	return Internal
}
