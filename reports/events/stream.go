package events

import (
	"fmt"
	"io"

	"sesim/reports/jsontext"
)

// stream writes lines. It collects them in its text, so that none is copied.
type stream struct {
	name string // in errors
	out  io.Writer
	text
}

// most is how many bytes of lines a stream collects, but for the last of them.
const most = 1 << 16

// newStream returns a stream to out, and nil for a nil out.
func newStream(name string, out io.Writer) *stream {
	if out == nil {
		return nil
	}
	return &stream{name: name, out: out, text: text{Text: jsontext.Text{B: make([]byte, 0, most+most/8)}}}
}

// end ends a line.
func (s *stream) end() error {
	s.B = append(s.B, "}\n"...)
	if len(s.B) < most {
		return nil
	}
	return s.flush()
}

// flush writes what is collected. A nil stream has nothing.
func (s *stream) flush() error {
	if s == nil || len(s.B) == 0 {
		return nil
	}
	_, err := s.out.Write(s.B)
	s.B = s.B[:0]
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", s.name, err)
}
