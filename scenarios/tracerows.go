package scenarios

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Limits on a row of a trace.
const (
	maxRow           = 1 << 20 // bytes
	maxRowRecipients = 10_000  // of one message; SES takes 50, and refuses a call with more
)

// traceHeader is the optional first line of a trace.
const traceHeader = "time,recipients"

// traceRows reads the rows of a trace one by one. It holds a block of lines at a time.
// The zero value has none.
type traceRows struct {
	trace   *trace
	file    io.Closer // nil: closed
	scanner *bufio.Scanner
	block   []byte        // whole lines
	begun   int           // where the rest of the block begins; a slice of it would need a write barrier for each row
	line    int           // the last one read, from 1
	last    time.Duration // of the last row
	day     day           // of the last row read by readAny
	err     error         // that ended the rows; nil: none
}

func newTraceRows(t *trace, file *pinnedReader) *traceRows {
	r := &traceRows{trace: t, file: file, scanner: bufio.NewScanner(file)}
	r.scanner.Buffer(make([]byte, 0, 64<<10), maxRow)
	r.scanner.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		n := bytes.LastIndexByte(data, '\n') + 1
		switch {
		case n > 0:
		case !atEOF || len(data) == 0 || file.failed(): // what is left is the head of a row
			return 0, nil, nil
		default:
			n = len(data)
		}
		return n, data[:n], nil
	})
	return r
}

// close closes the file; it may be called repeatedly.
func (r *traceRows) close() {
	if r.file != nil {
		_ = r.file.Close() // it was only read
		r.file = nil
	}
}

// Next reads the next row. It closes the file after the last row, after an error, and at
// the sender's end.
func (r *traceRows) Next(row *sim.TraceRow) bool {
	if r.file == nil {
		return false
	}
	err := r.read(row)
	if err == nil && row.At < r.trace.end {
		return true
	}
	r.close()
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return false
}

// Err returns the error that ended the rows.
func (r *traceRows) Err() error { return r.err }

// read reads the next row, or returns io.EOF after the last one, or a *rowError.
func (r *traceRows) read(row *sim.TraceRow) error {
	if r.readCommon(row) {
		return nil
	}
	return r.readAny(row)
}

// readAny is read for a row of any form.
func (r *traceRows) readAny(row *sim.TraceRow) error {
	line, err := r.next()
	if r.line == 1 && err == nil {
		line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		switch {
		case isHeader(line):
			line, err = r.next()
		case !r.beginsRow(line):
			err = &rowError{r.line, tree.Quote(string(line)) + " is neither the header of a trace, " + traceHeader + ", nor a row", true}
		}
	}
	if err != nil {
		return err
	}
	return r.parse(row, line)
}

// isHeader reports whether a first line is the header. Its second cell may be
// named after the contents of the rows, as recording programs do.
func isHeader(line []byte) bool {
	moment, recipients, _ := bytes.Cut(line, []byte(","))
	if !strings.EqualFold(cell(moment), "time") {
		return false
	}
	switch name := strings.ToLower(cell(recipients)); strings.NewReplacer(" ", "", "_", "", "-", "").Replace(name) {
	case "recipients", "recipientcount", "count", "addresses":
		return true
	}
	return false
}

// beginsRow reports by its first cell whether a first line is a row rather than a
// header: recording programs may leave the header out.
func (r *traceRows) beginsRow(line []byte) bool {
	moment, _, found := bytes.Cut(line, []byte(","))
	_, err := unit.ParseDuration(cell(moment))
	_, notDate := time.Parse(time.RFC3339, cell(moment))
	return found && (err == nil || notDate == nil)
}

// next returns the next line that is not empty. The first line is returned even
// if it is empty.
func (r *traceRows) next() ([]byte, error) {
	for r.begun < len(r.block) || r.scanner.Scan() {
		if r.begun == len(r.block) {
			r.block, r.begun = r.scanner.Bytes(), 0
		}
		line, _, _ := bytes.Cut(r.block[r.begun:], []byte("\n"))
		r.begun = min(r.begun+len(line)+1, len(r.block))
		r.line++
		if line = bytes.TrimSpace(line); len(line) > 0 || r.line == 1 {
			return line, nil
		}
	}
	err := r.scanner.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, &rowError{r.line + 1, fmt.Sprintf("the line is longer than %d bytes", maxRow), true}
	case err != nil:
		return nil, err
	case r.line == 0:
		return nil, &rowError{1, "the file is empty: begin it with " + traceHeader, true}
	}
	return nil, io.EOF
}

// parse reads a row: a time, and a number of recipients or addresses.
func (r *traceRows) parse(row *sim.TraceRow, line []byte) error {
	moment, recipients, found := bytes.Cut(line, []byte(","))
	if !found {
		return r.bad(tree.Quote(string(line)) + " has no comma: a row is a time, a comma, and a number of recipients or addresses")
	}
	when := cell(moment)
	at, why := r.trace.moment(when)
	if why != "" {
		return r.bad(why)
	}
	if at < r.last {
		return r.bad(fmt.Sprintf("its time, %s after the start, is before that of the row above it, %s: rows must be in order of time",
			unit.FormatDuration(at), unit.FormatDuration(r.last)))
	}
	r.last = at
	r.day.note(when, at)
	row.At, row.Count, row.Numbers = at, 0, row.Numbers[:0]
	if text := cell(recipients); strings.Contains(text, "@") {
		row.Numbers, why = r.addresses(row.Numbers, text)
	} else {
		row.Count, why = r.count(text)
	}
	if why != "" {
		return r.bad(why)
	}
	return nil
}

func (r *traceRows) bad(why string) error { return &rowError{line: r.line, why: why} }

// cell returns the text of a cell, without quotes.
func cell(b []byte) string {
	b = bytes.TrimSpace(b)
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		b = bytes.TrimSpace(b[1 : len(b)-1])
	}
	return string(b)
}

// count reads a number of recipients, or returns an error.
func (r *traceRows) count(text string) (int, string) {
	n, err := strconv.ParseUint(text, 10, 31)
	of := r.trace.audience.of
	switch {
	case err != nil || n < 1 || n > maxRowRecipients:
		return 0, fmt.Sprintf("%s is neither a number of recipients, 1 to %d, nor a list of addresses", tree.Quote(text), maxRowRecipients)
	case int64(n) > of.Size:
		return 0, fmt.Sprintf("%d recipients are more than the %s of audience %s", n, unit.Plural(of.Size, "address", "addresses"), of.Name)
	}
	return int(n), ""
}

// betweenAddresses reports whether the character separates addresses: a space,
// or a separator in a mail's header.
func betweenAddresses(c rune) bool { return unicode.IsSpace(c) || c == ',' || c == ';' }

// addresses appends the numbers of the recipients of one message, or returns an error.
func (r *traceRows) addresses(to []uint32, text string) ([]uint32, string) {
	for address := range strings.FieldsFuncSeq(text, betweenAddresses) {
		n, ok := r.trace.audience.find(address)
		switch {
		case !ok:
			return to, tree.Quote(address) + " does not belong to audience " + r.trace.audience.of.Name
		case len(to) == maxRowRecipients:
			return to, fmt.Sprintf("there are more than %d addresses", maxRowRecipients)
		case len(to) < ses.MaxRecipients && slices.Contains(to, n):
			return to, tree.Quote(address) + " is in it twice"
		}
		to = append(to, n)
	}
	return to, ""
}

var _ sim.TraceRows = (*traceRows)(nil)
