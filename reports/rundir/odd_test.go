package rundir

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/internal/reporttest"
	"sesim/sim/proptest"
	"sesim/sim/replicate"
)

// leftBehind writes what one invocation leaves for another: a finished run, a
// sweep, shards of both kinds and stored cells. It returns the folders by their
// names, with what reads each.
func leftBehind(t *testing.T, in string) map[string]func(dir string) error {
	t.Helper()
	sweep := smallSweep()
	cells := NewPart(1, 1, "ab", "base", "1", "build")
	cells.SetSweep(sweep)
	runs := NewPart(2, 2, "ab", "base", "1", "build")
	rule := replicate.Fixed(4)
	runs.Rule, runs.Frame = &rule, &replicate.Frame{Name: "base"}
	stored, err := OpenCells(filepath.Join(in, "kept"), "build")
	if err != nil {
		t.Fatal(err)
	}
	inputs := sweep.Cells[0].Inputs
	err = errors.Join(
		Write(filepath.Join(in, "run"), onlyDwell(t), &reports.Performance{Note: "1 run"}, false),
		WriteSweep(filepath.Join(in, "sweep"), sweep, nil, false),
		WritePart(filepath.Join(in, "cells"), cells, nil, false),
		WritePart(filepath.Join(in, "runs"), runs, []byte(`{"replication":1,"seed":2}`+"\n"), false),
		stored.Keep(&sweep.Cells[0]))
	if err != nil {
		t.Fatal(err)
	}
	part := func(dir string) error { _, err := LoadPart(dir); return err }
	return map[string]func(string) error{
		"run":   func(dir string) error { _, err := Load(dir); return err },
		"sweep": func(dir string) error { _, err := LoadSweep(dir); return err },
		"cells": part, "runs": part,
		"kept.unfinished": func(dir string) error {
			c, ok, err := (&Cells{dir, "build", disk{}}).Find(inputs)
			if err == nil && (!ok || c.Replications != 7) {
				return fmt.Errorf("cell %+v was found: %v", c, ok)
			}
			return err
		},
	}
}

// smallSweep is a sweep of two cells.
func smallSweep() *reports.Sweep {
	s := &reports.Sweep{
		Version: reports.Version, Scenario: "base", Status: reports.Complete, Keys: []string{"account.acme.quota"}, Axes: [][]int{{0}},
		Combinations: 2, Confidence: 0.95, CellCount: 2,
		Source: reports.SweepInput{Scenario: reporttest.Scenario, File: "base.toml", Tool: "1"},
	}
	for i := range 2 {
		quota, accepted := float64(500+500*i), float64(92+i)
		s.Cells = append(s.Cells, reports.Cell{
			Number: i, Values: []string{fmt.Sprint(quota)}, Numbers: []*float64{&quota}, Inputs: strings.Repeat(fmt.Sprint(i, "a"), 32),
			Status: reports.Complete, Replications: 7, Fingerprint: "0123456789abcdef",
			Metrics: []reports.Metric{{
				Name: "acme.accepted", Kind: "count", Data: 7, Min: &accepted, Max: &accepted,
				Mean: reports.Estimate{Value: &accepted}, Median: reports.Estimate{Value: &accepted},
			}},
			Events: []reports.Event{}, Thresholds: []reports.Threshold{},
		})
	}
	return s
}

// TestFlippedDigits flips a digit, or a bit, of a file that another invocation
// reads, a thousand times. It is refused, by the name of the file, each time.
func TestFlippedDigits(t *testing.T) {
	in := t.TempDir()
	type place struct {
		path string
		read func() error
	}
	var places []place
	for name, read := range leftBehind(t, in) {
		dir := filepath.Join(in, name)
		if err := read(dir); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for file := range snapshot(t, dir) {
			places = append(places, place{filepath.Join(dir, file), func() error { return read(dir) }})
		}
	}
	if len(places) < 20 {
		t.Fatalf("there are %d files", len(places))
	}
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.path, b.path) })
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 1000 {
		p := places[i%len(places)]
		good, err := os.ReadFile(p.path)
		if err != nil {
			t.Fatal(err)
		}
		if len(good) == 0 {
			continue
		}
		bad := flipped(r, good)
		if err := os.WriteFile(p.path, bad, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := p.read(); err == nil || !strings.Contains(err.Error(), filepath.Base(p.path)) {
			t.Errorf("%s with a change got through: %v", p.path, err)
		}
		if err := os.WriteFile(p.path, good, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// flipped changes one digit of a text, if it has one, or else one bit.
func flipped(r *rand.Rand, text []byte) []byte {
	bad := []byte(string(text))
	for range 50 {
		i := r.IntN(len(bad))
		if '0' <= bad[i] && bad[i] <= '9' {
			bad[i] = '0' + (bad[i]-'0'+byte(1+r.IntN(9)))%10
			return bad
		}
	}
	bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
	return bad
}

// TestHugeParts gives the file of a shard sizes that nobody can have meant, with
// a checksum that fits: they are refused before anything is allocated.
func TestHugeParts(t *testing.T) {
	for name, change := range map[string]func(p *Part){
		"a billion shards":     func(p *Part) { p.Of = 1_000_000_000 },
		"1e12 shards":          func(p *Part) { p.Of = 1_000_000_000_000 },
		"shard 0":              func(p *Part) { p.Shard = 0 },
		"shard 2 of 1":         func(p *Part) { p.Shard = 2 },
		"no keys":              func(p *Part) { p.Sweep.Keys = []string{} },
		"no axes":              func(p *Part) { p.Sweep.Axes = nil },
		"an axis of no key":    func(p *Part) { p.Sweep.Axes = [][]int{{1}} },
		"a key twice":          func(p *Part) { p.Sweep.Axes = [][]int{{0}, {0}} },
		"a cell without value": func(p *Part) { p.Sweep.Cells[1].Values = nil },
		"a cell of no number":  func(p *Part) { p.Sweep.Cells[1].Numbers = nil },
		"a cell twice":         func(p *Part) { p.Sweep.Cells[1].Number = 0 },
		"a cell beyond":        func(p *Part) { p.Sweep.Cells[1].Number = 2 },
		"1e12 cells":           func(p *Part) { p.Sweep.CellCount = 1_000_000_000_000 },
		"a cell of no status":  func(p *Part) { p.Sweep.Cells[1].Status = "" },
		"certainty":            func(p *Part) { p.Sweep.Confidence = 1 },
		"nothing":              func(p *Part) { p.Sweep = nil },
		"1e12 replications": func(p *Part) {
			p.Sweep, p.Frame, p.Rule = nil, &replicate.Frame{}, &replicate.Rule{Min: 1e12, Max: 1e12, Confidence: 0.95}
		},
		"a metric of no kind": func(p *Part) {
			rule := replicate.Fixed(2)
			p.Sweep, p.Frame, p.Rule = nil, &replicate.Frame{Metrics: []replicate.Metric{{Name: "x", Kind: 9}}}, &rule
		},
	} {
		dir := filepath.Join(t.TempDir(), "part")
		p := NewPart(1, 1, "ab", "base", "1", "build")
		p.SetSweep(smallSweep())
		change(p)
		if err := WritePart(dir, p, nil, false); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadPart(dir); !errors.Is(err, data.ErrDamaged) || !strings.Contains(err.Error(), dir+": part.json: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRecordsChange: records that change after the shard was read are found when
// they are used.
func TestRecordsChange(t *testing.T) {
	in := t.TempDir()
	leftBehind(t, in)
	dir := filepath.Join(in, "runs")
	p, err := LoadPart(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, recordsFile), []byte(`{"replication":1,"seed":3}`+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	r, err := p.OpenRecords()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); !errors.Is(err, data.ErrDamaged) || !strings.Contains(err.Error(), recordsFile) {
		t.Errorf("closing: %v", err)
	}
}

// FuzzFolder puts an odd value into a file of a finished run or of a sweep, with a
// manifest that fits: reading and redrawing it end with a result or an error.
func FuzzFolder(f *testing.F) {
	if testing.Short() {
		f.Skip("draws a folder anew for each seed")
	}
	run := reporttest.Coarse(f, 1)
	list, err := figures(run)
	if err != nil {
		f.Fatal(err)
	}
	sweep, err := sweepContents(smallSweep(), nil)
	if err != nil {
		f.Fatal(err)
	}
	sweep = slices.DeleteFunc(sweep, func(f File) bool { return f.Name != sweepFile && f.Name != scenarioFile })
	for seed := range uint64(60) {
		f.Add(seed)
	}
	f.Add(uint64(408)) // a chart with a value far below zero
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 2))
		files := slices.Clone([][]File{list, sweep}[r.IntN(2)])
		i := r.IntN(len(files))
		files[i].Data = oddFile(t, r, files[i])
		m := newManifest(run, files)
		last, err := m.content()
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "run")
		if err := place(disk{}, dir, append(files, last), false); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadSweep(dir); err == nil {
			_ = RedrawSweep(dir)
		}
		if _, err := Load(dir); err == nil {
			_ = Redraw(dir)
		}
	})
}

// oddFile changes a value of JSON, or a cell of a table.
func oddFile(t *testing.T, r *rand.Rand, f File) []byte {
	t.Helper()
	if strings.HasSuffix(f.Name, ".json") {
		text, err := proptest.OddJSON(r, f.Data)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	lines := strings.Split(string(f.Data), "\n")
	n := r.IntN(len(lines))
	cells := strings.Split(lines[n], ",")
	odd := []string{"", "-1", "0", "1e300", "NaN", "x", "9223372036854775807", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "\""}
	cells[r.IntN(len(cells))] = odd[r.IntN(len(odd))]
	lines[n] = strings.Join(cells, ",")
	if r.IntN(8) == 0 {
		lines = slices.Delete(lines, n, n+1)
	}
	return []byte(strings.Join(lines, "\n"))
}
