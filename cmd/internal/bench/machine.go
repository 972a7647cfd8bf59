package bench

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"sesim/reports/benchmark"
)

// unknownFree is the free memory assumed where the system does not report it:
// enough for ten million addresses.
const unknownFree = 2 << 30

func machine(cores int) benchmark.Machine {
	total, free := memory()
	return benchmark.Machine{
		Processor: processor(), Cores: cores, MemoryBytes: total, FreeBytes: free, Load: load(),
		OS: runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version(),
	}
}

// processor returns the processor's name, or "" if the system does not report it.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// load returns the load average of the last minute, or 0 if the system does
// not report it.
func load() float64 {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	v, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return v
}

// memory returns the machine's memory in bytes, and how much of it this process
// may still use: what the system reports as available, or less if a control
// group sets a limit.
func memory() (total, free int64) {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, unknownFree
	}
	total, free = meminfo(string(text), "MemTotal"), meminfo(string(text), "MemAvailable")
	limit, known := number("/sys/fs/cgroup/memory.max")
	if used, ok := number("/sys/fs/cgroup/memory.current"); known && ok {
		total, free = min(total, limit), min(free, max(limit-used, 0))
	}
	return total, free
}

// meminfo reads a line such as "MemTotal:  24585424 kB"; 0 where there is none.
func meminfo(text, key string) int64 {
	_, rest, found := strings.Cut(text, key+":")
	fields := strings.Fields(rest)
	if !found || len(fields) < 2 || fields[1] != "kB" {
		return 0
	}
	kilobytes, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}

// number reads a file that holds one number, and not the word "max".
func number(path string) (int64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}

// The memory that a measurement takes, in bytes per address: three worlds of the
// model with their lists, the rungs on numbers, and the reference's texts.
const (
	modelBytes     = 6
	referenceBytes = 56
)

// fit says what of a comparison fits into memory.
type fit struct{ model, reference bool }

// fits looks at what is free, of which it takes at most half, and notes what is left
// out.
func (s *session) fits(n int64) fit {
	_, free := memory()
	have := free / 2
	f := fit{n*modelBytes <= have, n*(modelBytes+referenceBytes) <= have}
	switch {
	case !f.model:
		s.note(leftOut(short(n)+" addresses", "all", n*modelBytes, free))
	case !f.reference:
		s.note(leftOut(short(n)+" addresses", "the reference", n*(modelBytes+referenceBytes), free))
	}
	return f
}

// leftOut says what of a measurement does not fit into half of the free memory.
func leftOut(of, what string, need, free int64) string {
	return fmt.Sprintf("%s: %s left out; it takes about %s, and half of the free %s is %s",
		of, what, bytesText(need), bytesText(free), bytesText(free/2))
}

// release gives memory that is no longer needed back to the system.
func release() { debug.FreeOSMemory() }

// live returns the bytes that live objects hold, after two collections: the
// first one leaves what finalizers and pools still hold.
func live() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// peak returns the most memory in bytes that the process held since resetPeak
// where the system can tell, and otherwise what it has taken from the system.
func peak() int64 {
	if text, err := os.ReadFile("/proc/self/status"); err == nil {
		return meminfo(string(text), "VmHWM")
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}

// resetPeak begins a new measurement of the peak. Where the system does not
// allow it, peaks are those of the whole process.
func resetPeak() {
	release()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return strconv.FormatFloat(float64(n)/(1<<30), 'f', 1, 64) + " GiB"
	case n >= 1<<20:
		return strconv.FormatInt(n>>20, 10) + " MiB"
	}
	return strconv.FormatInt(n>>10, 10) + " KiB"
}

// short writes a round count such as 1e7, others in full.
func short(n int64) string {
	zeros := 0
	for m := n; m >= 10 && m%10 == 0; m /= 10 {
		zeros++
	}
	if lead := strconv.FormatInt(n, 10); zeros >= 3 && len(lead)-zeros == 1 {
		return lead[:1] + "e" + strconv.Itoa(zeros)
	}
	return strconv.FormatInt(n, 10)
}

// shortRate writes a number of events a second such as 5 M.
func shortRate(perSecond float64) string {
	switch {
	case perSecond >= 1e6:
		return strconv.FormatFloat(perSecond/1e6, 'g', 4, 64) + " M"
	case perSecond >= 1e3:
		return strconv.FormatFloat(perSecond/1e3, 'g', 4, 64) + " k"
	}
	return strconv.FormatFloat(perSecond, 'g', 4, 64)
}
