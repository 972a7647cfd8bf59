package rundir

import (
	"os"
	"path/filepath"
)

// WriteFiles writes files into the folder dir, which must be missing or empty.
// The last file marks the folder: with force, only a folder with a file of that
// name is replaced. After an error dir is unchanged.
func WriteFiles(dir string, list []File, force bool) error {
	return writeList(disk{}, dir, list, force)
}

// WritePrivate is WriteFiles with a folder and files that only their owner can read.
func WritePrivate(dir string, list []File, force bool) error {
	return writeList(disk{private: true}, dir, list, force)
}

func writeList(on files, dir string, list []File, force bool) error {
	return write(on, dir, force, marked(list[len(list)-1].Name), func() ([]File, error) { return list, nil })
}

// CheckVacancy returns an error if something in its place prevents WriteFiles
// from writing a folder with that mark.
func CheckVacancy(dir, mark string, force bool) error {
	_, err := vacate(dir, force, marked(mark))
	return err
}

// marked returns an owner that accepts folders with a file of that name.
func marked(mark string) owner {
	return func(dir string) error {
		if _, err := os.Stat(filepath.Join(dir, mark)); err != nil {
			return ErrForeign
		}
		return nil
	}
}
