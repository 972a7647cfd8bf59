package reports

import (
	"math"
	"slices"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/ses"
)

// Figure is one figure of a summary.
type Figure struct {
	Name  string // as thresholds name it: "acme.bounce_rate.max"
	Kind  criteria.Kind
	Value float64 // shares from 0 to 1, durations in seconds; without Data 0 or a bound
	Data  bool
	// Info is the figure's row of the table; nil for an event of a timeline.
	Info *sim.FigureInfo
}

// Known returns the value; NaN without data.
func (f *Figure) Known() float64 {
	if !f.Data {
		return math.NaN()
	}
	return f.Value
}

// Reader reads the figures of a table from a summary. A figure that the summary
// does not have, such as the delay of an account without an accepted call, is
// left out.
type Reader struct {
	summary                         *Summary
	account, sender, client, global []place
	lists                           map[string]*AccountList
}

// Reader returns a reader of the report's summary for the figures of a table.
func (r *Report) Reader(table *sim.FigureTable) *Reader {
	rows := table.Rows()
	of := &Reader{
		summary: &r.Summary, account: placesOf[accountView](rows.Account), sender: placesOf[Sender](rows.Sender),
		client: placesOf[Client](rows.Client), global: placesOf[GlobalList](rows.Global), lists: map[string]*AccountList{},
	}
	for i := range r.Summary.AccountList {
		of.lists[r.Summary.AccountList[i].Account] = &r.Summary.AccountList[i]
	}
	return of
}

// accountView joins the two structs that hold the figures of an account.
type accountView struct {
	*Account
	List *AccountList `json:"account_list"` // nil: the summary has none
}

// Account returns the figures of the i-th account, in the order of the table.
func (of *Reader) Account(i int) []Figure {
	a := &of.summary.Accounts[i]
	return readAll(&accountView{a, of.lists[a.Name]}, of.account, a.Name)
}

// Sender returns the figures of the i-th sender.
func (of *Reader) Sender(i int) []Figure {
	s := &of.summary.Senders[i]
	return readAll(s, of.sender, s.Name)
}

// Client returns the figures of the i-th client.
func (of *Reader) Client(i int) []Figure {
	c := &of.summary.Clients[i]
	return readAll(c, of.client, c.Name)
}

// Global returns the figures of the global list.
func (of *Reader) Global() []Figure {
	return readAll(&of.summary.GlobalList, of.global, sim.GlobalOwner)
}

// Figures returns all figures of the summary: of accounts, senders, clients and the
// global list, in that order, with the timeline events that happened. If two of them
// share a name, a figure that both have is that of the first, as in thresholds.
func (r *Report) Figures() []Figure {
	of := r.Reader(r.Table)
	var list []Figure
	accounts, senders := map[string]bool{}, map[string]bool{}
	for i := range r.Summary.Accounts {
		a := &r.Summary.Accounts[i]
		accounts[a.Name] = true
		list = append(append(list, of.Account(i)...), r.happenings(a)...)
	}
	for i := range r.Summary.Senders {
		name := r.Summary.Senders[i].Name
		senders[name] = true
		for _, f := range of.Sender(i) {
			if !accounts[name] || !has(of.account, f.Info.Name) {
				list = append(list, f)
			}
		}
	}
	for i := range r.Summary.Clients {
		name := r.Summary.Clients[i].Name
		for _, f := range of.Client(i) {
			if !(accounts[name] && has(of.account, f.Info.Name)) && !(senders[name] && has(of.sender, f.Info.Name)) {
				list = append(list, f)
			}
		}
	}
	return append(list, of.Global()...)
}

// has reports whether there is a figure of that name among some.
func has(places []place, name string) bool {
	return slices.ContainsFunc(places, func(p place) bool { return p.info.Name == name })
}

// happenings returns the first time and the count of each event in the timeline
// of an account.
func (r *Report) happenings(a *Account) []Figure {
	counts := map[ses.Event]int64{}
	var list []Figure
	var order []ses.Event
	for _, t := range a.Timeline {
		if counts[t.Event]++; counts[t.Event] == 1 {
			order = append(order, t.Event)
			list = append(list, Figure{sim.TimeTo(a.Name, t.Event), criteria.Duration, r.Offset(t.At).Seconds(), true, nil})
		}
	}
	for _, event := range order {
		list = append(list, Figure{sim.CountOf(a.Name, event), criteria.Count, float64(counts[event]), true, nil})
	}
	return list
}
