package study

import (
	"errors"
	"fmt"
)

// What a run needs at least of what the system may limit. A run of the default
// scenario with every output has 14 files open, and grows its address space by
// some 210 MB, most of which the Go runtime reserves.
const (
	leastFiles   = 16
	leastAddress = 256 << 20 // bytes
)

// limits are the hard limits of the process; the zero value knows of none.
type limits struct {
	files   uint64 // that may be open; 0 if unknown
	address uint64 // bytes of address space; 0 if unlimited or unknown
}

// CheckLimits rejects limits of the system under which no run would end well.
// What the Go runtime cannot start or go on with ends the program without a word
// of ours. CheckLimits opens files only if enough may be open.
func CheckLimits() error {
	l := systemLimits()
	if err := l.checkFiles(); err != nil {
		return err
	}
	if l.address == 0 {
		return nil
	}
	return l.checkAddress(addressSpace())
}

func (l limits) checkFiles() error {
	if l.files == 0 || l.files >= leastFiles {
		return nil
	}
	return &Error{Internal, fmt.Errorf("only %d files may be open at a time, and a run needs %d: raise ulimit -n", l.files, leastFiles)}
}

// checkAddress takes the bytes of address space in use; 0 if unknown.
func (l limits) checkAddress(used int64) error {
	left := int64(l.address) - used
	if used == 0 || left >= leastAddress {
		return nil
	}
	return &Error{Internal, fmt.Errorf("the limit on the address space leaves %d MB, and a run needs at least %d MB: %w",
		max(left, 0)>>20, leastAddress>>20, errAddressSpace)}
}

// errAddressSpace says what to do about a limit that Go programs cannot live with.
var errAddressSpace = errors.New("raise ulimit -v, or limit the memory by a cgroup instead")
