package ses

import "time"

// notesMost is how many calls are noted before they are counted together.
const notesMost = 64

// notes are the times of calls to one recipient that are accepted but not yet counted. While
// the quota is certain to have room, whatever leaves its window, such calls need
// not be counted one by one; and while the rate bucket is certain to have a token, they need
// not even be taken from it, nor ever if it is full before the next one. settle makes up for
// both, before anything else that depends on the bucket, the window, or the number of
// accepted recipients.
type notes struct {
	free  uint          // how many of at are free, the first ones: they are filled from the end
	room  uint          // the quota has room until so many are free; notesMost: unknown
	taken uint          // the calls before this one are taken from the bucket, or no longer matter
	full  time.Duration // the bucket is full again by then, or before
	at    [notesMost]time.Duration
}

// AdmitSure is AdmitOne for a call that is certain to be accepted. It returns false if the
// call may not be, and decides nothing then.
func (a *Account) AdmitSure(now time.Duration) bool {
	n := &a.notes
	free, full := n.free, n.full
	if free <= n.room {
		return false
	}
	if full <= now { // what was taken before does not matter
		full, n.taken = now, free
	} else if full-now > a.rate.slack {
		return false
	}
	free--
	n.free, n.full = free, full+a.rate.interval
	n.at[free%notesMost] = now
	return true
}

// AdmitOne is Admit for a valid call with one recipient, which counts towards the
// quota, from a verified sender and without a paused configuration set.
func (a *Account) AdmitOne(now time.Duration) Reason {
	n, b := &a.notes, &a.rate
	if n.free <= n.room && !a.noteAnew() {
		return a.Admit(now, Call{Recipients: 1, Counted: 1})
	}
	if n.free < n.taken {
		a.takeNoted()
	}
	if b.refill(now); b.level < token { // a full bucket holds at least one token
		return a.Admit(now, Call{Recipients: 1, Counted: 1})
	}
	b.level -= token
	n.free--
	n.at[n.free%notesMost] = now
	n.taken, n.full = n.free, b.full()
	return Accepted
}

// noteAnew counts the noted calls and reports whether further ones may be noted, as the quota
// has room.
func (a *Account) noteAnew() bool {
	if a.special {
		return false
	}
	a.settle()
	left := int64(notesMost)
	if a.quota >= 0 {
		left = min(a.quota-a.sent.atMost(), notesMost)
	}
	if left <= 0 {
		return false
	}
	a.notes.room = uint(notesMost - left)
	return true
}

// takeNoted takes the tokens of the noted calls from the bucket.
func (a *Account) takeNoted() {
	n := &a.notes
	a.rate.takeEach(n.at[n.free:n.taken])
	n.taken = n.free
}

// settle counts the noted calls. Others are noted only after noteAnew.
func (a *Account) settle() {
	if a.notes.room < notesMost {
		a.countNoted()
	}
}

func (a *Account) countNoted() {
	n := &a.notes
	if n.free < n.taken {
		a.takeNoted()
	}
	at := n.at[n.free:]
	n.free, n.room, n.taken = notesMost, notesMost, notesMost
	a.accepted += int64(len(at))
	a.counted += int64(len(at))
	if most := a.sent.addEach(at, a.quotaMax); most > a.quotaMax {
		a.setQuotaMax(most)
	}
}

// countedYet returns how many recipients were counted towards the quota since the start.
func (a *Account) countedYet() int64 {
	a.settle()
	return a.counted
}

// acceptedYet returns how many recipients were accepted since the start.
func (a *Account) acceptedYet() int64 {
	a.settle()
	return a.accepted
}
