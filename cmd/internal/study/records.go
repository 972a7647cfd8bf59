package study

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"sesim/reports/events"
	"sesim/reports/statistics"
	"sesim/sim"
)

// RecordOptions name the files of a run's email events, refusals and send
// statistics; "" for none, "-" for standard output.
type RecordOptions struct {
	Events     string // email events
	Refusals   string // refused calls
	Statistics string // send statistics
	Style      string // of the email events, as events.ParseStyle reads it
}

// names are the files that the flags name.
func (o *RecordOptions) names() []string {
	var list []string
	for _, name := range []string{o.Events, o.Refusals, o.Statistics} {
		if name != "" {
			list = append(list, name)
		}
	}
	return list
}

// toStdout reports whether records go to standard output.
func (o *RecordOptions) toStdout() bool { return slices.Contains(o.names(), stdoutName) }

// check rejects flags that conflict, or do not fit the number of scenarios.
func (o *RecordOptions) check(scenarios int, quiet, json bool) error {
	names := o.names()
	different := slices.Compact(slices.Sorted(slices.Values(names)))
	if _, err := events.ParseStyle(o.Style); err != nil {
		return Usagef("--event-style: %v", err)
	}
	switch {
	case len(names) == 0:
		return nil
	case scenarios > 1:
		return Usagef("--events, --refusals and --statistics take one scenario, not %d", scenarios)
	case len(different) < len(names):
		return Usagef("two of --events, --refusals and --statistics name the same file")
	case o.toStdout() && (!quiet || json):
		return Usagef("records on standard output require --quiet and exclude --json")
	}
	return nil
}

// stdoutName is the file name that stands for standard output.
const stdoutName = "-"

// recordFiles writes the records of one run.
type recordFiles struct {
	events     *events.Writer        // nil for none
	statistics *statistics.Collector // nil for none
	table      io.Writer             // of the statistics
	files      []*os.File
}

// Observe passes a record on to the writers.
func (r *recordFiles) Observe(record *sim.Record) {
	if r.events != nil {
		r.events.Observe(record)
	}
	if r.statistics != nil {
		r.statistics.Observe(record)
	}
}

// openRecords opens the files that the flags name; it returns nil if there are
// none.
func (s *System) openRecords(o *RecordOptions, cfg *sim.Config, force bool) (*recordFiles, error) {
	if len(o.names()) == 0 {
		return nil, nil
	}
	style, err := events.ParseStyle(o.Style)
	if err != nil {
		return nil, err
	}
	r := &recordFiles{}
	published, err := r.open(s, o.Events, force)
	if err != nil {
		return nil, err
	}
	refused, err := r.open(s, o.Refusals, force)
	if err == nil {
		r.table, err = r.open(s, o.Statistics, force)
	}
	if err != nil {
		return nil, errors.Join(err, r.close(0))
	}
	if published != nil || refused != nil {
		r.events = events.New(published, cfg, style)
	}
	if refused != nil {
		r.events.Refusals(refused)
	}
	if r.table != nil {
		r.statistics = statistics.New(cfg)
	}
	return r, nil
}

// open returns nil for no name; an existing file is replaced only with force.
func (r *recordFiles) open(s *System, name string, force bool) (io.Writer, error) {
	switch name {
	case "":
		return nil, nil
	case stdoutName:
		return s.Out, nil
	}
	file, err := create(name, force)
	if err != nil {
		return nil, err
	}
	r.files = append(r.files, file)
	return file, nil
}

// create opens a file for writing; an existing one is replaced only with force.
func create(name string, force bool) (*os.File, error) {
	mode := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if info, err := os.Stat(name); !force && (err != nil || info.Mode().IsRegular()) {
		mode |= os.O_EXCL // devices and pipes may exist
	}
	file, err := os.OpenFile(name, mode, 0o666)
	switch {
	case errors.Is(err, os.ErrExist):
		return nil, Usagef("%s already exists; --force replaces it", name)
	case err != nil:
		return nil, Usagef("%s: %v", name, cause(err))
	}
	return file, nil
}

// close writes the rest of a run that ended, and closes the files.
func (r *recordFiles) close(end time.Duration) error {
	var list []error
	if r.events != nil {
		list = append(list, r.events.Flush())
	}
	if r.statistics != nil {
		list = append(list, r.statistics.Write(r.table, end))
	}
	for _, file := range r.files {
		list = append(list, file.Close())
	}
	if err := errors.Join(list...); err != nil {
		return fmt.Errorf("the records are incomplete: %w", err)
	}
	return nil
}
