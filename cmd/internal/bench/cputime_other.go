//go:build !linux

package bench

import "time"

// onProcessor returns how long the calling thread has been on a processor, and
// whether the system can tell: here it cannot.
func onProcessor() (time.Duration, bool) { return 0, false }

// processTime is onProcessor for all threads of the program.
func processTime() (time.Duration, bool) { return 0, false }
