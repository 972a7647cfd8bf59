package ses

import "time"

// notesMost is how many calls are noted before they are counted together.
const notesMost = 32

// notes are the times of calls to one recipient that are accepted but not yet counted. While
// the quota is certain to have room, whatever leaves its window, such calls need
// not be counted one by one; and while the rate bucket is certain to have tokens, whatever
// it gains, they need not even be taken from the bucket. settle makes up for both, before
// anything else that depends on the bucket, the window, or the number of accepted
// recipients.
type notes struct {
	free  uint // how many of at are free, the first ones: they are filled from the end
	sure  uint // there are tokens until so many are free, and the quota has room
	room  uint // the quota has room until so many are free; notesMost: unknown
	taken uint // the bucket knows of the calls from this one on
	at    [notesMost]time.Duration
}

// AdmitSure is AdmitOne for a call that is certain to be accepted. It returns false if the
// call may not be, and decides nothing then.
func (a *Account) AdmitSure(now time.Duration) bool {
	n := &a.notes
	if n.free <= n.sure {
		return false
	}
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
	if n.free < n.taken {
		a.takeNoted()
	}
	level := b.levelAt(now)
	if level < token { // a full bucket holds at least one token
		return a.admitAnew(now)
	}
	n.free--
	n.at[n.free%notesMost] = now
	n.taken = n.free
	b.level, b.last = level-token, now
	n.sure = n.room
	if tokens := uint(b.level / token); tokens < n.free-n.room {
		n.sure = n.free - tokens
	}
	return Accepted
}

// admitAnew is AdmitOne where the quota may have no room, or the bucket no token.
func (a *Account) admitAnew(now time.Duration) Reason {
	reason := a.Admit(now, Call{Recipients: 1, Counted: 1})
	if reason != Accepted || a.special {
		return reason
	}
	a.notes.room = 0
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
	if n.free < n.taken {
		a.takeNoted()
	}
	at := n.at[n.free:]
	n.free, n.sure, n.room, n.taken = notesMost, notesMost, notesMost, notesMost
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
