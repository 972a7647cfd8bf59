// Package zone reads time zones from an archive that is part of the program, so that
// the files and the environment of a machine have no say in a result.
//
// The archive is lib/time/zoneinfo.zip of the Go distribution that Data names, made
// from the IANA Time Zone Database, which is in the public domain.
package zone

import (
	"archive/zip"
	_ "embed"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"sesim/sim"
)

// Data is the release of the database, and the Go release whose archive it is.
const Data = "2025c (Go 1.26.8)"

// UTC is the name of the zone that is used where no other is named.
const UTC = "UTC"

//go:embed zoneinfo.zip
var archive string

// index returns the files of the archive by name.
var index = sync.OnceValue(func() map[string]*zip.File {
	r, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if err != nil {
		panic("zone: the archive in the program: " + err.Error())
	}
	files := make(map[string]*zip.File, len(r.File))
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/") {
			files[f.Name] = f
		}
	}
	return files
})

// Known reports whether there is a zone of that name.
func Known(name string) bool { return index()[name] != nil }

// Names returns the names of all zones in order.
func Names() []string {
	var names []string
	for name := range index() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// During returns a zone with its offsets from the start of a run to its horizon. The
// zone must be known.
func During(name string, start time.Time, horizon time.Duration) sim.Zone {
	z := sim.Zone{Name: name, Data: Data}
	at, end := start.In(location(name)), start.Add(horizon)
	for {
		_, east := at.Zone()
		o := sim.Offset{From: at.Sub(start), East: time.Duration(east) * time.Second}
		if n := len(z.Offsets); n == 0 || z.Offsets[n-1].East != o.East {
			z.Offsets = append(z.Offsets, o)
		}
		_, next := at.ZoneBounds()
		if next.IsZero() {
			return z
		}
		if !next.After(at) { // package time takes every year for 365 days, and ends the last period of a leap year a day early
			next = at.AddDate(0, 0, 1)
		}
		if !next.Before(end) {
			return z
		}
		at = next
	}
}

// location reads a zone.
func location(name string) *time.Location {
	f, err := index()[name].Open()
	if err != nil {
		panic("zone: " + name + ": " + err.Error())
	}
	data, err := io.ReadAll(f)
	if err != nil {
		panic("zone: " + name + ": " + err.Error())
	}
	loc, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		panic("zone: " + name + ": " + err.Error())
	}
	return loc
}
