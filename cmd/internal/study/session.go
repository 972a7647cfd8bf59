package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sesim/cmd/internal/journal"
	"sesim/reports"
	"sesim/sim"
)

// Session is a scenario that is driven from outside. Its report is that of a run.
type Session struct {
	runner
}

// OpenSession reads and checks a scenario, a file, a shipped name or "-", and reserves the
// folder of its report. Without a name it is scenarios.Served.
func (s *System) OpenSession(ctx context.Context, name string, o *RunOptions) (*Session, error) {
	overrides, err := o.overrides()
	if err != nil {
		return nil, err
	}
	var names []string
	if name != "" {
		names = []string{name}
	}
	list, err := s.LoadSession(ctx, names, overrides)
	if err != nil {
		return nil, err
	}
	if st := list[0].Study; len(st.Keys) > 0 || !list[0].single() {
		return nil, Usagef("%s: a sweep or replications are many runs; only one can be driven from outside", list[0].File)
	}
	folders, err := s.folders(o, list)
	if err != nil {
		return nil, err
	}
	if err := s.checkOutput(o); err != nil {
		return nil, err
	}
	f, err := s.openForms(&o.FormOptions, 1, o.Force)
	if err != nil {
		return nil, err
	}
	return &Session{runner{
		System: s, RunOptions: o, Scenario: list[0], folder: folders[0], overrides: overrideText(overrides), forms: f,
	}}, nil
}

// Deliver prints the verdicts and the summary of a session that has ended, and writes its
// report. The config is the session's, with what came to it from outside. Its error decides
// the exit status.
func (s *Session) Deliver(cfg *sim.Config, result *sim.Result, wall time.Duration) error {
	report, err := reports.New(cfg, result, s.source())
	if err != nil {
		return s.forms.closeAfter(fmt.Errorf("%s: %w", s.File, err))
	}
	perf := onThisMachine()
	perf.Wall, perf.Virtual, perf.Events, perf.Admissions = wall, result.End, result.Events, result.Admissions
	err = s.deliver(report, perf)
	if err == nil {
		err = s.ended(report, nil)
	}
	return s.forms.closeAfter(err)
}

// Record begins the journal of the session in a new file, or replaces an existing one with
// --force. What is flushed is in the file when the process is killed. Further parts of a
// session that is begun again, from 2, are in files beside it: "j.2.ndjson" of "j.ndjson".
// A name that ends in ".gz" or ".zst" is that of a compressed file.
func (s *Session) Record(name string, part int) (*journal.Writer, error) {
	if part > 1 {
		extension := filepath.Ext(name)
		name = fmt.Sprintf("%s.%d%s", strings.TrimSuffix(name, extension), part, extension)
	}
	if err := s.claim("the journal "+name, toWrite, name); err != nil {
		return nil, err
	}
	header, err := s.JournalHeader()
	if err != nil {
		return nil, err
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if s.Force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(name, flags, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil, Usagef("--journal: %s exists; --force replaces it", name)
	}
	if err != nil {
		return nil, Usagef("--journal: %s: %w", name, cause(err))
	}
	out, err := packAsNamed(file, name)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	w, err := journal.NewWriter(out, header)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, cause(err)), file.Close())
	}
	return w, nil
}

// Abandon gives up a session that could not begin.
func (s *Session) Abandon(err error) error { return s.forms.closeAfter(err) }
