// Package compression writes and reads files that are compressed by gzip or Zstandard. A
// file is written as its name says, and read as its content says. It leaves out archives
// and every other format.
package compression

import (
	"bufio"
	"bytes"
	"io"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// MaxWindow is the largest window of Zstandard, in bytes, with which a file is read: that
// of the program zstd without --long and --memory. A file can demand that much memory.
const MaxWindow = 128 << 20

// ErrWindow is the error of a Reader for a file that needs a window above MaxWindow.
var ErrWindow = zstd.ErrWindowSizeExceeded

// Writer compresses what is written to it, on the goroutine of its caller. The compressed
// data has neither a name nor a time in it.
type Writer struct {
	z      compressor
	buffer *bufio.Writer // because compressors write small pieces
}

// compressor is what the formats have in common.
type compressor interface {
	io.WriteCloser
	Flush() error
}

// NewWriter returns a Writer to out of a file of that name: of gzip if the name ends in
// ".gz", of Zstandard if it ends in ".zst", and nil for other names.
func NewWriter(out io.Writer, name string) (*Writer, error) {
	buffer := bufio.NewWriterSize(out, 1<<16)
	switch filepath.Ext(name) {
	case ".gz":
		z, err := gzip.NewWriterLevel(buffer, gzip.BestSpeed)
		return &Writer{z, buffer}, err
	case ".zst":
		z, err := zstd.NewWriter(buffer, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
		return &Writer{z, buffer}, err
	}
	return nil, nil
}

// Write compresses p. Errors of the output may come later.
func (w *Writer) Write(p []byte) (int, error) { return w.z.Write(p) }

// Flush writes everything to the output: it can be decompressed up to here.
func (w *Writer) Flush() error {
	if err := w.z.Flush(); err != nil {
		return err
	}
	return w.buffer.Flush()
}

// Close completes the compressed data, and leaves the output open.
func (w *Writer) Close() error {
	if err := w.z.Close(); err != nil {
		return err
	}
	return w.buffer.Flush()
}

// NewReader returns a reader of the decompressed content of r, and the name of the format:
// "gzip" or "zstd". Content that begins as neither does is returned as it is, with "". The
// error is one of the header. Where the content ends too early, the reader returns an
// error that wraps io.ErrUnexpectedEOF; errors of r are passed on.
func NewReader(r *bufio.Reader) (content io.Reader, format string, err error) {
	head, err := r.Peek(4)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(r)
		return z, "gzip", err
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(MaxWindow))
		return z, "zstd", err
	}
	return r, "", nil
}
