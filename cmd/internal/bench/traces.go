package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"sesim/reports/benchmark"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/unit"
)

// growTraces grows the rows of a trace: loading, which checks each row, apart from
// running, which reads them again.
func (s *session) growTraces() error {
	dir, err := os.MkdirTemp("", "sesim-bench-")
	if err != nil {
		s.note(fmt.Sprintf("rows of a trace: all left out; there is no folder for their file: %v", err))
		return nil
	}
	defer func() { _ = os.RemoveAll(dir) }()
	t := traces{ctx: s.ctx, dir: dir}
	for _, part := range []struct {
		of  string
		run func(size int64) (grown, error)
	}{
		{benchmark.OfLoadedRows, t.load},
		{benchmark.OfRunRows, func(size int64) (grown, error) {
			if err := t.write(size); err != nil {
				return grown{}, err
			}
			config, err := t.config(size)
			if err != nil {
				return grown{}, err
			}
			return s.growOnce(config)
		}},
	} {
		a := axis{name: part.of, from: 10_000, to: 10_000_000, each: 1}
		if err := s.growAlong(&a, part.run); err != nil {
			return err
		}
	}
	return nil
}

// traces are files of recorded sends, with a million rows a day, each with the address
// of one recipient.
type traces struct {
	ctx    context.Context
	dir    string
	counts bool // each row has the number 1 instead
}

// traced is the scenario that sends a trace, with the horizon and the number of rows left
// out.
const traced = `version = 1
name    = "trace"
start   = 2026-01-01T00:00:00Z
horizon = %q

[[account]]
name       = "acme"
access     = "production"
quota      = 2_000_000
rate       = 100
identities = ["acme.example"]

[[audience]]
name          = "customers"
size          = %d
invalid       = "2%%"
mailbox_full  = "0.5%%"
complaint     = "0.02%%"
feedback_loop = "40%%"

[[sender]]
name      = "recorded"
account   = "acme"
from      = "news@acme.example"
audience  = "customers"
traffic   = { kind = "trace", file = "%d.csv" }
on_bounce = "remove"
`

// tracedAddresses is the size of the audience of traced.
const tracedAddresses = 100_000

// load measures the loading of the scenario.
func (t *traces) load(rows int64) (grown, error) {
	if err := t.write(rows); err != nil {
		return grown{}, err
	}
	stop := watch()
	config, err := t.config(rows)
	if err != nil {
		return grown{}, err
	}
	g := grown{took: stop(), config: config, recipients: rows}
	g.live = live()
	return g, nil
}

// config loads the scenario.
func (t *traces) config(rows int64) (*sim.Config, error) {
	src := fmt.Sprintf(traced, unit.FormatDuration(t.due(rows)), tracedAddresses, rows)
	return scenarios.LoadWith(t, "trace.toml", []byte(src))
}

// due is when a row is due, counted from 0.
func (t *traces) due(row int64) time.Duration { return time.Duration(row) * (unit.Day / growthADay) }

// write writes the trace of a number of rows, unless it is there. A file that cannot be
// written as a whole is removed.
func (t *traces) write(rows int64) (err error) {
	name := t.file(rows)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(name)
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	row := []byte("time,recipients\n")
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		row = start.Add(t.due(i)).AppendFormat(row, time.RFC3339Nano)
		if t.counts {
			row = append(row, ",1\n"...)
		} else {
			// The factor has no divisor in common with the number of addresses: each comes in turn.
			row = strconv.AppendInt(append(row, ",customers-"...), i*7919%tracedAddresses+1, 10)
			row = append(row, "@customers.example\n"...)
		}
		if _, err := w.Write(row); err != nil {
			return err
		}
		row = row[:0]
	}
	return w.Flush()
}

func (t *traces) file(rows int64) string {
	return filepath.Join(t.dir, strconv.FormatInt(rows, 10)+".csv")
}

// Open implements scenarios.Files.
func (t *traces) Open(name string) (io.ReadCloser, error) {
	f, err := os.Open(filepath.Join(t.dir, name))
	if err != nil {
		return nil, err
	}
	return &stoppable{f, t.ctx}, nil
}

// stoppable is a file that cannot be read on after an interrupt.
type stoppable struct {
	io.ReadCloser
	ctx context.Context
}

func (f *stoppable) Read(p []byte) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	return f.ReadCloser.Read(p)
}
