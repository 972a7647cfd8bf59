package reports

import (
	"strings"
	"time"

	"sesim/sim"
)

// AccountShare is what became of a sender's messages through one of its accounts: those
// for which this account was called last.
type AccountShare struct {
	Account   string `json:"account"`
	Due       int64  `json:"due"` // recipients, as all counts
	Accepted  int64  `json:"accepted"`
	GivenUp   int64  `json:"given_up"`
	Waiting   int64  `json:"waiting"`
	Refused   int64  `json:"refused"` // of all calls
	Delivered int64  `json:"delivered"`
	Bounced   int64  `json:"hard_bounced"`
}

// AccountTurn is the moment at which a sender begins to use another of its accounts.
type AccountTurn struct {
	At      time.Time `json:"at"`
	Account string    `json:"account"`
}

// From returns the names of the accounts that the sender sends from.
func (s *Sender) From() string {
	if len(s.Accounts) == 0 {
		return s.Account
	}
	names := make([]string, len(s.Accounts))
	for i := range s.Accounts {
		names[i] = s.Accounts[i].Account
	}
	return strings.Join(names, ", ")
}

// addShares adds what senders with several accounts sent through each.
func (s *Summary) addShares(cfg *sim.Config, res *sim.Result) {
	for i := range res.Shares {
		of := &res.Shares[i]
		sender := &s.Senders[of.Sender]
		sender.Accounts = append(sender.Accounts, AccountShare{
			Account: cfg.Accounts[of.Account].Name, Due: of.Due, Accepted: of.Accepted, GivenUp: of.GivenUp, Waiting: of.Waiting,
			Refused: of.Recipients - of.Accepted, Delivered: of.Delivered, Bounced: of.HardBounced,
		})
	}
	for _, t := range res.Turns {
		sender := &s.Senders[t.Sender]
		sender.Turns = append(sender.Turns, AccountTurn{cfg.Start.Add(t.At).UTC(), cfg.Accounts[t.Account].Name})
	}
}
