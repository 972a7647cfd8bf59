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

// TestSessionAgrees gives sessions of the themes' scenarios random calls, actions and
// requests, and compares them with the second model.
func TestSessionAgrees(t *testing.T) {
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) {
			t.Parallel()
			proptest.Check(t, func(t *rapid.T) {
				cfg := theme.draw(proptest.Draws{T: t})
				outside := fromOutside(t, &cfg)
				diff, err := twin.DiffSession(cfg, outside)
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

// fromOutside adds a sender whose mail a session gets as calls, and chooses what else comes
// from outside. Each has a moment of its own.
func fromOutside(t *rapid.T, cfg *sim.Config) (outside twin.Outside) {
	account := rapid.IntRange(0, len(cfg.Accounts)-1).Draw(t, "account of calls")
	a := &cfg.Accounts[account]
	from := append([]string{"nobody@nowhere.example"}, a.Identities...)
	s := sim.Sender{
		Name: sim.CallsOf + a.Name, Account: account, Recipients: 1,
		From: "a@" + rapid.SampledFrom(from).Draw(t, "identity"), Interface: ses.Interface(rapid.IntRange(0, 2).Draw(t, "interface")),
		Set: rapid.IntRange(0, len(a.Sets)).Draw(t, "set"), Size: rapid.SampledFrom([]int64{1000, 11 << 20}).Draw(t, "size"),
	}
	if identity := s.From[2:]; strings.Contains(identity, "@") {
		s.From = identity
	}
	own := ownMoments(cfg)
	rows, at := simtest.Recording{}, time.Duration(0)
	for range rapid.IntRange(1, 60).Draw(t, "calls") {
		at += time.Duration(rapid.Int64Range(0, int64(cfg.Horizon/40)).Draw(t, "gap"))
		if to := recipients(t, cfg); len(to) > 0 && at < cfg.Horizon {
			rows, outside.To = append(rows, sim.TraceRow{At: own(&at), Count: 1}), append(outside.To, to)
		}
	}
	s.Traffic = sim.Traffic{Kind: sim.Recorded, Trace: rows}
	cfg.Senders = append(cfg.Senders, s)
	cfg.OwnRules = append(cfg.OwnRules, "api.per_second")
	most := len(cfg.Actions) // from the last one back to one that is no Operation
	for i, a := range cfg.Actions {
		if a.Do == sim.DoSet && a.Change.Key == sim.KeyAudienceInvalid {
			most = len(cfg.Actions) - 1 - i
		}
	}
	outside.Actions = rapid.IntRange(0, most).Draw(t, "actions from outside")
	for i := range outside.Actions {
		own(&cfg.Actions[len(cfg.Actions)-1-i].At)
	}
	if outside.Requests = rapid.Bool().Draw(t, "requests from outside"); outside.Requests {
		for i := range cfg.Accounts {
			for n := range cfg.Accounts[i].Requests {
				r := &cfg.Accounts[i].Requests[n]
				if own(&r.At); r.After < 0 {
					r.After = 5 * time.Hour // drawn by the request's number, and a session numbers those that it takes
				}
			}
		}
	}
	return outside
}

// ownMoments returns a function that gives inputs moments of their own: no action and no request
// is at the same one, nor would be if it was put off by seconds.
func ownMoments(cfg *sim.Config) func(at *time.Duration) time.Duration {
	taken := map[time.Duration]bool{}
	for _, a := range cfg.Actions {
		taken[a.At%time.Second] = true
	}
	for i := range cfg.Accounts {
		for _, r := range cfg.Accounts[i].Requests {
			taken[r.At%time.Second] = true
		}
	}
	return func(at *time.Duration) time.Duration {
		*at = at.Truncate(time.Microsecond)
		for taken[*at%time.Second] {
			*at++
		}
		taken[*at%time.Second] = true
		return *at
	}
}

// recipients draws those of a call, of any audiences.
func recipients(t *rapid.T, cfg *sim.Config) (to []sim.Address) {
	for range rapid.SampledFrom([]int{1, 1, 2, 5, 51}).Draw(t, "recipients") {
		audience := rapid.IntRange(0, len(cfg.Audiences)-1).Draw(t, "audience")
		u := &cfg.Audiences[audience]
		a := sim.Address{Audience: audience, Number: rapid.Int64Range(0, u.Size-1).Draw(t, "number")}
		if is, _ := cfg.FindAddress(u.AddressOf(a.Number)); is == a {
			to = append(to, a)
		}
	}
	return to
}
