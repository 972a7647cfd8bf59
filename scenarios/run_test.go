package scenarios_test

import (
	"strings"
	"testing"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
)

// enough stops a run by a panic: an observer cannot stop one otherwise, and a
// hook only at the next sample.
type enough struct{ records, ticks int }

// maxRecords and maxTicks limit a fuzzed run.
const (
	maxRecords = 200
	maxTicks   = 2000
)

// Observe implements sim.Observer.
func (e *enough) Observe(*sim.Record) {
	if e.records++; e.records >= maxRecords {
		panic(e)
	}
}

func (e *enough) tick(sim.Progress) bool {
	if e.ticks++; e.ticks >= maxTicks {
		panic(e)
	}
	return true
}

// begin runs the first records of a scenario. It returns the result of a run that
// has no more, and else nil.
func begin(t *testing.T, cfg *sim.Config) (r *sim.Result) {
	t.Helper()
	e := &enough{}
	defer func() {
		if v := recover(); v != nil && v != any(e) {
			panic(v)
		}
	}()
	r, err := engine.Run(*cfg, sim.Hooks{Observer: e, Tick: e.tick})
	if err != nil {
		t.Errorf("a scenario that was loaded is refused: %v", err)
	}
	return r
}

// FuzzRun runs what can be loaded: no scenario panics, and an observer changes
// nothing.
func FuzzRun(f *testing.F) {
	for _, s := range scenarios.Shipped() {
		src, _ := scenarios.Source(s.Name)
		f.Add(string(src))
	}
	f.Add(strings.Join([]string{
		`version = 1`, `name = "x"`, `horizon = "2h"`, `[[account]]`, `name = "acme"`, `access = "production"`, `identities = ["acme.example"]`,
		`[[audience]]`, `name = "people"`, `size = 10`, `domain = "people.example"`, `[[sender]]`, `name = "news"`, `account = "acme"`,
		`audience = "people"`, `from = "news@acme.example"`, `traffic = { kind = "constant", rate = "30/h" }`,
	}, "\n"))
	f.Fuzz(func(t *testing.T, src string) {
		cfg, err := scenarios.Load("x.toml", []byte(src))
		if err != nil || !little(cfg) {
			return
		}
		if r := begin(t, cfg); r != nil {
			other, err := engine.Run(*cfg, sim.Hooks{Workers: 2})
			if err != nil || other.Fingerprint != r.Fingerprint || other.Events != r.Events {
				t.Errorf("unobserved the run is another: %v, fingerprints %s and %s", err, r.Fingerprint, other.Fingerprint)
			}
		}
	})
}

// little reports whether a scenario takes little memory before its first event.
func little(cfg *sim.Config) bool {
	size := int64(0)
	for i := range cfg.Audiences {
		size += cfg.Audiences[i].Size
	}
	return size <= 1_000_000 && len(cfg.Accounts)+len(cfg.Senders) <= 1000
}
