package reports

import (
	"fmt"
	"slices"

	"sesim/sim"
	"sesim/sim/rules"
)

// Read is a parameter of the rules that a decision of the run read.
type Read struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Standing is that of the value: documented, observed or assumed, or given, if the
	// scenario or its edition sets it.
	Standing string `json:"standing"`
	// Range is what the value may be, as far as anybody outside AWS knows; empty if it is
	// documented or given.
	Range string `json:"range,omitempty"`
}

// Given is the standing of a value that is the user's word.
const Given = "given"

// ReadsOf describes the parameters of a set, in the order of their names.
func ReadsOf(cfg *sim.Config, reads rules.Reads) []Read {
	list := []Read{}
	given := cfg.GivenRules()
	for id := range reads.All() {
		p := rules.ParameterOf(id)
		r := Read{p.Name, p.Get(&cfg.Rules), p.Standing.String(), alternatives(&p.Plausible)}
		if slices.Contains(given, p.Name) {
			r.Standing, r.Range = Given, ""
		}
		list = append(list, r)
	}
	return list
}

// alternatives describes what a parameter may be. Many settings are counted, since spreads
// and lists are long; sesim rules lists them.
func alternatives(p *rules.Plausible) string {
	if n := len(p.Settings()); !p.Ranged() && n > 2 {
		return fmt.Sprintf("one of %d settings", n)
	}
	return p.String()
}

// Published reports whether the value needs no caveat: AWS documents it, or the user has
// given it.
func (r Read) Published() bool {
	return r.Standing == Given || r.Standing == rules.Documented.String()
}

// Unpublished returns the parameters of a list that are neither documented nor given.
func Unpublished(list []Read) []Read {
	return slices.DeleteFunc(slices.Clone(list), Read.Published)
}

// Weakest returns the weaker of the standings of a rule and of the parameters that its
// decision read.
func Weakest(rule string, list []Read) string {
	for _, s := range [...]rules.Standing{rules.Assumed, rules.Observed} {
		if rule == s.String() || slices.ContainsFunc(list, func(r Read) bool { return r.Standing == s.String() }) {
			return s.String()
		}
	}
	return rule
}

// names returns the names of the parameters of a set.
func names(reads rules.Reads) (list []string) {
	for id := range reads.All() {
		list = append(list, id.String())
	}
	return list
}

// readIn returns what the changes of state and the first refusals of a run read, what
// says how long addresses stay on the global list, and what keeps a high rate from being
// judged.
func readIn(cfg *sim.Config, res *sim.Result) (all rules.Reads) {
	for i := range res.Accounts {
		a := &res.Accounts[i]
		for _, t := range a.Timeline {
			all = all.And(t.Reads)
		}
		for _, f := range a.Refusals {
			all = all.And(f.Reads)
		}
		if a.Bounce.Max >= cfg.Rules.Review.BounceRate.Float() || a.Complaint.Max >= cfg.Rules.Review.ComplaintRate.Float() {
			all = all.With(rules.ParamRepMinEligible, rules.ParamRepMinEvents)
		}
	}
	if res.Global.Added > 0 {
		all = all.With(rules.ParamGlobalDurations, rules.ParamGlobalStrikeMemory, rules.ParamGlobalDeliveryResets)
	}
	return all
}

// ReadsNamed returns the parameters of the summary with the given names, as a transition
// or a refusal lists them.
func (s *Summary) ReadsNamed(names []string) (list []Read) {
	for _, r := range s.Reads {
		if slices.Contains(names, r.Name) {
			list = append(list, r)
		}
	}
	return list
}
