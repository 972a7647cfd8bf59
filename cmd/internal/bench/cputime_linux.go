package bench

import (
	"syscall"
	"time"
)

// onProcessor returns how long the calling thread has been on a processor, and
// whether the system can tell.
func onProcessor() (time.Duration, bool) {
	return usage(syscall.RUSAGE_THREAD)
}

// processTime is onProcessor for all threads of the program.
func processTime() (time.Duration, bool) { return usage(syscall.RUSAGE_SELF) }

func usage(who int) (time.Duration, bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
