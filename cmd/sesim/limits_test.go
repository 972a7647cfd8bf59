package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// A run with all its outputs gets along with the files that the program asks
// for, and with fewer it says so, also where the Go runtime could not open any.
func TestFewFiles(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only there are the limits known")
	}
	inside(t)
	write(t, "recorded.toml", recorded(t))
	write(t, "sends.csv", sends)
	for _, c := range []struct {
		files int
		code  exitCode
		want  string
	}{
		{6, exitInternal, "sesim: only 6 files may be open at a time, and a run needs 16: raise ulimit -n\n"},
		{7, exitInternal, "sesim: only 7 files may be open at a time, and a run needs 16: raise ulimit -n\n"},
		{16, exitPassed, ""},
	} {
		cmd := process(t, "run", "recorded.toml", "--quiet", "-o", "out", "--events", "e", "--refusals", "r", "--statistics", "s",
			"--junit", "j", "--openmetrics", "o")
		limited := exec.CommandContext(t.Context(), "sh", append([]string{"-c", fmt.Sprintf(`ulimit -n %d; exec "$0" "$@"`, c.files)}, cmd.Args...)...)
		limited.Env = cmd.Env
		var stderr bytes.Buffer
		limited.Stderr = &stderr
		_ = limited.Run()
		if limited.ProcessState.ExitCode() != int(c.code) || stderr.String() != c.want {
			t.Errorf("%d files: %v, %.300q", c.files, limited.ProcessState, stderr.String())
		}
	}
}

// A run that a limit would end is refused before it begins, with the estimate, the
// limit and what helps.
func TestLittleMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only there are the limits known")
	}
	t.Chdir(t.TempDir())
	cmd := process(t, "run", "region-day", "--quiet", "-o", "out")
	limited := exec.CommandContext(t.Context(), "sh", append([]string{"-c", `ulimit -d 600000 && exec "$0" "$@"`}, cmd.Args...)...)
	limited.Env = cmd.Env
	var stderr bytes.Buffer
	limited.Stderr = &stderr
	_ = limited.Run()
	said := stderr.String()
	if limited.ProcessState.ExitCode() != int(exitInternal) || !strings.HasPrefix(said, "sesim: region-day: about ") ||
		!strings.Contains(said, "of memory will be needed, and the limit on the data segment leaves ") {
		t.Errorf("%v, %.500q", limited.ProcessState, said)
	}
	if left := entries(t, "."); len(left) != 0 {
		t.Errorf("written: %v", left)
	}
}
