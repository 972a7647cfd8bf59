package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"time"

	"sesim/reports/benchmark"
	"sesim/sim"
	"sesim/sim/engine"
)

// LeastGrowth is the smallest number of recipients that a growth may end at: every
// axis has a run of no more.
const LeastGrowth = 100_000

// growth runs more and more of each axis, so that what one recipient takes can be
// compared from size to size.
func (s *session) growth() error {
	for _, a := range s.axes() {
		if err := s.growAlong(&a, func(size int64) (grown, error) { return s.growOnce(a.config(size)) }); err != nil {
			return err
		}
	}
	return s.growTraces()
}

// grown is a run of a growth, while what it holds is alive.
type grown struct {
	took
	config     *sim.Config
	recipients int64
	live       int64 // bytes of the heap at the end; 0: not looked at
}

// growAlong measures an axis, as far as memory allows.
func (s *session) growAlong(a *axis, run func(size int64) (grown, error)) error {
	first := len(s.report.Growth)
	for _, size := range a.sizes(s.GrowTo) {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if !s.hasRoom(s.report.Growth[first:], a, size) {
			break
		}
		s.Say("growth: %s: %s", a.name, short(size))
		row, err := s.growRow(size, run)
		if s.ctx.Err() != nil {
			break
		}
		if file, is := errors.AsType[*fs.PathError](err); is {
			s.note(fmt.Sprintf("%s %s: all left out; %v", short(size), a.name, file))
			break
		}
		if err != nil {
			return fmt.Errorf("growth: %s %s: %w", short(size), a.name, err)
		}
		row.Axis = a.name
		s.report.AddGrowth(row)
	}
	return s.ctx.Err()
}

// hasRoom reports whether half of the free memory is enough for the next size of an
// axis, as its sizes so far let expect: the peak grows on as between the last two of
// them, or with the size. If not, it notes that.
func (s *session) hasRoom(rows []benchmark.Growth, a *axis, size int64) bool {
	if len(rows) == 0 {
		return true
	}
	last := &rows[len(rows)-1]
	slope := float64(last.PeakBytes) / float64(last.Size)
	if len(rows) > 1 {
		before := &rows[len(rows)-2]
		slope = float64(last.PeakBytes-before.PeakBytes) / float64(last.Size-before.Size)
	}
	need := last.PeakBytes + int64(max(slope, 0)*float64(size-last.Size))
	_, free := memory()
	if need <= free/2 {
		return true
	}
	s.note(leftOut(short(size)+" "+a.name, "all", need, free))
	return false
}

// growRow measures one size of an axis, as often as a scenario. In the first round the
// memory is measured; the others keep what they have.
func (s *session) growRow(size int64, run func(size int64) (grown, error)) (benchmark.Growth, error) {
	row := benchmark.Growth{Size: size}
	var walls, works []float64
	began := time.Now()
	for row.Rounds < s.Rounds && (row.Rounds == 0 || time.Since(began) < s.SimulateFor) {
		before := int64(0)
		if row.Rounds == 0 {
			resetPeak()
			before = live()
		} else {
			runtime.GC()
		}
		g, err := run(size)
		if err != nil || s.ctx.Err() != nil {
			return row, err
		}
		if row.Rounds == 0 {
			row.Recipients, row.VirtualSeconds = g.recipients, g.config.Horizon.Seconds()
			for i := range g.config.Audiences {
				row.Addresses += g.config.Audiences[i].Most()
			}
			row.PeakBytes, row.LiveBytes = peak(), g.live-before
		}
		walls, works = append(walls, g.wall.Seconds()), append(works, g.work.Seconds())
		row.Rounds++
	}
	row.WallSeconds, row.ProcessorSeconds = median(walls), median(works)
	row.PerSecond = float64(row.Recipients) / row.WallSeconds
	return row, nil
}

// growOnce runs a configuration. Its live memory is measured in its last tick, and the
// time which that takes does not count.
func (s *session) growOnce(config *sim.Config) (grown, error) {
	g, w := grown{config: config}, startStopwatch()
	result, err := engine.Run(*config, sim.Hooks{Tick: func(p sim.Progress) bool {
		if p.Now == config.Horizon {
			w.pause(func() { g.live = live() })
		}
		return s.ctx.Err() == nil
	}})
	g.took = w.stop()
	if err != nil {
		return g, err
	}
	runtime.KeepAlive(result)
	for i := range result.Accounts {
		g.recipients += result.Accounts[i].Recipients
	}
	return g, nil
}
