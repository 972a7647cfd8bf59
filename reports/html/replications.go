package html

import (
	"fmt"

	"sesim/reports"
	"sesim/reports/phrase"
)

// replicated is what the page tells of replications.
type replicated struct {
	Count      int64
	Confidence float64
	Goal       string
	Events     []string
	Rows       [][]string
}

// maxMetrics bounds the rows of the table of metrics.
const maxMetrics = 400

func newReplicated(of *reports.Replications) *replicated {
	if of == nil {
		return nil
	}
	v := &replicated{Count: int64(of.Count), Confidence: of.Confidence, Goal: phrase.Goal(of)}
	for i := range of.Events {
		if e := &of.Events[i]; len(v.Events) < maxAnswers {
			v.Events = append(v.Events, fmt.Sprintf("%s, %s: %s", phrase.Clean(e.Account), e.Name, phrase.Happens(e, of.Count)))
		}
	}
	for _, owner := range phrase.Owners(of) {
		for _, m := range phrase.Of(of, owner) {
			if len(v.Rows) == maxMetrics {
				return v
			}
			kind := reports.Kind(m.Kind)
			v.Rows = append(v.Rows, []string{
				m.Name, phrase.Estimate(kind, &m.Mean), phrase.Estimate(kind, &m.Median),
				phrase.Figure(kind, *m.Min), phrase.Figure(kind, *m.Max), phrase.Count(int64(m.Data)),
			})
		}
	}
	return v
}
