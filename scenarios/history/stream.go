package history

import (
	"bytes"
	"errors"
	"io"
)

// The sizes of the window on an input, in bytes.
const (
	window    = 64 << 10 // at first
	maxRecord = 10 << 20
)

var errLong = errors.New("longer than 10 MiB")

// stream is a parser with a window on an input. The window always holds the value that
// is being read from its first byte.
type stream struct {
	parser
	r     io.Reader // nil: b is all there is
	base  int64     // offset of the window in the input
	start int       // of the value in the window
	// open are the arrays and objects around the value, which are not read as a
	// whole: those of plain arrays, and of the lists in containers.
	open  []list
	loose bool // an error has left closing bytes without their opening ones
	// container is what the list holds at which the parse has stopped.
	container list
}

// list says what the elements of an open array are.
type list uint8

const (
	valuesList list = iota // values as at the top
	pointsList
	suppressedList
	metricsList
	membersList // an object, whose members are left
)

// lists are the containers' keys whose elements are read one by one.
var lists = map[string]list{
	"Messages": valuesList, "Records": valuesList, "records": valuesList, "SendDataPoints": pointsList,
	"SuppressedDestinationSummaries": suppressedList, "MetricDataResults": metricsList,
}

// reset begins an input.
func (s *stream) reset(r io.Reader, b []byte) {
	s.r, s.whole, s.base, s.start, s.open, s.loose = r, r == nil, 0, 0, s.open[:0], false
	s.i, s.depth, s.odd = 0, 0, [oddities]int64{}
	switch {
	case r == nil:
		s.b = b
	case cap(s.b) == 0:
		s.b = make([]byte, 0, window)
	default:
		s.b = s.b[:0]
	}
}

// fill moves the window, so that it begins with the value, and reads more.
func (s *stream) fill() error {
	if s.whole {
		return errMore
	}
	s.b = append(s.b[:0], s.b[s.start:]...)
	s.base, s.i, s.start = s.base+int64(s.start), s.i-s.start, 0
	if len(s.b) >= maxRecord {
		return errLong
	}
	if cap(s.b)-len(s.b) < cap(s.b)/2 && cap(s.b) < maxRecord {
		s.b = append(make([]byte, 0, min(2*cap(s.b), maxRecord)), s.b...)
	}
	n, err := io.ReadFull(s.r, s.b[len(s.b):cap(s.b)])
	s.b = s.b[:len(s.b)+n]
	switch err {
	case nil:
		return nil
	case io.EOF, io.ErrUnexpectedEOF:
		s.whole = true
		return nil
	}
	return err
}

// look skips white space and returns the next byte; false at the end of the input.
func (s *stream) look() (byte, bool, error) {
	for {
		if c, err := s.peek(); err == nil {
			return c, true, nil
		}
		if s.whole {
			return 0, false, nil
		}
		s.start = s.i
		if err := s.fill(); err != nil {
			return 0, false, err
		}
	}
}

// around returns what the array or object around the next value holds.
func (s *stream) around() list {
	if len(s.open) == 0 {
		return valuesList
	}
	return s.open[len(s.open)-1]
}

// push opens an array or object.
func (s *stream) push(of list) error {
	if len(s.open) == maxDepth {
		return errDeep
	}
	s.open = append(s.open, of)
	return nil
}

// separator moves past a byte between values, if c is one: a comma, whatever begins and
// ends arrays of values, and the end of an object whose lists are read.
func (s *stream) separator(c byte) (bool, error) {
	switch c {
	case ',':
	case '[':
		if s.around() != valuesList {
			return false, nil
		}
		if err := s.push(valuesList); err != nil {
			return false, err
		}
	case ']', '}':
		last := len(s.open) - 1
		switch {
		case last >= 0 && (c == '}') == (s.open[last] == membersList):
			s.open = s.open[:last]
		case last < 0 && s.loose:
		default:
			return false, nil
		}
	default:
		return false, nil
	}
	s.i++
	return true, nil
}

// resume moves on after an error, to the next line or value that begins with a brace.
func (s *stream) resume() error {
	s.open, s.loose = s.open[:0], true
	line, value := s.start, max(s.start, s.i-1) // where to look for them
	for {
		at := next(s.b, line, "\n{")
		if other := next(s.b, value, "}{"); at < 0 || other >= 0 && other < at {
			at = other
		}
		if at >= 0 {
			s.i = at + 1
			return nil
		}
		s.i = len(s.b)
		s.start = s.i
		if s.whole {
			return nil
		}
		s.start-- // which may be half of a mark
		if err := s.fill(); err != nil {
			return err
		}
		line, value = 0, 0
	}
}

// next returns where a mark is in b, from a place on; -1 if it is not.
func next(b []byte, from int, mark string) int {
	if at := bytes.Index(b[from:], []byte(mark)); at >= 0 {
		return from + at
	}
	return -1
}
