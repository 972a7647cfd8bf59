package html

import (
	"strings"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
)

// clients returns the table of the clients, each followed by its senders where there are
// several, up to the page's limit.
func clients(r *reports.Report) table {
	t := table{Title: "Clients", Head: []string{
		"client or sender", "messages due", "calls", "calls by attempt", "calls refused", "calls on closed sessions",
		"messages given up", "why",
		"waiting at the end", "in flight at the end", "oldest at the end", "highest age", "calls a second", "most within a second",
		"median delay", "99% of delays within", "longest delay", "99% given up within",
	}}
	more := r.Table.Without(worded)
	t.Head = append(t.Head, titles(more.Client)...)
	read := r.Reader(more)
	senders := map[string]*reports.Sender{}
	for i := range r.Summary.Senders {
		senders[r.Summary.Senders[i].Name] = &r.Summary.Senders[i]
	}
	for i := range r.Summary.Clients[:min(len(r.Summary.Clients), maxAccounts)] {
		c := &r.Summary.Clients[i]
		t.Rows = append(t.Rows, append(clientRow(c), cells(more.Client, read.Client(i))...))
		if len(c.Senders) == 1 {
			continue
		}
		for _, name := range c.Senders[:min(len(c.Senders), maxAccounts)] {
			row := senderRow(senders[name])
			for len(row) < len(t.Head) {
				row = append(row, orDash(""))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func clientRow(c *reports.Client) []string {
	d := quantilesOf(c.Delay)
	mean := orDash("")
	if c.Rate.Mean > 0 {
		mean = wording.Decimal(c.Rate.Mean, 2)
	}
	return []string{
		c.Name, wording.Count(c.Due), wording.Count(c.Calls), byAttempt(c.Attempts), share(c.Refused, c.Calls),
		wording.Count(c.RefusedSession), share(c.Lost, c.Due),
		orDash(wording.Losses(&c.GivenUp)), wording.Count(c.Waiting), wording.Count(c.InFlight),
		wording.Span(time.Duration(c.Oldest.Final)), wording.Span(time.Duration(c.Oldest.Max)), mean, wording.Count(c.Rate.Max),
		d[0], d[1], d[2], quantilesOf(c.LostDelay)[1],
	}
}

// senderRow is what a sender has of the columns of clients.
func senderRow(s *reports.Sender) []string {
	dash, calls := orDash(""), int64(0)
	for _, n := range s.Attempts {
		calls += n
	}
	row := []string{"of it " + s.Name, wording.Count(s.Messages), wording.Count(calls), byAttempt(s.Attempts), dash}
	if s.Lost == nil {
		return row
	}
	lost := int64(0)
	for _, why := range s.Lost.Reasons() {
		lost += why.Count
	}
	row = append(row, wording.Count(int64(s.More["refused_session"])),
		share(lost, s.Messages), orDash(wording.Losses(s.Lost)), dash, dash, dash, dash, dash, dash)
	var d *reports.Delays
	if s.Delay != nil {
		d = &reports.Delays{P50: s.Delay.P50, P99: s.Delay.P99, Max: s.Delay.Max}
	}
	q := quantilesOf(d)
	return append(row, q[0], q[1], q[2], quantilesOf(s.LostDelay)[1])
}

// quantilesOf writes delays; dashes if there are none.
func quantilesOf(d *reports.Delays) [3]string {
	if d == nil {
		return [3]string{orDash(""), orDash(""), orDash("")}
	}
	span := func(s reports.Seconds) string { return wording.Span(time.Duration(s)) }
	return [3]string{span(d.P50), span(d.P99), span(d.Max)}
}

// byAttempt lists calls by their number for the message; ten at most.
func byAttempt(attempts []int64) string {
	const most = 10
	var list []string
	for _, n := range attempts[:min(len(attempts), most)] {
		list = append(list, wording.Count(n))
	}
	if len(attempts) > most {
		list = append(list, "…")
	}
	return orDash(strings.Join(list, " · "))
}
