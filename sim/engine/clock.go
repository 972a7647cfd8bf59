package engine

import (
	"time"

	"sesim/sim"
	"sesim/sim/des"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// clock has the duties that recur at fixed intervals.
type clock struct {
	w         *world
	nextFrame int64         // number of the next sample
	frameEnd  time.Duration // when it is due; negative before the first one
	nextEval  time.Duration
	nextDay   time.Duration
	nextHour  time.Duration // when addresses die, join, leave, or get a mailbox, where they do
	nextTick  time.Duration // the earliest of them
	stopping  bool          // the run is to be interrupted at the next sample
	states    []ses.Enforcement
}

func (c *clock) start() {
	c.nextEval, c.nextDay, c.nextHour = c.w.cfg.Rules.Rep.EvalInterval, unit.Day, des.Never
	for i := range c.w.cfg.Audiences {
		if boxes := c.w.cfg.Audiences[i].Mailbox(); boxes.Changes() {
			c.nextHour = time.Hour
		}
	}
	c.states = make([]ses.Enforcement, len(c.w.cfg.Accounts))
	c.frameEnd = -1
	c.schedule()
}

func (c *clock) schedule() {
	c.nextTick = min(time.Duration(c.nextFrame)*c.w.frame, c.nextEval, c.nextDay, c.nextHour)
}

// tick does the duties that are due now.
func (c *clock) tick() {
	if c.w.now == c.nextHour {
		c.nextHour += time.Hour
		for i := range c.w.audiences {
			c.w.audiences[i].Advance(c.w.now)
		}
		c.w.growLists()
		c.w.shortenLists()
	}
	if c.w.now == c.nextEval {
		c.nextEval += c.w.cfg.Rules.Rep.EvalInterval
		for i := range c.w.accounts {
			c.evaluate(&c.w.accounts[i])
		}
		c.w.rollRates()
	}
	if c.w.now == c.nextDay {
		c.nextDay += unit.Day
		c.w.global.Sweep(c.w.now)
		for i := range c.w.accounts {
			c.w.accounts[i].EndDay(c.w.now)
			c.w.records.noteChanges(&c.w.accounts[i])
		}
	}
	if c.w.now == time.Duration(c.nextFrame)*c.w.frame {
		c.w.settleFrame(c.nextFrame - 1)
		c.w.series.sample(c.w.global.Sample(c.nextFrame))
		c.nextFrame++
		if c.w.live == nil {
			c.frameEnd = time.Duration(c.nextFrame) * c.w.frame
		}
		c.report()
		c.w.stopped, c.w.met = c.stopping, c.w.meetEvery > 0 && c.nextFrame%c.w.meetEvery == 0
	}
	c.schedule()
}

// evaluate computes an account's rates and moves its enforcement status.
func (c *clock) evaluate(acc *account) {
	if acc.Evaluate(c.w.now) {
		c.w.people.stoppedSending(acc)
	}
	c.w.sets.roll(acc)
	c.w.records.noteChanges(acc)
}

// reportEvery is how many events there are to a report.
const reportEvery = 1 << 16

// reportRarely reports where the last n events led past a multiple of
// reportEvery.
func (w *world) reportRarely(n int) {
	if last := w.counted.events; last&-reportEvery != (last-int64(n))&-reportEvery {
		w.clock.report()
	}
}

// report tells the caller how far the run is. Asked to stop, the run goes on
// to its next sample, where all counts are whole.
func (c *clock) report() {
	if c.w.hooks.Tick == nil {
		return
	}
	for i := range c.w.accounts {
		c.states[i] = c.w.accounts[i].Enforcement()
	}
	if !c.w.hooks.Tick(sim.Progress{
		Now: c.w.now, Horizon: c.w.cfg.Horizon, States: c.states,
		Events: c.w.counted.events, Recipients: c.w.counted.recipients, Admissions: c.w.counted.admissions,
	}) {
		c.stopping = true
	}
}
