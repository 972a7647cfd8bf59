package events_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sesim/reports/events"
	"sesim/sim"
	"sesim/sim/ses"
)

// compared is a Writer beside the oracle.
type compared struct {
	*events.Writer
	oracle             *events.Oracle
	published, refused bytes.Buffer
}

func newCompared(cfg *sim.Config, style events.Style) *compared {
	c := &compared{oracle: events.NewOracle(cfg, style)}
	c.Writer = events.New(&c.published, cfg, style)
	c.Writer.Refusals(&c.refused)
	return c
}

// Observe passes a record on to both.
func (c *compared) Observe(r *sim.Record) {
	c.Writer.Observe(r)
	c.oracle.Observe(r)
}

// check checks that both wrote the same lines, and returns how many.
func (c *compared) check(t testing.TB) (lines int) {
	t.Helper()
	c.oracle.Finish()
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	same(t, c.published.String(), c.oracle.Published.String())
	same(t, c.refused.String(), c.oracle.Refused.String())
	return strings.Count(c.published.String()+c.refused.String(), "\n")
}

// same compares lines.
func same(t testing.TB, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("line %d is\n%s\nthe oracle's is\n%s", i+1, g[i], w[i])
		}
	}
	t.Fatalf("%d lines, the oracle has %d", len(g), len(w))
}

// pieces are what texts are made of: some of them need more than quotation marks.
var pieces = []string{"a", "smtp; 550", "<b@c.example>", `"`, `\`, "\n", "\x00", "\x7f", "ü", "\u2028", "\xff", "\xc3", "{", "[", "&", "@", "+", "Z"}

func odd(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(5) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// strange replaces texts of a configuration by strange ones.
func strange(cfg *sim.Config, r *rand.Rand) {
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		a.Name += odd(r)
		for s := range a.Sets {
			a.Sets[s].Name += odd(r)
		}
	}
	for i := range cfg.Audiences[:2] {
		a := &cfg.Audiences[i]
		a.Local, a.Domain = odd(r)+a.Local, a.Domain+odd(r)
		for n := range a.Addresses {
			a.Addresses[n] = odd(r) + a.Addresses[n] + odd(r)
		}
	}
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		s.Name += odd(r)
		switch r.IntN(4) {
		case 0:
			s.From = odd(r) + " " + s.From
		case 1: // longer than the headers of a record may be, or shorter by a little
			s.From = strings.Repeat("x", sim.MaxHeaders-60+r.IntN(80)) + s.From
		}
	}
}

// TestOracle checks that a Writer writes the lines of the oracle, also of runs with the
// strangest texts.
func TestOracle(t *testing.T) {
	for seed := range uint64(5) {
		for _, style := range []events.Style{events.EventPublishing, events.Notification} {
			cfg := config(t)
			cfg.Seed = seed
			cfg.Rules.Mail.SimulatorGeneral = seed%2 == 0
			if seed > 1 {
				strange(cfg, rand.New(rand.NewPCG(seed, 7)))
			}
			c := newCompared(cfg, style)
			plain := config(t)
			plain.Seed = seed
			records := recordsOf(t, plain)
			for i := range records {
				c.Observe(&records[i])
			}
			if n := c.check(t); n < 100 {
				t.Errorf("seed %d: %d lines", seed, n)
			}
		}
	}
}

// FuzzWriter does the same with the texts of a fuzzer.
func FuzzWriter(f *testing.F) {
	f.Add("News <news@acme.example>", "p-", "people.example", "acme", uint8(3), int64(0))
	f.Add(`"`, "ü", "\xff", "\u2028", uint8(0), int64(1)<<56)
	f.Add("\x80", "0", "0", "0", uint8(0), int64(0)) // is longer in small letters
	f.Fuzz(func(t *testing.T, from, local, domain, account string, recipients uint8, at int64) {
		cfg := config(t)
		cfg.Senders[newsletter].From, cfg.Audiences[0].Local, cfg.Audiences[0].Domain, cfg.Accounts[0].Name = from, local, domain, account
		to := make([]sim.Address, recipients)
		for i := range to {
			to[i] = people(int64(i))
		}
		for _, style := range []events.Style{events.EventPublishing, events.Notification} {
			c := newCompared(cfg, style)
			r := sim.Record{At: time.Duration(at), SentAt: time.Duration(at / 2), Sender: newsletter, Recipients: to, Address: people(0), ListReason: ses.ListBounce}
			for r.Kind = range sim.SessionClosed + 1 {
				c.Observe(&r)
			}
			c.check(t)
		}
	})
}

// TestAllocations checks that records take no memory, whether a message has one recipient or
// several, and whether a sender or somebody outside has sent it.
func TestAllocations(t *testing.T) {
	cfg := config(t)
	w := events.New(new(counting), cfg, events.EventPublishing)
	w.Refusals(new(counting))
	few, many := []sim.Address{people(7)}, []sim.Address{people(7), people(8)}
	call := &sim.Call{From: "news@acme.example", Interface: ses.V2, Recipients: []string{"ann@one.example"}, Message: sim.Message{
		Subject: "Hello", Headers: []sim.Header{{Name: "From", Value: "news@acme.example"}, {Name: "Subject", Value: "Hello"}},
	}}
	for _, kind := range []sim.RecordKind{sim.Delivered, sim.Delayed, sim.HardBounced, sim.SoftBounced, sim.Complained, sim.SuppressedAccount, sim.Refused} {
		for _, to := range [][]sim.Address{few, many} {
			for _, live := range []bool{false, true} {
				sent := sim.Record{Kind: sim.Sent, At: hour, Sender: newsletter, Message: 5, Recipients: to, Live: live, Call: call}
				r := sent
				r.Kind, r.At, r.SentAt, r.Address, r.Error = kind, 2*hour, hour, to[0], ses.Throttled(ses.V2, ses.RefusedRate)
				r.Bounce = ses.PermanentGeneral
				end := r
				end.Kind = sim.Delivered
				n := testing.AllocsPerRun(100, func() {
					w.Observe(&sent)
					for range to {
						w.Observe(&r)
						if kind == sim.Delayed || kind == sim.Refused { // after which something follows
							w.Observe(&end)
						}
					}
				})
				if n != 0 {
					t.Errorf("a message and its records of kind %d, of %d recipients, from outside %v, take %v allocations", kind, len(to), live, n)
				}
			}
		}
	}
}
