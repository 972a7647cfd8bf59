package study

import (
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/reports"
	"sesim/sim"
)

// counter counts the runs of a command, shows how far it has come, and tells
// afterwards what the wall clock says.
type counter struct {
	display  terminal.Display
	clock    func() time.Duration // wall time
	scenario string
	began    time.Duration
	done, of int

	virtual            time.Duration
	events, admissions int64
}

// counter returns a counter of so many runs.
func (r *runner) counter(of int) *counter {
	return newCounter(r.System, r.mode(), r.Config.Name, of)
}

func newCounter(s *System, mode terminal.Mode, scenario string, of int) *counter {
	return &counter{display: terminal.New(mode, s.Err, s.Getenv), clock: s.Clock, scenario: scenario, began: s.Clock(), of: of}
}

// count counts a run.
func (c *counter) count(result *sim.Result) {
	c.done++
	c.virtual += result.End
	c.events += result.Events
	c.admissions += result.Admissions
	c.show()
}

// skip counts runs that need not be made, or did not come to a result.
func (c *counter) skip(n int) {
	c.done += n
	c.show()
}

func (c *counter) show() {
	c.display.Show(tally{scenario: c.scenario, wall: c.clock() - c.began, done: c.done, of: c.of})
}

// performance is what the wall clock says of all runs together. Decisions are
// not timed one by one: that is for a single run.
func (c *counter) performance() *reports.Performance {
	perf := onThisMachine()
	perf.Wall, perf.Virtual, perf.Events, perf.Admissions = c.clock()-c.began, c.virtual, c.events, c.admissions
	perf.Note = "Several runs on all cores; single admission decisions were not timed."
	return perf
}
