package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/reports/data"
	"sesim/reports/rundir"
	"sesim/sim"
)

// finished loads finished runs.
func (s *System) finished(_ context.Context, args []string, o *CompareOptions) ([]*compare.Side, []compare.Limit, error) {
	sides := make([]*compare.Side, len(args))
	var problems []error
	for i, name := range args {
		if err := s.claim("the run "+name, toRead, name); err != nil {
			return nil, nil, err
		}
		r, err := readRun(name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if sides[i], err = compare.Of(runLabel(name), r); err != nil {
			problems = append(problems, Usagef("%s: %w", name, err))
		}
	}
	if len(problems) > 0 {
		return nil, nil, errors.Join(problems...)
	}
	if labelsRepeat(sides) {
		for i, name := range args {
			sides[i].Label = name
		}
		makeUnique(sides)
	}
	limits, err := s.limits(o, namesOf(sides))
	return sides, limits, err
}

// readRun reads the folder of a report, or a summary without one.
func readRun(name string) (*reports.Report, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Usagef("%s: no such run: name the folder of a report, or a summary.json", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, cause(err))
	}
	if info.IsDir() {
		return readFolder(name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, cause(err))
	}
	defer file.Close()
	if full, err := filepath.EvalSymlinks(name); err == nil && filepath.Base(full) == "summary.json" {
		if err := rundir.CheckSummary(full); err != nil {
			return nil, err
		}
	}
	summary, err := data.ReadSummary(file)
	if err != nil {
		return nil, Usagef("%s: not the summary.json of a run: %w", name, err)
	}
	return &reports.Report{Summary: summary}, nil
}

// readFolder reads the folder of a run. It rejects the folder of a sweep, which
// has many runs.
func readFolder(name string) (*reports.Report, error) {
	if rundir.IsSweep(name) {
		return nil, Usagef("%s: a sweep, whose cells sweep.csv compares; name the folders of single runs", name)
	}
	r, err := rundir.Load(name)
	if errors.Is(err, rundir.ErrNoRun) {
		return nil, Usage(err)
	}
	return r, err
}

// runLabel names a run by the last meaningful part of its path, so that a
// comparison contains no path of this machine.
func runLabel(name string) string {
	name = filepath.Clean(name)
	if base := filepath.Base(name); base != "summary.json" {
		return base
	}
	if parent := filepath.Base(filepath.Dir(name)); parent != "." {
		return parent
	}
	return name
}

func labelsRepeat(sides []*compare.Side) bool {
	seen := map[string]bool{}
	for _, s := range sides {
		if seen[s.Label] {
			return true
		}
		seen[s.Label] = true
	}
	return false
}

// makeUnique numbers labels that occur more than once.
func makeUnique(sides []*compare.Side) {
	seen := map[string]bool{}
	for _, s := range sides {
		label := s.Label
		for n := 2; seen[s.Label]; n++ {
			s.Label = fmt.Sprintf("%s (%d)", label, n)
		}
		seen[s.Label] = true
	}
}

// namesOf returns a scenario with the accounts and senders of the runs, which
// determine their metrics.
func namesOf(sides []*compare.Side) *sim.Config {
	cfg := &sim.Config{}
	accounts, senders := map[string]bool{}, map[string]bool{}
	for _, s := range sides {
		for i := range s.Summary.Accounts {
			if name := s.Summary.Accounts[i].Name; !accounts[name] {
				accounts[name] = true
				cfg.Accounts = append(cfg.Accounts, sim.Account{Name: name})
			}
		}
		for i := range s.Summary.Senders {
			if name := s.Summary.Senders[i].Name; !senders[name] {
				senders[name] = true
				cfg.Senders = append(cfg.Senders, sim.Sender{Name: name})
			}
		}
	}
	return cfg
}
