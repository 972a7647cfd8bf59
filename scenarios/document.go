package scenarios

import (
	"slices"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/plan"
)

// Document is a scenario with what it says besides the run.
type Document struct {
	Config *sim.Config
	Forms  []Form // of all accounts in order, and of each in order of time
	// Goal is what a plan is to answer; nil where the scenario has no [goal].
	// Candidate makes the scenarios that it asks for.
	Goal *plan.Question

	file      string
	src       []byte
	files     Files
	overrides []Override
	axes      []axis // of the goal's choices
}

var _ plan.Candidates = (*Document)(nil)

// Form is what a scenario says of a production-access request, for the form
// that is to be filled in. Unlike sim.Request it has no defaults: what the
// scenario does not say is empty, or 0.
type Form struct {
	Account        int // index into Config.Accounts
	MailType       string
	Website        string
	UseCase        string
	ListSource     string // how the list of recipients is built
	BounceHandling string // what happens on bounces and complaints
	OptOut         string // how people get off the list
	Contacts       []string
	Language       string
	Regions        []string // further Regions
	Quota, Rate    int64    // asked for; a quota of -1 is unlimited
}

// Read reads a scenario as LoadWith does, with all that it says.
func Read(files Files, file string, src []byte, overrides ...Override) (*Document, error) {
	l := &loader{Reporter: tree.NewReporter(file), files: files}
	l.load(src, overrides, nil)
	if err := l.Err(); err != nil {
		return nil, err
	}
	d := &Document{Config: &l.cfg, Forms: l.forms, file: file, src: src, files: files, overrides: overrides}
	if l.goal != nil {
		d.Goal, d.axes = &l.goal.question, l.goal.axes
		d.checkGoal(l.Reporter)
		if err := l.Err(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// formSaid returns what a request says itself: its defaults are taken out.
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
