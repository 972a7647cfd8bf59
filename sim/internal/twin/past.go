package twin

import (
	"slices"
	"time"

	"sesim/sim/internal/past"
	"sesim/sim/ses"
)

// remember enters as facts what an account brings along from before the start. Its mail is
// not among them: figuresOf and used add it.
func (w *world) remember(account int) {
	h := w.cfg.Accounts[account].History
	if h == nil {
		return
	}
	w.now = -h.Since
	m := metric(h.Cause)
	for n := range h.Reviews {
		w.pronounce(verdict{account: account, kind: reviewed, metric: m})
		if h.Status != ses.Probation || n < h.Reviews-1 {
			w.pronounce(verdict{account: account, kind: healed})
		}
	}
	switch {
	case h.Status == ses.Shutdown:
		w.pronounce(verdict{account: account, kind: paused, metric: m})
	case h.Status == ses.Probation && h.Cause == ses.CauseOther:
		w.pronounce(verdict{account: account, kind: reviewed, metric: metrics, other: true})
	}
	if h.CustomerPaused {
		w.put(account, 0, setSending, 0)
	}
	w.planWiping(account)
	w.now = 0
	w.noteUse(account)
	for m := range metrics {
		w.noteRate(part{account: account}, m)
	}
}

// pastBuckets are those of an account's history, as long as nothing has made its mail
// count anew. Its senders and configuration sets have none.
func (w *world) pastBuckets(of part, m metric, fresh stamp) []past.Bucket {
	h := w.cfg.Accounts[of.account].History
	if h == nil || of.set > 0 || of.sender > 0 || fresh.order > 0 {
		return nil
	}
	return past.Buckets(h, w.cfg.Rules.Rep.EvalInterval)
}

// usesBefore are the recipients from before the start that count in the 24 hours that end now.
func (w *world) usesBefore(account int) []past.Use {
	h := w.cfg.Accounts[account].History
	if h == nil {
		return nil
	}
	return slices.DeleteFunc(past.Used(h), func(u past.Use) bool { return w.countsFrom(u.At)+day <= w.now })
}

// listedBefore is how many entries from before the start an account's list still has.
func (w *world) listedBefore(account int) int64 {
	h := w.cfg.Accounts[account].History
	if h == nil {
		return 0
	}
	for _, line := range w.lines[account] {
		if line.Event == ses.EventListEmptied {
			return 0
		}
	}
	return h.Listed.Bounce + h.Listed.Complaint
}

// Below is how long, and how many mails, it took until a rate was below the review
// threshold for good, and whether it is.
type Below struct {
	After time.Duration
	Mails int64
	Is    bool
}

// below looks at a rate at all evaluations.
func (w *world) below(of part, m metric) Below {
	review, _ := w.thresholds(m)
	b, mail := Below{Is: true}, false
	for _, r := range w.rated {
		if r.of != of || r.metric != m {
			continue
		}
		mail = mail || r.figures.Eligible > 0
		switch {
		case r.figures.Eligible > 0 && r.figures.against(review, same) >= 0:
			b = Below{r.at, r.mails, false}
		case !b.Is:
			b = Below{r.at, r.mails, true}
		}
	}
	b.Is = b.Is && mail
	return b
}
