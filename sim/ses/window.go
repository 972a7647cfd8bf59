package ses

import "time"

// quotaWindow is the time over which the sending quota rolls: 24 hours to the
// nanosecond, from the event or, by quota.granularity, from the beginning of
// its step.
const quotaWindow = 24 * time.Hour

// window counts the recipients accepted in the last 24 hours, exactly. Its
// memory follows the accepted calls of a day and nothing else: each moment at
// which something was accepted is a run, and a run is written as the time since
// the one before, in as many bytes as such times take (see runLog). At a hundred
// million runs a day these are three bytes each, at a million four and at ten
// thousand five, for calls at random.
type window struct {
	count  int64         // recipients in all runs
	last   time.Duration // the newest run, which still grows while time stands
	lastN  int64         // its recipients; 0: the window is empty
	older  int           // runs before the newest one
	end    time.Duration // the last of the older runs
	log    runLog        // the older runs but the first
	first  time.Duration // the oldest run, where there are older ones
	firstN int64         // its recipients
}

// used returns the recipients accepted in (now-24h, now]. Time must not go
// back from call to call.
func (w *window) used(now time.Duration) int64 {
	from := now - quotaWindow
	if w.older > 0 && w.first <= from {
		w.drop(from)
	}
	if w.older == 0 && w.last <= from {
		w.count, w.lastN = w.count-w.lastN, 0
	}
	return w.count
}

// drop forgets the older runs up to from. There is one at least.
func (w *window) drop(from time.Duration) {
	first, gone := w.first, w.firstN
	left := w.older - 1
	for left > 0 && first <= from {
		h := &w.log.head
		if h.atEnd() {
			w.log.advance()
		}
		var n int64
		first, left, n = h.pass(first, from, left)
		gone += n
	}
	w.first, w.firstN, w.older = first, w.log.head.n, left
	w.count -= gone
}

// atMost returns a number that used does not exceed, without looking at the
// runs.
func (w *window) atMost() int64 { return w.count }

// frees returns when the oldest recipients that were counted leave the window;
// 0 for an empty one.
func (w *window) frees() time.Duration {
	switch {
	case w.older > 0:
		return w.first + quotaWindow
	case w.lastN > 0:
		return w.last + quotaWindow
	}
	return 0
}

// add counts n recipients accepted now. Where the quota counts in steps, now is
// the beginning of the step, which is less than 24 hours ago: nothing that used
// has dropped comes back.
func (w *window) add(now time.Duration, n int64) {
	w.count += n
	switch {
	case w.last == now:
		w.lastN += n
		return
	case w.older > 0 && w.lastN == w.log.tail.n && w.log.takes(w.last-w.end): // settle, for nearly all runs
		w.log.append(w.last - w.end)
		w.end = w.last
		w.older++
	case w.lastN > 0:
		w.settle(now)
	}
	w.last, w.lastN = now, n
}

// settle puts the newest run among the older ones, because another comes now.
func (w *window) settle(now time.Duration) {
	if w.older > 0 && !w.log.takes(w.last-w.end) {
		w.used(now) // makes room, if nobody has asked for long
	}
	switch {
	case w.lastN == 0:
		return // it has left the window
	case w.older == 0:
		w.first, w.firstN = w.last, w.lastN
		w.log.restart(w.lastN)
	default:
		w.log.write(w.last-w.end, w.lastN)
	}
	w.end = w.last
	w.older++
}
