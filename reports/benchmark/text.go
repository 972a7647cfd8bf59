package benchmark

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"sesim/reports/wording"
)

// Write writes a report as text.
func Write(w io.Writer, r *Report) error {
	t := &text{w: w}
	t.head(r)
	t.decisions(r)
	t.latency(r)
	t.openLoop(r)
	t.memory(r)
	t.simulations(r)
	t.replications(r)
	t.growth(r)
	t.notes(r)
	return t.err
}

// text keeps the first error of its writer.
type text struct {
	w   io.Writer
	err error
}

func (t *text) line(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format+"\n", args...)
	}
}

// table writes rows under a title, right-aligned. The first row is the header.
func (t *text) table(title string, rows [][]string) {
	if len(rows) < 2 || t.err != nil {
		return
	}
	t.line("\n%s", title)
	tw := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		fmt.Fprintf(tw, "  %s\t\n", strings.Join(row, "\t"))
	}
	if err := tw.Flush(); err != nil && t.err == nil {
		t.err = err
	}
}

func (t *text) head(r *Report) {
	m, c, p := &r.Machine, &r.Clock, &r.Protocol
	status := ""
	if r.Status != Complete {
		status = " · " + r.Status
	}
	processor := m.Processor
	if processor == "" {
		processor = "unknown processor"
	}
	t.line("sesim bench · %s, %d cores, %s of memory, %s free · %s/%s, %s%s", processor, m.Cores,
		Bytes(float64(m.MemoryBytes)), Bytes(float64(m.FreeBytes)), m.OS, m.Arch, m.Go, status)
	if len(r.Decisions)+len(r.Latency) == 0 {
		return
	}
	t.line("%d rounds of %s decisions per core, subjects alternating. Figures are medians of the rounds: processor time on",
		p.Rounds, wording.Count(int64(p.PerRound)))
	t.line("one core, if the system reports it precisely, otherwise wall time.")
	t.line("%s of the addresses are listed; the 24-hour window holds %s mails.", wording.Percent(p.ListedShare), wording.Count(p.MailADay))
	t.line("Reading the clock takes %s ns (%s to %s), in steps of %s ns: shorter decisions are timed in batches.",
		Nanos(c.CostNS), Nanos(c.LowNS), Nanos(c.HighNS), Nanos(c.ResolutionNS))
}

// decisions writes a table for each number of cores, with and without a shared
// list.
func (t *text) decisions(r *Report) {
	for _, g := range Groups(r) {
		rows := [][]string{{
			"addresses", "order", "sesim ns", "M/s", "one by one ns", "reference ns", "times faster", "read ns", "times a read", "drawing ns",
		}}
		for _, c := range g.Cells {
			rows = append(rows, []string{
				wording.Count(c.Addresses), c.Order, c.Nanos(Model), wording.Decimal(c.By[Model].PerSecond/1e6, 1),
				c.Nanos(OneByOne), c.Nanos(Reference),
				Times(c.By[Model].TimesReference), c.Nanos(Read), Times(c.By[Model].TimesRead), c.Nanos(DrawAlone),
			})
		}
		t.table(g.Title(), rows)
		t.rungs(r, &g)
	}
}

// rungs writes what the rungs take, if a group has them, and what they do without.
func (t *text) rungs(r *Report, g *Group) {
	head := append([]string{"addresses", "order", "sesim ns", "one by one ns"}, Rungs()...)
	rows := [][]string{append(head, "sesim / fastest", "one by one / fastest")}
	for _, c := range g.Cells {
		if c.BestRung() == nil {
			continue
		}
		row := []string{wording.Count(c.Addresses), c.Order, c.Nanos(Model), c.Nanos(OneByOne)}
		for _, subject := range Rungs() {
			row = append(row, c.Nanos(subject))
		}
		one := 0.0
		if d := c.By[OneByOne]; d != nil {
			one = d.TimesBestRung
		}
		rows = append(rows, append(row, Ratio(c.By[Model].TimesBestRung), Ratio(one)))
	}
	t.table("Rungs: simpler compositions in the same rounds, in ns", rows)
	if len(rows) > 1 {
		t.line("  The rungs lack %s.", strings.Join(r.RungsLack, "; "))
	}
}

// Group holds the decisions with the same number of cores, with or without a
// shared global list.
type Group struct {
	Cores  int
	Shared bool
	Cells  []Cell
}

// Cell is a comparison of subjects on the same addresses.
type Cell struct {
	Addresses int64
	Order     string
	By        map[string]*Decision
}

// Title returns the title of the group's table.
func (g *Group) Title() string {
	cores := "one core"
	if g.Cores > 1 {
		cores = fmt.Sprintf("%d cores", g.Cores)
	}
	if g.Shared {
		return "The decision on " + cores + ", with a shared global list"
	}
	return "The decision on " + cores + ", nothing shared"
}

// Nanos returns the nanoseconds that a subject takes; a dash if it was not
// measured.
func (c *Cell) Nanos(subject string) string {
	if d := c.By[subject]; d != nil {
		return Nanos(d.NS)
	}
	return "–"
}

// BestRung returns the fastest rung, or nil if none was measured.
func (c *Cell) BestRung() *Decision {
	var best *Decision
	for _, subject := range Rungs() {
		if d := c.By[subject]; d != nil && (best == nil || d.NS < best.NS) {
			best = d
		}
	}
	return best
}

// Groups returns the decisions in groups, in the order in which they were
// measured.
func Groups(r *Report) []Group {
	var list []Group
	for i := range r.Decisions {
		d := &r.Decisions[i]
		g := groupOf(&list, d)
		if n := len(g.Cells); n == 0 || g.Cells[n-1].Addresses != d.Addresses || g.Cells[n-1].Order != d.Order {
			g.Cells = append(g.Cells, Cell{d.Addresses, d.Order, map[string]*Decision{Model: {}}})
		}
		g.Cells[len(g.Cells)-1].By[d.Subject] = d
	}
	return list
}

func groupOf(list *[]Group, d *Decision) *Group {
	for i := range *list {
		if g := &(*list)[i]; g.Cores == d.Cores && g.Shared == d.Shared {
			return g
		}
	}
	*list = append(*list, Group{Cores: d.Cores, Shared: d.Shared})
	return &(*list)[len(*list)-1]
}

func (t *text) latency(r *Report) {
	rows := [][]string{append(append([]string{"addresses", "", "timed"}, PercentileNames[:]...), "longest", "interruptions/s")}
	for _, l := range r.Latency {
		timed := "singly"
		if l.Batch > 1 {
			timed = strconv.Itoa(l.Batch) + " at a time"
		}
		row := append([]string{wording.Count(l.Addresses), l.Subject, timed}, Quantiles(l.Percentiles)...)
		rows = append(rows, append(row, Span(l.MaxNS), wording.Decimal(l.Interruptions.PerSecond, 0)))
	}
	t.table("Latency of consecutive decisions; ~: the empty control loop was delayed as well", rows)
}

func (t *text) openLoop(r *Report) {
	rows := [][]string{append([]string{"addresses", "", "target/s", "achieved/s", "time"}, PercentileNames[:]...)}
	for _, o := range r.OpenLoop {
		what := []string{wording.Count(o.Addresses), o.Subject, Rate(o.Rate), Rate(o.Achieved)}
		rows = append(rows, append(append(what, "service"), Quantiles(o.Service)...),
			append([]string{"", "", "", "", "response"}, Quantiles(o.Response)...))
	}
	t.table("Open loop at a fixed rate: service time from the start of a decision, response time from when it was due", rows)
}

// PercentileNames are the columns of a table of latencies.
var PercentileNames = [...]string{"50%", "90%", "99%", "99.9%", "99.99%"}

// Quantiles returns the cells under PercentileNames: a dash without a figure, and
// ~ before an inconclusive one.
func Quantiles(list []Quantile) []string {
	cells := make([]string, len(PercentileNames))
	for i := range cells {
		cells[i] = "–"
		if i < len(list) {
			cells[i] = Span(list[i].NS)
			if !list[i].Conclusive {
				cells[i] = "~" + cells[i]
			}
		}
	}
	return cells
}

func (t *text) memory(r *Report) {
	rows := [][]string{{
		"addresses", "listed", "known", "on the account-level list", "on the global list", "reference: text", "reference: entry",
	}}
	for _, m := range r.Memory {
		row := []string{wording.Count(m.Addresses), wording.Count(m.Listed)}
		for _, bytes := range []float64{m.KnownBytes, m.AccountBytes, m.GlobalBytes} {
			row = append(row, wording.Decimal(bytes, 2))
		}
		for _, bytes := range []float64{m.ReferenceText, m.ReferenceList} {
			if bytes == 0 {
				row = append(row, "–")
				continue
			}
			row = append(row, wording.Decimal(bytes, 1))
		}
		rows = append(rows, row)
	}
	t.table("Memory: live bytes per address, as counted by the runtime", rows)
}

func (t *text) simulations(r *Report) {
	rows := [][]string{{
		"scenario", "", "recipients", "seconds", "processor s", "recipients/s", "events/s", "times real time", "allocations", "peak",
		"reference takes", "one core takes",
	}}
	for _, s := range r.Simulations {
		events := "–"
		if s.Events > 0 {
			events = Rate(s.EventsPerSec)
		}
		rows = append(rows, []string{
			s.Scenario, s.Subject, wording.Count(s.Recipients),
			wording.Decimal(s.WallSeconds, 3), wording.Decimal(s.ProcessorSeconds, 3), Rate(s.PerSecond), events,
			Rate(s.SpeedUp), wording.Count(s.Allocations), Bytes(float64(s.PeakBytes)), Times(s.TimesReference), Times(s.TimesOneCore),
		})
	}
	t.table("Whole runs, including setup", rows)
}

func (t *text) replications(r *Report) {
	rows := [][]string{{
		"scenario", "replications", "cores", "seconds", "processor s", "one process a core, s", "processor s", "one core, s",
		"share of one process a core", "times one core",
	}}
	for _, v := range r.Replications {
		rows = append(rows, []string{
			v.Scenario, wording.Count(int64(v.Replications)), strconv.Itoa(v.Cores),
			wording.Decimal(v.WallSeconds, 3), wording.Decimal(v.ProcessorSeconds, 3),
			wording.Decimal(v.ProcessesWallSeconds, 3), wording.Decimal(v.ProcessesProcessorSeconds, 3), wording.Decimal(v.OneCoreWallSeconds, 3),
			Ratio(v.TimesProcesses), Ratio(v.TimesOneCore) + ", processes " + Ratio(v.ProcessesTimesOneCore),
		})
	}
	t.table("Replications: all cores of one process, a process for each core, and one core, in the same rounds", rows)
}

func (t *text) growth(r *Report) {
	rows := [][]string{{
		"", "size", "recipients", "seconds", "processor s", "ns a recipient", "times the size before", "live at the end", "peak",
	}}
	axis := ""
	for _, g := range r.Growth {
		name := ""
		if g.Axis != axis {
			name, axis = g.Axis, g.Axis
		}
		rows = append(rows, []string{
			name, wording.Count(g.Size), wording.Count(g.Recipients),
			wording.Decimal(g.WallSeconds, 3), wording.Decimal(g.ProcessorSeconds, 3), Nanos(g.NS), Ratio(g.TimesBefore),
			Bytes(float64(g.LiveBytes)), Bytes(float64(g.PeakBytes)),
		})
	}
	t.table("Growth: runs of growing size, with the processor time of each recipient", rows)
	for i := range r.GrowthAxes {
		if text := r.GrowthAxes[i].Finding(); text != "" {
			t.line("  %s.", text)
		}
	}
	if text := r.GrowthVerdict(); text != "" {
		t.line("  %s.", text)
	}
}

func (t *text) notes(r *Report) {
	if len(r.Notes) > 0 {
		t.line("")
	}
	for _, n := range r.Notes {
		t.line("Note: %s.", n)
	}
	t.line("\nTook %s s.", wording.Decimal(r.WallSeconds, 0))
}

// Nanos returns nanoseconds with significant digits.
func Nanos(ns float64) string {
	if ns >= 100 {
		return wording.Decimal(ns, 0)
	}
	return wording.Decimal(ns, 1)
}

// Span returns nanoseconds in a suitable unit.
func Span(ns float64) string {
	switch {
	case ns >= 1e9:
		return wording.Decimal(ns/1e9, 2) + " s"
	case ns >= 1e6:
		return wording.Decimal(ns/1e6, 2) + " ms"
	case ns >= 1e3:
		return wording.Decimal(ns/1e3, 1) + " µs"
	}
	return Nanos(ns) + " ns"
}

// Rate returns a rate a second, abbreviated: 12.3 M.
func Rate(perSecond float64) string {
	switch {
	case perSecond >= 1e7:
		return wording.Decimal(perSecond/1e6, 1) + " M"
	case perSecond >= 1e6:
		return wording.Decimal(perSecond/1e6, 2) + " M"
	case perSecond >= 1e4:
		return wording.Decimal(perSecond/1e3, 0) + " k"
	}
	return wording.Decimal(perSecond, 0)
}

// Bytes returns an amount of memory in a suitable unit.
func Bytes(n float64) string {
	switch {
	case n >= 1<<30:
		return wording.Decimal(n/(1<<30), 1) + " GiB"
	case n >= 1<<20:
		return wording.Decimal(n/(1<<20), 1) + " MiB"
	}
	return wording.Decimal(n/(1<<10), 1) + " KiB"
}

// Ratio returns a ratio near 1, with two decimal places; a dash if it was not measured.
func Ratio(ratio float64) string {
	if ratio == 0 {
		return "–"
	}
	return wording.Decimal(ratio, 2)
}

// Times returns a ratio; a dash if it was not measured.
func Times(ratio float64) string {
	if ratio == 0 {
		return "–"
	}
	return wording.Decimal(ratio, 1)
}
