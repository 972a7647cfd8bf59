package ses

import "strings"

// Simulator is what an address of the mailbox simulator does.
type Simulator uint8

// The addresses of the mailbox simulator.
const (
	SimulateSuccess     Simulator = iota // a delivery
	SimulateBounce                       // a hard bounce that lists nobody
	SimulateOutOfOffice                  // a delivery and an automatic reply
	SimulateComplaint                    // a delivery and a complaint
	SimulateSuppression                  // a bounce as if the global list held the address
)

// SimulatorOf returns what the mailbox simulator does for an address, by its
// local part up to a label. An unknown one is taken as success.
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
