package client_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/sim/client"
)

// The tests of this file run programs in testdata, which send mail with the real boto3,
// AWS SDK for JavaScript and Nodemailer in virtual time, and the model beside them.
// They need the folder that .ci/clients fills.

// realTask is what a program is asked to do.
type realTask struct {
	Messages  int            `json:"messages"`
	Threads   int            `json:"threads"`
	Latency   time.Duration  `json:"latency"`
	Rate      int64          `json:"rate"`
	Decisions []bool         `json:"decisions"` // in the order of calls; nil: a bucket decides
	Random    *float64       `json:"random"`    // of every draw; nil: the program's own
	Runs      int            `json:"runs"`
	Mode      string         `json:"mode,omitempty"`    // of boto3's retries
	Options   map[string]any `json:"options,omitempty"` // of Nodemailer's transport
	Modules   string         `json:"modules"`
	Turns     int            `json:"turns"` // of Node's event loop until all has been done that can be
}

// realRun is what became of a run's messages.
type realRun struct {
	Calls    int
	Accepted []int64
	Waits    []float64 // that the program asked for, in nanoseconds
	Took     time.Duration
	Version  string
}

// realClient is software that a preset stands for.
type realClient struct {
	preset, program, mode string
	modules               string // below the folder of .ci/clients
	version               string // the first words of the version that the preset stands for
}

var realSDKs = []realClient{
	{"boto3-legacy", "boto3_sends.py", "legacy", "", "1."},
	{"boto3-2025", "boto3_sends.py", "standard", "", "1."},
	{"js3-2025", "sdk_js3.mjs", "", "js3-2025", "3.1054."},
	{"aws-sdk-2026", "sdk_js3.mjs", "", "js3-2026", "3.1176."},
	{"js2", "sdk_js2.mjs", "", "others", "2."},
}

// runs lets the program do a task.
func (r realClient) runs(t *testing.T, task realTask) []realRun {
	t.Helper()
	folder := os.Getenv("SESIM_CLIENTS")
	if folder == "" {
		t.Skip("SESIM_CLIENTS does not name a folder made by .ci/clients")
	}
	task.Mode, task.Modules = r.mode, filepath.Join(folder, r.modules)
	if task.Turns == 0 {
		task.Turns = 3
	}
	asked, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	interpreter := []string{"node", "--no-warnings"}
	if strings.HasSuffix(r.program, ".py") {
		interpreter = []string{"python3"}
	}
	cmd := exec.Command(interpreter[0], append(interpreter[1:], filepath.Join("testdata", r.program), string(asked))...)
	cmd.Stderr = &bytes.Buffer{}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", r.program, err, cmd.Stderr)
	}
	var list []realRun
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var run realRun
		if err := d.Decode(&run); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(run.Version, r.version) {
			t.Fatalf("%s is of version %s, the preset %s of %s", r.program, run.Version, r.preset, r.version)
		}
		list = append(list, run)
	}
	if len(list) != task.Runs {
		t.Fatalf("%s made %d runs of %d", r.program, len(list), task.Runs)
	}
	return list
}

// TestRealHundredAtOnce: a hundred messages at once on 14 a second, as in
// TestSDKHundredAtOnce.
func TestRealHundredAtOnce(t *testing.T) {
	const runs = 30
	for _, r := range realSDKs {
		t.Run(r.preset, func(t *testing.T) {
			var accepted, calls, modelAccepted, modelCalls float64
			for _, run := range r.runs(t, realTask{Messages: 100, Threads: 100, Latency: 50 * ms, Rate: 14, Runs: runs}) {
				accepted += float64(len(run.Accepted)) / runs
				calls += float64(run.Calls) / runs
			}
			cfg := preset(t, r.preset, 100, fixedLatency(50*ms))
			const seeds = 200
			for seed := range uint64(seeds) {
				b := newBucket(14, 14)
				out := drive(t, cfg, setting(14, seed), one(seed), once(100), long, b.at)
				modelAccepted += float64(out.accepted) / seeds
				modelCalls += float64(len(out.calls)) / seeds
			}
			t.Logf("the real one has %.1f accepted with %.1f calls, the model %.1f with %.1f", accepted, calls, modelAccepted, modelCalls)
			if math.Abs(accepted-modelAccepted) > 1.5 || math.Abs(calls-modelCalls) > 4 {
				t.Error("they differ")
			}
		})
	}
}

// TestRealRetries: one thread and answers that follow a pattern. Calls and losses are
// the same to the message, and with draws of a half and of a quarter the waits asked
// for are those of the preset.
func TestRealRetries(t *testing.T) {
	const messages, most = 300, 1500
	patterns := map[string]func(n int) bool{
		"none accepted":     func(int) bool { return false },
		"three in ten":      func(n int) bool { return n*7%10 < 3 },
		"none, then all":    func(n int) bool { return n > 350 },
		"hundreds, in turn": func(n int) bool { return n/100%2 == 0 },
	}
	for _, r := range realSDKs {
		for name, accepts := range patterns {
			for _, draw := range []float64{0.25, 0.5} {
				t.Run(r.preset+"/"+name, func(t *testing.T) {
					decisions := make([]bool, most)
					for i := range decisions {
						decisions[i] = accepts(i + 1)
					}
					real := r.runs(t, realTask{
						Messages: messages, Threads: 1, Latency: ms, Rate: 14, Decisions: decisions, Random: &draw, Runs: 1,
					})[0]
					compareRetries(t, preset(t, r.preset, 1, fixedLatency(ms)), real, messages, decisions, draw)
				})
			}
		}
	}
}

// compareRetries compares a real run, whose draws were all the same, with the model.
func compareRetries(t *testing.T, cfg client.Config, real realRun, messages int64, decisions []bool, draw float64) {
	n := 0
	out := drive(t, cfg, setting(14, 1), one(1), once(messages), long, func(time.Duration, client.Event) client.Answer {
		n++
		return client.Answer{Accepted: decisions[n-1], Throttled: !decisions[n-1], Reason: byRate}
	})
	var accepted []int64
	var waits []float64
	for _, c := range out.calls {
		if c.accepted {
			accepted = append(accepted, c.Number)
		}
		if c.Attempt > 0 {
			waits = append(waits, draw*float64(cfg.Retry[0].Waits[c.Attempt-1]))
		}
	}
	slices.Sort(accepted)
	if real.Calls != len(out.calls) || !slices.Equal(real.Accepted, accepted) {
		t.Errorf("the real one made %d calls and %d were accepted; the model %d and %d", real.Calls, len(real.Accepted), len(out.calls), len(accepted))
	}
	same := func(a, b float64) bool { return math.Abs(a-b) <= 1e6 } // clients of Node wait whole milliseconds
	if !slices.EqualFunc(real.Waits, waits, same) {
		t.Errorf("the real one asked for %d waits, %v; the preset has %d, %v", len(real.Waits), real.Waits[:min(5, len(real.Waits))], len(waits), waits[:min(5, len(waits))])
	}
}

// TestRealNodemailer: 400 messages on 14 a second, with and without its pool and its
// limiter. Its limiter does not count what was refused, which the preset's does: with a
// limit above the account's rate it is faster, and more is refused.
func TestRealNodemailer(t *testing.T) {
	for name, c := range map[string]struct {
		preset  string
		workers int64
		options map[string]any
		limit   int64 // a second; 0: none
		apart   float64
	}{
		"pool":              {"nodemailer-pool", 5, map[string]any{"pool": true}, 0, 0.03},
		"pool, limit of 14": {"nodemailer-pool", 5, map[string]any{"pool": true, "rateLimit": 14}, 14, 0.01},
		"pool, limit of 20": {"nodemailer-pool", 5, map[string]any{"pool": true, "rateLimit": 20}, 20, 0.15},
		"no pool":           {"nodemailer", 0, nil, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			const messages = 400
			r := realClient{preset: c.preset, program: "nodemailer_sends.mjs", modules: "others", version: "9.0.5"}
			real := r.runs(t, realTask{
				Messages: messages, Threads: messages, Latency: 150 * ms, Rate: 14, Runs: 1, Options: c.options, Turns: 20,
			})[0]
			p := preset(t, c.preset, c.workers, fixedLatency(150*ms))
			if c.workers > 0 {
				p.Connection.Setup = 100 * ms // Nodemailer waits so long before it replaces a connection
			}
			if c.limit > 0 {
				p.Limiters = []client.Limiter{{Kind: client.Window, N: client.Count{N: c.limit}, Per: second}}
			}
			b := newBucket(14, 14)
			out := drive(t, p, setting(14, 1), one(1), once(messages), long, b.at)
			t.Logf("the real one has %d of %d calls accepted in %v, the model %d of %d in %v",
				len(real.Accepted), real.Calls, real.Took, out.accepted, len(out.calls), out.last)
			if real.Calls != len(out.calls) {
				t.Error("the numbers of calls differ")
			}
			near(t, "accepted", float64(len(real.Accepted)), float64(out.accepted), c.apart)
			near(t, "seconds", real.Took.Seconds(), out.last.Seconds(), c.apart)
		})
	}
}
