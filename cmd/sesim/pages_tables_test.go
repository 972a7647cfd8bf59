package main

import (
	"fmt"
	"strings"

	"sesim/reports/benchmark"
	"sesim/reports/wording"
)

// tables writes the figures of a measurement for a page, as Markdown.
type tables struct{ strings.Builder }

func (t *tables) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

func (t *tables) row(cells ...string) { t.line("| %s |", strings.Join(cells, " | ")) }

// header writes the names of columns, the first to the left.
func (t *tables) header(names ...string) {
	t.line("")
	t.row(names...)
	t.line("| --- |%s", strings.Repeat(" ---: |", len(names)-1))
}

// report writes the decision on one core by the number of addresses, what an
// address takes, and whole runs.
func (t *tables) report(r *benchmark.Report) {
	m := &r.Machine
	load := ""
	if m.Load > float64(m.Cores)/2 {
		load = fmt.Sprintf(", while other programs kept %.0f processes running", m.Load)
	}
	t.line("Measured by `%s` on %s, %d cores, %s of memory, %s%s.", r.Command, m.Processor, m.Cores, benchmark.Bytes(float64(m.MemoryBytes)), m.Go, load)
	for _, g := range benchmark.Groups(r) {
		if g.Cores == 1 && g.Shared {
			t.decisions(r, &g)
		}
	}
	t.latency(r)
	t.memory(r)
	t.runs(r)
	t.replications(r)
	t.growth(r)
}

func (t *tables) decisions(r *benchmark.Report, g *benchmark.Group) {
	t.header("known addresses, uniform recipients, one core", "sesim", "decisions a second", "fastest rung", "sesim takes",
		"reference", "times faster", "random read")
	for _, c := range g.Cells {
		if c.Order != benchmark.Uniform {
			continue
		}
		own, rung := c.By[benchmark.Model], "–"
		if best := c.BestRung(); best != nil {
			rung = benchmark.Nanos(best.NS) + " ns, " + best.Subject
		}
		t.row(wording.Count(c.Addresses), c.Nanos(benchmark.Model)+" ns", benchmark.Rate(own.PerSecond), rung,
			benchmark.Ratio(own.TimesBestRung)+" times", c.Nanos(benchmark.Reference)+" ns", benchmark.Times(own.TimesReference),
			c.Nanos(benchmark.Read)+" ns")
	}
	if len(r.RungsLack) > 0 {
		t.line("\nThe rungs lack %s.", strings.Join(r.RungsLack, "; "))
	}
}

// latency writes the latency among the most addresses.
func (t *tables) latency(r *benchmark.Report) {
	most := int64(0)
	for _, l := range r.Latency {
		most = max(most, l.Addresses)
	}
	if most == 0 {
		return
	}
	t.header(append([]string{"latency, " + wording.Count(most) + " addresses"}, benchmark.PercentileNames[:]...)...)
	for _, l := range r.Latency {
		if l.Addresses != most {
			continue
		}
		name := l.Subject
		if l.Batch > 1 {
			name += fmt.Sprintf(", %d at a time", l.Batch)
		}
		t.row(append([]string{name}, benchmark.Quantiles(l.Percentiles)...)...)
	}
	t.line("\n`~`: the empty control loop was delayed as well, so the figure describes the machine.")
}

// memory writes what an address takes where most are listed.
func (t *tables) memory(r *benchmark.Report) {
	var best *benchmark.Memory
	for i := range r.Memory {
		if m := &r.Memory[i]; best == nil || m.Listed > best.Listed {
			best = m
		}
	}
	if best != nil {
		t.line("\nLive bytes per address: %s known, with %s addresses; in addition, with %s listed, %s on the account-level list or %s on the global list.",
			wording.Decimal(best.KnownBytes, 2), wording.Count(best.Addresses), wording.Count(best.Listed),
			wording.Decimal(best.AccountBytes, 1), wording.Decimal(best.GlobalBytes, 1))
	}
}

// runs writes the whole runs of many recipients.
func (t *tables) runs(r *benchmark.Report) {
	const fewest = 80_000 // recipients of a run that the page shows
	if len(r.Simulations) == 0 {
		return
	}
	t.header("whole run", "recipients", "seconds", "processor seconds", "recipients a processor second", "peak memory", "reference takes", "one core takes")
	for _, s := range r.Simulations {
		if s.Subject == benchmark.Model && s.Recipients >= fewest {
			t.row("`"+s.Scenario+"`", wording.Count(s.Recipients), wording.Decimal(s.WallSeconds, 3), wording.Decimal(s.ProcessorSeconds, 3),
				benchmark.Rate(float64(s.Recipients)/s.ProcessorSeconds), benchmark.Bytes(float64(s.PeakBytes)),
				timesWord(s.TimesReference), timesWord(s.TimesOneCore))
		}
	}
}

func timesWord(ratio float64) string {
	if ratio == 0 {
		return ""
	}
	return benchmark.Times(ratio) + " times"
}

func (t *tables) replications(r *benchmark.Report) {
	for _, v := range r.Replications {
		t.line("\n%d replications of `%s` take %s s on %d cores, %s times as fast as on one; a process of one core for each would take %s times as long.",
			v.Replications, v.Scenario, wording.Decimal(v.WallSeconds, 2), v.Cores, benchmark.Ratio(v.TimesOneCore), benchmark.Ratio(v.TimesProcesses))
	}
}

func (t *tables) growth(r *benchmark.Report) {
	if len(r.Growth) == 0 {
		return
	}
	t.header("runs of growing size", "seconds", "processor seconds", "ns each", "times the size before", "live at the end", "peak memory")
	for _, g := range r.Growth {
		t.row(g.Axis+": "+wording.Count(g.Size), wording.Decimal(g.WallSeconds, 3), wording.Decimal(g.ProcessorSeconds, 3),
			benchmark.Nanos(g.NS), benchmark.Ratio(g.TimesBefore), benchmark.Bytes(float64(g.LiveBytes)), benchmark.Bytes(float64(g.PeakBytes)))
	}
	t.line("")
	for i := range r.GrowthAxes {
		t.line("- %s", r.GrowthAxes[i].Finding())
	}
	t.line("\n%s.", r.GrowthVerdict())
}
