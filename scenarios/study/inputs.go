package study

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"sesim/sim"
)

// Inputs returns a hash of everything that the results of a cell depend on: the
// scenario with overrides and with the cell's values, and the files that it names.
// It does not depend on comments, on the order of keys, or on the other cells.
func (s *Study) Inputs(i int) (string, error) {
	loaded := s.load(i)
	if err := loaded.complete(); err != nil {
		return "", err
	}
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(loaded.Root.Plain()); err != nil {
		return "", err
	}
	for i := range loaded.Config.Senders {
		if t := &loaded.Config.Senders[i].Traffic; t.Kind == sim.Recorded {
			fmt.Fprintln(h, t.File.SHA256)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
