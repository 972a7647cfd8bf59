package engine

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/des"
	"sesim/sim/prefetch"
	"sesim/sim/sender"
	"sesim/sim/ses"
)

// herd has the arrivals of many senders a stretch of time ahead, in one batch.
// A sender belongs to it whose next message does not depend on what became of
// the one before: that is, neither a campaign nor a recording. What can change
// such a sender's arrivals is an action that sets its rate, whose time is known,
// so that no batch reaches beyond it, and an empty list, which ends them.
type herd struct {
	arrivals []sender.Arrivals // the world's
	members  []int32           // the senders of the herd
	first    time.Duration     // their first arrival behind the batch
	width    int               // log2 of the stretch of a batch, in nanoseconds
	changes  []time.Duration   // at which rates are set, in order
	batch    des.Batch
	lines    [5 * fetchEvery]prefetch.Line // to be asked for; see fetch
	listed   []int32                       // senders whose next recipients some list may hold
}

// herding is what a sender has to do with the herd.
type herding uint8

const (
	alone  herding = iota
	herded         // its arrivals come in batches
	ended          // no messages are due any more
)

const (
	herdLeast = 4  // fewer senders are merged one by one
	behind    = -1 // instead of a sender: the next arrival lies behind the batch
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
	h := &herd{arrivals: w.arrivals, first: des.Never, width: 20, batch: des.NewBatch(len(w.senders))}
	for i := range w.senders {
		if a := &w.senders[i]; a.steady() {
			a.herd = herded
			h.members = append(h.members, int32(i))
			h.first = min(h.first, times[i])
			times[i] = des.Never
		}
	}
	for i := range w.cfg.Actions {
		if a := &w.cfg.Actions[i]; a.Do == sim.DoSet && a.Change.Key == sim.KeySenderRate {
			h.changes = append(h.changes, a.At)
		}
	}
	slices.Sort(h.changes)
	w.herd = h
}

// steady reports whether a sender's arrivals do not depend on its mail.
func (a *agent) steady() bool {
	return a.trace == nil && a.spec.Traffic.Kind != sim.Campaign
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
// some six of a sender, which the stretch of the next batch is adapted to.
func (h *herd) refill() {
	from := h.first
	to := from + 1<<h.width
	for len(h.changes) > 0 && h.changes[0] <= from {
		h.changes = h.changes[1:]
	}
	if len(h.changes) > 0 {
		to = min(to, h.changes[0])
	}
	h.batch.Begin(from, h.width)
	h.first = des.Never
	n := 0
	for _, i := range h.members {
		a := &h.arrivals[i]
		n += a.Fill(&h.batch, to, int(i))
		h.first = min(h.first, a.Next())
	}
	switch most := 8 * max(len(h.members), 512); {
	case n > most && h.width > 0:
		h.width--
	case n < most/2 && h.width < h.batch.MostWidth():
		h.width++
	}
}

// look finds out anew when the first arrival is due, because a sender's arrivals
// have changed, at a time that no batch reaches beyond.
func (h *herd) look() {
	h.first = des.Never
	for _, i := range h.members {
		h.first = min(h.first, h.arrivals[i].Next())
	}
}

// drive handles the arrivals of the herd that come before anything else and
// before until.
func (w *world) drive(until time.Duration) {
	b := &w.herd.batch
	other, sender := w.merge.Next()
	list, n := b.Rest()
	far, k := len(w.sendings) >= fetchLeast, 0
	for k < n && !w.stopped {
		bound := min(b.Bound(min(until, w.events.Next()), 0), b.Bound(other, sender))
		if list[k] >= bound {
			break
		}
		most := (n-k-1)%fetchEvery + 1
		if far && most == fetchEvery {
			w.fetch((*[des.Reach]des.Due)(list[k:]))
		}
		if w.log != nil {
			most = 1 // each is looked at
		}
		if sent := w.streak(list[k:k+most], bound); sent > 0 {
			k += sent
			w.countPlain(sent)
		} else {
			w.now = b.At(list[k])
			if i := b.Stream(list[k]); w.sendings[i].herd != ended {
				w.arrive(i)
			}
			k++
		}
		if w.log != nil {
			w.mark(phaseArrival, uint64(w.part.senders[b.Stream(list[k-1])]))
		}
	}
	b.Drop(k)
}

// streak handles the first arrivals of a list, as long as they are plain mail,
// lie before a bound, and change nothing of what comes next. It returns how many
// there were.
func (w *world) streak(list []des.Due, bound des.Due) int {
	b, sendings := &w.herd.batch, w.sendings
	for k, d := range list {
		i := b.Stream(d)
		s := &sendings[i]
		if d >= bound || !w.isPlain(s, i) {
			return k
		}
		w.now = b.At(d)
		if !w.sendPlain(s, i) {
			return k + 1
		}
	}
	return len(list)
}

const (
	fetchEvery = des.Reach / 4 // for how many arrivals memory is asked at a time
	fetchLeast = 2000          // fewer senders are at hand anyway
)

// fetch asks for the memory that the arrivals of the herd will need soon, when
// many senders do not fit a processor's cache: first the senders; for arrivals
// whose senders are there by now the bytes of the recipients; and for the few
// whose bytes say that some list holds the recipient, what post and the
// sender's own list need, in two steps.
func (w *world) fetch(list *[des.Reach]des.Due) {
	h, sendings, bits := w.herd, w.sendings, w.bits
	lines := h.lines[:2*fetchEvery]
	for k := range fetchEvery {
		lines[2*k] = prefetch.Of(&sendings[h.batch.Stream(list[k+3*fetchEvery])])
		lines[2*k+1] = prefetch.Of(&bits[sendings[h.batch.Stream(list[k+2*fetchEvery])].to])
	}
	for _, i := range h.listed {
		lines = append(lines, w.senders[i].list.Line(sendings[i].to-sendings[i].audience.first))
	}
	h.listed = h.listed[:0]
	for k := range fetchEvery {
		i := h.batch.Stream(list[k+fetchEvery])
		if bits[sendings[i].to]&(sender.Removed|ses.Listed) != 0 {
			a := &w.senders[i]
			lines = append(lines, prefetch.Of(a), prefetch.Of(&a.list))
			h.listed = append(h.listed, int32(i))
		}
	}
	prefetch.Fetch(lines)
}

// fetchEvent asks for what the next event will need of its sender.
func (w *world) fetchEvent() {
	if len(w.sendings) < fetchLeast || w.events.Len() == 0 {
		return
	}
	if owner := w.events.First().owner; int(owner) < len(w.senders) { // of few events an account
		a := &w.senders[owner]
		lines := [...]prefetch.Line{prefetch.Of(a), prefetch.Of(&a.list)}
		prefetch.Fetch(lines[:])
	}
}
