package main

import (
	"bytes"
	"os"
	"strings"
	"syscall"
	"testing"
)

// broken is a standard output that fails after so many bytes.
type broken struct {
	left int
	err  error
}

func (b *broken) Write(p []byte) (int, error) {
	n := min(b.left, len(p))
	b.left -= n
	if n < len(p) {
		return n, b.err
	}
	return n, nil
}

// TestBrokenOutput breaks standard output at the first byte and in the middle:
// one message, status 1 even for a run whose thresholds fail, and the report
// is written all the same.
func TestBrokenOutput(t *testing.T) {
	for _, c := range []struct {
		args []string
		left int
	}{
		{[]string{"run", "quick.toml", "--progress", "none", "-o", "report"}, 0},
		{[]string{"run", "quick.toml", "--progress", "none", "-o", "report"}, 100},
		{[]string{"run", "quick.toml", "--progress", "none", "-o", "report", "--json"}, 100},
		{[]string{"run", "--help"}, 100},
		{[]string{"help", "exit-codes"}, 0},
		{[]string{"scenarios"}, 10},
		{[]string{"scenarios", "first-campaign"}, 10},
		{[]string{"validate", "quick.toml"}, 0},
		{[]string{"version"}, 0},
		{[]string{"completion", "bash"}, 1000},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			inside(t)
			write(t, "quick.toml", thresholds(`"acme.refused.quota > 0"`))
			var stderr strings.Builder
			code := run(t.Context(), c.args, nil, &broken{c.left, syscall.EPIPE}, &stderr)
			if code != int(exitInternal) || stderr.String() != "sesim: standard output: broken pipe\n" {
				t.Errorf("exit status %d, stderr %q", code, stderr.String())
			}
			if c.args[0] == "run" && c.args[1] != "--help" && readSummary(t, "report").Status != "complete" {
				t.Error("the report was not written")
			}
		})
	}
}

// TestOutputOfTheProcess closes standard output in the ways a shell can.
func TestOutputOfTheProcess(t *testing.T) {
	inside(t)
	closedPipe := func() *os.File {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		return w
	}
	open := func(name string, flag int) *os.File {
		f, err := os.OpenFile(name, flag, 0)
		if err != nil {
			t.Skip(err)
		}
		return f
	}
	const lost = "sesim: standard output is closed or the null device; what is printed is lost\n"
	for _, c := range []struct {
		name   string
		stdout func() *os.File
		json   bool
		code   exitCode
		want   string
	}{
		{"broken pipe", closedPipe, false, exitInternal, "sesim: standard output: broken pipe\n"},
		{"full device", func() *os.File { return open("/dev/full", os.O_WRONLY) }, false, exitInternal, "sesim: standard output: no space left on device\n"},
		{"null device", func() *os.File { return open(os.DevNull, os.O_WRONLY) }, true, exitPassed, ""},
		// The Go runtime gives a program without a standard output this one, and Python's DEVNULL is the same.
		{"closed", func() *os.File { return open(os.DevNull, os.O_RDWR) }, false, exitPassed, lost},
		{"closed, and nothing else asked for", func() *os.File { return open(os.DevNull, os.O_RDWR) }, true, exitPassed, lost},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := []string{"run", "quick.toml", "--progress", "none"}
			if c.json {
				args = append(args, "--json")
			}
			cmd := process(t, args...)
			stdout := c.stdout()
			defer stdout.Close()
			var stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = stdout, &stderr
			_ = cmd.Run()
			if cmd.ProcessState.ExitCode() != int(c.code) || stderr.String() != c.want {
				t.Errorf("%v, stderr %q; want exit status %d and %q", cmd.ProcessState, stderr.String(), c.code, c.want)
			}
		})
	}
}
