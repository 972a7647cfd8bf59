package engine

import (
	"time"

	"sesim/sim"
	"sesim/sim/des"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// frames is how many frames ahead a delivery can be counted without an entry
// in the event list.
const frames = 64

// clock holds the duties that come back at fixed intervals.
type clock struct {
	nextFrame int64         // number of the next sample
	frameEnd  time.Duration // when it is due; negative before the first one
	nextEval  time.Duration
	nextDay   time.Duration
	nextHour  time.Duration // when addresses die, where they do
	nextTick  time.Duration // the earliest of them
	states    []ses.Enforcement
}

func (w *world) startClock() {
	w.nextEval, w.nextDay, w.nextHour = w.cfg.Rules.Rep.EvalInterval, unit.Day, des.Never
	for i := range w.cfg.Audiences {
		if w.cfg.Audiences[i].Decay > 0 {
			w.nextHour = time.Hour
		}
	}
	w.states = make([]ses.Enforcement, len(w.cfg.Accounts))
	w.frameEnd = -1
	w.setTick()
}

func (w *world) setTick() {
	w.nextTick = min(time.Duration(w.nextFrame)*w.frame, w.nextEval, w.nextDay, w.nextHour)
}

// tick does the duties that are due now.
func (w *world) tick() {
	if w.now == w.nextHour {
		w.nextHour += time.Hour
		for i := range w.audiences {
			w.audiences[i].Advance(w.now)
		}
	}
	if w.now == w.nextEval {
		w.nextEval += w.cfg.Rules.Rep.EvalInterval
		for i := range w.accounts {
			w.evaluate(&w.accounts[i])
		}
	}
	if w.now == w.nextDay {
		w.nextDay += unit.Day
		w.global.Sweep(w.now)
		for i := range w.accounts {
			w.accounts[i].EndDay(w.now)
			w.noteChanges(&w.accounts[i])
		}
	}
	if w.now == time.Duration(w.nextFrame)*w.frame {
		for i := range w.accounts {
			w.accounts[i].settleFrame(w.nextFrame - 1)
		}
		w.sample(w.global.Sample(w.nextFrame))
		w.nextFrame++
		w.frameEnd = time.Duration(w.nextFrame) * w.frame
		w.report()
		w.stopped, w.met = w.stopping, w.meetEvery > 0 && w.nextFrame%w.meetEvery == 0
	}
	w.setTick()
}

// evaluate computes an account's rates and moves its enforcement status.
func (w *world) evaluate(acc *account) {
	if acc.Evaluate(w.now) {
		w.stoppedSending(acc)
	}
	for _, set := range acc.sets {
		set.Roll(w.now, &acc.Account)
	}
	w.noteChanges(acc)
}

// stoppedSending schedules what a long stop of an account's sending does, if
// this one is new.
func (w *world) stoppedSending(acc *account) {
	after, ever := acc.WipeAfter()
	if stop, _ := acc.Stop(); ever && stop != acc.stop {
		acc.stop = stop
		w.events.Push(w.now+after, event{kind: evWipe, owner: int32(acc.index), ctr: uint64(stop)})
	}
}

// countDelivery counts a delivery that is known to happen at a later time,
// before the horizon. Frame k holds what happens after its sample and up to
// the next one, the moment of that included. It reports whether nothing had to
// be scheduled for that, in doubt not.
func (w *world) countDelivery(acc *account, at time.Duration) bool {
	if at <= w.frameEnd { // nearly always
		acc.soon++
		return true
	}
	w.countLater(acc, at)
	return false
}

// countLater counts a delivery beyond the frame under way.
func (w *world) countLater(acc *account, at time.Duration) {
	present := w.nextFrame - 1
	number := max(int64((at-1)/w.frame), present)
	if number-present >= frames-1 {
		w.events.Push(at, event{kind: evDelivery, owner: int32(acc.index)})
		return
	}
	acc.due[number%frames]++
}

// settleFrame counts the deliveries of the frame with that number.
func (acc *account) settleFrame(number int64) {
	if number >= 0 {
		acc.Delivered += acc.soon + acc.due[number%frames]
		acc.soon, acc.due[number%frames] = 0, 0
	}
}

// reportEvery is how many events there are to a report.
const reportEvery = 1 << 16

// reportRarely reports where the last n events led past a multiple of
// reportEvery.
func (w *world) reportRarely(n int) {
	if last := w.counted.events; last&-reportEvery != (last-int64(n))&-reportEvery {
		w.report()
	}
}

// report tells the caller how far the run is. Asked to stop, the run goes on
// to its next sample, where all counts are whole.
func (w *world) report() {
	if w.hooks.Tick == nil {
		return
	}
	for i := range w.accounts {
		w.states[i] = w.accounts[i].Enforcement()
	}
	if !w.hooks.Tick(sim.Progress{
		Now: w.now, Horizon: w.cfg.Horizon, Events: w.counted.events, Recipients: w.counted.recipients, States: w.states,
	}) {
		w.stopping = true
	}
}

// frameOf chooses the interval of the series: at most 800 samples, fewer
// where many accounts are sampled.
func frameOf(horizon time.Duration, accounts int) time.Duration {
	most := max(20, min(800, 10_000/int64(min(max(accounts, 1), sim.MaxSeries))))
	for _, f := range [...]time.Duration{
		time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute,
		time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, unit.Day, 2 * unit.Day, 7 * unit.Day, 30 * unit.Day,
	} {
		if int64(horizon/f) <= most {
			return f
		}
	}
	return 90 * unit.Day
}
