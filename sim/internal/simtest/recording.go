package simtest

import (
	"fmt"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/unit"
)

// Recording is recorded traffic that is held in memory: the rows of a trace
// in the order of time.
type Recording []sim.TraceRow

var _ sim.Trace = Recording(nil)

// Open returns the rows from the first on.
func (r Recording) Open() sim.TraceRows { return &rows{r} }

// rows are what a reader has still to read.
type rows struct{ left Recording }

func (r *rows) Next(row *sim.TraceRow) bool {
	if len(r.left) == 0 {
		return false
	}
	*row = r.left[0]
	r.left = r.left[1:]
	return true
}

func (r *rows) Err() error { return nil }

// recording draws at most the given number of rows before the horizon: to a number of the
// audience's recipients, which may be more than SES takes, or to some of them
// by name.
func recording(s Source, name string, most int64, horizon time.Duration, size int64) Recording {
	r, at := Recording{}, time.Duration(0)
	for range s.Int(name+" rows", 0, most) {
		if chance(s, name+" row is later", 70) {
			at += length(s, name+" gap", horizon/10)
		}
		if at >= horizon {
			break
		}
		row := sim.TraceRow{At: at, Count: int(min(oneOf(s, name+" row recipients", int64(1), 2, 5, 50, 51), size))}
		if chance(s, name+" row names them", 50) {
			row = sim.TraceRow{At: at, Numbers: inTurn(s.Int(name+" row begins", 0, size-1), row.Count, size)}
		}
		r = append(r, row)
	}
	return r
}

// inTurn returns count numbers of recipients from the first on, with the
// audience's first after its last.
func inTurn(first int64, count int, size int64) []uint32 {
	numbers := make([]uint32, count)
	for i := range numbers {
		numbers[i] = uint32((first + int64(i)) % size)
	}
	return numbers
}

// Traces returns the files of recorded traffic that a rendered scenario
// names, by their names.
func Traces(cfg *sim.Config) map[string]string {
	files := map[string]string{}
	for i := range cfg.Senders {
		if s := &cfg.Senders[i]; s.Traffic.Kind == sim.Recorded {
			files[traceName(s)] = traceText(s.Traffic.Trace, &cfg.Audiences[s.Audience])
		}
	}
	return files
}

// traceName is the file of a sender's recorded traffic.
func traceName(s *sim.Sender) string { return s.Name + ".csv" }

// traceText writes recorded traffic as the scenario language reads it.
func traceText(trace sim.Trace, to *sim.Audience) string {
	var b strings.Builder
	b.WriteString("time,recipients\n")
	rows := trace.Open()
	for row := (sim.TraceRow{}); rows.Next(&row); {
		fmt.Fprintf(&b, "%s,", unit.FormatDuration(row.At))
		if len(row.Numbers) == 0 {
			fmt.Fprintf(&b, "%d\n", row.Count)
			continue
		}
		names := make([]string, len(row.Numbers))
		for i, n := range row.Numbers {
			names[i] = to.AddressOf(int64(n))
		}
		fmt.Fprintln(&b, strings.Join(names, " "))
	}
	return b.String()
}
