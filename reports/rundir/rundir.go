// Package rundir writes a run as a folder of files, reads it back, and redraws
// it.
//
// A folder appears under its name only when it is complete: everything is
// written into a folder beside it, flushed to the disk, and renamed at the end.
// The manifest is written last and holds the hash of every other file, so that
// changed and missing files are detected when the run is read.
//
// A folder has one writer at a time: TakeLock locks it before anything is
// simulated. Without locks, the rename rejects a folder that has appeared.
//
// All files except performance.json depend only on the run: the same scenario,
// seed and version give the same bytes. None contains a path of this machine.
package rundir

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/html"
	"sesim/reports/junit"
	"sesim/reports/plot"
	"sesim/reports/text"
)

// The files of a folder, besides the charts.
const (
	summaryFile     = "summary.json"
	seriesFile      = "series.csv"
	queuesFile      = "clients.csv" // only where there are clients
	historyFile     = "history.csv" // only where an account had mail before the start
	dwellFile       = "dwell.csv"
	delayFile       = "delay.csv"
	hgrmFile        = "admission-delay.hgrm"
	scenarioFile    = "scenario.toml"
	markdownFile    = "summary.md"
	pageFile        = "report.html"
	junitFile       = "junit.xml"
	figuresFile     = "figures.csv"
	timelineFile    = "timeline.csv"
	thresholdsFile  = "thresholds.csv"
	performanceFile = "performance.json"
	manifestFile    = "manifest.json"
	chartsFolder    = "charts"

	// Files that only replications have.
	valuesFile = "replications.csv"
	bandsFile  = "bands.csv"
)

var (
	// ErrExists is wrapped by the error of Write for a folder that exists and
	// is not empty.
	ErrExists = errors.New("already exists and is not empty")
	// ErrForeign is wrapped by the error of Write for a folder that does not
	// hold a run: not even force replaces it.
	ErrForeign = errors.New("holds something else and is not replaced")
)

// File is a file of a folder and its content.
type File struct {
	Name string // slash-separated and relative to the folder
	Data []byte
}

// render returns a file with what a function writes to it.
func render(name string, write func(io.Writer) error) (File, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return File{}, fmt.Errorf("%s: %w", name, err)
	}
	return File{name, b.Bytes()}, nil
}

// figures returns the files that Load reads.
func figures(r *reports.Report) ([]File, error) {
	parts := []part{
		{summaryFile, func(w io.Writer) error { return data.WriteSummary(w, &r.Summary) }},
		{seriesFile, func(w io.Writer) error { return data.WriteSeries(w, r.Summary.Start, &r.Series) }},
		{dwellFile, func(w io.Writer) error { return data.WriteDwell(w, &r.Dwell) }},
		{delayFile, func(w io.Writer) error { return data.WriteDelays(w, r.Delays) }},
		{hgrmFile, func(w io.Writer) error { _, err := io.WriteString(w, r.DelayHGRM); return err }},
		{scenarioFile, func(w io.Writer) error { _, err := io.WriteString(w, r.Scenario); return err }},
	}
	if len(r.Past.Times) > 0 {
		parts = append(parts, part{historyFile, func(w io.Writer) error { return data.WriteSeries(w, r.Summary.Start, &r.Past) }})
	}
	if len(r.Summary.Clients) > 0 {
		parts = append(parts, part{queuesFile, func(w io.Writer) error { return data.WriteQueues(w, r.Summary.Start, &r.Queues) }})
	}
	if r.Summary.Replications != nil {
		parts = append(parts,
			part{valuesFile, func(w io.Writer) error { return data.WriteValues(w, &r.Values) }},
			part{bandsFile, func(w io.Writer) error { return data.WriteBands(w, r.Summary.Start, r.Bands) }})
	}
	return renderAll(parts)
}

// pictures returns the files that are rendered from the figures.
func pictures(r *reports.Report) ([]File, error) {
	charts, err := plot.Charts(r)
	if err != nil {
		return nil, err
	}
	list, err := renderAll([]part{
		{markdownFile, func(w io.Writer) error { return text.WriteMarkdown(w, r) }},
		{figuresFile, func(w io.Writer) error { return data.WriteFigures(w, r) }},
		{timelineFile, func(w io.Writer) error { return data.WriteTimeline(w, &r.Summary) }},
		{thresholdsFile, func(w io.Writer) error { return data.WriteThresholds(w, &r.Summary) }},
		{junitFile, func(w io.Writer) error { return junit.Write(w, &r.Summary) }},
		{pageFile, func(w io.Writer) error { return html.Write(w, r, charts) }},
	})
	return append(list, chartFiles(charts)...), err
}

// chartFiles returns the files of the charts that have a picture.
func chartFiles(charts []plot.Chart) []File {
	var list []File
	for _, c := range charts {
		if c.Drawn() {
			list = append(list, File{chartsFolder + "/" + c.Name + ".png", c.PNG}, File{chartsFolder + "/" + c.Name + ".svg", c.SVG})
		}
	}
	return list
}

// part is a file that is yet to be rendered.
type part struct {
	name  string
	write func(io.Writer) error
}

func renderAll(parts []part) ([]File, error) {
	var list []File
	for _, p := range parts {
		c, err := render(p.name, p.write)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func performance(p *reports.Performance) (File, error) {
	return sealed(performanceFile, p)
}

// sealed renders a value as a sealed file.
func sealed(name string, v any) (File, error) {
	return render(name, func(w io.Writer) error { return data.WriteSealed(w, v) })
}
