// Package statistics collects the response of the API's GetSendStatistics: for
// each account, data points of 15 minutes over the last two weeks, with delivery
// attempts, hard bounces, complaints and rejects.
//
// It observes a run and holds its points, at most those of two weeks.
package statistics

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"sesim/reports/data"
	"sesim/sim"
	"sesim/sim/unit"
)

// The API's resolution and retention.
const (
	Interval = 15 * time.Minute
	Span     = 14 * unit.Day
	points   = int64(Span / Interval)
)

var _ sim.Observer = (*Collector)(nil)

// Collector is an observer that counts. Records of different accounts may come from several
// goroutines.
type Collector struct {
	cfg      *sim.Config
	accounts []account
}

// account holds the points of one account in a ring.
type account struct {
	ring []point
}

// point counts the events of the 15 minutes that begin at number times Interval.
// The number distinguishes it from an older point in the same place of the ring.
type point struct {
	number                                 int64
	attempts, bounces, complaints, rejects int64
}

// New returns a collector for the accounts of a scenario.
func New(cfg *sim.Config) *Collector {
	c := &Collector{cfg: cfg}
	c.grow()
	return c
}

// grow adds the accounts that there are further: those of opened Regions.
func (c *Collector) grow() {
	for len(c.accounts) < len(c.cfg.Accounts) {
		c.accounts = append(c.accounts, account{ring: make([]point, min(points, int64(c.cfg.Horizon/Interval)+1))})
	}
}

// Kinds are the kinds of records that a Collector counts.
const Kinds sim.Kinds = 1<<sim.Sent | 1<<sim.SuppressedAccount | 1<<sim.HardBounced | 1<<sim.SuppressedGlobal |
	1<<sim.Complained | 1<<sim.Rejected

// Observe counts a record. Mail suppressed by the account-level list was not
// attempted; mail suppressed by the global list bounced.
func (c *Collector) Observe(r *sim.Record) {
	c.grow()
	p := c.accounts[r.Account].at(r.At)
	switch r.Kind {
	case sim.Sent:
		p.attempts += int64(len(r.Recipients))
	case sim.SuppressedAccount:
		p.attempts--
	case sim.HardBounced, sim.SuppressedGlobal:
		p.bounces++
	case sim.Complained:
		p.complaints++
	case sim.Rejected:
		p.rejects++
	}
}

// at returns the point for a moment, cleared if it held an older one.
func (a *account) at(t time.Duration) *point {
	number := int64(t / Interval)
	p := &a.ring[number%int64(len(a.ring))]
	if p.number != number {
		*p = point{number: number}
	}
	return p
}

// Write writes the points of the two weeks before end as CSV, ordered by account
// and time. Points without events are left out, as in the API.
func (c *Collector) Write(w io.Writer, end time.Duration) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "account,timestamp,delivery_attempts,bounces,complaints,rejects")
	last := int64((end - 1) / Interval)
	for i := range c.accounts {
		for number := max(0, last-points+1); number <= last; number++ {
			ring := c.accounts[i].ring
			p := ring[number%int64(len(ring))]
			if p.number != number || p.attempts|p.bounces|p.complaints|p.rejects == 0 {
				continue
			}
			at := c.cfg.Start.Add(time.Duration(number) * Interval).UTC().Format(time.RFC3339)
			fmt.Fprintf(b, "%s,%s,%d,%d,%d,%d\n", data.Cell(c.cfg.Accounts[i].Name), at, p.attempts, p.bounces, p.complaints, p.rejects)
		}
	}
	return b.Flush()
}
