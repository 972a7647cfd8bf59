package study

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"slices"
	"time"

	"sesim/reports/events"
	"sesim/reports/statistics"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/estimate"
	"sesim/sim/replicate"
)

// load is what a study takes: its runs, each with the counts of one of some
// configurations.
type load struct {
	runs    int
	workers int
	report  bool
	configs []*sim.Config // a sample of them
	counts  []estimate.Counts
	kept    int64 // bytes that are kept of each run until the end
}

// sampledCells is how many cells of a sweep are looked at, evenly spaced.
const sampledCells = 50

// add adds a configuration to the sample.
func (l *load) add(c *sim.Config) {
	l.configs = append(l.configs, c)
	l.counts = append(l.counts, estimate.Of(c, engine.Partitions(c)))
}

// load returns what a run, its replications or its sweep take.
func (r *runner) load() (*load, error) {
	_, cells, runs := r.planned()
	l := &load{runs: runs, workers: min(runtime.GOMAXPROCS(0), max(runs, 1)), report: !r.JSON || r.Dir != ""}
	step := max(1, len(cells)/sampledCells)
	for i := 0; i < len(cells); i += step {
		config, _, err := r.Study.Load(cells[i])
		if err != nil {
			return nil, err
		}
		l.add(config)
	}
	if runs > 1 && len(l.configs) > 0 {
		l.kept = keptOf(l.configs[0], len(r.Study.Keys) == 0, r.Study.Rule)
	}
	return l, nil
}

// keptOf returns the bytes that are kept of each run until the end.
func keptOf(c *sim.Config, curves bool, rule replicate.Rule) int64 {
	f := replicate.NewFrame(c, curves, rule)
	return estimate.Kept(&f)
}

// largest returns the configuration of which a run holds the most.
func (l *load) largest() *estimate.Counts {
	most := &l.counts[0]
	for i := range l.counts {
		if l.counts[i].World() > most.World() {
			most = &l.counts[i]
		}
	}
	return most
}

// bytes returns the peak resident set of the process; 0 without runs.
func (l *load) bytes() int64 {
	if len(l.counts) == 0 || l.runs == 0 {
		return 0
	}
	return l.largest().Peak(estimate.Process{
		Runs: l.runs, Workers: l.workers, Kept: l.kept * int64(l.runs), Report: l.report,
		Headroom: float64(int64(setting("/gc/gogc:percent"))) / 100, Limit: int64(setting("/gc/gomemlimit:bytes")),
	})
}

// setting reads a setting of the Go runtime.
func setting(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}

// sum returns the counts of all runs.
func (l *load) sum() estimate.Counts {
	var sum estimate.Counts
	for i := range l.counts {
		sum.Add(&l.counts[i])
	}
	sum.Scale(l.runs, len(l.counts))
	return sum
}

// work returns the work of all runs and of the report.
func (l *load) work() float64 {
	w := 0.0
	for i := range l.counts {
		w += l.counts[i].Work()
	}
	w *= float64(l.runs) / float64(max(len(l.counts), 1))
	if l.report && l.runs > 0 {
		w += l.counts[0].ReportWork()
	}
	return w
}

// parallel returns how many cores the runs keep busy.
func (l *load) parallel() int {
	if l.runs > 1 || len(l.counts) == 0 {
		return l.workers
	}
	return min(runtime.GOMAXPROCS(0), int(l.counts[0].Partitions))
}

// The sample of a dry run: how much work it should be, in nanoseconds of the table of
// costs, and when it is stopped in any case.
const (
	sampleWork = 1e9
	sampleMost = 8 * time.Second
)

// seconds returns the processor time of all runs: the work that is foreseen, at the
// speed of a sample of it. The options say what else each run writes.
func (s *System) seconds(ctx context.Context, l *load, o *RecordOptions) (total, sampled float64, err error) {
	var one, work, took float64
	last := len(l.configs) - 1
	samples := slices.Compact([]int{0, last / 2, last})
	for _, i := range samples {
		m, err := s.sample(ctx, l.configs[i], &l.counts[i], o)
		if err != nil {
			return 0, 0, err
		}
		one += m.setup.Seconds()
		took += m.running.Seconds()
		work += m.work
		sampled += (m.setup + m.running).Seconds()
	}
	speed := took / max(work, 1)
	total = one/float64(len(samples))*float64(l.runs) + speed*l.work()
	return total, sampled, nil
}

// measurement is the processor time of a sample, and the work of what followed the
// setup.
type measurement struct {
	setup, running time.Duration
	work           float64
}

// sample runs a configuration for a short part of its horizon.
func (s *System) sample(ctx context.Context, c *sim.Config, whole *estimate.Counts, o *RecordOptions) (m measurement, err error) {
	part, n := shortened(c, *whole)
	hooks, err := discarding(o, part)
	if err != nil {
		return m, err
	}
	began, busy, ready := s.Clock(), s.busy(), time.Duration(-1)
	hooks.Workers = 1
	hooks.Tick = func(sim.Progress) bool {
		if ready < 0 {
			ready = s.busy()
		}
		return s.Clock()-began < sampleMost && ctx.Err() == nil
	}
	result, err := engine.Run(*part, hooks)
	if err != nil {
		return m, err
	}
	m.setup, m.running = ready-busy, s.busy()-ready
	if result.Interrupted && result.End > 0 {
		part.Horizon = result.End
		n = estimate.Of(part, int(n.Partitions))
	}
	m.work = n.Work()
	return m, nil
}

// shortened returns a configuration with a horizon within which there is about as much
// work as a sample needs, and its counts.
func shortened(c *sim.Config, n estimate.Counts) (*sim.Config, estimate.Counts) {
	part := *c
	part.Thresholds = nil
	for range 8 { // work grows with time, if not evenly
		if n.Work() < 2*sampleWork || part.Horizon <= time.Second {
			break
		}
		part.Horizon = max(time.Second, time.Duration(float64(part.Horizon)*sampleWork/n.Work()))
		n = estimate.Of(&part, int(n.Partitions))
	}
	return &part, n
}

// busy returns the processor time of the process, which other processes do not change,
// or the time where that is not known.
func (s *System) busy() time.Duration {
	if t := processorTime(); t > 0 {
		return t
	}
	return s.Clock()
}

// discarding returns hooks that make the records of a run and discard them.
func discarding(o *RecordOptions, c *sim.Config) (hooks sim.Hooks, err error) {
	if len(o.names()) == 0 {
		return hooks, nil
	}
	r := &recordFiles{}
	if o.Events != "" || o.Refusals != "" {
		style, err := events.ParseStyle(o.Style)
		if err != nil {
			return hooks, Usagef("--event-style: %v", err)
		}
		r.events = events.New(io.Discard, c, style)
		if o.Refusals != "" {
			r.events.Refusals(io.Discard)
		}
	}
	if o.Statistics != "" {
		r.statistics = statistics.New(c)
	}
	hooks.Observer = r
	return hooks, nil
}

// fits compares what runs will hold with what the system has left: it warns if that
// is less, and returns an error if a limit makes the runs fail. The name is that of
// the scenario. What makes of fail is left to the runs themselves.
func (s *System) fits(name string, of func() (*load, error)) error {
	l, err := of()
	if err != nil {
		return nil // the runs end with it
	}
	need := l.bytes()
	if need < leastMemory {
		return nil
	}
	warning, err := systemRoom().check(need)
	if err != nil {
		return &Error{Internal, fmt.Errorf("%s: %w; %s", name, err, l.help())}
	}
	if warning != "" {
		fmt.Fprintf(s.Err, "sesim: warning: %s: %s; %s\n", name, warning, l.help())
	}
	return nil
}

// help says what makes the runs need less.
func (l *load) help() string {
	if l.runs > 1 && l.workers > 1 {
		return "fewer runs at a time need less: set GOMAXPROCS=1"
	}
	return "a shorter horizon or fewer accounts, senders or addresses need less, and GOGC=25 saves a part"
}
