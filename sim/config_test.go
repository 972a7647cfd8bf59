package sim_test

import (
	"errors"
	"strings"
	"testing"

	"sesim/sim"
	"sesim/sim/sender"
)

// A traffic kind or a pick that does not exist is refused: it must not pass for
// the first of its type.
func TestUnknownKinds(t *testing.T) {
	for want, spoil := range map[string]func(*sim.Sender){
		"there is no traffic of kind 5": func(s *sim.Sender) { s.Traffic.Kind = sender.Recorded + 1 },
		"there is no pick 3":            func(s *sim.Sender) { s.Pick = sender.Zipf + 1 },
	} {
		cfg := traffic(t, 1, 100, 10)
		if _, err := sim.Run(cfg, sim.Hooks{}); err != nil {
			t.Fatal(err)
		}
		spoil(&cfg.Senders[0])
		if _, err := sim.Run(cfg, sim.Hooks{}); !errors.Is(err, sim.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("reported as %v, want %s", err, want)
		}
	}
}
