package study

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/scenarios/history"
)

// LogOptions are what the command line says of the logs of an account.
type LogOptions struct {
	OwnDomains      []string
	Account, Region string
	Form            string
	Columns         map[string]string
	Strict          bool
	Progress        terminal.Mode
}

// Logs are the files with an account's past.
type Logs struct {
	Inputs  []history.Input
	Options history.Options
	// Repeated are files with the content of an earlier one, which are not read.
	Repeated []string
	size     int64 // of all files, in bytes; 0: not known
}

// FindLogs finds the files that names stand for: files, folders, which are walked in the
// order of the names in them, and standard input. The key of the hashes of addresses is
// random and nowhere else.
func (s *System) FindLogs(ctx context.Context, names []string, o *LogOptions) (*Logs, error) {
	l := &Logs{Options: history.Options{
		OwnDomains: o.OwnDomains, Account: o.Account, Region: o.Region, Form: o.Form, Columns: o.Columns, Strict: o.Strict,
	}}
	if err := l.Options.Check(); err != nil {
		return nil, Usage(err)
	}
	if _, err := rand.Read(l.Options.Key[:]); err != nil {
		return nil, err
	}
	files, err := s.logFiles(names)
	if err != nil {
		return nil, err
	}
	seen := make(map[int64][]string) // by size
	unsized := false
	for _, name := range files {
		if name == stdinName {
			unsized = true
			l.Inputs = append(l.Inputs, history.Input{Name: "<stdin>", Open: func() (io.ReadCloser, error) {
				return io.NopCloser(waiting(ctx, s.In)), nil
			}})
			continue
		}
		regular, err := l.add(name, seen)
		if err != nil {
			return nil, err
		}
		unsized = unsized || !regular
	}
	if unsized {
		l.size = 0
	}
	return l, nil
}

// add adds a file, unless it repeats one of those seen, and reports whether it is a regular
// one, whose size is known.
func (l *Logs) add(name string, seen map[int64][]string) (regular bool, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return false, Usagef("%s: %w", name, cause(err))
	}
	if info.IsDir() {
		return false, Usagef("%s: a link to a folder; name the folder itself", name)
	}
	if regular = info.Mode().IsRegular(); regular {
		repeated, err := repeats(name, seen[info.Size()])
		if err != nil {
			return false, fmt.Errorf("%s: %w", name, cause(err))
		}
		if repeated {
			l.Repeated = append(l.Repeated, name)
			return true, nil
		}
		seen[info.Size()] = append(seen[info.Size()], name)
	}
	l.size += info.Size()
	l.Inputs = append(l.Inputs, history.Input{Name: name, Open: func() (io.ReadCloser, error) {
		file, err := os.Open(name)
		return file, cause(err)
	}})
	return regular, nil
}

// logFiles returns the files that names stand for, and claims them.
func (s *System) logFiles(names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		if name == stdinName && slices.Contains(files, stdinName) {
			return nil, Usagef("standard input can be read once only")
		}
		found, err := filesIn(name)
		if err != nil {
			return nil, Usagef("%s: %w", name, cause(err))
		}
		files = append(files, found...)
	}
	for _, name := range files {
		err := error(nil)
		if name == stdinName {
			err = s.claimStream("standard input", toRead, s.In, stdinPath)
		} else {
			err = s.claim("the file "+name, toRead, name)
		}
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// filesIn returns a name that is no folder, or the files in the folder and those below it
// that are not hidden, in the order of their names.
func filesIn(name string) ([]string, error) {
	if name == stdinName {
		return []string{name}, nil
	}
	var files []string
	err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		hidden := path != name && strings.HasPrefix(d.Name(), ".")
		switch {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return fs.SkipDir
		case !hidden && !d.IsDir():
			files = append(files, path)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		err = errors.New("a folder without files")
	}
	return files, err
}

// repeats reports whether a file has the content of one of those of its size.
func repeats(name string, others []string) (bool, error) {
	if len(others) == 0 {
		return false, nil
	}
	sum, err := digest(name)
	for _, other := range others {
		if err != nil {
			return false, err
		}
		var of [sha256.Size]byte
		if of, err = digest(other); err == nil && of == sum {
			return true, nil
		}
	}
	return false, err
}

// digest returns the hash of a file's content.
func digest(name string) (sum [sha256.Size]byte, err error) {
	file, err := os.Open(name)
	if err != nil {
		return sum, err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// Read reads the logs with a progress display, and passes on their email events; each may
// be nil. Errors about the content are bad usage.
func (s *System) Read(
	ctx context.Context, l *Logs, mode terminal.Mode, each func(*history.Record) error,
) (*history.Known, history.Counts, error) {
	defer s.tightly()()
	began := s.Clock()
	show := terminal.New(mode, s.Err, s.Getenv)
	defer show.Close()
	p := reading{of: l.size}
	before := int64(0) // bytes of the inputs before the present one
	last, number := int64(0), 0
	l.Options.Progress = func(input int, n int64) {
		if input != number {
			before, number = before+last, input
		}
		last = n
		if p.done, p.wall = before+n, s.Clock()-began; p.wall > time.Second {
			show.Show(p)
		}
	}
	known, counts, err := history.Read(ctx, l.Inputs, &l.Options, each)
	if ctx.Err() != nil {
		return nil, counts, ErrInterrupted
	}
	if _, bad := errors.AsType[*history.Error](err); bad {
		err = Usage(err)
	}
	return known, counts, err
}

// reading is the progress of reading logs.
type reading struct {
	wall     time.Duration
	done, of int64 // bytes; of is 0 where it is not known
}

func (reading) Name() string { return "reading" }

func (r reading) Elapsed() time.Duration { return r.wall }

// Percent stays below 100 until the end.
func (r reading) Percent() int {
	if r.of <= 0 {
		return -1
	}
	return int(min(99, 100*r.done/r.of))
}

// Line writes the bytes read, and after some seconds how long the rest will take.
func (r reading) Line() string {
	line := short(float64(r.done)) + "B"
	if r.of <= 0 {
		return line
	}
	line += " of " + short(float64(r.of)) + "B"
	if r.done > 0 {
		left := time.Duration(r.wall.Seconds() / float64(r.done) * float64(r.of-r.done) * float64(time.Second))
		line += fmt.Sprintf(", about %s left", left.Round(time.Second))
	}
	return line
}
