// Package journal records what comes to a session from outside, and drives a session with
// it again: with the same scenario it gives the same answers, records and figures.
//
// A journal is a file of JSON objects, one a line. The first line says what it is of. Each
// other line is an input with its number from 1, its virtual time in nanoseconds, and what
// was answered; the last line of a session that was ended is its end. Everything that a
// decision or a record depends on is there: recipients with their addresses, headers and
// tags. What the clock did between inputs is not, because a session does not depend on it.
// Nor does it depend on notes: lines about what befell calls on their way to the session and
// back.
//
// A program that is killed leaves a journal that is whole up to a line. The rest of a line
// is left out.
package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Format is the version of the format.
const Format = 1

// Header is the first line of a journal.
type Header struct {
	Format  int    `json:"sesim_journal"`
	Version string `json:"version"`  // of the program that wrote it
	Name    string `json:"scenario"` // of the scenario
	Inputs  string `json:"inputs"`   // hash of everything in the scenario that the session depends on
}

// Line is any other line.
type Line struct {
	Seq     int64         `json:"seq"`
	At      time.Duration `json:"at"`
	Request string        `json:"request,omitzero"` // id of the request that brought it; "": none did
	In      *sim.Input    `json:"in,omitempty"`     // nil: a note, or the end of the session
	Out     *answer       `json:"out,omitempty"`
	Note    string        `json:"note,omitzero"`
}

// answer is an answer with its words instead of the numbers that they have in a program.
type answer struct {
	Message int64      `json:"message,omitzero"`
	Refused string     `json:"refused,omitzero"` // the reason; of a call
	Rule    string     `json:"rule,omitzero"`
	Error   ses.Error  `json:"error,omitzero"`
	Meters  ses.Meters `json:"meters,omitzero"`
	Listed  string     `json:"listed,omitzero"`
	Failed  string     `json:"failed,omitzero"` // the error of an input that was not decided
}

func answerOf(in *sim.Input, a sim.Answer, err error) answer {
	if err != nil {
		return answer{Failed: err.Error()}
	}
	out := answer{Message: a.Message, Error: a.Error, Meters: a.Meters, Listed: a.Listed.String()}
	if a.Rule != rules.None {
		out.Rule = a.Rule.String()
	}
	if in.Call != nil && a.Reason != ses.Accepted {
		out.Refused = a.Reason.String()
	}
	return out
}

// Writer writes a journal. It is not for concurrent use.
type Writer struct {
	out  io.Writer
	seq  int64
	text text // that waits
}

// NewWriter writes the first line of a journal. End closes out if it can be closed.
func NewWriter(out io.Writer, h Header) (*Writer, error) {
	w := &Writer{out: out}
	h.Format = Format
	if err := w.text.Value(h); err != nil {
		return nil, err
	}
	w.text.Raw("\n")
	return w, w.Flush()
}

// Add adds an input with what a session answered to it at a virtual time, and the id of the
// request that brought it. Nothing is written before Flush.
func (w *Writer) Add(at time.Duration, request string, in *sim.Input, a sim.Answer, err error) error {
	w.seq++
	out := answerOf(in, a, err)
	return w.text.line(w.seq, at, request, in, &out, "")
}

// Note adds a note about a request at a virtual time. Nothing is written before Flush.
func (w *Writer) Note(at time.Duration, request, text string) error {
	w.seq++
	return w.text.line(w.seq, at, request, nil, nil, text)
}

// Flush writes the lines added since the last one, with one call of Write. Their answers may
// leave then.
func (w *Writer) Flush() error {
	_, err := w.out.Write(w.text.B)
	w.text.B = w.text.B[:0]
	return err
}

// End writes the end of the session at a virtual time.
func (w *Writer) End(at time.Duration) error {
	w.seq++
	err := errors.Join(w.text.line(w.seq, at, "", nil, nil, ""), w.Flush())
	if file, ok := w.out.(io.Closer); ok {
		err = errors.Join(err, file.Close())
	}
	return err
}

// Errors of a Reader.
var (
	ErrOther   = errors.New("the journal is of another scenario")
	ErrFormat  = errors.New("not a journal")
	ErrDiffers = errors.New("the answers differ")
)

// Replay drives a session, which has just been opened, with a journal. h is of its scenario.
// It leaves the session at the journal's end, and returns the number of inputs. The error
// wraps ErrOther, ErrFormat or ErrDiffers, or is one of reading; it names the line.
func Replay(r io.Reader, h Header, s *engine.Session) (inputs int64, err error) {
	lines, err := NewReader(r, h)
	if err != nil {
		return 0, err
	}
	for {
		l, err := lines.Next()
		if err == nil {
			_, err = lines.Apply(l, s)
		}
		switch {
		case err == io.EOF:
			return inputs, nil
		case err != nil:
			return inputs, err
		}
		inputs++
	}
}

// Reader reads a journal. Its errors are those of Replay.
type Reader struct {
	lines           *bufio.Reader
	written, wanted Header
	seq             int64 // of the latest line
}

// NewReader reads the first line of a journal. h is of the scenario that it should be of.
func NewReader(r io.Reader, h Header) (*Reader, error) {
	lines := bufio.NewReaderSize(r, 1<<16)
	first, err := read(lines)
	if err != nil && err != io.EOF {
		return nil, err
	}
	written, err := check(first, h)
	return &Reader{lines: lines, written: written, wanted: h}, err
}

// Next returns the next line that is no note, and io.EOF after the last whole one.
func (r *Reader) Next() (*Line, error) {
	for {
		if l, err := r.next(); err != nil || l.Note == "" {
			return l, err
		}
	}
}

// next returns the next line.
func (r *Reader) next() (*Line, error) {
	text, err := read(r.lines)
	if err == io.EOF {
		return nil, err
	}
	r.seq++
	var l Line
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if failed := decoder.Decode(&l); failed != nil {
			err = fmt.Errorf("%w: %w", ErrFormat, failed)
		}
	}
	if err == nil && l.Seq != r.seq {
		err = fmt.Errorf("%w: it has number %d, and %d comes next", ErrFormat, l.Seq, r.seq)
	}
	return &l, r.at(err)
}

// Apply does a line that Next has just returned, and returns the answer, which must be the
// recorded one. For the end of the session it only moves the clock, and returns io.EOF.
func (r *Reader) Apply(l *Line, s *engine.Session) (sim.Answer, error) {
	switch {
	case l.At < s.Now():
		return sim.Answer{}, r.at(fmt.Errorf("%w: it is of %v, before the line above it", ErrFormat, l.At))
	case s.Advance(l.At, nil) != l.At:
		return sim.Answer{}, r.at(fmt.Errorf("%w: it is of %v, after the end of the scenario", ErrFormat, l.At))
	case l.In == nil:
		return sim.Answer{}, io.EOF
	}
	a, failed := s.Apply(l.In)
	err := compare(l.Out, answerOf(l.In, a, failed))
	if err != nil && r.written.Version != r.wanted.Version {
		err = fmt.Errorf("%w; version %s of sesim wrote it, this is %s", err, r.written.Version, r.wanted.Version)
	}
	return a, r.at(err)
}

// at adds the line to an error.
func (r *Reader) at(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d: %w", r.seq+1, err)
}

// check checks the first line.
func check(text []byte, h Header) (Header, error) {
	var written Header
	if err := json.Unmarshal(text, &written); err != nil || written.Format == 0 {
		return written, fmt.Errorf("line 1: %w: its first line is not that of one", ErrFormat)
	}
	switch {
	case written.Format != Format:
		return written, fmt.Errorf("line 1: %w that this version of sesim reads: it has format %d, and %d is read",
			ErrFormat, written.Format, Format)
	case written.Name != h.Name:
		return written, fmt.Errorf("line 1: %w: %q, not %q", ErrOther, written.Name, h.Name)
	case written.Inputs != h.Inputs:
		return written, fmt.Errorf("line 1: %w: one that is named %q as well, with other keys or another seed", ErrOther, written.Name)
	}
	return written, nil
}

// compare compares the recorded answer with the one that the session gives now.
func compare(recorded *answer, now answer) error {
	if recorded != nil && *recorded == now {
		return nil
	}
	texts := [2]string{}
	for i, a := range []*answer{recorded, &now} {
		text, err := json.Marshal(a)
		if err != nil {
			return err
		}
		texts[i] = string(text)
	}
	return fmt.Errorf("%w: recorded is %s, now it is %s", ErrDiffers, texts[0], texts[1])
}

// maxLine is the most bytes of a line.
const maxLine = 1 << 20

// read returns the next line, and io.EOF after the last whole one.
func read(r *bufio.Reader) (text []byte, err error) {
	for {
		piece, err := r.ReadSlice('\n')
		text = append(text, piece...)
		switch {
		case len(text) > maxLine:
			return nil, fmt.Errorf("%w: a line is longer than %d bytes", ErrFormat, maxLine)
		case err == nil:
			return text, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}
