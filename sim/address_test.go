package sim_test

import (
	"testing"

	"sesim/sim"
)

// TestFindAddress looks recipients up by their text. Sending treats addresses
// that differ in case as identical, and so does who asks about one.
func TestFindAddress(t *testing.T) {
	cfg := sim.Config{Audiences: []sim.Audience{
		{Addresses: []string{"Ann+a@B.example", "bob@b.example"}, Size: 2},
		{Local: "people-", Domain: "people.example", Size: 12},
	}}
	for text, want := range map[string]sim.Address{
		"Ann+a@B.example":          {Audience: 0, Number: 0},
		"ann+A@b.EXAMPLE":          {Audience: 0, Number: 0},
		"bob@b.example":            {Audience: 0, Number: 1},
		"people-1@people.example":  {Audience: 1, Number: 0},
		"PEOPLE-12@People.example": {Audience: 1, Number: 11},
	} {
		if got, ok := cfg.FindAddress(text); !ok || got != want {
			t.Errorf("%s is found as %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "@", "bob", "ann@b.example", "people-@people.example", "people@people.example", "people-0@people.example",
		"people-13@people.example", "people-01@people.example", "people-+1@people.example", "people-1@other.example"} {
		if got, ok := cfg.FindAddress(text); ok {
			t.Errorf("%q is found as %v", text, got)
		}
	}
}
