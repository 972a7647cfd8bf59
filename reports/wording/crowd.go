package wording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
)

// crowd is how many accounts are told of one by one. Of more, reports show
// what they did together and those that fared worst.
const crowd = 30

// Ranked returns the indices of the accounts, those with the most to tell
// first: with a timeline or refusals, then the others, each in the order of
// the scenario. In a crowd those come first that fared worst.
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

// standing is what accounts are compared by, the worst first.
type standing struct {
	state   int // by AWS: paused, under review, or neither; 0 is the worst
	events  int // lines of the timeline
	nearest float64
	refused int64
}

// rank sorts the accounts of a crowd: by state at the end, then those whose
// state changed, then by how near a rate came to where a review begins, then
// by what was refused.
func rank(list []int, r *reports.Report) {
	of := make([]standing, len(list))
	for i := range r.Summary.Accounts {
		a := &r.Summary.Accounts[i]
		of[i] = standing{stateRank(a), len(a.Timeline), nearest(a, &r.Summary.Reputation), a.Refused.Total()}
	}
	slices.SortStableFunc(list, func(i, j int) int {
		a, b := &of[i], &of[j]
		return cmp.Or(cmp.Compare(a.state, b.state), cmp.Compare(b.events, a.events), cmp.Compare(b.nearest, a.nearest), cmp.Compare(b.refused, a.refused))
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

// nearest returns an account's highest rate as a share of the line at which a
// review begins.
func nearest(a *reports.Account, lines *reports.Reputation) float64 {
	share := func(rate, line float64) float64 {
		if line <= 0 {
			return 0
		}
		return rate / line
	}
	return max(share(a.BounceRate.Max, lines.BounceRate.Review), share(a.ComplaintRate.Max, lines.ComplaintRate.Review))
}

// Together says in one sentence what the accounts of a crowd did together, and
// in which state they are at the end; nothing for fewer accounts.
func Together(r *reports.Report) string {
	accounts := r.Summary.Accounts
	if len(accounts) <= crowd {
		return ""
	}
	var recipients, accepted, delivered, bounced, global, own int64
	states := map[reports.State]int64{}
	for i := range accounts {
		a := &accounts[i]
		recipients, accepted, delivered = recipients+a.Recipients, accepted+a.Accepted, delivered+a.Delivered
		bounced, global, own = bounced+a.HardBounced, global+a.SuppressedGlobal, own+a.SuppressedAccount
		states[Enforcement(a.Enforcement)]++
	}
	s := fmt.Sprintf("%s accounts together: %s recipients", Count(int64(len(accounts))), Count(recipients))
	if accepted < recipients {
		s += fmt.Sprintf(", %s refused", Ratio(recipients-accepted, recipients))
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
