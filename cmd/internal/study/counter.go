package study

import (
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/reports"
	"sesim/sim"
)

// counter counts the runs of a command, shows the progress, and finally measures
// the performance.
type counter struct {
	display  terminal.Display
	clock    func() time.Duration // wall time
	scenario string
	began    time.Duration
	done, of int

	virtual            time.Duration
	events, admissions int64
}

// counter returns a counter for the given number of runs.
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

// skip counts runs that are not needed, or failed.
func (c *counter) skip(n int) {
	c.done += n
	c.show()
}

func (c *counter) show() {
	c.display.Show(tally{scenario: c.scenario, wall: c.clock() - c.began, done: c.done, of: c.of})
}

// performance returns the wall-clock measurements of all runs together. Single
// decisions are timed only in single runs.
func (c *counter) performance() *reports.Performance {
	perf := onThisMachine()
	perf.Wall, perf.Virtual, perf.Events, perf.Admissions = c.clock()-c.began, c.virtual, c.events, c.admissions
	perf.Note = "Several runs on all cores; single admission decisions were not timed."
	return perf
}
