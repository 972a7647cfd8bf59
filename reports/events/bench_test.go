package events_test

import (
	"io"
	"slices"
	"testing"
	"time"

	"sesim/reports/events"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

// kept are the records of a run.
type kept []sim.Record

// Observe keeps a record.
func (k *kept) Observe(r *sim.Record) {
	c := *r
	c.Recipients = slices.Clone(r.Recipients)
	*k = append(*k, c)
}

// recordsOf returns the records of a run.
func recordsOf(t testing.TB, cfg *sim.Config) (list kept) {
	t.Helper()
	if _, err := engine.Run(*cfg, sim.Hooks{Observer: &list}); err != nil {
		t.Fatal(err)
	}
	return list
}

// BenchmarkWriter measures a record of each of the frequent kinds: of mail to one recipient
// through a configuration set, and of refused calls.
func BenchmarkWriter(b *testing.B) {
	cfg := config(b)
	cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = 10_000, 100
	cfg.Audiences[0].Size = 20_000
	cfg.Senders = []sim.Sender{{Name: "newsletter", From: "News <news@acme.example>", Recipients: 1, Set: 1, Traffic: sim.Traffic{
		Kind: sim.Campaign, Rate: unit.Rate{N: 100, Per: time.Second}, Every: day,
	}}}
	all := recordsOf(b, cfg)
	for name, kind := range map[string]sim.RecordKind{
		"send": sim.Sent, "delivery": sim.Delivered, "delay": sim.Delayed, "bounce": sim.HardBounced, "complaint": sim.Complained, "refusal": sim.Refused,
	} {
		b.Run(name, func(b *testing.B) {
			var out counting
			w := events.New(&out, cfg, events.EventPublishing)
			w.Refusals(&out)
			list, i := slices.DeleteFunc(slices.Clone(all), func(r sim.Record) bool { return r.Kind != kind }), 0
			b.ReportAllocs()
			for b.Loop() {
				w.Observe(&list[i])
				if i++; i == len(list) {
					i = 0
				}
			}
			if err := w.Flush(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(out)/float64(b.N), "bytes/record")
		})
	}
}

// counting counts bytes.
type counting int64

var _ io.Writer = (*counting)(nil)

func (c *counting) Write(p []byte) (int, error) {
	*c += counting(len(p))
	return len(p), nil
}
