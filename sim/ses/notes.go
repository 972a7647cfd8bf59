package ses

import "time"

// notesMost is how many calls are noted before they are counted together.
const notesMost = 32

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
	if n.free <= n.room {
		return false
	}
	if n.full <= now {
		n.full, n.taken = now, n.free
	} else if n.full-now > a.rate.slack {
		return false
	}
	n.full += a.rate.interval
	n.free--
	n.at[n.free%notesMost] = now
	return true
}

// AdmitOne is Admit for a valid call with one recipient, which counts towards the
// quota, from a verified sender and without a paused configuration set.
func (a *Account) AdmitOne(now time.Duration) Reason {
	n, b := &a.notes, &a.rate
	if n.free <= n.room {
		return a.admitAnew(now)
	}
	a.takeNoted()
	b.refill(now)
	if b.level < token { // a full bucket holds at least one token
		return a.admitAnew(now)
	}
	b.level -= token
	n.free--
	n.at[n.free%notesMost] = now
	n.taken, n.full = n.free, b.full()
	return Accepted
}

// admitAnew is AdmitOne where the quota may have no room, or the bucket no token.
func (a *Account) admitAnew(now time.Duration) Reason {
	reason := a.Admit(now, Call{Recipients: 1, Counted: 1})
	if reason != Accepted || a.special {
		return reason
	}
	a.notes.room, a.notes.full = 0, a.rate.full()
	if a.quota >= 0 {
		a.notes.room = uint(max(notesMost-a.quota+a.sent.atMost(), 0))
	}
	return Accepted
}

// takeNoted takes the tokens of the noted calls from the bucket.
func (a *Account) takeNoted() {
	n := &a.notes
	a.rate.takeEach(n.at[n.free:n.taken])
	n.taken = n.free
}

// settle counts the noted calls. Others are noted only after admitAnew.
func (a *Account) settle() {
	if a.notes.room < notesMost {
		a.countNoted()
	}
}

func (a *Account) countNoted() {
	n := &a.notes
	a.takeNoted()
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
