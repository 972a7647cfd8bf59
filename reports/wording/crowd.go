package wording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/sim/unit"
)

// crowd is the largest number of accounts that are reported one by one. For
// more, reports show totals and the accounts in the worst state.
const crowd = 30

// Ranked returns the indices of the accounts: those with a timeline or refusals
// first, then the others, each in the order of the scenario. In a crowd, the
// accounts in the worst state come first.
func Ranked(r *reports.Report) []int {
	list := make([]int, len(r.Summary.Accounts))
	for i := range list {
		list[i] = i
	}
	if len(list) > crowd {
		rank(list, r)
		return list
	}
	quiet := func(i int) int {
		if a := &r.Summary.Accounts[i]; len(a.Timeline) > 0 || a.Refused.Total() > 0 {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b int) int { return quiet(a) - quiet(b) })
	return list
}

// standing is the sort key of accounts, the worst first.
type standing struct {
	state   int // by AWS: paused, under review, or neither; 0 is the worst
	events  int // lines of the timeline
	nearest float64
	refused int64
}

// rank sorts the accounts of a crowd: by state at the end, then by length of the
// timeline, then by how close a rate came to a review, then by refusals.
func rank(list []int, r *reports.Report) {
	of := make([]standing, len(list))
	for i := range r.Summary.Accounts {
		a := &r.Summary.Accounts[i]
		of[i] = standing{stateRank(a), len(a.Timeline), nearest(a, &r.Summary.Reputation), a.Refused.Total()}
	}
	slices.SortStableFunc(list, func(i, j int) int {
		a, b := &of[i], &of[j]
		return cmp.Or(cmp.Compare(a.state, b.state), cmp.Compare(b.events, a.events),
			cmp.Compare(b.nearest, a.nearest), cmp.Compare(b.refused, a.refused))
	})
}

func stateRank(a *reports.Account) int {
	switch Enforcement(a.Enforcement) {
	case reports.StatePaused:
		return 0
	case reports.StateReview:
		return 1
	}
	return 2
}

// nearest returns the highest of an account's rates as a share of the threshold
// of a review.
func nearest(a *reports.Account, lines *reports.Reputation) float64 {
	share := func(rate, line float64) float64 {
		if line <= 0 {
			return 0
		}
		return rate / line
	}
	return max(share(a.BounceRate.Max, lines.BounceRate.Review), share(a.ComplaintRate.Max, lines.ComplaintRate.Review))
}

// Together returns one sentence with the totals of the accounts of a crowd and
// their states at the end; "" for fewer accounts.
func Together(r *reports.Report) string {
	accounts := r.Summary.Accounts
	if len(accounts) <= crowd {
		return ""
	}
	var due, givenUp, attempts, accepted, delivered, bounced, global, own int64
	states := map[reports.State]int64{}
	for i := range accounts {
		a := &accounts[i]
		due, givenUp, attempts = due+a.Due, givenUp+a.GivenUp, attempts+a.Recipients
		accepted, delivered = accepted+a.Accepted, delivered+a.Delivered
		bounced, global, own = bounced+a.HardBounced, global+a.SuppressedGlobal, own+a.SuppressedAccount
		states[Enforcement(a.Enforcement)]++
	}
	s := fmt.Sprintf("%s accounts together: %s due", Count(int64(len(accounts))), unit.Plural(due, "recipient", "recipients"))
	if givenUp > 0 {
		s += fmt.Sprintf(", %s given up", Ratio(givenUp, due))
	}
	if accepted < attempts {
		s += fmt.Sprintf(", %s of %s refused", Ratio(attempts-accepted, attempts), unit.Plural(attempts, "attempt", "attempts"))
	}
	if accepted > 0 {
		s += fmt.Sprintf("; of the accepted %s delivered, %s hard bounced", Ratio(delivered, accepted), Ratio(bounced, accepted))
	}
	for _, list := range []struct {
		n    int64
		name string
	}{{global, "the global list"}, {own, "accounts' lists"}} {
		if list.n > 0 {
			s += fmt.Sprintf(", %s on %s", Ratio(list.n, accepted), list.name)
		}
	}
	return s + "; at the end " + strings.Join(inStates(states), ", ")
}

// inStates counts accounts by state, the best first.
func inStates(states map[reports.State]int64) []string {
	var list []string
	for _, state := range [...]reports.State{reports.StateHealthy, reports.StateReview, reports.StatePaused} {
		if n := states[state]; n > 0 {
			list = append(list, Count(n)+" "+string(state))
		}
	}
	return list
}
