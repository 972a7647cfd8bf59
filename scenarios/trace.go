package scenarios

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// traceFile reads the name of a file of recorded sends.
type traceFile struct {
	l  *loader
	to *sim.Trace
}

// maxFileName is the maximum length of a file name, in characters.
const maxFileName = 1024

// traceNote describes the file of a trace in the reference.
const traceNote = "The file of a trace is CSV with the header `time,recipients`, which may be missing or may name the second column " +
	"`count`, `recipient_count` or `addresses`, and rows in order of time. The time is written as 2026-03-02T09:00:00Z, " +
	"not before the start, or as a duration since the start. The recipients are a number from 1 to 10,000, whom the sender " +
	"picks, or addresses of its audience separated by spaces, commas or semicolons. SES refuses a call with more than 50. " +
	"Empty lines are skipped; a row has at most 1 MiB.\n"

func (traceFile) text(to *string) keys.Text { return keys.Text{To: to, Least: 1, Most: maxFileName} }

func (t traceFile) Read(r *tree.Reporter, n *tree.Node, path string) {
	name := ""
	t.text(&name).Read(r, n, path)
	switch {
	case name == "":
	case t.l.files == nil:
		r.Wrong(n, path, "", "the file %s cannot be read here: this scenario comes without files", tree.Quote(name))
	default:
		*t.to = &trace{files: t.l.files, name: name}
	}
}

func (t traceFile) Shape() keys.Shape { return t.text(nil).Shape() }

// maxTraceProblems limits the problems reported for a trace.
const maxTraceProblems = 20

// checkTrace completes the trace of a sender, whose other keys restrict the rows,
// and reads the whole file to report invalid rows.
func (l *loader) checkTrace(s *sim.Sender, n *tree.Node, path string) {
	if child := n.Table["recipients"]; child != nil {
		l.WrongKey(child, tree.Join(path, "recipients"), "", "a trace says how many recipients each message has: leave the key out")
	}
	t, ok := s.Traffic.Trace.(*trace)
	if !ok {
		return // its key is wrong
	}
	t.start, t.end = l.cfg.Start, l.cfg.Horizon
	if s.End > 0 {
		t.end = min(s.End, t.end)
	}
	t.audience = newDirectory(&l.cfg.Audiences[s.Audience])
	traffic := n.Table["traffic"]
	file, key := traffic.Table["file"], tree.Join(tree.Join(path, "traffic"), "file")
	sent, problems := t.check(s.Begin)
	for _, problem := range problems {
		l.Wrong(file, key, "", "%s", problem)
	}
	if len(problems) == 0 {
		of := t.files.describe(t.name)
		sent.Name, sent.Bytes, sent.SHA256 = of.Name, of.Bytes, of.SHA256
		s.Traffic.File = sent
	}
}

// check reads the whole file. It counts the rows from a moment on that the sender
// sends, and returns the file's problems.
func (t *trace) check(begin time.Duration) (sent sim.TraceFile, _ []string) {
	name := tree.Quote(t.name)
	rows, err := t.rows()
	if err != nil {
		return sent, []string{t.because(" cannot be read: ", err)}
	}
	defer rows.close()
	var list []string
	var row sim.TraceRow
	for {
		err := rows.read(&row)
		if err == nil {
			if row.At >= begin && row.At < t.end {
				addRow(&sent, &row)
			}
			continue
		}
		var bad *rowError
		switch {
		case errors.Is(err, io.EOF):
			return sent, list
		case !errors.As(err, &bad):
			return sent, append(list, t.because(" cannot be read on: ", err))
		case len(list) == maxTraceProblems:
			return sent, append(list, fmt.Sprintf("%s has more wrong lines: only the first %d are listed", name, maxTraceProblems))
		}
		list = append(list, name+", "+bad.Error())
		if bad.last {
			return sent, list
		}
	}
}

// addRow counts a row that is sent.
func addRow(sent *sim.TraceFile, row *sim.TraceRow) {
	if sent.Rows == 0 {
		sent.First = row.At
	}
	sent.Last = row.At
	sent.Rows++
	sent.Recipients += int64(max(row.Count, len(row.Numbers)))
}

// because says of an error what could not be done, unless the error itself says
// that the file is not what it was.
func (t *trace) because(what string, err error) string {
	if errors.Is(err, t.files.loss(t.name)) {
		return err.Error()
	}
	return tree.Quote(t.name) + what + err.Error()
}

// trace is a file of recorded sends. It is not held in memory: each run reads it
// again. The value is immutable once the scenario is read, so runs may share it.
type trace struct {
	files    *pinned
	name     string
	start    time.Time
	end      time.Duration // rows at or after it are not used
	audience *directory
}

// rows opens the file.
func (t *trace) rows() (*traceRows, error) {
	file, err := t.files.open(t.name)
	if err != nil {
		return nil, err
	}
	return newTraceRows(t, file), nil
}

// Open returns the rows for a run. They end with an error if the file has changed
// since the scenario was read.
func (t *trace) Open() sim.TraceRows {
	rows, err := t.rows()
	if err != nil {
		return &traceRows{err: err}
	}
	return rows
}

var _ sim.Trace = (*trace)(nil)

// directory finds the recipients of an audience by their addresses.
type directory struct {
	of    *sim.Audience
	names map[string]uint32 // in lower case; nil: they are numbered
}

func newDirectory(a *sim.Audience) *directory {
	d := &directory{of: a}
	if len(a.Addresses) > 0 {
		d.names = make(map[string]uint32, len(a.Addresses))
		for i, name := range a.Addresses {
			d.names[strings.ToLower(name)] = uint32(i)
		}
	}
	return d
}

// find returns the number of a recipient, counted from 0.
func (d *directory) find(address string) (uint32, bool) {
	if d.names != nil {
		n, ok := d.names[strings.ToLower(address)]
		return n, ok
	}
	local, domain, _ := strings.Cut(address, "@")
	if !strings.EqualFold(domain, d.of.Domain) {
		return 0, false
	}
	n, ok := numbered(local, d.of)
	return uint32(n - 1), ok
}

// rowError is an invalid line of a trace.
type rowError struct {
	line int
	why  string
	last bool // nothing can be read after it
}

func (e *rowError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.why) }

// errNoDate is the error for a text that cannot be a date: making the one of time.Parse
// takes longer than the rest of a row.
var errNoDate = errors.New("no date")

func parseDate(text string) (time.Time, error) {
	if len(text) <= len(time.DateOnly) || text[len(time.DateOnly)] != 'T' {
		return time.Time{}, errNoDate
	}
	return time.Parse(time.RFC3339, text)
}

// moment returns the moment of a row, or an error.
func (t *trace) moment(text string) (time.Duration, string) {
	if at, err := parseDate(text); err == nil {
		since := at.Sub(t.start)
		switch {
		case since < 0:
			return 0, tree.Quote(text) + " lies before the start of the run, " + tree.ShowTime(t.start)
		case since > unit.MaxDuration:
			return 0, tree.Quote(text) + " lies more than " + unit.FormatDuration(unit.MaxDuration) + " after the start of the run"
		}
		return since, ""
	}
	since, err := unit.ParseDuration(text)
	if err != nil {
		return 0, tree.Quote(text) + ` is not a time: write one such as "2026-03-02T09:00:00Z", or the time since the start, such as "1h30m"`
	}
	return since, ""
}
