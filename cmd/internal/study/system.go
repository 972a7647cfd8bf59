package study

import (
	"io"
	"time"

	"sesim/reports/rundir"
)

// System is the access of the studies to the process, except for files.
type System struct {
	In     io.Reader
	Out    *Output
	Err    io.Writer
	Getenv func(string) string
	// Clock reads monotonic wall time with an arbitrary origin.
	Clock func() time.Duration
	// Colour permits colours in text on standard output.
	Colour bool
	// Suggest suggests the names similar to a word; "" if there are none. The
	// command line provides it, so that all hints read alike.
	Suggest func(word string, names []string) string

	claims   claims
	locks    []*rundir.Lock
	takeLock func(dir string) (*rundir.Lock, error) // nil for rundir.TakeLock
}

// WithHint appends a hint, if there is one, to a message.
func WithHint(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + " (" + hint + ")"
}
