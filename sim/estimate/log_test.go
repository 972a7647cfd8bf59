package estimate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/estimate"
	"sesim/sim/ses"
)

// logger turns the records of a run into events.
type logger struct {
	cfg    *sim.Config
	key    uint64
	events []estimate.Event
}

func (l *logger) add(r *sim.Record, kind estimate.Kind, a sim.Address) {
	at := r.SentAt
	if kind == estimate.Sent {
		at = r.At
	}
	start := time.Duration(l.cfg.Start.UnixNano())
	e := estimate.Event{
		Kind: kind, Sender: l.cfg.Senders[r.Sender].From, Time: start + r.At, Mail: start + at,
		Address: (uint64(a.Audience)<<40 | uint64(a.Number) + 1) * l.key,
	}
	if kind == estimate.Bounced {
		e.Bounce = r.Bounce
		e.OnList = r.Kind == sim.SuppressedAccount
		if r.Kind == sim.SuppressedGlobal {
			e.Bounce = ses.PermanentSuppressed
		}
	}
	l.events = append(l.events, e)
}

func (l *logger) Observe(r *sim.Record) {
	switch r.Kind {
	case sim.Sent:
		for _, a := range r.Recipients {
			l.add(r, estimate.Sent, a)
		}
	case sim.Delivered:
		l.add(r, estimate.Delivered, r.Address)
	case sim.HardBounced, sim.SoftBounced, sim.SuppressedAccount, sim.SuppressedGlobal:
		l.add(r, estimate.Bounced, r.Address)
	case sim.Complained:
		l.add(r, estimate.Complained, r.Address)
	}
}

// logOf runs a scenario and returns its events.
func logOf(t *testing.T, text string, seed uint64) []estimate.Event {
	t.Helper()
	c, err := scenarios.Load("test.toml", []byte("version = 1\nname = \"test\"\nstart = 2026-03-02T09:00:00Z\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	c.Seed = seed
	l := &logger{cfg: c, key: 0x9e3779b97f4a7c15}
	if _, err := engine.Run(*c, sim.Hooks{Observer: l}); err != nil {
		t.Fatal(err)
	}
	return l.events
}

func of(events []estimate.Event, o estimate.Options) *estimate.Account {
	l := estimate.NewLog()
	for i := range events {
		l.Add(&events[i])
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	return l.Estimate(o)
}

const acme = `
[[account]]
name = "acme"
access = "production"
quota = 200_000
rate = 50
identities = ["acme.example"]
`

const newsletter = acme + `
[[audience]]
name = "readers"
size = 5000
invalid = "3%"
mailbox_full = "0.8%"
complaint = "0.5%"
decay = "2.1%/30d"
[[sender]]
name = "n"
account = "acme"
from = "news@acme.example"
audience = "readers"
traffic = { kind = "campaign", every = "7d", pace = "10/s" }
`

func holds(e estimate.Estimate, truth float64) bool {
	return e.Identifiable() && e.Low <= truth && truth <= e.High
}

// TestCoverage counts how often the intervals hold the truth, over many seeds.
func TestCoverage(t *testing.T) {
	seeds, least := uint64(40), 36
	if testing.Short() {
		seeds, least = 5, 3
	}
	var decay, full, complaints int
	for seed := range seeds {
		s := of(logOf(t, `horizon = "29d"`+newsletter, 100+seed), estimate.Options{Birth: true}).Senders[0]
		if n := len(s.Traffic.Campaigns); n < 4 || n > 5 || s.Traffic.Every != 7*24*time.Hour || math.Abs(s.Traffic.Pace-10) > 0.1 {
			t.Fatalf("seed %d: %d campaigns every %v at %v/s", seed, n, s.Traffic.Every, s.Traffic.Pace)
		}
		if s.Size.Value != 5000 || math.Abs(s.Invalid.Value-0.03) > 0.001 {
			t.Errorf("seed %d: size %+v, invalid %+v", seed, s.Size, s.Invalid)
		}
		for _, soft := range s.Soft {
			if soft.Bounce == ses.TransientMailboxFull && holds(soft.Estimate, 0.008) {
				full++
			}
		}
		if holds(s.Decay, 0.021) {
			decay++
		}
		if holds(s.Complaint, 0.002) {
			complaints++
		}
	}
	t.Logf("of %d: decay %d, mailbox_full %d, complaints %d", seeds, decay, full, complaints)
	if min(decay, full, complaints) < least {
		t.Errorf("of %d intervals, %d hold the decay, %d mailbox_full, %d the complaints", seeds, decay, full, complaints)
	}
}

const receipts = `
[[audience]]
name = "buyers"
size = 40_000
invalid = "1.2%"
complaint = "0.01%"
[[sender]]
name = "receipts"
account = "acme"
from = "shop@acme.example"
audience = "buyers"
pick = "PICK"
traffic = { kind = "diurnal", rate = "60/h", peak = "14:00", depth = "80%" }
`

func receiptsOf(pick string) string { return strings.Replace(receipts, "PICK", pick, 1) }

func picked(how string) string { return acme + receiptsOf(how) }

// TestLate is about a log that begins two weeks after the account: who was written to
// before is not known, so that the share of invalid addresses is not either.
func TestLate(t *testing.T) {
	events := logOf(t, `horizon = "56d"`+newsletter+receiptsOf("uniform"), 11)
	from := events[0].Mail + 14*24*time.Hour
	var late []estimate.Event
	for _, e := range events {
		if e.Time >= from {
			late = append(late, e)
		}
	}
	for _, s := range of(late, estimate.Options{}).Senders {
		if s.Invalid.Identifiable() || s.Invalid.Value != 0 {
			t.Errorf("%s: %+v", s.Name, s.Invalid)
		}
		t.Log(s.Name, s.Invalid.Unknown)
	}
}

// TestPool recovers the size of a list from which addresses are drawn evenly, and refuses
// to where they are not.
func TestPool(t *testing.T) {
	a := of(logOf(t, `horizon = "56d"`+picked("uniform"), 1), estimate.Options{})
	size := a.Senders[0].Size
	t.Logf("%+v", size)
	if math.Abs(size.Value/40_000-1) > 0.02 || !holds(size, 40_000) {
		t.Errorf("%+v", size)
	}
	rate := a.Senders[0].Traffic.Rate
	if math.Abs(rate.Value/60-1) > 0.02 || len(a.Senders[0].Traffic.Campaigns) > 0 {
		t.Errorf("%+v", rate)
	}
	if h := a.Senders[0].Traffic.Hour; math.Abs(h[14]-1.8) > 0.1 || math.Abs(h[2]-0.2) > 0.1 {
		t.Errorf("hours %v", h)
	}
	if z := of(logOf(t, `horizon = "56d"`+picked("zipf"), 1), estimate.Options{}).Senders[0].Size; z.Identifiable() {
		t.Errorf("zipf: %+v", z)
	}
	growing := strings.Replace(picked("uniform"), "size = 40_000", "size = 10_000\ngrowth = { rate = \"20/h\" }", 1)
	if g := of(logOf(t, `horizon = "56d"`+growing, 1), estimate.Options{}).Senders[0].Size; g.Identifiable() {
		t.Errorf("growth: %+v", g)
	}
}

// TestWaited: addresses of a large list have waited for a month, and those that bounced are
// gone. One is on the account's list and goes on getting mail.
func TestWaited(t *testing.T) {
	const day, addresses, bounced = 24 * time.Hour, 5000, 20
	var events []estimate.Event
	add := func(address uint64, at time.Duration, hard, onList bool) {
		e := estimate.Event{Kind: estimate.Sent, Sender: "news", Address: address, Time: at, Mail: at}
		events = append(events, e)
		e.Kind, e.Time = estimate.Delivered, at+time.Second
		if hard || onList {
			e.Kind, e.Bounce, e.OnList = estimate.Bounced, ses.PermanentGeneral, onList
		}
		events = append(events, e)
	}
	for i := range uint64(addresses) {
		add(i+1, 1000*day, i < bounced, false)
	}
	add(1, 1030*day, false, true)
	add(addresses+1, 1030*day, false, false)
	s := of(events, estimate.Options{Cut: 1030 * day, Birth: true}).Senders[0]
	want := 30*day - 30*day/(addresses-bounced+1)
	if d := s.Waited - want; d < -5*time.Minute || d > 5*time.Minute || s.Gone != bounced || s.OnList != 0.5 {
		t.Errorf("waited %v, want %v; %d gone, %g on the list", s.Waited, want, s.Gone, s.OnList)
	}
}

// TestCensored estimates complaints of which most are still to come.
func TestCensored(t *testing.T) {
	text := acme + `
[[audience]]
name = "readers"
size = 100_000
complaint = "0.5%"
[[sender]]
name = "n"
account = "acme"
from = "news@acme.example"
audience = "readers"
traffic = { kind = "campaign", pace = "40/s" }
`
	events := logOf(t, `horizon = "14d"`+text, 7)
	for _, age := range []time.Duration{12 * time.Hour, 24 * time.Hour, 72 * time.Hour} {
		cut := events[0].Mail + 42*time.Minute + age
		var early []estimate.Event
		for _, e := range events {
			if e.Time <= cut {
				early = append(early, e)
			}
		}
		a := of(early, estimate.Options{Cut: cut})
		c := a.Senders[0].Complaint
		t.Logf("%v: %+v, raw %.4f, delays %.2f %.2f", age, c, float64(c.K)/1e5, a.Delays.Mu, a.Delays.Sigma)
		if !holds(c, 0.002) {
			t.Errorf("after %v: %+v", age, c)
		}
	}
}

// TestCampaigns estimates how much lists differ.
func TestCampaigns(t *testing.T) {
	text := acme
	for i, share := range []string{"3.6981%", "8.4824%", "2.7077%", "0.1602%", "4.7335%", "1.5865%", "1.08%", "2.4156%", "1.7951%"} {
		text += fmt.Sprintf(`
[[audience]]
name = "seg-%d"
size = 4000
invalid = "%s"
[[sender]]
name = "camp-%d"
account = "acme"
from = "news@acme.example"
audience = "seg-%d"
begin = "%dd"
traffic = { kind = "campaign", pace = "10/s" }
`, i, share, i, i, 7*i)
	}
	s := of(logOf(t, `horizon = "63d"`+text, 31), estimate.Options{Birth: true}).Senders[0]
	t.Logf("%+v %+v", s.Invalid, s.InvalidSpread)
	if !s.InvalidSpread.Differs() || math.Abs(s.Invalid.Value-0.0296) > 0.001 || !holds(s.Invalid, 0.06) || holds(s.Invalid, 0.2) {
		t.Errorf("%+v %+v", s.Invalid, s.InvalidSpread)
	}
	if s.InvalidSpread.A < 1 || s.InvalidSpread.A > 2 || s.InvalidSpread.B < 30 || s.InvalidSpread.B > 60 {
		t.Errorf("beta %v %v", s.InvalidSpread.A, s.InvalidSpread.B)
	}
}

// TestOrder compares a log with the same one in another order and under another key.
func TestOrder(t *testing.T) {
	events := logOf(t, `horizon = "29d"`+newsletter+receiptsOf("uniform"), 3)
	want := of(events, estimate.Options{Birth: true})
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	for i := range events {
		events[i].Address *= 0xda942042e4dd58b5
	}
	if got := of(events, estimate.Options{Birth: true}); !reflect.DeepEqual(got, want) {
		t.Errorf("in another order:\n%+v\n%+v", got, want)
	}
}
