package forecast

import (
	"math"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/ses"
)

// through makes the demand of a sender that of its client: calls wait until it can make
// them, and its retries follow a refusal as far as its retry quota allows them.
func (d *demand) through(c *sim.Config, s *sim.Sender) {
	k := &c.Clients[s.Client-1]
	d.retry = retryOf(k.Retry)
	d.errors = float64(k.Stop.Errors)
	for _, l := range k.Retry {
		if q := l.Quota; q.Size > 0 && q.Throttle > 0 {
			d.quota = float64(q.Size*int64(k.Processes)) / float64(q.Throttle)
			d.earned = float64(q.Success) / float64(q.Throttle)
		}
	}
	if s.Traffic.Whole {
		d.rate = math.Ceil(d.list(d.end) / d.recipients) // within a second
	}
	session := c.Session(s.Client - 1)
	if d.callRate = callRate(&k.Config, session, c.Accounts[s.Account].Rate); math.IsInf(d.callRate, 1) {
		d.callRate = 0
	}
}

// callRate is how many messages a client starts in a second if none is refused; infinite
// if nothing limits it.
func callRate(k *client.Config, session client.Session, accountRate int64) float64 {
	rate := math.Inf(1)
	processes := float64(k.Processes)
	number := func(c client.Count) float64 { return float64(c.Of(accountRate)) / client.Million }
	if k.Workers != (client.Count{}) {
		workers := max(number(k.Workers), 1)
		seconds := max(callTime(k.Latency), 1e-6)
		if n := messagesOf(k.Connection.MaxMessages, session.MaxMessages); n > 0 {
			seconds += k.Connection.Setup.Seconds() / float64(n)
		}
		if after := number(k.Rest.After); after > 0 {
			each := workers // of a rest of the process, every worker waits for it
			if !k.Rest.All {
				each = 1
			}
			seconds += k.Rest.Rest.Seconds() * each / after
		}
		rate = processes * workers / seconds
	}
	for _, l := range k.Limiters {
		granted := number(l.N) / l.Per.Seconds()
		if !l.Shared {
			granted *= processes
		}
		rate = min(rate, granted)
	}
	if k.Adaptive {
		rate = min(rate, float64(accountRate))
	}
	return rate
}

// messagesOf is how many messages a connection has before the client closes it, or SES; 0: no
// limit.
func messagesOf(client, session int64) int64 {
	if client == 0 || session == 0 {
		return max(client, session)
	}
	return min(client, session)
}

// callTime is about the mean latency, in seconds.
func callTime(l client.Latency) float64 {
	if l.Mean > 0 {
		return l.Mean.Seconds()
	}
	return l.Spread.Median.Seconds()
}

// mostCalls is how many calls for a message are foreseen at most.
const mostCalls = 1001

// retryOf returns layers of retries as a single one of as many calls, with the mean
// waits of the innermost.
func retryOf(layers []client.Layer) sim.Retry {
	r := sim.Retry{First: time.Millisecond, Factor: 1000}
	calls := 1
	for i, l := range layers {
		calls = min(calls*l.Attempts, mostCalls)
		for reason := range ses.Reasons {
			r.On[reason] = r.On[reason] || l.On>>reason&1 == 1
		}
		if i > 0 || len(l.Waits) == 0 {
			continue
		}
		of := func(wait time.Duration) time.Duration {
			if l.Jitter.Kind == client.FullJitter {
				wait /= 2
			}
			return max(wait, time.Millisecond)
		}
		r.First, r.Cap = of(l.Waits[0]), of(slices.Max(l.Waits))
		if len(l.Waits) > 1 {
			r.Factor = max(int64(1000*of(l.Waits[1])/r.First), 1000)
		}
	}
	r.Cap = max(r.Cap, r.First)
	r.Attempts = calls - 1
	return r
}
