package sender

import "time"

// Reported is the set of addresses of a list whose bounces have been published. Those
// whose time is yet to come are kept apart, so that the rest takes as little memory as
// the addresses removed from a list.
type Reported struct {
	set     removed
	pending map[uint32]time.Duration // when each is published, as long as that may be ahead
	most    int                      // how many are pending at most before the set takes over what it can
}

// NewReported returns the set of no addresses, of a list with that many.
func NewReported(size uint32) *Reported {
	return &Reported{set: removed{size: size}, pending: map[uint32]time.Duration{}, most: pendingLeast}
}

const pendingLeast = 8

// Add adds an address whose bounce is published at a time that is now or later. Times
// of calls must not decrease.
func (r *Reported) Add(now time.Duration, n uint32, at time.Duration) {
	if r.set.has(n) {
		return
	}
	if earlier, is := r.pending[n]; is && earlier <= at {
		return
	}
	r.pending[n] = at
	if len(r.pending) > r.most {
		r.settle(now)
	}
}

// settle moves the addresses into the set whose bounces have been published.
func (r *Reported) settle(now time.Duration) {
	for n, at := range r.pending {
		if at <= now {
			r.set.add(n)
			delete(r.pending, n)
		}
	}
	r.most = max(pendingLeast, 2*len(r.pending))
}

// Has reports whether a bounce of the address has been published by now.
func (r *Reported) Has(now time.Duration, n uint32) bool {
	if r.set.has(n) {
		return true
	}
	at, is := r.pending[n]
	return is && at <= now
}
