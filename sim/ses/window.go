package ses

import "time"

// quotaWindow is the time over which the sending quota rolls: 24 hours, from
// the event to the nanosecond, never a calendar day.
const quotaWindow = 24 * time.Hour

// window counts the recipients accepted in the last 24 hours, exactly. It
// keeps one run for each moment at which something was accepted, in a ring
// that grows with the accepted calls of a day and with nothing else.
type window struct {
	runs  []run // a ring; its length is a power of two
	head  int   // the oldest run
	size  int   // runs in the ring
	count int64 // recipients in all runs
}

type run struct {
	at time.Duration
	n  int64
}

// used returns the recipients accepted in (now-24h, now]. Time must not go
// back from call to call.
func (w *window) used(now time.Duration) int64 {
	for w.size > 0 {
		oldest := &w.runs[w.head]
		if oldest.at > now-quotaWindow {
			break
		}
		w.count -= oldest.n
		w.head = (w.head + 1) & (len(w.runs) - 1)
		w.size--
	}
	return w.count
}

// atMost returns a number that used does not exceed, without looking at the
// runs.
func (w *window) atMost() int64 { return w.count }

// frees returns when the oldest recipients that were counted leave the window;
// 0 for an empty one.
func (w *window) frees() time.Duration {
	if w.size == 0 {
		return 0
	}
	return w.runs[w.head].at + quotaWindow
}

// add counts n recipients accepted now.
func (w *window) add(now time.Duration, n int64) {
	w.count += n
	if w.size > 0 {
		if last := &w.runs[(w.head+w.size-1)&(len(w.runs)-1)]; last.at == now {
			last.n += n
			return
		}
	}
	if w.size == len(w.runs) {
		w.used(now) // makes room, if nobody has asked for long
	}
	if w.size == len(w.runs) {
		w.grow()
	}
	w.runs[(w.head+w.size)&(len(w.runs)-1)] = run{now, n}
	w.size++
}

func (w *window) grow() {
	next := make([]run, max(16, 2*len(w.runs)))
	n := copy(next, w.runs[w.head:])
	copy(next[n:], w.runs[:w.head])
	w.runs, w.head = next, 0
}
