package sim_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/reference"
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

// ours measures sim.Run, setting up included.
func ours(tb testing.TB, cfg sim.Config) spent {
	return measured(func() int64 {
		r, err := sim.Run(cfg, sim.Hooks{})
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
//	go test ./sim -run '^$' -bench Senders -benchtime 5x
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

// BenchmarkAgainstReference compares whole runs with package reference, which
// takes the same decisions by golang.org/x/time/rate, maps of strings behind a
// mutex and container/heap: one sender with a million recipients a day among a
// million addresses, and ten thousand senders with two million a day among a
// hundred thousand.
//
// Each iteration is a round: first ours, then the reference, in one process,
// so that both meet the same machine; reported are medians over the rounds.
// One round says little. Five take about two minutes:
//
//	go test ./sim -run '^$' -bench AgainstReference -benchtime 5x
//
// The reference runs the first days only, without its setting up, and its
// cost per recipient stands for all; it would grow with its maps. Ours runs all
// days, and its setting up counts.
func BenchmarkAgainstReference(b *testing.B) {
	b.Run("senders=1", func(b *testing.B) {
		againstReference(b, traffic(b, 30, 1_000_000, 1_000_000), 3*day)
	})
	b.Run("senders=10000", func(b *testing.B) {
		againstReference(b, shared(traffic(b, 10, 2_000_000, 100_000), 10_000), 2*day)
	})
}

// againstReference compares a run with the reference, which runs until the
// given time only.
func againstReference(b *testing.B, cfg sim.Config, until time.Duration) {
	short := cfg
	short.Horizon = until
	var own, ref, allocs, faster []float64
	for b.Loop() {
		s, r := ours(b, cfg), theirs(b, short)
		own, ref = append(own, s.nanoseconds()), append(ref, r.nanoseconds())
		allocs = append(allocs, float64(s.allocs)/float64(s.recipients))
		faster = append(faster, r.nanoseconds()/s.nanoseconds())
	}
	b.ReportMetric(median(own), "ns/recipient")
	b.ReportMetric(median(ref), "ref-ns/recipient")
	b.ReportMetric(median(faster), "x-faster")
	b.ReportMetric(1e9/median(own), "recipients/s")
	b.ReportMetric(median(allocs), "allocs/recipient")
	sameDecisions(b, short)
}

// theirs measures the reference.
func theirs(tb testing.TB, cfg sim.Config) spent {
	s, err := reference.New(&cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return measured(func() int64 { return s.Run().Recipients })
}

// sameDecisions checks that what was compared did the same.
func sameDecisions(b *testing.B, cfg sim.Config) {
	b.Helper()
	r, err := sim.Run(cfg, sim.Hooks{})
	if err != nil {
		b.Fatal(err)
	}
	s, err := reference.New(&cfg)
	if err != nil {
		b.Fatal(err)
	}
	if diff := cmp.Diff(s.Run().Counts, r.Accounts[0].Counts); diff != "" {
		b.Errorf("counts of the reference (-) and of sim.Run (+):\n%s", diff)
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
