package twin

import (
	"strings"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// TestDiffDecisions changes one list of decisions against another: what is
// told must name the first difference, whatever the order within a moment.
func TestDiffDecisions(t *testing.T) {
	cfg := &sim.Config{
		Accounts:  []sim.Account{{Name: "acme"}},
		Audiences: []sim.Audience{{Name: "customers", Size: 3, Local: "c-", Domain: "customers.example"}},
		Senders:   []sim.Sender{{Name: "news"}},
	}
	list := func() []Decision {
		return []Decision{
			{At: time.Second, Kind: sim.Sent}, {At: time.Second, Kind: sim.Sent, Address: sim.Address{Number: 1}},
			{At: time.Minute, Kind: sim.Delivered}, {At: time.Hour, Kind: sim.Complained},
		}
	}
	for _, c := range []struct {
		name   string
		change func([]Decision) []Decision
		want   []string // parts of the text; none: no difference
	}{
		{"the same", func(l []Decision) []Decision { return l }, nil},
		{"another order within a moment", func(l []Decision) []Decision { l[0], l[1] = l[1], l[0]; return l }, nil},
		{"a field", func(l []Decision) []Decision { l[2].Strikes = 3; return l },
			[]string{"decision 3 differs", "its field: Strikes differs\n  sim   0\n  twin  3"}},
		{"a field that the line does not show", func(l []Decision) []Decision { l[3].Simulator = ses.SimulateBounce; return l },
			[]string{"decision 4 differs", "its field: Simulator differs"}},
		{"a field of a field", func(l []Decision) []Decision { l[0].Meters.Used = 9; return l }, []string{"its field Meters: Used differs\n  sim   0\n  twin  9"}},
		{"one missing", func(l []Decision) []Decision { return l[1:] }, []string{"decision 1 differs (of 4 in sim, 3 in twin)", "is sim's alone"}},
		{"the last one missing", func(l []Decision) []Decision { return l[:3] }, []string{"decision 4 differs", "is sim's alone"}},
		{"one more", func(l []Decision) []Decision { return append(l, Decision{At: 2 * time.Hour}) }, []string{"decision 5 differs", "is the twin's alone"}},
		{"one earlier", func(l []Decision) []Decision { l[2].At--; return l }, []string{"decision 3 differs", "is the twin's alone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			diffDecisions(&b, cfg, sorted(list()), sorted(c.change(list())))
			if len(c.want) == 0 && b.Len() > 0 {
				t.Errorf("a difference where there is none:\n%s", b.String())
			}
			for _, part := range c.want {
				if !strings.Contains(b.String(), part) {
					t.Errorf("told is\n%s\nwithout %q", b.String(), part)
				}
			}
		})
	}
}
