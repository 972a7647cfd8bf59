package benchmark

import (
	"fmt"
	"io"
	"strings"

	"sesim/reports/wording"
)

// WriteMarkdown writes the figures that a page about the program wants: the
// decision on one core by the number of addresses, what an address takes, and
// whole runs.
func WriteMarkdown(w io.Writer, r *Report) error {
	t := &text{w: w}
	t.line("Measured by `%s` on %s.", r.Command, machineWords(r))
	for _, g := range Groups(r) {
		if g.Cores == 1 && g.Shared {
			t.markdownDecisions(&g)
		}
	}
	t.markdownLatency(r)
	t.markdownMemory(r)
	t.markdownRuns(r)
	t.markdownGrowth(r)
	return t.err
}

// machineWords says what a report was measured on.
func machineWords(r *Report) string {
	m := &r.Machine
	processor := m.Processor
	if processor == "" {
		processor = "an unknown processor"
	}
	words := fmt.Sprintf("%s, %d cores, %s of memory, %s", processor, m.Cores, Bytes(float64(m.MemoryBytes)), m.Go)
	if m.Load > float64(m.Cores)/2 {
		words += fmt.Sprintf(", while other programs kept %.0f processes running", m.Load)
	}
	return words
}

func (t *text) row(cells ...string) { t.line("| %s |", strings.Join(cells, " | ")) }

// header writes the names of columns, the first to the left.
func (t *text) header(names ...string) {
	t.line("")
	t.row(names...)
	t.row(append([]string{"---"}, strings.Split(strings.Repeat("---: ", len(names)-1), " ")[:len(names)-1]...)...)
}

func (t *text) markdownDecisions(g *Group) {
	t.header("known addresses, uniform recipients, one core", "sesim", "decisions a second", "reference", "times faster", "random read")
	for _, c := range g.Cells {
		if c.Order == Uniform {
			t.row(wording.Count(c.Addresses), c.ns(Model)+" ns", Rate(c.By[Model].PerSecond), c.ns(Reference)+" ns", times(c.By[Model].TimesReference), c.ns(Read)+" ns")
		}
	}
}

// markdownLatency tells the latency among the most addresses.
func (t *text) markdownLatency(r *Report) {
	most := int64(0)
	for _, l := range r.Latency {
		most = max(most, l.Addresses)
	}
	if most == 0 {
		return
	}
	t.header(append([]string{"latency, " + wording.Count(most) + " addresses"}, percentileNames...)...)
	for _, l := range r.Latency {
		if l.Addresses != most {
			continue
		}
		name := l.Subject
		if l.Batch > 1 {
			name += fmt.Sprintf(", %d at a time", l.Batch)
		}
		t.row(append([]string{name}, quantiles(l.Percentiles)...)...)
	}
	t.line("\n`~`: a loop without any work was held up as well, so that the figure is the machine's.")
}

// markdownMemory tells what an address takes where most are listed.
func (t *text) markdownMemory(r *Report) {
	var best *Memory
	for i := range r.Memory {
		if m := &r.Memory[i]; best == nil || m.Listed > best.Listed {
			best = m
		}
	}
	if best != nil {
		t.line("\nMemory: %s bytes for each of %s known addresses, %s more for each of %s on an account's list, %s on the global list.",
			wording.Decimal(best.KnownBytes, 2), wording.Count(best.Addresses), wording.Decimal(best.AccountBytes, 1), wording.Count(best.Listed),
			wording.Decimal(best.GlobalBytes, 1))
	}
}

func (t *text) markdownRuns(r *Report) {
	if len(r.Simulations) == 0 {
		return
	}
	t.header("whole run", "recipients", "seconds", "on processors", "recipients a processor second", "peak memory", "reference takes", "one core takes")
	for _, s := range r.Simulations {
		if s.Subject == Model && s.Recipients >= tableRecipients {
			t.row("`"+s.Scenario+"`", wording.Count(s.Recipients), wording.Decimal(s.WallSeconds, 3), wording.Decimal(s.ProcessorSeconds, 3),
				Rate(per(s.Recipients, s.ProcessorSeconds)), Bytes(float64(s.PeakBytes)),
				timesWord(s.TimesReference), timesWord(s.TimesOneCore))
		}
	}
}

// tableRecipients is the fewest recipients of a run that the page shows.
const tableRecipients = 80_000

func per(n int64, seconds float64) float64 {
	if seconds <= 0 {
		return 0
	}
	return float64(n) / seconds
}

func timesWord(ratio float64) string {
	if ratio == 0 {
		return ""
	}
	return times(ratio) + " times"
}

func (t *text) markdownGrowth(r *Report) {
	if len(r.Growth) == 0 {
		return
	}
	t.header("recipients of one account", "seconds", "on processors", "recipients a processor second", "held at the end", "peak memory")
	for _, g := range r.Growth {
		t.row(wording.Count(g.Recipients), wording.Decimal(g.WallSeconds, 2), wording.Decimal(g.ProcessorSeconds, 2),
			Rate(per(g.Recipients, g.ProcessorSeconds)), Bytes(float64(g.LiveBytes)), Bytes(float64(g.PeakBytes)))
	}
}

// WriteLatencies writes the clock and the tables of latencies among so many
// addresses, for a page that explains them.
func WriteLatencies(w io.Writer, r *Report, addresses int64) error {
	part := &Report{}
	for _, l := range r.Latency {
		if l.Addresses == addresses {
			part.Latency = append(part.Latency, l)
		}
	}
	for _, o := range r.OpenLoop {
		if o.Addresses == addresses {
			part.OpenLoop = append(part.OpenLoop, o)
		}
	}
	t := &text{w: w}
	c := &r.Clock
	t.line("%s", machineWords(r))
	t.line("a pair of readings of the clock: %s ns (%s to %s), in steps of %s ns", Nanos(c.CostNS), Nanos(c.LowNS), Nanos(c.HighNS), Nanos(c.ResolutionNS))
	t.latency(part)
	t.openLoop(part)
	return t.err
}
