package plan

import "math/bits"

// MostRuns returns how many runs a search usually takes at most: each candidate all
// replications of the search, with as many candidates as it takes to find one value
// after the other. There are more if fresh runs refute an answer, or if a promise
// changes more than once along a choice.
func (q *Question) MostRuns() int {
	candidates := int64(0)
	for i := range q.Choices {
		last := q.Choices[i].Last()
		visited, bisected := min(last+1, 2*coarse), int64(bits.Len64(uint64(last)))
		const beside = 1 + 3 // one step less when the others are chosen, and the neighbours of the answer
		candidates += min(visited+bisected+2*sides, last+1) + beside
	}
	return int(candidates)*q.Replications + q.Confirm
}
