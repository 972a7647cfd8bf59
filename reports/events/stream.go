package events

import (
	"bufio"
	"fmt"
	"io"
)

// stream writes lines.
type stream struct {
	name   string // in errors
	buffer *bufio.Writer
}

// newStream returns a stream to out, and nil for a nil out.
func newStream(name string, out io.Writer) *stream {
	if out == nil {
		return nil
	}
	return &stream{name, bufio.NewWriterSize(out, 1<<16)}
}

// line writes a line, with its end.
func (s *stream) line(line []byte) error {
	_, err := s.buffer.Write(line)
	return s.named(err)
}

// flush writes what is buffered. A nil stream has nothing.
func (s *stream) flush() error {
	if s == nil {
		return nil
	}
	return s.named(s.buffer.Flush())
}

func (s *stream) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", s.name, err)
}
