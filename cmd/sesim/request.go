package main

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

	"github.com/spf13/cobra"

	"sesim/reports/planreport"
	"sesim/reports/request"
	"sesim/reports/rundir"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/plan"
)

// requestOptions are the flags of sesim request.
type requestOptions struct {
	account      string
	replications int
	dir          string
	json         bool
	quiet        bool
	force        bool
	set          []string
	progress     progressMode
	planned      string // file or folder of a saved plan
	noPlan       bool
	search       searchOptions
}

// evidenceConfidence is that of the intervals in a request.
const evidenceConfidence = 0.95

// maxEvidence bounds the runs that a request rests on.
const maxEvidence = 100_000

func requestCommand(s *system) *cobra.Command {
	o := requestOptions{progress: progressAuto, search: searchOptions{replications: -1, confirm: -1}}
	cmd := &cobra.Command{
		Use:   "request FILE|NAME|-",
		Short: "Draft the request for production access",
		Long: `Request drafts a request for production access from a scenario: the answers to
the four questions of AWS's form, the command that submits them, checked against
the limits of AWS's API, and the concerns that a reviewer may have. It is printed
as Markdown.

What the scenario says in [[account.request]] is taken over; what its senders do
about bounces, complaints and rates is described; quota and rate are argued for
with figures of N runs. Where the scenario has a [goal] that chooses quotas and
rates, they are those of its plan, which is searched for as "sesim plan" does,
or read from where that wrote it. What the scenario does not know is left as a blank, and while there is one
the command is a comment.

With -o the folder DIR gets request.md, request.json and, where nothing is left
to fill in, put-account-details.json for the AWS CLI's --cli-input-json.`,
		Example: `  sesim request mine.toml
  sesim request mine.toml --account acme --replications 100 -o request
  sesim request mine.toml --plan plan`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return s.request(cmd.Context(), args[0], &o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.account, "account", "", "draft the request of account `NAME`; needed where several could be meant")
	f.IntVar(&o.replications, "replications", 20, "argue with figures of `N` runs")
	f.StringVar(&o.planned, "plan", "", "take quota and rate from the plan in `FILE`, or in the folder that sesim plan wrote")
	f.BoolVar(&o.noPlan, "no-plan", false, "do not search for a plan")
	o.search.flags(f)
	f.StringVarP(&o.dir, "output", "o", "", "write the draft to `DIR`")
	f.BoolVar(&o.json, "json", false, "print the draft as JSON instead of Markdown")
	f.BoolVar(&o.quiet, "quiet", false, "print errors only; with --json, the JSON as well")
	f.BoolVar(&o.force, "force", false, "replace a draft that is already there")
	f.StringArrayVar(&o.set, "set", nil, "set a key of the scenario: `KEY=VALUE`; may be repeated")
	f.Var(&o.progress, "progress", "how progress is shown on standard error: auto, bar, plain or none")
	_ = cmd.RegisterFlagCompletionFunc("progress", cobra.FixedCompletions(progressModes, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// requestMark is the file by which a folder is known to be a draft.
const requestMark = "request.json"

func (s *system) request(ctx context.Context, name string, o *requestOptions) error {
	if o.replications < 1 || o.replications > maxEvidence {
		return badUsagef("--replications lies between 1 and %d", maxEvidence)
	}
	doc, err := s.read(ctx, name, o.set)
	if err != nil {
		return err
	}
	if o.dir != "" {
		if err := checkMarked(o.dir, requestMark, o.force); err != nil {
			return err
		}
	}
	account, err := applicant(doc, o.account)
	if err != nil {
		return err
	}
	p, err := s.planOf(ctx, doc, o)
	if err != nil {
		return err
	}
	d, err := s.draft(ctx, name, doc, account, p, o)
	if err != nil {
		return err
	}
	d.Replay = o.replay(name)
	return s.deliverDraft(d, o)
}

// unreadable words the error of an input that could not be read.
func (s *system) unreadable(ctx context.Context, name string, err error) error {
	if ctx.Err() != nil {
		return errInterrupted
	}
	return badUsagef("%s: %w", name, err)
}

// applicant returns the account that asks: the one that is named, the only
// one, or the only one with a request.
func applicant(doc *scenarios.Document, name string) (int, error) {
	names := accountNames(doc.Config)
	if name != "" {
		for i := range names {
			if names[i] == name {
				return i, nil
			}
		}
		return 0, badUsagef("--account %s: %s", name, withHint("the scenario has no account of that name", hint(name, names, "")))
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
		return 0, badUsagef("which account is the request of? Choose with --account: %s", strings.Join(names[:min(len(names), most)], ", "))
	}
	return only, nil
}

// planOf returns the plan that a request rests on: a saved one, or that of the
// scenario's goal; nil where there is none.
func (s *system) planOf(ctx context.Context, doc *scenarios.Document, o *requestOptions) (*planreport.Plan, error) {
	switch {
	case o.planned != "" && o.noPlan:
		return nil, badUsagef("--plan and --no-plan contradict each other")
	case o.planned != "":
		return savedPlan(o.planned, doc)
	case o.noPlan || doc.Goal == nil || !sizing(doc.Goal):
		return nil, nil
	}
	if err := o.search.apply(doc.Goal); err != nil {
		return nil, err
	}
	answer, err := s.find(ctx, doc, o.progressMode())
	if err != nil {
		return nil, err
	}
	if answer.Status == plan.Interrupted {
		return nil, errInterrupted
	}
	return planreport.New(doc.Config, answer), nil
}

// sizing reports whether a goal chooses quotas and rates of accounts alone. One
// that chooses the volume or the list says what could be sent, not what is.
func sizing(q *plan.Question) bool {
	return !slices.ContainsFunc(q.Choices, func(c plan.Choice) bool { return !sizes(c.Key) })
}

// sizes reports whether a key is that of an account's quota or rate.
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
		return nil, badUsagef("--plan %s: %w", name, cause(err))
	}
	defer file.Close()
	p, err := planreport.ReadJSON(file)
	if err != nil {
		return nil, badUsagef("--plan %s: %w", name, err)
	}
	if p.Scenario != doc.Config.Name || p.Seed != doc.Config.Seed || p.Edition != doc.Config.Edition {
		return nil, badUsagef("--plan %s: it is of scenario %s, seed %d, edition %s, and not of %s, seed %d, edition %s",
			name, p.Scenario, p.Seed, p.Edition, doc.Config.Name, doc.Config.Seed, doc.Config.Edition)
	}
	for _, c := range p.Choices {
		if !sizes(c.Key) {
			return nil, badUsagef("--plan %s: it chooses %s, and a request asks for a quota and a rate", name, c.Key)
		}
	}
	return p, nil
}

// draft gathers the evidence and drafts the request. With an answer of a plan
// the evidence is that of the scenario with the plan's values.
func (s *system) draft(ctx context.Context, name string, doc *scenarios.Document, account int, p *planreport.Plan, o *requestOptions) (*request.Draft, error) {
	cfg := doc.Config
	if p != nil && p.Status == plan.Found.String() {
		with, err := s.read(ctx, name, append(slices.Clone(o.set), p.Settings()...))
		if err != nil {
			return nil, err
		}
		cfg = with.Config
	}
	evidence, err := s.gather(ctx, cfg, account, o)
	if err != nil {
		return nil, err
	}
	in := request.Input{Config: cfg, Account: account, Evidence: evidence, Tool: version}
	in.Form, in.Key = formOf(doc, account)
	in.Plan = proposal(p, cfg.Accounts[account].Name)
	return request.New(in), nil
}

// gather runs the scenario for the evidence of a request.
func (s *system) gather(ctx context.Context, cfg *sim.Config, account int, o *requestOptions) (*request.Evidence, error) {
	clock := stopwatch()
	show := newDisplay(o.progressMode(), s.err, s.getenv)
	defer show.close()
	evidence, err := request.Gather(cfg, account, o.replications, evidenceConfidence, func(done int) bool {
		show.show(tally{scenario: cfg.Name, wall: clock(), done: done, of: o.replications})
		return ctx.Err() == nil
	})
	if errors.Is(err, request.ErrInterrupted) {
		return nil, errInterrupted
	}
	return evidence, err
}

// proposal returns what a plan says of an account's quota and rate.
func proposal(p *planreport.Plan, account string) *request.Plan {
	if p == nil {
		return nil
	}
	out := &request.Plan{Statement: p.Statement, Found: p.Status == plan.Found.String()}
	for _, promise := range p.Promises {
		out.Promises = append(out.Promises, promise.Expression)
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
func (o *requestOptions) replay(name string) string {
	words := []string{"sesim", "request", name, "--replications", strconv.Itoa(o.replications)}
	if o.account != "" {
		words = append(words, "--account", o.account)
	}
	if o.planned != "" {
		words = append(words, "--plan", o.planned)
	}
	if o.noPlan {
		words = append(words, "--no-plan")
	}
	if o.search.confirm >= 0 {
		words = append(words, "--confirm", strconv.Itoa(o.search.confirm))
	}
	return commandLine(words, o.set)
}

func (o *requestOptions) progressMode() progressMode {
	if o.quiet {
		return progressNone
	}
	return o.progress
}

// formOf returns what the scenario says of an account's request, and the
// request's key. Of several it is the last: it answers those before it.
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
func (s *system) deliverDraft(d *request.Draft, o *requestOptions) error {
	var markdown, document, fields bytes.Buffer
	if err := errors.Join(d.Write(&markdown), d.WriteJSON(&document), d.WriteFields(&fields)); err != nil {
		return err
	}
	var printed error
	switch {
	case o.json:
		_, printed = s.out.Write(document.Bytes())
	case !o.quiet:
		_, printed = s.out.Write(markdown.Bytes())
	}
	if o.dir == "" {
		return printed
	}
	list := []rundir.File{{Name: "request.md", Data: markdown.Bytes()}}
	if d.Ready {
		list = append(list, rundir.File{Name: "put-account-details.json", Data: fields.Bytes()})
	}
	list = append(list, rundir.File{Name: requestMark, Data: document.Bytes()})
	if err := rundir.WriteFiles(filepath.Clean(o.dir), list, o.force); err != nil {
		return errors.Join(printed, fmt.Errorf("the draft was not written: %w", err))
	}
	return printed
}
