package sender_test

import (
	"testing"
	"time"

	"sesim/sim/sender"
)

// TestBackoff checks the waits: the first, each later one longer by the
// factor, none longer than the cap.
func TestBackoff(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	for _, c := range []struct {
		name    string
		backoff sender.Backoff
		want    []time.Duration // before the first, second, … retry
	}{
		{"doubling", sender.Backoff{First: s, Factor: 2000, Cap: 10 * time.Minute},
			[]time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 64 * s, 128 * s, 256 * s, 512 * s, 600 * s, 600 * s}},
		{"up to exactly the cap", sender.Backoff{First: s, Factor: 2000, Cap: 4 * s}, []time.Duration{s, 2 * s, 4 * s, 4 * s}},
		{"half as long again", sender.Backoff{First: s, Factor: 1500, Cap: time.Hour}, []time.Duration{s, 1500 * ms, 2250 * ms, 3375 * ms}},
		{"always the same", sender.Backoff{First: s, Factor: 1000, Cap: time.Hour}, []time.Duration{s, s, s}},
		{"a first wait above the cap", sender.Backoff{First: 10 * s, Factor: 2000, Cap: 4 * s}, []time.Duration{4 * s, 4 * s}},
		{"a nanosecond that does not grow", sender.Backoff{First: 1, Factor: 1001, Cap: time.Hour}, []time.Duration{1, 1, 1}},
	} {
		for i, want := range c.want {
			if got := c.backoff.Wait(i + 1); got != want {
				t.Errorf("%s: %v before retry %d, want %v", c.name, got, i+1, want)
			}
		}
	}
	long := sender.Backoff{First: s, Factor: 100_000, Cap: 100 * year}
	if got := long.Wait(1000); got != 100*year {
		t.Errorf("after a thousand retries %v, want the cap", got)
	}
}
