package sim

import (
	"slices"
	"strconv"
	"time"

	"sesim/sim/client"
	"sesim/sim/criteria"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// FigureTable says which figures there are of an account, of a sender, of a client and
// of the global suppression list. Thresholds, summary.json, figures.csv,
// OpenMetrics, the text report, the page, comparisons and replications are
// made by it: a figure is added by adding a row to the lists below, and needs
// nothing else. Nil is the table with the figures that ship.
//
// A renderer may say a figure in words of its own; then the renderer's list of
// such figures, worded, names it. TestFurtherFigure in reports hands all
// outputs a table with a row more.
type FigureTable struct {
	Account []Figure[AccountResult]
	Sender  []Figure[SenderResult]
	Client  []Figure[ClientResult]
	Global  []Figure[GlobalResult]
}

// Figure is a row of the table: one figure of an E.
type Figure[E any] struct {
	FigureInfo
	// Of reads the figure off a result: shares from 0 to 1, durations in
	// seconds. It returns false where the result has no data, with what the
	// figure is known to exceed: see Result.Value.
	Of func(*E) (float64, bool)
}

// FigureInfo says what a figure is and where outputs put it.
type FigureInfo struct {
	Name string // follows the owner's: "bounce_rate.max"; unique among the figures of an E
	Kind criteria.Kind
	Unit string // calls, recipients, emails, messages, addresses, stays, seconds, ratio, recipients/s, calls/s
	Help string // what it is, in a few words without a full stop
	// Key is its place below the owner in summary.json, with dots between
	// objects; "": the same as Name.
	Key string
	// Series is the column of the series whose last value the figure is, if
	// there is one. Readers of the series have the figure already.
	Series string
	Rank   Rank
	// Called is set for figures that only senders with a client have.
	Called bool
}

// Place returns where the figure is in summary.json, below its owner.
func (f *FigureInfo) Place() string {
	if f.Key != "" {
		return f.Key
	}
	return f.Name
}

// Rank says how prominent a figure is.
type Rank int

// The ranks. Outputs with room for few figures leave out details.
const (
	Ordinary Rank = iota
	Headline      // looked at first
	Detail        // looked up
)

// Rank returns the rank of the figures with a name; a name without a row is a detail.
func (t *FigureTable) Rank(name string) Rank {
	t = t.Rows()
	if f := find(t.Account, name); f != nil {
		return f.Rank
	}
	if f := find(t.Sender, name); f != nil {
		return f.Rank
	}
	if f := find(t.Global, name); f != nil {
		return f.Rank
	}
	if f := find(t.Client, name); f != nil {
		return f.Rank
	}
	return Detail
}

// FigureNames are names of figures of accounts, of senders, of clients and of the global
// list.
type FigureNames struct{ Account, Sender, Client, Global []string }

// Without returns the table without the rows of some names: what is left to an
// output that has words of its own for these.
func (t *FigureTable) Without(names FigureNames) *FigureTable {
	t = t.Rows()
	return &FigureTable{
		without(t.Account, names.Account), without(t.Sender, names.Sender), without(t.Client, names.Client), without(t.Global, names.Global),
	}
}

func without[E any](rows []Figure[E], names []string) []Figure[E] {
	var left []Figure[E]
	for i := range rows {
		if !slices.Contains(names, rows[i].Name) {
			left = append(left, rows[i])
		}
	}
	return left
}

// Rows returns the table itself; the shipped one where t is nil.
func (t *FigureTable) Rows() *FigureTable {
	if t == nil {
		return &shippedFigures
	}
	return t
}

var shippedFigures = FigureTable{accountFigures, senderFigures, clientFigures, globalFigures}

var accountFigures = slices.Concat(mailFigures(func(a *AccountResult) *Counts { return &a.Counts }, true),
	rateFigures("bounce", func(a *AccountResult) *Rate { return &a.Bounce }, true),
	rateFigures("complaint", func(a *AccountResult) *Rate { return &a.Complaint }, true),
	accountOwnFigures, delayFigures(func(a *AccountResult) *measure.Histogram { return a.Delay }))

// accountOwnFigures are those that senders do not have.
var accountOwnFigures = []Figure[AccountResult]{
	// The use of the quota may exceed 100 %: a call with several recipients
	// may overshoot, and quotas may shrink. That is why it is a Number.
	number("quota_use.final", "ratio", "part of the sending quota in use at the end",
		func(a *AccountResult) float64 { return a.QuotaUseFinal }).detail().ends("quota_used"),
	number("quota_use.max", "ratio", "highest part of the sending quota in use",
		func(a *AccountResult) float64 { return a.QuotaUseMax }).headline(),
	number("cost", "USD", "what AWS charges for the mail, in US dollars",
		func(a *AccountResult) float64 { return a.Cost.USD() }).headline().at("cost.usd"),
	number("quota", "recipients", "sending quota in 24 hours; -1 is unlimited",
		func(a *AccountResult) float64 { return float64(a.Quota) }).detail().ends("quota"),
	count("rate", "recipients/s", "maximum send rate", func(a *AccountResult) int64 { return a.MaxRate }).detail().ends("rate"),
	count("account_list.added", "addresses", "entries made on the account-level suppression list",
		func(a *AccountResult) int64 { return a.ListAdded }).detail(),
	count("account_list.listed", "addresses", "addresses on the account-level suppression list",
		func(a *AccountResult) int64 { return a.Listed }).detail().ends("account_listed"),
}

var senderFigures = slices.Concat([]Figure[SenderResult]{
	count("messages", "messages", "messages that were due by the end", func(s *SenderResult) int64 { return s.Messages }).detail(),
}, mailFigures(func(s *SenderResult) *Counts { return &s.Counts }, false),
	rateFigures("bounce", func(s *SenderResult) *Rate { return s.rate(func(r *SenderRates) *Rate { return &r.Bounce }) }, false),
	rateFigures("complaint", func(s *SenderResult) *Rate { return s.rate(func(r *SenderRates) *Rate { return &r.Complaint }) }, false),
	details(delayFigures(func(s *SenderResult) *measure.Histogram { return s.Delay })), []Figure[SenderResult]{
		count("timed_out", "messages", "messages whose connection never reached SES", func(s *SenderResult) int64 { return s.TimedOut }).detail(),
		count("removed", "addresses", "addresses removed from the sender's list", func(s *SenderResult) int64 { return s.Removed }).detail(),
		campaignTime("p50", 0.5, "median length of the campaigns"),
		campaignTime("p95", 0.95, "length that 95% of the campaigns do not exceed"),
		campaignTime("max", 1, "length of the longest campaign").headline(),
	}, called(callFigures("lost", func(s *SenderResult) *ClientCalls { return s.Calls })))

// mailFigures are what became of mail: people first, calls beside them. Accounts
// and senders have the same ones; those of accounts, which are sampled, are details
// less often and end columns of the series.
func mailFigures[E any](counts func(*E) *Counts, sampled bool) []Figure[E] {
	row := func(name, unit, help string, of func(*Counts) int64) Figure[E] {
		return count(name, unit, help, func(e *E) int64 { return of(counts(e)) })
	}
	outcome := func(name, series, help string, rank Rank, of func(*Counts) int64) Figure[E] {
		f := row(name, "recipients", help, of).detail()
		if sampled {
			f.Rank, f.Series = rank, series
		}
		return f
	}
	refused := func(reason ses.Reason) Figure[E] {
		word := reason.String()
		return outcome("refused."+word, "refused_"+word, "recipients of calls that were refused, reason: "+word, Detail,
			func(c *Counts) int64 { return c.Refused[reason] })
	}
	complaints := outcome("complaints", "complaints", "complaints", Headline, func(c *Counts) int64 { return c.Complaints })
	complaints.Unit = "emails"
	accepted := outcome("accepted", "accepted", "recipients accepted", Headline, func(c *Counts) int64 { return c.Accepted }).headline()
	return []Figure[E]{
		row("due", "recipients", "recipients of messages that were due by the end", func(c *Counts) int64 { return c.Due }).headline(),
		accepted,
		row("given_up", "recipients", "recipients given up by the end", func(c *Counts) int64 { return c.GivenUp }).headline(),
		row("waiting", "recipients", "recipients that wait for a retry at the end", func(c *Counts) int64 { return c.Waiting }).detail(),
		row("late", "recipients", "recipients accepted later than they were due", func(c *Counts) int64 { return c.Late }),
		row("requests", "calls", "send calls by the end, retries included", func(c *Counts) int64 { return c.Requests }).detail(),
		row("recipients", "recipients", "recipients of all calls by the end, retries included",
			func(c *Counts) int64 { return c.Recipients }).detail(),
		outcome("billed", "accepted", "recipients that AWS charges for", Detail, (*Counts).Billed),
		// The series has the reasons one by one.
		outcome("refused", "refused_rate", "recipients of refused calls, retries included", Headline, (*Counts).refused),
		refused(ses.RefusedRate),
		refused(ses.RefusedQuota),
		refused(ses.RefusedUnverified),
		refused(ses.RefusedPaused),
		refused(ses.RefusedInvalid),
		outcome("delivered", "delivered", "accepted recipients whose mail was delivered", Headline,
			func(c *Counts) int64 { return c.Delivered }),
		outcome("hard_bounced", "hard_bounced", "accepted recipients whose mail bounced hard", Headline,
			func(c *Counts) int64 { return c.HardBounced }),
		outcome("soft_bounced", "soft_bounced", "accepted recipients whose mail bounced softly", Ordinary,
			func(c *Counts) int64 { return c.SoftBounced }),
		outcome("suppressed_account", "suppressed_account", "accepted recipients on the account's list", Ordinary,
			func(c *Counts) int64 { return c.SuppressedAccount }),
		outcome("suppressed_global", "suppressed_global", "accepted recipients on the global list", Ordinary,
			func(c *Counts) int64 { return c.SuppressedGlobal }),
		row("simulator", "recipients", "accepted recipients at the mailbox simulator", func(c *Counts) int64 { return c.Simulator }).detail(),
		row("rejected", "recipients", "accepted recipients of mail that the content scan rejected",
			func(c *Counts) int64 { return c.Rejected }).detail(),
		complaints,
		row("in_flight", "recipients", "accepted recipients whose outcome is open at the end",
			func(c *Counts) int64 { return c.InFlight }).detail(),
		row("sent_after_bounce", "recipients", "recipients accepted after a hard bounce of the sender's mail to them was published",
			func(c *Counts) int64 { return c.SentAfterBounce }).detail(),
	}
}

var globalFigures = []Figure[GlobalResult]{
	count("added", "stays", "stays on the global suppression list begun by the end", func(g *GlobalResult) int64 { return g.Added }),
	count("listed", "addresses", "addresses on the global suppression list",
		func(g *GlobalResult) int64 { return g.Listed }).ends("global_listed"),
	dwell("p50", "median stay on the global suppression list", func(s *measure.Survival) (time.Duration, bool) { return s.Quantile(0.5) }),
	dwell("p90", "stay on the global suppression list that 90% do not exceed",
		func(s *measure.Survival) (time.Duration, bool) { return s.Quantile(0.9) }).detail(),
	dwell("max", "longest stay on the global suppression list", func(s *measure.Survival) (time.Duration, bool) { return s.Max, true }),
	count("dwell.censored", "stays", "stays on the global suppression list that go on at the end",
		func(g *GlobalResult) int64 { return g.Dwell.Censored }).detail().at("dwell_seconds.censored"),
}

// The functions below make rows. A count is data as soon as there is an
// account, a sender or a list to count for.

func count[E any](name, unit, help string, of func(*E) int64) Figure[E] {
	return Figure[E]{
		FigureInfo{Name: name, Kind: criteria.Count, Unit: unit, Help: help},
		func(e *E) (float64, bool) { return float64(of(e)), true },
	}
}

func number[E any](name, unit, help string, of func(*E) float64) Figure[E] {
	return Figure[E]{
		FigureInfo{Name: name, Kind: criteria.Number, Unit: unit, Help: help},
		func(e *E) (float64, bool) { return of(e), true },
	}
}

func share[E any](name, help string, of func(*E) (float64, bool)) Figure[E] {
	return Figure[E]{FigureInfo{Name: name, Kind: criteria.Share, Unit: "ratio", Help: help}, of}
}

func duration[E any](name, help string, of func(*E) (time.Duration, bool)) Figure[E] {
	return Figure[E]{
		FigureInfo{Name: name, Kind: criteria.Duration, Unit: "seconds", Help: help},
		func(e *E) (float64, bool) { d, data := of(e); return d.Seconds(), data },
	}
}

// rateFigures are those of a bounce or complaint rate; nil: it has no data. Those of
// accounts end columns of the series.
func rateFigures[E any](word string, rate func(*E) *Rate, sampled bool) []Figure[E] {
	of := func(value func(*Rate) float64) func(*E) (float64, bool) {
		return func(e *E) (float64, bool) {
			r := rate(e)
			if r == nil {
				return 0, false
			}
			return value(r), r.Data
		}
	}
	final := share(word+"_rate.final", word+" rate at the end", of(func(r *Rate) float64 { return r.Final })).detail()
	most := share(word+"_rate.max", "highest "+word+" rate of the run", of(func(r *Rate) float64 { return r.Max })).detail()
	eligible := Figure[E]{
		FigureInfo{
			Name: word + "_rate.eligible", Kind: criteria.Count, Unit: "emails", Rank: Detail,
			Help: "emails in the representative volume of the " + word + " rate",
		},
		func(e *E) (float64, bool) {
			r := rate(e)
			if r == nil {
				return 0, false
			}
			return float64(r.Eligible), sampled || r.Data
		},
	}
	if sampled {
		return append([]Figure[E]{final.ends(word + "_rate"), most.headline(), eligible.ends(word + "_eligible")}, belowFigures(word, rate)...)
	}
	return []Figure[E]{final, most, eligible}
}

// belowFigures say how long it takes until a rate is below the review threshold for good.
func belowFigures[E any](word string, rate func(*E) *Rate) []Figure[E] {
	until := " until the first evaluation from which on the " + word + " rate is below the review threshold"
	return details([]Figure[E]{
		duration(word+"_rate.time_below", "time"+until, func(e *E) (time.Duration, bool) {
			b := &rate(e).Below
			return b.After, b.Is
		}).at(word + "_rate.time_below_seconds"),
		{
			FigureInfo{Name: word + "_rate.mails_below", Kind: criteria.Count, Unit: "emails", Help: "eligible emails" + until},
			func(e *E) (float64, bool) {
				b := &rate(e).Below
				return float64(b.Mails), b.Is
			},
		},
	})
}

// rate returns one of the sender's rates; nil if they are not computed.
func (s *SenderResult) rate(which func(*SenderRates) *Rate) *Rate {
	if s.Rates == nil {
		return nil
	}
	return which(s.Rates)
}

var clientFigures = slices.Concat([]Figure[ClientResult]{
	count("due", "messages", "messages offered to the client", func(c *ClientResult) int64 { return c.Due }).detail(),
	count("calls", "calls", "calls that the client started, retries included", func(c *ClientResult) int64 { return c.Calls }),
	count("accepted", "calls", "calls of the client that were accepted", func(c *ClientResult) int64 { return c.Accepted }).detail(),
	count("refused", "calls", "calls of the client that were refused", func(c *ClientResult) int64 { return c.Refused }).detail(),
	count("lost", "messages", "messages that the client gave up, for any reason", func(c *ClientResult) int64 { return c.Lost() }).headline(),
	count("in_flight", "calls", "calls without an answer at the end", func(c *ClientResult) int64 { return c.InFlight }).detail(),
	count("waiting", "messages", "messages that wait for a call at the end", func(c *ClientResult) int64 { return c.Waiting }),
	duration("oldest.final", "age at the end of the oldest message that waits or is in flight",
		func(c *ClientResult) (time.Duration, bool) { return c.OldestEnd, true }).detail().at("oldest_seconds.final"),
	duration("oldest.max", "highest age of a message before it was accepted or given up",
		func(c *ClientResult) (time.Duration, bool) { return c.OldestMax, true }).at("oldest_seconds.max"),
	{
		FigureInfo{Name: "rate.mean", Kind: criteria.Number, Unit: "calls/s", Rank: Headline,
			Help: "calls a second from the client's first call to its last answer"},
		(*ClientResult).Rate,
	},
	count("rate.max_1s", "calls", "most calls of the client that started within a second",
		func(c *ClientResult) int64 { return c.MostCalls }),
}, callFigures("given_up", func(c *ClientResult) *ClientCalls { return &c.ClientCalls }),
	quantiles("delay", "delay", "delay from due to accepted", func(c *ClientResult) *measure.Histogram { return c.Delay }))

// MaxAttemptFigures is the number of attempts that have figures of their own.
const MaxAttemptFigures = 5

// callFigures are the figures of messages that a client calls for: those lost have names
// that begin with a word. Nil: there is no client.
func callFigures[E any](lost string, calls func(*E) *ClientCalls) []Figure[E] {
	var list []Figure[E]
	for i := range MaxAttemptFigures {
		n := strconv.Itoa(i + 1)
		list = append(list, Figure[E]{
			FigureInfo{Name: "attempts." + n, Kind: criteria.Count, Unit: "calls", Help: "calls that were attempt " + n + " at their message"},
			func(e *E) (float64, bool) {
				c := calls(e)
				if c == nil || i >= len(c.Attempts) {
					return 0, false
				}
				return float64(c.Attempts[i]), true
			},
		}.detail())
	}
	list = append(list, calledFigure("refused.session", "calls", "calls that met an SMTP session that SES had closed",
		calls, func(c *ClientCalls) int64 { return c.Closed }).at("refused_session"))
	for _, why := range []struct {
		reason client.Reason
		help   string
	}{
		{client.Attempts, "messages lost after their last attempt, or because the retry quota was empty"},
		{client.Dropped, "messages lost because a limiter did not grant their call"},
		{client.Stopped, "messages lost because the client had stopped"},
		{client.Waited, "messages lost because no connection was free in time"},
		{client.Refused, "messages lost because they were refused for a reason that is not retried"},
	} {
		list = append(list, calledFigure(lost+"."+why.reason.String(), "messages", why.help,
			calls, func(c *ClientCalls) int64 { return c.GivenUp[why.reason] }))
	}
	return append(list, details(quantiles("lost_delay", "lost_delay_seconds", "delay from due to given up", func(e *E) *measure.Histogram {
		if c := calls(e); c != nil {
			return &c.GaveUp
		}
		return nil
	}))...)
}

// calledFigure is a count that only what has a client has.
func calledFigure[E any](name, unit, help string, calls func(*E) *ClientCalls, of func(*ClientCalls) int64) Figure[E] {
	return Figure[E]{
		FigureInfo{Name: name, Kind: criteria.Count, Unit: unit, Help: help},
		func(e *E) (float64, bool) {
			c := calls(e)
			if c == nil {
				return 0, false
			}
			return float64(of(c)), true
		},
	}.detail()
}

// quantiles are the median, the 99th percentile and the longest of the delays of messages.
func quantiles[E any](name, key, help string, delays func(*E) *measure.Histogram) []Figure[E] {
	row := func(quantile string, q float64, which string) Figure[E] {
		return quantileRow(name+"."+quantile, q, which+help, delays).at(key + "." + quantile)
	}
	return []Figure[E]{row("p50", 0.5, "median "), row("p99", 0.99, "99th percentile of the "), row("max", 1, "longest ")}
}

// quantileRow is a quantile of delays; nil or none: no data.
func quantileRow[E any](name string, q float64, help string, delays func(*E) *measure.Histogram) Figure[E] {
	return duration(name, help, func(e *E) (time.Duration, bool) {
		d := delays(e)
		if d == nil || d.Count() == 0 {
			return 0, false
		}
		return d.Quantile(q), true
	})
}

// delayFigures are quantiles of admission delays; nil: there is none.
func delayFigures[E any](delays func(*E) *measure.Histogram) []Figure[E] {
	row := func(name string, q float64, help string) Figure[E] {
		return quantileRow("delay."+name, q, help, delays).at("delay_seconds." + name)
	}
	return []Figure[E]{
		row("p50", 0.5, "median admission delay").detail(),
		row("p90", 0.9, "admission delay that 90% of the accepted calls do not exceed").detail(),
		row("p99", 0.99, "admission delay that 99% of the accepted calls do not exceed"),
		row("max", 1, "longest admission delay"),
	}
}

func campaignTime(name string, q float64, help string) Figure[SenderResult] {
	return Figure[SenderResult]{
		FigureInfo{Name: "campaign_time." + name, Kind: criteria.Duration, Unit: "seconds", Help: help},
		func(s *SenderResult) (float64, bool) { return s.CampaignTime(q) },
	}.at("campaign_seconds." + name)
}

// dwell is a figure of the stays on the global list, if there are any. Where
// too many stays go on for the survival curve to fall to a quantile, there is
// only a lower bound, which is no data.
func dwell(name, help string, of func(*measure.Survival) (time.Duration, bool)) Figure[GlobalResult] {
	return duration("dwell."+name, help, func(g *GlobalResult) (time.Duration, bool) {
		length, known := of(&g.Dwell)
		if g.Dwell.Stays == 0 || !known {
			return 0, false
		}
		return length, true
	}).at("dwell_seconds." + name)
}

func (f Figure[E]) headline() Figure[E] { f.Rank = Headline; return f }

func (f Figure[E]) detail() Figure[E] { f.Rank = Detail; return f }

// details makes details of rows.
func details[E any](rows []Figure[E]) []Figure[E] {
	for i := range rows {
		rows[i].Rank = Detail
	}
	return rows
}

// called marks rows as those of senders with a client.
func called[E any](rows []Figure[E]) []Figure[E] {
	for i := range rows {
		rows[i].Called = true
	}
	return rows
}

func (f Figure[E]) at(key string) Figure[E] { f.Key = key; return f }

func (f Figure[E]) ends(series string) Figure[E] { f.Series = series; return f }
