package learn

import (
	"context"
	"fmt"
	"time"

	"sesim/reports"
	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
)

// drawing asks for a run with another seed or combination.
type drawing struct {
	question
	Seed        uint64 `json:"seed"`
	Combination int    `json:"combination"` // from 1; 0: none
	Account     string `json:"account"`
}

// draw answers "draw": the same scenario with one other seed or one combination
// of other assumptions. The page asks for each of twenty by itself, so that other tabs
// come in between.
func (c *Classroom) draw(ctx context.Context, body []byte) (any, error) {
	var q drawing
	t, err := c.task(body, &q, &q.question)
	if err != nil {
		return nil, err
	}
	if q.Combination < 0 || q.Combination > combinations {
		return nil, fmt.Errorf("%w: combination %d of 0 to %d", errRequest, q.Combination, combinations)
	}
	return t.draw(ctx, &c.budget, q.Seed, q.Combination, q.Account)
}

// kinds are the records that the page asks about.
var kinds = map[string][]sim.RecordKind{
	"":        nil,
	"refused": {sim.Refused, sim.TimedOut, sim.SessionClosed, sim.GaveUp},
	"changed": {sim.Changed},
	"bounced": {sim.HardBounced, sim.SuppressedGlobal},
	"listed":  {sim.ListedGlobal, sim.UnlistedGlobal, sim.ListedAccount, sim.UnlistedAccount},
	// What happens to an address, without the calls.
	"path": {
		sim.Refused, sim.SuppressedAccount, sim.SuppressedGlobal, sim.Delivered, sim.Delayed, sim.HardBounced, sim.SoftBounced,
		sim.Complained, sim.ListedGlobal, sim.UnlistedGlobal, sim.ListedAccount, sim.UnlistedAccount,
	},
	// The counts of an account.
	"calls":              {sim.Sent, sim.Refused},
	"accepted":           {sim.Sent},
	"delivered":          {sim.Delivered},
	"hard_bounced":       {sim.HardBounced},
	"soft_bounced":       {sim.SoftBounced},
	"suppressed_account": {sim.SuppressedAccount},
	"suppressed_global":  {sim.SuppressedGlobal},
	"complaints":         {sim.Complained},
	inFlight:             nil,
}

// inFlight asks for mail without an outcome, of which no kind of record tells.
const inFlight = "in_flight"

// maxSkip limits how far back the page can go.
const maxSkip = 50_000

// span is a question about what happened between two moments.
type span struct {
	question
	At      reports.Seconds `json:"at"`
	From    reports.Seconds `json:"from"`
	Account string          `json:"account"`
	Only    string          `json:"only"`    // a key of kinds
	Reason  string          `json:"reason"`  // of refusals; empty: any
	Address string          `json:"address"` // follows one address; empty: any
	// Together makes one entry of what is alike.
	Together bool `json:"together"`
	Most     int  `json:"most"`
	Skip     int  `json:"skip"`
}

// explain answers "explain": the latest records of a span of time, with
// rule, figures and source.
func (c *Classroom) explain(ctx context.Context, body []byte) (any, error) {
	var q span
	t, err := c.task(body, &q, &q.question)
	if err != nil {
		return nil, err
	}
	only, ok := kinds[q.Only]
	if !ok || q.Most < 1 || q.Most > 200 || q.Skip < 0 || q.Skip > maxSkip {
		return nil, fmt.Errorf("%w: only %.20q, most %d of 1 to 200, skip %d of 0 to %d", errRequest, q.Only, q.Most, q.Skip, maxSkip)
	}
	return t.explain(ctx, &c.budget, explain.Query{
		At: time.Duration(q.At), From: time.Duration(q.From), Account: q.Account, Only: only, Reason: q.Reason, Most: q.Most, Skip: q.Skip,
		Address: q.Address, Together: q.Together, InFlight: q.Only == inFlight,
	})
}

// explain replays the scenario to the query's moment.
func (t *task) explain(ctx context.Context, b *Budget, q explain.Query) (e *explain.Explanation, err error) {
	err = b.guard(ctx, func(hooks sim.Hooks) (err error) {
		cfg := *t.cfg
		if t.lesson != nil {
			cfg.OwnRules = nil // a lesson writes out what its controls set, defaults as well
		}
		e, err = explain.ReplayWith(engine.Run, cfg, q, hooks)
		return err
	})
	return e, err
}
