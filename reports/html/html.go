// Package html writes a report as one self-contained page: no network and no
// further files. Its first screen has the question, the answer, the chart that
// shows it, what it rests on, and the verdicts. Each chart is followed by its
// figures as a table, and every rule that decided something is listed with its
// source and whether it is documented, observed or assumed.
//
// A script in the page shows values under the pointer and enlarges a part of the
// time. Without scripts everything is there. The page's policy allows that script
// and nothing else.
//
// The page follows the reader's light or dark theme, prints in black on white,
// and is readable on a phone. Names and texts of a scenario are escaped
// everywhere.
package html

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"time"

	"sesim/reports"
	"sesim/reports/plot"
	"sesim/reports/wording"
	"sesim/sim"
)

// Bounds on what a page lists; all of it is in the files beside the page.
const (
	maxAnswers  = 12
	maxAccounts = 200
	maxTimeline = 200
	maxColumns  = 4 // accounts shown side by side, one column each
)

//go:embed page.tmpl sheet.tmpl parts.tmpl style.css page.js
var files embed.FS

// script is the page's script, and policy what the page may load and run: itself.
var (
	script = embedded("page.js")
	policy = fmt.Sprintf("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'",
		base64.StdEncoding.EncodeToString(digest(script)))
)

// embedded returns a file of the package, which exists.
func embedded(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func digest(text string) []byte { sum := sha256.Sum256([]byte(text)); return sum[:] }

var page = template.Must(template.New("page.tmpl").Funcs(template.FuncMap{
	"count": wording.Count, "percent": wording.Percent, "grouped": wording.Grouped, "ends": wording.Range,
	"css":    func() template.CSS { return template.CSS(embedded("style.css")) }, // embedded, so trusted
	"script": func() template.JS { return template.JS(script) },
	"policy": func() string { return policy },
	"inline": func(c *plot.Chart) template.HTML { return template.HTML(c.Inline()) }, // package plot escapes texts
}).ParseFS(files, "page.tmpl", "sheet.tmpl", "parts.tmpl"))

// Write writes the page, with the charts that package plot draws of the same
// report.
func Write(w io.Writer, r *reports.Report, charts []plot.Chart) error {
	return write(w, "page.tmpl", newView(r, charts))
}

// view is the data of the template.
type view struct {
	*reports.Report
	Front
	Charts       []*plot.Chart // that have a picture, without the one of the first screen
	Flat         []string      // findings of those that have none
	StartText    string
	Findings     []string // about each account
	MoreAnswers  string
	Accounts     table
	MoreAccounts string
	Timelines    []timeline
	Refusals     []refusal
	Global       [][2]string
	Senders      table
	Clients      table
	Command      string
	Replicated   *replicated               // nil for one run
	Assumptions  []string                  // what the verdicts rest on
	Varied       []wording.VariedParameter // those that turn a verdict
}

// table is a table whose first row and column are headings.
type table struct {
	Title string // for readers who do not see it
	Head  []string
	Rows  [][]string
}

// timeline is the timeline of one account.
type timeline struct {
	Account string
	Lines   []line
	More    string
}

// refusal is the first refused call of an account for one reason.
type refusal struct {
	Account, Clock string
	reports.Refusal
	Text, Standing string
	Rests          []reports.Read
}

// line is one transition, with the standing of its rule.
type line struct {
	Clock, UTC string
	Seconds    int64 // since the start
	reports.Transition
	Standing string
	Rests    []reports.Read // what the decision read and AWS does not publish
}

func newView(r *reports.Report, charts []plot.Chart) *view {
	v := &view{Report: r, Front: newFront(r, charts),
		StartText: utc(r.Summary.Start),
		Global:    global(r),
		Senders:   senders(r),
		Clients:   clients(r),
		Command:   wording.Command(r),
	}
	v.Replicated = newReplicated(r.Summary.Replications)
	v.Assumptions, v.Varied = wording.Assumptions(r), wording.Varied(r)
	for i := range charts {
		switch c := &charts[i]; {
		case !c.Drawn():
			v.Flat = append(v.Flat, c.Title)
		case c != v.Chart:
			v.Charts = append(v.Charts, c)
		}
	}
	ranked := wording.Ranked(r)
	if together := wording.Together(r); together != "" {
		v.Findings = append(v.Findings, together)
	}
	for _, i := range ranked[:min(len(ranked), maxAnswers)] {
		v.Findings = append(v.Findings, wording.Finding(r, &r.Summary.Accounts[i]))
	}
	v.MoreAnswers = more(len(ranked)-maxAnswers, "accounts")
	v.Findings = append(v.Findings, wording.GlobalList(r))
	v.Findings = append(v.Findings, wording.Notes(&r.Summary)...)
	shown := ranked[:min(len(ranked), maxAccounts)]
	v.Accounts = accounts(r, shown)
	v.MoreAccounts = more(len(ranked)-maxAccounts, "accounts")
	for _, i := range shown {
		if a := &r.Summary.Accounts[i]; len(a.Timeline) > 0 {
			v.Timelines = append(v.Timelines, newTimeline(r, a))
		}
		v.Refusals = append(v.Refusals, refusals(r, &r.Summary.Accounts[i])...)
	}
	return v
}

func refusals(r *reports.Report, a *reports.Account) []refusal {
	standing := r.Standings()
	var list []refusal
	for _, f := range a.Refusals {
		list = append(list, refusal{a.Name, wording.Clock(r.Offset(f.At)), f, f.Error(), standing[f.Rule], rests(r, f.Reads)})
	}
	return list
}

// more says how many entries a list leaves out; "" if it is complete.
func more(n int, of string) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("%s more %s are in summary.json.", wording.Count(int64(n)), of)
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func newTimeline(r *reports.Report, a *reports.Account) timeline {
	standing := r.Standings()
	t := timeline{Account: a.Name, More: more(len(a.Timeline)-maxTimeline, "lines")}
	for _, at := range a.Timeline[:min(len(a.Timeline), maxTimeline)] {
		since := r.Offset(at.At)
		t.Lines = append(t.Lines, line{wording.Clock(since), utc(at.At), int64(since.Seconds()), at, standing[at.Rule], rests(r, at.Reads)})
	}
	return t
}

// rests returns what a decision read and AWS does not publish.
func rests(r *reports.Report, names []string) []reports.Read {
	return reports.Unpublished(r.Summary.ReadsNamed(names))
}

// figures are the rows of the table of accounts.
var figures = []struct {
	name string
	of   func(*reports.Account) string
}{
	{"state at the end", func(a *reports.Account) string { return string(wording.Enforcement(a.Enforcement)) + ", " + a.Access }},
	{"status in the console", func(a *reports.Account) string { return orDash(a.Status) }},
	{"Region", func(a *reports.Account) string { return a.Region }},
	{"sending quota", func(a *reports.Account) string { return wording.Quota(a.Quota) }},
	{"peak quota use", func(a *reports.Account) string { return wording.Percent(a.QuotaUse.Max) }},
	{"max send rate", func(a *reports.Account) string { return wording.Count(a.Rate) + "/s" }},
	{"recipients due", func(a *reports.Account) string { return wording.Count(a.Due) }},
	{"accepted", func(a *reports.Account) string { return share(a.Accepted, a.Due) }},
	{"given up", func(a *reports.Account) string { return share(a.GivenUp, a.Due) }},
	{"waiting for a retry at the end", func(a *reports.Account) string { return share(a.Waiting, a.Due) }},
	{"accepted later than due", func(a *reports.Account) string { return share(a.Late, a.Accepted) }},
	{"send calls", func(a *reports.Account) string { return wording.Count(a.Requests) }},
	{"attempts: recipients of all calls", func(a *reports.Account) string { return wording.Count(a.Recipients) }},
	{"attempts refused", func(a *reports.Account) string { return share(a.Refused.Total(), a.Recipients) }},
	{"refused by reason", func(a *reports.Account) string { return orDash(wording.Reasons(a.Refused)) }},
	{"delivered", func(a *reports.Account) string { return share(a.Delivered, a.Accepted) }},
	{"hard bounces", func(a *reports.Account) string { return share(a.HardBounced, a.Accepted) }},
	{"soft bounces", func(a *reports.Account) string { return share(a.SoftBounced, a.Accepted) }},
	{"suppressed by the account's list", func(a *reports.Account) string { return share(a.SuppressedAccount, a.Accepted) }},
	{"suppressed by the global list", func(a *reports.Account) string { return share(a.SuppressedGlobal, a.Accepted) }},
	{"to the mailbox simulator", func(a *reports.Account) string { return share(a.Simulator, a.Accepted) }},
	{"rejected by the content scan", func(a *reports.Account) string { return share(a.Rejected, a.Accepted) }},
	{"in flight at the end", func(a *reports.Account) string { return share(a.InFlight, a.Accepted) }},
	{"complaints", func(a *reports.Account) string { return wording.Count(a.Complaints) }},
	{"accepted after a published bounce", func(a *reports.Account) string { return share(a.SentAfterBounce, a.Accepted) }},
	{"peak bounce rate", func(a *reports.Account) string { return highest(&a.BounceRate) }},
	{"bounce rate at the end", func(a *reports.Account) string { return rate(&a.BounceRate) }},
	{"peak complaint rate", func(a *reports.Account) string { return highest(&a.ComplaintRate) }},
	{"complaint rate at the end", func(a *reports.Account) string { return rate(&a.ComplaintRate) }},
}

func share(part, whole int64) string {
	if part == 0 {
		return "0"
	}
	return wording.Count(part) + " (" + wording.Ratio(part, whole) + ")"
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func rate(r *reports.Rate) string {
	if r.Eligible == 0 {
		return "no data"
	}
	return fmt.Sprintf("%s, %s of %s", wording.Percent(r.Final), wording.Count(r.Events), wording.Count(r.Eligible))
}

func highest(r *reports.Rate) string {
	if r.Eligible == 0 && r.Max == 0 {
		return "no data"
	}
	return wording.Percent(r.Max)
}

// worded are the figures that have rows and columns of their own, or are left
// to charts and files. The others are appended to the tables of accounts, of
// senders and of the global list.
var worded = sim.FigureNames{
	Account: []string{
		"due", "accepted", "given_up", "waiting", "late", "requests", "recipients", "billed", "refused",
		"refused.rate", "refused.quota", "refused.unverified", "refused.paused", "refused.invalid", "delivered", "hard_bounced", "soft_bounced",
		"suppressed_account", "suppressed_global", "simulator", "rejected", "complaints", "in_flight", "sent_after_bounce",
		"bounce_rate.final", "bounce_rate.max", "bounce_rate.eligible", "complaint_rate.final", "complaint_rate.max",
		"complaint_rate.eligible", "quota_use.final", "quota_use.max", "quota", "rate", "account_list.added", "account_list.listed",
		"delay.p50", "delay.p90", "delay.p99", "delay.max",
	},
	Sender: []string{
		"messages", "due", "accepted", "given_up", "waiting", "late", "requests", "recipients", "billed", "refused", "refused.rate",
		"refused.quota", "refused.unverified", "refused.paused", "refused.invalid", "delivered", "hard_bounced", "soft_bounced",
		"suppressed_account", "suppressed_global", "simulator", "rejected", "complaints", "in_flight",
		"sent_after_bounce", "timed_out", "removed",
		"bounce_rate.final", "bounce_rate.max", "bounce_rate.eligible", "complaint_rate.final", "complaint_rate.max",
		"complaint_rate.eligible", "delay.p50", "delay.p90", "delay.p99", "delay.max",
		"campaign_time.p50", "campaign_time.p95", "campaign_time.max",
		"attempts.1", "attempts.2", "attempts.3", "attempts.4", "attempts.5", "refused.session", "lost.attempts", "lost.dropped",
		"lost.stopped", "lost.wait", "lost.refused", "lost_delay.p50", "lost_delay.p99", "lost_delay.max",
	},
	Client: []string{
		"due", "calls", "accepted", "refused", "lost", "in_flight", "waiting", "oldest.final", "oldest.max", "rate.mean", "rate.max_1s",
		"attempts.1", "attempts.2", "attempts.3", "attempts.4", "attempts.5", "refused.session", "given_up.attempts", "given_up.dropped",
		"given_up.stopped", "given_up.wait", "given_up.refused",
		"delay.p50", "delay.p99", "delay.max", "lost_delay.p50", "lost_delay.p99", "lost_delay.max",
	},
	Global: []string{"added", "listed", "dwell.p50", "dwell.p90", "dwell.max", "dwell.censored"},
}

// titles returns the headings of further figures.
func titles[E any](rows []sim.Figure[E]) []string {
	list := make([]string, len(rows))
	for i := range rows {
		list[i] = rows[i].Help
	}
	return list
}

// cells writes the figures of an owner in the order of their table, and a dash
// for one that it does not have.
func cells[E any](rows []sim.Figure[E], figures []reports.Figure) []string {
	list := make([]string, len(rows))
	for i := range rows {
		for k := range figures {
			if figures[k].Info == &rows[i].FigureInfo {
				list[i] = wording.Known(&figures[k])
			}
		}
		list[i] = orDash(list[i])
	}
	return list
}

// accounts returns the table of the accounts: side by side if they are few,
// otherwise one below the other.
func accounts(r *reports.Report, shown []int) table {
	t := table{Title: "Accounts", Head: []string{"account"}}
	past := slices.ContainsFunc(shown, func(i int) bool { return r.Summary.Accounts[i].History != nil })
	if past {
		t.Head = append(t.Head, "before the start")
	}
	for _, f := range figures {
		t.Head = append(t.Head, f.name)
	}
	more := r.Table.Without(worded)
	t.Head = append(t.Head, titles(more.Account)...)
	read := r.Reader(more)
	for _, i := range shown {
		a := &r.Summary.Accounts[i]
		row := []string{a.Name}
		if past {
			row = append(row, before(a.History))
		}
		for _, f := range figures {
			row = append(row, f.of(a))
		}
		t.Rows = append(t.Rows, append(row, cells(more.Account, read.Account(i))...))
	}
	if len(shown) <= maxColumns {
		return t.transposed()
	}
	return t
}

// before says what an account brings along, a dash for nothing.
func before(h *reports.History) string {
	if h == nil {
		return orDash("")
	}
	return wording.Past(h)
}

func (t table) transposed() table {
	flat := table{Title: t.Title, Head: []string{t.Head[0]}}
	for _, row := range t.Rows {
		flat.Head = append(flat.Head, row[0])
	}
	for i, name := range t.Head[1:] {
		row := []string{name}
		for _, r := range t.Rows {
			row = append(row, r[i+1])
		}
		flat.Rows = append(flat.Rows, row)
	}
	return flat
}

// senders returns the table of the senders, up to the page's limit.
func senders(r *reports.Report) table {
	t := table{Title: "Senders", Head: []string{
		"sender", "account", "recipients due", "accepted", "given up", "waiting at the end", "accepted late", "messages", "send calls",
		"attempts refused", "delivered", "hard bounces", "soft bounces", "on the account's list", "on the global list", "complaints",
		"after a published bounce", "addresses removed", "peak bounce rate", "peak complaint rate", "99% of delays within",
	}}
	more := r.Table.Without(worded)
	t.Head = append(t.Head, titles(more.Sender)...)
	read := r.Reader(more)
	for i := range r.Summary.Senders[:min(len(r.Summary.Senders), maxAccounts)] {
		s := &r.Summary.Senders[i]
		row := []string{s.Name, s.From()}
		for _, n := range []int64{
			s.Due, s.Accepted, s.GivenUp, s.Waiting, s.Late, s.Messages, s.Requests, s.Refused.Total(), s.Delivered, s.HardBounced,
			s.SoftBounced, s.SuppressedAccount, s.SuppressedGlobal, s.Complaints, s.SentAfterBounce,
			s.Removed,
		} {
			row = append(row, wording.Count(n))
		}
		row = append(row, known(s.BounceRate), known(s.ComplaintRate), delay(s.Delay))
		t.Rows = append(t.Rows, append(row, cells(more.Sender, read.Sender(i))...))
	}
	return t
}

// known returns the highest of a sender's rate, a dash without data.
func known(r *reports.Rate) string {
	if r == nil {
		return orDash("")
	}
	return highest(r)
}

// delay returns the delay that 99% of the accepted calls do not exceed.
func delay(d *reports.DelayQuantiles) string {
	if d == nil {
		return orDash("")
	}
	return wording.Span(time.Duration(d.P99))
}

func global(r *reports.Report) [][2]string {
	g := &r.Summary.GlobalList
	d := &g.Dwell
	list := [][2]string{
		{"times an address was added", wording.Count(g.Added)},
		{"addresses listed at the end", wording.Count(g.Listed)},
		{"median stay", wording.Stay(d, "p50", d.P50)},
		{"90th percentile of stays", wording.Stay(d, "p90", d.P90)},
		{"longest stay", wording.Span(time.Duration(d.Max))},
		{"stays still running at the end (censored)", wording.Count(d.Censored)},
		{"removed with the form of the classic console", wording.Count(g.Removed)},
	}
	more := r.Table.Without(worded)
	for i, text := range cells(more.Global, r.Reader(more).Global()) {
		list = append(list, [2]string{more.Global[i].Help, text})
	}
	return list
}
