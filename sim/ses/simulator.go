package ses

import "strings"

// Simulator is the behaviour of a mailbox simulator address.
type Simulator uint8

// The addresses of the mailbox simulator.
const (
	SimulateSuccess     Simulator = iota // a delivery
	SimulateBounce                       // a hard bounce that adds no address to a list
	SimulateOutOfOffice                  // a delivery and an automatic reply
	SimulateComplaint                    // a delivery and a complaint
	SimulateSuppression                  // a bounce as if the address were on the global list
)

// SimulatorOf returns the behaviour of a mailbox simulator address, according to its
// local part without the label. Unknown ones are SimulateSuccess.
func SimulatorOf(address string) Simulator {
	local, _, _ := cutAddress(address)
	local, _, _ = strings.Cut(strings.ToLower(local), "+")
	switch strings.TrimRight(local, "0123456789-") {
	case "bounce":
		return SimulateBounce
	case "ooto":
		return SimulateOutOfOffice
	case "complaint":
		return SimulateComplaint
	case "suppressionlist":
		return SimulateSuppression
	}
	return SimulateSuccess
}

// String returns the local part of the address.
func (s Simulator) String() string {
	return [...]string{"success", "bounce", "ooto", "complaint", "suppressionlist"}[s]
}
