package scenarios

import (
	"slices"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// maxPast is the most mail that a history may have.
const maxPast = 1_000_000_000_000

// past reads what an account brings along.
type past struct {
	l  *loader
	to **sim.History
}

// pastReader is a history being read.
type pastReader struct {
	l *loader
	sim.History
	files    []string
	totals   sim.HistoryPoint // what the account has in all
	over     time.Duration
	customer bool // paused by the customer
	cause    string
}

func newPastReader(l *loader) *pastReader { return &pastReader{l: l, cause: "bounces"} }

const pastNote = "What an account brings along goes straight into its bounce and complaint rate, its sending quota's 24 hours, its " +
	"enforcement record and its list: no mail is sent for it, and no count includes it. `eligible`, `bounces`, `complaint_eligible` and " +
	"`complaints` are all that the rates stand on, as the console shows them; what `file` does not hold of them lies before its first " +
	"point. In `oldest` and `newest` the bounces lie evenly in the oldest " +
	"or newest mail, four of five of which bounce; complaints do so among the mail to providers that report them. Without `order`, " +
	"`sesim run` simulates all three, and everything else takes `even`.\n"

// pastTable binds the keys of an [account.history].
func (r *pastReader) table() keys.Table {
	mail := func(to *int64) keys.Whole[int64] { return keys.Whole[int64]{To: to, Most: maxPast} }
	long := func(to *time.Duration, least time.Duration) keys.Duration {
		return keys.Duration{To: to, Least: least, Most: unit.MaxDuration}
	}
	t := &r.totals
	return keys.Table{Fields: []keys.Field{
		keys.Optional("file", pastFiles{&r.files},
			"the table history.csv, or what AWS hands out, as \"sesim history\" reads it; one or several").Or("none"),
		keys.Optional("eligible", mail(&t.Eligible), "emails that the bounce rate stands on"),
		keys.Optional("bounces", mail(&t.Bounces), "hard bounces among them"),
		keys.Optional("complaint_eligible", mail(&t.ComplaintEligible),
			"emails that the complaint rate stands on: those to providers that report complaints"),
		keys.Optional("complaints", mail(&t.Complaints), "complaints among them"),
		keys.Optional("over", long(&r.over, 1), "time before the start in which this mail lies evenly; eligible needs it"),
		keys.Optional("order", keys.Word[ses.Order]{To: &r.Order, Choices: orders}, "where in it the bounces and complaints lie").Or("not known"),
		keys.Optional("used_24h", keys.Whole[int64]{To: &r.Used, Most: maxQuota},
			"recipients of the last 24 hours that count towards the sending quota (SentLast24Hours), "+
				"if they are more than the eligible mail of these hours"),
		keys.Optional("status", keys.Word[ses.Enforcement]{To: &r.Status, Choices: pastStatuses}, "status at the start"),
		keys.Optional("since", long(&r.Since, 0), "how long before the start the review or the pause began"),
		keys.Optional("cause", keys.Text{To: &r.cause, Least: 1, Most: 200},
			"why it is under review or was paused, or what reviews counts: bounces, complaints, or another cause in words"),
		keys.Optional("reviews", keys.Whole[int64]{To: &r.Reviews, Most: 1000}, "reviews begun so far for that rate, the one under way included").
			Or("1 if a rate is the cause, else 0"),
		keys.Optional("paused_by", keys.Word[bool]{To: &r.customer, Choices: pausers}, "who paused the account"),
		keys.Optional("listed", listedBefore{&r.Listed}, "entries of the account-level suppression list, of addresses that get no more mail"),
	}}
}

var (
	orders = []keys.Choice[ses.Order]{
		{Word: "even", Is: ses.OrderEven}, {Word: "oldest", Is: ses.OrderOldest}, {Word: "newest", Is: ses.OrderNewest},
	}
	pastStatuses = []keys.Choice[ses.Enforcement]{
		{Word: "healthy", Is: ses.Healthy}, {Word: "under-review", Is: ses.Probation}, {Word: "paused", Is: ses.Shutdown},
	}
	pausers = []keys.Choice[bool]{{Word: "aws", Is: false}, {Word: "customer", Is: true}}
)

// listedBefore reads how many entries a list has at the start.
type listedBefore struct{ to *sim.HistoryListed }

func (b listedBefore) table() keys.Table {
	entries := func(to *int64) keys.Whole[int64] { return keys.Whole[int64]{To: to, Most: maxPast} }
	return keys.Table{Fields: []keys.Field{
		keys.Optional("bounce", entries(&b.to.Bounce), "entries with reason BOUNCE"),
		keys.Optional("complaint", entries(&b.to.Complaint), "entries with reason COMPLAINT"),
	}}
}

func (b listedBefore) Shape() keys.Shape { return keys.OneOfTables(b.Variants()) }

func (listedBefore) Variants() []keys.Variant {
	return listedBefore{&sim.HistoryListed{}}.table().Variants()
}

func (b listedBefore) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", "%s is not a table: write one such as { bounce = 1292, complaint = 27 }", n.Show())
		return
	}
	b.table().Read(r, n, path)
}

func (p past) Shape() keys.Shape { return keys.OneOfTables(p.Variants()) }

func (past) Variants() []keys.Variant { return newPastReader(nil).table().Variants() }

func (p past) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", "%s is not a table: write [account.history] and its keys below the account", n.Show())
		return
	}
	before := len(r.Findings())
	h := newPastReader(p.l)
	h.table().Read(r, n, path)
	if len(r.Findings()) > before || len(h.files) > 0 && !h.read(n, path) {
		return
	}
	h.finishMail(r, n, path)
	h.finishStatus(r, n, path)
	if len(r.Findings()) == before {
		*p.to = &h.History
	}
}

// finishMail checks the mail that is known in sum, and puts it before the start.
func (h *pastReader) finishMail(r *tree.Reporter, n *tree.Node, path string) {
	t := &h.totals
	wrong := func(key, format string, args ...any) {
		r.Wrong(n.Table[key], tree.Join(path, key), "", format, args...)
	}
	switch {
	case t.Bounces > t.Eligible:
		wrong("bounces", "%d are more than the eligible mail, %d", t.Bounces, t.Eligible)
	case t.ComplaintEligible > t.Eligible:
		wrong("complaint_eligible", "%d are more than the eligible mail, %d, part of which they are", t.ComplaintEligible, t.Eligible)
	case t.Complaints > t.ComplaintEligible:
		wrong("complaints", "%d are more than the mail to providers that report complaints, complaint_eligible = %d",
			t.Complaints, t.ComplaintEligible)
	case t.Eligible > 0 && h.over == 0:
		r.WrongKey(n, path, "",
			`the key over is missing: write in what time before the start the %d eligible mails went out, such as over = "75d"`, t.Eligible)
	case t.Eligible == 0 && h.over > 0:
		wrong("over", "there is no eligible mail that lies in it")
	case t.Eligible > 0:
		h.finishBefore(n, wrong)
	}
	if n.Has("order") && t.Bounces+t.Complaints == 0 {
		wrong("order", "there are no bounces and no complaints that lie in any order")
	}
}

// finishBefore puts what the points do not hold of the totals before the first one. Of what
// is not said in all, there is no more than they hold.
func (h *pastReader) finishBefore(n *tree.Node, wrong func(key, format string, args ...any)) {
	left, start := h.totals, time.Duration(0)
	for i := range h.Points {
		p := &h.Points[i]
		left.Eligible -= p.Eligible
		left.Bounces -= p.Bounces
		left.ComplaintEligible -= p.ComplaintEligible
		left.Complaints -= p.Complaints
		start = min(start, p.At)
	}
	for _, of := range []struct {
		key   string
		left  *int64
		total int64
	}{
		{"eligible", &left.Eligible, h.totals.Eligible}, {"bounces", &left.Bounces, h.totals.Bounces},
		{"complaint_eligible", &left.ComplaintEligible, h.totals.ComplaintEligible}, {"complaints", &left.Complaints, h.totals.Complaints},
	} {
		switch {
		case !n.Has(of.key):
			*of.left = 0
		case *of.left < 0:
			wrong(of.key, "%d are fewer than the %d of the points in file: it is what the account has in all", of.total, of.total-*of.left)
			return
		}
	}
	switch {
	case left.Bounces > left.Eligible || left.Complaints > left.ComplaintEligible:
		wrong("eligible", "less the points in file, there are more bounces or complaints left (%d, %d) than mail (%d, %d)",
			left.Bounces, left.Complaints, left.Eligible, left.ComplaintEligible)
	case left.Eligible > 0 || left.ComplaintEligible > 0:
		h.Before = left
		h.Before.At, h.Before.For = start-h.over, h.over
	}
}

// finishStatus checks what a status needs, and completes it.
func (h *pastReader) finishStatus(r *tree.Reporter, n *tree.Node, path string) {
	wrong := func(key, format string, args ...any) {
		r.Wrong(n.Table[key], tree.Join(path, key), "", format, args...)
	}
	switch h.cause {
	case "bounces":
	case "complaints":
		h.Cause = ses.CauseComplaints
	default:
		h.Cause, h.Why = ses.CauseOther, h.cause
	}
	healthy := h.Status == ses.Healthy
	switch {
	case n.Has("paused_by") && h.Status != ses.Shutdown:
		wrong("paused_by", `it goes with status = "paused" only`)
	case n.Has("since") && healthy:
		wrong("since", `it goes with status = "under-review" or "paused"`)
	case n.Has("cause") && healthy && (h.Cause == ses.CauseOther || !n.Has("reviews")):
		wrong("cause", `it goes with status = "under-review" or "paused", or is the rate of which reviews counts the reviews`)
	case n.Has("cause") && h.customer:
		wrong("cause", "a pause by the customer has none")
	case n.Has("reviews") && h.Cause == ses.CauseOther:
		wrong("reviews", "they are counted for a rate, bounces or complaints, and not for another cause")
	case n.Has("reviews") && h.Reviews == 0 && h.Status == ses.Probation:
		wrong("reviews", "0 while a review is under way: it is one")
	}
	if !n.Has("reviews") && !healthy && !h.customer && h.Cause != ses.CauseOther {
		h.Reviews = 1
	}
	if h.customer {
		h.Status, h.CustomerPaused = ses.Healthy, true
	}
}

// doubtPasts warns about histories; the first account of a group stands for all.
func (l *loader) doubtPasts() {
	for i, n := range l.accounts.Tables {
		if l.cfg.Accounts[i].History != nil && (i == 0 || n != l.accounts.Tables[i-1]) {
			l.doubtPast(&l.cfg.Accounts[i], n, keys.EntityPath("account", i, n))
		}
	}
}

// doubtPast warns about a history that can be simulated, but says too little, or contradicts
// itself or the account.
func (l *loader) doubtPast(a *sim.Account, n *tree.Node, path string) {
	h := a.History
	n, path = n.Table["history"], tree.Join(path, "history")
	doubt := func(key, format string, args ...any) {
		if child := n.Table[key]; child != nil {
			l.Doubt(child, tree.Join(path, key), "", format, args...)
			return
		}
		l.DoubtKey(n, path, "", format, args...)
	}
	l.doubtVolume(h, n, doubt)
	if h.Used > a.Quota && a.Quota >= 0 {
		doubt("used_24h", "%d are more than the sending quota, %d", h.Used, a.Quota)
	}
	if length := l.cfg.Rules.Review.Length; h.Status == ses.Probation && h.Since >= length {
		doubt("since", "a review lasts %s: this one ended before the start and is decided at once", unit.FormatDuration(length))
	}
	if h.Status == ses.Healthy && !l.expects(a.Name, ses.EventUnderReview) {
		l.doubtHealthy(h, doubt)
	}
}

// doubtVolume warns about points that cover less than the representative volume.
func (l *loader) doubtVolume(h *sim.History, n *tree.Node, doubt func(key, format string, args ...any)) {
	sum := h.Sum().Eligible
	if volume := l.cfg.Rules.Rep.WindowEligible; len(h.Points) > 0 && sum < volume && !n.Has("eligible") {
		doubt("file", "the points hold %d eligible mails of the %d that a rate stands on: write eligible, bounces, complaint_eligible, "+
			"complaints and over, as the console shows them, and the rest lies before the points", sum, volume)
	}
}

// expects reports whether a threshold is about an event of an account.
func (l *loader) expects(account string, event ses.Event) bool {
	return slices.ContainsFunc(l.cfg.Thresholds, func(t criteria.Criterion) bool {
		return t.Metric == sim.CountOf(account, event) || t.Metric == sim.TimeTo(account, event)
	})
}

// doubtHealthy warns about a healthy account whose rate puts it under review at once.
func (l *loader) doubtHealthy(h *sim.History, doubt func(key, format string, args ...any)) {
	bounce, complaint := ses.NewAccount(ses.Spec{History: h}, &l.cfg.Rules, nil).Rates(0)
	for _, rate := range []struct {
		sim.Rate
		name  string
		limit unit.Share
		least int64
	}{
		{bounce, "bounce", l.cfg.Rules.Review.BounceRate, l.cfg.Rules.Rep.MinBounces},
		{complaint, "complaint", l.cfg.Rules.Review.ComplaintRate, l.cfg.Rules.Rep.MinComplaints},
	} {
		if rate.Eligible >= l.cfg.Rules.Rep.MinEligible && rate.Events >= rate.least && rate.Events > 0 &&
			rate.limit.Ratio(rate.Events, rate.Eligible) >= 0 {
			doubt("status", "the %s rate at the start is %.4g%% over %d mails, at or above %s: a healthy account comes under review at once",
				rate.name, 100*rate.Final, rate.Eligible, rate.limit)
		}
	}
}
