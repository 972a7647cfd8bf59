package engine_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// watcher is an observer that looks at nothing. With an observer, all mail takes
// the slow path.
type watcher struct{}

// Observe implements sim.Observer.
func (watcher) Observe(*sim.Record) {}

// TestFastPath compares the fast path with the slow one: all that a run leaves must
// be the same, in random scenarios and in one whose mail takes the fast path, with
// refusals, retries and bounces.
func TestFastPath(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		if !sameOnBothPaths(t, cfg) {
			t.Fatalf("the two paths differ in this scenario:\n%s", simtest.Page(&cfg))
		}
	})
	for _, kind := range []sim.TrafficKind{sim.Poisson, sim.Constant, sim.Campaign, sim.Recorded} {
		cfg := traffic(t, 10, 50_000, 10_000)
		cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = 45_000, 1
		s := &cfg.Senders[0]
		s.Traffic.Kind, s.Traffic.Every = kind, time.Hour // a campaign takes longer, and the next one follows at once
		s.Retry = sim.Retry{First: time.Second, Factor: 2000, Cap: time.Hour, Attempts: 3}
		s.Retry.On[ses.RefusedRate] = true
		cfg.Audiences[0].FullFor, cfg.Rules.Global.DeliveryResets = 2*time.Hour, true
		// At these times a constant stream has a message due too.
		const spacing = day / 50_000
		cfg.Rules.Delay.Bounce = unit.Spread{Median: spacing, Upper: spacing}
		cfg.Actions = []sim.Action{
			{At: 3 * day, Do: sim.DoSet, Change: sim.Change{Key: sim.KeySenderRate, Rate: unit.Rate{N: 40_000, Per: day}}},
			{At: 5 * day, Do: sim.DoPause}, {At: 6 * day, Do: sim.DoResume},
		}
		if kind == sim.Recorded {
			s.Traffic.Trace, cfg.Actions = tenDays(300_000, 10_000), cfg.Actions[1:] // a recording has no rate
		}
		if !sameOnBothPaths(t, cfg) {
			t.Errorf("the two paths differ for traffic of kind %d", kind)
		}
		of := client.Default()
		of.Workers.N, of.Latency = 3, fixed(3*time.Second)
		of.Retry = []client.Layer{{On: 1 << ses.RefusedRate, Attempts: 3, Waits: []time.Duration{time.Second, time.Minute}}}
		cfg.Clients = []sim.Client{{Name: "program", Config: of}}
		s.Client, s.Retry, s.Traffic.Whole = 1, sim.Retry{}, kind == sim.Campaign
		if !sameOnBothPaths(t, cfg) {
			t.Errorf("the two paths differ for traffic of kind %d through a client", kind)
		}
	}
}

// tenDays is a recording of ten days: most messages are to one recipient, of which the sender
// picks one half and the recording names the others, some twice; some are to several; some
// are due at the same moment.
func tenDays(rows int, addresses uint32) simtest.Recording {
	list := make(simtest.Recording, rows)
	for i := range list {
		row := &list[i]
		row.At = 10 * day / time.Duration(rows) * time.Duration(i-i%3)
		switch n := uint32(i) * 7919 % addresses; i % 14 {
		case 0:
			row.Count = 3
		case 1:
			row.Numbers = []uint32{n, addresses - 1 - n}
		case 2:
			row.Count = ses.MaxRecipients + 1
		case 3, 5, 7, 9, 11, 13:
			row.Numbers = []uint32{n / 2}
		default:
			row.Count = 1
		}
	}
	return list
}

// TestManySenders compares arrivals in batches with arrivals one by one: some
// hundred senders with all steady kinds of traffic beside a campaign, whose
// rates are set at moments when messages are due, and whose lists come to an
// end.
func TestManySenders(t *testing.T) {
	cfg := shared(traffic(t, 6, 40_000, 2000), 100)
	cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = 35_000, 3
	cfg.Audiences = append(cfg.Audiences, sim.Audience{Name: "dead", Size: 5, Domain: "dead.example", Local: "d-", Invalid: unit.Whole})
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		switch i % 5 {
		case 0:
			s.Traffic.Kind = sim.Constant // all at the same moments
		case 1:
			s.Traffic.Kind, s.Traffic.Depth = sim.Diurnal, 80*unit.Percent
		case 2:
			s.Audience = 1 // until all of it has bounced
		case 3:
			s.Recipients, s.Retry = 5, sim.Retry{First: time.Second, Factor: 2000, Cap: time.Hour, Attempts: 3}
			s.Retry.On[ses.RefusedRate] = true
		}
	}
	last := &cfg.Senders[99]
	last.Traffic = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Second}, Every: day}
	for i := range 60 {
		cfg.Actions = append(cfg.Actions, sim.Action{
			At: time.Duration(i/2) * 4 * 216 * time.Second, Do: sim.DoSet, // as far apart as messages of the constant streams, twice
			Change: sim.Change{Key: sim.KeySenderRate, Index: i % 7, Rate: unit.Rate{N: int64(100 + i), Per: day}},
		})
	}
	for i := range 4 { // in between, mail is looked at one by one
		cfg.Actions = append(cfg.Actions,
			sim.Action{At: time.Duration(i)*day + 7*time.Hour, Do: sim.DoUnverify, Identity: "acme.example"},
			sim.Action{At: time.Duration(i)*day + 9*time.Hour, Do: sim.DoVerify, Identity: "acme.example"},
		)
	}
	if n := sameInBatches(t, cfg).Senders[2].Removed; n != 5 {
		t.Errorf("%d addresses of a dead list removed, want all", n)
	}
}

// sameInBatches compares a run whose arrivals come in batches with one whose arrivals are
// merged one by one, which it returns.
func sameInBatches(t *testing.T, cfg sim.Config) *sim.Result {
	t.Helper()
	var plain, batched simtest.Tape
	whole, err := engine.Run(cfg, sim.Hooks{Undivided: true, Observer: &plain})
	if err != nil {
		t.Fatal(err)
	}
	for _, hooks := range []sim.Hooks{{}, {Observer: &batched}} {
		r, err := engine.Run(cfg, hooks)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(whole, r) {
			t.Errorf("with %+v the result is another", hooks)
		}
	}
	if !reflect.DeepEqual(plain.Records, batched.Records) {
		t.Error("the records are others")
	}
	return whole
}

// TestManyCampaigns does what TestManySenders does for campaigns: to lists of one address up
// to thousands, which shrink on the way, end, or grow; of one recipient a message or several;
// back to back or with pauses in between; beside constant mail that is due at the same
// moments.
func TestManyCampaigns(t *testing.T) {
	cfg := traffic(t, 3, 100_000, 2000)
	cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = 60_000, 5
	office := &sim.Calendar{Open: 9 * time.Hour, Close: 17 * time.Hour, Zone: sim.Zone{Offsets: []sim.Offset{{}}}}
	office.Weekdays = [7]bool{true, true, true, true, true, true, true}
	one := cfg.Senders[0]
	one.Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 1, Per: time.Hour}}
	cfg.Senders = []sim.Sender{one}
	for i, size := range []int64{1, 3, 64, 80, 300, 5000} {
		audience := sim.Audience{
			Name: fmt.Sprint("list", i), Size: size, Domain: fmt.Sprint("list", i, ".example"), Local: "l-", Invalid: 3 * unit.Percent,
			Complaint: unit.Percent, FeedbackLoop: unit.Whole,
		}
		switch i {
		case 2:
			audience.Invalid = unit.Whole // until all of it has bounced
		case 3:
			audience.Growth = sim.Growth{Rate: unit.Rate{N: 20, Per: day}, Limit: 200}
		case 4:
			audience.Churn, audience.ChurnPer = unit.Whole/2, day
		}
		cfg.Audiences = append(cfg.Audiences, audience)
		for k := range 8 {
			s := one
			s.Name, s.Audience, s.Pick, s.Begin = fmt.Sprint(audience.Name, "-", k), i+1, sim.Sequential, time.Duration(k%3)*9*time.Hour
			s.Traffic = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: int64(1 + 3*k), Per: time.Minute}, Every: time.Duration(k%3) * 12 * time.Hour}
			switch k {
			case 3:
				s.Traffic.Calendar = office
			case 4:
				s.Recipients, s.OneMore = 3, unit.Whole/2
			case 5:
				s.End, s.Traffic.Every = 2*day, time.Minute
			case 6:
				s.Traffic.Rate.N, s.Traffic.Every = 6000, day
			}
			if k%2 == 0 {
				s.Retry = sim.Retry{First: time.Minute, Factor: 2000, Cap: time.Hour, Attempts: 3}
				s.Retry.On[ses.RefusedRate] = true
			}
			cfg.Senders = append(cfg.Senders, s)
		}
	}
	for i := range 30 {
		cfg.Actions = append(cfg.Actions, sim.Action{
			At: time.Duration(i/2) * 3 * time.Hour, Do: sim.DoSet,
			Change: sim.Change{Key: sim.KeySenderRate, Index: 1 + i*3%45, Rate: unit.Rate{N: int64(1 + i), Per: time.Minute}},
		})
	}
	r := sameInBatches(t, cfg)
	done := 0
	for i := range r.Senders {
		done += len(r.Senders[i].Campaigns)
	}
	if done < 2000 || r.Accounts[0].Refused[ses.RefusedRate] == 0 || r.Senders[17].Removed != 64 {
		t.Errorf("%d campaigns, %d refused by the rate, %d removed of a dead list: too little happens",
			done, r.Accounts[0].Refused[ses.RefusedRate], r.Senders[17].Removed)
	}
}

// TestMorning has campaigns in the morning only. At night a few slow senders go on, so that
// batches become far too long for the morning.
func TestMorning(t *testing.T) {
	cfg := shared(traffic(t, 2, 2000, 3000), 10)
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		if i >= 4 {
			s.Traffic, s.Pick, s.Begin = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 100, Per: time.Second}, Every: day}, sim.Sequential, 20*time.Hour
		}
	}
	cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = 50_000, 1000
	if r := sameInBatches(t, cfg); r.Accounts[0].Recipients < 36_000 {
		t.Errorf("%d recipients, want those of two mornings", r.Accounts[0].Recipients)
	}
}

// TestPathEpochWraps lets an identity and then as much else change as makes the
// epoch wrap: mail after that must be classified again.
func TestPathEpochWraps(t *testing.T) {
	cfg := traffic(t, 1, 24, 10)
	cfg.Senders[0].Traffic.Kind = sim.Constant
	cfg.Actions = append(cfg.Actions, sim.Action{At: time.Minute, Do: sim.DoUnverify, Identity: "acme.example"})
	for range 1<<16 - 1 {
		cfg.Actions = append(cfg.Actions, sim.Action{At: time.Minute, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAudienceComplaint}})
	}
	r, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Accounts[0].Counts; got.Recipients != 24 || got.Refused[ses.RefusedUnverified] != got.Recipients-1 {
		t.Errorf("%d of %d recipients are refused as not verified, want all but the first", got.Refused[ses.RefusedUnverified], got.Recipients)
	}
}

// sameOnBothPaths reports whether a scenario leaves the same with an observer
// and without.
func sameOnBothPaths(t rapid.TB, cfg sim.Config) bool {
	t.Helper()
	fast, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	slow, err := engine.Run(cfg, sim.Hooks{Observer: watcher{}})
	if err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(fast, slow)
}
