package learn

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"sesim/reports"
	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
)

// ask reads a request's body, waits for the turn of its tab, and answers with
// what f makes of the scenario. The scenario is read within the turn as well:
// a long one is work too.
func (s *Server) ask(
	w http.ResponseWriter, r *http.Request, body any, q *question, f func(context.Context, *task) (any, error),
) (value any, err error) {
	if err := decode(w, r, body); err != nil {
		return nil, err
	}
	err = s.queue.do(r.Context(), r.Header.Get(tabHeader), func() error {
		t, err := q.task(&s.budget)
		if err != nil {
			return err
		}
		value, err = f(r.Context(), t)
		return err
	})
	return value, err
}

// run answers POST /api/run: a question; its answer.
func (s *Server) run(w http.ResponseWriter, r *http.Request) (any, error) {
	var q question
	return s.ask(w, r, &q, &q, func(ctx context.Context, t *task) (any, error) { return t.run(ctx, &s.budget) })
}

// drawing asks for a run with another seed or combination.
type drawing struct {
	question
	Seed        uint64 `json:"seed"`
	Combination int    `json:"combination"` // from 1; 0: none
	Account     string `json:"account"`
}

// draw answers POST /api/draw: the same scenario with one other seed or one combination
// of other assumptions. The page asks for each of twenty by itself, so that other tabs
// come in between.
func (s *Server) draw(w http.ResponseWriter, r *http.Request) (any, error) {
	var q drawing
	return s.ask(w, r, &q, &q.question, func(ctx context.Context, t *task) (any, error) {
		if q.Combination < 0 || q.Combination > combinations {
			return nil, fmt.Errorf("%w: combination %d of 0 to %d", errRequest, q.Combination, combinations)
		}
		return t.draw(ctx, &s.budget, q.Seed, q.Combination, q.Account)
	})
}

// kinds are the records that the page asks about.
var kinds = map[string][]sim.RecordKind{
	"":        nil,
	"refused": {sim.Refused, sim.TimedOut, sim.SessionClosed, sim.GaveUp},
	"changed": {sim.Changed},
	"bounced": {sim.HardBounced, sim.SuppressedGlobal, sim.SuppressedAccount},
}

// maxSkip limits how far back the page can go.
const maxSkip = 50_000

// span is a question about what happened between two moments.
type span struct {
	question
	At      reports.Seconds `json:"at"`
	From    reports.Seconds `json:"from"`
	Account string          `json:"account"`
	Only    string          `json:"only"`   // a key of kinds
	Reason  string          `json:"reason"` // of refusals; empty: any
	Most    int             `json:"most"`
	Skip    int             `json:"skip"`
}

// explain answers POST /api/explain: the latest records of a span of time, with
// rule, figures and source.
func (s *Server) explain(w http.ResponseWriter, r *http.Request) (any, error) {
	var q span
	return s.ask(w, r, &q, &q.question, func(ctx context.Context, t *task) (any, error) {
		only, ok := kinds[q.Only]
		if !ok || q.Most < 1 || q.Most > 200 || q.Skip < 0 || q.Skip > maxSkip {
			return nil, fmt.Errorf("%w: only %.20q, most %d of 1 to 200, skip %d of 0 to %d", errRequest, q.Only, q.Most, q.Skip, maxSkip)
		}
		return t.explain(ctx, &s.budget, explain.Query{
			At: time.Duration(q.At), From: time.Duration(q.From), Account: q.Account, Only: only, Reason: q.Reason, Most: q.Most, Skip: q.Skip,
		})
	})
}

// explain replays the scenario to the query's moment.
func (t *task) explain(ctx context.Context, b *Budget, q explain.Query) (e *explain.Explanation, err error) {
	err = b.guard(ctx, func(hooks sim.Hooks) (err error) {
		cfg := *t.cfg
		if _, ok := find(t.base); ok {
			cfg.OwnRules = nil // a lesson writes out what its controls set, defaults as well
		}
		e, err = explain.ReplayWith(engine.Run, cfg, q, hooks)
		return err
	})
	return e, err
}

// texts answers POST /api/figures: the figures in a lesson's texts. They never
// change, so they are kept.
func (s *Server) texts(w http.ResponseWriter, r *http.Request) (any, error) {
	var q struct {
		Base string `json:"base"`
	}
	if err := decode(w, r, &q); err != nil {
		return nil, err
	}
	l, ok := find(q.Base)
	if !ok {
		return nil, fmt.Errorf("%w: no lesson has the scenario %.64q", errRequest, q.Base)
	}
	s.mu.Lock()
	kept := s.figures[q.Base]
	s.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	err := s.queue.do(r.Context(), r.Header.Get(tabHeader), func() (err error) {
		kept, err = l.figures(r.Context(), &s.budget)
		return err
	})
	if err == nil {
		s.mu.Lock()
		s.figures[q.Base] = kept
		s.mu.Unlock()
	}
	return kept, err
}
