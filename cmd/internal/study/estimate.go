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
	"sesim/sim/assumptions"
	"sesim/sim/engine"
	"sesim/sim/forecast"
	"sesim/sim/replicate"
)

// load is what runs of one kind take, each with the counts of one of some
// configurations.
type load struct {
	runs    int
	workers int
	report  bool
	configs []*sim.Config // a sample of them
	counts  []forecast.Counts
	kept    int64                                  // bytes that are kept of each run until the end
	observe func(c *sim.Config) (sim.Hooks, error) // that observe each run; nil: none
}

// loads are what a study takes, one after the other.
type loads []*load

// sampledCells is how many cells of a sweep are looked at, evenly spaced.
const sampledCells = 50

// add adds a configuration to the sample.
func (l *load) add(c *sim.Config) {
	l.configs = append(l.configs, c)
	l.counts = append(l.counts, forecast.Of(c, engine.Partitions(c)))
}

// load returns what a run, its replications or its sweep take, and what examining its
// verdicts does.
func (r *runner) load() (loads, error) {
	_, cells, runs := r.planned()
	l := &load{runs: runs, workers: min(runtime.GOMAXPROCS(0), max(runs, 1)), report: !r.JSON || r.Dir != ""}
	l.observe = func(c *sim.Config) (sim.Hooks, error) { return r.discarding(c) }
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
	if len(l.configs) == 0 {
		return loads{l}, nil
	}
	settings := r.examination().foreseen(&l.counts[0])
	return loads{l, l.again(settings * min(runs, assumptions.MaxSeeds))}, nil
}

// again returns the load of further runs, on all workers, without a report.
func (l *load) again(runs int) *load {
	return &load{runs: runs, workers: min(runtime.GOMAXPROCS(0), max(runs, 1)), configs: l.configs, counts: l.counts}
}

// keptOf returns the bytes that are kept of each run until the end.
func keptOf(c *sim.Config, curves bool, rule replicate.Rule) int64 {
	f := replicate.NewFrame(c, curves, rule)
	return forecast.Kept(&f)
}

// largest returns the configuration of which a run holds the most.
func (l *load) largest() *forecast.Counts {
	most := &l.counts[0]
	for i := range l.counts {
		if l.counts[i].World() > most.World() {
			most = &l.counts[i]
		}
	}
	return most
}

// bytes returns the peak resident set of the process; 0 without runs.
func (s *System) bytes(list loads) int64 {
	var most int64
	for _, l := range list {
		if len(l.counts) == 0 || l.runs == 0 {
			continue
		}
		p := forecast.Process{
			Runs: l.runs, Workers: l.workers, Kept: l.kept * int64(l.runs), Report: l.report,
			Headroom: float64(int64(setting("/gc/gogc:percent"))) / 100, Limit: int64(setting("/gc/gomemlimit:bytes")),
		}
		if !s.collectorSet() {
			p.Relaxed, p.Small = float64(relaxedPercent)/100, smallHeap
			p.Most, p.Tight = mostGarbage, float64(tightPercent)/100
		}
		most = max(most, l.largest().Peak(p))
	}
	return most
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

// runs returns the number of all runs.
func (list loads) runs() int {
	runs := 0
	for _, l := range list {
		runs += l.runs
	}
	return runs
}

// sum returns the counts of all runs.
func (list loads) sum() forecast.Counts {
	var sum forecast.Counts
	for _, l := range list {
		var of forecast.Counts
		for i := range l.counts {
			of.Add(&l.counts[i])
		}
		of.Scale(l.runs, len(l.counts))
		sum.Add(&of)
	}
	return sum
}

// work returns the work of all runs, without a report.
func (l *load) work() float64 {
	w := 0.0
	for i := range l.counts {
		w += l.counts[i].Work()
	}
	return w * float64(l.runs) / float64(max(len(l.counts), 1))
}

// parallel returns how many cores the runs keep busy.
func (l *load) parallel() int {
	if l.runs > 1 || len(l.counts) == 0 {
		return l.workers
	}
	return min(runtime.GOMAXPROCS(0), int(l.counts[0].Partitions))
}

// The sample of a dry run: how much work it should be, in nanoseconds of the table of
// costs, when it is stopped in any case, and how long short runs are repeated, as the
// first ones take longer.
const (
	sampleWork = 1e9
	sampleMost = 8 * time.Second
	warm       = 200 * time.Millisecond
)

// seconds adds the processor time of all runs to the estimate, the work that is
// foreseen at the speed of a sample of it, and what remains of it with all workers.
func (s *System) seconds(ctx context.Context, list loads) (cpu, wall, sampled float64, err error) {
	for _, l := range list {
		if l.runs == 0 || len(l.counts) == 0 {
			continue
		}
		runs, report, took, err := s.secondsOf(ctx, l)
		if err != nil {
			return 0, 0, 0, err
		}
		cpu, wall, sampled = cpu+runs+report, wall+runs/float64(max(l.parallel(), 1))+report, sampled+took
	}
	return cpu, wall, sampled, nil
}

// secondsOf returns the processor time of the runs of a load, and of their report,
// which observing the runs does not change.
func (s *System) secondsOf(ctx context.Context, l *load) (runs, report, sampled float64, err error) {
	if l.runs > 1 {
		defer s.manyRuns()()
	}
	all, err := s.samples(ctx, l, l.observe)
	if err != nil {
		return 0, 0, 0, err
	}
	runs = all.setup*float64(l.runs) + all.speed*l.work()
	if l.report {
		plain := all
		if l.observe != nil {
			if plain, err = s.samples(ctx, l, nil); err != nil {
				return 0, 0, 0, err
			}
		}
		report = plain.speed * l.counts[0].ReportWork()
	}
	return runs, report, all.took, nil
}

// speeds are what samples of a load took, in seconds of processor time: a setup, and
// a unit of work.
type speeds struct{ setup, speed, took float64 }

// samples measures some configurations of a load. Short runs of which there are many
// are repeated.
func (s *System) samples(ctx context.Context, l *load, observe func(*sim.Config) (sim.Hooks, error)) (of speeds, err error) {
	var work, took float64
	last, n := len(l.configs)-1, 0
	list := slices.Compact([]int{0, last / 2, last})
	for began := s.busy(); n < len(list) || n < l.runs && s.busy()-began < warm; n++ {
		i := list[n%len(list)]
		m, err := s.sample(ctx, l.configs[i], &l.counts[i], observe)
		if err != nil {
			return of, err
		}
		of.setup += m.setup.Seconds()
		took += m.running.Seconds()
		work += m.work
	}
	return speeds{of.setup / float64(n), took / max(work, 1), of.setup + took}, nil
}

// measurement is the processor time of a sample, and the work of what followed the
// setup.
type measurement struct {
	setup, running time.Duration
	work           float64
}

// sample runs a configuration for a short part of its horizon.
func (s *System) sample(
	ctx context.Context, c *sim.Config, whole *forecast.Counts, observe func(*sim.Config) (sim.Hooks, error),
) (m measurement, err error) {
	part, n := shortened(c, *whole)
	hooks := sim.Hooks{}
	if observe != nil {
		if hooks, err = observe(part); err != nil {
			return m, err
		}
	}
	hooks.Workers = 1
	began, busy, ready := s.Clock(), s.busy(), time.Duration(-1)
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
		n = forecast.Of(part, int(n.Partitions))
	}
	m.work = n.Work()
	return m, nil
}

// shortened returns a configuration with a horizon within which there is about as much
// work as a sample needs, and its counts.
func shortened(c *sim.Config, n forecast.Counts) (*sim.Config, forecast.Counts) {
	part := *c
	part.Thresholds = nil
	for range 8 { // work grows with time, if not evenly
		if n.Work() < 2*sampleWork || part.Horizon <= time.Second {
			break
		}
		part.Horizon = max(time.Second, time.Duration(float64(part.Horizon)*sampleWork/n.Work()))
		n = forecast.Of(&part, int(n.Partitions))
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

// discarding returns hooks that make the records of a run and discard them, if any are
// asked for.
func (o *RecordOptions) discarding(c *sim.Config) (sim.Hooks, error) {
	if len(o.names()) == 0 {
		return sim.Hooks{}, nil
	}
	r := &recordFiles{}
	if o.Events != "" || o.Refusals != "" {
		style, err := events.ParseStyle(o.Style)
		if err != nil {
			return sim.Hooks{}, Usagef("--event-style: %v", err)
		}
		r.events = events.New(io.Discard, c, style)
		if o.Refusals != "" {
			r.events.Refusals(io.Discard)
		}
	}
	if o.Statistics != "" {
		r.statistics = statistics.New(c)
	}
	return r.hooks(o), nil
}

// fits compares what runs will hold with what the system has left: it warns if that
// is less, and returns an error if a limit makes the runs fail. The name is that of
// the scenario. What makes of fail is left to the runs themselves.
func (s *System) fits(name string, of func() (loads, error)) error {
	list, err := of()
	if err != nil {
		return nil // the runs end with it
	}
	need := s.bytes(list)
	if need < leastMemory {
		return nil
	}
	warning, err := systemRoom().check(need)
	if err != nil {
		return &Error{Internal, fmt.Errorf("%s: %w; %s", name, err, list.help())}
	}
	if warning != "" {
		fmt.Fprintf(s.Err, "sesim: warning: %s: %s; %s\n", name, warning, list.help())
	}
	return nil
}

// help says what makes the runs need less.
func (list loads) help() string {
	if l := list[0]; l.runs > 1 && l.workers > 1 {
		return "fewer runs at a time need less: set GOMAXPROCS=1"
	}
	return "a shorter horizon or fewer accounts, senders or addresses need less, and GOGC=10 saves a part"
}
