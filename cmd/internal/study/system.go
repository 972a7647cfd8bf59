package study

import (
	"io"
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/reports/rundir"
	"sesim/reports/text"
)

// System is the access of the studies to the process, except for files.
type System struct {
	In     io.Reader
	Out    *Output
	Err    io.Writer
	Getenv func(string) string
	// Clock reads monotonic wall time with an arbitrary origin.
	Clock func() time.Duration
	// Text is Out for prose and tables, set to the width of a terminal.
	Text *terminal.Text
	// Columns is the width of the terminal at Out; 0 if there is none.
	Columns int
	// Colour permits colours in text on standard output.
	Colour bool
	// Suggest suggests the names similar to a word; "" if there are none. The
	// command line provides it, so that all hints read alike.
	Suggest func(word string, names []string) string

	claims   claims
	warned   map[string]bool // warnings that were printed
	locks    []*rundir.Lock
	takeLock func(dir string) (*rundir.Lock, error) // nil for rundir.TakeLock
}

// style returns what a text on standard output is set for.
func (s *System) style(noColour bool) text.Style {
	return text.Style{Colour: s.Colour && !noColour, Columns: s.Columns}
}

// WithHint appends a hint, if there is one, to a message.
func WithHint(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + " (" + hint + ")"
}
