package study

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/reports/planreport"
	"sesim/reports/rundir"
	"sesim/reports/wording"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/plan"
	"sesim/sim/unit"
)

// PlanOptions are the options of Plan.
type PlanOptions struct {
	Delivery
	Settings
	Search   SearchOptions
	DryRun   bool // describe the runs without running them
	Progress terminal.Mode
	AssumptionOptions
}

// SearchOptions change the search for a plan. Negative values leave the
// scenario's.
type SearchOptions struct {
	Replications int    // at most, of each candidate
	Confirm      int    // fresh runs of the answer; 0 for none
	Bare         bool   // search and confirm, and look no further
	Over         string // how far to follow the growth of the mail; "": plan.DefaultOver
}

// planMark is the file that identifies the folder of a plan.
const planMark = "plan.json"

// errNoGoal is the error for a scenario without a goal.
var errNoGoal = errors.New(
	`the scenario has no [goal]: write promise = ["acme.refused.quota == 0"] and ` +
		`choose = { "account.acme.quota" = { from = 1_000, to = 200_000 } }`,
)

// Plan searches for the answer to the goal of a scenario: a file, a shipped name,
// or "-". The outcome is Unmet if there is no answer.
func (s *System) Plan(ctx context.Context, name string, o *PlanOptions) error {
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
	s.warnOrder(name, doc.Config)
	if doc.Goal == nil {
		return Usagef("%s: %w", name, errNoGoal)
	}
	if err := o.Search.apply(doc.Goal); err != nil {
		return err
	}
	if o.DryRun {
		return s.dryPlan(ctx, doc, o)
	}
	if o.Dir != "" {
		if err := s.Reserve(o.Dir, planMark, o.Force); err != nil {
			return err
		}
	}
	if err := s.fits(name, func() (loads, error) {
		list, _ := planLoad(doc, &o.AssumptionOptions)
		return list, nil
	}); err != nil {
		return err
	}
	answer, err := s.find(ctx, doc, o.Mode(o.Progress))
	if err != nil {
		return err
	}
	p := planreport.New(doc.Config, answer)
	if err := s.planWithout(ctx, in, doc, p, &o.Settings, &o.Search, o.Mode(o.Progress)); err != nil {
		return err
	}
	failed := s.assume(ctx, doc, answer, p, &o.AssumptionOptions, o.Mode(o.Progress))
	return errors.Join(s.deliverPlan(p, name, o), cmp.Or(failed, planVerdict(p)))
}

// noIncrease switches automatic quota increases off: AWS might give one, and says
// neither when nor how much.
const noIncrease = "rules.auto_increase=false"

// readCautious reads a scenario with its goal, without automatic quota increases
// unless it sets them itself. The settings then have noIncrease.
func (in input) readCautious(settings *Settings) (*scenarios.Document, error) {
	doc, err := in.read(settings)
	if err != nil || !doc.Config.Rules.AutoIncrease.On || slices.Contains(doc.Config.OwnRules, "auto_increase") {
		return doc, err
	}
	settings.Set = append(slices.Clone(settings.Set), noIncrease)
	return in.read(settings)
}

// planWithout adds to the plan of a scenario with automatic quota increases the
// answer without them.
func (s *System) planWithout(
	ctx context.Context, in input, doc *scenarios.Document, p *planreport.Plan, settings *Settings, search *SearchOptions, mode terminal.Mode,
) error {
	if !doc.Config.Rules.AutoIncrease.On || p.Status == plan.Interrupted.String() {
		return nil
	}
	without, err := in.read(&Settings{Set: append(settings.texts(), noIncrease)})
	if err != nil {
		return err
	}
	if err := search.apply(without.Goal); err != nil {
		return err
	}
	answer, err := s.find(ctx, without, mode)
	if err == nil {
		p.AddWithout(noIncrease, planreport.New(without.Config, answer))
	}
	return err
}

// planLoad returns what a search takes, and the settings in which its answer is judged:
// the candidates lie between the values at both ends of its choices.
func planLoad(doc *scenarios.Document, o *AssumptionOptions) (list loads, settings int) {
	q := doc.Goal
	runs := q.FewRuns()
	if doc.Config.Rules.AutoIncrease.On {
		runs *= 2 // planWithout searches again
	}
	l := &load{runs: runs, workers: min(runtime.GOMAXPROCS(0), runs), kept: bytesSearched}
	values := make([]int64, len(q.Choices))
	for _, end := range []func(c *plan.Choice) int64{(*plan.Choice).Last, func(*plan.Choice) int64 { return 0 }} {
		for i := range values {
			values[i] = q.Choices[i].At(end(&q.Choices[i]))
		}
		if c, err := doc.Candidate(values); err == nil { // else the search says it
			l.add(c)
		}
	}
	if len(l.configs) == 0 {
		l.add(doc.Config)
	}
	if !o.asked() {
		return loads{l}, 0
	}
	settings = assumptions.Most(assumptions.Vary(doc.Config)) + o.combinations()
	again := l.again((settings + 1) * min(q.Replications, assumptions.MaxSeeds)) // with the answer as it is
	return loads{l, again}, settings
}

// bytesSearched is what a search keeps of each run.
const bytesSearched = 3 << 10

// dryPlan describes the runs of a search.
func (s *System) dryPlan(ctx context.Context, doc *scenarios.Document, o *PlanOptions) error {
	list, settings := planLoad(doc, &o.AssumptionOptions)
	d := newDryRun(doc.Config.Name, list)
	d.Settings = settings
	d.what = fmt.Sprintf("about %s, more if fresh runs refute an answer", plural(d.Runs, "run")) + d.inSettings()
	if err := s.describe(ctx, d, list); err != nil {
		return err
	}
	return s.printDry(d, o.JSON, o.Quiet)
}

// read reads a scenario with its goal.
func (in input) read(settings *Settings) (*scenarios.Document, error) {
	overrides, err := settings.Overrides()
	if err != nil {
		return nil, err
	}
	doc, err := scenarios.Read(in.files, in.File, in.src, overrides...)
	if errors.Is(err, sim.ErrTrace) {
		err = fmt.Errorf("%s: %w", in.File, err)
	}
	return doc, err
}

// apply sets the flags' values in a goal.
func (o *SearchOptions) apply(q *plan.Question) error {
	switch {
	case o.Replications == 0 || o.Replications > plan.MaxReplications:
		return Usagef("--replications must be between 1 and %d", plan.MaxReplications)
	case o.Confirm > plan.MaxReplications:
		return Usagef("--confirm must be between 0 and %d", plan.MaxReplications)
	}
	if o.Replications > 0 {
		q.Replications = o.Replications
	}
	if o.Confirm >= 0 {
		q.Confirm = o.Confirm
	}
	q.Bare = o.Bare
	return o.applyOver(q)
}

// applyOver sets how far the growth of the mail is followed.
func (o *SearchOptions) applyOver(q *plan.Question) error {
	if o.Over == "" {
		return nil
	}
	over, err := unit.ParseDuration(o.Over)
	switch {
	case err != nil:
		return Usagef(`--over %s is not a duration: write one such as "52w"`, wording.Quote(o.Over))
	case q.Growth.Share == 0:
		return Usagef(`--over needs a growth: add growth = "5%%/30d" to [goal], or --set goal.growth=5%%/30d`)
	case o.Bare:
		return Usagef("--over and --bare cannot be combined: --bare does not follow the growth")
	case over < q.Growth.Every || over/q.Growth.Every > plan.MaxSteps:
		return Usagef("--over %s is %d steps of the growth: must be 1 to %d", o.Over, over/q.Growth.Every, plan.MaxSteps)
	}
	q.Growth.Over = over
	return nil
}

// find searches for the answer to a scenario's goal and shows the progress.
func (s *System) find(ctx context.Context, doc *scenarios.Document, mode terminal.Mode) (*plan.Answer, error) {
	defer s.manyRuns()()
	began := s.Clock()
	show := terminal.New(mode, s.Err, s.Getenv)
	defer show.Close()
	answer, err := plan.Find(ctx, doc.Goal, doc, runtime.GOMAXPROCS(0), func(p plan.Progress) {
		doing := fmt.Sprintf("%s, candidate %d", p.Doing, p.Candidates)
		show.Show(tally{scenario: doc.Config.Name, wall: (s.Clock() - began).Round(time.Millisecond), done: p.Runs, doing: doing})
	})
	if bad, ok := errors.AsType[*plan.ImpossibleError](err); ok {
		return nil, Usage(impossible(doc.Goal, bad))
	}
	return answer, err
}

// impossible returns the error for a candidate that is invalid in the scenario.
func impossible(q *plan.Question, bad *plan.ImpossibleError) error {
	settings := make([]string, len(bad.Values))
	for j, v := range bad.Values {
		settings[j] = q.Choices[j].Key + " = " + q.Choices[j].Text(v)
	}
	return fmt.Errorf("the goal tries invalid values, %s:\n%w", strings.Join(settings, ", "), bad.Err)
}

// deliverPlan prints the plan and writes its folder.
func (s *System) deliverPlan(p *planreport.Plan, name string, o *PlanOptions) error {
	var words, document, table bytes.Buffer
	if err := errors.Join(p.Write(&words, o.replay(name), runOf(name, p, o.texts())), p.WriteJSON(&document), p.WriteCSV(&table)); err != nil {
		return err
	}
	files := []rundir.File{{Name: "plan.md", Data: words.Bytes()}, {Name: "candidates.csv", Data: table.Bytes()}}
	if o.Dir != "" {
		pictures, err := rundir.PlanFiles(p)
		if err != nil {
			return err
		}
		files = append(files, pictures...)
	}
	files = append(files, rundir.File{Name: planMark, Data: document.Bytes()})
	return s.deliver(&o.Delivery, "plan", words.Bytes(), document.Bytes(), files)
}

// planVerdict returns an error for a plan that was interrupted, or without an answer; the
// plan explains why.
func planVerdict(p *planreport.Plan) error {
	interrupted := plan.Interrupted.String()
	switch {
	case p.Status == interrupted || p.Unfinished || p.Without != nil && p.Without.Status == interrupted:
		return &Error{Interrupted, errors.New("interrupted; the plan contains the results so far")}
	case p.Status == plan.None.String() || len(p.Apart) > 0:
		return &Error{Outcome: Unmet}
	}
	return nil
}

// replay returns the command that repeats the plan, for a shell.
func (o *PlanOptions) replay(name string) string {
	words := []string{"sesim", "plan", name}
	if o.Search.Replications > 0 {
		words = append(words, "--replications", strconv.Itoa(o.Search.Replications))
	}
	if o.Search.Confirm >= 0 {
		words = append(words, "--confirm", strconv.Itoa(o.Search.Confirm))
	}
	if o.Search.Bare {
		words = append(words, "--bare")
	}
	if o.Search.Over != "" {
		words = append(words, "--over", o.Search.Over)
	}
	return commandLine(append(words, o.words()...), o.texts())
}

// runOf returns the command that simulates the answer, for a shell.
func runOf(name string, p *planreport.Plan, set []string) string {
	return commandLine([]string{"sesim", "run", name}, append(slices.Clone(set), p.Settings()...))
}

// commandLine joins words and settings, quoted for a shell.
func commandLine(words, set []string) string {
	for _, s := range set {
		words = append(words, "--set", s)
	}
	for i := range words {
		words[i] = wording.Quote(words[i])
	}
	return strings.Join(words, " ")
}
