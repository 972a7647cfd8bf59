package bench

import (
	"syscall"
	"time"
)

// onProcessor returns how long the calling thread has been on a processor, and
// whether the system can tell.
func onProcessor() (time.Duration, bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
