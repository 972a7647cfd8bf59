package simtest

import (
	"slices"

	"sesim/sim"
)

// Tape is an observer that keeps a copy of every record.
type Tape struct {
	Records []sim.Record
}

var _ sim.Observer = (*Tape)(nil)

// Observe copies the record, of which the run keeps the original.
func (t *Tape) Observe(r *sim.Record) {
	kept := *r
	kept.Recipients = slices.Clone(r.Recipients)
	t.Records = append(t.Records, kept)
}

// Both passes records on to two observers.
type Both struct {
	First, Second sim.Observer
}

var _ sim.Observer = Both{}

// Observe hands the record to both.
func (b Both) Observe(r *sim.Record) {
	b.First.Observe(r)
	b.Second.Observe(r)
}
