package study

import (
	"fmt"
	"io"
	"os"

	"sesim/reports/jsontext"
)

// Output is standard output. It keeps the first error, so that a command whose
// answer was lost fails, whichever code wrote it.
type Output struct {
	w   io.Writer
	err error
}

// Write writes to standard output, unless an earlier write failed.
func (o *Output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	if err != nil {
		o.err = fmt.Errorf("standard output: %w", cause(err))
	}
	return n, o.err
}

// NewOutput returns standard output on w.
func NewOutput(w io.Writer) *Output { return &Output{w: w} }

// Err returns the error of the first write that failed; nil if none did.
func (o *Output) Err() error { return o.err }

// isAt reports whether a standard stream is the file at a place.
func isAt(stream io.Writer, p place) bool {
	file, ok := stream.(*os.File)
	if !ok || p.below != "" {
		return false
	}
	info, err := file.Stat()
	return err == nil && os.SameFile(info, p.info)
}

// JSON writes a value as indented JSON.
func (o *Output) JSON(v any) error {
	return jsontext.WriteIndented(o, v)
}

// lost reports whether what is written goes nowhere because standard output
// was closed when the program started. The Go runtime opens the null device
// in its place, for reading and writing, which some callers do themselves; a
// shell's redirection to the null device allows writing only.
func (o *Output) lost() bool {
	file, ok := o.w.(*os.File)
	if !ok {
		return false
	}
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return false
	}
	info, err := file.Stat()
	if err != nil || !os.SameFile(null, info) {
		return false
	}
	_, err = file.Read(make([]byte, 1))
	return err == io.EOF
}
