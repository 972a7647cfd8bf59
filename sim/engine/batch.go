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

// arrivalBatch holds the arrivals of many senders over an interval ahead, sorted.
// It is for senders whose next message does not depend on what became of the one
// before: no recordings. Two things change the arrivals of such
// a sender: an action that sets its rate, whose time is known, so that no batch
// reaches beyond it; and an empty list, which ends them. In a Session rates are set at
// times that nobody knows, so it has no batches.
//
// The messages of a campaign are known up to the end of its pass over the list, which
// may come earlier if addresses are removed. A batch has as many as there may be. When
// the pass ends, the sender leaves the batch (parted): what is left of it there is void,
// and its next messages are merged one by one until the next batch.
type arrivalBatch struct {
	arrivals  []sender.Arrivals // the world's
	members   []int32           // the batched senders, those with campaigns last
	campaigns int               // index of the first of these
	first     time.Duration     // their first arrival after the batch
	end       time.Duration     // of the batch
	width     int               // log2 of the stretch of a batch, in nanoseconds
	changes   []time.Duration   // at which rates are set, in order
	due       des.Batch
	lines     [7 * fetchEvery]prefetch.Line // to be asked for; see fetch
	listed    []int32                       // senders whose next recipients some list may hold
}

// batching says whether a sender's arrivals come in batches.
type batching uint8

const (
	unbatched batching = iota
	parted             // they did, and will again from the next batch on
	batched            // its arrivals come in batches
	done               // no messages are due any more
)

const (
	batchLeast = 4  // fewer senders are merged one by one
	passLeast  = 64 // campaigns with fewer messages are merged one by one
	pastBatch  = -1 // instead of a sender: the next arrival comes after the batch
	inBatch    = -2 // instead of a sender: the next arrival is in the batch
)

// startBatch gathers the senders that batches are for, if they are many.
func (w *world) startBatch(times []time.Duration) {
	h := &arrivalBatch{arrivals: w.arrivals, first: des.Never, width: 20, due: des.NewBatch(len(w.senders) + len(w.cfg.Clients))}
	var campaigns []int32
	for i := range w.senders {
		switch a := &w.senders[i]; {
		case !a.steady():
		case a.spec.Traffic.Kind == sim.Campaign:
			campaigns = append(campaigns, int32(i))
		default:
			h.members = append(h.members, int32(i))
		}
	}
	h.campaigns = len(h.members)
	h.members = append(h.members, campaigns...)
	if len(h.members) < batchLeast || w.hooks.Undivided || w.partition.liveRoutes > 0 {
		return
	}
	for _, i := range h.members {
		w.hot[i].batch = batched
		h.first = min(h.first, times[i])
		times[i] = des.Never
	}
	for i := range w.cfg.Actions {
		if a := &w.cfg.Actions[i]; a.Do == sim.DoSet && a.Change.Key == sim.KeySenderRate {
			h.changes = append(h.changes, a.At)
		}
	}
	slices.Sort(h.changes)
	w.batch = h
}

// steady reports whether a sender's arrivals do not depend on its mail, except that
// a campaign may end early.
func (a *senderState) steady() bool {
	if a.trace != nil || a.spec.Client > 0 || a.routes != nil {
		return false
	}
	return a.spec.Traffic.Kind != sim.Campaign || !a.audience.spec.Growth.Grows() && a.messagesAhead() >= passLeast
}

// messagesAhead returns how many messages there are at most up to the end of a campaign's
// pass over the list.
func (a *senderState) messagesAhead() int64 {
	n := a.list.Ahead()
	if each := int64(a.spec.Recipients); each > 1 {
		n = (n + each - 1) / each
	}
	return n
}

// head returns the first batched arrival: when, and of which sender, or pastBatch.
func (h *arrivalBatch) head() (time.Duration, int) {
	at, i := h.due.Next()
	if i < 0 && h.first != des.Never {
		return h.first, pastBatch
	}
	return at, i
}

// next returns the first arrival of all senders, given the first of those that are
// not batched: when, and of which sender, or inBatch or pastBatch.
func (h *arrivalBatch) next(due time.Duration, sender int) (time.Duration, int) {
	at, i := h.head()
	switch {
	case at > due || at == due && i >= sender:
		return due, sender
	case i >= 0:
		i = inBatch
	}
	return at, i
}

// before returns the moment before which no batched arrival comes first, given one of a
// sender that is not batched.
func (h *arrivalBatch) before(i int) time.Duration {
	at, sender := h.head()
	if at != des.Never && i < sender {
		at++
	}
	return at
}

// endPass is the end of a campaign's pass over the list, with the message that is due.
func (h *arrivalBatch) endPass(a *senderState) {
	a.batch = parted
	a.arrivals.EndPass(a.messages)
	h.first = min(h.first, max(h.end, a.arrivals.Next()))
}

// refill makes the next batch: the arrivals from its first on. There are to be
// some six of a sender, which the stretch of the next batch is adapted to.
func (w *world) refill() {
	h := w.batch
	from, most := h.first, 8*max(len(h.members), 512)
	for len(h.changes) > 0 && h.changes[0] <= from {
		h.changes = h.changes[1:]
	}
	h.begin(from)
	n, fit := w.fillCampaigns(4 * most)
	for !fit { // the stretch was adapted while few of them were under way
		h.width = max(h.width-3, 0)
		h.begin(from)
		n, fit = w.fillCampaigns(4 * most)
	}
	for _, i := range h.members[:h.campaigns] {
		a := &h.arrivals[i]
		n += a.Fill(&h.due, h.end, int(i))
		h.first = min(h.first, a.Next())
	}
	switch {
	case n > most && h.width > 0:
		h.width--
	case n < most/2 && h.width < h.due.MostWidth():
		h.width++
	}
}

// begin makes the batch an empty one that begins at a moment.
func (h *arrivalBatch) begin(from time.Duration) {
	h.end = from + 1<<h.width
	if len(h.changes) > 0 {
		h.end = min(h.end, h.changes[0])
	}
	h.due.Begin(from, h.width)
	h.first = des.Never
}

// fillCampaigns adds the arrivals of campaigns to a batch that has none yet, and returns
// their number. If there are more than so many and the batch could be shorter, it returns
// false, and the campaigns are as before.
func (w *world) fillCampaigns(most int) (n int, fit bool) {
	h := w.batch
	campaigns := h.members[h.campaigns:]
	for k, i := range campaigns {
		a := &w.senders[i]
		if a.batch == parted {
			a.batch = batched
			w.merge.Set(int(i), des.Never)
		}
		left := max(a.messagesAhead(), 1) // if the rest of the list was removed, a message without recipients ends the pass
		if h.width > 0 {
			left = min(left, int64(most-n+1))
		}
		n += a.arrivals.FillPass(&h.due, h.end, int(i), int(left), a.messages)
		if n > most && h.width > 0 {
			for _, i := range campaigns[:k+1] {
				h.arrivals[i].EmptyPass(w.senders[i].messages)
			}
			return n, false
		}
		h.first = min(h.first, a.arrivals.Next())
	}
	return n, true
}

// look finds out anew when the first arrival is due, because a sender's arrivals
// have changed, at a time that no batch reaches beyond.
func (h *arrivalBatch) look() {
	h.first = des.Never
	for _, i := range h.members {
		h.first = min(h.first, h.arrivals[i].Next())
	}
}

// runBatch handles the batched arrivals that come before anything else and before
// the given moment.
func (w *world) runBatch(until time.Duration) {
	b := &w.batch.due
	list, n := b.Rest()
	far, k := len(w.hot) >= fetchLeast, 0
	for k < n && !w.stopped {
		other, sender := w.merge.Next() // a campaign may have parted
		bound := min(b.Bound(min(until, w.events.Next()), 0), b.Bound(other, sender))
		if list[k] >= bound {
			break
		}
		most := (n-k-1)%fetchEvery + 1
		if far && most == fetchEvery {
			w.fetch((*[des.Reach]des.Due)(list[k:]))
		}
		if sent := w.runFast(list[k:k+most], bound); sent > 0 {
			k += sent
			w.countFast(sent)
		} else {
			w.now = b.At(list[k])
			if i := b.Stream(list[k]); w.hot[i].batch == batched {
				w.arrive(i)
			}
			k++
		}
	}
	b.Drop(k)
}

// runFast handles the first arrivals of a list, as long as they take the fast path,
// lie before a bound, and change nothing of what comes next. It returns their
// number.
func (w *world) runFast(list []des.Due, bound des.Due) int {
	b, hot := &w.batch.due, w.hot
	for k, d := range list {
		i := b.Stream(d)
		s := &hot[i]
		if d >= bound || !w.isFast(s, i) || s.path&inPasses != 0 && (s.batch != batched || !w.senders[i].list.MidPass()) {
			return k
		}
		w.now = b.At(d)
		if !w.sendFast(s, i) {
			return k + 1
		}
	}
	return len(list)
}

const (
	fetchEvery = des.Reach / 4 // for how many arrivals memory is asked at a time
	fetchLeast = 2000          // fewer senders or audiences are at hand anyway
)

// fetch prefetches the memory that the next arrivals of the batch need, for when
// the senders do not fit into the cache: first the senders; for arrivals
// whose senders are there by now the bytes of the recipients; and for the few
// whose bytes say that some list holds the recipient, what post and the
// sender's own list need, in two steps.
func (w *world) fetch(list *[des.Reach]des.Due) {
	h, hot, bits := w.batch, w.hot, w.bits
	lines := h.lines[:2*fetchEvery]
	for k := range fetchEvery {
		lines[2*k] = prefetch.Of(&hot[h.due.Stream(list[k+3*fetchEvery])])
		lines[2*k+1] = prefetch.Of(&bits[hot[h.due.Stream(list[k+2*fetchEvery])].to])
	}
	for _, i := range h.listed {
		lines = append(lines, w.senders[i].list.Line(hot[i].to-hot[i].audience.first))
	}
	h.listed = h.listed[:0]
	for k := range fetchEvery {
		i := h.due.Stream(list[k+fetchEvery])
		if bits[hot[i].to]&(sender.Removed|ses.Listed) != 0 {
			a := &w.senders[i]
			lines = append(lines, prefetch.Of(a), prefetch.Of(&a.list))
			h.listed = append(h.listed, int32(i))
		}
	}
	if len(w.audiences) >= fetchLeast {
		lines = w.appendAudiences(lines, list)
	}
	prefetch.Fetch(lines)
}

// appendAudiences adds to what fetch prefetches the audiences of the next arrivals: first
// where they are, then what decides whether mail to them arrives.
func (w *world) appendAudiences(lines []prefetch.Line, list *[des.Reach]des.Due) []prefetch.Line {
	for k := range fetchEvery {
		near, far := &w.hot[w.batch.due.Stream(list[k+fetchEvery])], &w.hot[w.batch.due.Stream(list[k+2*fetchEvery])]
		lines = append(lines, prefetch.Of(far.audience), near.audience.Line())
	}
	return lines
}

// fetchEvent asks for what the next event will need of its sender.
func (w *world) fetchEvent() {
	if len(w.hot) < fetchLeast || w.events.Len() == 0 {
		return
	}
	if owner := w.events.First().owner; int(owner) < len(w.senders) { // of few events an account
		a := &w.senders[owner]
		lines := [...]prefetch.Line{prefetch.Of(a), prefetch.Of(&a.list)}
		prefetch.Fetch(lines[:])
	}
}
