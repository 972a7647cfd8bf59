package client

import (
	"errors"
	"fmt"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/unit"
)

// Limits of single fields.
const (
	maxNumber   = 1_000_000      // of a limiter, of errors, of messages
	maxFactor   = 1000 * Million // of a multiple of the maximum send rate
	maxLatency  = time.Hour      // also of a set-up
	minPer      = time.Millisecond
	maxPer      = 31 * unit.Day
	maxSigma    = 3000
	minPoll     = time.Millisecond
	minDeferral = time.Millisecond // of the longest requeue
)

// Check returns every reason for which a client cannot be as the Config says, joined,
// or nil. Each begins with the key that scenarios have for the field.
func (c *Config) Check() error {
	list := []error{
		checkCount("workers", c.Workers, 0, MaxWorkers),
		within("processes", int64(c.Processes), 1, MaxProcesses),
		c.Latency.check(), c.Connection.check(), c.Rest.check(),
		within("stop.errors", c.Stop.Errors, 0, maxNumber),
	}
	if c.Processes > 1 && c.Workers == (Count{}) {
		list = append(list, fmt.Errorf("processes: %d of them with unlimited workers: the first would do everything", c.Processes))
	}
	if n := c.Workers.N * int64(c.Processes); n > MaxWorkers {
		list = append(list, fmt.Errorf("workers: %d in all processes, at most %d", n, MaxWorkers))
	}
	list = append(list, c.checkLimiters()...)
	if len(c.Retry) > MaxLayers {
		list = append(list, fmt.Errorf("retry: %d layers, at most %d", len(c.Retry), MaxLayers))
	}
	for i := range c.Retry {
		list = append(list, c.Retry[i].check())
	}
	return errors.Join(list...)
}

// checkLimiters checks the limiters one by one, and what they are together.
func (c *Config) checkLimiters() (list []error) {
	if len(c.Limiters) > MaxLimiters {
		list = append(list, fmt.Errorf("limiter: %d of them, at most %d", len(c.Limiters), MaxLimiters))
	}
	random, kept := 0, int64(0)
	names, clash := map[string]bool{}, false
	for i := range c.Limiters {
		l := &c.Limiters[i]
		list = append(list, l.check())
		if len(c.Limiters) > 1 && !clash && (l.Name == "" || names[l.Name]) {
			clash = true
			list = append(list, fmt.Errorf("limiter: of several limiters each needs a name of its own, and %q is not", l.Name))
		}
		names[l.Name] = true
		if l.Random {
			random++
		}
		if l.Kind == Log {
			kept += l.N.N * c.copies(l)
		}
	}
	if random > 1 {
		list = append(list, errors.New("limiter.place: of several limiters at most one is random: two might never agree"))
	}
	if kept > MaxKept {
		list = append(list, fmt.Errorf("limiter.n: the logs of all processes keep %d starts, at most %d", kept, MaxKept))
	}
	return list
}

// copies returns how many of a limiter there are.
func (c *Config) copies(l *Limiter) int64 {
	if l.Shared {
		return 1
	}
	return int64(c.Processes)
}

// within returns an error unless a number is in its range.
func within(key string, n, least, most int64) error {
	if n < least || n > most {
		return fmt.Errorf("%s: %d is not from %d to %d", key, n, least, most)
	}
	return nil
}

// between returns an error unless a duration is in its range.
func between(key string, d, least, most time.Duration) error {
	if d < least || d > most {
		return fmt.Errorf("%s: %s is not from %s to %s", key,
			unit.FormatDuration(d), unit.FormatDuration(least), unit.FormatDuration(most))
	}
	return nil
}

// checkCount checks a number that may be a multiple of the maximum send rate.
func checkCount(key string, c Count, least, most int64) error {
	if c.Rate == 0 {
		return errors.Join(within(key, c.N, least, most), within(key+".plus", c.Plus, 0, 0))
	}
	return errors.Join(within(key+".rate", c.Rate, 1, maxFactor), within(key+".plus", c.Plus, -most, most))
}

func (l *Latency) check() error {
	if l.Mean == 0 && l.Floor == 0 && l.Sigma == 0 {
		return errors.Join(between("latency", l.Spread.Median, 0, maxLatency), between("latency", l.Spread.Upper, 0, maxLatency))
	}
	return errors.Join(
		between("latency.floor", l.Floor, 0, maxLatency),
		between("latency.mean", l.Mean, l.Floor, maxLatency),
		within("latency.sigma", l.Sigma, 0, maxSigma),
	)
}

func (c *Connection) check() error {
	return errors.Join(
		between("connection.setup", c.Setup, 0, maxLatency),
		within("connection.max", c.Max, 0, MaxWorkers),
		within("connection.max_messages", c.MaxMessages, 0, maxNumber),
		between("connection.idle", c.Idle, 0, unit.MaxDuration),
		between("connection.wait", c.Wait, 0, unit.MaxDuration),
	)
}

func (r *Rest) check() error {
	list := []error{checkCount("rest.after", r.After, 0, maxNumber), between("rest.rest", r.Rest, 0, unit.MaxDuration)}
	if r.Barrier && !r.All {
		list = append(list, errors.New(`rest.barrier: a worker has one call at a time: it needs scope "all"`))
	}
	return errors.Join(list...)
}

func (l *Limiter) check() error {
	list := []error{
		checkCount("limiter.n", l.N, 1, maxNumber),
		between("limiter.per", l.Per, minPer, maxPer),
		l.Full.check(),
	}
	if l.Kind == Bucket {
		list = append(list, checkCount("limiter.burst", l.Burst, 1, maxNumber))
		if l.N.N > 0 && l.Burst.N > 1 && fixed.MulDiv(uint64(l.Per), uint64(l.Burst.N-1), uint64(l.N.N)) > uint64(unit.MaxDuration) {
			list = append(list, fmt.Errorf("limiter.burst: %d tokens take more than %s to come back",
				l.Burst.N, unit.FormatDuration(unit.MaxDuration)))
		}
	}
	if l.Kind != Window && (l.Clock || l.Random || l.Spacing != 0) {
		list = append(list, errors.New("limiter: anchor, place and spacing are of windows"))
	}
	if l.Random && !l.Clock {
		list = append(list, errors.New(`limiter.place: a window that begins with its first call has no other place: it needs anchor "clock"`))
	}
	if l.Spacing < 0 || l.N.N > 0 && l.Spacing > l.Per/time.Duration(l.N.N) {
		list = append(list, fmt.Errorf("limiter.spacing: %d starts %s apart are not within %s",
			l.N.N, unit.FormatDuration(l.Spacing), unit.FormatDuration(l.Per)))
	}
	return errors.Join(list...)
}

func (f *Full) check() error {
	switch f.Policy {
	case Requeue:
		return errors.Join(
			between("limiter.full.requeue", f.Least, 0, f.Most),
			between("limiter.full.requeue", f.Most, minDeferral, unit.MaxDuration))
	case RequeueReset:
		return between("limiter.full.plus", f.Plus, 0, unit.MaxDuration)
	}
	return nil
}

func (l *Layer) check() error {
	list := []error{within("retry.max_attempts", int64(l.Attempts), 1, MaxAttempts)}
	if l.Attempts > 1 && len(l.Waits) == 0 {
		list = append(list, errors.New("retry.waits: there is none"))
	}
	for _, wait := range l.Waits {
		list = append(list, between("retry.waits", wait, 0, unit.MaxDuration))
	}
	j, q := &l.Jitter, &l.Quota
	list = append(list,
		within("retry.jitter.plus", int64(j.Plus), 0, int64(unit.Whole)),
		between("retry.jitter.add", j.Least, 0, j.Most),
		between("retry.jitter.add", j.Most, j.Least, unit.MaxDuration),
		within("retry.quota.size", q.Size, 0, maxNumber),
		within("retry.quota.throttle", q.Throttle, 0, maxNumber),
		within("retry.quota.other", q.Other, 0, maxNumber),
		within("retry.quota.success", q.Success, 0, maxNumber))
	if p := &l.Poll; *p != (Poll{}) {
		list = append(list, between("retry.poll", p.Least, minPoll, p.Most), between("retry.poll", p.Most, p.Least, unit.MaxDuration))
		if l.Hold {
			list = append(list, errors.New("retry.poll: a worker that sleeps does not poll: leave out hold or poll"))
		}
	}
	return errors.Join(list...)
}
