package replicate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/replicate"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// day is a day's mail at random to people of whom some do not exist: what the
// tests replicate.
func day(t testing.TB) sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return sim.Config{
		Name: "day", Horizon: 24 * time.Hour, Seed: 1, Rules: set,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 50_000, Rate: 14, Identities: []string{"acme.example"},
		}},
		Audiences: []sim.Audience{{Name: "people", Size: 1000, Domain: "people.example", Local: "p-", Invalid: 5 * unit.Percent}},
		Senders: []sim.Sender{{
			Name: "mail", From: "a@acme.example", Recipients: 1, Pick: sim.Uniform,
			Traffic: sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 20, Per: time.Hour}},
		}},
	}
}

// prints returns what visits saw: numbers and fingerprints, in order.
func prints(t *testing.T, cfg sim.Config, first, n, workers int) []string {
	t.Helper()
	var list []string
	err := replicate.Run(t.Context(), cfg, first, n, workers, func(i int, r *sim.Result) error {
		list = append(list, fmt.Sprint(i, " ", r.Fingerprint))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestRunOrder runs the same replications on one worker, on several and in two
// parts, and wants the same visits each time; each the plain run of its seed.
func TestRunOrder(t *testing.T) {
	cfg := day(t)
	want := make([]string, 20)
	for i := range want {
		of := cfg
		of.Seed = replicate.Seed(cfg.Seed, i)
		r, err := engine.Run(of, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		want[i] = fmt.Sprint(i, " ", r.Fingerprint)
	}
	for _, workers := range []int{0, 1, 3, 50} {
		if diff := cmp.Diff(want, prints(t, cfg, 0, 20, workers)); diff != "" {
			t.Errorf("%d workers (-want +got):\n%s", workers, diff)
		}
	}
	parts := slices.Concat(prints(t, cfg, 0, 7, 2), prints(t, cfg, 7, 13, 2))
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Errorf("in two parts (-want +got):\n%s", diff)
	}
	if got := prints(t, cfg, 5, 0, 2); got != nil {
		t.Errorf("no replications have visits: %v", got)
	}
}

func TestRunStops(t *testing.T) {
	wrong := errors.New("wrong")
	for _, c := range []struct {
		name string
		err  error // of the fourth visit
		want error
	}{
		{"enough", replicate.ErrEnough, nil},
		{"enough, wrapped", fmt.Errorf("x: %w", replicate.ErrEnough), nil},
		{"error", wrong, wrong},
	} {
		visits := 0
		err := replicate.Run(t.Context(), day(t), 0, 1000, 4, func(i int, _ *sim.Result) error {
			visits++
			if i == 3 {
				return c.err
			}
			return nil
		})
		if !errors.Is(err, c.want) || visits != 4 {
			t.Errorf("%s: %v after %d visits, want %v after 4", c.name, err, visits, c.want)
		}
	}
}

// TestBounded stops every third run: the others are visited as if there were no bound.
func TestBounded(t *testing.T) {
	cfg := day(t)
	one, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	config := func(int) (sim.Config, error) { return cfg, nil }
	most := func(i int) int64 {
		if i%3 == 0 {
			return one.Admissions - 1
		}
		return one.Admissions
	}
	visits := 0
	err = replicate.Bounded(t.Context(), 7, 3, config, most, func(i int, r *sim.Result, err error) error {
		visits++
		if stopped := errors.Is(err, replicate.ErrCalls); stopped != (i%3 == 0) || !stopped && r.Fingerprint != one.Fingerprint {
			t.Errorf("run %d: %v", i, err)
		}
		return nil
	})
	if err != nil || visits != 7 {
		t.Errorf("%v after %d visits", err, visits)
	}
}

// TestRunInterrupted cancels in the middle of replications that would take for
// ever.
func TestRunInterrupted(t *testing.T) {
	cfg := day(t)
	cfg.Horizon = 365 * 24 * time.Hour
	cfg.Senders[0].Traffic.Rate = unit.Rate{N: 14, Per: time.Second}
	ctx, cancel := context.WithCancel(t.Context())
	stop := time.AfterFunc(50*time.Millisecond, cancel)
	defer stop.Stop()
	err := replicate.Run(ctx, cfg, 0, 100, 2, func(int, *sim.Result) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestRunBadConfig(t *testing.T) {
	cfg := day(t)
	cfg.Horizon = 0
	err := replicate.Run(t.Context(), cfg, 3, 100, 2, func(int, *sim.Result) error { return nil })
	if !errors.Is(err, sim.ErrConfig) || !strings.HasPrefix(err.Error(), "replication 3: ") {
		t.Errorf("%v, want sim.ErrConfig of replication 3", err)
	}
}

// opened is a trace that counts how many runs have opened it.
type opened struct{ runs atomic.Int64 }

func (o *opened) Open() sim.TraceRows {
	o.runs.Add(1)
	return none{}
}

// none is a recording of nothing.
type none struct{}

func (none) Next(*sim.TraceRow) bool { return false }
func (none) Err() error              { return nil }

// TestRunIsBounded keeps the visitor waiting and counts how many replications
// have begun: finished ones must not pile up.
func TestRunIsBounded(t *testing.T) {
	cfg, count := day(t), &opened{}
	cfg.Senders[0].Traffic = sim.Traffic{Kind: sim.Recorded, Trace: count}
	const workers = 3
	err := replicate.Run(t.Context(), cfg, 0, 40, workers, func(i int, _ *sim.Result) error {
		time.Sleep(2 * time.Millisecond) // long enough for all that may begin
		// The visited one, those that wait for their turn, one at each worker
		// and one on its way.
		if begun, most := count.runs.Load(), int64(i+1+2*workers+4); begun > most {
			return fmt.Errorf("%d replications have begun at visit %d, want at most %d", begun, i, most)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// broken is a trace that breaks an invariant.
type broken struct{ none }

func (broken) Open() sim.TraceRows { panic("on fire") }

// TestRunPanics wants a panic of a worker as an error of its replication, with
// the seed that repeats it.
func TestRunPanics(t *testing.T) {
	cfg := day(t)
	cfg.Senders[0].Traffic = sim.Traffic{Kind: sim.Recorded, Trace: broken{}}
	err := replicate.Run(t.Context(), cfg, 0, 4, 2, func(int, *sim.Result) error { return nil })
	const want = "replication 0: internal error with seed 1, please report it: on fire"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	defect, ok := errors.AsType[*replicate.Defect](err)
	if !ok || !strings.Contains(string(defect.Stack), "broken.Open") {
		t.Errorf("the error does not say where: %#v", err)
	}
}

// TestEachGoesOn lets some of the runs fail, in their configuration and in the
// run: all others have their results, in order.
func TestEachGoesOn(t *testing.T) {
	cfg := day(t)
	missing := errors.New("a file is missing")
	var got []string
	err := replicate.Each(t.Context(), 6, 3, func(i int) (sim.Config, error) {
		of := cfg
		of.Senders = slices.Clone(cfg.Senders)
		switch i {
		case 1:
			return sim.Config{}, missing
		case 2:
			of.Horizon = -1
		case 4:
			of.Senders[0].Traffic = sim.Traffic{Kind: sim.Recorded, Trace: broken{}}
		}
		return of, nil
	}, func(i int, r *sim.Result, err error) error {
		told := "ok"
		switch {
		case errors.Is(err, missing):
			told = "missing"
		case errors.Is(err, sim.ErrConfig):
			told = "configuration"
		case err != nil:
			told = "defect"
		}
		if (r == nil) != (err != nil) {
			t.Errorf("run %d has the result %p and the error %v", i, r, err)
		}
		got = append(got, told)
		return nil
	})
	if diff := cmp.Diff([]string{"ok", "missing", "configuration", "ok", "defect", "ok"}, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}
