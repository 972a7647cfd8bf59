package study

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// place is where a path leads through all links, whether or not there is
// anything yet.
type place struct {
	path  string      // absolute and without links; any name of what has no path
	info  fs.FileInfo // of what is there, or of the nearest folder above it; nil: nothing to compare
	below string      // the rest of the path, from that folder; "" where something is there
}

// locate follows a path, also through links to what does not exist yet.
func locate(path string) (place, error) {
	info, err := os.Stat(path)
	if err == nil {
		full, err := filepath.EvalSymlinks(path)
		if err != nil {
			full = path // a pipe of /dev/fd has no other name
		}
		full, err = filepath.Abs(full)
		return place{full, info, ""}, err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return place{}, err
	}
	if target, err := os.Readlink(path); err == nil {
		if !filepath.IsAbs(target) {
			dir, _ := filepath.Split(path)
			target = dir + target // not cleaned: ".." after a link leads elsewhere
		}
		return locate(target)
	}
	dir, name := filepath.Split(strings.TrimRight(path, string(filepath.Separator)))
	if dir == path {
		return place{}, err
	}
	if dir == "" {
		dir = "."
	}
	p, err := locate(dir)
	p.path, p.below = filepath.Join(p.path, name), filepath.Join(p.below, name)
	return p, err
}

// same reports whether both are one file or folder.
func (p place) same(q place) bool {
	return p.path == q.path || p.below == q.below && os.SameFile(p.info, q.info)
}

// within reports whether p is the folder or lies in it.
func (p place) within(folder place) bool {
	if !filepath.IsAbs(p.path) {
		return false // a pipe
	}
	for !p.same(folder) {
		parent := filepath.Dir(p.path)
		if parent == p.path {
			return false
		}
		var err error
		if p, err = locate(parent); err != nil {
			return false
		}
	}
	return true
}

// harmless reports whether a use of p conflicts with nothing: the null device may
// be written to by everybody, a terminal read and written.
func (p place) harmless(of use) bool {
	if p.info == nil || p.below != "" {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(p.info, null) || of == toRead && !p.info.Mode().IsRegular() && !p.info.IsDir()
}

// claim is a file or folder that a call uses.
type claim struct {
	what string // as messages name it
	use  use
	place
}

// use is what becomes of a file or folder.
type use int

const (
	toRead  use = iota
	toWrite     // a file
	toMake      // a folder and all that is in it
)

// claims are the files and folders of a call, which must not get in each
// other's way. The zero value is ready; workers may add to it.
type claims struct {
	mu   sync.Mutex
	list []claim
}

// add rejects a claim that conflicts with an earlier one, as bad usage.
func (c *claims) add(what string, of use, p place) error {
	if p.harmless(of) {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	added := claim{what, of, p}
	for _, earlier := range c.list {
		if earlier.use == toRead && of == toRead {
			if earlier.path == p.path {
				return nil
			}
			continue
		}
		if err := earlier.conflict(added); err != nil {
			return err
		}
	}
	c.list = append(c.list, added)
	return nil
}

// conflict returns an error where both are the same, or one is inside a folder
// that is made.
func (c claim) conflict(d claim) error {
	switch {
	case c.same(d.place):
		return Usagef("%s and %s are the same file: each needs one of its own", c.what, d.what)
	case c.use == toMake && d.within(c.place):
		return Usagef("%s is inside %s, whose files belong together: choose a place outside", d.what, c.what)
	case d.use == toMake && c.within(d.place):
		return d.conflict(c)
	}
	return nil
}

// claim locates a path and adds a claim to it.
func (s *System) claim(what string, of use, path string) error {
	p, err := locate(path)
	if err != nil {
		return Usagef("%s: %w", what, cause(err))
	}
	return s.claims.add(what, of, p)
}

// claimStream adds a claim to standard input or output. Where that is no file,
// the name stands for it.
func (s *System) claimStream(what string, of use, stream any, name string) error {
	file, ok := stream.(*os.File)
	if !ok {
		return s.claims.add(what, of, place{path: name})
	}
	p, err := locateOpen(file)
	if err != nil {
		return err
	}
	return s.claims.add(what, of, p)
}

// locateOpen locates an open file.
func locateOpen(file *os.File) (place, error) {
	info, err := file.Stat()
	if err != nil {
		return place{}, err
	}
	if p, err := locate(file.Name()); err == nil && p.below == "" && os.SameFile(p.info, info) {
		return p, nil
	}
	return place{path: file.Name(), info: info}, nil
}
