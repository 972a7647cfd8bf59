package rundir

import (
	"os"
	"path/filepath"
)

// WriteFiles writes files into the folder dir, which must not be there or be
// empty. The last one is the folder's mark: with force, a folder that has a
// file of that name is replaced, and no other. After an error dir is as it
// was.
func WriteFiles(dir string, list []File, force bool) error {
	return write(dir, force, marked(list[len(list)-1].Name), func() ([]File, error) { return list, nil })
}

// CheckVacancy reports what would keep WriteFiles from writing a folder with
// that mark, as far as what is in its place goes.
func CheckVacancy(dir, mark string, force bool) error {
	_, err := vacate(dir, force, marked(mark))
	return err
}

// marked returns an owner that takes folders with a file of that name.
func marked(mark string) owner {
	return func(dir string) error {
		if _, err := os.Stat(filepath.Join(dir, mark)); err != nil {
			return ErrForeign
		}
		return nil
	}
}
