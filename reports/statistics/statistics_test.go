package statistics_test

import (
	"strings"
	"testing"
	"time"

	"sesim/reports/statistics"
	"sesim/sim"
)

const day = 24 * time.Hour

func config() *sim.Config {
	return &sim.Config{Horizon: 30 * day, Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Accounts: []sim.Account{{Name: "acme"}, {Name: "beta"}}}
}

func sent(at time.Duration, account, recipients int) *sim.Record {
	return &sim.Record{Kind: sim.Sent, At: at, Account: account, Recipients: make([]sim.Address, recipients)}
}

func text(t *testing.T, c *statistics.Collector, end time.Duration) string {
	t.Helper()
	var b strings.Builder
	if err := c.Write(&b, end); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPoints(t *testing.T) {
	c := statistics.New(config())
	for _, r := range []*sim.Record{
		sent(0, 0, 3), sent(15*time.Minute-1, 0, 1), sent(15*time.Minute, 0, 1), sent(time.Hour, 1, 2),
		{Kind: sim.SuppressedAccount, At: 0},
		{Kind: sim.SuppressedGlobal, At: 0},
		{Kind: sim.HardBounced, At: 16 * time.Minute},
		{Kind: sim.Complained, At: time.Hour, Account: 1},
		{Kind: sim.Rejected, At: time.Hour, Account: 1},
		{Kind: sim.SoftBounced, At: 2 * time.Hour},
		{Kind: sim.Delivered, At: 2 * time.Hour},
	} {
		c.Observe(r)
	}
	const want = `account,timestamp,delivery_attempts,bounces,complaints,rejects
acme,2026-03-02T09:00:00Z,3,1,0,0
acme,2026-03-02T09:15:00Z,1,1,0,0
beta,2026-03-02T10:00:00Z,2,0,1,1
`
	if got := text(t, c, day); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Two weeks are kept, to the point, and a point of two weeks ago does not
// come back in its successor.
func TestTwoWeeks(t *testing.T) {
	c := statistics.New(config())
	for at := time.Duration(0); at < 30*day; at += statistics.Interval {
		c.Observe(sent(at, 0, 1))
	}
	lines := strings.Split(strings.TrimSpace(text(t, c, 30*day)), "\n")[1:]
	if len(lines) != 14*96 {
		t.Errorf("%d points, want %d", len(lines), 14*96)
	}
	for _, line := range lines {
		if !strings.HasSuffix(line, ",1,0,0,0") {
			t.Fatalf("a point holds more than its own: %s", line)
		}
	}
	if !strings.HasPrefix(lines[0], "acme,2026-03-18T09:00:00Z,") {
		t.Errorf("the first point is %s", lines[0])
	}
}
