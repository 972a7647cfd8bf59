package measure

import "time"

// Table is a set of columns sampled at common instants.
type Table struct {
	Times   []time.Duration // virtual, increasing
	Columns []Column
}

// Column is one metric of one account over time. An empty Account stands for
// what all accounts share.
type Column struct {
	Account string
	Metric  string
	Values  []float64 // one for each instant
}

// Find returns the column, or nil.
func (t *Table) Find(account, metric string) *Column {
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Account == account && c.Metric == metric {
			return c
		}
	}
	return nil
}
