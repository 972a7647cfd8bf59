package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"sesim/reports"
)

// Write writes a run into the folder dir, which must be missing or empty. With
// force it replaces the folder of another run, but never a folder that does not
// hold a run. Performance may be nil. After an error dir is unchanged or, if
// only the final cleanup failed, complete.
func Write(dir string, r *reports.Report, perf *reports.Performance, force bool) error {
	return write(disk{}, dir, force, isRun, func() ([]File, error) { return contents(r, perf) })
}

// Place returns the folder that is written under a name: if the name is a link to a
// folder, that folder, so that it is replaced and not the link.
func Place(dir string) string {
	if _, err := os.Readlink(dir); err == nil {
		if target, err := filepath.EvalSymlinks(dir); err == nil {
			return target
		}
	}
	return filepath.Clean(dir)
}

// owner returns ErrForeign for a folder of another kind than the one to be
// written; such a folder is never replaced.
type owner func(dir string) error

// write writes a folder of the given owner. The files are built only if the
// folder may be written; the last one marks it as complete.
func write(on files, dir string, force bool, of owner, build func() ([]File, error)) error {
	dir, err := filepath.Abs(Place(dir)) // no folder can be created beside "."
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	replace, err := vacate(dir, force, of)
	if err != nil {
		return fmt.Errorf("folder: %s: %w", dir, err)
	}
	list, err := build()
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	if err := place(on, dir, list, replace); err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	return nil
}

// place writes the files into a folder beside dir and renames it to dir.
func place(on files, dir string, list []File, replace bool) error {
	if err := on.MkdirAll(filepath.Dir(dir)); err != nil {
		return err
	}
	partial, err := makeBeside(on, dir+".partial")
	if err != nil {
		return err
	}
	err = fill(on, partial, list)
	if err == nil {
		err = moveInto(on, partial, dir, replace)
	}
	if err != nil {
		return errors.Join(err, on.RemoveAll(partial))
	}
	return nil
}

// vacate checks what is in the place of a folder, and reports whether it is to
// be replaced.
func vacate(dir string, force bool, of owner) (replace bool, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case len(entries) == 0:
		return true, nil
	case !force:
		return false, ErrExists
	}
	if err := of(dir); err != nil {
		return false, err
	}
	return true, nil
}

// isRun is the owner of runs and sweeps of any version.
func isRun(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrForeign
	}
	if err != nil {
		return err
	}
	if _, err := parseManifest(text); errors.Is(err, errForeignManifest) {
		return ErrForeign
	}
	return nil
}

// contents returns all files of a folder, the manifest last.
func contents(r *reports.Report, perf *reports.Performance) ([]File, error) {
	list, err := figures(r)
	if err != nil {
		return nil, err
	}
	drawn, err := pictures(r)
	if err != nil {
		return nil, err
	}
	list = append(list, drawn...)
	return completed(newManifest(r, list), list, perf)
}

// completed appends the performance, if there is one, and the manifest of the other
// files.
func completed(m *manifest, list []File, perf *reports.Performance) ([]File, error) {
	last, err := m.content()
	if err != nil {
		return nil, err
	}
	if perf != nil {
		c, err := performance(perf)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return append(list, last), nil
}

// makeBeside creates a new folder under a name, with a number appended if the
// name is taken, for example by a run that was killed.
func makeBeside(on files, name string) (string, error) {
	path := name
	for i := 2; ; i++ {
		err := on.Mkdir(path)
		if !errors.Is(err, fs.ErrExist) || i > 1000 {
			return path, err
		}
		path = name + "-" + strconv.Itoa(i)
	}
}

// fill writes the files in order and flushes them to the disk, each folder after
// its contents. The last file follows when the folders are on the disk.
func fill(on files, dir string, list []File) error {
	var folders []string
	for i, f := range list {
		if i == len(list)-1 {
			if err := syncAll(on, folders); err != nil {
				return err
			}
		}
		to := filepath.Join(dir, filepath.FromSlash(f.Name))
		var err error
		if folders, err = makeParents(on, dir, filepath.Dir(to), folders); err != nil {
			return err
		}
		if err := writeFile(on, to, f.Data); err != nil {
			return err
		}
	}
	return on.SyncDir(dir)
}

// makeParents makes a folder below dir, and those that it is in, unless they are among those
// that were made, and returns these.
func makeParents(on files, dir, folder string, made []string) ([]string, error) {
	if folder == dir || slices.Contains(made, folder) {
		return made, nil
	}
	made, err := makeParents(on, dir, filepath.Dir(folder), made)
	if err != nil {
		return made, err
	}
	return append(made, folder), on.Mkdir(folder)
}

func syncAll(on files, folders []string) error {
	for _, folder := range folders {
		if err := on.SyncDir(folder); err != nil {
			return err
		}
	}
	return nil
}

// moveInto gives the partial folder its name. A previous folder of that name
// exchanges names with it, so that there is a whole folder at any time, and is
// then removed.
func moveInto(on files, partial, dir string, replace bool) error {
	if !replace {
		if err := on.Rename(partial, dir); err != nil {
			return err
		}
		return on.SyncDir(filepath.Dir(dir))
	}
	switch err := on.Exchange(partial, dir); {
	case errors.Is(err, errors.ErrUnsupported):
		return moveAside(on, partial, dir)
	case err != nil:
		return err
	}
	return errors.Join(on.SyncDir(filepath.Dir(dir)), on.RemoveAll(partial))
}

// moveAside is moveInto where names cannot be exchanged: the previous folder is
// moved aside first. A program that is killed in between leaves it there.
func moveAside(on files, partial, dir string) error {
	aside, err := makeBeside(on, dir+".replaced")
	if err != nil {
		return err
	}
	old := filepath.Join(aside, "old")
	if err := on.Rename(dir, old); err != nil {
		return errors.Join(err, on.RemoveAll(aside))
	}
	if err := on.Rename(partial, dir); err != nil {
		return errors.Join(err, on.Rename(old, dir), on.RemoveAll(aside))
	}
	return errors.Join(on.SyncDir(filepath.Dir(dir)), on.RemoveAll(aside))
}
