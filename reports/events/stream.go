package events

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// stream writes JSON values, one a line.
type stream struct {
	name    string // in errors
	buffer  *bufio.Writer
	encoder *json.Encoder
}

// newStream returns a stream to out, and nil for a nil out.
func newStream(name string, out io.Writer) *stream {
	if out == nil {
		return nil
	}
	buffer := bufio.NewWriterSize(out, 1<<16)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false) // diagnostics have angle brackets
	return &stream{name, buffer, encoder}
}

// record writes a record of email.
func (s *stream) record(rec *record) error {
	_, err := s.buffer.Write(append(rec.append(s.buffer.AvailableBuffer()), '\n'))
	return s.named(err)
}

func (s *stream) write(value any) error { return s.named(s.encoder.Encode(value)) }

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
