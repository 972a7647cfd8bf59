package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sesim/reports/rundir"
	"sesim/sim/unit"
)

// runsFolder holds the reports of runs without -o.
const runsFolder = "sesim-runs"

// folders chooses the folder of each scenario's report, "" for none, and checks
// before the simulation that each can be written.
func (s *System) folders(o *RunOptions, list []Scenario) ([]string, error) {
	folders := make([]string, len(list))
	if o.JSON && o.Dir == "" {
		return folders, nil
	}
	if o.Shard.of > 0 { // checked when it is known whether the shard is finished
		return []string{filepath.Clean(o.Dir)}, nil
	}
	taken := make(map[string]bool) // by scenarios of this call
	var problems []error
	for i, sc := range list {
		dir, err := s.folder(o, sc.Config.Name, len(list), taken)
		folders[i] = dir
		if err != nil {
			problems = append(problems, err)
		}
	}
	return folders, errors.Join(problems...)
}

// folder chooses and reserves the folder for one of several scenarios.
func (s *System) folder(o *RunOptions, name string, of int, taken map[string]bool) (string, error) {
	dir := filepath.Join(runsFolder, name)
	switch {
	case o.Dir != "" && of == 1:
		dir = filepath.Clean(o.Dir)
	case o.Dir != "":
		dir = filepath.Join(o.Dir, name)
	}
	for {
		next := vacant(dir, func(dir string) bool { return taken[dir] || o.Dir == "" && exists(dir) })
		taken[next] = true
		err := s.checkFolder(next, o.Force)
		if o.Dir != "" || !errors.Is(err, rundir.ErrLocked) && !errors.Is(err, errThere) {
			return next, err
		}
	}
}

// vacant returns the first of dir, dir-2, dir-3, … that is not taken.
func vacant(dir string, taken func(string) bool) string {
	if !taken(dir) {
		return dir
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s-%d", dir, n); !taken(next) {
			return next
		}
	}
}

// exists reports whether the path exists, even as a broken link.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

var errThere = errors.New("already exists; choose another folder, or replace it with --force")

// checkFolder reserves the folder of a report.
func (s *System) checkFolder(dir string, force bool) error {
	return s.reserve(dir, func() error { return checkVacancy(dir, force) })
}

// Reserve reserves a folder that is not a run and is identified by a file. It is
// locked until Close.
func (s *System) Reserve(dir, mark string, force bool) error {
	dir = filepath.Clean(dir)
	return s.reserve(dir, func() error { return checkMarked(dir, mark, force) })
}

// reserve locks a folder that is to be made. It rejects one whose place is not
// vacant, also if another run finished it just now, and one that cannot be
// created.
func (s *System) reserve(dir string, vacant func() error) error {
	place := rundir.Place(dir)
	for _, step := range []func() error{
		vacant,
		func() error { return s.claimFolder(place) },
		func() error { return checkPlace(place) },
		func() error { return s.lock(place) },
		vacant,
	} {
		err := step()
		if _, worded := errors.AsType[*Error](err); worded {
			return err
		}
		if err != nil {
			return Usagef("output folder %s: %w", dir, err)
		}
	}
	return nil
}

// lock locks a folder until Close. Where the file system has no locks, writing
// the folder shows whether another run was faster.
func (s *System) lock(dir string) error {
	take := rundir.TakeLock
	if s.takeLock != nil {
		take = s.takeLock
	}
	held, err := take(dir)
	switch {
	case errors.Is(err, rundir.ErrNoLocks):
		const warning = "sesim: output folder %s: %v: a second run that writes it is noticed only at the end\n"
		fmt.Fprintf(s.Err, warning, unit.Visible(dir), rundir.ErrNoLocks)
	case err != nil:
		return err
	default:
		s.locks = append(s.locks, held)
	}
	return nil
}

// Close releases the folders that were reserved.
func (s *System) Close() error {
	var list []error
	for _, held := range s.locks {
		list = append(list, held.Release())
	}
	s.locks = nil
	return errors.Join(list...)
}

// checkMarked checks what is in the place of a folder that is identified by a
// file.
func checkMarked(dir, mark string, force bool) error {
	err := rundir.CheckVacancy(dir, mark, force)
	if errors.Is(err, rundir.ErrExists) {
		return errThere
	}
	return err
}

// claimFolder claims a folder that is to be made, and its lock.
func (s *System) claimFolder(dir string) error {
	if err := s.claim("output folder "+dir, toMake, dir); err != nil {
		return err
	}
	return s.claim("the lock of output folder "+dir, toWrite, rundir.LockFile(dir))
}

// checkPlace creates the parent of a folder and tries to write there.
func checkPlace(dir string) error {
	absolute, err := filepath.Abs(dir) // "." does not name its parent
	if err != nil {
		return err
	}
	parent := filepath.Dir(absolute)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return err
	}
	trial, err := os.MkdirTemp(parent, ".sesim-*")
	if err != nil {
		return err
	}
	return os.Remove(trial)
}

// checkVacancy checks what is in the place of a report. Even force replaces only
// a report or an empty folder; package rundir checks more closely.
func checkVacancy(dir string, force bool) error {
	if !exists(dir) {
		return nil
	}
	if !force {
		return errThere
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 && !exists(filepath.Join(dir, "manifest.json")) {
		return rundir.ErrForeign
	}
	return err
}
