package study

import (
	"errors"
	"fmt"

	"sesim/sim/unit"
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
	data    uint64 // bytes of private memory; 0 if unlimited or unknown
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

// room is the memory that the system leaves to the process, in bytes; 0 where it is
// not known or not limited.
type room struct {
	limits
	addressUsed, dataUsed int64
	available             int64 // of the machine, without swapping
	cgroup                int64 // the limit of the process's cgroup, or of one around it
	cgroupLeft            int64 // of it
}

// check compares a peak of resident memory with what is left. The error names a limit
// that the process would not survive, the warning what is scarce at the moment.
func (r room) check(need int64) (warning string, err error) {
	// The address space beyond the resident set is what the runtime reserves.
	if left := int64(r.address) - r.addressUsed; r.address > 0 && r.addressUsed > 0 && need+leastAddress/2 > left {
		return "", tooMuch(need, "the limit on the address space leaves", left, "raise ulimit -v")
	}
	if left := int64(r.data) - r.dataUsed; r.data > 0 && need > left {
		return "", tooMuch(need, "the limit on the data segment leaves", left, "raise ulimit -d")
	}
	if r.cgroup > 0 && need > r.cgroup {
		return "", tooMuch(need, "the limit of the cgroup is", r.cgroup, "raise the limit of the cgroup")
	}
	switch {
	case r.cgroup > 0 && need > r.cgroupLeft:
		return fmt.Sprintf("about %s of memory will be needed, and the cgroup has %s left", size(need), size(r.cgroupLeft)), nil
	case r.available > 0 && need > r.available:
		return fmt.Sprintf("about %s of memory will be needed, and %s are available", size(need), size(r.available)), nil
	}
	return "", nil
}

func tooMuch(need int64, limit string, left int64, help string) error {
	return fmt.Errorf("about %s of memory will be needed, and %s %s: %s", size(need), limit, size(max(left, 0)), help)
}

// size formats bytes of memory.
func size(bytes int64) string {
	if bytes >= 10<<30 {
		return unit.Grouped(bytes>>30) + " GB"
	}
	return unit.Grouped((bytes+1<<20-1)>>20) + " MB"
}
