package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"sesim/cmd/internal/journal"
	"sesim/reports"
	"sesim/reports/events"
	"sesim/reports/explain"
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
	file, err := openPacked(r.Journal)
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

// ExplainCall drives a session with a journal up to a call, which is known by its request or
// message id, and explains it.
func (sc *Scenario) ExplainCall(ctx context.Context, name, id string) (*explain.Explanation, error) {
	header, err := sc.JournalHeader()
	if err != nil {
		return nil, err
	}
	file, err := openPacked(name)
	if err != nil {
		return nil, Usage(err)
	}
	defer file.Close()
	lines, err := journal.NewReader(file, header)
	if err != nil {
		return nil, Usage(fmt.Errorf("%s: %w", name, err))
	}
	late := &observer{}
	s, err := engine.Open(*sc.Config, sim.Hooks{Observer: late})
	if err != nil {
		return nil, err
	}
	f := &finder{id: id, session: s, follow: explain.NewFollower(s.Config())}
	late.to = f.follow
	err = f.find(ctx, lines)
	switch {
	case ctx.Err() != nil:
		return nil, ErrInterrupted
	case errors.Is(err, journal.ErrFormat):
		return nil, Usage(fmt.Errorf("%s: %w", name, err))
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case f.found == nil:
		return nil, Usagef("%s: no call that was decided has the request or message id \"%s\"", name, id)
	}
	result, err := s.Close()
	if err != nil {
		return nil, err
	}
	return explain.OfSession(s.Config(), result, f.account, f.found), nil
}

// finder finds a call in a journal.
type finder struct {
	id      string // of a request or a message
	session *engine.Session
	follow  *explain.Follower
	found   []explain.Entry // of the call; several if it has several messages
	account int
}

// find drives the session up to the call, or to the end.
func (f *finder) find(ctx context.Context, lines *journal.Reader) error {
	for ctx.Err() == nil {
		l, err := lines.Next()
		if err == io.EOF || err == nil && f.found != nil && l.Request != f.id {
			return nil
		}
		if err != nil {
			return err
		}
		a, err := lines.Apply(l, f.session)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		f.look(l, &a)
	}
	return nil
}

// look looks at an input and its answer.
func (f *finder) look(l *journal.Line, a *sim.Answer) {
	cfg, d := f.session.Config(), f.follow.Take()
	switch o := l.In.Operation; {
	case l.In.Call != nil && d != nil:
		account := l.In.Call.Account
		if l.Request == f.id || a.Accepted() && events.MessageID(cfg, account, l.At, a.Message) == f.id {
			f.account, f.found = account, append(f.found, d.Explain())
		}
	case o != nil && l.Request == f.id:
		f.account = o.Account
		f.found = append(f.found, explain.Operation(cfg, l.At, o.Account, o.Name(), a.Error, a.Rule))
	}
}

// observer passes records on, to nobody at first.
type observer struct{ to sim.Observer }

// Observe passes a record on.
func (o *observer) Observe(r *sim.Record) {
	if o.to != nil {
		o.to.Observe(r)
	}
}
