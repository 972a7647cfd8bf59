package sim

import "sesim/sim/ses"

// Orders are the orders in which the bad mail of a history may lie, as Config.InOrder
// takes them: the one taken where nobody says it first.
func Orders() []ses.Order { return []ses.Order{ses.OrderEven, ses.OrderOldest, ses.OrderNewest} }

// OrderOpen reports whether a result may depend on an order that nobody has said.
func (c *Config) OrderOpen() bool {
	for i := range c.Accounts {
		if c.Accounts[i].History.OrderOpen() {
			return true
		}
	}
	return false
}

// InOrder returns the Config with an order in all histories that do not say theirs.
func (c *Config) InOrder(order ses.Order) Config {
	with := *c
	with.Accounts = make([]Account, len(c.Accounts))
	copy(with.Accounts, c.Accounts)
	for i := range with.Accounts {
		if a := &with.Accounts[i]; a.History.OrderOpen() {
			own := *a.History
			own.Order = order
			a.History = &own
		}
	}
	return with
}
