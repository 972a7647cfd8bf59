package events

import "sesim/sim"

// flights holds the recipients of messages that may still cause records, because
// mail.destination names all of them in each record. Messages with one recipient
// take no memory, as each record names it.
//
// Memory is bounded by the mail in flight: for each message with several
// recipients, four bytes per recipient and a small constant, from its Send to the
// last record of its last recipient.
type flights map[flightKey]*flight

type flightKey struct {
	sender  int
	message int64
}

type flight struct {
	recipients []uint32 // of the sender's audience
	open       int      // recipients that may still cause a record
}

func keyOf(r *sim.Record) flightKey { return flightKey{r.Sender, r.Message} }

// begin adds an accepted message.
func (f flights) begin(r *sim.Record) {
	if r.Kind != sim.Sent || len(r.Recipients) < 2 {
		return
	}
	list := make([]uint32, len(r.Recipients))
	for i, a := range r.Recipients {
		list[i] = uint32(a.Number)
	}
	f[keyOf(r)] = &flight{list, len(list)}
}

// settle removes a message after its last possible record.
func (f flights) settle(r *sim.Record) {
	flight := f[keyOf(r)]
	if flight == nil || !last(r) {
		return
	}
	if flight.open--; flight.open <= 0 {
		delete(f, keyOf(r))
	}
}

// last reports whether the recipient causes no further record.
func last(r *sim.Record) bool {
	switch r.Kind {
	case sim.Delivered, sim.AutoReplied:
		return !r.Follows
	case sim.SuppressedAccount, sim.SuppressedGlobal, sim.Simulated, sim.Rejected, sim.HardBounced, sim.SoftBounced, sim.Complained:
		return true
	}
	return false
}

// recipients returns the addresses of the message's recipients.
func (f flights) recipients(r *sim.Record) []sim.Address {
	flight := f[keyOf(r)]
	switch {
	case r.Kind == sim.Sent:
		return r.Recipients
	case flight == nil:
		return []sim.Address{r.Address}
	}
	list := make([]sim.Address, len(flight.recipients))
	for i, n := range flight.recipients {
		list[i] = sim.Address{Audience: r.Address.Audience, Number: int64(n)}
	}
	return list
}
