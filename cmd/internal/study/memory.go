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
	if peak := processStatus("VmHWM"); peak > 0 {
		return peak
	}
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(sample[0].Value.Uint64())
}

// addressSpace returns the bytes of address space in use; 0 if unknown.
func addressSpace() int64 { return processStatus("VmSize") }

// processStatus returns a field of the status that Linux keeps of a process, in
// bytes; 0 if there is none.
func processStatus(field string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	return statusField(string(text), field)
}

// statusField reads a line such as "VmHWM: 12345 kB"; 0 if there is none.
func statusField(status, field string) int64 {
	_, rest, found := strings.Cut("\n"+status, "\n"+field+":")
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
