package ses

import "time"

// quotaWindow is the length of the rolling window of the sending quota, exact to the
// nanosecond. It is measured from the event or, with quota.granularity, from the start
// of its step.
const quotaWindow = 24 * time.Hour

// window counts the recipients accepted in the last 24 hours, exactly. Recipients
// accepted at the same time form a run. A run is stored as the time since the previous
// one, in as few bytes as these times need (see runLog), so that memory depends only on
// the accepted calls of a day: with calls at random times, a run takes three bytes at
// a hundred million runs a day, four at a million and five at ten thousand.
type window struct {
	count  int64         // recipients in all runs
	last   time.Duration // the newest run, which grows while time stands still
	lastN  int64         // its recipients; 0: the window is empty
	older  int           // number of runs before the newest one
	end    time.Duration // the newest of the older runs
	log    runLog        // the older runs except the first
	leaves time.Duration // when the oldest run leaves the window, if older > 0; otherwise not after now
	firstN int64         // its recipients
}

// used returns the recipients accepted in (now-24h, now]. Time must not go back from
// call to call.
func (w *window) used(now time.Duration) int64 {
	if w.older > 0 && w.leaves <= now {
		w.drop(now)
	}
	if w.older == 0 && w.last <= now-quotaWindow {
		w.count, w.lastN = w.count-w.lastN, 0
	}
	return w.count
}

// drop removes the older runs that have left the window. There must be at least one.
func (w *window) drop(now time.Duration) {
	leaves, gone := w.leaves, w.firstN
	left := w.older - 1
	for left > 0 && leaves <= now {
		h := &w.log.head
		if h.atEnd() {
			w.log.advance()
		}
		var n int64
		leaves, left, n = h.pass(leaves, now, left)
		gone += n
	}
	w.leaves, w.firstN, w.older = leaves, w.log.head.n, left
	w.count -= gone
	if left == 0 {
		w.log.tail.n = 0
	}
}

// atMost returns an upper bound of used without examining the runs.
func (w *window) atMost() int64 { return w.count }

// frees returns when the oldest counted recipients leave the window, 0 if it is empty.
func (w *window) frees() time.Duration {
	switch {
	case w.older > 0:
		return w.leaves
	case w.lastN > 0:
		return w.last + quotaWindow
	}
	return 0
}

// add counts n recipients accepted now. If the quota is counted in steps, now is the
// start of the step. That is less than 24 hours ago, so no run that used has dropped
// returns.
func (w *window) add(now time.Duration, n int64) {
	t, gap := &w.log.tail, w.last-w.end
	w.count += n
	switch {
	case w.last == now:
		w.lastN += n
		return
	case w.older > 0 && w.lastN == t.n && t.takes(gap): // settle, for nearly all runs
		w.log.append(gap)
		w.end = w.last
		w.older++
	case w.lastN > 0:
		w.settle(now)
	}
	w.last, w.lastN = now, n
}

// settle moves the newest run to the older ones to make room for another.
func (w *window) settle(now time.Duration) {
	if w.older > 0 && !w.log.tail.takes(w.last-w.end) {
		w.used(now) // drops runs, in case used has not been called for long
	}
	switch {
	case w.lastN == 0:
		return // it has left the window
	case w.older == 0:
		w.leaves, w.firstN = w.last+quotaWindow, w.lastN
		w.log.restart(w.lastN)
	default:
		w.log.write(w.last-w.end, w.lastN)
	}
	w.end = w.last
	w.older++
}
