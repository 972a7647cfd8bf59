package study

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Many short runs that follow one another leave many times as much garbage as there
// is live memory. While little is live, collecting it when the heap is five times
// as large, not twice, saves processor time for at most 160 MiB. Where much is live, as much
// garbage again costs more than collecting it earlier: most of what a large run holds are the
// windows of quotas, which have few pointers to follow.
const (
	usualPercent   = 100
	relaxedPercent = 400
	smallHeap      = 32 << 20  // live bytes up to which the heap may grow to five times as much
	mostGarbage    = 256 << 20 // that is left, if it is no less than tightPercent of what is live
	tightPercent   = 25        // also where what is live has no pointers to follow, and collecting is cheap
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
func collectorPercent(live uint64, many bool) int {
	if many && live <= smallHeap {
		return relaxedPercent
	}
	return int(max(tightPercent, min(usualPercent, mostGarbage*100/max(live, 1))))
}

// collector sets the garbage collector's percentage after every collection, while there are
// runs.
type collector struct {
	sync.Mutex
	single, many int  // runs, and studies of many runs, that are under way
	percent      int  // in force
	watching     bool // a sentinel waits for the next collection
}

// garbage is the only one, as a process has one garbage collector.
var garbage = collector{percent: usualPercent}

// BoundGarbage bounds the garbage of a large run until the returned function is called. It
// changes nothing if the user has set GOGC or GOMEMLIMIT.
func (s *System) BoundGarbage() (end func()) { return s.collect(&garbage.single) }

// manyRuns also lets the heap grow further between collections, where it is small.
func (s *System) manyRuns() (end func()) { return s.collect(&garbage.many) }

// collect counts what is under way.
func (s *System) collect(underWay *int) (end func()) {
	if s.collectorSet() {
		return func() {}
	}
	garbage.count(underWay, 1)
	return func() { garbage.count(underWay, -1) }
}

func (c *collector) count(underWay *int, n int) {
	c.Lock()
	defer c.Unlock()
	*underWay += n
	c.set(liveBytes())
	if !c.watching {
		c.watching = true
		c.watch()
	}
}

// collectorSet reports whether the user has set the collector.
func (s *System) collectorSet() bool { return s.Getenv("GOGC") != "" || s.Getenv("GOMEMLIMIT") != "" }

// sentinel is garbage from the beginning, so that its finalizer runs after the next
// collection.
type sentinel struct{ of *collector }

// watch sets the percentage after every collection.
func (c *collector) watch() {
	runtime.SetFinalizer(&sentinel{c}, func(s *sentinel) { s.of.collected() })
}

// collected follows a collection.
func (c *collector) collected() {
	c.Lock()
	defer c.Unlock()
	if c.watching = c.single+c.many > 0; c.watching {
		c.set(liveBytes())
		c.watch()
	}
}

// set sets the percentage for the live bytes.
func (c *collector) set(live uint64) {
	p := usualPercent
	if c.single+c.many > 0 {
		p = collectorPercent(live, c.many > 0)
	}
	if p != c.percent { // setting it stops all goroutines
		debug.SetGCPercent(p)
		c.percent = p
	}
}

// liveBytes returns what the last collection left.
func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
