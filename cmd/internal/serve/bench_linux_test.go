package serve_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sesim/cmd/internal/serve"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
)

// The benchmarks of this file measure what a call costs the server. They count its
// processor time: the calls come from a process of their own. All figures but ratios
// depend on the machine.

// loadScenario is an account that refuses nothing.
const loadScenario = `
version = 1
name = "load"
question = "What does a call cost?"
horizon = "400d"

[[account]]
name = "acme"
region = "eu-west-1"
access = "production"
quota = 1_000_000_000
rate = 1_000_000
identities = ["acme.example"]

[[audience]]
name = "people"
size = 1
match = ["*"]
invalid = "1%"
complaint = "0.02%"
feedback_loop = "60%"
`

// loadAddresses is how many people get mail.
const loadAddresses = 100_000

// loadRequest returns the bytes of a call of SendEmail to one of them.
func loadRequest(buffer []byte, n int) []byte {
	body := fmt.Sprintf(`{"FromEmailAddress": "news@acme.example", "Destination": {"ToAddresses": ["person-%06d@people.example"]}, `+
		`"Content": {"Simple": {"Subject": {"Data": "News of the week"}, "Body": {"Text": {"Data": "%s"}}}}}`,
		n%loadAddresses, strings.Repeat("What has happened since the last issue. ", 10))
	return fmt.Appendf(buffer[:0], "POST /v2/email/outbound-emails HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Boto3/1.43.11\r\n"+
		"Content-Type: application/json\r\nX-Amz-Date: 20260301T000000Z\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n%s",
		authorization, len(body), body)
}

// TestLoad is the process that calls a server: it is no test, and is skipped unless a
// benchmark starts it. For each line on standard input with an address, a number of calls
// and a number of connections it makes the calls, and writes a line when all are answered.
func TestLoad(t *testing.T) {
	if os.Getenv("SESIM_LOAD") == "" {
		t.Skip("the other side of the benchmarks")
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var address string
		var calls, connections int
		if _, err := fmt.Sscan(lines.Text(), &address, &calls, &connections); err != nil {
			t.Fatal(err)
		}
		if err := load(address, calls, connections); err != nil {
			fmt.Println("error:", err)
			return
		}
		fmt.Println("done")
	}
}

// load makes calls on several connections at once.
func load(address string, calls, connections int) (err error) {
	var group sync.WaitGroup
	var mu sync.Mutex
	for i := range connections {
		group.Go(func() {
			if failed := loadOne(address, i, calls, connections); failed != nil {
				mu.Lock()
				err = failed
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return err
}

// loadOne makes every step-th call from the first on.
func loadOne(address string, first, calls, step int) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	answers := bufio.NewReader(c)
	var request []byte
	for n := first; n < calls; n += step {
		request = loadRequest(request, n)
		if _, err := c.Write(request); err != nil {
			return err
		}
		if err := loadAnswer(answers); err != nil {
			return err
		}
	}
	return nil
}

// loadAnswer reads an answer, which must be a success.
func loadAnswer(r *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if text := string(line); first && !strings.HasPrefix(text, "HTTP/1.1 200 ") {
			rest, _ := r.Peek(min(r.Buffered(), 500))
			return fmt.Errorf("%s%s", line, rest)
		} else if value, ok := strings.CutPrefix(text, "Content-Length: "); ok {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		} else if text == "\r\n" {
			_, err := r.Discard(length)
			return err
		}
	}
}

// caller is a process that calls servers.
type caller struct {
	b     *testing.B
	in    io.Writer
	lines *bufio.Scanner
}

// newCaller starts the process of TestLoad.
func newCaller(b *testing.B) *caller {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestLoad$", "-test.timeout=0")
	cmd.Env = append(os.Environ(), "SESIM_LOAD=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	return &caller{b, in, bufio.NewScanner(out)}
}

// cost is what calls took of the server: processor time, and allocations on the heap, which
// do not depend on the machine.
type cost struct {
	time   time.Duration
	allocs uint64
}

// add adds what calls have taken.
func (c *cost) add(more cost) {
	c.time += more.time
	c.allocs += more.allocs
}

// costSoFar returns what this process has taken since it began.
func costSoFar(b *testing.B) cost {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return cost{processorTime(b), m.Mallocs}
}

// call makes calls to a server and returns what they took here.
func (c *caller) call(address string, calls, connections int) cost {
	c.b.Helper()
	start := costSoFar(c.b)
	if _, err := fmt.Fprintln(c.in, address, calls, connections); err != nil {
		c.b.Fatal(err)
	}
	if !c.lines.Scan() || c.lines.Text() != "done" {
		c.b.Fatal(c.lines.Text())
	}
	end := costSoFar(c.b)
	return cost{end.time - start.time, end.allocs - start.allocs}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bare is the least that a server of version 2 can do: it reads the body and answers as
// many bytes as SendEmail.
func bare(w http.ResponseWriter, r *http.Request) {
	_, _ = io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("x-amzn-RequestId", "3e1f4a52-67b8-4c9d-8e0f-1a2b3c4d5e6f")
	_, _ = io.WriteString(w, `{"MessageId":"0100019ca6e15000-3e1f4a52-67b8-4c9d-8e0f-1a2b3c4d5e6f-000000"}`)
}

// loaded serves loadScenario with further tables, at a speed of the clock.
func loaded(b *testing.B, more string, speed int64) (address string) {
	b.Helper()
	cfg, err := scenarios.Load("load.toml", []byte(loadScenario+more))
	if err != nil {
		b.Fatal(err)
	}
	h, err := serve.Listen(serve.Options{Scenario: cfg, Host: "127.0.0.1", SMTPPort: -1, Speed: speed * serve.RealTime, Tell: func(text string) { b.Log(text) }})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan *sim.Result)
	go func() {
		result, err := h.Run(ctx)
		if err != nil {
			b.Error(err)
		}
		ended <- result
	}()
	b.Cleanup(func() { cancel(); <-ended })
	return strings.TrimPrefix(h.URL(), "http://")
}

// BenchmarkServe compares calls of SendEmail, whose events are published, with calls of a
// handler that does nothing, in alternating rounds of one run.
//
//	go test ./cmd/internal/serve -run '^$' -bench Serve -benchtime 200000x
func BenchmarkServe(b *testing.B) {
	for _, connections := range []int{4, 1000} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			plain := httptest.NewServer(http.HandlerFunc(bare))
			defer plain.Close()
			addresses := [2]string{plain.Listener.Addr().String(), loaded(b, "", 1)}
			c := newCaller(b)
			const round = 5000
			var costs [2]cost
			b.ResetTimer()
			for left := b.N; left > 0; left -= round {
				for i, address := range addresses {
					costs[i].add(c.call(address, min(left, round), connections))
				}
			}
			per := func(i int) float64 { return float64(costs[i].time.Nanoseconds()) / float64(b.N) / 1000 }
			allocs := func(i int) float64 { return float64(costs[i].allocs) / float64(b.N) }
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(per(0), "bare-µs/call")
			b.ReportMetric(per(1), "µs/call")
			b.ReportMetric(per(1)/per(0), "ratio")
			b.ReportMetric(1e6/per(1), "calls/core-s")
			b.ReportMetric(allocs(0), "bare-allocs/call")
			b.ReportMetric(allocs(1), "allocs/call")
		})
	}
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// BenchmarkMemory shows the heap, in megabytes, after each fifth of b.N mails: by HTTP,
// and by a Session alone. Virtual time is so fast that a fifth takes more than the day whose
// accepted calls the window of the quota remembers, at some four bytes each.
//
//	go test ./cmd/internal/serve -run '^$' -bench Memory/http -benchtime 1000000x
//	go test ./cmd/internal/serve -run '^$' -bench Memory/session -benchtime 10000000x
func BenchmarkMemory(b *testing.B) {
	const parts = 5
	b.Run("http", func(b *testing.B) {
		address := loaded(b, "[serve]\nevents = 10_000\n", 20_000)
		c := newCaller(b)
		for i := range parts {
			c.call(address, b.N/parts, 8)
			b.ReportMetric(heap(), fmt.Sprintf("MB-%d/5", i+1))
		}
	})
	b.Run("session", func(b *testing.B) {
		cfg, err := scenarios.Load("load.toml", []byte(loadScenario))
		if err != nil {
			b.Fatal(err)
		}
		s, err := engine.Open(*cfg, sim.Hooks{})
		if err != nil {
			b.Fatal(err)
		}
		call := sim.Call{From: "news@acme.example", Interface: ses.V2, Size: 500, Recipients: make([]string, 1)}
		for i := range parts {
			for n := range b.N / parts {
				call.Recipients[0] = "person-" + strconv.Itoa(n%loadAddresses) + "@people.example"
				if a, err := s.Send(&call); err != nil || !a.Accepted() {
					b.Fatal(a, err)
				}
				s.Advance(s.Now()+100*time.Millisecond, nil)
			}
			b.ReportMetric(heap(), fmt.Sprintf("MB-%d/5", i+1))
		}
		runtime.KeepAlive(s)
	})
}
