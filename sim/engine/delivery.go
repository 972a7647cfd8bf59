package engine

import "time"

// frames is how many frames ahead a delivery can be counted without an entry
// in the event list.
const frames = 64

// countDelivery counts a delivery of a sender's mail that is known to happen at a
// later time, before the horizon. Frame k holds what happens after its sample and
// up to the next one, the moment of that included. It reports whether nothing had
// to be scheduled for that, in doubt not.
func (w *world) countDelivery(acc *account, sender int32, at time.Duration) bool {
	if at <= w.clock.frameEnd { // nearly always
		acc.soon++
		return true
	}
	w.countLater(acc, sender, at)
	return false
}

// countLater counts a delivery beyond the frame under way.
func (w *world) countLater(acc *account, sender int32, at time.Duration) {
	present := w.clock.nextFrame - 1
	number := max(int64((at-1)/w.frame), present)
	if number-present >= frames-1 || w.live != nil { // a Session may be asked at any moment
		w.senders[sender].tally.InFlight++
		w.events.Push(at, event{kind: evDelivery, owner: sender})
		return
	}
	acc.due[number%frames]++
	if w.stoppable {
		w.later[number%frames] = append(w.later[number%frames], sender)
	}
}

// leaveInFlight counts, of an interrupted run, the deliveries that were known to
// happen later.
func (w *world) leaveInFlight() {
	for _, senders := range w.later {
		for _, i := range senders {
			w.senders[i].tally.InFlight++
		}
	}
}

// settleFrame counts the deliveries of the frame with that number.
func (w *world) settleFrame(number int64) {
	if number < 0 {
		return
	}
	for i := range w.accounts {
		acc := &w.accounts[i]
		acc.Delivered += acc.soon + acc.due[number%frames]
		acc.soon, acc.due[number%frames] = 0, 0
	}
	w.later[number%frames] = w.later[number%frames][:0]
}

// settleAll counts every delivery that was known: all are before the horizon.
func (acc *account) settleAll() {
	acc.Delivered += acc.soon
	acc.soon = 0
	for i := range acc.due {
		acc.Delivered += acc.due[i]
		acc.due[i] = 0
	}
}
