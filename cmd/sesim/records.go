package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"sesim/reports/events"
	"sesim/sim"
)

// recordOptions are the flags of sesim run for email events and refusals.
type recordOptions struct {
	events   string // file of the email events; "" for none
	refusals string // file of the refused calls; "" for none
	style    string // of the email events
}

func (o *recordOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.events, "events", "", "write what SES would publish to `FILE`, one JSON record a line; - with --quiet: standard output")
	f.StringVar(&o.style, "event-style", events.EventPublishing.String(), "style of the records: event-publishing or notification")
	f.StringVar(&o.refusals, "refusals", "", "write refused calls to `FILE`, one JSON object a line; - with --quiet: standard output")
}

func (o *recordOptions) wanted() bool { return o.events != "" || o.refusals != "" }

// check refuses flags that cannot be carried out for so many scenarios.
func (o *recordOptions) check(scenarios int, quiet, json bool) error {
	toOut := o.events == stdoutName || o.refusals == stdoutName
	switch {
	case !o.wanted():
		return nil
	case scenarios > 1:
		return badUsagef("--events and --refusals write the records of one scenario; there are %d", scenarios)
	case o.events == o.refusals:
		return badUsagef("--events and --refusals name the same file")
	case toOut && (!quiet || json):
		return badUsagef("records go to standard output with --quiet only, and not beside --json")
	}
	_, err := events.ParseStyle(o.style)
	if err != nil {
		return badUsagef("--event-style: %v", err)
	}
	return nil
}

// stdoutName is the file name that stands for standard output.
const stdoutName = "-"

// recordFiles writes the records of one run.
type recordFiles struct {
	*events.Writer
	files []*os.File
}

// openRecords opens what the flags name. The recordFiles is nil where they name
// nothing.
func (s *system) openRecords(o *recordOptions, cfg *sim.Config, force bool) (*recordFiles, error) {
	if !o.wanted() {
		return nil, nil
	}
	style, err := events.ParseStyle(o.style)
	if err != nil {
		return nil, err
	}
	r := &recordFiles{}
	published, err := r.open(s, o.events, force)
	if err != nil {
		return nil, err
	}
	refused, err := r.open(s, o.refusals, force)
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	r.Writer = events.New(published, cfg, style)
	if refused != nil {
		r.Refusals(refused)
	}
	return r, nil
}

// open returns nothing for no name; a file that is there is replaced only by
// force.
func (r *recordFiles) open(s *system, name string, force bool) (io.Writer, error) {
	switch name {
	case "":
		return nil, nil
	case stdoutName:
		return s.out, nil
	}
	mode := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if info, err := os.Stat(name); !force && (err != nil || info.Mode().IsRegular()) {
		mode |= os.O_EXCL // a device or a pipe is there to be written to
	}
	file, err := os.OpenFile(name, mode, 0o666)
	if errors.Is(err, os.ErrExist) {
		return nil, badUsagef("%s is there already; --force replaces it", name)
	}
	if err != nil {
		return nil, badUsagef("%s: %v", name, cause(err))
	}
	r.files = append(r.files, file)
	return file, nil
}

// close writes out what is left, and closes the files. Its first error is the
// one that matters.
func (r *recordFiles) close() error {
	var list []error
	if r.Writer != nil {
		list = append(list, r.Flush())
	}
	for _, file := range r.files {
		list = append(list, file.Close())
	}
	if err := errors.Join(list...); err != nil {
		return fmt.Errorf("the records are not complete: %w", err)
	}
	return nil
}
