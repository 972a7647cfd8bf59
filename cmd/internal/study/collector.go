package study

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Many short runs that follow one another leave many times as much garbage as there
// is live memory. While little is live, collecting it when the heap is five times
// as large, not twice, saves processor time for at most 160 MiB.
const (
	usualPercent   = 100
	relaxedPercent = 400
	smallHeap      = 32 << 20 // live bytes up to which the heap may grow to five times as much
	tightPercent   = 25       // where what is live has no pointers to follow, and collecting is cheap
)

// tightly keeps the heap close to what is live until the returned function is called. It
// changes nothing if the user has set GOGC or GOMEMLIMIT.
func (s *System) tightly() (end func()) {
	if s.collectorSet() {
		return func() {}
	}
	debug.SetGCPercent(tightPercent)
	return func() { debug.SetGCPercent(usualPercent) }
}

// collectorPercent returns the collector's percentage for the live bytes.
func collectorPercent(live uint64) int {
	if live <= smallHeap {
		return relaxedPercent
	}
	return usualPercent
}

// collector sets the garbage collector's percentage after every collection.
type collector struct {
	sync.Mutex
	percent int // in force
	ended   bool
}

// manyRuns lets the heap grow further between collections until the returned
// function is called. It changes nothing if the user has set GOGC or GOMEMLIMIT.
func (s *System) manyRuns() (end func()) {
	if s.collectorSet() {
		return func() {}
	}
	c := &collector{percent: usualPercent}
	c.set(liveBytes())
	c.watch()
	return c.end
}

// collectorSet reports whether the user has set the collector.
func (s *System) collectorSet() bool { return s.Getenv("GOGC") != "" || s.Getenv("GOMEMLIMIT") != "" }

// sentinel is garbage from the beginning, so that its finalizer runs after the next
// collection.
type sentinel struct{ of *collector }

// watch sets the percentage after every collection.
func (c *collector) watch() {
	runtime.SetFinalizer(&sentinel{c}, func(s *sentinel) {
		if s.of.set(liveBytes()) {
			s.of.watch()
		}
	})
}

// set sets the percentage for the live bytes. It returns false after the end.
func (c *collector) set(live uint64) bool {
	c.Lock()
	defer c.Unlock()
	if c.ended {
		return false
	}
	if p := collectorPercent(live); p != c.percent { // setting it stops all goroutines
		debug.SetGCPercent(p)
		c.percent = p
	}
	return true
}

func (c *collector) end() {
	c.Lock()
	defer c.Unlock()
	c.ended = true
	debug.SetGCPercent(usualPercent)
}

// liveBytes returns what the last collection left.
func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
