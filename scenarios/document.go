package scenarios

import (
	"cmp"
	"slices"

	"sesim/scenarios/internal/tree"
	"sesim/scenarios/study"
	"sesim/sim"
	"sesim/sim/plan"
)

// Document is a scenario with its forms and its goal.
type Document struct {
	Config *sim.Config
	Forms  []Form // of all accounts in order, and of each in order of time
	// Warnings are about what is accepted but probably not meant, by position.
	Warnings []Problem
	// Goal is the question for a plan; nil if the scenario has no [goal].
	// Candidate returns the scenarios that the search needs.
	Goal *plan.Question

	goal *study.Goal
	from *source
}

var _ plan.Candidates = (*Document)(nil)

// Form is a production-access request of a scenario, for filling in AWS's form.
// Unlike sim.Request it has no defaults: what the scenario leaves out is empty
// or 0.
type Form struct {
	Account        int // index into Config.Accounts
	MailType       string
	Website        string
	UseCase        string
	ListSource     string // how the list of recipients is built
	BounceHandling string // what happens on bounces and complaints
	OptOut         string // how people unsubscribe
	Contacts       []string
	Language       string
	Regions        []string // further Regions
	Quota, Rate    int64    // asked for; a quota of -1 is unlimited
}

// Read reads a scenario as LoadWith does, including its forms and its goal.
func Read(files Files, file string, src []byte, overrides ...Override) (*Document, error) {
	return (&source{pin(files), file, src, overrides}).document()
}

// document reads the scenario with its forms and its goal.
func (s *source) document() (*Document, error) {
	l := s.read(nil)
	if err := l.complete(); err != nil {
		return nil, err
	}
	d := &Document{Config: &l.cfg, Forms: l.forms, goal: l.goal, from: s}
	if d.goal != nil {
		d.Goal = &d.goal.Question
		if err := cmp.Or(d.goal.Check(l.Reporter, s), l.Err()); err != nil {
			return nil, err
		}
	}
	d.Warnings = l.Warnings()
	return d, nil
}

// Candidate returns the scenario with these values of the goal's choices. It is
// safe for concurrent use.
func (d *Document) Candidate(values []int64) (*sim.Config, error) {
	return d.goal.Candidate(d.from, values)
}

// formSaid returns a request without its defaults.
func formSaid(account int, q *sim.Request, n *tree.Node) Form {
	f := Form{
		Account: account, MailType: q.MailType, Website: q.Website, UseCase: q.UseCase, Contacts: slices.Clone(q.Contacts),
		Language: q.Language, Regions: slices.Clone(q.Regions), Quota: q.Quota, Rate: q.Rate,
	}
	for key, text := range map[string]*string{"mail_type": &f.MailType, "website": &f.Website, "language": &f.Language} {
		if !n.Has(key) {
			*text = ""
		}
	}
	return f
}
