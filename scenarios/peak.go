package scenarios

import (
	"cmp"
	"slices"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

// maxPeaks is the maximum number of peaks of a sender.
const maxPeaks = 1000

// peak is a time in which a sender's rate or pace is multiplied.
type peak struct {
	at, lasts time.Duration
	factor    int64 // in thousandths
	node      *tree.Node
	path      string
}

// peakTable binds the keys of a [[sender.peak]].
func (l *loader) peakTable(p *peak) keys.Table {
	return keys.Table{Fields: []keys.Field{
		keys.Required("at", keys.Moment{To: &p.at, Run: &l.cfg}, "when it begins"),
		keys.Required("for", keys.Duration{To: &p.lasts, Least: 1, Most: unit.MaxDuration}, "how long it lasts"),
		keys.Required("factor", keys.Milli{To: &p.factor, Most: sender.MaxPeak / 1000}, "multiplies the rate or the pace; 0: nothing is due"),
	}}
}

// peaks reads the peaks of a sender.
func (l *loader) peaks(to *[]peak) keys.Several {
	return keys.Several{
		Most: maxPeaks,
		One: func(n *tree.Node, path string) {
			p := peak{node: n, path: path}
			l.peakTable(&p).Read(l.Reporter, n, path)
			*to = append(*to, p)
		},
		Keys: func() keys.Table { return l.peakTable(&peak{}) },
	}
}

// addPeaks puts the peaks of a sender into its calendar.
func (l *loader) addPeaks(s *sim.Sender, peaks []peak, n *tree.Node, path string) {
	if len(peaks) == 0 {
		return
	}
	if s.Traffic.Kind == sim.Recorded {
		l.WrongKey(n.Table["peak"], tree.Join(path, "peak"), "", "a trace says itself when its messages are due: leave the key out")
		return
	}
	if s.Traffic.Calendar == nil {
		s.Traffic.Calendar = l.calendar(newCalendar())
	}
	slices.SortStableFunc(peaks, func(a, b peak) int { return cmp.Compare(a.at, b.at) })
	var steps []sim.Step
	for i, p := range peaks {
		end := p.at + p.lasts
		if i+1 < len(peaks) && peaks[i+1].at < end {
			next := &peaks[i+1]
			l.WrongKey(next.node, next.path, "", "it begins before the peak at %s ends, at %s", unit.FormatDuration(p.at), unit.FormatDuration(end))
			return
		}
		steps = append(steps, sim.Step{From: p.at, Times: uint64(p.factor) * 1000})
		if i+1 == len(peaks) || peaks[i+1].at > end {
			steps = append(steps, sim.Step{From: end, Times: 1_000_000})
		}
	}
	s.Traffic.Calendar.Peaks = steps
}

// beginRamp counts the steps of a ramp from the begin of its sender on. Those that are
// whole days apart keep the local time.
func beginRamp(s *sim.Sender) {
	c := s.Traffic.Calendar
	if c == nil {
		return
	}
	days := !slices.ContainsFunc(c.Ramp, func(p sim.Step) bool { return p.From%unit.Day != 0 })
	for i := range c.Ramp {
		if at := &c.Ramp[i].From; days {
			*at = c.Later(s.Begin, *at)
		} else {
			*at += s.Begin
		}
	}
}
