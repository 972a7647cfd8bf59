package learn

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"sesim/reports"
	"sesim/reports/explain"
	"sesim/sim"
)

// turn calls f when it is the turn of the request's tab.
func (s *Server) turn(r *http.Request, f func(context.Context) error) error {
	return s.queue.do(r.Context(), r.Header.Get(tabHeader), func() error { return f(r.Context()) })
}

// ask reads a request's body and its scenario.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, body any, q *question) (*task, error) {
	if err := decode(w, r, body); err != nil {
		return nil, err
	}
	return q.task(&s.budget)
}

// run answers POST /api/run: a question; its answer.
func (s *Server) run(w http.ResponseWriter, r *http.Request) (value any, err error) {
	var q question
	t, err := s.ask(w, r, &q, &q)
	if err != nil {
		return nil, err
	}
	err = s.turn(r, func(ctx context.Context) error {
		value, err = t.run(ctx, &s.budget)
		return err
	})
	return value, err
}

// draw answers POST /api/draw: the same scenario with one other seed. The page
// asks for each of twenty by itself, so that other tabs come in between.
func (s *Server) draw(w http.ResponseWriter, r *http.Request) (value any, err error) {
	var q struct {
		question
		Seed    uint64 `json:"seed"`
		Account string `json:"account"`
	}
	t, err := s.ask(w, r, &q, &q.question)
	if err != nil {
		return nil, err
	}
	err = s.turn(r, func(ctx context.Context) error {
		value, err = t.draw(ctx, &s.budget, q.Seed, q.Account)
		return err
	})
	return value, err
}

// kinds are the records that the page asks about.
var kinds = map[string][]sim.RecordKind{
	"":        nil,
	"refused": {sim.Refused, sim.TimedOut},
	"changed": {sim.Changed},
	"bounced": {sim.HardBounced, sim.SuppressedGlobal, sim.SuppressedAccount},
}

// maxSkip bounds how far back the page leafs.
const maxSkip = 50_000

// explain answers POST /api/explain: what happened between two moments, the
// latest first to be kept, with rule, figures and source.
func (s *Server) explain(w http.ResponseWriter, r *http.Request) (value any, err error) {
	var q struct {
		question
		At      reports.Seconds `json:"at"`
		From    reports.Seconds `json:"from"`
		Account string          `json:"account"`
		Address string          `json:"address"`
		Only    string          `json:"only"`
		Reason  string          `json:"reason"`
		Most    int             `json:"most"`
		Skip    int             `json:"skip"`
	}
	t, err := s.ask(w, r, &q, &q.question)
	if err != nil {
		return nil, err
	}
	only, ok := kinds[q.Only]
	if !ok || q.Most < 1 || q.Most > 200 || q.Skip < 0 || q.Skip > maxSkip {
		return nil, fmt.Errorf("%w: only %.20q, most %d of 1 to 200, skip %d of 0 to %d", errRequest, q.Only, q.Most, q.Skip, maxSkip)
	}
	query := explain.Query{At: time.Duration(q.At), From: time.Duration(q.From), Account: q.Account, Address: q.Address, Only: only, Reason: q.Reason, Most: q.Most, Skip: q.Skip}
	err = s.turn(r, func(ctx context.Context) error {
		return s.budget.guard(ctx, func(hooks sim.Hooks) (err error) {
			value, err = explain.ReplayWith(*t.cfg, query, hooks)
			return err
		})
	})
	return value, err
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
	err := s.turn(r, func(ctx context.Context) (err error) {
		kept, err = l.figures(ctx, &s.budget)
		return err
	})
	if err == nil {
		s.mu.Lock()
		s.figures[q.Base] = kept
		s.mu.Unlock()
	}
	return kept, err
}
