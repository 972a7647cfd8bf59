package study

import (
	"os"
	"runtime/metrics"
	"strconv"
	"strings"
)

// peakMemory returns the peak memory of the process in bytes: on Linux the
// high-water mark of the resident set, on other systems the memory that the Go
// runtime obtained from the system.
func peakMemory() int64 {
	if text, err := os.ReadFile("/proc/self/status"); err == nil {
		if peak := highWaterMark(string(text)); peak > 0 {
			return peak
		}
	}
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(sample[0].Value.Uint64())
}

// highWaterMark reads the line "VmHWM: 12345 kB"; 0 if there is none.
func highWaterMark(status string) int64 {
	_, rest, found := strings.Cut(status, "VmHWM:")
	if !found {
		return 0
	}
	fields := strings.Fields(rest)
	if len(fields) < 2 || fields[1] != "kB" {
		return 0
	}
	kilobytes, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}
