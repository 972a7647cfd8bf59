package study

import (
	"math"
	"syscall"
)

// systemLimits asks the system for the limits of the process.
func systemLimits() limits {
	var l limits
	var of syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &of) == nil {
		l.files = of.Cur
	}
	if syscall.Getrlimit(syscall.RLIMIT_AS, &of) == nil && of.Cur <= math.MaxInt64 {
		l.address = of.Cur
	}
	return l
}
