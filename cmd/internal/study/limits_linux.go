package study

import (
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// systemLimits asks the system for the limits of the process.
func systemLimits() limits {
	var l limits
	var of syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &of) == nil {
		l.files = of.Cur
	}
	if syscall.Getrlimit(syscall.RLIMIT_AS, &of) == nil && of.Cur <= math.MaxInt64 {
		l.address = of.Cur
	}
	if syscall.Getrlimit(syscall.RLIMIT_DATA, &of) == nil && of.Cur <= math.MaxInt64 {
		l.data = of.Cur
	}
	return l
}

// processorTime returns the time that the process has taken on all cores; 0 if unknown.
func processorTime() time.Duration {
	var of syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &of) != nil {
		return 0
	}
	return time.Duration(of.Utime.Nano() + of.Stime.Nano())
}

// systemRoom asks the system for the memory that is left.
func systemRoom() room {
	r := roomIn(os.DirFS("/"))
	r.limits = systemLimits()
	return r
}

// roomIn reads the memory that is left from the files of Linux below a root.
func roomIn(root fs.FS) room {
	status, meminfo := contentOf(root, "proc/self/status"), contentOf(root, "proc/meminfo")
	r := room{
		addressUsed: statusField(status, "VmSize"), dataUsed: statusField(status, "VmData"), available: statusField(meminfo, "MemAvailable"),
	}
	for line := range strings.Lines(contentOf(root, "proc/self/cgroup")) {
		number, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		switch {
		case number == "0" && controllers == "":
			r.within(root, "sys/fs/cgroup", group, "memory.max", "memory.current", "inactive_file")
		case controllers == "memory" || strings.Contains(","+controllers+",", ",memory,"):
			r.within(root, "sys/fs/cgroup/memory", group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
		}
	}
	return r
}

// within takes the limits of a cgroup and of those around it into account. A process
// in a container may see its own group as the root.
func (r *room) within(root fs.FS, mount, group, limit, usage, reclaimable string) {
	const unlimited = 1 << 60 // and above: version 1 says a number near 1<<63
	for at := strings.Trim(path.Clean("/"+group), "/"); ; at = path.Dir(at) {
		dir := path.Join(mount, at)
		most := number(contentOf(root, path.Join(dir, limit)))
		if most > 0 && most < unlimited {
			used := number(contentOf(root, path.Join(dir, usage)))
			for line := range strings.Lines(contentOf(root, path.Join(dir, "memory.stat"))) {
				if value, found := strings.CutPrefix(line, reclaimable+" "); found {
					used -= number(value)
				}
			}
			left := max(most-max(used, 0), 0)
			if r.cgroup == 0 || left < r.cgroupLeft {
				r.cgroupLeft = left
			}
			if r.cgroup == 0 || most < r.cgroup {
				r.cgroup = most
			}
		}
		if at == "" || at == "." {
			return
		}
	}
}

// contentOf returns a file's content; "" if it cannot be read.
func contentOf(root fs.FS, name string) string {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return string(text)
}

// number reads a number; 0 for other text, such as "max".
func number(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
