package assumptions_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/criteria"
	"sesim/sim/engine"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// show writes all of an outcome that a report has.
func show(s *assumptions.Study, out *assumptions.Outcome) string {
	var b strings.Builder
	fmt.Fprintln(&b, out.Own, out.Seeds, out.SeedsHold, out.Incomplete, out.Runs, turnsOf(s, out))
	for _, setting := range slices.Concat(out.Each, out.Joint) {
		for _, c := range setting.Choices {
			fmt.Fprint(&b, s.Parameters[c.Parameter].Name, " ", c.Value.Text, " ")
		}
		fmt.Fprintln(&b, setting.Verdicts, setting.Track.Refused, setting.Track.Timeline)
	}
	return b.String()
}

// TestSameOnAnyNumberOfWorkers tries the same scenario on one worker and on several.
func TestSameOnAnyNumberOfWorkers(t *testing.T) {
	cfg := list(t, 3000, 12*unit.Percent, 25*day, "acme.count.paused == 0", "acme.bounce_rate.max < 12%")
	want := ""
	for _, workers := range []int{1, 2, 7} {
		s := study(t, cfg)
		got := show(s, tried(t, s, assumptions.Options{Workers: workers, Joint: 20, Turns: true}))
		if want == "" {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d workers (-one +several):\n%s", workers, diff)
		}
	}
}

// TestProgressCounts wants every run told, on the caller's goroutine, and the last
// time all of them.
func TestProgressCounts(t *testing.T) {
	cfg := list(t, 2000, 12*unit.Percent, 5*day, "acme.count.under-review == 1")
	for _, workers := range []int{1, 3} {
		s := study(t, cfg, "rep.min_eligible", "global.scope")
		last, known := 0, 0
		out := tried(t, s, assumptions.Options{Workers: workers, Joint: 10, Turns: true, Progress: func(done, of int) { last, known = done, of }})
		if last != out.Runs || known != out.Runs || out.Runs < s.Settings()+10 {
			t.Errorf("%d workers: told %d of %d runs, made %d", workers, last, known, out.Runs)
		}
	}
}

// TestTooManyCalls gives the runs of two settings too many calls: one is stopped, of the
// other it is seen at the end. Neither has a verdict.
func TestTooManyCalls(t *testing.T) {
	cfg := list(t, 2000, 15*unit.Percent, 10*day, "acme.accepted == 2000")
	s := study(t, cfg, "pause.immediate_factor", "global.scope")
	run := func(c sim.Config, h sim.Hooks) (*sim.Result, error) {
		if c.Rules.Pause.ImmediateFactor == 1000 { // as many calls, and told on the way
			for i := int64(0); h.Tick(sim.Progress{Admissions: 1000 * i}); i++ {
				if i > 20 {
					t.Error("the run is not stopped")
					break
				}
			}
			return &sim.Result{Interrupted: true, Accounts: make([]sim.AccountResult, 1)}, nil
		}
		if c.Rules.Pause.ImmediateFactor == 3000 { // told too late
			return &sim.Result{Admissions: 8001, Accounts: make([]sim.AccountResult, 1)}, nil
		}
		return engine.Run(c, h)
	}
	out := tried(t, s, assumptions.Options{Run: run, Turns: true})
	var lost []string
	for _, setting := range out.Each {
		if setting.Verdicts == nil {
			lost = append(lost, setting.Choices[0].Value.Text)
		}
	}
	if want := []string{"1", "3"}; !slices.Equal(lost, want) || !out.Incomplete {
		t.Errorf("not tried to the end: %q, want %q; incomplete %v", lost, want, out.Incomplete)
	}
}

// TestStopped stops a study in the middle.
func TestStopped(t *testing.T) {
	cfg := list(t, 2000, 12*unit.Percent, 5*day, "acme.count.under-review == 1")
	s := study(t, cfg)
	var asked atomic.Int64
	out := tried(t, s, assumptions.Options{Joint: 20, Turns: true, Stopped: func() bool { return asked.Add(1) > 2000 }})
	done := 0
	for _, setting := range slices.Concat(out.Each, out.Joint) {
		if setting.Verdicts != nil {
			done++
		}
	}
	if !out.Incomplete || done == 0 || done == len(out.Each)+len(out.Joint) {
		t.Errorf("incomplete is %v with %d settings of %d", out.Incomplete, done, len(out.Each)+len(out.Joint))
	}
}

// TestDefect returns the panic of a run as an error, with what was tried.
func TestDefect(t *testing.T) {
	cfg := list(t, 2000, 12*unit.Percent, 5*day, "acme.count.under-review == 1")
	s := study(t, cfg, "rep.min_eligible")
	out, err := s.Run(assumptions.Options{Workers: 2, Run: func(c sim.Config, h sim.Hooks) (*sim.Result, error) {
		if c.Rules.Rep.MinEligible == 2150 {
			panic("broken")
		}
		return engine.Run(c, h)
	}})
	if defect, ok := errors.AsType[*replicate.Defect](err); !ok || defect.Broken != "broken" {
		t.Fatalf("the error is %v", err)
	}
	if !out.Incomplete || out.Each[0].Verdicts == nil {
		t.Errorf("incomplete is %v, the first setting has %v", out.Incomplete, out.Each[0].Verdicts)
	}
}

// TestReplications judges every setting over the same seeds: in few of them does the
// rate reach the threshold, so that the mean decides.
func TestReplications(t *testing.T) {
	cfg := list(t, 2000, 0, 5*day, "acme.count.under-review == 0", "acme.hard_bounced > 90")
	cfg.Audiences[0].HardBounce = 5 * unit.Percent
	s := assumptions.New(cfg, 0.95)
	held := []int{0, 0}
	var first []criteria.Verdict
	err := replicate.Run(t.Context(), *cfg, 0, 30, 2, func(i int, r *sim.Result) error {
		for k, j := range r.Judge(cfg) {
			if i == 0 {
				first = append(first, j.Verdict)
			}
			if i < assumptions.MaxSeeds && j.Verdict == first[k] {
				held[k]++
			}
		}
		return s.AddOwn(i, r)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Parameters = slices.DeleteFunc(s.Parameters, func(p assumptions.Parameter) bool { return p.Name != "rep.min_eligible" })
	out := tried(t, s, assumptions.Options{Turns: true})
	if out.Seeds != assumptions.MaxSeeds || !slices.Equal(out.SeedsHold, held) || held[0] == 0 || held[0] == out.Seeds {
		t.Errorf("%d seeds, of which %v hold; want %d and %v, some of them", out.Seeds, out.SeedsHold, assumptions.MaxSeeds, held)
	}
	// Over these seeds some are reviewed; with a minimum above all mail none is.
	if want := []criteria.Verdict{criteria.Fail, criteria.Pass}; !slices.Equal(out.Own, want) {
		t.Errorf("own verdicts are %v, want %v", out.Own, want)
	}
	if got, want := turnsOf(s, out), []string{"rep.min_eligible 2010 and above turns 0"}; !slices.Equal(got, want) {
		t.Errorf("turns %q, want %q", got, want)
	}
}
