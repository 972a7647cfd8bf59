package plot

import (
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/wording"
)

// stateShares are the shares of the replications in which an account is in each state, at
// the instants of the bands; without shares no state ever changes.
type stateShares struct {
	states []reports.State // that occur, in the order in which they are drawn from below
	shares [][]float64     // by state, then by instant; from 0 to 1
}

func newStateShares(r *reports.Report, a *reports.Account) stateShares {
	n, times := r.Summary.Replications.Count, r.Bands.Times
	counts := map[reports.State][]float64{}
	changes := false
	for _, phases := range r.ReplicationPhases(a, n) {
		changes = changes || len(phases) > 1
		at := 0
		for i, t := range times {
			for at+1 < len(phases) && phases[at+1].From <= t {
				at++
			}
			state := phases[at].State
			if counts[state] == nil {
				counts[state] = make([]float64, len(times))
			}
			counts[state][i]++
		}
	}
	var s stateShares
	if !changes {
		return s
	}
	for _, state := range slices.Backward(stripStates[:]) {
		if list := counts[state]; list != nil {
			for i := range list {
				list[i] /= float64(n)
			}
			s.states, s.shares = append(s.states, state), append(s.shares, list)
		}
	}
	return s
}

func (s *stateShares) legend() (items []legendItem) {
	for _, state := range slices.Backward(s.states) {
		items = append(items, glyphItem(string(state), draw.GlyphStyle{Color: stripColor(state)}))
	}
	return items
}

// draw stacks the shares, which change at instants.
func (s *stateShares) draw(p *panel, times []time.Duration) {
	p.yAxis("share of the runs in each state", []tick{{0, "0%"}, {1, "100%"}})
	end := times[len(times)-1]
	p.enlarged(func() {
		base := make([]float64, len(times))
		for k, state := range s.states {
			var low, high []xy
			for i, at := range times {
				lower, upper := base[i], base[i]+s.shares[k][i]
				if n := len(low); n == 0 || low[n-1].y != lower || high[n-1].y != upper {
					low, high = append(low, xy{days(at), lower}), append(high, xy{days(at), upper})
				}
				base[i] = upper
			}
			p.between(stripColor(state), steps(low, days(end)), steps(high, days(end)))
		}
	})
}

// at writes the shares at an instant: "healthy 40%, under review 60%".
func (s *stateShares) at(i int) string {
	var parts []string
	for k, state := range s.states {
		if share := s.shares[k][i]; share > 0 {
			parts = append(parts, string(state)+" "+wording.Percent(share))
		}
	}
	return strings.Join(parts, ", ")
}
