package reports

import (
	"sesim/sim"
	"sesim/sim/ses"
)

// HistoryOrder is what comes of a run where the bounces and complaints before the start lie
// in one of the orders that are possible. The first one is that of the run itself.
type HistoryOrder struct {
	Order    string         `json:"order"`    // even, oldest, newest
	Verdicts []string       `json:"verdicts"` // of the thresholds, in their order
	Accounts []OrderAccount `json:"accounts"` // that bring a history along
}

// OrderAccount is an account in one order.
type OrderAccount struct {
	Account string `json:"account"`
	// BounceBelow and ComplaintBelow say when the rates are below the review threshold for
	// good; nil: not by the end.
	BounceBelow    *RateBelow `json:"bounce_below"`
	ComplaintBelow *RateBelow `json:"complaint_below"`
	// First is the first change of the account's enforcement status; nil: there is none.
	First *Transition `json:"first_transition"`
}

// RateBelow is how long it takes until a rate is below the review threshold for good.
type RateBelow struct {
	Seconds Seconds `json:"seconds"`
	Mails   int64   `json:"mails"` // eligible ones by then
}

// AddOrder adds the result of one order.
func (s *Summary) AddOrder(cfg *sim.Config, order ses.Order, res *sim.Result) {
	o := HistoryOrder{Order: order.String(), Verdicts: []string{}}
	for _, j := range res.Judge(cfg) {
		o.Verdicts = append(o.Verdicts, j.Verdict.String())
	}
	for i := range res.Accounts {
		if cfg.Accounts[i].History == nil {
			continue
		}
		a := &res.Accounts[i]
		o.Accounts = append(o.Accounts, OrderAccount{
			cfg.Accounts[i].Name, below(&a.Bounce), below(&a.Complaint), s.firstTransition(a.Timeline),
		})
	}
	s.HistoryOrders = append(s.HistoryOrders, o)
}

func below(r *sim.Rate) *RateBelow {
	if !r.Below.Is {
		return nil
	}
	return &RateBelow{Seconds(r.Below.After), r.Below.Mails}
}

// firstTransition returns the first change of an enforcement status.
func (s *Summary) firstTransition(list []ses.Transition) *Transition {
	for i := range list {
		switch list[i].Event {
		case ses.EventUnderReview, ses.EventPaused, ses.EventHealthy, ses.EventReviewExtended, ses.EventPendingPause, ses.EventPendingEndOfReview:
			return &timeline(list[i:i+1], s.Start)[0]
		}
	}
	return nil
}
