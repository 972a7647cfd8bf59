package rundir

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange is files.Exchange on the disk.
func exchange(one, other string) error {
	err := unix.Renameat2(unix.AT_FDCWD, one, unix.AT_FDCWD, other, unix.RENAME_EXCHANGE)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EINVAL): // a file system that knows no exchange
		err = errors.ErrUnsupported
	}
	return &os.LinkError{Op: "exchange", Old: one, New: other, Err: err}
}
