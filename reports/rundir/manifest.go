package rundir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/reports/data"
)

// tool identifies manifests of this program.
const tool = "sesim"

// manifest is manifest.json: the origin and the contents of a folder.
type manifest struct {
	Tool        string   `json:"tool"`
	ToolVersion string   `json:"tool_version"`
	Version     int      `json:"version"` // of the files
	Scenario    scenario `json:"scenario"`
	Overrides   []string `json:"overrides"`
	Seed        uint64   `json:"seed"`
	Status      string   `json:"status"`
	Fingerprint string   `json:"fingerprint"`
	// Traces are the files of recorded traffic that the run has read.
	Traces []reports.Trace `json:"traces,omitempty"`
	// ZoneData is the release of the time zone data that calendars were read from.
	ZoneData string  `json:"zone_data,omitempty"`
	Files    []entry `json:"files"` // by name; all but performance.json and the manifest
}

// has reports whether the folder has a file of that name.
func (m *manifest) has(name string) bool {
	return slices.ContainsFunc(m.Files, func(e entry) bool { return e.Name == name })
}

type scenario struct {
	Name   string `json:"name"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"` // of scenario.toml
}

type entry struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func newManifest(r *reports.Report, files []File) *manifest {
	m := &manifest{
		Tool: tool, ToolVersion: r.Tool, Version: reports.Version,
		Scenario:  scenario{r.Summary.Scenario, r.File, data.Sum([]byte(r.Scenario))},
		Overrides: append([]string{}, r.Overrides...),
		Seed:      r.Summary.Seed, Status: r.Summary.Status, Fingerprint: r.Summary.Fingerprint,
		Traces: r.Summary.Traces, ZoneData: r.Summary.ZoneData,
	}
	m.set(files)
	return m
}

// set enters files and replaces entries of the same name.
func (m *manifest) set(files []File) {
	for _, f := range files {
		m.Files = slices.DeleteFunc(m.Files, func(e entry) bool { return e.Name == f.Name })
		m.Files = append(m.Files, entry{f.Name, int64(len(f.Data)), data.Sum(f.Data)})
	}
	slices.SortFunc(m.Files, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
}

func (m *manifest) content() (File, error) {
	return sealed(manifestFile, m)
}

// readManifest reads the manifest in a folder and checks that it is as it was
// written. The error names the manifest.
func readManifest(dir string) (*manifest, error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return nil, err
	}
	m, err := parseManifest(text)
	if err == nil {
		err = data.CheckSeal(text)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	return m, nil
}

// parseManifest reads a manifest. The error wraps errForeignManifest if it is
// not one of this program.
func parseManifest(text []byte) (*manifest, error) {
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%w: %w", errForeignManifest, err)
	}
	if m.Tool != tool {
		return nil, errForeignManifest
	}
	if m.Version != reports.Version {
		return nil, fmt.Errorf("the folder has version %d; this program reads version %d", m.Version, reports.Version)
	}
	return &m, nil
}

var errForeignManifest = errors.New("not the manifest of a run")

// read reads a file of the folder dir and compares it with its entry. It reads no
// more than the file has according to that.
func (m *manifest) read(dir, name string) ([]byte, error) {
	i := slices.IndexFunc(m.Files, func(e entry) bool { return e.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("%s: %w: the file is not in the manifest", name, data.ErrDamaged)
	}
	file, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: %w", name, data.ErrDamaged, errMissing)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, m.Files[i].Bytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case m.Files[i].SHA256 != data.Sum(text):
		return nil, fmt.Errorf("%s: %w: its content does not match the manifest", name, data.ErrDamaged)
	}
	return text, nil
}

var errMissing = errors.New("the file is missing")

// check compares all files of the folder dir with the manifest. What Redraw can
// make anew may be missing.
func (m *manifest) check(dir string) error {
	for _, e := range m.Files {
		if !within(e.Name) {
			return fmt.Errorf("%s: %w: %q is not a file of a report", manifestFile, data.ErrDamaged, e.Name)
		}
		if _, err := m.read(dir, e.Name); err != nil && !errors.Is(err, errMissing) {
			return err
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, performanceFile))
	if err == nil {
		if err = data.CheckSeal(text); err != nil {
			err = fmt.Errorf("%s: %w", performanceFile, err)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it is not the run's
	}
	return err
}

// within reports whether a name is that of a file in the folder of a report or in
// its charts.
func within(name string) bool {
	name = strings.TrimPrefix(name, chartsFolder+"/")
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, `/\`)
}
