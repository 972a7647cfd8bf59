package engine_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
)

// torn is a recording of which only the first rows can be read.
type torn struct {
	rows []sim.TraceRow
	most int
}

var errTorn = errors.New("torn")

// Open implements sim.Trace.
func (t torn) Open() sim.TraceRows { return &tornRows{left: t} }

type tornRows struct {
	left torn
	err  error
}

// Next implements sim.TraceRows.
func (r *tornRows) Next(row *sim.TraceRow) bool {
	if len(r.left.rows) == 0 {
		return false
	}
	if r.left.most == 0 {
		r.err = errTorn
		return false
	}
	*row = r.left.rows[0]
	r.left.rows, r.left.most = r.left.rows[1:], r.left.most-1
	return true
}

// Err implements sim.TraceRows.
func (r *tornRows) Err() error { return r.err }

// TestTornTrace tears the trace of one of two senders after n rows, for all n:
// whether their accounts are one part or two, the run stops at the next sample
// of all, and up to the row that is lost it is the run that it would be. A trace
// that is torn after its last row is whole.
func TestTornTrace(t *testing.T) {
	const rows, gap = 12, 23 * time.Minute
	list := make(simtest.Recording, rows)
	for i := range list {
		list[i] = sim.TraceRow{At: time.Duration(i) * gap, Count: 1 + i%3}
	}
	for n := range rows + 1 {
		cfg := beside(traffic(t, 2, 50_000, 20_000), traffic(t, 2, 50_000, 20_000))
		cfg.Horizon = 5 * time.Hour
		cfg.Senders[1].Traffic = sim.Traffic{Kind: sim.Recorded, Trace: torn{list, n}}
		var undivided *sim.Result
		for _, hooks := range []sim.Hooks{{Undivided: true}, {Workers: 1}, {Workers: 2}} {
			got, err := engine.Run(cfg, hooks)
			if n == rows {
				if err != nil || got.Interrupted || got.End != cfg.Horizon || got.Senders[1].Messages != rows {
					t.Errorf("whole: %v at %v, interrupted: %v", err, got.End, got.Interrupted)
				}
				continue
			}
			last := time.Duration(max(n-1, 0)) * gap
			if !errors.Is(err, sim.ErrTrace) || !errors.Is(err, errTorn) || !got.Interrupted || got.Senders[1].Messages != int64(n) {
				t.Errorf("after %d rows: %v, interrupted: %v, %d messages", n, err, got.Interrupted, got.Senders[1].Messages)
			}
			if got.End < last || got.End > last+15*time.Minute {
				t.Errorf("after %d rows, the last at %v, the run ends at %v", n, last, got.End)
			}
			if undivided == nil {
				undivided = got
			} else if !reflect.DeepEqual(got, undivided) {
				t.Errorf("after %d rows: in parts the result is another", n)
			}
		}
	}
}
