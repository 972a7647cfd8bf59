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
// and at most sim.MaxHeaders of its headers. Some of it is kept for the next messages.
type flights struct {
	ofSenders, ofAccounts []map[int64]*flight // of accounts: mail from outside
	landed                [2][]*flight        // whose room is free: of senders, of mail from outside
}

// Limits of the room that is kept.
const (
	maxLanded     = 1000
	maxLandedRoom = 4096 // bytes of a message
)

func newFlights(cfg *sim.Config) (f flights) {
	f.ofSenders = make([]map[int64]*flight, len(cfg.Senders))
	for i := range f.ofSenders {
		f.ofSenders[i] = map[int64]*flight{}
	}
	return f
}

// of returns those of the sender or account that a record is about, by number.
func (f *flights) of(r *sim.Record) map[int64]*flight {
	if r.Live {
		for r.Account >= len(f.ofAccounts) { // of an opened Region
			f.ofAccounts = append(f.ofAccounts, map[int64]*flight{})
		}
		return f.ofAccounts[r.Account]
	}
	return f.ofSenders[r.Sender]
}

// takeOff returns a flight for a message that has been accepted.
func (f *flights) takeOff(r *sim.Record) (fresh *flight) {
	landed := &f.landed[indexOf(r.Live)]
	switch n := len(*landed); {
	case n > 0:
		fresh, *landed = (*landed)[n-1], (*landed)[:n-1]
	case r.Live:
		all := &struct { // of most, which have one recipient
			flight
			of      live
			address [1]sim.Address
			end     [1]int
		}{}
		fresh, all.live = &all.flight, &all.of
		all.of.addresses, all.of.ends = all.address[:0], all.end[:0]
	default:
		fresh = &flight{}
	}
	fresh.open = len(r.Recipients)
	f.of(r)[r.Message] = fresh
	return fresh
}

// land removes the flight of a message without further records.
func (f *flights) land(r *sim.Record, done *flight) {
	delete(f.of(r), r.Message)
	landed := &f.landed[indexOf(r.Live)]
	if len(*landed) < maxLanded && done.room() <= maxLandedRoom {
		*landed = append(*landed, done)
	}
}

func indexOf(live bool) int {
	if live {
		return 1
	}
	return 0
}

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

// room returns the bytes that a flight holds, about.
func (f *flight) room() int {
	if f.live != nil {
		return cap(f.text)
	}
	return 4 * cap(f.recipients)
}

func keyOf(r *sim.Record) flightKey {
	if r.Live {
		return flightKey{true, r.Account, r.Message}
	}
	return flightKey{false, r.Sender, r.Message}
}

// flightOf returns what the records need about a record's message, which it adds if the message
// has just been accepted; nil: nothing.
func (w *Writer) flightOf(r *sim.Record) *flight {
	if r.Kind != sim.Sent {
		return w.flights.of(r)[r.Message]
	}
	if len(r.Recipients) < 2 && !r.Live {
		return nil
	}
	f := w.flights.takeOff(r)
	if r.Live {
		f.fill(w, r)
		return f
	}
	f.recipients = f.recipients[:0]
	for _, a := range r.Recipients {
		f.recipients = append(f.recipients, uint32(a.Number))
	}
	return f
}

// settle removes a message after its last possible record.
func (w *Writer) settle(r *sim.Record) {
	if w.flight == nil || !last(r) {
		return
	}
	if w.flight.open--; w.flight.open <= 0 {
		w.flights.land(r, w.flight)
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
