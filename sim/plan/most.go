package plan

import "math/bits"

// FewRuns returns how many runs a search is foreseen to take, with the runs that
// confirm its answer and those that look further. Half of the candidates break a
// promise at once, the others are tested longer, and one becomes the answer: a search
// whose answers are refuted takes more, one without an answer fewer.
func (q *Question) FewRuns() int {
	candidates, depth := 0, min(screen, q.Replications)
	for i := range q.Choices {
		c := &q.Choices[i]
		last := c.Last()
		visited := int64(coarse)
		if last < 2*coarse {
			visited = last + 1
		}
		const beside = sides + 2 // closer to the wanted end, the next one, and one step less in the end
		candidates += int(min(visited+int64(bits.Len64(uint64(last/coarse)))+beside, last+1))
	}
	tested := (min(first, depth) + depth + 1) / 2 // runs of a candidate, on average
	search := candidates*tested + max(q.Replications-depth, 0)
	runs := search + q.Confirm
	if q.Bare {
		return runs
	}
	runs += 2 * len(q.Choices) * depth // half and double
	if q.largest() {
		return runs
	}
	runs += len(ladder) * tested
	if q.Growth.Share > 0 {
		increases := 1 + int(q.Growth.Over/lasting)
		runs += increases * (search + bits.Len(uint(len(q.Growth.factors())))*tested)
	}
	return runs
}
