package twin

import (
	"fmt"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Outcome is what a run leaves, as far as both models tell it.
type Outcome struct {
	Decisions []Decision
	Timelines [][]Line // of each account, in the order of the Config
	Accounts  []Account
	Senders   []Sender
	Global    Global
}

// Decision is what became of one recipient at one moment, or of the place of
// an address on a list. Fields that a Kind does not need are zero.
type Decision struct {
	At         time.Duration
	Kind       sim.RecordKind // Sent: accepted
	Account    int
	Sender     int   // -1: nobody's mail
	Message    int64 // number among the sender's, from 0
	Attempt    int   // Refused, Sent, TimedOut, SessionClosed: calls for the message before this one; GaveUp: all
	Address    sim.Address
	Reason     ses.Reason    // Refused
	Loss       client.Reason // GaveUp
	Rule       rules.ID
	ListReason ses.ListReasons // SuppressedAccount, ListedAccount
	Spelling   string          // ListedAccount, UnlistedAccount: the entry's text where its case is not that of Address
	Async      bool            // HardBounced: after a delivery
	Until      time.Duration   // Delayed, SuppressedGlobal, ListedGlobal
	Strikes    int             // SuppressedGlobal, ListedGlobal
	SentAt     time.Duration   // what happens to a mail: when SES accepted it
	Bounce     ses.Bounce
	Met        ses.Bounce // SoftBounced by a configuration set's time: what the attempts met
	Simulator  ses.Simulator
	Error      ses.Error  // Refused: as the sender's interface words it
	Meters     ses.Meters // Refused, Sent: before the decision
}

// kindWords are the kinds of decisions in words.
var kindWords = map[sim.RecordKind]string{
	sim.Refused: "refused", sim.Sent: "accepted", sim.SuppressedAccount: "suppressed by the account's list",
	sim.SuppressedGlobal: "suppressed by the global list", sim.Simulated: "simulated", sim.Delivered: "delivered",
	sim.Delayed: "delayed", sim.HardBounced: "bounced hard", sim.SoftBounced: "bounced softly", sim.Complained: "complained",
	sim.ListedGlobal: "put on the global list", sim.UnlistedGlobal: "taken off the global list",
	sim.ListedAccount: "put on the account's list", sim.UnlistedAccount: "taken off the account's list",
	sim.Rejected: "rejected", sim.AutoReplied: "replied", sim.TimedOut: "timed out",
	sim.SessionClosed: "on a closed session", sim.GaveUp: "given up",
}

// text writes the decision on one line.
func (d Decision) text(cfg *sim.Config) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s account %s", unit.FormatDuration(d.At), cfg.Accounts[d.Account].Name)
	if d.Sender >= 0 {
		fmt.Fprintf(&b, ", sender %s, message %d, attempt %d", cfg.Senders[d.Sender].Name, d.Message, d.Attempt)
	}
	fmt.Fprintf(&b, ", to %s: %s", cfg.Audiences[d.Address.Audience].AddressOf(d.Address.Number), kindWords[d.Kind])
	if d.Kind == sim.Refused {
		fmt.Fprintf(&b, " (%s: %s)", d.Reason, d.Error)
	}
	if d.Kind == sim.GaveUp {
		fmt.Fprintf(&b, " (%s)", d.Loss)
	}
	if d.Kind == sim.Refused || d.Kind == sim.Sent {
		fmt.Fprintf(&b, ", %d of %d used, next free at %s, %d thousandths at %d/s", d.Meters.Used, d.Meters.Quota,
			unit.FormatDuration(d.Meters.Frees), d.Meters.Tokens, d.Meters.MaxRate)
	}
	if d.Rule != rules.None {
		fmt.Fprintf(&b, ", rule %s", d.Rule)
	}
	if d.Spelling != "" {
		fmt.Fprintf(&b, ", as %s", d.Spelling)
	}
	if d.ListReason != 0 {
		fmt.Fprintf(&b, ", for %s", d.ListReason)
	}
	if d.Until != 0 || d.Strikes != 0 {
		fmt.Fprintf(&b, ", until %s, strike %d", unit.FormatDuration(d.Until), d.Strikes)
	}
	if d.Bounce != ses.NoBounce {
		fmt.Fprintf(&b, ", %s", d.Bounce)
	}
	if d.Met != ses.NoBounce {
		fmt.Fprintf(&b, " after %s", d.Met)
	}
	if d.Async {
		b.WriteString(", after a delivery")
	}
	if d.SentAt != 0 {
		fmt.Fprintf(&b, ", sent at %s", unit.FormatDuration(d.SentAt))
	}
	return b.String()
}

// Line is a line of an account's timeline, without the words that explain it.
type Line struct {
	At    time.Duration
	Event ses.Event
	Rule  rules.ID
}

func (l Line) String() string {
	return fmt.Sprintf("%s %s (%s)", unit.FormatDuration(l.At), l.Event, l.Rule)
}

// Account is how an account ends.
type Account struct {
	sim.Counts
	Access      ses.Access
	Enforcement ses.Enforcement
	Status      ses.Status
	Quota, Rate int64
	Bounce      Figures
	Complaint   Figures
	// BounceStatus and ComplaintStatus are the rates' own statuses.
	BounceStatus, ComplaintStatus ses.Status
	// BounceMax and ComplaintMax are the highest rates at a volume that allows
	// decisions, or without such at any.
	BounceMax, ComplaintMax float64
	// BounceBelow and ComplaintBelow say when the rates fell below the review
	// threshold for good.
	BounceBelow, ComplaintBelow Below
	// UseFinal and UseMax are recipients in 24 hours over the quota.
	UseFinal, UseMax float64
	Delays           Delays
	Sets             []Set
	ListAdded        int64
	Listed           int64
}

// Set is how a configuration set ends.
type Set struct{ Bounce, Complaint Figures }

// Figures are a rate over the representative volume.
type Figures struct{ Events, Eligible int64 }

// Sender is how a sender ends.
type Sender struct {
	sim.Counts
	Messages, TimedOut, Removed int64
	Bounce, Complaint           Figures
	BounceMax, ComplaintMax     float64
	Delays                      Delays
	Losses                      Losses
}

// Delays are the waits of accepted calls since their messages were due.
type Delays struct {
	Count    int64
	Sum, Max time.Duration
}

// rounded returns the waits with a long sum as the first model can have it, which adds up
// numbers of 53 bits.
func (d Delays) rounded() Delays {
	if d.Sum >= 1<<52 {
		d.Sum = time.Duration(float32(d.Sum))
	}
	return d
}

func (d *Delays) add(wait time.Duration) {
	d.Count++
	d.Sum += wait
	d.Max = max(d.Max, wait)
}

// Global is how the global list ends.
type Global struct {
	Added   int64 // stays begun
	Listed  int64 // addresses on it
	Removed int64 // stays that the classic form ended
}
