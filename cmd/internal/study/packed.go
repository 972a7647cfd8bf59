package study

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"sesim/scenarios/compression"
)

// packedInput is a file to be read that may be compressed. Where compressed data is cut
// off, as by a kill, it ends as text does that is cut off.
type packedInput struct {
	io.Closer
	content io.Reader
}

// openPacked opens a file that may be compressed.
func openPacked(name string) (*packedInput, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	content, _, err := compression.NewReader(bufio.NewReader(file))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, cause(err)), file.Close())
	}
	return &packedInput{file, content}, nil
}

// Read reads the content of the file.
func (p *packedInput) Read(b []byte) (int, error) {
	n, err := p.content.Read(b)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// packedOutput is a compressed file in which everything is that was written when the
// process is killed.
type packedOutput struct {
	*compression.Writer
	file *os.File
}

// Write writes to the file.
func (p *packedOutput) Write(b []byte) (int, error) {
	n, err := p.Writer.Write(b)
	if err == nil {
		err = p.Flush()
	}
	return n, err
}

// Close completes the file.
func (p *packedOutput) Close() error { return errors.Join(p.Writer.Close(), p.file.Close()) }

// packAsNamed returns a file that is compressed if its name says so.
func packAsNamed(file *os.File, name string) (io.WriteCloser, error) {
	z, err := compression.NewWriter(file, name)
	if z == nil || err != nil {
		return file, err
	}
	return &packedOutput{z, file}, nil
}
