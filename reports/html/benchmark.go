package html

import (
	"io"

	"sesim/reports/benchmark"
	"sesim/reports/plot"
	"sesim/reports/wording"
	"sesim/sim/unit"
)

// WriteBenchmark writes the page of the figures of sesim bench, with the charts that
// package plot draws of them.
func WriteBenchmark(w io.Writer, r *benchmark.Report, charts []plot.Chart) error {
	m := &r.Machine
	sheet := &Sheet{Front: Front{
		Eyebrow: "sesim bench", Title: wording.Clean(m.Processor), Question: "How fast is the model on this machine, and what does it take?",
		Facts: []string{
			unit.Plural(int64(m.Cores), "core", "cores"), benchmark.Bytes(float64(m.MemoryBytes)) + " of memory",
			m.OS + "/" + m.Arch, m.Go, r.Status,
		},
		Rests: Sentences(r.Notes),
	}}
	if sheet.Title == "" {
		sheet.Title = "unknown processor"
	}
	for i := range charts[:min(len(charts), maxAnswers)] {
		sheet.Answer = append(sheet.Answer, charts[i].Title)
	}
	sheet.Add(charts)
	return WriteSheet(w, sheet)
}
