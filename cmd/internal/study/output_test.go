package study

import (
	"errors"
	"io"
	"testing"
)

// broken is a standard output that fails after some bytes.
type broken struct{ left int }

func (b *broken) Write(p []byte) (int, error) {
	n := min(b.left, len(p))
	b.left -= n
	if n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

// TestOutputKeepsTheFirstError: what fails once is not tried again.
func TestOutputKeepsTheFirstError(t *testing.T) {
	b := &broken{1}
	o := NewOutput(b)
	if _, err := o.Write([]byte("ab")); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("the error is %v", err)
	}
	b.left = 10
	if n, err := o.Write([]byte("c")); n != 0 || !errors.Is(err, io.ErrShortWrite) || b.left != 10 {
		t.Errorf("after an error %d bytes were written, with %v", n, err)
	}
}
