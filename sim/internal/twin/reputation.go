package twin

import (
	"math/big"
	"slices"
	"sort"
	"time"

	"sesim/sim/unit"
)

// countEligible counts a mail towards the rates, unless the account has verified
// whom it went to.
func (w *world) countEligible(m mail, loop bool) {
	if !w.exempt(m.account, m.address(w)) {
		w.mails = append(w.mails, eligible{w.next(), m.account, m.set, m.sender, loop})
	}
}

// countBounce and countComplaint count feedback on such mail.
func (w *world) countBounce(m mail) {
	if !w.exempt(m.account, m.address(w)) {
		w.bounces = append(w.bounces, feedback{w.next(), m.sent, m.account, m.set, m.sender})
	}
}

func (w *world) countComplaint(m mail) {
	if !w.exempt(m.account, m.address(w)) {
		w.complaints = append(w.complaints, feedback{w.next(), m.sent, m.account, m.set, m.sender})
	}
}

// metric is one of the two rates by which AWS judges an account.
type metric uint8

const (
	byBounces metric = iota
	byComplaints
	metrics
)

// thresholds are the rates at which a review begins and at which sending may
// be paused.
func (w *world) thresholds(m metric) (review, pause unit.Share) {
	p := &w.cfg.Rules
	if m == byBounces {
		return p.Review.BounceRate, p.Pause.BounceRate
	}
	return p.Review.ComplaintRate, p.Pause.ComplaintRate
}

// part is some of an account's mail: of a configuration set or of a sender, each
// numbered from 1; 0: of all.
type part struct{ account, set, sender int }

// has reports whether mail of an account, with a set and by a sender, belongs to the
// part.
func (p part) has(account, set, sender int) bool {
	return account == p.account && (p.set == 0 || set == p.set) && (p.sender == 0 || sender == p.sender-1)
}

// figures computes a rate of an account's mail.
func (w *world) figures(account int, m metric) Figures { return w.figuresOf(part{account: account}, m) }

// figuresOf computes a rate of some of an account's mail as of the last evaluation. All mail is sorted into buckets that end with the
// evaluations; from the latest back, buckets are added up until they hold the
// representative volume.
func (w *world) figuresOf(of part, m metric) Figures {
	p := &w.cfg.Rules.Rep
	now, fresh := time.Duration(0), stamp{}
	if n := len(w.evaluations); n > 0 {
		now = w.evaluations[n-1].at
	}
	if of.set == 0 {
		fresh = w.freshStart(of.account)
	}
	var f Figures
	needs := func(begin, end time.Duration) bool {
		tooOld := p.MaxLookback > 0 && begin < now-p.MaxLookback
		return !tooOld && (f.Eligible < p.WindowEligible || p.WindowDays > 0 && end > now-time.Duration(p.WindowDays)*day)
	}
	buckets := w.buckets(of, m, fresh.order)
	for i := len(buckets) - 1; i >= 0; i-- {
		begin := fresh.at
		if i > 0 {
			begin = max(begin, w.evaluations[i-1].at)
		}
		if !needs(begin, w.evaluations[i].at) {
			return f.capped()
		}
		f.Eligible += buckets[i].Eligible
		f.Events += buckets[i].Events
	}
	for _, b := range slices.Backward(w.pastBuckets(of, m, fresh)) {
		before := Figures{b.Bounces, b.Mails}
		if m == byComplaints {
			before = Figures{b.Complaints, b.Looped}
		}
		if before == (Figures{}) {
			continue
		}
		if !needs(b.Begin, b.End) {
			break
		}
		f.Eligible += before.Eligible
		f.Events += before.Events
	}
	return f.capped()
}

// capped leaves out feedback about mail that has left the volume, which waits.
func (f Figures) capped() Figures { return Figures{min(f.Events, f.Eligible), f.Eligible} }

// closeRates ends the bucket under way, and notes the rates of all accounts and
// senders.
func (w *world) closeRates() {
	w.evaluations = append(w.evaluations, w.next())
	for account := range w.cfg.Accounts {
		for m := range metrics {
			w.noteRate(part{account: account}, m)
		}
	}
	for i := range w.cfg.Senders {
		if w.cfg.Senders[i].Accounts != nil {
			continue // whose mail counts on several accounts, each with rates of its own
		}
		of := part{account: w.cfg.Senders[i].Account, sender: i + 1}
		for m := range metrics {
			w.noteRate(of, m)
		}
	}
}

// noteRate notes a rate as of the last evaluation, or as of the start.
func (w *world) noteRate(of part, m metric) {
	n := int64(0)
	for _, e := range w.mails {
		if of.has(e.account, e.set, e.sender) && (m == byBounces || e.loop) {
			n++
		}
	}
	w.rated = append(w.rated, rated{of, m, w.figuresOf(of, m), w.now, n})
}

// buckets sorts what counts into buckets. After an account's fresh start its
// earlier mail counts no more, nor do bounces and complaints about it; its
// configuration sets keep theirs.
func (w *world) buckets(of part, m metric, fresh int) []Figures {
	list := make([]Figures, len(w.evaluations)+1) // the last one is still open
	for _, e := range w.mails {
		if of.has(e.account, e.set, e.sender) && (m == byBounces || e.loop) && e.order > fresh {
			list[w.bucketOf(e.stamp)].Eligible++
		}
	}
	events := w.bounces
	if m == byComplaints {
		events = w.complaints
	}
	for _, e := range events {
		if of.has(e.account, e.set, e.sender) && e.sent.order > fresh {
			list[w.bucketOf(e.stamp)].Events++
		}
	}
	return list[:len(w.evaluations)]
}

// bucketOf is the number of the first evaluation after a fact.
func (w *world) bucketOf(fact stamp) int {
	return sort.Search(len(w.evaluations), func(i int) bool { return w.evaluations[i].order > fact.order })
}

// judged reports whether a rate allows a decision: on enough mail and enough
// events. Without any event there is none, be the threshold zero.
func (w *world) judged(m metric, f Figures) bool {
	p := &w.cfg.Rules.Rep
	least := p.MinBounces
	if m == byComplaints {
		least = p.MinComplaints
	}
	return f.Eligible > 0 && f.Eligible >= p.MinEligible && f.Events >= max(least, 1)
}

// reaches reports whether a rate that allows a decision is at or above a
// share, times a factor in thousandths.
func (w *world) reaches(m metric, f Figures, share unit.Share, factor int64) bool {
	return w.judged(m, f) && f.against(share, factor) >= 0
}

// exceeds reports whether a rate that allows a decision is above a share.
func (w *world) exceeds(m metric, f Figures, share unit.Share) bool {
	return w.judged(m, f) && f.against(share, same) > 0
}

// against compares a rate with a share, times a factor in thousandths.
func (f Figures) against(share unit.Share, factor int64) int {
	limit := new(big.Rat).Mul(big.NewRat(int64(share), int64(unit.Whole)), big.NewRat(factor, 1000))
	return big.NewRat(f.Events, f.Eligible).Cmp(limit)
}

// same is the factor of 1, in thousandths.
const same = 1000
