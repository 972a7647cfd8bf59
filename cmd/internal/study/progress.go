package study

import (
	"fmt"
	"strings"
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

var (
	_ terminal.Stage = status{}
	_ terminal.Stage = tally{}
)

// status is the progress of a run.
type status struct {
	scenario     string
	accounts     []string // names, in the order of States
	wall         time.Duration
	sim.Progress // its States are valid during the call only
}

// meter turns the ticks of one run into calls of its display, and passes a
// request to stop on to the run.
type meter struct {
	display  terminal.Display
	clock    func() time.Duration // wall time from any fixed moment
	stopped  func() bool
	scenario string
	accounts []string

	began  time.Duration
	looked sim.Progress // at the last reading of the clock
}

// The distance between two readings of the clock, which cost more than an event:
// a number of events, or a fraction of the virtual time.
const (
	eventsPerLook = 10_000
	looksPerRun   = 1000
)

// tick is a sim.Hooks.Tick.
func (m *meter) tick(p sim.Progress) bool {
	if p.Events-m.looked.Events >= eventsPerLook || p.Now-m.looked.Now >= p.Horizon/looksPerRun {
		m.looked = p
		m.display.Show(status{m.scenario, m.accounts, m.clock() - m.began, p})
	}
	return !m.stopped()
}

func (s status) Name() string { return s.scenario }

func (s status) Elapsed() time.Duration { return s.wall }

// line formats a status: virtual day, events per second, times real time, states.
func (s status) Line() string {
	const day = float64(unit.Day)
	parts := []string{fmt.Sprintf("day %.1f of %.1f", float64(s.Now)/day, float64(s.Horizon)/day)}
	if seconds := s.wall.Seconds(); seconds > 0 {
		parts = append(parts,
			short(float64(s.Events)/seconds)+" events/s",
			short(s.Now.Seconds()/seconds)+" times real time")
	}
	if states := s.states(); states != "" {
		parts = append(parts, states)
	}
	return strings.Join(parts, ", ")
}

// percent returns the share of the virtual time that has passed, 0 to 100.
func (s status) Percent() int {
	if s.Horizon <= 0 {
		return 100
	}
	return int(100 * float64(s.Now) / float64(s.Horizon))
}

var stateWords = map[ses.Enforcement]string{
	ses.Healthy: "healthy", ses.Probation: "under review", ses.Shutdown: "paused",
}

// states names the state of a single account, and counts those of several.
func (s status) states() string {
	if len(s.States) == 1 && len(s.accounts) == 1 {
		return s.accounts[0] + " " + stateWords[s.States[0]]
	}
	count := make(map[ses.Enforcement]int)
	for _, e := range s.States {
		count[e]++
	}
	var parts []string
	for _, e := range []ses.Enforcement{ses.Healthy, ses.Probation, ses.Shutdown} {
		if count[e] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[e], stateWords[e]))
		}
	}
	return strings.Join(parts, ", ")
}

// short writes a positive number with two digits and a letter for its size.
func short(v float64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if v >= 9.95*u.size {
			return fmt.Sprintf("%.0f%s", v/u.size, u.name)
		}
		if v >= u.size {
			return fmt.Sprintf("%.1f%s", v/u.size, u.name)
		}
	}
	return fmt.Sprintf("%.0f", v)
}
