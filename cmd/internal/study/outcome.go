package study

import (
	"errors"
	"fmt"

	"sesim/scenarios"
	"sesim/sim/unit"
)

// Outcome is how a study ended, for the exit status.
type Outcome int

// The outcomes.
const (
	Passed      Outcome = iota // no error: every threshold passed, or there is none
	Internal                   // a file, the disk or standard output failed, or sesim has a bug
	BadUsage                   // bad usage or a bad scenario; nothing was simulated
	Unmet                      // a threshold failed or stayed inconclusive, a limit was exceeded, a plan has no answer
	Interrupted                // the context ended
)

// Error is an error that decides the outcome.
type Error struct {
	Outcome Outcome
	Err     error // the message; nil if standard output has it
}

// Error returns the message; "" if there is none.
func (e *Error) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Usage marks err as an error of the command line or of the input. It returns nil
// for nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return &Error{BadUsage, err}
}

// Usagef is Usage with the message formatted as by fmt.Errorf. Texts among args
// are what a user wrote, and shown with their control characters visible.
func Usagef(format string, args ...any) error {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = unit.Visible(text)
		}
	}
	return Usage(fmt.Errorf(format, args...))
}

// ErrInterrupted ends an interrupted study without results.
var ErrInterrupted = &Error{Interrupted, errors.New("interrupted")}

// OutcomeOf returns the outcome of an error. Problems of scenarios are BadUsage;
// errors without an *Error are Internal.
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
