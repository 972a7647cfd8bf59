package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sesim/reports/planreport"
	"sesim/reports/rundir"
	"sesim/reports/wording"
	"sesim/scenarios"
	"sesim/sim/plan"
)

// planOptions are the flags of sesim plan.
type planOptions struct {
	search   searchOptions
	dir      string
	json     bool
	quiet    bool
	force    bool
	set      []string
	progress progressMode
}

// searchOptions are the flags that change how a plan is searched for; what
// was not given stays as the scenario has it.
type searchOptions struct{ replications, confirm int }

func (o *searchOptions) flags(f *pflag.FlagSet) {
	f.IntVar(&o.confirm, "confirm", -1, "confirm the answer with `N` fresh runs; 0 for none")
}

func planCommand(s *system) *cobra.Command {
	o := planOptions{progress: progressAuto, search: searchOptions{replications: -1, confirm: -1}}
	cmd := &cobra.Command{
		Use:   "plan FILE|NAME|-",
		Short: "Find the quota, rate, volume or list that keeps promises",
		Long: `Plan finds values of a scenario's keys that keep promises, both of which stand in
its [goal]: the smallest sending quota and rate, the highest volume, the worst
list. It says which promise binds, what half and double would do, and how many
runs it took; where nothing keeps the promises it names the nearest miss.

  [goal]
  promise = ["newsletter.campaign_time.p95 < 4h", "P(acme.under-review) <= 5%"]
  choose  = { "account.acme.quota" = { from = 1_000, to = 200_000 } }

All candidates share their random numbers. What is found has to stand runs that
had no part in the search. The exit status is 99 without an answer.

With -o the folder DIR gets plan.md, candidates.csv and plan.json, from which
"sesim request --plan" takes quota and rate.`,
		Example: `  sesim plan mine.toml
  sesim plan mine.toml --replications 10000 --confirm 10000 -o plan`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return s.plan(cmd.Context(), args[0], &o) },
	}
	f := cmd.Flags()
	f.IntVar(&o.search.replications, "replications", -1, "give a candidate at most `N` runs in the search")
	o.search.flags(f)
	f.StringVarP(&o.dir, "output", "o", "", "write the plan to `DIR`")
	f.BoolVar(&o.json, "json", false, "print the plan as JSON instead of text")
	f.BoolVar(&o.quiet, "quiet", false, "print errors only; with --json, the JSON as well")
	f.BoolVar(&o.force, "force", false, "replace a plan that is already there")
	f.StringArrayVar(&o.set, "set", nil, "set a key of the scenario: `KEY=VALUE`; may be repeated")
	f.Var(&o.progress, "progress", "how progress is shown on standard error: auto, bar, plain or none")
	_ = cmd.RegisterFlagCompletionFunc("progress", cobra.FixedCompletions(progressModes, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// planMark is the file by which a folder is known to be a plan.
const planMark = "plan.json"

// errNoGoal is the error of a scenario that asks nothing of a plan.
var errNoGoal = errors.New(`the scenario has no [goal]: write promise = ["acme.refused.quota == 0"] and choose = { "account.acme.quota" = { from = 1_000, to = 200_000 } }`)

func (s *system) plan(ctx context.Context, name string, o *planOptions) error {
	doc, err := s.read(ctx, name, o.set)
	if err != nil {
		return err
	}
	if doc.Goal == nil {
		return badUsagef("%s: %w", name, errNoGoal)
	}
	if err := o.search.apply(doc.Goal); err != nil {
		return err
	}
	if o.dir != "" {
		if err := checkMarked(o.dir, planMark, o.force); err != nil {
			return err
		}
	}
	mode := o.progress
	if o.quiet {
		mode = progressNone
	}
	answer, err := s.find(ctx, doc, mode)
	if err != nil {
		return err
	}
	p := planreport.New(doc.Config, answer)
	return errors.Join(s.deliverPlan(p, name, o), planVerdict(answer))
}

// read reads a scenario with all that it says.
func (s *system) read(ctx context.Context, name string, set []string) (*scenarios.Document, error) {
	overrides, err := parseOverrides(set)
	if err != nil {
		return nil, err
	}
	in, err := s.readInput(ctx, name)
	if err != nil {
		return nil, s.unreadable(ctx, name, err)
	}
	return scenarios.Read(in.files, in.file, in.src, overrides...)
}

// apply puts what the flags say into a goal.
func (o *searchOptions) apply(q *plan.Question) error {
	switch {
	case o.replications == 0 || o.replications > plan.MaxReplications:
		return badUsagef("--replications lies between 1 and %d", plan.MaxReplications)
	case o.confirm > plan.MaxReplications:
		return badUsagef("--confirm lies between 0 and %d", plan.MaxReplications)
	}
	if o.replications > 0 {
		q.Replications = o.replications
	}
	if o.confirm >= 0 {
		q.Confirm = o.confirm
	}
	return nil
}

// find searches for the answer to a scenario's goal and shows how far it is.
func (s *system) find(ctx context.Context, doc *scenarios.Document, mode progressMode) (*plan.Answer, error) {
	clock := stopwatch()
	show := newDisplay(mode, s.err, s.getenv)
	defer show.close()
	answer, err := plan.Find(ctx, doc.Goal, doc, runtime.GOMAXPROCS(0), func(p plan.Progress) {
		doing := fmt.Sprintf("%s, candidate %d", p.Doing, p.Candidates)
		show.show(tally{scenario: doc.Config.Name, wall: clock().Round(time.Millisecond), done: p.Runs, doing: doing})
	})
	if bad, ok := errors.AsType[*plan.ImpossibleError](err); ok {
		return nil, badUsage(impossible(doc.Goal, bad))
	}
	return answer, err
}

// impossible words the error of a candidate that the scenario cannot have.
func impossible(q *plan.Question, bad *plan.ImpossibleError) error {
	settings := make([]string, len(bad.Values))
	for j, v := range bad.Values {
		settings[j] = q.Choices[j].Key + " = " + q.Choices[j].Text(v)
	}
	return fmt.Errorf("the goal leads to values that the scenario cannot have, %s:\n%w", strings.Join(settings, ", "), bad.Err)
}

// deliverPlan prints the plan and writes its folder.
func (s *system) deliverPlan(p *planreport.Plan, name string, o *planOptions) error {
	var words, document, table bytes.Buffer
	if err := errors.Join(p.Write(&words, o.replay(name), runOf(name, p, o.set)), p.WriteJSON(&document), p.WriteCSV(&table)); err != nil {
		return err
	}
	var printed error
	switch {
	case o.json:
		_, printed = s.out.Write(document.Bytes())
	case !o.quiet:
		_, printed = s.out.Write(words.Bytes())
	}
	if o.dir == "" {
		return printed
	}
	list := []rundir.File{{Name: "plan.md", Data: words.Bytes()}, {Name: "candidates.csv", Data: table.Bytes()}, {Name: planMark, Data: document.Bytes()}}
	if err := rundir.WriteFiles(filepath.Clean(o.dir), list, o.force); err != nil {
		return errors.Join(printed, fmt.Errorf("the plan was not written: %w", err))
	}
	return printed
}

// planVerdict makes an error of a plan without an answer; the plan itself says
// why.
func planVerdict(a *plan.Answer) error {
	switch a.Status {
	case plan.Found:
		return nil
	case plan.None:
		return &exitError{code: exitThreshold}
	}
	return &exitError{exitInterrupted, errors.New("interrupted; the plan holds what was known")}
}

// replay returns the command that repeats the plan, for a shell.
func (o *planOptions) replay(name string) string {
	words := []string{"sesim", "plan", name}
	if o.search.replications > 0 {
		words = append(words, "--replications", strconv.Itoa(o.search.replications))
	}
	if o.search.confirm >= 0 {
		words = append(words, "--confirm", strconv.Itoa(o.search.confirm))
	}
	return commandLine(words, o.set)
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
