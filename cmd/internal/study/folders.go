package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sesim/reports/rundir"
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
		folders[i] = o.folder(sc.Config.Name, len(list), taken)
		taken[folders[i]] = true
		if err := s.checkFolder(folders[i], o.Force); err != nil {
			problems = append(problems, err)
		}
	}
	return folders, errors.Join(problems...)
}

// folder chooses the folder for one of several scenarios.
func (o *RunOptions) folder(name string, of int, taken map[string]bool) string {
	switch {
	case o.Dir == "":
		return vacant(filepath.Join(runsFolder, name), func(dir string) bool { return taken[dir] || exists(dir) })
	case of == 1:
		return filepath.Clean(o.Dir)
	}
	return vacant(filepath.Join(o.Dir, name), func(dir string) bool { return taken[dir] })
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

var errThere = errors.New("already exists; choose another with -o, or replace it with --force")

// checkFolder rejects a folder that exists, unless it may be replaced, and one
// that cannot be created.
func (s *System) checkFolder(dir string, force bool) error {
	if err := checkVacancy(dir, force); err != nil {
		return Usagef("output folder %s: %w", dir, err)
	}
	if err := s.claimFolder(dir); err != nil {
		return err
	}
	return checkPlace(dir)
}

// checkMarked is checkFolder for a folder that is not a run and is identified by
// a file.
func (s *System) checkMarked(dir, mark string, force bool) error {
	err := rundir.CheckVacancy(dir, mark, force)
	if errors.Is(err, rundir.ErrExists) {
		err = errThere
	}
	if err != nil {
		return Usagef("output folder %s: %w", dir, err)
	}
	if err := s.claimFolder(dir); err != nil {
		return err
	}
	return checkPlace(dir)
}

// claimFolder claims a folder that is to be made.
func (s *System) claimFolder(dir string) error { return s.claim("output folder "+dir, toMake, dir) }

// checkPlace creates the parent of a folder and tries to write there.
func checkPlace(dir string) error {
	absolute, err := filepath.Abs(dir) // "." does not name its parent
	if err != nil {
		return Usagef("output folder %s: %w", dir, err)
	}
	parent := filepath.Dir(absolute)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return Usagef("output folder %s: %w", dir, err)
	}
	trial, err := os.MkdirTemp(parent, ".sesim-*")
	if err != nil {
		return Usagef("output folder %s: %w", dir, err)
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
