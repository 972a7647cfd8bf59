package bench

import (
	"fmt"
	"time"

	"sesim/reports/benchmark"
	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/unit"
)

// axis is what a run has more and more of. Each size is ten times the one before; the
// last one is the most that the axis has, or that the limit on recipients allows.
type axis struct {
	name     string
	from, to int64 // sizes; to 0: as many as the limit allows
	each     int64 // recipients for one of it
	config   func(size int64) *sim.Config
}

func (s *session) axes() []axis {
	return []axis{
		{benchmark.OfRecipients, growthADay / 10, 0, 1, func(n int64) *sim.Config { return longer(n, growthADay) }},
		{benchmark.OfSenders, 100, 100_000, eachMails, manySenders},
		{benchmark.OfAccounts, 100, 100_000, eachMails, manyAccounts},
		{benchmark.OfAddresses, 10_000, 100_000_000, 1, func(n int64) *sim.Config { return longer(n, n) }},
		{benchmark.OfYears, 1, 100, yearMails, years},
	}
}

// sizes returns the sizes of an axis if no run may have more than a number of recipients.
func (a *axis) sizes(recipients int64) []int64 {
	most := recipients / a.each
	if a.to > 0 {
		most = min(most, a.to)
	}
	var list []int64
	for n := a.from; n < most; n *= 10 {
		list = append(list, n)
	}
	return append(list, most)
}

// The mail of the axes.
const (
	growthADay = 1_000_000 // recipients a day of one account
	eachMails  = 100       // recipients a day of each sender, where there are many of them
	yearMails  = 100_000   // recipients a year
)

// longer is a run of one account with a number of recipients, a million a day.
func longer(recipients, addresses int64) *sim.Config {
	c := traffic(growthADay, addresses, 1)
	c.Horizon = time.Duration(recipients) * (unit.Day / growthADay)
	return c
}

// manySenders is a day of one account with many senders, who each mail an audience of
// their own.
func manySenders(n int64) *sim.Config {
	c := traffic(n*eachMails, eachMails, 1)
	c.Horizon = unit.Day
	audience, s := c.Audiences[0], c.Senders[0]
	s.Traffic.Rate.N = eachMails
	c.Audiences, c.Senders = make([]sim.Audience, 0, n), make([]sim.Sender, 0, n)
	for i := range int(n) {
		name := fmt.Sprintf("list-%06d", i+1)
		audience.Name, audience.Domain = name, name+".example"
		s.Name, s.Audience = name, i
		c.Audiences, c.Senders = append(c.Audiences, audience), append(c.Senders, s)
	}
	return c
}

// manyAccounts is a day of many accounts of a Region, whose senders all mail the same
// addresses: there is no part of it that shares nothing with the others.
func manyAccounts(n int64) *sim.Config {
	c := traffic(n*eachMails, n*eachMails, 1)
	c.Horizon = unit.Day
	account, s := c.Accounts[0], c.Senders[0]
	account.Quota, account.Suppression = 2*eachMails, 0
	s.Traffic.Rate.N, s.RemoveBounced = eachMails, false
	c.Accounts, c.Senders = make([]sim.Account, 0, n), make([]sim.Sender, 0, n)
	for i := range int(n) {
		name := fmt.Sprintf("acme-%06d", i+1)
		account.Name, s.Name, s.Account = name, name, i
		c.Accounts, c.Senders = append(c.Accounts, account), append(c.Senders, s)
	}
	return c
}

// years is little mail over a long time, to an audience that gains as many addresses as
// stop existing at first.
func years(n int64) *sim.Config {
	const year, addresses = 365 * unit.Day, yearMails / 10
	c := traffic(growthADay, addresses, 1)
	c.Horizon = time.Duration(n) * year
	c.Senders[0].Traffic.Rate = unit.Rate{N: yearMails, Per: year}
	a := &c.Audiences[0]
	a.Decay = unit.Percent / 2
	joining := unit.Rate{N: addresses / 200, Per: a.DecayPer}
	a.Growth = mailbox.Growth{Rate: joining, Limit: addresses + joining.N*int64(c.Horizon/joining.Per)}
	return c
}
