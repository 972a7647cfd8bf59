package rundir

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Redraw renders the charts, the page and the other outputs of a run again from
// its figures, and enters them in the manifest. Each file is replaced
// atomically; the figures are unchanged.
func Redraw(dir string) error { return redraw(disk{}, dir) }

func redraw(on files, dir string) error {
	r, m, err := load(dir)
	if err != nil {
		return fmt.Errorf("folder: %s: %w", dir, err)
	}
	list, err := pictures(r)
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	return replacePictures(on, dir, m, list)
}

// replacePictures replaces the pictures in a folder and enters them in its
// manifest.
func replacePictures(on files, dir string, m *manifest, list []File) error {
	stale := m.forgetCharts(list)
	m.set(list)
	last, err := m.content()
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	if err := on.MkdirAll(filepath.Join(dir, chartsFolder)); err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	for _, c := range append(list, last) {
		if err := replaceFile(on, filepath.Join(dir, filepath.FromSlash(c.Name)), c.Data); err != nil {
			return fmt.Errorf("folder: %w", err)
		}
	}
	for _, name := range stale {
		if err := on.RemoveAll(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return fmt.Errorf("folder: %w", err)
		}
	}
	return nil
}

// forgetCharts removes charts that are no longer drawn from the manifest and
// returns their names. A name that points outside the folder of charts is
// removed but not returned.
func (m *manifest) forgetCharts(drawn []File) []string {
	var stale []string
	m.Files = slices.DeleteFunc(m.Files, func(e entry) bool {
		name, isChart := strings.CutPrefix(e.Name, chartsFolder+"/")
		if !isChart || slices.ContainsFunc(drawn, func(c File) bool { return c.Name == e.Name }) {
			return false
		}
		if within(name) {
			stale = append(stale, e.Name)
		}
		return true
	})
	return stale
}

// replaceFile writes a file beside the old one and renames it over that.
func replaceFile(on files, path string, data []byte) error {
	beside := path + ".partial"
	if err := on.RemoveAll(beside); err != nil { // left by a killed process
		return err
	}
	err := writeFile(on, beside, data)
	if err == nil {
		err = on.Rename(beside, path)
	}
	if err != nil {
		return errors.Join(err, on.RemoveAll(beside))
	}
	return on.SyncDir(filepath.Dir(path))
}
