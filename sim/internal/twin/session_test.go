package twin_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/internal/twin"
	"sesim/sim/proptest"
	"sesim/sim/ses"
)

// TestSessionAgrees gives sessions of the themes' scenarios random calls, and compares them
// with the second model.
func TestSessionAgrees(t *testing.T) {
	for _, theme := range themes {
		if theme.name == "clients" {
			continue // at one moment their calls come after those of senders
		}
		t.Run(theme.name, func(t *testing.T) {
			t.Parallel()
			proptest.Check(t, func(t *rapid.T) {
				cfg := theme.draw(proptest.Draws{T: t})
				withCalls(t, &cfg)
				diff, err := twin.DiffSession(cfg)
				if err != nil {
					t.Fatalf("%v\n%s", err, simtest.Page(&cfg))
				}
				if diff != "" {
					t.Fatalf("the models differ\n%s\n%s", diff, simtest.Page(&cfg))
				}
			})
		})
	}
}

// withCalls adds a sender whose mail a session gets as calls.
func withCalls(t *rapid.T, cfg *sim.Config) {
	account := rapid.IntRange(0, len(cfg.Accounts)-1).Draw(t, "account of calls")
	audience := rapid.IntRange(0, len(cfg.Audiences)-1).Draw(t, "audience of calls")
	a, u := &cfg.Accounts[account], &cfg.Audiences[audience]
	from := append([]string{"nobody@nowhere.example"}, a.Identities...)
	s := sim.Sender{
		Name: sim.CallsOf + a.Name, Account: account, Audience: audience, Recipients: 1,
		From: "a@" + rapid.SampledFrom(from).Draw(t, "identity"), Interface: ses.Interface(rapid.IntRange(0, 2).Draw(t, "interface")),
		Set: rapid.IntRange(0, len(a.Sets)).Draw(t, "set"), Size: rapid.SampledFrom([]int64{1000, 11 << 20}).Draw(t, "size"),
	}
	if identity := s.From[2:]; strings.Contains(identity, "@") {
		s.From = identity
	}
	rows, at := simtest.Recording{}, time.Duration(0)
	for range rapid.IntRange(1, 60).Draw(t, "calls") {
		at += time.Duration(rapid.Int64Range(0, int64(cfg.Horizon/40)).Draw(t, "gap"))
		if at >= cfg.Horizon {
			break
		}
		row := sim.TraceRow{At: at}
		for range rapid.SampledFrom([]int{1, 1, 2, 5, 51}).Draw(t, "recipients") {
			n := rapid.Int64Range(0, u.Size-1).Draw(t, "number")
			if is, _ := cfg.FindAddress(u.AddressOf(n)); is == (sim.Address{Audience: audience, Number: n}) {
				row.Numbers = append(row.Numbers, uint32(n))
			}
		}
		if len(row.Numbers) > 0 {
			rows = append(rows, row)
		}
	}
	s.Traffic = sim.Traffic{Kind: sim.Recorded, Trace: rows}
	cfg.Senders = append(cfg.Senders, s)
	cfg.OwnRules = append(cfg.OwnRules, "api.per_second")
}
