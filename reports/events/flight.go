package events

import "sesim/sim"

// flights holds what the records of messages need that may still cause some: the
// recipients, because mail.destination names all of them in each record, and of calls
// that came to a session from outside what the message was. Other messages with one
// recipient take no memory, as each record names it.
//
// Memory is bounded by the mail in flight: for each message with several
// recipients, four bytes per recipient and a small constant, from its Send to the
// last record of its last recipient; for a message from outside besides its addresses,
// and at most sim.MaxHeaders of its headers.
type flights map[flightKey]*flight

// flightKey identifies a message: by its sender, or the account that it came to from
// outside.
type flightKey struct {
	live    bool
	owner   int
	message int64
}

// noFlight is the key of no message.
var noFlight = flightKey{owner: -1}

type flight struct {
	recipients []uint32 // of the sender's audience
	open       int      // recipients that may still cause a record
	*live               // nil: of a sender
}

func keyOf(r *sim.Record) flightKey {
	if r.Live {
		return flightKey{true, r.Account, r.Message}
	}
	return flightKey{false, r.Sender, r.Message}
}

// begin adds an accepted message.
func (f flights) begin(r *sim.Record, cfg *sim.Config) {
	if r.Kind != sim.Sent || len(r.Recipients) < 2 && !r.Live {
		return
	}
	if r.Live {
		f[keyOf(r)] = &flight{open: len(r.Recipients), live: newLive(cfg, r)}
		return
	}
	list := make([]uint32, len(r.Recipients))
	for i, a := range r.Recipients {
		list[i] = uint32(a.Number)
	}
	f[keyOf(r)] = &flight{recipients: list, open: len(list)}
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

// recipients returns the addresses of the recipients of a sender's message.
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
