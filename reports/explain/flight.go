package explain

import (
	"sesim/reports/wording"
	"sesim/sim"
)

// inFlight are the records that say which mail is in flight: of its acceptance, of failed
// attempts, and of outcomes.
var inFlight = []sim.RecordKind{
	sim.Sent, sim.Delayed, sim.Delivered, sim.HardBounced, sim.SoftBounced, sim.SuppressedAccount, sim.SuppressedGlobal, sim.Simulated,
	sim.Rejected,
}

// flight is a recipient of a message.
type flight struct {
	sender  int
	message int64
	to      sim.Address
}

// track keeps the recipients of accepted mail until their outcome.
func (c *collector) track(r *sim.Record) {
	at := flight{r.Sender, r.Message, r.Address}
	switch r.Kind {
	case sim.Sent:
		for _, at.to = range r.Recipients {
			if r.At < c.q.From || c.address != nil && at.to != *c.address {
				continue
			}
			c.count(r)
			g := c.open[at]
			if g == nil {
				g = &group{}
				c.open[at] = g
				g.first.keep(c, r)
				g.first.to, g.first.isToOne = at.to, true
			}
			g.latest = g.first
			g.count++
		}
	case sim.Delayed:
		if g := c.open[at]; g != nil {
			g.latest.record = *r
		}
	default: // the outcome; a hard bounce after a delivery finds nothing
		if g := c.open[at]; g == nil {
			return
		} else if g.count--; g.count == 0 {
			delete(c.open, at)
		}
		c.matched--
	}
}

// describeInFlight fills in an entry about mail of which nothing but its acceptance is known.
func (c *collector) describeInFlight(e *Entry) {
	e.What, e.Figures = "accepted, in flight", []string{"no outcome up to " + wording.Clock(c.q.At)}
	e.Reads, e.Weakest = nil, "" // of the call
}
