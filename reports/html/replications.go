package html

import (
	"fmt"

	"sesim/reports"
	"sesim/reports/wording"
)

// replicated is the page's section on replications.
type replicated struct {
	Count      int64
	Confidence float64
	Goal       string
	Events     []string
	Table      table
}

// maxMetrics bounds the rows of the table of metrics.
const maxMetrics = 400

func newReplicated(of *reports.Replications) *replicated {
	if of == nil {
		return nil
	}
	v := &replicated{Count: int64(of.Count), Confidence: of.Confidence, Goal: wording.Goal(of)}
	v.Table = table{Title: "Metrics", Head: []string{"metric", "mean", "median", "lowest", "highest", "with data"}}
	for i := range of.Events {
		if e := &of.Events[i]; len(v.Events) < maxAnswers {
			v.Events = append(v.Events, fmt.Sprintf("%s, %s: %s", wording.Clean(e.Account), e.Name, wording.Happens(e, of.Count)))
		}
	}
	for _, owner := range wording.Owners(of) {
		for _, m := range wording.Of(of, owner) {
			if len(v.Table.Rows) == maxMetrics {
				return v
			}
			kind := reports.Kind(m.Kind)
			v.Table.Rows = append(v.Table.Rows, []string{
				m.Name, wording.Estimate(kind, &m.Mean), wording.Estimate(kind, &m.Median),
				wording.Figure(kind, *m.Min), wording.Figure(kind, *m.Max), wording.Count(int64(m.Data)),
			})
		}
	}
	return v
}
