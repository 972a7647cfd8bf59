package learn

import (
	"context"
	"encoding/json"
	"testing"

	"sesim/scenarios/lesson"
)

// BenchmarkRun is what a run costs the server: from the request's settings to
// the bytes of the answer.
func BenchmarkRun(b *testing.B) {
	class := NewClassroom(lesson.Shipped(), DefaultBudget)
	for _, l := range lesson.Shipped() {
		b.Run(l.ID, func(b *testing.B) {
			q := question{Lesson: l.ID}
			bytes := 0
			for b.Loop() {
				t, err := q.task(class)
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
