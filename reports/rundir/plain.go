package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File is a file of a folder that is no run: a plan, a request.
type File struct {
	Name string // without folders
	Data []byte
}

// WriteFiles writes files into the folder dir, which must not be there or be
// empty. The last one is the folder's mark: with force, a folder that has a
// file of that name is replaced, and no other. After an error dir is as it
// was.
func WriteFiles(dir string, list []File, force bool) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	replace, err := vacate(dir, list[len(list)-1].Name, force)
	if err != nil {
		return fmt.Errorf("folder: %s: %w", dir, err)
	}
	if err := placeFiles(disk{}, dir, list, replace); err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	return nil
}

// vacate looks at what stands in the way of a folder with a mark, and reports
// whether something is to be replaced.
func vacate(dir, mark string, force bool) (replace bool, err error) {
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
	if _, err := os.Stat(filepath.Join(dir, mark)); err != nil {
		return false, ErrForeign
	}
	return true, nil
}

// placeFiles writes the files beside dir and gives them its name.
func placeFiles(on files, dir string, list []File, replace bool) error {
	if err := on.MkdirAll(filepath.Dir(dir)); err != nil {
		return err
	}
	partial, err := makeBeside(on, dir+".partial")
	if err != nil {
		return err
	}
	for _, f := range list {
		if err == nil {
			err = writeFile(on, filepath.Join(partial, f.Name), f.Data)
		}
	}
	if err == nil {
		err = on.SyncDir(partial)
	}
	if err == nil {
		err = moveInto(on, partial, dir, replace)
	}
	if err != nil {
		return errors.Join(err, on.RemoveAll(partial))
	}
	return nil
}

// CheckVacancy reports what would keep WriteFiles from writing a folder with
// that mark, as far as what is in its place goes.
func CheckVacancy(dir, mark string, force bool) error {
	_, err := vacate(dir, mark, force)
	return err
}
