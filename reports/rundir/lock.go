package rundir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/gofrs/flock"
)

var (
	// ErrLocked is returned by TakeLock for a folder that somebody else is making.
	ErrLocked = errors.New("another run is writing it now; wait for its end, or choose another folder")
	// ErrNoLocks is returned by TakeLock for a file system without locks.
	ErrNoLocks = errors.New("the file system has no locks")
)

// Lock is the right to make a folder. The operating system holds it, on a file
// beside the folder, and releases it when the program ends in any way.
type Lock struct{ file *flock.Flock }

// LockFile returns the file that is locked while dir is made.
func LockFile(dir string) string { return filepath.Clean(dir) + ".lock" }

// TakeLock locks a folder that is to be made, in an existing folder. It does not
// wait: the error wraps ErrLocked if the folder is locked, and ErrNoLocks if it
// cannot be.
func TakeLock(dir string) (*Lock, error) { return takeLock(dir, (*flock.Flock).TryLock) }

func takeLock(dir string, try func(*flock.Flock) (bool, error)) (*Lock, error) {
	const most = 100 // files that others remove between opening and locking
	for range most {
		file := flock.New(LockFile(dir), flock.SetPermissions(0o666))
		locked, err := try(file)
		switch {
		case lacksLocks(err):
			return nil, errors.Join(ErrNoLocks, ignoreMissing(os.Remove(file.Path())))
		case err != nil:
			return nil, err
		case !locked:
			return nil, ErrLocked
		case bearsName(file):
			return &Lock{file}, nil
		}
		if err := file.Unlock(); err != nil {
			return nil, err
		}
	}
	return nil, ErrLocked
}

// lacksLocks reports whether an error says that there are no locks at all.
func lacksLocks(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.ENOLCK) || errors.Is(err, syscall.EINVAL)
}

// bearsName reports whether the locked file still has its name. Its last holder
// may have removed it since it was opened.
func bearsName(file *flock.Flock) bool {
	locked, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(file.Path())
	return err == nil && os.SameFile(locked, named)
}

// Release removes the file and unlocks it.
func (l *Lock) Release() error {
	if runtime.GOOS == "windows" { // where an open file cannot be removed
		return errors.Join(l.file.Unlock(), ignoreMissing(os.Remove(l.file.Path())))
	}
	return errors.Join(ignoreMissing(os.Remove(l.file.Path())), l.file.Unlock())
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
