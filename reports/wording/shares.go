package wording

import (
	"strings"
	"time"

	"sesim/reports"
)

// mostTurns is how many turns of a sender are told.
const mostTurns = 4

// Shares says what a sender with several accounts sent through each, and when it turned
// from one to another. Offset returns the virtual time of a moment.
func Shares(s *reports.Sender, offset func(time.Time) time.Duration) string {
	parts := make([]string, len(s.Accounts))
	for i := range s.Accounts {
		a := &s.Accounts[i]
		parts[i] = Count(a.Accepted) + " through " + a.Account
		if a.Refused > 0 {
			parts[i] += " (" + Count(a.Refused) + " refused)"
		}
	}
	text := s.Name + " had recipients accepted: " + strings.Join(parts, ", ")
	for i := range s.Turns[:min(len(s.Turns), mostTurns)] {
		text += "; it turned to " + s.Turns[i].Account + " on " + Clock(offset(s.Turns[i].At))
	}
	if more := len(s.Turns) - mostTurns; more > 0 {
		text += "; " + Count(int64(more)) + " more turns in summary.json"
	}
	return text
}
