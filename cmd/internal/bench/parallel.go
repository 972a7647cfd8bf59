package bench

import (
	"runtime"
	"sync"
	"time"
)

// took is how long something took. Of work on one core, work is how long it
// was on the processor where the system can tell, which other programs do not
// move; otherwise, and of work on several cores, where waiting for each other
// counts, it is wall.
type took struct{ wall, work time.Duration }

// parallel has each core do its part, and returns the time from the moment at
// which all are ready to the end of the last.
func parallel(cores int, do func(core int)) took {
	if cores == 1 {
		return alone(do)
	}
	var ready, done sync.WaitGroup
	begin := make(chan struct{})
	ready.Add(cores)
	for core := range cores {
		done.Go(func() {
			ready.Done()
			<-begin
			do(core)
		})
	}
	ready.Wait()
	start := time.Now()
	close(begin)
	done.Wait()
	wall := time.Since(start)
	return took{wall, wall}
}

func alone(do func(core int)) took {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, known := onProcessor()
	start := time.Now()
	do(0)
	wall := time.Since(start)
	after, _ := onProcessor()
	if work := after - before; known && work > 0 {
		return took{wall, work}
	}
	return took{wall, wall}
}

// watch begins to measure the whole program, of which work is that of all its
// threads; the function it returns ends it.
func watch() (stop func() took) {
	before, known := processTime()
	start := time.Now()
	return func() took {
		wall := time.Since(start)
		after, _ := processTime()
		if work := after - before; known && work > 0 {
			return took{wall, work}
		}
		return took{wall, wall}
	}
}
