package study

import (
	"io"
	"time"
)

// System is the one doorway of the studies to the world outside, files
// excepted.
type System struct {
	In     io.Reader
	Out    *Output
	Err    io.Writer
	Getenv func(string) string
	// Clock reads monotonic wall time, counted from any fixed moment.
	Clock func() time.Duration
	// Colour says that text on standard output may be coloured.
	Colour bool
	// Suggest asks whether one of the names was meant by a word; "" where none
	// is near. It is the command line's, so that all hints read alike.
	Suggest func(word string, names []string) string
}

// WithHint appends a hint, if there is one, to what is wrong.
func WithHint(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + " (" + hint + ")"
}
