package measure

import "time"

// Table is a set of metrics sampled at common times.
type Table struct {
	Times   []time.Duration // virtual, increasing
	Columns []Column
}

// Column is one metric of one account over time. Account is empty for a metric of
// the whole run.
type Column struct {
	Account string
	Metric  string
	Values  []float64 // one for each of Times
}

// Find returns the column of a metric, or nil if there is none.
func (t *Table) Find(account, metric string) *Column {
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Account == account && c.Metric == metric {
			return c
		}
	}
	return nil
}
