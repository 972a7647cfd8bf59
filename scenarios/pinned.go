package scenarios

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"sync"

	"sesim/scenarios/history"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// blockSize is how much of a file is compared at a time, in bytes.
const blockSize = 64 << 10

// Pin returns files that cannot change unnoticed after they are first read: the
// first reading hashes every block, and each later reading compares a block before
// its content is used. A file that has changed, or cannot be read again, ends the
// reading with an error. Scenarios loaded from the same pinned files agree on the
// contents. Pin returns nil for nil, and pinned files unchanged.
//
// The files are safe for concurrent use.
func Pin(files Files) Files {
	if p := pin(files); p != nil {
		return p
	}
	return nil
}

func pin(files Files) *pinned {
	switch p, is := files.(*pinned); {
	case files == nil:
		return nil
	case is:
		return p
	}
	return &pinned{
		files: files, seed: maphash.MakeSeed(), known: map[string]*content{}, lost: map[string]error{}, pasts: map[string]*readPast{}, history: history.Read,
	}
}

// pinned are files with the hashes of their contents.
type pinned struct {
	files Files
	seed  maphash.Seed // of the hashes of blocks
	mu    sync.Mutex
	known map[string]*content  // of the files that were read to their end
	lost  map[string]error     // of the files that are not what they were
	pasts map[string]*readPast // by the names of their files
	// history is history.Read, which a program that never has files does without: the
	// classroom's engine in the browser.
	history func(context.Context, []history.Input, *history.Options, func(*history.Record) error) (*history.Known, history.Counts, error)
}

// content is what a file was. It does not change.
type content struct {
	file   sim.TraceFile
	blocks []uint64 // hashes, known to this process only: each run compares them, and SHA-256 takes longer than a row
}

// Open implements Files.
func (p *pinned) Open(name string) (io.ReadCloser, error) {
	r, err := p.open(name)
	if err != nil {
		return nil, err // not r: a nil *pinnedReader would make an interface that is not nil
	}
	return r, nil
}

func (p *pinned) open(name string) (*pinnedReader, error) {
	file, err := p.files.Open(name)
	p.mu.Lock()
	known := p.known[name]
	p.mu.Unlock()
	switch {
	case err != nil && known != nil:
		return nil, p.lose(name, fmt.Errorf("%s was checked, and cannot be opened again: %w", tree.Quote(name), err))
	case err != nil:
		return nil, err
	}
	return &pinnedReader{files: p, name: name, file: file, known: known, whole: sha256.New(), block: make([]byte, blockSize)}, nil
}

// learn records the content of a file that was read to its end, and reports
// whether it is the same as in an earlier reading.
func (p *pinned) learn(c *content) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.known[c.file.Name]; known != nil {
		return known.file == c.file
	}
	p.known[c.file.Name] = c
	return true
}

// lose records the error of a file that has changed, and returns it.
func (p *pinned) lose(name string, err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lost[name] == nil {
		p.lost[name] = err
	}
	return err
}

// loss returns the error of a file that has changed; nil if none has.
func (p *pinned) loss(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost[name]
}

// describe returns the content of a file that was read to its end.
func (p *pinned) describe(name string) sim.TraceFile {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[name].file
}

// pinnedReader reads a file block by block. It returns the content of a block only
// after it has compared the block.
type pinnedReader struct {
	files *pinned
	name  string
	file  io.ReadCloser
	known *content  // nil: this is the first reading
	taken []uint64  // of the first reading: the blocks so far
	whole hash.Hash // of the first reading
	size  int64     // of the blocks so far

	block []byte
	next  int    // number of the next block
	left  []byte // of the last block, not given out yet
	err   error  // after what is left
}

// Read implements io.Reader.
func (r *pinnedReader) Read(to []byte) (int, error) {
	for len(r.left) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.readBlock()
	}
	n := copy(to, r.left)
	r.left = r.left[n:]
	return n, nil
}

// failed reports whether the last Read ended with another error than io.EOF.
func (r *pinnedReader) failed() bool { return r.err != nil && !errors.Is(r.err, io.EOF) }

// Close implements io.Closer.
func (r *pinnedReader) Close() error { return r.file.Close() }

// readBlock reads the next block, and compares it or takes its hash.
func (r *pinnedReader) readBlock() {
	n, err := io.ReadFull(r.file, r.block)
	ends := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case err != nil && !ends && r.known != nil:
		r.err = r.files.lose(r.name, fmt.Errorf("%s was checked, and cannot be read again: %w", tree.Quote(r.name), err))
		return
	case err != nil && !ends:
		r.err = err
		return
	}
	if n > 0 {
		block := r.block[:n]
		sum := maphash.Bytes(r.files.seed, block)
		if r.known != nil && (r.next >= len(r.known.blocks) || r.known.blocks[r.next] != sum) {
			r.err = r.changed()
			return
		}
		if r.known == nil {
			r.taken = append(r.taken, sum)
			r.whole.Write(block)
		}
		r.left, r.size = block, r.size+int64(n)
		r.next++
	}
	if ends {
		r.err = r.end()
	}
}

// end returns io.EOF if the file ends as it did before.
func (r *pinnedReader) end() error {
	same := r.known != nil && r.next == len(r.known.blocks)
	if r.known == nil {
		same = r.files.learn(&content{sim.TraceFile{Name: r.name, Bytes: r.size, SHA256: hex.EncodeToString(r.whole.Sum(nil))}, r.taken})
	}
	if !same {
		return r.changed()
	}
	return io.EOF
}

// changed returns the error of a file that differs from the next block on.
func (r *pinnedReader) changed() error {
	return r.files.lose(r.name, fmt.Errorf("%s has changed since it was checked: it differs at byte %s or after it; run again",
		tree.Quote(r.name), unit.Grouped(int64(r.next)*blockSize)))
}
