package request

import (
	"slices"
	"strings"

	"sesim/sim"
	"sesim/sim/ses"
)

// Version is the version of a draft as JSON.
const Version = 1

// Form holds the request's fields as the scenario sets them; empty or 0 if it
// does not.
type Form struct {
	MailType       string
	Website        string
	UseCase        string
	ListSource     string
	BounceHandling string
	OptOut         string
	Contacts       []string
	Language       string
	Regions        []string
	Quota, Rate    int64
}

// Input is the input of New.
type Input struct {
	Config   *sim.Config // with the plan's choices, if there is a plan
	Account  int         // index into Config.Accounts
	Form     Form
	Key      string // of the request in the scenario: "account.acme.request[0]"
	Evidence *Evidence
	Plan     *Plan  // nil without a plan
	Tool     string // version of the program
	Today    Limits // of an account in production, whatever a plan chooses
}

// Limits are the quota and the rate that an account in production has; 0: the scenario
// does not say.
type Limits struct{ Quota, Rate int64 }

// Plan is the part of a plan that concerns quota and rate.
type Plan struct {
	Found     bool     `json:"found"`
	Promises  []string `json:"promises"` // kept if Found
	Quota     int64    `json:"quota"`    // the smallest that keeps them; 0: not chosen
	Rate      int64    `json:"rate"`
	Statement string   `json:"statement"` // how well it is confirmed, or why there is no answer, in a sentence
	// Rests says what the answer rests on, in sentences without a full stop; empty if that
	// was not asked. It is not sent.
	Rests []string `json:"rests_on,omitempty"`
}

// Draft is a request, complete unless it has blanks.
type Draft struct {
	Scenario string
	Account  string
	Region   string
	Regions  []string // further Regions; the command must be repeated for each
	Ready    bool     // there are no blanks, and AWS's API would accept every field
	Quota    Asked
	Rate     Asked
	Answers  []Answer // what is sent, followed by the answers to the form's four questions
	Fields   Fields
	Blanks   []Blank
	Problems []Problem
	Concerns []Concern

	Evidence *Evidence
	Plan     *Plan
	Tool     string
	Replay   string // the shell command that repeats the draft; "" for none
	seed     uint64

	// Production: the account has production access from the start, so that there
	// is nothing to request but an increase.
	Production bool
}

// Asked is the requested quota or rate and its source.
type Asked struct {
	Value  int64 // 0: a blank; a quota of -1 is unlimited
	Source string
}

// Blank is information missing from the scenario.
type Blank struct {
	What string `json:"what"`
	Key  string `json:"key"` // the key of the scenario that would fill it; "" for none
}

// New drafts a request.
func New(in Input) *Draft {
	a := &in.Config.Accounts[in.Account]
	d := &Draft{
		Scenario: in.Config.Name, Account: a.Name, Region: a.Region, Regions: in.Form.Regions,
		Evidence: in.Evidence, Plan: in.Plan, Tool: in.Tool, seed: in.Config.Seed,
	}
	d.Production = a.Access == ses.Production
	d.Quota, d.Rate = in.asked()
	d.answer(&in)
	d.Fields = Fields{
		MailType: in.Form.MailType, WebsiteURL: in.Form.Website, ContactLanguage: in.Form.Language,
		UseCaseDescription: d.description(), AdditionalContactEmailAddresses: in.Form.Contacts, ProductionAccessEnabled: true,
	}
	d.need(in.Form.MailType, "whether the mail is MARKETING or TRANSACTIONAL", in.Key+".mail_type")
	d.need(in.Form.Website, "the URL of the website", in.Key+".website")
	d.Problems = d.Fields.Check()
	d.Ready = len(d.Blanks) == 0 && len(d.Problems) == 0 && !d.Production
	d.Concerns = concerns(&in, d)
	return d
}

// need returns the text. If it is empty, need records a blank and returns its
// mark.
func (d *Draft) need(text, what, key string) string {
	if text != "" {
		return text
	}
	d.Blanks = append(d.Blanks, Blank{what, key})
	return blank(what)
}

// asked returns the quota and the rate to request: those of the plan, else those
// of the scenario's request, else what is due. It never asks for less than is due, a
// quota below the mail of 24 hours, or a rate that refuses some of the mail of a
// second, nor for less than an account in production has.
func (in *Input) asked() (quota, rate Asked) {
	a := &in.Config.Accounts[in.Account]
	choose := func(planned, said, has, runs int64, due Figure, short bool) Asked {
		asked := Asked{int64(due.Most), dueSource}
		switch {
		case planned != 0:
			asked = Asked{planned, planSource}
		case said != 0:
			asked = Asked{said, "the scenario's request"}
		case has != 0:
			asked = Asked{has, accountSource}
		case a.Access == ses.Production:
			asked = Asked{runs, defaultSource}
		}
		if short && asked.Value > 0 && float64(asked.Value) < due.Most {
			asked = Asked{int64(due.Most), dueSource}
		}
		if has == -1 || asked.Value != -1 && asked.Value < has {
			return Asked{has, accountSource}
		}
		return asked
	}
	plan := in.Plan
	if plan == nil || !plan.Found {
		plan = &Plan{}
	}
	e := in.Evidence
	return choose(plan.Quota, in.Form.Quota, in.Today.Quota, a.Quota, e.Due24h, true),
		choose(plan.Rate, in.Form.Rate, in.Today.Rate, a.Rate, e.DueSecond, e.UnderRate.Most > 0)
}

// Sources of a quota or rate.
const (
	planSource    = "the plan"
	accountSource = "the scenario's account" // it is not requested: the account has it
	defaultSource = "the model's default"    // nor is this: what the account has is a blank
	dueSource     = "the mail that is due"   // in the runs
)

// requested reports whether more is asked for than an account in production has.
func (a Asked) requested() bool { return a.Source != accountSource && a.Source != defaultSource }

// Granted returns the scenario as it is if the account's requests are granted as
// drafted; without one, as it is if the account has from the start what is drafted, or
// more. It returns false if that is what it is already.
func (d *Draft) Granted(cfg *sim.Config, account int) (*sim.Config, bool) {
	c := *cfg
	c.Accounts = slices.Clone(cfg.Accounts)
	a := &c.Accounts[account]
	a.Requests = slices.Clone(a.Requests)
	if len(a.Requests) == 0 && a.Access != ses.Production {
		a.Access, a.Quota, a.Rate = ses.Production, d.Quota.Value, d.Rate.Value
		return &c, true
	}
	changed := false
	if a.Access == ses.Production {
		for to, asked := range map[*int64]int64{&a.Quota: d.Quota.Value, &a.Rate: d.Rate.Value} {
			if *to != -1 && (asked == -1 || asked > *to) {
				*to, changed = asked, true
			}
		}
	}
	for i := range a.Requests {
		r := &a.Requests[i]
		for to, asked := range map[*int64]int64{&r.Quota: d.Quota.Value, &r.Rate: d.Rate.Value} {
			if asked != 0 && *to != asked {
				*to, changed = asked, true
			}
		}
	}
	return &c, changed
}

// description returns the use case description for AWS: all answers.
func (d *Draft) description() string {
	parts := make([]string, len(d.Answers))
	for i, a := range d.Answers {
		parts[i] = a.Label + ": " + a.Text
	}
	return visible(strings.Join(parts, "\n\n"))
}

// visible removes the characters of a text that would change its appearance:
// carriage returns and bidirectional controls.
func visible(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	return strings.Map(func(c rune) rune {
		if c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return -1
		}
		return c
	}, text)
}
