package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// onWrite calls a function at the first write.
type onWrite struct {
	strings.Builder
	do func()
}

func (o *onWrite) Write(p []byte) (int, error) {
	o.do()
	return o.Builder.Write(p)
}

// long is a scenario that takes long enough to be interrupted: its first tenth
// is told on standard error.
func long() string { return strings.Replace(thresholds(""), `"2d"`, `"3000d"`, 1) }

// TestInterrupt cancels a run when the first tenth is told: what there is so
// far is printed and kept, marked as interrupted, the next scenario is not
// begun, and the status is 130.
func TestInterrupt(t *testing.T) {
	for _, args := range [][]string{
		{"run", "long.toml", "quick.toml", "-o", "out"},
		{"run", "long.toml", "quick.toml", "-o", "out", "--json"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			inside(t)
			write(t, "long.toml", strings.Replace(long(), `"quick"`, `"long"`, 1))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			stderr := onWrite{do: cancel}
			var stdout strings.Builder
			code := run(ctx, args, nil, &stdout, &stderr)
			if code != int(exitInterrupted) {
				t.Fatalf("exit status %d, stderr:\n%s", code, stderr.String())
			}
			if !strings.HasSuffix(stderr.String(), "\nsesim: interrupted; the results so far are in out/long\n") {
				t.Errorf("stderr is:\n%s", stderr.String())
			}
			if s := readSummary(t, "out/long"); s.Status != "interrupted" || s.Accounts[0].Recipients == 0 {
				t.Errorf("the summary is %+v", s)
			}
			if !strings.Contains(strings.ToLower(stdout.String()), "interrupted") || exists("out/quick") {
				t.Errorf("out holds %v; stdout is:\n%s", entries(t, "out"), stdout.String())
			}
		})
	}
}

// TestInterruptBeforeTheRun: nothing is simulated and nothing is written.
func TestInterruptBeforeTheRun(t *testing.T) {
	inside(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr strings.Builder
	code := run(ctx, []string{"run", "quick.toml"}, nil, &stdout, &stderr)
	if code != int(exitInterrupted) || stdout.String() != "" || stderr.String() != "sesim: interrupted\n" || exists("sesim-runs") {
		t.Errorf("exit status %d, stdout %q, stderr %q", code, stdout.String(), stderr.String())
	}
}

// TestInterruptWhileReading: waiting for standard input ends with the context.
func TestInterruptWhileReading(t *testing.T) {
	stdin, hold := io.Pipe()
	defer hold.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if code := run(ctx, []string{"run", "-"}, stdin, io.Discard, io.Discard); code != int(exitInterrupted) {
		t.Errorf("exit status %d", code)
	}
}

// TestInterruptible: the first signal cancels, the second one quits.
func TestInterruptible(t *testing.T) {
	signals, quit := make(chan os.Signal), make(chan bool, 1)
	ctx := interruptible(context.Background(), signals, func() { quit <- true })
	signals <- os.Interrupt
	<-ctx.Done()
	if len(quit) > 0 {
		t.Error("the first signal quits")
	}
	signals <- syscall.SIGTERM
	<-quit
}

// TestSignals sends real signals to a run that goes on for long enough. After one
// the results are kept; after two at once nothing looks whole that is not.
func TestSignals(t *testing.T) {
	for _, c := range []struct {
		name    string
		signals []os.Signal
	}{
		{"SIGINT", []os.Signal{syscall.SIGINT}},
		{"SIGTERM", []os.Signal{syscall.SIGTERM}},
		{"SIGHUP", []os.Signal{syscall.SIGHUP}},
		{"SIGINT twice", []os.Signal{syscall.SIGINT, syscall.SIGINT}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if signal.Ignored(c.signals[0]) {
				t.Skip("it is ignored here, as under nohup, and stays so")
			}
			inside(t)
			write(t, "long.toml", strings.Replace(long(), `"60/h"`, `"3/s"`, 1))
			cmd := process(t, "run", "long.toml", "-o", "out", "--progress", "plain", "--set", "horizon=60d")
			stderr, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(stderr)
			if !lines.Scan() {
				t.Fatal("no line of progress")
			}
			for _, s := range c.signals {
				if err := cmd.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
			}
			for lines.Scan() {
			}
			_ = cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != int(exitInterrupted) {
				t.Errorf("%v, want exit status 130", cmd.ProcessState)
			}
			whole := exists("out/manifest.json")
			if !whole && len(c.signals) == 1 {
				t.Errorf("the results were not kept: %v", entries(t, "out"))
			}
			if whole && readSummary(t, "out").Status != "interrupted" {
				t.Error("the summary is not marked as interrupted")
			}
		})
	}
}

// endsLater is a context that ends after some calls of Err.
type endsLater struct {
	context.Context
	left atomic.Int64
}

func (c *endsLater) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestInterruptExplain: explain asks during the run whether it is to end.
func TestInterruptExplain(t *testing.T) {
	inside(t)
	write(t, "long.toml", long())
	ctx := &endsLater{Context: t.Context()}
	ctx.left.Store(10)
	var stdout, stderr strings.Builder
	code := run(ctx, []string{"explain", "long.toml", "--at", "2999d"}, nil, &stdout, &stderr)
	if code != int(exitInterrupted) || stdout.String() != "" || stderr.String() != "sesim: interrupted\n" {
		t.Errorf("exit status %d, stdout %q, stderr %q", code, stdout.String(), stderr.String())
	}
	if asked := 10 - ctx.left.Load(); asked > 20 {
		t.Errorf("it went on: %d calls", asked)
	}
}
