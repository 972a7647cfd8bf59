package engine

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// series is what a run samples over time.
type series struct {
	w      *world
	table  measure.Table
	queues []measure.Column // of those clients, at the same times
	of     []int            // the numbers of the clients that are sampled
}

func (s *series) start() {
	for i := range s.w.partition.sampled {
		for _, metric := range sim.SeriesMetrics {
			s.table.Columns = append(s.table.Columns, measure.Column{Account: s.w.cfg.Accounts[i].Name, Metric: metric})
		}
	}
	s.table.Columns = append(s.table.Columns, measure.Column{Metric: "global_listed"})
	for i, whole := range s.w.partition.clients {
		if whole >= sim.MaxQueues {
			continue
		}
		s.of = append(s.of, i)
		for _, metric := range sim.QueueMetrics {
			s.queues = append(s.queues, measure.Column{Account: s.w.cfg.Clients[i].Name, Metric: metric})
		}
	}
	if s.w.live == nil { // a Session may end long before its horizon
		s.reserve(int(s.w.cfg.Horizon/s.w.frame) + 2)
	}
}

// reserve makes room for n samples.
func (s *series) reserve(n int) {
	s.table.Times = make([]time.Duration, 0, n)
	for _, columns := range [...][]measure.Column{s.table.Columns, s.queues} {
		room := make([]float64, n*len(columns))
		for i := range columns {
			columns[i].Values, room = room[:0:n], room[n:]
		}
	}
}

// add adds the account with the next index, in whose figures nothing has changed yet.
func (s *series) add(acc *account) {
	p := s.w.partition
	if p.sampled == sim.MaxSeries {
		return
	}
	var columns []measure.Column
	for m, v := range s.measure(acc) {
		columns = append(columns, measure.Column{
			Account: s.w.cfg.Accounts[acc.index].Name, Metric: sim.SeriesMetrics[m], Values: slices.Repeat([]float64{v}, len(s.table.Times)),
		})
	}
	s.table.Columns = slices.Insert(s.table.Columns, p.sampled*len(sim.SeriesMetrics), columns...)
	p.sampled++
}

// sample adds a row.
func (s *series) sample(listed int64) {
	s.table.Times = append(s.table.Times, s.w.now)
	columns := s.table.Columns
	for i := range s.w.partition.sampled {
		for _, v := range s.measure(&s.w.accounts[i]) {
			columns[0].Values = append(columns[0].Values, v)
			columns = columns[1:]
		}
	}
	columns[0].Values = append(columns[0].Values, float64(listed))
	s.sampleQueues()
}

// sampleQueues adds a row of the clients' figures.
func (s *series) sampleQueues() {
	columns := s.queues
	for _, i := range s.of {
		for _, v := range s.w.clients[i].sampled() {
			columns[0].Values = append(columns[0].Values, float64(v))
			columns = columns[1:]
		}
	}
}

// sampled returns the client's figures in the order of sim.QueueMetrics.
func (k *runningClient) sampled() (v [len(sim.QueueMetrics)]int64) {
	if k.Client == nil {
		return v
	}
	for i := range k.senders {
		c := sim.ClientCalls{Counts: k.SenderCounts(i)}
		for m, n := range [...]int64{c.Due, c.Accepted, c.Refused, c.Lost(), c.Waiting, c.InFlight} {
			v[m] += n
		}
	}
	return v
}

func (s *series) measure(acc *account) [len(sim.SeriesMetrics)]float64 {
	bounce, complaint := acc.Rates(s.w.now)
	return [...]float64{
		bounce.Final, complaint.Final, float64(bounce.Eligible), float64(complaint.Eligible),
		float64(acc.QuotaUsed(s.w.now)), float64(acc.Quota()), float64(acc.MaxRate()), float64(acc.Enforcement()), float64(acc.Listed()),
		float64(acc.Accepted), float64(acc.Delivered), float64(acc.HardBounced), float64(acc.SoftBounced),
		float64(acc.SuppressedAccount), float64(acc.SuppressedGlobal), float64(acc.Complaints),
		float64(acc.Refused[ses.RefusedRate]), float64(acc.Refused[ses.RefusedQuota]), float64(acc.Refused[ses.RefusedUnverified]),
		float64(acc.Refused[ses.RefusedPaused]), float64(acc.Refused[ses.RefusedInvalid]),
	}
}
