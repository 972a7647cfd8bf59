package rundir

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"sesim/reports"
	"sesim/reports/data"
)

// ErrNoRun is wrapped by the error of Load for a folder that does not hold a
// finished run.
var ErrNoRun = errors.New("not a finished run")

// Load reads the run in a folder. It returns an error that names a file if the
// file is missing or was changed; files that Redraw can restore, such as charts,
// may be missing.
func Load(dir string) (*reports.Report, error) {
	r, m, err := load(dir)
	if err == nil {
		err = m.check(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("folder: %s: %w", dir, err)
	}
	return r, nil
}

func load(dir string) (*reports.Report, *manifest, error) {
	m, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%w: %s is missing", ErrNoRun, manifestFile)
	}
	if err != nil {
		return nil, nil, err
	}
	l := loader{dir: dir, manifest: m}
	r := l.report()
	if l.err != nil {
		return nil, nil, l.err
	}
	return r, m, nil
}

// CheckSummary compares a summary.json that lies in the folder of a run with the
// manifest beside it. Without a manifest there is nothing to compare. The error
// wraps data.ErrDamaged if the summary was changed.
func CheckSummary(path string) error {
	dir := filepath.Dir(path)
	m, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		_, err = m.read(dir, summaryFile)
	}
	if err != nil {
		return fmt.Errorf("folder: %s: %w", dir, err)
	}
	return nil
}

// loader reads the files of a folder until the first error.
type loader struct {
	dir      string
	manifest *manifest
	texts    map[string]string // the contents of the files; nil to read them from dir
	err      error
}

func (l *loader) report() *reports.Report {
	r := &reports.Report{File: l.manifest.Scenario.File, Tool: l.manifest.ToolVersion}
	if len(l.manifest.Overrides) > 0 {
		r.Overrides = l.manifest.Overrides
	}
	l.read(summaryFile, func(b *bytes.Reader) (err error) { r.Summary, err = data.ReadSummary(b); return })
	l.read(seriesFile, func(b *bytes.Reader) (err error) { r.Series, err = data.ReadSeries(b, r.Summary.Start); return })
	if l.manifest.has(historyFile) {
		l.read(historyFile, func(b *bytes.Reader) (err error) { r.Past, err = data.ReadSeries(b, r.Summary.Start); return })
	}
	if len(r.Summary.Clients) > 0 {
		l.read(queuesFile, func(b *bytes.Reader) (err error) { r.Queues, err = data.ReadQueues(b, r.Summary.Start); return })
	}
	l.read(dwellFile, func(b *bytes.Reader) (err error) { r.Dwell, err = data.ReadDwell(b); return })
	l.read(delayFile, func(b *bytes.Reader) (err error) { r.Delays, err = data.ReadDelays(b); return })
	r.DelayHGRM = l.text(hgrmFile)
	r.Scenario = l.text(scenarioFile)
	if of := r.Summary.Replications; of != nil {
		l.read(valuesFile, func(b *bytes.Reader) (err error) { r.Values, err = data.ReadValues(b, of.Count); return })
		l.read(bandsFile, func(b *bytes.Reader) (err error) {
			r.Bands, err = data.ReadBands(b, r.Summary.Start, of.Confidence)
			return
		})
	}
	return r
}

func (l *loader) text(name string) string {
	if l.err != nil {
		return ""
	}
	if l.texts != nil {
		return l.texts[name]
	}
	text, err := l.manifest.read(l.dir, name)
	l.err = err
	return string(text)
}

func (l *loader) read(name string, parse func(*bytes.Reader) error) {
	text := l.text(name)
	if l.err != nil {
		return
	}
	if err := parse(bytes.NewReader([]byte(text))); err != nil {
		l.err = fmt.Errorf("%s: %w", name, err)
	}
}
