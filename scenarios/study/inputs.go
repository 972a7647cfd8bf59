package study

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"sesim/scenarios/internal/tree"
)

// Inputs returns a hash of all that the results of a cell depend on: what the
// scenario says after overrides and with the cell's values, and the files that
// it names. It does not depend on comments, on the order of keys, or on the
// other cells. It must not be called by several goroutines at the same time.
func (s *Study) Inputs(i int) (string, error) {
	loaded := s.load(i)
	if err := loaded.Err(); err != nil {
		return "", err
	}
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(loaded.Root.Plain()); err != nil {
		return "", err
	}
	for _, name := range loaded.Files {
		sum, err := s.fileHash(name)
		if err != nil {
			return "", fmt.Errorf("%s: %w", tree.Quote(name), err)
		}
		fmt.Fprintln(h, sum)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// fileHash returns the hash of a file, which is read once for all cells.
func (s *Study) fileHash(name string) (string, error) {
	if sum, ok := s.hashes[name]; ok {
		return sum, nil
	}
	file, err := s.from.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	if s.hashes == nil {
		s.hashes = map[string]string{}
	}
	s.hashes[name] = hex.EncodeToString(h.Sum(nil))
	return s.hashes[name], nil
}
