package rundir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/gofrs/flock"
)

// A folder has one writer at a time, and a file that was left behind by a killed
// one locks nothing.
func TestLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.WriteFile(LockFile(dir), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		held, err := TakeLock(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := TakeLock(dir + "/"); !errors.Is(err, ErrLocked) {
			t.Errorf("the second lock: %v", err)
		}
		if err := held.Release(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(LockFile(dir)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file is still there: %v", err)
		}
	}
}

// A file that its holder removes after it was opened here locks nothing: another
// may hold the next one.
func TestLockOfRemovedFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	tries := 0
	held, err := takeLock(dir, func(file *flock.Flock) (bool, error) {
		locked, err := file.TryLock()
		if tries++; tries <= 2 {
			err = errors.Join(err, os.Remove(LockFile(dir)))
		}
		return locked, err
	})
	if err != nil || tries != 3 {
		t.Fatalf("after %d tries: %v", tries, err)
	}
	if _, err := TakeLock(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("the second lock: %v", err)
	}
	if err := held.Release(); err != nil {
		t.Error(err)
	}
}

func TestLockErrors(t *testing.T) {
	for err, want := range map[error]error{
		syscall.ENOLCK: ErrNoLocks, syscall.ENOSYS: ErrNoLocks, syscall.EOPNOTSUPP: ErrNoLocks,
		syscall.EINVAL: ErrNoLocks, syscall.EIO: syscall.EIO, syscall.EACCES: syscall.EACCES, nil: ErrLocked,
	} {
		_, got := takeLock(filepath.Join(t.TempDir(), "run"), func(*flock.Flock) (bool, error) { return false, err })
		if !errors.Is(got, want) {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
	}
	if _, err := TakeLock(filepath.Join(t.TempDir(), "no", "run")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a lock in no folder: %v", err)
	}
}

// Without locks, a folder that another run has finished since is not replaced.
func TestRenameDecides(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := place(&failing{}, dir, small(t, "first"), false); err != nil {
		t.Fatal(err)
	}
	want := snapshot(t, dir)
	if err := place(&failing{}, dir, small(t, "second"), false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the error is %v", err)
	}
	if got := snapshot(t, dir); len(got) == 0 || len(got) != len(want) || got["summary.json"] != want["summary.json"] {
		t.Error("the first run was changed")
	}
}
