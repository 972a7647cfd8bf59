package events_test

import (
	"bytes"
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
// through a configuration set, and of refused calls. Beside it stands what it takes to find and
// copy such lines.
func BenchmarkWriter(b *testing.B) {
	cfg := config(b)
	cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = 10_000, 100
	cfg.Audiences[0].Size = 20_000
	cfg.Senders = []sim.Sender{{Name: "newsletter", From: "News <news@acme.example>", Recipients: 1, Set: 1, Traffic: sim.Traffic{
		Kind: sim.Campaign, Rate: unit.Rate{N: 100, Per: time.Second}, Every: day,
	}}}
	all := recordsOf(b, cfg)
	for _, kind := range []struct {
		name string
		kind sim.RecordKind
	}{
		{"send", sim.Sent}, {"delivery", sim.Delivered}, {"delay", sim.Delayed}, {"bounce", sim.HardBounced}, {"complaint", sim.Complained}, {"refusal", sim.Refused},
	} {
		list := slices.DeleteFunc(slices.Clone(all), func(r sim.Record) bool { return r.Kind != kind.kind })
		b.Run(kind.name, func(b *testing.B) {
			var out counting
			w := events.New(&out, cfg, events.EventPublishing)
			w.Refusals(&out)
			b.ReportAllocs()
			i := 0
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
		b.Run(kind.name+" copied", func(b *testing.B) {
			var lines bytes.Buffer
			w := events.New(&lines, cfg, events.EventPublishing)
			w.Refusals(&lines)
			for i := range list {
				w.Observe(&list[i])
			}
			if err := w.Flush(); err != nil {
				b.Fatal(err)
			}
			var out counting
			var buffer []byte
			rest := lines.Bytes()
			for b.Loop() {
				if len(rest) == 0 {
					rest = lines.Bytes()
				}
				end := bytes.IndexByte(rest, '\n') + 1
				buffer = append(buffer, rest[:end]...)
				rest = rest[end:]
				if len(buffer) > 1<<16 {
					_, _ = out.Write(buffer)
					buffer = buffer[:0]
				}
			}
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
