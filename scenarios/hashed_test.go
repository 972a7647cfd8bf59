package scenarios_test

import (
	"fmt"
	"testing"
	"time"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
)

// TestRankedAndHashed mails ten thousand addresses of one audience, of which 1% does not
// exist: by the scenario's sender, and by a program that mails the same addresses, it is
// one hundred, exactly. Of addresses that only match the audience it is one hundred in
// expectation: each has its fate from a hash. So the same campaign has slightly other counts
// in a program than in the scenario's sender.
func TestRankedAndHashed(t *testing.T) {
	const size, dead, deviation = 10_000, 100, 9.95 // of the binomial distribution
	const text = `
version = 1
name = "counts"
horizon = "30d"
seed = %d
[[account]]
name = "acme"
access = "production"
quota = -1
rate = 14000
identities = ["acme.example"]
[[audience]]
name = "people"
size = 10_000
domain = "people.example"
match = ["*"]
invalid = "1%%"
`
	const sender = `
[[sender]]
name = "news"
account = "acme"
from = "news@acme.example"
audience = "people"
traffic = { kind = "campaign", every = "40d", pace = "10000/s" }
`
	load := func(seed uint64, more string) *sim.Config {
		cfg, err := scenarios.Load("counts.toml", []byte(fmt.Sprintf(text, seed)+more))
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	program := func(seed uint64, address string) int64 {
		s, err := engine.Open(*load(seed, ""), sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range size {
			s.Advance(time.Duration(i)*time.Millisecond, nil)
			if _, err := s.Send(&sim.Call{From: "news@acme.example", Recipients: []string{fmt.Sprintf(address, i+1)}}); err != nil {
				t.Fatal(err)
			}
		}
		s.Advance(29*24*time.Hour, nil) // some bounces come days later
		result, err := s.Close()
		if err != nil {
			t.Fatal(err)
		}
		if a := &result.Accounts[0]; a.Accepted != size {
			t.Fatalf("%d accepted: %v", a.Accepted, a.Refused)
		}
		return result.Accounts[0].HardBounced
	}
	other := false
	for seed := range uint64(3) {
		result, err := engine.Run(*load(seed, sender), sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if got := result.Accounts[0].HardBounced; got != dead {
			t.Errorf("seed %d: %d of the sender's mails bounce, want %d", seed, got, dead)
		}
		if got := program(seed, "people-%d@people.example"); got != dead {
			t.Errorf("seed %d: %d of a program's mails to the same addresses bounce, want %d", seed, got, dead)
		}
		got := program(seed, "reader-%d@elsewhere.example")
		if d := float64(got-dead) / deviation; d < -5 || d > 5 {
			t.Errorf("seed %d: %d of the mails to other addresses bounce, %.1f standard deviations from %d", seed, got, d, dead)
		}
		other = other || got != dead
	}
	if !other {
		t.Error("of no seed the counts differ")
	}
}
