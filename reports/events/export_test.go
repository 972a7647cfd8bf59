package events

// InFlight returns how many messages the Writer remembers.
func (w *Writer) InFlight() int { return len(w.flights) }
