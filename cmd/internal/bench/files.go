package bench

import (
	"bytes"
	"fmt"
	"io"

	"sesim/reports/benchmark"
	"sesim/reports/html"
	"sesim/reports/plot"
	"sesim/reports/rundir"
	"sesim/sim/measure"
)

// Mark is the file by which a folder of figures is known.
const Mark = "bench.json"

// Files returns what a folder of figures holds, the mark last: bench.json, the distributions
// of latencies in the two forms of HdrHistogram's tools, a page, and charts.
func Files(r *Result) ([]rundir.File, error) {
	files := []rundir.File{}
	add := func(name string, write func(io.Writer) error) error {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, rundir.File{Name: name, Data: b.Bytes()})
		return nil
	}
	var intervals []measure.Interval
	for i := range r.Traces {
		t := &r.Traces[i]
		intervals = append(intervals, t.Rounds...)
		if err := add("latency-"+t.Name+".hgrm", func(w io.Writer) error { return t.Times.WriteHGRM(w, t.Title) }); err != nil {
			return nil, err
		}
	}
	if len(intervals) > 0 {
		const title = "wall-clock times in nanoseconds, an interval for each round, a tag for each distribution"
		if err := add("latency.hlog", func(w io.Writer) error { return measure.WriteLog(w, r.Base, title, intervals) }); err != nil {
			return nil, err
		}
	}
	charts, err := plot.Benchmarks(r.Report)
	if err != nil {
		return nil, err
	}
	for _, c := range charts {
		files = append(files, rundir.File{Name: c.Name + ".svg", Data: c.SVG}, rundir.File{Name: c.Name + ".png", Data: c.PNG})
	}
	if err := add("report.html", func(w io.Writer) error { return html.WriteBenchmark(w, r.Report, charts) }); err != nil {
		return nil, err
	}
	err = add(Mark, func(w io.Writer) error { return benchmark.WriteJSON(w, r.Report) })
	return files, err
}
