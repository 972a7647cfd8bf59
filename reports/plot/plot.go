// Package plot draws the charts of a report: bounce and complaint rates
// against the lines of a review and a pause, recipients against the quota,
// how long addresses stay on the global list, and how long calls wait for
// their acceptance; and of a comparison, the same curve of several runs.
//
// A chart's title is what it shows to be the case. State is told by text as
// well as by colour, thresholds are labelled at their lines, and every chart
// comes with a table of its figures, a caption and an alternative text. The
// same report gives the same bytes.
//
// gonum/plot is imported here and nowhere else: its canvases, fonts and
// glyphs. Axes and legends are our own, because a rate and the volume behind
// it share one axis of days, and labels stand outside the data.
package plot

import (
	"bytes"
	"fmt"
	"image/png"
	"runtime"
	"sync"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"sesim/reports"
)

// Chart is one picture with all that belongs to it.
type Chart struct {
	Name    string // of its files, without extension
	Title   string // what it shows to be the case
	Alt     string // for those who do not see it
	Caption string
	Columns []string
	Rows    [][]string // at most maxRows
	SVG     []byte
	PNG     []byte
}

// maxAccounts bounds the accounts that get charts of their own.
const maxAccounts = 12

// Charts draws the charts of a report, in the order in which a reader wants
// them. What the run has no data for is left out.
func Charts(r *reports.Report) ([]Chart, error) {
	return renderAll(compose(r))
}

// renderAll draws pictures, several at the same time.
func renderAll(pictures []picture) ([]Chart, error) {
	charts := make([]Chart, len(pictures))
	errs := make([]error, len(pictures))
	var wg sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, p := range pictures {
		wg.Add(1)
		free <- struct{}{}
		go func() {
			defer wg.Done()
			charts[i], errs[i] = p.render()
			<-free
		}()
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("plot: %s: %w", pictures[i].Name, err)
		}
	}
	return charts, nil
}

// picture is a chart before it is drawn.
type picture struct {
	Chart
	subtitle string
	height   vg.Length
	legend   []legendItem
	// draw fills the sheet between the titles and the legend.
	draw func(*sheet)
}

func (p *picture) render() (Chart, error) {
	vector := vgsvg.New(width, p.height)
	canvas := draw.New(vector)
	canvas.SetColor(paper)
	canvas.Fill(canvas.Rectangle.Path())
	p.drawOn(canvas)
	var svg bytes.Buffer
	if _, err := vector.WriteTo(&svg); err != nil {
		return Chart{}, err
	}
	p.SVG = tidy(svg.Bytes(), p.Alt)

	raster := vgimg.NewWith(vgimg.UseWH(width, p.height), vgimg.UseDPI(dpi)) // it begins white
	p.drawOn(draw.New(raster))
	var bits bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&bits, raster.Image()); err != nil {
		return Chart{}, err
	}
	p.PNG = bits.Bytes()
	return p.Chart, nil
}
