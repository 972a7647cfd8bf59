package rundir

import (
	"io"

	"sesim/reports/html"
	"sesim/reports/planreport"
	"sesim/reports/plot"
)

// PlanFiles returns the page of a plan and its charts.
func PlanFiles(p *planreport.Plan) ([]File, error) {
	charts, err := plot.Plan(p)
	if err != nil {
		return nil, err
	}
	page, err := render(pageFile, func(w io.Writer) error { return html.WritePlan(w, p, charts) })
	return append([]File{page}, chartFiles(charts)...), err
}
