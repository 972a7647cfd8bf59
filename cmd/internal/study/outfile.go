package study

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"sesim/scenarios/compression"
)

// outFile is an output file. It is written beside its name and renamed when it
// is complete. Devices and pipes are written directly.
type outFile struct {
	io.Writer
	packed  io.Closer // completes compressed data; nil: it is not compressed
	file    *os.File  // nil for standard output and error
	path    string    // the final name; "" where it is written directly
	replace bool      // an existing file
}

// create starts the file that a flag names. An existing one is replaced only
// with force.
func (s *System) create(flag, name string, force bool) (*outFile, error) {
	what := flag + " " + name
	if name == stdoutName {
		return &outFile{Writer: s.Out}, s.claimStream(what, toWrite, s.Out.w, stdoutPath)
	}
	p, err := locate(name)
	if err != nil {
		return nil, Usagef("%s: %w", what, cause(err))
	}
	if err := s.claims.add(what, toWrite, p); err != nil {
		return nil, err
	}
	return s.begin(what, name, p, force)
}

// createPacked is create for a file that is compressed if its name ends in ".gz" or ".zst".
func (s *System) createPacked(flag, name string, force bool) (*outFile, error) {
	f, err := s.create(flag, name, force)
	if err != nil {
		return nil, err
	}
	z, err := compression.NewWriter(f.Writer, name)
	if err != nil {
		return nil, errors.Join(err, f.discard())
	}
	if z != nil {
		f.Writer, f.packed = z, z
	}
	return f, nil
}

// begin opens an output file for writing.
func (s *System) begin(what, name string, p place, force bool) (*outFile, error) {
	f := &outFile{replace: p.below == ""}
	var err error
	switch {
	case isAt(s.Out.w, p): // such as /dev/stdout
		return &outFile{Writer: s.Out}, nil
	case isAt(s.Err, p): // such as /dev/stderr, also where that is a file
		return &outFile{Writer: s.Err}, nil
	case f.replace && !p.info.Mode().IsRegular():
		f.file, err = os.OpenFile(name, os.O_WRONLY, 0)
	case f.replace && !force:
		return nil, Usagef("%s already exists; --force replaces it", name)
	default:
		f.path = p.path
		f.file, err = createBeside(p)
	}
	if err != nil {
		return nil, Usagef("%s: %w", what, cause(err))
	}
	f.Writer = f.file
	return f, nil
}

// createBeside creates a file beside a place, with the permissions of an
// existing file, which must be writable.
func createBeside(p place) (*os.File, error) {
	mode := fs.FileMode(0o666)
	if p.below == "" {
		old, err := os.OpenFile(p.path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		if err := old.Close(); err != nil {
			return nil, err
		}
		mode = p.info.Mode().Perm()
	}
	// A killed run may have left a file of this name.
	path := vacant(p.path+".partial", exists)
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

// keep completes the file and renames it. If it cannot be renamed, the error
// says where it is.
func (f *outFile) keep() error {
	if f.packed != nil {
		if err := f.packed.Close(); err != nil {
			return errors.Join(err, f.discard())
		}
	}
	switch {
	case f.file == nil:
		return nil
	case f.path == "":
		return f.file.Close()
	}
	partial := f.file.Name()
	if err := errors.Join(f.file.Sync(), f.file.Close()); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := f.rename(partial); err != nil {
		return fmt.Errorf("%w; the complete file is %s", err, partial)
	}
	return nil
}

// rename gives the file its final name. A file that has appeared there since is
// not replaced.
func (f *outFile) rename(partial string) error {
	if f.replace {
		return os.Rename(partial, f.path)
	}
	switch err := os.Link(partial, f.path); {
	case err == nil:
		return os.Remove(partial)
	case errors.Is(err, fs.ErrExist):
		return err
	}
	return os.Rename(partial, f.path) // a file system without hard links
}

// discard closes the file and removes it.
func (f *outFile) discard() error {
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	if f.path != "" {
		err = errors.Join(err, os.Remove(f.file.Name()))
	}
	return err
}

// finish keeps files that were written without an error, and discards them
// otherwise.
func finish(err error, files ...*outFile) error {
	if err != nil {
		return errors.Join(err, discard(files...))
	}
	var list []error
	for _, f := range files {
		list = append(list, f.keep())
	}
	return errors.Join(list...)
}

// discard discards files.
func discard(files ...*outFile) error {
	var list []error
	for _, f := range files {
		list = append(list, f.discard())
	}
	return errors.Join(list...)
}
