package study

import (
	"errors"
	"fmt"
	"os"
	"time"

	"sesim/cmd/internal/journal"
	"sesim/reports"
	"sesim/sim"
	"sesim/sim/engine"
)

// checkJournal rejects a journal for anything else than one run.
func (o *RunOptions) checkJournal(list []Scenario) error {
	switch {
	case o.Journal == "":
		return nil
	case len(list) > 1:
		return Usagef("--journal takes one scenario, not %d", len(list))
	case len(list[0].Study.Keys) > 0 || list[0].Study.Rule.Max > 1 || o.Shard.of > 0:
		return Usagef("--journal drives one session again: %s must have no sweep and no replications", list[0].File)
	case o.asked() || o.Robust == "true":
		return Usagef("--journal drives one session again, and leaves no assumptions to be varied")
	}
	return nil
}

// JournalHeader returns the first line of the journal of a session of a scenario.
func (sc *Scenario) JournalHeader() (journal.Header, error) {
	inputs, err := sc.Study.Inputs(0)
	return journal.Header{Version: Version, Name: sc.Config.Name, Inputs: inputs}, err
}

// replay drives a session with the journal. Its end is the journal's.
func (r *runner) replay(p *probe, began time.Duration) (*sim.Result, *reports.Performance, error) {
	header, err := r.JournalHeader()
	if err != nil {
		return nil, nil, err
	}
	file, err := os.Open(r.Journal)
	if err != nil {
		return nil, nil, Usage(err)
	}
	defer file.Close()
	late := &observer{}
	s, err := engine.Open(*r.Config, sim.Hooks{Observer: late})
	if err != nil {
		return nil, nil, err
	}
	records, err := r.openRecords(&r.RecordOptions, s.Config(), r.Force)
	if err != nil {
		return nil, nil, err
	}
	if records != nil {
		late.to = records
	}
	_, err = journal.Replay(file, header, s)
	var result *sim.Result
	if err == nil {
		result, err = s.Close()
	}
	wall := r.Clock() - began
	if records != nil {
		r.recordsErr = records.close(result)
	}
	// The report is of the accounts as the session left them, and of the audiences of the scenario.
	own := *s.Config()
	own.Audiences, own.Horizon = r.Config.Audiences, s.Now()
	r.Config = &own
	switch {
	case errors.Is(err, journal.ErrOther), errors.Is(err, journal.ErrFormat):
		return nil, nil, Usage(fmt.Errorf("%s: %w", r.Journal, err))
	case result == nil:
		return nil, nil, fmt.Errorf("%s: %w", r.Journal, err)
	}
	return result, timed(result, wall, p), err
}

// observer passes records on, to nobody at first.
type observer struct{ to sim.Observer }

// Observe passes a record on.
func (o *observer) Observe(r *sim.Record) {
	if o.to != nil {
		o.to.Observe(r)
	}
}
