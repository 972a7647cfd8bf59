// Package plot draws the charts of a report: bounce and complaint rates with
// the thresholds of review and pause, recipients against the quota, the stays of
// addresses on the global list, the admission delay of calls, and the calls and the queue
// of each client. For a comparison it draws the same curve of several runs.
//
// A chart's title states its finding. States have a label as well as a colour,
// thresholds are labelled at their lines, and every chart has a table of its
// figures, a caption and an alternative text. The same report gives the same
// bytes.
//
// gonum/plot is imported only here, for its canvases, fonts and glyphs. Axes and
// legends are drawn by this package, because a rate and its volume share one
// axis of days, and labels are outside the data.
package plot

import (
	"bytes"
	"fmt"
	"image/png"
	"runtime"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"sesim/reports"
	"sesim/sim/workers"
)

// Chart is one picture with its texts and its table. Without variation there is
// nothing to draw: its title alone is the finding.
type Chart struct {
	Name     string // of its files, without extension
	Title    string // its finding
	Subtitle string // what was run, and what a mark stands for
	Alt      string // alternative text
	Caption  string
	Columns  []string
	Rows     [][]string // at most maxRows
	SVG      []byte     // nil if there is nothing to draw
	PNG      []byte     // nil if SVG is

	wide, slim string // on a page; slim is empty for a chart that cannot be narrow
	readings   readings
}

// Drawn reports whether the chart has a picture.
func (c Chart) Drawn() bool { return c.SVG != nil }

// maxAccounts is the maximum number of accounts with charts of their own.
const maxAccounts = 12

// Charts draws the charts of a report, the most important first. A chart without
// data is left out.
func Charts(r *reports.Report) ([]Chart, error) {
	return renderAll(compose(r))
}

// renderAll draws pictures concurrently.
func renderAll(pictures []picture) ([]Chart, error) {
	charts := make([]Chart, len(pictures))
	errs := make([]error, len(pictures))
	workers.Each(runtime.GOMAXPROCS(0), len(pictures), func(i int) { charts[i], errs[i] = pictures[i].render() })
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
	subtitle   string
	broad      bool      // cannot be narrow
	slimHeight vg.Length // of the narrow form; 0: the same
	height     vg.Length
	legend     []legendItem
	// draw fills the sheet between the titles and the legend; nil if the data do
	// not vary.
	draw func(*sheet)
}

func (p *picture) render() (Chart, error) {
	if p.draw == nil {
		return p.Chart, nil
	}
	p.Subtitle = p.subtitle
	vector := vgsvg.New(usual.width, p.height)
	canvas := draw.New(vector)
	canvas.SetColor(paper)
	canvas.Fill(canvas.Rectangle.Path())
	p.drawOn(canvas, usual, nil)
	var svg bytes.Buffer
	if _, err := vector.WriteTo(&svg); err != nil {
		return Chart{}, err
	}
	p.SVG = tidy(svg.Bytes(), p.Alt)

	pixels := raster{vgimg.NewWith(vgimg.UseWH(usual.width, p.height), vgimg.UseDPI(dpi))} // it begins white
	p.drawOn(draw.New(pixels), usual, nil)
	var bits bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&bits, pixels.Image()); err != nil {
		return Chart{}, err
	}
	p.PNG = bits.Bytes()
	return p.Chart, p.drawPages()
}

// drawPages draws the picture for pages.
func (p *picture) drawPages() (err error) {
	if p.wide, err = p.drawPage(usual); err == nil && !p.broad {
		p.slim, err = p.drawPage(narrow)
	}
	return err
}
