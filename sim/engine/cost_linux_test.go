package engine_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

// The benchmarks of this file compare what runs cost. They do so in processor time,
// which depends less than wall time on what else the machine does.

// costOf returns the processor time of a run for each recipient, in nanoseconds.
func costOf(b *testing.B, cfg sim.Config) float64 {
	b.Helper()
	runtime.GC()
	start := processorTime(b)
	r, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		b.Fatal(err)
	}
	return float64(processorTime(b)-start) / float64(r.Accounts[0].Recipients)
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// variant is a scenario to compare with others.
type variant struct {
	name string
	cfg  sim.Config
}

// compareCosts runs the variants in alternating rounds. It reports the median cost of the
// first one for each recipient, and the ratios of the others to it.
func compareCosts(b *testing.B, variants ...variant) {
	b.Helper()
	costs := make([][]float64, len(variants))
	for b.Loop() {
		for i := range variants {
			costs[i] = append(costs[i], costOf(b, variants[i].cfg))
		}
	}
	first := median(costs[0])
	b.ReportMetric(first, variants[0].name+"-ns/recipient")
	for i := 1; i < len(variants); i++ {
		b.ReportMetric(median(costs[i])/first, variants[i].name+"/"+variants[0].name)
	}
}

// BenchmarkCampaign compares campaigns that follow one another with constant traffic to
// the same audience.
//
//	go test ./sim/engine -run '^$' -bench Campaign -benchtime 9x
func BenchmarkCampaign(b *testing.B) {
	for _, senders := range []int64{1, 3, 100} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			constant := steadyMail(b, senders)
			campaign := constant
			campaign.Senders = append([]sim.Sender(nil), constant.Senders...)
			for i := range campaign.Senders {
				t := &campaign.Senders[i].Traffic
				t.Kind, t.Every = sim.Campaign, time.Minute
			}
			compareCosts(b, variant{"constant", constant}, variant{"campaign", campaign})
		})
	}
}

// steadyMail is constant traffic that nothing refuses: in all a million recipients a day,
// for three days, to a list of a hundred thousand in its order. The senders begin a
// moment after one another.
func steadyMail(b *testing.B, senders int64) sim.Config {
	b.Helper()
	cfg := shared(traffic(b, 3, 1_000_000, 100_000), senders)
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		s.Traffic.Kind, s.Pick, s.Begin = sim.Constant, sim.Sequential, time.Duration(i)*unit.Day/1_000_000
	}
	return cfg
}
