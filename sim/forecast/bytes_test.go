package forecast_test

import (
	"fmt"
	"runtime"
	"testing"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/forecast"
)

// heap returns the bytes of all live objects.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// held is what a scenario and its run hold.
type held struct{ scenario, start, world, result int64 }

// measure loads and runs a scenario and looks at the heap at its first tick, at its
// last one and after it.
func measure(t *testing.T, src string) (*sim.Config, held) {
	t.Helper()
	var is held
	before := heap()
	c, err := scenarios.Load("s.toml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	loaded := heap()
	is.scenario = loaded - before
	r, err := engine.Run(*c, sim.Hooks{Workers: 1, Tick: func(p sim.Progress) bool {
		if is.start == 0 {
			is.start = heap() - loaded
		}
		if p.Now == p.Horizon {
			is.world = heap() - loaded
		}
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	is.result = heap() - loaded
	runtime.KeepAlive(r)
	return c, is
}

// TestBytes compares the bytes of the table with the heap, for scenarios in which one
// of its rows is most of them.
func TestBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("measures memory, on one goroutine")
	}
	const idle = `{ kind = "constant", rate = "1/d" }`
	const slowly = "\nretry = { on = [\"quota\"], first = \"4h\", factor = 1, cap = \"4h\", attempts = 9 }"
	for _, c := range []struct {
		name                         string
		accounts, senders, audiences int
		size                         int
		traffic, horizon, audience   string
		account, sender              string
	}{
		{"accounts", 10_000, 10_000, 1, 100, idle, "1h", "", "quota = -1", ""},
		{"senders", 1, 10_000, 1, 100, `{ kind = "poisson", rate = "1/d" }`, "1h", "", "quota = -1", ""},
		{"senders with a pattern", 1, 10_000, 1, 100, idle, "1h", "", "quota = -1", ""},
		{"audiences", 1, 5000, 5000, 100, idle, "1h", "", "quota = -1", ""},
		{"partitions", 5000, 5000, 5000, 100, idle, "1h", "", "quota = -1", ""},
		{"addresses", 1, 1, 1, 5_000_000, idle, "1h", `invalid = "3%"`, "quota = -1", ""},
		{"quota runs", 1, 1, 1, 100, `{ kind = "poisson", rate = "20/s" }`, "1d", "", "quota = -1", ""},
		{"quota runs and intervals of many", 500, 500, 1, 100, `{ kind = "poisson", rate = "60/h" }`, "2d", "", "quota = -1", ""},
		{"waiting", 1, 1, 1, 100, `{ kind = "constant", rate = "10/s" }`, "4h", "", "quota = 0", slowly},
		{"pending", 1, 1, 1, 1_000_000, `{ kind = "constant", rate = "500000/d" }`, "12h", `mailbox_full = "100%"`, "quota = -1", ""},
		{"lists", 1, 1, 1, 1_000_000, `{ kind = "campaign", pace = "100/s" }`, "3h", `invalid = "30%"`, "quota = -1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, is := measure(t, fmt.Sprintf(`name = "s"
horizon = %q
thresholds = []
[rules]
review.bounce_rate = "90%%"
pause.bounce_rate = "95%%"
[[account]]
name = "acme"
count = %d
access = "production"
identities = ["acme.example"]
rate = 1000
%s
[[audience]]
name = "people"
count = %d
size = %d
%s
[[sender]]
name = "news"
count = %d
account = "acme"
from = "news@acme.example"
audience = "people"
traffic = %s
%s
`, c.horizon, c.accounts, c.account, c.audiences, c.size, c.audience, c.senders, c.traffic, c.sender))
			n := forecast.Of(cfg, engine.Partitions(cfg))
			for _, b := range []struct {
				name      string
				said, are int64
			}{
				{"scenario", n.Scenario(), is.scenario}, {"start", n.Start(), is.start}, {"world", n.World(), is.world}, {"result", n.Result(), is.result},
			} {
				const few = 200 << 10
				t.Logf("%-8s %9d foreseen, %9d held", b.name, b.said, b.are)
				if 2*b.said > 3*b.are+few || 2*b.are > 3*b.said+few {
					t.Errorf("the %s is said to hold %d bytes, and holds %d", b.name, b.said, b.are)
				}
			}
		})
	}
}
