package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// Inputs returns a hash of all that the results of a cell depend on: what the
// scenario says after overrides and with the cell's values, and the files that
// it names. It does not depend on comments, on the order of keys, or on the
// other cells. It is not to be called by several goroutines at the same time.
func (s *Study) Inputs(i int) (string, error) {
	l := s.loader()
	var choice choices
	if s.choices != nil {
		choice = s.choices[i]
	}
	if !l.load(s.src, s.overrides, choice) {
		return "", l.Err()
	}
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(l.root.Plain()); err != nil {
		return "", err
	}
	for k := range l.cfg.Senders {
		t, ok := l.cfg.Senders[k].Traffic.Trace.(*trace)
		if !ok || l.cfg.Senders[k].Traffic.Kind != sim.Recorded {
			continue
		}
		sum, err := s.traceHash(t)
		if err != nil {
			return "", fmt.Errorf("%s: %w", tree.Quote(t.name), err)
		}
		fmt.Fprintln(h, sum)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// traceHash returns the hash of a file, which is read once for all cells.
func (s *Study) traceHash(t *trace) (string, error) {
	if sum, ok := s.traces[t.name]; ok {
		return sum, nil
	}
	file, err := t.files.Open(t.name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	if s.traces == nil {
		s.traces = map[string]string{}
	}
	s.traces[t.name] = hex.EncodeToString(h.Sum(nil))
	return s.traces[t.name], nil
}
