package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// errTooLong ends a message that is not read to its end.
var errTooLong = errors.New("smtp: message too long")

// dots reads a message up to the line with a single dot, and undoes the doubling of
// dots. Only CR LF ends a line: a server that takes a bare LF for one lets a client hide
// a second message in the first.
type dots struct {
	r    *bufio.Reader
	left int64 // bytes that may still be read
	last byte  // read
	in   bool  // within a line
	done bool
}

func (d *dots) Read(p []byte) (int, error) {
	if err := d.begin(); err != nil {
		return 0, err
	}
	if d.done {
		return 0, io.EOF
	}
	if _, err := d.r.Peek(1); err != nil {
		return 0, unexpected(err)
	}
	line, _ := d.r.Peek(min(len(p), d.r.Buffered()))
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i+1]
	}
	n := copy(p, line)
	if d.left -= int64(n); d.left < 0 {
		return 0, errTooLong
	}
	for _, c := range p[max(0, n-2):n] {
		d.in = c != '\n' || d.last != '\r'
		d.last = c
	}
	_, _ = d.r.Discard(n) // that many are buffered
	return n, nil
}

// begin reads the dot that begins a line. At the beginning of a line at least three
// bytes follow.
func (d *dots) begin() error {
	if d.in || d.done {
		return nil
	}
	start, err := d.r.Peek(3)
	if err != nil {
		return unexpected(err)
	}
	d.in, d.last = true, 0
	switch {
	case string(start) == ".\r\n":
		d.done = true
		_, err = d.r.Discard(3)
	case start[0] == '.':
		_, err = d.r.Discard(1)
	}
	return err
}

// unexpected returns the error of a message without an end.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
