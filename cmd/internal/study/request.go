package study

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sesim/cmd/internal/terminal"
	"sesim/reports/planreport"
	"sesim/reports/request"
	"sesim/reports/rundir"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/plan"
	"sesim/sim/ses"
)

// RequestOptions are the options of Request.
type RequestOptions struct {
	Delivery
	Settings
	Account      string // that asks; "" if there is only one candidate
	Replications int    // runs for the figures
	Progress     terminal.Mode
	Planned      string // file or folder of a saved plan; "" for none
	NoPlan       bool   // do not search for a plan
	Search       SearchOptions
	DryRun       bool // describe the runs without running them
	AssumptionOptions
}

// evidenceConfidence is the confidence of the intervals in a request.
const evidenceConfidence = 0.95

// maxEvidence limits the runs for the figures of a request.
const maxEvidence = 100_000

// requestMark is the file that identifies the folder of a draft.
const requestMark = "request.json"

// Request drafts the request for production access of a scenario's account.
func (s *System) Request(ctx context.Context, name string, o *RequestOptions) error {
	if o.Replications < 1 || o.Replications > maxEvidence {
		return Usagef("--replications must be between 1 and %d", maxEvidence)
	}
	if err := o.checkWord(); err != nil {
		return err
	}
	in, err := s.readInput(ctx, name)
	if err != nil {
		return s.unreadable(ctx, name, err)
	}
	doc, err := in.readCautious(&o.Settings)
	if err != nil {
		return err
	}
	s.warn(doc.Warnings)
	account, err := s.applicant(doc, o.Account)
	if err != nil {
		return err
	}
	if o.DryRun {
		return s.dryRequest(ctx, doc, account, o)
	}
	if o.Dir != "" {
		if err := s.Reserve(o.Dir, requestMark, o.Force); err != nil {
			return err
		}
	}
	if err := s.fits(name, func() (loads, error) {
		list, _, err := o.load(doc, account)
		return list, err
	}); err != nil {
		return err
	}
	p, err := s.planOf(ctx, in, doc, o)
	if err != nil {
		return err
	}
	d, err := s.draft(ctx, in, doc, account, p, o)
	if err != nil {
		return err
	}
	d.Replay = o.replay(name)
	return s.deliverDraft(d, o)
}

// load returns what a request takes: the runs of its plan, and those for its figures,
// one after the other.
func (o *RequestOptions) load(doc *scenarios.Document, account int) (list loads, settings int, err error) {
	if o.plans(doc) {
		o.Search.Bare = true // a draft needs the answer only
		if err := o.Search.apply(doc.Goal); err != nil {
			return nil, 0, err
		}
		list, settings = planLoad(doc, &o.AssumptionOptions)
	}
	l := &load{runs: o.Replications, workers: 1}
	if len(list) == 0 && len(doc.Config.Accounts[account].Requests) > 0 {
		l.runs *= 2 // the draft decides, and the figures are those with what it asks for
	}
	l.observe = func(c *sim.Config) (sim.Hooks, error) { return request.Watch(c, account), nil }
	l.add(doc.Config)
	return append(list, l), settings, nil
}

// plans reports whether a request computes a plan.
func (o *RequestOptions) plans(doc *scenarios.Document) bool {
	return o.Planned == "" && !o.NoPlan && doc.Goal != nil && sizing(doc.Goal)
}

// dryRequest describes the runs of a request.
func (s *System) dryRequest(ctx context.Context, doc *scenarios.Document, account int, o *RequestOptions) error {
	list, settings, err := o.load(doc, account)
	if err != nil {
		return err
	}
	d := newDryRun(doc.Config.Name, list)
	d.Settings = settings
	figures := list[len(list)-1].runs
	d.what = "up to " + plural(figures, "run") + " for the figures"
	if planned := d.Runs - figures; planned > 0 {
		d.what += fmt.Sprintf(", and about %d of the plan", planned) + d.inSettings()
	}
	if err := s.describe(ctx, d, list); err != nil {
		return err
	}
	return s.printDry(d, o.JSON, o.Quiet)
}

// unreadable returns the error for an input that could not be read.
func (s *System) unreadable(ctx context.Context, name string, err error) error {
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	return Usagef("%s: %w", name, err)
}

// applicant returns the account that asks: the named one, the only one, or the
// only one with a request.
func (s *System) applicant(doc *scenarios.Document, name string) (int, error) {
	names := accountNames(doc.Config)
	if name != "" {
		for i := range names {
			if names[i] == name {
				return i, nil
			}
		}
		return 0, Usagef("--account %s: %s", name, WithHint("the scenario has no such account", s.Suggest(name, names)))
	}
	if len(names) == 1 {
		return 0, nil
	}
	only := -1
	for _, f := range doc.Forms {
		if only >= 0 && only != f.Account {
			only = -1
			break
		}
		only = f.Account
	}
	if only < 0 {
		const most = 10
		return 0, Usagef("several accounts may ask; choose one with --account: %s", strings.Join(names[:min(len(names), most)], ", "))
	}
	return only, nil
}

// planOf returns the plan for a request: a saved one, or the one for the scenario's
// goal; nil if there is none.
func (s *System) planOf(ctx context.Context, in input, doc *scenarios.Document, o *RequestOptions) (*planreport.Plan, error) {
	switch {
	case o.Planned != "" && o.NoPlan:
		return nil, Usagef("--plan and --no-plan cannot be combined")
	case o.asked() && !o.plans(doc):
		return nil, Usagef("--assumptions judges the answer of a plan, and this request computes none; " +
			"sesim plan --assumptions -o keeps what it found")
	case o.Planned != "":
		if err := s.claim("--plan "+o.Planned, toRead, o.Planned); err != nil {
			return nil, err
		}
		return savedPlan(o.Planned, doc)
	case !o.plans(doc):
		return nil, nil
	}
	o.Search.Bare = true // a draft needs the answer only
	if err := o.Search.apply(doc.Goal); err != nil {
		return nil, err
	}
	answer, err := s.find(ctx, doc, o.Mode(o.Progress))
	if err != nil {
		return nil, err
	}
	p := planreport.New(doc.Config, answer)
	if err := s.planWithout(ctx, in, doc, p, &o.Settings, &o.Search, o.Mode(o.Progress)); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	return p, s.assume(ctx, doc, answer, p, &o.AssumptionOptions, o.Mode(o.Progress))
}

// sizing reports whether a goal chooses only quotas and rates of accounts. One
// that chooses the volume or the list is about mail that could be sent.
func sizing(q *plan.Question) bool {
	return !slices.ContainsFunc(q.Choices, func(c plan.Choice) bool { return !sizes(c.Key) })
}

// sizes reports whether a key is an account's quota or rate.
func sizes(key string) bool {
	return strings.HasPrefix(key, "account.") && (strings.HasSuffix(key, ".quota") || strings.HasSuffix(key, ".rate"))
}

// savedPlan reads a plan from its file or folder. It must be one of the same
// scenario.
func savedPlan(name string, doc *scenarios.Document) (*planreport.Plan, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, planMark)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, Usagef("--plan %s: %w", name, cause(err))
	}
	defer file.Close()
	p, err := planreport.ReadJSON(file)
	if err != nil {
		return nil, Usagef("--plan %s: %w", name, err)
	}
	if p.Scenario != doc.Config.Name || p.Seed != doc.Config.Seed || p.Edition != doc.Config.Edition {
		return nil, Usagef("--plan %s: the plan is for scenario %s, seed %d, edition %s, not for %s, seed %d, edition %s",
			name, p.Scenario, p.Seed, p.Edition, doc.Config.Name, doc.Config.Seed, doc.Config.Edition)
	}
	for _, c := range p.Choices {
		if !sizes(c.Key) {
			return nil, Usagef("--plan %s: the plan chooses %s, but a request needs a quota and a rate", name, c.Key)
		}
	}
	return p, nil
}

// draft gathers the evidence and drafts the request. With the answer of a plan,
// the scenario is run with the plan's values.
func (s *System) draft(
	ctx context.Context, in input, doc *scenarios.Document, account int, p *planreport.Plan, o *RequestOptions,
) (*request.Draft, error) {
	defer s.BoundGarbage()()
	cfg := doc.Config
	if p != nil && p.Status == plan.Found.String() {
		with, err := in.read(&Settings{Set: append(o.texts(), p.Settings()...)}) // of the same files
		if err != nil {
			return nil, err
		}
		cfg = with.Config
	}
	evidence, err := s.gather(ctx, cfg, account, o)
	if err != nil {
		return nil, err
	}
	from := request.Input{Config: cfg, Account: account, Evidence: evidence, Tool: Version}
	from.Form, from.Key = formOf(doc, account)
	from.Today = limitsOf(doc.Config, account)
	from.Plan = proposal(p, cfg.Accounts[account].Name)
	d := request.New(from)
	granted, changed := d.Granted(cfg, account)
	if !changed {
		return d, nil
	}
	// The figures are those of the account once it has what the draft asks for.
	if from.Evidence, err = s.gather(ctx, granted, account, o); err != nil {
		return nil, err
	}
	return request.New(from), nil
}

// limitsOf returns the quota and the rate that the scenario gives an account in
// production.
func limitsOf(cfg *sim.Config, account int) request.Limits {
	a := &cfg.Accounts[account]
	if a.Access != ses.Production {
		return request.Limits{}
	}
	limits := request.Limits{Quota: a.Quota, Rate: a.Rate}
	for _, d := range cfg.Defaults() {
		switch d.Key {
		case "account." + a.Name + ".quota":
			limits.Quota = 0
		case "account." + a.Name + ".rate":
			limits.Rate = 0
		}
	}
	return limits
}

// gather runs the scenario for the evidence of a request.
func (s *System) gather(ctx context.Context, cfg *sim.Config, account int, o *RequestOptions) (*request.Evidence, error) {
	began := s.Clock()
	show := terminal.New(o.Mode(o.Progress), s.Err, s.Getenv)
	defer show.Close()
	evidence, err := request.Gather(engine.Run, cfg, account, o.Replications, evidenceConfidence, func(done int) bool {
		show.Show(tally{scenario: cfg.Name, wall: s.Clock() - began, done: done, of: o.Replications})
		return ctx.Err() == nil
	})
	if errors.Is(err, request.ErrInterrupted) {
		return nil, ErrInterrupted
	}
	return evidence, err
}

// proposal returns a plan's values for an account's quota and rate.
func proposal(p *planreport.Plan, account string) *request.Plan {
	if p == nil {
		return nil
	}
	out := &request.Plan{Statement: p.Statement, Rests: p.Rests(), Found: p.Status == plan.Found.String()}
	if text := p.Increases(); text != "" {
		out.Rests = slices.Insert(out.Rests, 0, text)
	}
	for _, promise := range p.Promises {
		if !slices.ContainsFunc(p.Apart, func(a planreport.Apart) bool { return a.Promise == promise.Expression }) {
			out.Promises = append(out.Promises, promise.Expression)
		}
	}
	for _, c := range p.Choices {
		rest, ok := strings.CutPrefix(c.Key, "account."+account+".")
		value, err := strconv.ParseInt(c.Value, 10, 64)
		switch {
		case !ok || err != nil:
		case strings.HasSuffix("."+rest, ".quota"):
			out.Quota = value
		case strings.HasSuffix("."+rest, ".rate"):
			out.Rate = value
		}
	}
	return out
}

// replay returns the command that repeats the draft, for a shell.
func (o *RequestOptions) replay(name string) string {
	words := []string{"sesim", "request", name, "--replications", strconv.Itoa(o.Replications)}
	if o.Account != "" {
		words = append(words, "--account", o.Account)
	}
	if o.Planned != "" {
		words = append(words, "--plan", o.Planned)
	}
	if o.NoPlan {
		words = append(words, "--no-plan")
	}
	if o.Search.Confirm >= 0 {
		words = append(words, "--confirm", strconv.Itoa(o.Search.Confirm))
	}
	return commandLine(append(words, o.words()...), o.texts())
}

// formOf returns an account's request in the scenario, and its key. If there are
// several it is the last, which answers the earlier ones.
func formOf(doc *scenarios.Document, account int) (request.Form, string) {
	var form request.Form
	number := 0
	for _, f := range doc.Forms {
		if f.Account != account {
			continue
		}
		form = request.Form{
			MailType: f.MailType, Website: f.Website, UseCase: f.UseCase, ListSource: f.ListSource, BounceHandling: f.BounceHandling,
			OptOut: f.OptOut, Contacts: f.Contacts, Language: f.Language, Regions: f.Regions, Quota: f.Quota, Rate: f.Rate,
		}
		number++
	}
	return form, fmt.Sprintf("account.%s.request[%d]", doc.Config.Accounts[account].Name, max(0, number-1))
}

// deliverDraft prints the draft and writes its folder.
func (s *System) deliverDraft(d *request.Draft, o *RequestOptions) error {
	var markdown, document, fields bytes.Buffer
	if err := errors.Join(d.Write(&markdown), d.WriteJSON(&document), d.WriteFields(&fields)); err != nil {
		return err
	}
	list := []rundir.File{{Name: "request.md", Data: markdown.Bytes()}}
	if d.Ready {
		list = append(list, rundir.File{Name: "put-account-details.json", Data: fields.Bytes()})
	}
	list = append(list, rundir.File{Name: requestMark, Data: document.Bytes()})
	return s.deliver(&o.Delivery, "draft", markdown.Bytes(), document.Bytes(), list)
}
