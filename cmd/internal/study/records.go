package study

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"sesim/reports/events"
	"sesim/reports/statistics"
	"sesim/sim"
)

// RecordOptions name the files of a run's email events, refusals and send
// statistics; "" for none, "-" for standard output. Names that end in ".gz" and ".zst" are
// of compressed files.
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

// selection returns which records the files need.
func (o *RecordOptions) selection() (s sim.Selection) {
	if o.Events != "" {
		return s
	}
	if o.Refusals != "" {
		s.Kinds |= sim.KindsOf(sim.Refused)
	}
	if o.Statistics != "" {
		s.Kinds |= statistics.Kinds
	}
	return s
}

// toStdout reports whether records go to standard output.
func (o *RecordOptions) toStdout() bool { return slices.Contains(o.names(), stdoutName) }

// check rejects flags that conflict, or do not fit the number of scenarios.
func (o *RecordOptions) check(scenarios int, quiet, json bool) error {
	names := o.names()
	if _, err := events.ParseStyle(o.Style); err != nil {
		return Usagef("--event-style: %v", err)
	}
	switch {
	case len(names) == 0:
		return nil
	case scenarios > 1:
		return Usagef("--events, --refusals and --statistics take one scenario, not %d", scenarios)
	case o.toStdout() && (!quiet || json):
		return Usagef("records on standard output require --quiet and exclude --json")
	}
	return nil
}

// stdoutName is the file name that stands for standard output.
const stdoutName = "-"

// stdoutPath identifies standard output that is not a file.
const stdoutPath = "/dev/stdout"

// recordFiles writes the records of one run.
type recordFiles struct {
	events     *events.Writer        // nil for none
	statistics *statistics.Collector // nil for none
	table      io.Writer             // of the statistics
	files      []*outFile
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

// hooks return the hooks of a run whose records are observed. Statistics count each account by
// itself, so that partitions may run in parallel; other records are written in one order.
func (r *recordFiles) hooks(o *RecordOptions) sim.Hooks {
	h := sim.Hooks{Observed: o.selection()}
	if r.events == nil {
		h.ObserverOf = func(int) sim.Observer { return r }
	} else {
		h.Observer = r
	}
	return h
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
	published, err := r.open(s, "--events", o.Events, force)
	if err != nil {
		return nil, err
	}
	refused, err := r.open(s, "--refusals", o.Refusals, force)
	if err == nil {
		r.table, err = r.open(s, "--statistics", o.Statistics, force)
	}
	if err != nil {
		return nil, errors.Join(err, r.close(nil))
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
func (r *recordFiles) open(s *System, flag, name string, force bool) (io.Writer, error) {
	if name == "" {
		return nil, nil
	}
	file, err := s.createPacked(flag, name, force)
	if err != nil {
		return nil, err
	}
	r.files = append(r.files, file)
	return file, nil
}

// close writes the rest of a run that ended, and gives the files their names.
// Without a result there are no files.
func (r *recordFiles) close(result *sim.Result) error {
	if result == nil {
		return discard(r.files...)
	}
	var err error
	if r.events != nil {
		err = r.events.Flush()
	}
	if r.statistics != nil {
		err = errors.Join(err, r.statistics.Write(r.table, result.End))
	}
	if err := finish(err, r.files...); err != nil {
		return fmt.Errorf("the records are incomplete: %w", err)
	}
	return nil
}
