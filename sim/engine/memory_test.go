package engine_test

import (
	"runtime"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
)

// TestMemoryDoesNotGrowWithTime compares six days with six hundred, of which
// the series has about as many samples: what a run holds at its end must follow
// its addresses and what is pending, and what it allocates must not follow
// the mail.
func TestMemoryDoesNotGrowWithTime(t *testing.T) {
	footprint(t, 6) // what is made once for all runs is there then
	short, long := footprint(t, 6), footprint(t, 600)
	if got := float64(long.held) / float64(short.held); got > 1.05 {
		t.Errorf("six hundred days hold %d bytes, six %d: %.2f times as many", long.held, short.held, got)
	}
	perRecipient := (float64(long.allocs) - float64(short.allocs)) / float64(long.recipients-short.recipients)
	if perRecipient > 0.001 {
		t.Errorf("%.4f allocations a recipient after the first six days", perRecipient)
	}
	t.Logf("6 days: %+v; 600 days: %+v", short, long)
}

// footprintOf is what a run holds at its end, and what it allocated.
type footprintOf struct {
	held, allocs uint64
	recipients   int64
}

// footprint runs so many days of mail to the same addresses, none of which
// dies, for the dead would join the lists. It looks at the heap in the last
// tick, while the run still holds all it has.
func footprint(t *testing.T, days int64) footprintOf {
	t.Helper()
	cfg := traffic(t, days, 20_000, 20_000)
	cfg.Audiences[0].Decay = 0
	var f footprintOf
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what finalizers of the first have let go
	runtime.ReadMemStats(&m)
	before := m
	_, err := engine.Run(cfg, sim.Hooks{Tick: func(p sim.Progress) bool {
		if p.Now == time.Duration(days)*day {
			runtime.GC()
			runtime.ReadMemStats(&m)
			f = footprintOf{m.HeapAlloc - before.HeapAlloc, m.Mallocs - before.Mallocs, p.Recipients}
		}
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestClientMemory checks what a client holds: nothing for each message that waits of a
// campaign of ten million, and a few hundred bytes for each call under way of a hundred
// thousand workers.
func TestClientMemory(t *testing.T) {
	const addresses = 10_000_000
	waiting := heldByClient(t, addresses, 10)
	if waiting > 2<<20 {
		t.Errorf("a campaign of %d messages, ten of which are under way, holds %d bytes beside those of its addresses", addresses, waiting)
	}
	if each := (heldByClient(t, addresses, 100_000) - waiting) / 100_000; each < 100 || each > 400 {
		t.Errorf("a call under way holds %d bytes", each)
	}
}

// heldByClient returns what a run with a campaign through a client of some workers holds
// after half an hour, beside a byte for each address.
func heldByClient(t *testing.T, addresses, workers int64) int64 {
	t.Helper()
	of := client.Default()
	of.Workers.N, of.Latency = workers, fixed(time.Hour)
	cfg := campaigning(t, 1, addresses, of)
	cfg.Horizon = 30 * time.Minute
	var before, during runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	_, err := engine.Run(cfg, sim.Hooks{Tick: func(p sim.Progress) bool {
		if p.Now == cfg.Horizon {
			runtime.GC()
			runtime.ReadMemStats(&during)
		}
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	return int64(during.HeapAlloc-before.HeapAlloc) - addresses
}

// TestResultLetsGo compares what a run holds in its last tick with what its result
// holds: the windows and lists of its accounts are needed no more.
func TestResultLetsGo(t *testing.T) {
	cfg := traffic(t, 2, 200_000, 20_000)
	var before, during, after runtime.MemStats
	read := func(m *runtime.MemStats) {
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(m)
	}
	read(&before)
	r, err := engine.Run(cfg, sim.Hooks{Tick: func(p sim.Progress) bool {
		if p.Now == 2*day {
			read(&during)
		}
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	read(&after)
	held, kept := int64(during.HeapAlloc-before.HeapAlloc), int64(after.HeapAlloc)-int64(before.HeapAlloc)
	series := int64(8 * len(r.Series.Columns) * cap(r.Series.Columns[0].Values))
	if kept > held/2+series {
		t.Errorf("the run held %d bytes, and its result holds %d, of which the series %d", held, kept, series)
	}
	t.Logf("held %d, kept %d, series %d", held, kept, series)
	runtime.KeepAlive(r)
}
