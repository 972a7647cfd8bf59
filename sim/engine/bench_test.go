package engine_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// traffic is the scenario of the benchmarks: one production account that mails
// its customers at random, so many recipients a day, with hard bounces, soft
// bounces that SES retries, complaints, and list hygiene.
func traffic(tb testing.TB, days, perDay, addresses int64) sim.Config {
	tb.Helper()
	p, err := rules.Edition("current")
	if err != nil {
		tb.Fatal(err)
	}
	p.AutoIncrease.On = false // the reference does not know it
	return sim.Config{
		Name: "traffic", Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Horizon: time.Duration(days) * day, Seed: 1, Rules: p,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 2 * perDay, Rate: 100,
			Identities: []string{"acme.example"}, Suppression: ses.ListBounce | ses.ListComplaint,
		}},
		Audiences: []sim.Audience{{
			Name: "customers", Size: addresses, Domain: "customers.example", Local: "customers-", Invalid: 2 * unit.Percent,
			MailboxFull: unit.Percent / 2, Complaint: unit.Percent / 50, FeedbackLoop: 40 * unit.Percent,
			Decay: 2 * unit.Percent, DecayPer: 30 * day,
		}},
		Senders: []sim.Sender{{
			Name: "news", From: "news@acme.example", Traffic: sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: perDay, Per: day}},
			Pick: sim.Uniform, Recipients: 1, RemoveBounced: true, RemoveComplained: true,
		}},
	}
}

// spent is what a run cost.
type spent struct {
	wall       time.Duration
	allocs     uint64
	recipients int64
}

// measured times a run that returns how many recipients it had. Garbage of
// earlier runs is collected before.
func measured(run func() int64) spent {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	recipients := run()
	wall := time.Since(start)
	runtime.ReadMemStats(&after)
	return spent{wall, after.Mallocs - before.Mallocs, recipients}
}

func (s spent) nanoseconds() float64 { return float64(s.wall.Nanoseconds()) / float64(s.recipients) }

// ours measures engine.Run, setting up included.
func ours(tb testing.TB, cfg sim.Config) spent {
	return measured(func() int64 {
		r, err := engine.Run(cfg, sim.Hooks{})
		if err != nil {
			tb.Fatal(err)
		}
		return r.Accounts[0].Recipients
	})
}

// BenchmarkRun runs ten days with so many recipients a day.
func BenchmarkRun(b *testing.B) {
	for _, perDay := range []int64{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("recipients=%d", perDay), func(b *testing.B) {
			cfg := traffic(b, 10, perDay, perDay)
			var total spent
			for b.Loop() {
				s := ours(b, cfg)
				total.wall, total.allocs, total.recipients = total.wall+s.wall, total.allocs+s.allocs, total.recipients+s.recipients
			}
			b.ReportMetric(total.nanoseconds(), "ns/recipient")
			b.ReportMetric(float64(total.allocs)/float64(total.recipients), "allocs/recipient")
			b.ReportMetric(float64(total.recipients)/total.wall.Seconds(), "recipients/s")
		})
	}
}

// BenchmarkSenders has a hundred thousand addresses and six million recipients
// in three days, of one account, from one sender to ten thousand.
//
//	go test ./sim/engine -run '^$' -bench Senders -benchtime 5x
func BenchmarkSenders(b *testing.B) {
	for _, senders := range []int64{1, 100, 1000, 10_000} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			cfg := shared(traffic(b, 3, 2_000_000, 100_000), senders)
			var own []float64
			for b.Loop() {
				own = append(own, ours(b, cfg).nanoseconds())
			}
			b.ReportMetric(median(own), "ns/recipient")
			b.ReportMetric(1e9/median(own), "recipients/s")
		})
	}
}

// shared deals the mail of a scenario's sender out to so many alike.
func shared(cfg sim.Config, senders int64) sim.Config {
	one := cfg.Senders[0]
	one.Traffic.Rate.N /= senders
	cfg.Senders = make([]sim.Sender, senders)
	for i := range cfg.Senders {
		cfg.Senders[i] = one
		cfg.Senders[i].Name = fmt.Sprint(one.Name, i)
	}
	return cfg
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
