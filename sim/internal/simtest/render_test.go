package simtest_test

import (
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/check"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
)

// used keeps those fields of an action that what it does uses.
func used(a sim.Action) sim.Action {
	u := sim.Action{At: a.At, Do: a.Do, Account: a.Account, Client: a.Client}
	if a.Client > 0 {
		u.Account = 0
	}
	switch a.Do {
	case sim.DoAppeal:
		u.Accepted, u.After = a.Accepted, max(a.After, -1)
	case sim.DoVerify:
		u.Identity, u.After, u.Fails, u.Template = a.Identity, a.After, a.Fails, a.Template
	case sim.DoUnverify:
		u.Identity = a.Identity
	case sim.DoPause, sim.DoResume, sim.DoDeleteSet, sim.DoCreateSet:
		u.Set = a.Set
	case sim.DoTrigger:
		u.Cause, u.Pauses = a.Cause, a.Pauses
	case sim.DoSuppress:
		u.Address, u.Spelling, u.Reason = a.Address, a.Spelling, a.Reason
	case sim.DoUnsuppress, sim.DoGet:
		u.Address, u.Spelling = a.Address, a.Spelling
	case sim.DoImport:
		u.Audience, u.Count, u.Delete = a.Audience, a.Count, a.Delete
		if !a.Delete {
			u.Reason = a.Reason
		}
	case sim.DoRemoveGlobal:
		u.Address, u.Region, u.Characters = a.Address, a.Region, a.Characters
	case sim.DoSet:
		u.Change = a.Change
	}
	return u
}

// inMemory are files by their names.
type inMemory map[string]string

func (files inMemory) Open(name string) (io.ReadCloser, error) {
	text, ok := files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// readBack renders a scenario and reads it again.
func readBack(t *rapid.T, cfg *sim.Config) *sim.Config {
	t.Helper()
	back, err := scenarios.LoadWith(inMemory(simtest.Traces(cfg)), "drawn.toml", []byte(simtest.Render(cfg)))
	if err != nil {
		t.Fatalf("%v\n%s", err, simtest.Page(cfg))
	}
	return back
}

// recorded returns the rows of a trace that come before the end of its
// sender: a reader of files passes over the others.
func recorded(s *sim.Sender) simtest.Recording {
	var list simtest.Recording
	rows := s.Traffic.Trace.Open()
	for {
		var row sim.TraceRow // each has a slice of its own
		if !rows.Next(&row) || s.End > 0 && row.At >= s.End {
			return list
		}
		if len(row.Numbers) > 0 {
			row.Count = 0 // it has no say
		}
		list = append(list, row)
	}
}

// TestRenderReadsBack renders random scenarios and reads them again: every
// field that a run uses must be what it was.
func TestRenderReadsBack(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		back := readBack(t, &cfg)
		for _, c := range []*sim.Config{&cfg, back} {
			for i := range c.Actions {
				c.Actions[i] = used(c.Actions[i])
			}
			for i := range c.Senders {
				s := &c.Senders[i]
				if s.Traffic.Calendar != nil {
					s.Traffic.Calendar.Zone.Data = "" // what is drawn comes from none
				}
				if s.Traffic.Kind == sim.Recorded {
					s.Traffic.Trace = recorded(s)
					s.Traffic.File = sim.TraceFile{} // what is drawn comes from none
				}
			}
		}
		if diff := cmp.Diff(&cfg, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the scenario read back differs (-drawn +read):\n%s\n%s", diff, simtest.Page(&cfg))
		}
	})
}

// TestRenderRunsAlike runs random scenarios and what is read back of them:
// both must tell the same, record by record.
func TestRenderRunsAlike(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		drawn, drawnRecords := taped(t, cfg)
		read, readRecords := taped(t, *readBack(t, &cfg))
		same(t, "the results of a scenario and of its file", drawn, read, &cfg)
		same(t, "the records of a scenario and of its file", drawnRecords, readRecords, &cfg)
	})
}

// TestShippedScenarios runs every scenario that ships under all checkers.
func TestShippedScenarios(t *testing.T) {
	if testing.Short() {
		t.Skip("a million calls; the random scenarios go the same ways")
	}
	for _, shipped := range scenarios.Shipped() {
		t.Run(shipped.Name, func(t *testing.T) {
			t.Parallel()
			src, ok := scenarios.Source(shipped.Name)
			if !ok {
				t.Fatal("no such scenario")
			}
			var shorter []scenarios.Override
			if horizon := map[string]string{"decade": "180d", "region-day": "1m"}[shipped.Name]; horizon != "" {
				shorter = append(shorter, scenarios.Override{Key: "horizon", Value: horizon})
			}
			cfg, err := scenarios.Load(shipped.Name, src, shorter...)
			if err != nil {
				t.Fatal(err)
			}
			checker, start := check.New(cfg), time.Now()
			res, err := engine.Run(*cfg, sim.Hooks{Observer: checker})
			if err != nil {
				t.Fatal(err)
			}
			if err := checker.Finish(res); err != nil {
				t.Error(err)
			}
			t.Logf("%d calls checked in %v", res.Admissions, time.Since(start).Round(time.Millisecond))
		})
	}
}
