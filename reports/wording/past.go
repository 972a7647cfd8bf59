package wording

import (
	"fmt"
	"strings"
	"time"

	"sesim/reports"
	"sesim/sim/unit"
)

// Past says what an account brings along from before the start.
func Past(h *reports.History) string {
	var list []string
	if h.Eligible > 0 {
		list = append(list, Count(h.Eligible)+" eligible over "+Span(time.Duration(h.ReachSeconds)))
	}
	if h.BounceRate != nil {
		list = append(list, "bounce rate "+Percent(*h.BounceRate))
	}
	if h.ComplaintRate != nil {
		list = append(list, "complaint rate "+Percent(*h.ComplaintRate))
	}
	if h.Used24h > 0 {
		list = append(list, Count(h.Used24h)+" in the last 24 hours")
	}
	if h.Status != reports.StateHealthy {
		list = append(list, string(h.Status)+" for "+Span(h.Since()))
	}
	if n := h.Listed.Bounce + h.Listed.Complaint; n > 0 {
		list = append(list, unit.Plural(n, "entry", "entries")+" on the account's list")
	}
	if len(list) == 0 {
		return "nothing that counts"
	}
	return strings.Join(list, ", ")
}

// Before says what accounts bring along, in a sentence without its full stop; empty if
// none brings anything.
func Before(list []reports.Before) string {
	const most = 3 // accounts that are named
	if len(list) == 0 {
		return ""
	}
	var accounts []string
	for _, b := range list[:min(len(list), most)] {
		accounts = append(accounts, fmt.Sprintf("%s (%s)", b.Account, Past(b.History)))
	}
	if more := len(list) - most; more > 0 {
		accounts = append(accounts, Count(int64(more))+" more")
	}
	return "Before the start: " + strings.Join(accounts, "; ")
}
