package study

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/terminal"
	"sesim/sim"
	"sesim/sim/ses"
)

const day = 24 * time.Hour

// blind is a display that shows nothing.
type blind struct{}

func (blind) Show(terminal.Stage) {}
func (blind) Close()              {}

func TestStatusLine(t *testing.T) {
	states := func(e ...ses.Enforcement) []ses.Enforcement { return e }
	for _, c := range []struct {
		name string
		s    status
		want string
	}{
		{"one account", status{"x", []string{"acme"}, 2 * time.Second, sim.Progress{
			Now: 3 * day, Horizon: 30 * day, Events: 2_400_000, States: states(ses.Probation)}},
			"day 3.0 of 30.0, 1.2M events/s, 130k times real time, acme under review"},
		{"several accounts", status{"x", []string{"a", "b", "c", "d"}, time.Second, sim.Progress{
			Now: 12 * time.Hour, Horizon: day, Events: 999, States: states(ses.Healthy, ses.Shutdown, ses.Healthy, ses.Probation)}},
			"day 0.5 of 1.0, 999 events/s, 43k times real time, 2 healthy, 1 under review, 1 paused"},
		{"no wall time yet", status{"x", []string{"acme"}, 0, sim.Progress{Horizon: day, States: states(ses.Healthy)}},
			"day 0.0 of 1.0, acme healthy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.s.Line(); got != c.want {
				t.Errorf("line is %q, want %q", got, c.want)
			}
		})
	}
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 9.4: "9", 999: "999", 1000: "1.0k", 9_949: "9.9k", 9_950: "10k", 84_000: "84k", 1.2e6: "1.2M", 5.8e9: "5.8G", 4e12: "4000G",
	} {
		if got := short(v); got != want {
			t.Errorf("short(%v) is %q, want %q", v, got, want)
		}
	}
}

// TestMeterLooksSeldom feeds more ticks than there may be looks, and checks
// that neither crowded nor empty stretches of virtual time go without one.
func TestMeterLooksSeldom(t *testing.T) {
	for _, c := range []struct {
		name          string
		ticks         int
		eventsPerTick int64
		perTick       time.Duration
		want          int
	}{
		{"many ticks with few events", 100_000, 1, day / 100_000, 1000},
		{"few ticks with many events", 10, eventsPerLook, time.Nanosecond, 10},
		{"nothing happens", 10, 0, time.Nanosecond, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			looks := 0
			m := meter{
				display: blind{},
				clock:   func() time.Duration { looks++; return 0 },
				stopped: func() bool { return false },
			}
			for i := 1; i <= c.ticks; i++ {
				m.tick(sim.Progress{Now: time.Duration(i) * c.perTick, Horizon: day, Events: int64(i) * c.eventsPerTick})
			}
			if looks != c.want {
				t.Errorf("looked at the clock %d times in %d ticks, want %d", looks, c.ticks, c.want)
			}
		})
	}
}

func TestMeterStops(t *testing.T) {
	stop := false
	m := meter{display: blind{}, clock: func() time.Duration { return 0 }, stopped: func() bool { return stop }}
	if !m.tick(sim.Progress{Horizon: day}) {
		t.Error("the meter stops a run that nobody wants to stop")
	}
	stop = true
	if m.tick(sim.Progress{Horizon: day}) {
		t.Error("the meter does not pass the wish to stop on")
	}
}

// TestPlain runs a day in two stretches: a fast one, of which every tenth is
// told, and a slow one, of which every half minute is.
func TestPlain(t *testing.T) {
	var out strings.Builder
	p := terminal.New(terminal.Plain, &out, func(string) string { return "" })
	show := func(now, wall time.Duration) {
		p.Show(status{"stale-list", []string{"acme"}, wall, sim.Progress{
			Now: now, Horizon: day, Events: 1000, States: []ses.Enforcement{ses.Healthy}}})
	}
	for i := range 49 {
		show(time.Duration(i)*day/200, time.Duration(i)*time.Millisecond)
	}
	for i := range 61 {
		show(day/4, time.Duration(1+i)*time.Second)
	}
	want := `stale-list:  10%, day 0.1 of 1.0, 50k events/s, 432k times real time, acme healthy
stale-list:  20%, day 0.2 of 1.0, 25k events/s, 432k times real time, acme healthy
stale-list:  25%, day 0.2 of 1.0, 32 events/s, 697 times real time, acme healthy
stale-list:  25%, day 0.2 of 1.0, 16 events/s, 354 times real time, acme healthy
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
