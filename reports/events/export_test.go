package events

// InFlight returns how many messages the Writer remembers.
func (w *Writer) InFlight() (n int) {
	for _, of := range append(w.flights.ofSenders, w.flights.ofAccounts...) {
		n += len(of)
	}
	return n
}
