package client

import (
	"math/bits"
	"time"

	"sesim/sim/rng"
)

// draw returns a duration from least to most at the uniform number u.
func draw(u uint64, least, most time.Duration) time.Duration {
	hi, _ := bits.Mul64(u, uint64(most-least)+1)
	return least + time.Duration(hi)
}

// wait returns the wait before the n-th retry, counted from 1, at the uniform number u.
func (l *Layer) wait(n int, u uint64) time.Duration {
	return l.Jitter.apply(l.Waits[min(n, len(l.Waits))-1], n, u)
}

// apply makes a wait before the n-th retry random.
func (j *Jitter) apply(wait time.Duration, n int, u uint64) time.Duration {
	switch j.Kind {
	case FullJitter:
		return draw(u, 0, wait)
	case EqualJitter:
		return draw(u, wait/2, wait)
	case PlusJitter:
		return draw(u, wait, wait+time.Duration(j.Plus.Count(int64(wait))))
	case AddJitter:
		more := draw(u, j.Least, j.Most)
		if j.Grows {
			more *= time.Duration(n)
		}
		return wait + more
	}
	return wait
}

// after returns the first poll at a moment or later. Poll number k is at k times the
// mean interval, and a draw of up to half the range later: all intervals are from
// Least to Most, and no poll depends on the ones before it.
func (p *Poll) after(at time.Duration, draws rng.Key) time.Duration {
	if p.Most == 0 {
		return at
	}
	mean, swing := p.Least+(p.Most-p.Least)/2, (p.Most-p.Least)/2
	for k := max(at-swing, 0) / mean; ; k++ {
		if poll := k*mean + draw(draws.At(uint64(k)), 0, swing); poll >= at {
			return poll
		}
	}
}

// retryQuota is the state of a Quota.
type retryQuota struct {
	spec   *Quota
	tokens int64
}

// take returns the cost of a retry, or false if there are not enough tokens for it.
func (q *retryQuota) take(throttled bool) (cost int64, ok bool) {
	cost = q.spec.Other
	if throttled {
		cost = q.spec.Throttle
	}
	if cost > q.tokens {
		return 0, q.spec.Size == 0
	}
	q.tokens -= cost
	return cost, true
}

// succeed gives back what the last retry of a message has cost, or what a success
// without one adds.
func (q *retryQuota) succeed(retried bool, cost int64) {
	if !retried {
		cost = q.spec.Success
	}
	q.tokens = min(q.tokens+cost, q.spec.Size)
}
