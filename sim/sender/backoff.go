package sender

import (
	"time"

	"sesim/sim/fixed"
)

// Backoff is the exponential backoff between the calls for one message.
type Backoff struct {
	First  time.Duration // wait before the first retry
	Factor int64         // by which each wait is multiplied, in thousandths, at least 1000
	Cap    time.Duration // longest wait
}

// Wait returns the wait before the n-th retry, counted from 1.
func (b Backoff) Wait(n int) time.Duration {
	wait := min(b.First, b.Cap)
	for i := 1; i < n; i++ {
		next := b.After(wait)
		if next == wait {
			break
		}
		wait = next
	}
	return wait
}

// After returns the wait that follows one of these waits.
func (b Backoff) After(wait time.Duration) time.Duration {
	if wait == b.Cap {
		return wait
	}
	return max(wait, min(time.Duration(fixed.MulDiv(uint64(wait), uint64(b.Factor), 1000)), b.Cap))
}
