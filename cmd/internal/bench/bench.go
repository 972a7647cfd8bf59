package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"sesim/cmd/internal/bench/rungs"
	"sesim/reports/benchmark"
)

// Result is what Run measured: the report, and the latencies it was made from.
type Result struct {
	Report *benchmark.Report
	Traces []Trace
	Base   time.Time // that the traces' times are counted from
}

// What names the parts that Run can measure.
type What uint8

// The parts.
const (
	Decisions What = 1 << iota // speed, memory and latency of the decision
	Simulations
	Growth
)

// Run measures. When ctx ends it stops soon, and returns what it has with the
// status Interrupted. An error says that something could not be measured at
// all; the result holds what was, with the status Failed.
func Run(ctx context.Context, o Options, what What) (*Result, error) {
	s := &session{Options: o, ctx: ctx, began: time.Now(), clock: calibrate()}
	s.report = &benchmark.Report{
		Version: benchmark.Version, Status: benchmark.Complete, Command: o.Command, Sesim: o.Version, Notes: []string{},
		Machine: machine(o.Cores), Clock: s.clock.report(), Protocol: s.protocol(),
	}
	s.warn()
	var err error
	// Whole runs first, as in a program of their own: what follows upon the
	// decisions, which take and give back gigabytes, is slower for a while.
	for _, part := range []struct {
		of What
		do func() error
	}{{Simulations, s.simulations}, {Simulations, s.replications}, {Decisions, s.decisions}, {Growth, s.growth}} {
		if what&part.of != 0 && err == nil && ctx.Err() == nil {
			err = part.do()
		}
	}
	if ctx.Err() != nil {
		s.report.Status = benchmark.Interrupted
		if errors.Is(err, ctx.Err()) {
			err = nil
		}
	}
	if err != nil {
		s.report.Status = benchmark.Failed
	}
	s.report.WallSeconds = time.Since(s.began).Seconds()
	return &Result{s.report, s.traces, s.clock.base}, err
}

func (s *session) protocol() benchmark.Protocol {
	return benchmark.Protocol{
		Rounds: s.Rounds, PerRound: s.PerRound, LookAhead: lookAhead, ListedShare: 1.0 / listedEvery,
		MailADay: s.MailADay, QuotaADay: s.quota(), SampleEvery: sampleEvery,
		OpenLoopNanos: int64(s.RateFor), SimulationFor: int64(s.SimulateFor),
	}
}

// warn notes what makes all figures of this call weaker.
func (s *session) warn() {
	if s.Rounds < 5 {
		s.note(fmt.Sprintf("only %d rounds: a median of fewer than five says little", s.Rounds))
	}
	if m := &s.report.Machine; m.Load > float64(m.Cores)/2 {
		s.note(fmt.Sprintf("other programs kept the machine busy, %.1f of them at a time for %d cores: "+
			"wall times, latencies beyond 99%% and figures on several cores are partly theirs", m.Load, m.Cores))
	}
	if runtime.GOMAXPROCS(0) == 1 {
		s.note("one core: nothing was measured on several")
	}
}

// decisions measures the decision on each number of addresses that fits.
func (s *session) decisions() error {
	for _, n := range s.Addresses {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		fit := s.fits(n)
		if !fit.model {
			continue
		}
		if err := s.decisionsOn(n, fit.reference); err != nil {
			return err
		}
		release()
	}
	return nil
}

func (s *session) decisionsOn(n int64, withReference bool) error {
	s.Say("%s addresses: memory", short(n))
	texts := s.measureMemory(n, withReference)
	sides := s.build(n, texts)
	s.report.RungsLack = rungs.Lacks()
	for _, c := range s.comparisons(n) {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		s.Say("%s addresses: %s", short(n), c)
		s.compare(sides, c)
	}
	s.Say("%s addresses: latency", short(n))
	if err := s.latency(sides); err != nil {
		return err
	}
	if n == s.openLoopSize() {
		s.Say("%s addresses: open loop at %s a second", short(n), shortRate(s.Rate))
		return s.openLoop(sides)
	}
	return nil
}
