package engine

import (
	"cmp"
	"slices"

	"sesim/sim"
	"sesim/sim/measure"
)

// gather combines the results of a run's worlds. The error is about the first trace
// that could not be read on.
func gather(cfg *sim.Config, worlds []*world) (*sim.Result, error) {
	err := lost(worlds)
	r := &sim.Result{
		Interrupted: worlds[0].stopped || err != nil, End: worlds[0].now,
		Rules: fired(worlds), Series: joinSeries(cfg, worlds), Past: pastOf(cfg), Queues: joinQueues(cfg, worlds), Global: joinGlobal(worlds),
		Accounts: make([]sim.AccountResult, len(cfg.Accounts)),
	}
	if len(cfg.Senders) > 0 {
		r.Senders = make([]sim.SenderResult, len(cfg.Senders))
	}
	if len(cfg.Clients) > 0 {
		r.Clients = make([]sim.ClientResult, len(cfg.Clients))
	}
	prints := make([]fingerprint, len(cfg.Accounts))
	for _, w := range worlds {
		w.closePrints()
		r.Events += w.counted.events
		r.Admissions += w.counted.admissions
		sums, own := w.gatherSenders(r)
		delays := w.accountDelays(own)
		for i, whole := range w.partition.clients {
			r.Clients[whole] = w.clients[i].result(w, r.Senders)
		}
		for i, whole := range w.partition.accounts {
			r.Accounts[whole] = w.accountResult(&w.accounts[i], &sums[i], delays[i])
			prints[whole] = w.accounts[i].print
		}
	}
	r.Fingerprint = digest(prints)
	slices.SortStableFunc(r.Shares, func(a, b sim.AccountShare) int { return cmp.Compare(a.Sender, b.Sender) })
	slices.SortStableFunc(r.Turns, func(a, b sim.Turn) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Sender, b.Sender)) })
	return r, err
}

// gatherSenders fills in the results of the world's senders, and returns their sums for
// each account and the delays of each. The results of the routes of one are added up.
func (w *world) gatherSenders(to *sim.Result) (sums []sim.Counts, delays []*measure.Histogram) {
	sums, delays = make([]sim.Counts, len(w.accounts)), make([]*measure.Histogram, len(w.senders))
	for i, whole := range w.partition.senders {
		a := &w.senders[i]
		own := w.senderResult(a)
		addUp(&sums[a.account.index], &own.Counts)
		delays[i] = own.Delay
		if a.routes == nil {
			to.Senders[whole] = own
			continue
		}
		w.addRoute(to, a, &own)
	}
	for _, t := range w.turns {
		t.Sender, t.Account = w.partition.senders[t.Sender], w.partition.accounts[t.Account]
		to.Turns = append(to.Turns, t)
	}
	return sums, delays
}

// addRoute adds the result of a route to its sender's.
func (w *world) addRoute(to *sim.Result, a *senderState, own *sim.SenderResult) {
	whole := w.partition.senders[a.index]
	sum, before := &to.Senders[whole], int(a.index-a.routes.all[0].index)
	if own.Delay != nil {
		if sum.Delay == nil {
			sum.Delay = &measure.Histogram{}
		}
		_ = sum.Delay.Merge(own.Delay) // all have the same buckets
	}
	own.Delay = sum.Delay
	if before == 0 {
		*sum = *own
	} else {
		sum.Counts.Add(&own.Counts)
		sum.Messages += own.Messages
		sum.TimedOut += own.TimedOut
		sum.Removed += own.Removed
	}
	if a.spec.Accounts == nil {
		return
	}
	if before < a.routes.accounts {
		to.Shares = append(to.Shares, sim.AccountShare{Counts: own.Counts, Sender: whole, Account: w.partition.accounts[a.account.index]})
		return
	}
	to.Shares[len(to.Shares)-a.routes.accounts+before%a.routes.accounts].Add(&own.Counts)
}

// lost returns the error of the first trace that could not be read on; nil
// where there is none.
func lost(worlds []*world) error {
	for _, w := range worlds {
		if w.lost != nil {
			return w.lost
		}
	}
	return nil
}

// addUp adds to the counts of an account those of a sender that the run does not count
// of its account.
func addUp(account, of *sim.Counts) {
	account.Due += of.Due
	account.GivenUp += of.GivenUp
	account.Waiting += of.Waiting
	account.Late += of.Late
	account.Requests += of.Requests
	account.Recipients += of.Recipients
	account.SentAfterBounce += of.SentAfterBounce
}

// senderResult is what became of a sender's mail.
func (w *world) senderResult(a *senderState) sim.SenderResult {
	r := a.result(w.now)
	r.Calls = w.clientCalls(a)
	if calls := r.Requests - a.refused; calls > 0 {
		if r.Delay == nil {
			r.Delay = &measure.Histogram{}
		}
		_ = r.Delay.Record(0, calls-r.Delay.Count()) // those accepted when they were due
	}
	var bounce, complaint sim.Rate
	switch {
	case a.spec.Accounts != nil: // each account has its own
		return r
	case a.rates != nil:
		bounce, complaint = a.rates.Rates(w.now)
	case w.sharesRates(a.account):
		bounce, complaint = a.account.Rates(w.now)
	default:
		return r
	}
	r.Rates = &sim.SenderRates{Bounce: bounce, Complaint: complaint}
	return r
}

// accountDelays joins the delays of the senders of each account. A sender that is alone
// shares its own with the account.
func (w *world) accountDelays(of []*measure.Histogram) []*measure.Histogram {
	list := make([]*measure.Histogram, len(w.accounts))
	for i, delay := range of {
		acc := w.senders[i].account
		switch {
		case delay == nil:
		case acc.senders == 1 && w.senders[i].routes == nil:
			list[acc.index] = delay
		default:
			if list[acc.index] == nil {
				list[acc.index] = &measure.Histogram{}
			}
			_ = list[acc.index].Merge(delay) // all have the same buckets
		}
	}
	for i := range list {
		if list[i] == nil {
			list[i] = &measure.Histogram{}
		}
		if w.live != nil {
			w.live.accounts[i].addDelays(list[i])
		}
	}
	return list
}

// accountResult is what became of an account, given the sums of its senders and its
// admission delays.
func (w *world) accountResult(acc *account, sums *sim.Counts, delay *measure.Histogram) sim.AccountResult {
	a := sim.AccountResult{
		Counts: acc.Counts, Access: acc.Access(), Enforcement: acc.Enforcement(), Quota: acc.Quota(), MaxRate: acc.MaxRate(),
		ListAdded: acc.Added(), Listed: acc.Listed(), Timeline: acc.Timeline(), Refusals: slices.Clone(acc.refusals), Delay: delay,
		Described: acc.Describe(w.now), Details: w.people.of[acc.index].details,
	}
	addUp(&a.Counts, sums)
	if w.live != nil {
		addUp(&a.Counts, &w.live.accounts[acc.index].counts)
	}
	a.InFlight = acc.inFlight()
	for i := range a.Refusals {
		if sender := a.Refusals[i].Sender; sender >= 0 {
			a.Refusals[i].Sender = w.partition.senders[sender]
		}
	}
	a.Bounce, a.Complaint = acc.Rates(w.now)
	a.QuotaUseFinal, a.QuotaUseMax = acc.QuotaUse(w.now)
	a.Cost = w.cfg.Accounts[acc.index].Price.Of(a.Billed(), w.now)
	a.Status = acc.Status()
	a.BounceStatus, a.ComplaintStatus = acc.RateStatus()
	a.Sets = w.sets.results(acc)
	return a
}

// joinGlobal adds up what became of the addresses of all partitions.
func joinGlobal(worlds []*world) sim.GlobalResult {
	if len(worlds) == 1 {
		return worlds[0].globalResult()
	}
	var r sim.GlobalResult
	var steps []measure.Step
	for _, w := range worlds {
		partition := w.globalResult()
		r.Added += partition.Added
		r.Listed += partition.Listed
		r.Removed += partition.Removed
		steps = append(steps, partition.Dwell.Steps...)
	}
	r.Dwell = measure.Pooled(measure.AddUp(steps))
	return r
}

func (w *world) globalResult() sim.GlobalResult {
	return sim.GlobalResult{
		Added: w.global.Added(), Listed: w.global.Listed(w.now), Dwell: w.global.Dwell(w.now), Removed: w.global.Removed(),
	}
}

// joinQueues puts the columns of all partitions into the order of the clients.
func joinQueues(cfg *sim.Config, worlds []*world) measure.Table {
	const n = len(sim.QueueMetrics)
	if len(cfg.Clients) == 0 {
		return measure.Table{}
	}
	t := measure.Table{Times: worlds[0].series.table.Times, Columns: make([]measure.Column, min(len(cfg.Clients), sim.MaxQueues)*n)}
	for _, w := range worlds {
		for i, number := range w.series.of {
			copy(t.Columns[w.partition.clients[number]*n:], w.series.queues[i*n:(i+1)*n])
		}
	}
	return t
}

// joinSeries puts the columns of all partitions into the order of the accounts. The
// last column, of the global list, is the sum.
func joinSeries(cfg *sim.Config, worlds []*world) measure.Table {
	const n = len(sim.SeriesMetrics)
	accounts := min(len(cfg.Accounts), sim.MaxSeries)
	t := measure.Table{Times: worlds[0].series.table.Times, Columns: make([]measure.Column, accounts*n+1)}
	for k, w := range worlds {
		for i := range w.partition.sampled {
			copy(t.Columns[w.partition.accounts[i]*n:], w.series.table.Columns[i*n:(i+1)*n])
		}
		last := w.series.table.Columns[w.partition.sampled*n]
		if k == 0 {
			t.Columns[accounts*n] = last
			continue
		}
		for i, v := range last.Values {
			t.Columns[accounts*n].Values[i] += v
		}
	}
	return t
}
