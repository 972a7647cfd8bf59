package sim

import (
	"slices"
	"time"

	"sesim/sim/des"
)

// herd has the arrivals of many senders a stretch of time ahead, in one batch.
// A sender belongs to it whose next message does not depend on what became of
// the one before: that is, neither a campaign nor a recording. What can change
// such a sender's arrivals is an action that sets its rate, whose time is known,
// so that no batch reaches beyond it, and an empty list, which ends them.
type herd struct {
	senders []agent         // the world's
	times   []time.Duration // of each sender, the first arrival behind the batch; Never for those of the merge
	first   time.Duration   // the earliest of them
	width   int             // log2 of the stretch of a batch, in nanoseconds
	changes []time.Duration // at which rates are set, in order
	batch   des.Batch
	touched uint64 // keeps the compiler from leaving out what touch does
}

const (
	herdLeast = 4  // fewer senders are merged one by one
	behind    = -1 // instead of a sender: the next arrival lies behind the batch
	widthMost = 50 // log2 of the longest stretch of a batch: thirteen days
)

// startHerd gathers the senders that batches are for, if they are many.
func (w *world) startHerd(times []time.Duration) {
	many := 0
	for i := range w.senders {
		if w.senders[i].steady() {
			many++
		}
	}
	if many < herdLeast || w.hooks.Undivided {
		return
	}
	h := &herd{senders: w.senders, times: slices.Clone(times), width: 20}
	for i := range w.senders {
		if a := &w.senders[i]; a.steady() {
			a.herded = true
			times[i] = des.Never
		} else {
			h.times[i] = des.Never
		}
	}
	for i := range w.cfg.Actions {
		if a := &w.cfg.Actions[i]; a.Do == DoSet && a.Change.Key == KeySenderRate {
			h.changes = append(h.changes, a.At)
		}
	}
	slices.Sort(h.changes)
	h.first = slices.Min(h.times)
	w.herd = h
}

// steady reports whether a sender's arrivals do not depend on its mail.
func (a *agent) steady() bool {
	return a.trace == nil && a.spec.Traffic.Kind != Campaign
}

// next returns the first arrival of the herd or of others, whose first is
// given: when, and of which sender, or behind.
func (h *herd) next(due time.Duration, sender int) (time.Duration, int) {
	at, i := h.batch.Next()
	if i < 0 && h.first != des.Never {
		at, i = h.first, behind
	}
	if at < due || at == due && i < sender {
		return at, i
	}
	return due, sender
}

// refill makes the next batch: the arrivals from h.first on. There are to be
// some two of a sender, which the stretch of the next batch is adapted to.
func (h *herd) refill() {
	from := h.first
	to := from + 1<<h.width
	for len(h.changes) > 0 && h.changes[0] <= from {
		h.changes = h.changes[1:]
	}
	if len(h.changes) > 0 {
		to = min(to, h.changes[0])
	}
	n := 0
	h.first = des.Never
	for i, at := range h.times {
		if at < to {
			for a := &h.senders[i].arrivals; at < to; n++ {
				h.batch.Add(at, int32(i))
				a.Advance(false)
				at = a.Next()
			}
			h.times[i] = at
		}
		h.first = min(h.first, at)
	}
	h.batch.Sort(from, h.width)
	switch most := 2 * max(len(h.times), 512); {
	case n > most && h.width > 0:
		h.width--
	case n < most/2 && h.width < widthMost:
		h.width++
	}
	h.touch(0)
}

// touchEvery is how many arrivals are touched at a time.
const touchEvery = 32

// touch reads what the arrivals behind the n-th will need of their senders, so
// that a processor has it at hand by then: many senders do not fit its cache,
// but it fetches several at once.
func (h *herd) touch(n int) {
	sum := uint64(0)
	for _, d := range h.batch.Ahead(n, touchEvery) {
		sum += h.senders[d.Stream].touch()
	}
	h.touched = sum
}

// set gives a sender of the herd new arrivals, at a time that no batch reaches
// beyond.
func (h *herd) set(i int, at time.Duration) {
	h.times[i] = at
	h.first = slices.Min(h.times)
}

// drive handles the arrivals of the herd that come before anything else and
// before until.
func (w *world) drive(until time.Duration) {
	other, sender := w.arrivals.Next()
	for n := 0; !w.stopped; n++ {
		at, i := w.herd.batch.Next()
		if i < 0 || at >= until || at >= w.events.Next() || at > other || at == other && i > sender {
			return
		}
		w.now = at
		w.herd.batch.Drop()
		if n%touchEvery == 0 {
			w.herd.touch(touchEvery / 2)
		}
		a := &w.senders[i]
		switch {
		case a.ended:
			continue
		case w.isPlain(a):
			w.sendPlain(a)
			if w.counted.events&0xffff == 0 {
				w.report()
			}
		default:
			w.arrive(i)
		}
		w.mark(phaseArrival, uint64(w.part.senders[i]))
	}
}
