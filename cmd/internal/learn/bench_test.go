package learn

import (
	"context"
	"encoding/json"
	"testing"
)

// BenchmarkRun is what a run costs the server: from the request's settings to
// the bytes of the answer.
func BenchmarkRun(b *testing.B) {
	for _, l := range Lessons() {
		b.Run(l.ID, func(b *testing.B) {
			q := question{Base: l.Scenario}
			bytes := 0
			for b.Loop() {
				t, err := q.task(&DefaultBudget)
				if err != nil {
					b.Fatal(err)
				}
				a, err := t.run(context.Background(), &DefaultBudget)
				if err != nil {
					b.Fatal(err)
				}
				text, err := json.Marshal(a)
				if err != nil {
					b.Fatal(err)
				}
				bytes = len(text)
			}
			b.ReportMetric(float64(bytes), "bytes/answer")
		})
	}
}
