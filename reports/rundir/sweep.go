package rundir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/html"
	"sesim/reports/plot"
	"sesim/reports/text"
)

// The files of a sweep's folder, besides the charts.
const (
	sweepFile      = "sweep.json"
	sweepTableFile = "sweep.csv"
)

// WriteSweep writes a sweep into the folder dir, as Write writes a run.
func WriteSweep(dir string, s *reports.Sweep, perf *reports.Performance, force bool) error {
	return write(disk{}, dir, force, isRun, func() ([]File, error) { return sweepContents(s, perf) })
}

// sweepContents returns all files of a sweep's folder, the manifest last.
func sweepContents(s *reports.Sweep, perf *reports.Performance) ([]File, error) {
	list, err := renderAll([]part{
		{sweepFile, func(w io.Writer) error { return data.WriteSweep(w, s) }},
		{sweepTableFile, func(w io.Writer) error { return data.WriteSweepTable(w, s) }},
		{scenarioFile, func(w io.Writer) error { _, err := io.WriteString(w, s.Source.Scenario); return err }},
	})
	if err != nil {
		return nil, err
	}
	drawn, err := sweepPictures(s)
	if err != nil {
		return nil, err
	}
	list = append(list, drawn...)
	m := &manifest{
		Tool: tool, ToolVersion: s.Source.Tool, Version: reports.Version,
		Scenario:  scenario{s.Scenario, s.Source.File, data.Sum([]byte(s.Source.Scenario))},
		Overrides: append([]string{}, s.Source.Overrides...), Seed: s.Seed, Status: s.Status, Traces: s.Traces, ZoneData: s.ZoneData,
	}
	m.set(list)
	return completed(m, list, perf)
}

// sweepPictures returns the files that are rendered from the figures.
func sweepPictures(s *reports.Sweep) ([]File, error) {
	charts, err := plot.Sweep(s)
	if err != nil {
		return nil, err
	}
	list, err := renderAll([]part{
		{markdownFile, func(w io.Writer) error { return text.WriteSweepMarkdown(w, s) }},
		{pageFile, func(w io.Writer) error { return html.WriteSweep(w, s, charts) }},
	})
	return append(list, chartFiles(charts)...), err
}

// RedrawSweep renders the charts, the page and the Markdown of a sweep again from its
// figures, as Redraw does for a run.
func RedrawSweep(dir string) error {
	s, m, err := loadSweep(dir)
	if err != nil {
		return err
	}
	list, err := sweepPictures(s)
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	return replacePictures(disk{}, dir, m, list)
}

// IsSweep reports whether a folder is that of a sweep, damaged or not.
func IsSweep(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, sweepFile))
	return err == nil
}

// LoadSweep reads the sweep in a folder. The error wraps ErrNoSweep for the
// folder of a run.
func LoadSweep(dir string) (*reports.Sweep, error) {
	s, m, err := loadSweep(dir)
	if err != nil {
		return nil, err
	}
	if err := m.check(dir); err != nil {
		return nil, fmt.Errorf("folder: %s: %w", dir, err)
	}
	return s, nil
}

func loadSweep(dir string) (*reports.Sweep, *manifest, error) {
	m, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: %s is missing", ErrNoRun, manifestFile)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("folder: %s: %w", dir, err)
	}
	if !IsSweep(dir) {
		return nil, nil, fmt.Errorf("folder: %s: %w", dir, ErrNoSweep)
	}
	l := loader{dir: dir, manifest: m}
	var s *reports.Sweep
	l.read(sweepFile, func(b *bytes.Reader) (err error) { s, err = data.ReadSweep(b); return })
	if l.err == nil {
		if err := s.Check(); err != nil {
			l.err = fmt.Errorf("%s: %w: %w", sweepFile, data.ErrDamaged, err)
		}
	}
	scenario := l.text(scenarioFile)
	if l.err != nil {
		return nil, nil, fmt.Errorf("folder: %s: %w", dir, l.err)
	}
	s.Source = reports.SweepInput{Scenario: scenario, File: m.Scenario.File, Overrides: m.Overrides, Tool: m.ToolVersion}
	return s, m, nil
}

// ErrNoSweep is wrapped by the error of LoadSweep for the folder of a run.
var ErrNoSweep = errors.New("a run, not a sweep")

// Cells stores the finished cells of a running sweep, so that it can resume
// after it was interrupted or killed. Each cell is a file in a folder beside the
// future folder of the sweep. A cell is identified by the hash of its inputs and
// the build of the program.
type Cells struct {
	dir   string
	build string
	on    files
}

// storedCell is the content of a cell's file.
type storedCell struct {
	Build string       `json:"build"`
	Cell  reports.Cell `json:"cell"`
}

// Unfinished returns the folder for the finished cells of a sweep that is not
// complete.
func Unfinished(dir string) string { return filepath.Clean(dir) + ".unfinished" }

// OpenCells returns the cells stored for a folder.
func OpenCells(dir, build string) (*Cells, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("folder: %w", err)
	}
	return &Cells{Unfinished(dir), build, disk{}}, nil
}

func (c *Cells) path(inputs string) string {
	return filepath.Join(c.dir, inputs[:min(len(inputs), 32)]+".json")
}

// Find returns the finished cell with these inputs; false if this build has stored
// none. The error names the file of a cell that is not as it was stored.
func (c *Cells) Find(inputs string) (reports.Cell, bool, error) {
	path := c.path(inputs)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return reports.Cell{}, false, nil
	}
	var of storedCell
	if err == nil {
		err = data.CheckSeal(text)
	}
	if err == nil {
		err = json.Unmarshal(text, &of)
	}
	if err != nil {
		return reports.Cell{}, false, fmt.Errorf("%s: %w; without that file the cell is simulated again", path, err)
	}
	return of.Cell, of.Build == c.build && of.Cell.Inputs == inputs && of.Cell.Status == reports.Complete, nil
}

// Keep stores a finished cell atomically.
func (c *Cells) Keep(cell *reports.Cell) error {
	if err := c.on.MkdirAll(c.dir); err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	path := c.path(cell.Inputs)
	f, err := sealed(path, storedCell{c.build, *cell})
	if err == nil {
		err = replaceFile(c.on, path, f.Data)
	}
	if err != nil {
		return fmt.Errorf("folder: cell %d: %w", cell.Number, err)
	}
	return nil
}

// Remove deletes the stored cells, once the sweep's folder is complete.
func (c *Cells) Remove() error {
	if err := c.on.RemoveAll(c.dir); err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	return nil
}
