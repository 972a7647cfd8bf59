//go:build !linux

package rundir

import "errors"

// exchange is files.Exchange on the disk.
func exchange(string, string) error { return errors.ErrUnsupported }
