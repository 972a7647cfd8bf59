package ses

import (
	"encoding/binary"
	"time"
)

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

// addEach adds a recipient at each of the times, the latest of which comes first. most is
// how many were counted at most so far; addEach returns it with what was counted after each
// of them. Only if that may be more are runs dropped.
func (w *window) addEach(at []time.Duration, most int64) int64 {
	if w.count+int64(len(at)) <= most {
		w.appendEach(at)
		return most
	}
	for n := len(at); n > 0; n-- {
		rest := n
		if w.older > n && w.firstN == 1 {
			rest, most = w.dropEach(at[:n], most)
			w.appendEach(at[rest:n])
		}
		if n = rest; n > 0 {
			now := at[n-1]
			w.used(now)
			w.add(now, 1)
			most = max(most, w.count)
		}
	}
	return most
}

// dropEach drops for each of the times one run, if one has left, and returns how many were
// counted at most: the count of the recipients up to then, whom appendEach adds, is exact
// where no run has left, and so wherever it is more than ever before. dropEach stops where
// the number of recipients of a run changes or a block ends, and returns how many of the
// times are left. There must be more runs than times.
func (w *window) dropEach(at []time.Duration, most int64) (rest int, _ int64) {
	h := &w.log.head
	count, leaves, next, width, bytes := w.count, w.leaves, uint(h.at), uint(h.width), &h.block.bytes
	for rest = len(at); rest > 0; rest-- {
		if leaves > at[rest-1] {
			count++
			most = max(most, count)
			continue
		}
		if next > runBlockBytes-8 {
			break
		}
		gap := binary.LittleEndian.Uint64(bytes[next:next+8]) & h.most
		if gap == 0 {
			break
		}
		next += width
		leaves += time.Duration(gap)
	}
	dropped := w.count + int64(len(at)-rest) - count
	w.count, w.older, w.leaves, h.at = w.count-dropped, w.older-int(dropped), leaves, int(next)
	return rest, most
}

// appendEach adds a recipient at each of the times, the latest of which comes first. It
// drops no runs.
func (w *window) appendEach(at []time.Duration) {
	for n := len(at); n > 0; n-- {
		if t := &w.log.tail; w.lastN == 1 && t.n == 1 && t.takes(w.last-w.end) {
			if n = w.appendOnes(at[:n]); n == 0 {
				return
			}
		}
		w.add(at[n-1], 1)
	}
}

// appendOnes is appendEach for nearly all: runs with one recipient after others with one. It
// stops where two are at the same time, or the block has no room, and returns how many of
// the times are left. The block must have room for the newest run.
func (w *window) appendOnes(at []time.Duration) (rest int) {
	t := &w.log.tail
	gap, last, seen := uint64(w.last-w.end), w.last, w.log.seen
	next, width, bytes := uint(t.at), uint(t.width), &t.block.bytes
	for rest = len(at); rest > 0 && next <= runBlockBytes-runBytesMax; rest-- {
		following := uint64(at[rest-1] - last)
		if following-1 >= t.most {
			break
		}
		binary.LittleEndian.PutUint64(bytes[next:next+8], gap)
		next += width
		seen |= gap
		gap, last = following, at[rest-1]
	}
	w.count += int64(len(at) - rest)
	w.older += len(at) - rest
	w.end, w.last = last-time.Duration(gap), last
	t.at, w.log.seen = int(next), seen
	return rest
}
