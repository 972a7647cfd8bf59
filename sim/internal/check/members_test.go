package check

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/unit"
)

func TestMembers(t *testing.T) {
	rate := func(c *sim.Config) {
		c.Audiences[0].Growth = sim.Growth{Rate: unit.Rate{N: 2, Per: time.Hour}, Limit: 13}
	}
	share := func(c *sim.Config) {
		c.Audiences[0].Growth = sim.Growth{Share: 50 * unit.Percent, Per: time.Hour, Limit: 100}
	}
	play(t, []sequence{
		{"the last address", nil, []sim.Record{sent(0, 0, 9)}, ""},
		{"beyond the last address", nil, []sim.Record{sent(time.Hour, 0, 10)}, "members: an address of an audience that has 10 by now"},
		{"joined", rate, []sim.Record{sent(time.Hour, 0, 11)}, ""},
		{"before joining", rate, []sim.Record{sent(time.Hour-1, 0, 11)}, "members: that has 10 by now"},
		{"beyond the limit", rate, []sim.Record{sent(9*time.Hour, 0, 13)}, "members: that has 13 by now"},
		{"joined by a share", share, []sim.Record{sent(2*time.Hour, 0, 21)}, ""},
		{"before joining by a share", share, []sim.Record{sent(2*time.Hour-1, 0, 21)}, "members: that has 15 by now"},
	})
}
