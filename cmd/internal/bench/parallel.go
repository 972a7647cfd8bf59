package bench

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"sesim/sim/workers"
)

// took is how long something took. Of work on one core, work is how long it
// was on the processor, which other programs do not move, where the system can
// tell, finely enough; otherwise, and of work on several cores, where waiting
// for each other counts, it is wall.
type took struct{ wall, work time.Duration }

// newTook chooses between the wall time and the time on the processor: where
// that moves in steps of more than a fiftieth of it, it tells less.
func newTook(wall, processor time.Duration) took {
	if step := processorStep(); step == 0 || processor < 50*step {
		return took{wall, wall}
	}
	return took{wall, processor}
}

// processorStep returns the shortest step seen of a thread's time on the processor, which
// a thread that waits does not move; 0 where the system does not tell it. Steps are longer
// where the hypervisor ran something else meanwhile.
var processorStep = sync.OnceValue(func() time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	step, steps := time.Duration(0), 0
	last, known := onProcessor()
	for start := time.Now(); known && steps < 9 && time.Since(start) < 100*time.Millisecond; {
		now, _ := onProcessor()
		if now == last {
			continue
		}
		if steps == 0 || now-last < step {
			step = now - last
		}
		last = now
		steps++
	}
	return step
})

// parallel runs each core's part, and returns the time from when all cores are
// ready until the last one has finished.
func parallel(cores int, do func(core int)) took {
	if cores == 1 {
		return alone(do)
	}
	var waiting atomic.Int64
	waiting.Store(int64(cores))
	begin := make(chan struct{})
	var start time.Time
	workers.Each(cores, cores, func(core int) {
		if waiting.Add(-1) == 0 {
			start = time.Now()
			close(begin)
		}
		<-begin
		do(core)
	})
	wall := time.Since(start)
	return took{wall, wall}
}

func alone(do func(core int)) took {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, _ := onProcessor()
	start := time.Now()
	do(0)
	wall := time.Since(start)
	after, _ := onProcessor()
	return newTook(wall, after-before)
}

// watch begins to measure the whole program, of which work is that of all its
// threads; the function it returns ends it.
func watch() (stop func() took) { return startStopwatch().stop }

// stopwatch measures the whole program but for what pauses it.
type stopwatch struct {
	start           time.Time
	before          time.Duration // on processors
	paused, working time.Duration // wall time of the pauses, and time on processors meanwhile
}

func startStopwatch() *stopwatch {
	before, _ := processTime()
	return &stopwatch{start: time.Now(), before: before}
}

func (w *stopwatch) pause(do func()) {
	before, _ := processTime()
	start := time.Now()
	do()
	w.paused += time.Since(start)
	after, _ := processTime()
	w.working += after - before
}

func (w *stopwatch) stop() took {
	wall := time.Since(w.start)
	after, _ := processTime()
	return newTook(wall-w.paused, after-w.before-w.working)
}
