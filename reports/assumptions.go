package reports

import (
	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/criteria"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Assumptions says what the verdicts rest on: what became of them with other plausible
// values of the parameters that AWS does not publish. A setting holds if the verdict is
// the same word as in the scenario's own setting.
type Assumptions struct {
	Settings   int  `json:"settings"`    // tried with one parameter changed, the scenario's own not counted
	Joint      int  `json:"joint"`       // combinations tried to the end
	JointAsked int  `json:"joint_asked"` // combinations to try
	Incomplete bool `json:"incomplete"`  // something was not tried to the end
	Robust     bool `json:"robust"`      // a threshold passes only if it passes in every setting
	Asked      bool `json:"asked"`       // by the scenario or its user
	Seeds      int  `json:"seeds"`       // replications of each setting
	// HoldsIn and JointHoldsIn count the settings in which all thresholds hold.
	HoldsIn      int          `json:"holds_in"`
	JointHoldsIn int          `json:"joint_holds_in"`
	Given        []string     `json:"set_by_scenario"` // the user's word: not varied
	Account      string       `json:"account"`         // whose timeline the settings have
	Parameters   []Assumption `json:"parameters"`
}

// Assumption is a parameter that is varied.
type Assumption struct {
	Name     string `json:"name"`
	Standing string `json:"standing"`
	Value    string `json:"value"` // in the scenario
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"` // ends of the plausible range, if there is one
	// Below is how many of the settings have a smaller number.
	Below    int       `json:"settings_below"`
	Settings []Setting `json:"settings"`
	Turns    []Turn    `json:"turns"` // null: not searched for
}

// Setting is the scenario with another value of a parameter.
type Setting struct {
	Value  string `json:"value"`
	Called string `json:"called,omitempty"` // what people call the value, if that is shorter
	// Verdicts are those on the thresholds; null: not tried to the end.
	Verdicts []string `json:"verdicts"`
	// Changes and Refused are of the account whose timeline the settings have.
	Changes []Change `json:"changes"`
	Refused int64    `json:"refused"` // recipients
}

// Change is a change of an account's state in a setting.
type Change struct {
	At    Seconds   `json:"at_seconds"`
	Event ses.Event `json:"event"`
}

// Turn is a value at which a verdict turns: the first one, going away from the
// scenario's own, with another verdict.
type Turn struct {
	Threshold int    `json:"threshold"` // its number, from 0
	At        string `json:"at"`
	Called    string `json:"called,omitempty"` // what people call that value, if that is shorter
	Before    string `json:"before"`           // the value before it, which keeps the verdict
	Tried     string `json:"tried"`            // the value of the settings, at or beyond it, that shows the turn
	// Way is "above" or "below" the scenario's own value; empty for an alternative.
	Way    string `json:"way,omitempty"`
	Beyond bool   `json:"beyond,omitempty"` // every value tried beyond has another verdict too
}

// Held says in how many settings the verdict on a threshold holds.
type Held struct {
	HoldsIn      int      `json:"holds_in"`
	Of           int      `json:"of"` // settings with one parameter changed that were tried to the end
	JointHoldsIn int      `json:"joint_holds_in"`
	JointOf      int      `json:"joint_of"`
	TurnsWith    []string `json:"turns_with"` // parameters, some value of which alone changes the verdict
	// SeedsHoldIn counts the replications of the scenario's own setting, of SeedsOf, with
	// the verdict of the first one; of replications only.
	SeedsHoldIn int `json:"seeds_hold_in,omitempty"`
	SeedsOf     int `json:"seeds_of,omitempty"`
	// Own is the verdict in the scenario's own setting, if that is not the verdict: with
	// few seeds, or where every setting decides.
	Own string `json:"own_verdict,omitempty"`
}

// Examination is a study of what AWS does not publish and how it was made.
type Examination struct {
	Study  *assumptions.Study
	Given  []string
	Turns  bool // were searched for
	Asked  bool // by the scenario or its user
	Robust bool // a threshold passes only if it passes in every setting
}

// Examine adds the outcome of a study; nil: nothing was tried.
func (r *Report) Examine(x *Examination, out *assumptions.Outcome) {
	s := x.Study
	of := &Assumptions{Robust: x.Robust, Asked: x.Asked, Given: []string{}, Parameters: []Assumption{}}
	of.Given = append(of.Given, x.Given...)
	if s.Account < len(s.Config.Accounts) {
		of.Account = s.Config.Accounts[s.Account].Name
	}
	places := map[int]int{} // of the parameters that can matter alone
	for i := range s.Parameters {
		if s.Parameters[i].Alone {
			places[i] = len(of.Parameters)
			of.Parameters = append(of.Parameters, assumption(&s.Parameters[i]))
		}
	}
	r.Summary.Assumptions = of
	if out == nil {
		out = &assumptions.Outcome{Incomplete: x.Asked}
		for i := range r.Summary.Thresholds {
			out.Own = append(out.Own, verdictOf(r.Summary.Thresholds[i].Verdict))
		}
	}
	of.Incomplete, of.Seeds = out.Incomplete, out.Seeds
	of.addSettings(s, places, out.Each)
	if x.Turns {
		of.addTurns(places, out.Turns)
	}
	of.HoldsIn, of.Settings = out.Held(out.Each)
	of.JointHoldsIn, of.Joint = out.Held(out.Joint)
	of.JointAsked = len(out.Joint)
	for k := range r.Summary.Thresholds {
		if of.Settings+of.Joint == 0 && !x.Robust {
			break
		}
		r.Summary.Thresholds[k].judgeHeld(s, out, k, x.Robust)
	}
}

// assumption returns a parameter without its settings.
func assumption(p *assumptions.Parameter) Assumption {
	a := Assumption{Name: p.Name, Standing: p.Standing.String(), Value: p.Own.Text, Settings: []Setting{}}
	if p.Plausible.Ranged() {
		least, most := p.Plausible.Ends()
		a.From, a.To = least.Text, most.Text
	}
	return a
}

func (a *Assumptions) addSettings(s *assumptions.Study, places map[int]int, list []assumptions.Setting) {
	for i := range list {
		c := list[i].Choices[0]
		setting := Setting{Value: c.Value.Text, Called: c.Value.Name, Changes: []Change{}, Refused: list[i].Track.Refused}
		for _, v := range list[i].Verdicts {
			setting.Verdicts = append(setting.Verdicts, v.String())
		}
		for _, t := range list[i].Track.Timeline {
			setting.Changes = append(setting.Changes, Change{Seconds(t.At), t.Event})
		}
		to := &a.Parameters[places[c.Parameter]]
		to.Settings = append(to.Settings, setting)
		if own := s.Parameters[c.Parameter].Own.Rank; c.Value.Rank >= 0 && c.Value.Rank < own {
			to.Below++
		}
	}
}

// ways are the words of a turn's way.
var ways = map[assumptions.Way]string{assumptions.Below: "below", assumptions.Above: "above"}

func (a *Assumptions) addTurns(places map[int]int, list []assumptions.Turn) {
	for i := range a.Parameters {
		a.Parameters[i].Turns = []Turn{}
	}
	for _, t := range list {
		to := &a.Parameters[places[t.Parameter]]
		to.Turns = append(to.Turns, Turn{
			Threshold: t.Threshold, At: t.At.Text, Called: t.At.Name, Before: t.Before.Text, Tried: t.Tried.Text, Way: ways[t.Way], Beyond: t.Beyond,
		})
	}
}

// judgeHeld enters what the settings say of the k-th threshold.
func (t *Threshold) judgeHeld(s *assumptions.Study, out *assumptions.Outcome, k int, robust bool) {
	h := &Held{TurnsWith: []string{}}
	h.HoldsIn, h.Of = out.HeldOf(out.Each, k)
	h.JointHoldsIn, h.JointOf = out.HeldOf(out.Joint, k)
	for _, parameter := range out.TurnsWith(k) {
		h.TurnsWith = append(h.TurnsWith, s.Parameters[parameter].Name)
	}
	if out.Seeds > 1 {
		h.SeedsHoldIn, h.SeedsOf = out.SeedsHold[k], out.Seeds
	}
	if own := out.Own[k].String(); own != t.Verdict {
		h.Own = own
	}
	if robust && t.Verdict == criteria.Pass.String() {
		if verdict := out.Robust(k).String(); verdict != t.Verdict {
			h.Own, t.Verdict = t.Verdict, verdict
		}
	}
	t.Held = h
}

// verdictOf returns the verdict that a word of the summary stands for.
func verdictOf(word string) criteria.Verdict {
	for v := criteria.Pass; v < criteria.Inconclusive; v++ {
		if v.String() == word {
			return v
		}
	}
	return criteria.Inconclusive
}

// OwnVerdict returns the verdict in the scenario's own setting.
func (t *Threshold) OwnVerdict() string {
	if t.Held != nil && t.Own != "" {
		return t.Own
	}
	return t.Verdict
}

// GivenAssumptions returns the parameters that AWS does not document and that are the
// user's word.
func GivenAssumptions(cfg *sim.Config) []string {
	var list []string
	for _, name := range cfg.GivenRules() {
		if p := rules.Find(name); p.Standing != rules.Documented {
			list = append(list, name)
		}
	}
	return list
}
