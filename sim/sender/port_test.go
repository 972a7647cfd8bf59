package sender_test

import (
	"testing"
	"time"

	"sesim/sim/sender"
)

// TestPort covers EC2's throttle on outgoing port 25 (guide, connecting to the
// SMTP endpoint): a limited number of connections a minute pass, the others time out.
func TestPort(t *testing.T) {
	t.Run("ec2.port25", func(t *testing.T) {
		const s = time.Second
		for _, c := range []struct {
			name string
			n    int64
			at   []time.Duration
			want string // y: passes
		}{
			{"a minute's worth at once", 3, []time.Duration{0, 0, 0, 0}, "yyyn"},
			{"one more for each third of a minute", 3, []time.Duration{0, 0, 0, 20*s - 1, 20 * s, 20 * s, 40 * s, 60 * s}, "yyynynyy"},
			{"all again after a minute", 3, []time.Duration{0, 0, 0, 60 * s, 60 * s, 60 * s, 60 * s}, "yyyyyyn"},
			{"no more than a minute's worth after a year", 3, []time.Duration{0, year, year, year, year}, "yyyyn"},
			{"one a minute", 1, []time.Duration{0, 0, 60*s - 1, 60 * s, 60 * s}, "ynnyn"},
			{"refused connections cost nothing", 1, []time.Duration{0, 10 * s, 20 * s, 59 * s, 60 * s}, "ynnny"},
		} {
			p := sender.NewPort(c.n)
			got := ""
			for _, at := range c.at {
				if p.Connect(at) {
					got += "y"
				} else {
					got += "n"
				}
			}
			if got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	})
	var open sender.Port
	for range 1000 {
		if !open.Connect(0) {
			t.Fatal("a port without a throttle refused a connection")
		}
	}
}
