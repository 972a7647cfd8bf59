package request

import (
	"io"

	"sesim/reports/jsontext"
	"sesim/sim/replicate"
)

// document is a draft as JSON. Its keys are a contract with the programs that
// read it: keys may be added, never renamed or removed.
type document struct {
	Version  int      `json:"version"`
	Scenario string   `json:"scenario"`
	Seed     uint64   `json:"seed"`
	Account  string   `json:"account"`
	Region   string   `json:"region"`
	Regions  []string `json:"further_regions,omitempty"`
	Ready    bool     `json:"ready"`
	// Production: there is nothing to request but an increase.
	Production bool      `json:"in_production,omitempty"`
	Quota      *amount   `json:"quota"` // null: a blank
	Rate       *amount   `json:"rate"`
	Answers    []Answer  `json:"answers"`
	Fields     *Fields   `json:"put_account_details"` // for --cli-input-json; complete only if ready
	Command    []string  `json:"command"`             // list of arguments
	Blanks     []Blank   `json:"blanks"`
	Problems   []Problem `json:"problems"`
	Concerns   []Concern `json:"stumbles"`
	Evidence   evidence  `json:"evidence"`
	Plan       *Plan     `json:"plan,omitempty"`
}

type amount struct {
	Value  int64  `json:"value"` // -1: unlimited
	Source string `json:"source"`
}

// evidence are the figures of the runs. Shares are numbers from 0 to 1.
type evidence struct {
	Runs           int      `json:"runs"`
	HorizonSeconds float64  `json:"horizon_seconds"`
	Due24h         figure   `json:"due_24h"`
	DueSecond      figure   `json:"due_second"`
	BounceRate     figure   `json:"bounce_rate_max"`
	ComplaintRate  figure   `json:"complaint_rate_max"`
	RefusedQuota   figure   `json:"refused_quota"`
	RefusedRate    figure   `json:"refused_rate"`
	UnderReview    interval `json:"under_review"`
	Paused         interval `json:"paused"`
	Tested         int64    `json:"simulator_before_request"`
	Accepted       int64    `json:"accepted"` // recipients in all runs, and what became of them
	Bounced        int64    `json:"hard_bounced"`
	Complained     int64    `json:"complaints"`
}

type figure struct {
	interval
	Most float64 `json:"most"`
}

// interval is an estimate; low and high are null if there are too few runs.
type interval struct {
	Value      float64  `json:"value"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Confidence float64  `json:"confidence"`
	Method     string   `json:"method"`
}

func intervalOf(i replicate.Interval) interval {
	out := interval{Value: i.Value, Confidence: i.Confidence, Method: i.Method}
	if i.OK() {
		out.Low, out.High = &i.Low, &i.High
	}
	return out
}

func figureOf(f Figure) figure { return figure{intervalOf(f.Interval), f.Most} }

// WriteJSON writes the draft as JSON.
func (d *Draft) WriteJSON(w io.Writer) error {
	e := d.Evidence
	return jsontext.WriteIndented(w, document{
		Version: Version, Scenario: d.Scenario, Seed: d.seed, Account: d.Account, Region: d.Region, Regions: d.Regions,
		Ready: d.Ready, Production: d.Production,
		Quota: amountOf(d.Quota), Rate: amountOf(d.Rate), Answers: d.Answers, Fields: &d.Fields, Command: d.Arguments(),
		Blanks: listed(d.Blanks), Problems: listed(d.Problems), Concerns: listed(d.Concerns), Plan: d.Plan,
		Evidence: evidence{
			Runs: e.Runs, HorizonSeconds: e.Horizon.Seconds(), Due24h: figureOf(e.Due24h), DueSecond: figureOf(e.DueSecond),
			BounceRate: figureOf(e.Bounce), ComplaintRate: figureOf(e.Complaint),
			RefusedQuota: figureOf(e.UnderQuota), RefusedRate: figureOf(e.UnderRate),
			UnderReview: intervalOf(e.Review), Paused: intervalOf(e.Pause), Tested: e.Tested,
			Accepted: e.Accepted, Bounced: e.Bounced, Complained: e.Complained,
		},
	})
}

// WriteFields writes only the parameters of PutAccountDetails, as a file for
// --cli-input-json.
func (d *Draft) WriteFields(w io.Writer) error { return jsontext.WriteIndented(w, &d.Fields) }

func amountOf(a Asked) *amount {
	if a.Value == 0 {
		return nil
	}
	return &amount{a.Value, a.Source}
}

// listed returns a list that is never null in JSON.
func listed[E any](list []E) []E {
	if list == nil {
		return []E{}
	}
	return list
}
