package engine

import (
	"sesim/sim"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// series is what a run samples over time.
type series struct {
	table measure.Table
}

func (w *world) startSeries() {
	for i := range w.partition.sampled {
		for _, metric := range sim.SeriesMetrics {
			w.table.Columns = append(w.table.Columns, measure.Column{Account: w.cfg.Accounts[i].Name, Metric: metric})
		}
	}
	w.table.Columns = append(w.table.Columns, measure.Column{Metric: "global_listed"})
}

// sample adds a row.
func (w *world) sample(listed int64) {
	w.table.Times = append(w.table.Times, w.now)
	columns := w.table.Columns
	for i := range w.partition.sampled {
		for _, v := range w.measureAccount(&w.accounts[i]) {
			columns[0].Values = append(columns[0].Values, v)
			columns = columns[1:]
		}
	}
	columns[0].Values = append(columns[0].Values, float64(listed))
}

func (w *world) measureAccount(acc *account) [len(sim.SeriesMetrics)]float64 {
	bounce, complaint := acc.Rates(w.now)
	return [...]float64{
		bounce.Final, complaint.Final, float64(bounce.Eligible), float64(complaint.Eligible),
		float64(acc.QuotaUsed(w.now)), float64(acc.Quota()), float64(acc.MaxRate()), float64(acc.Enforcement()), float64(acc.Listed()),
		float64(acc.Accepted), float64(acc.Delivered), float64(acc.HardBounced), float64(acc.SoftBounced),
		float64(acc.SuppressedAccount), float64(acc.SuppressedGlobal), float64(acc.Complaints),
		float64(acc.Refused[ses.RefusedRate]), float64(acc.Refused[ses.RefusedQuota]), float64(acc.Refused[ses.RefusedUnverified]),
		float64(acc.Refused[ses.RefusedPaused]), float64(acc.Refused[ses.RefusedInvalid]),
	}
}

// finish brings all figures up to the end of the run.
func (w *world) finish() {
	if !w.stopped {
		w.now = w.cfg.Horizon
	}
	for i := range w.accounts {
		acc := &w.accounts[i]
		if !w.stopped {
			acc.settleAll() // of an interrupted run the later ones are in flight
		}
		acc.CloseRates(w.now)
		for _, set := range acc.sets {
			set.Roll(w.now, &acc.Account)
		}
		acc.InFlight = acc.Accepted - acc.Delivered - acc.HardBounced - acc.SoftBounced -
			acc.SuppressedAccount - acc.SuppressedGlobal - acc.Simulator - acc.Rejected
	}
	if n := len(w.table.Times); n == 0 || w.table.Times[n-1] < w.now {
		w.sample(w.global.Listed(w.now))
	}
	if !w.stopped {
		w.report() // too late to interrupt
	}
}

// settleAll counts every delivery that was known: all are before the horizon.
func (acc *account) settleAll() {
	acc.Delivered += acc.soon
	acc.soon = 0
	for i := range acc.due {
		acc.Delivered += acc.due[i]
		acc.due[i] = 0
	}
}
