package bench

import (
	"syscall"
	"time"
	"unsafe"
)

// The clocks of Linux that count time on processors. Unlike getrusage they are exact for a
// thread that is running.
const (
	processClock = 2
	threadClock  = 3
)

// onProcessor returns how long the calling thread has been on a processor, and
// whether the system can tell.
func onProcessor() (time.Duration, bool) { return readClock(threadClock) }

// processTime is onProcessor for all threads of the program.
func processTime() (time.Duration, bool) { return readClock(processClock) }

func readClock(id uintptr) (time.Duration, bool) {
	var t syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, id, uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		return 0, false
	}
	return time.Duration(t.Nano()), true
}
