package rundir

import (
	"errors"
	"io"
	"os"
	"runtime"
	"syscall"
)

// files is the part of a file system that this package writes with. Tests
// replace it by one that fails.
type files interface {
	Mkdir(path string) error
	MkdirAll(path string) error
	// Create creates a file that must not exist.
	Create(path string) (file, error)
	Rename(from, to string) error
	// Exchange swaps the names of two folders at once. The error wraps
	// errors.ErrUnsupported where the file system or the machine cannot.
	Exchange(one, other string) error
	RemoveAll(path string) error
	// SyncDir flushes the entries of a folder to the disk.
	SyncDir(path string) error
}

// file is an open file that is being written.
type file interface {
	io.Writer
	Sync() error
	Close() error
}

// disk is the file system of the machine.
type disk struct {
	private bool // files and the folder itself are for their owner only
}

var _ files = disk{}

func (d disk) Mkdir(path string) error        { return os.Mkdir(path, d.mode(0o777)) }
func (disk) MkdirAll(path string) error       { return os.MkdirAll(path, 0o777) }
func (disk) Rename(from, to string) error     { return os.Rename(from, to) }
func (disk) Exchange(one, other string) error { return exchange(one, other) }
func (disk) RemoveAll(path string) error      { return os.RemoveAll(path) }

// mode takes from a mode what others may not.
func (d disk) mode(m os.FileMode) os.FileMode {
	if d.private {
		return m & 0o700
	}
	return m
}

func (d disk) Create(path string) (file, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, d.mode(0o666))
	if err != nil {
		return nil, err // not f: a nil *os.File would make an interface that is not nil
	}
	return f, nil
}

func (disk) SyncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		err = nil // some file systems cannot sync a folder
	}
	return errors.Join(err, f.Close())
}

// writeFile writes a new file and flushes it to the disk.
func writeFile(on files, path string, data []byte) error {
	f, err := on.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
