package study

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

const mega = 1 << 20

// fakeRoot returns the files of a process and of its machine, with further ones.
func fakeRoot(files map[string]string) fstest.MapFS {
	root := fstest.MapFS{
		"proc/self/status": {Data: []byte("Name:\tsesim\nVmSize:\t1024 kB\nVmData:\t512 kB\n")},
		"proc/meminfo":     {Data: []byte("MemTotal:  8388608 kB\nMemFree: 1 kB\nMemAvailable:    4194304 kB\n")},
	}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return root
}

// TestRoom reads what the machine and the cgroups of both versions have left.
func TestRoom(t *testing.T) {
	const v2, v1 = "sys/fs/cgroup/", "sys/fs/cgroup/memory/"
	for name, c := range map[string]struct {
		files        map[string]string
		cgroup, left int64 // MB
	}{
		"no cgroup": {nil, 0, 0},
		"unlimited": {map[string]string{"proc/self/cgroup": "0::/a\n", v2 + "a/memory.max": "max\n", v2 + "a/memory.current": "5\n"}, 0, 0},
		"version 2": {map[string]string{
			"proc/self/cgroup": "0::/a/b\n", v2 + "a/b/memory.max": fmt.Sprint(100 * mega), v2 + "a/b/memory.current": fmt.Sprint(30 * mega),
			v2 + "a/b/memory.stat": fmt.Sprintf("anon 1\ninactive_file %d\nactive_file 2\n", 10*mega),
		}, 100, 80},
		"the one around it is smaller": {map[string]string{
			"proc/self/cgroup": "0::/a/b\n", v2 + "a/b/memory.max": fmt.Sprint(100 * mega), v2 + "a/b/memory.current": fmt.Sprint(30 * mega),
			v2 + "a/memory.max": fmt.Sprint(90 * mega), v2 + "a/memory.current": fmt.Sprint(85 * mega),
		}, 90, 5},
		"a container's own root": {map[string]string{
			"proc/self/cgroup": "0::/far/away\n", v2 + "memory.max": fmt.Sprint(50 * mega), v2 + "memory.current": fmt.Sprint(60 * mega),
		}, 50, 0},
		"version 1": {map[string]string{
			"proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/a\n0::/\n", v1 + "a/memory.limit_in_bytes": fmt.Sprint(200 * mega),
			v1 + "a/memory.usage_in_bytes": fmt.Sprint(150 * mega), v1 + "a/memory.stat": fmt.Sprintf("total_inactive_file %d\n", 50*mega),
			v1 + "memory.limit_in_bytes": "9223372036854771712\n",
		}, 200, 100},
		"nonsense": {map[string]string{"proc/self/cgroup": "::\nx\n0::/../..\n4:memory:\n", v2 + "memory.max": "many\n"}, 0, 0},
	} {
		got := roomIn(fakeRoot(c.files))
		want := room{addressUsed: mega, dataUsed: mega / 2, available: 4096 * mega, cgroup: c.cgroup * mega, cgroupLeft: c.left * mega}
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// TestRoomCheck: what no limit survives is an error that names estimate, limit and
// help; what is scarce is a warning.
func TestRoomCheck(t *testing.T) {
	const need = 1000 * mega
	for name, c := range map[string]struct {
		room          room
		warning, fail string
	}{
		"unknown":               {room{}, "", ""},
		"enough":                {room{available: need, cgroup: need, cgroupLeft: need}, "", ""},
		"little memory":         {room{available: need - 1}, "about 1,000 MB of memory will be needed, and 1,000 MB are available", ""},
		"a used cgroup":         {room{cgroup: need, cgroupLeft: 20 * mega}, "and the cgroup has 20 MB left", ""},
		"a small cgroup":        {room{cgroup: need - mega}, "", "the limit of the cgroup is 999 MB: raise the limit of the cgroup"},
		"little address space":  {room{limits: limits{address: 1200 * mega}, addressUsed: 100 * mega}, "", "leaves 1,100 MB: raise ulimit -v"},
		"enough address space":  {room{limits: limits{address: 1400 * mega}, addressUsed: 100 * mega}, "", ""},
		"unknown address space": {room{limits: limits{address: 1}}, "", ""},
		"little data":           {room{limits: limits{data: 1200 * mega}, dataUsed: 300 * mega}, "", "the data segment leaves 900 MB: raise ulimit -d"},
	} {
		warning, err := c.room.check(need)
		if (warning == "") != (c.warning == "") || !strings.Contains(warning, c.warning) {
			t.Errorf("%s: warning %q, want %q", name, warning, c.warning)
		}
		if (err == nil) != (c.fail == "") || err != nil && !strings.Contains(err.Error(), c.fail) {
			t.Errorf("%s: error %v, want %q", name, err, c.fail)
		}
	}
}
