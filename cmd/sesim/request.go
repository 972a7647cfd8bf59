package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sesim/reports/folder"
	"sesim/reports/phrase"
	"sesim/reports/request"
	"sesim/scenarios"
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
}

// evidenceConfidence is that of the intervals in a request.
const evidenceConfidence = 0.95

// maxEvidence bounds the runs that a request rests on.
const maxEvidence = 100_000

func requestCommand(s *system) *cobra.Command {
	o := requestOptions{progress: progressAuto}
	cmd := &cobra.Command{
		Use:   "request FILE|NAME|-",
		Short: "Draft the request for production access",
		Long: `Request drafts a request for production access from a scenario: the answers to
the four questions of AWS's form, the command that submits them, checked against
the limits of AWS's API, and what a reviewer would stumble over. It is printed
as Markdown.

What the scenario says in [[account.request]] is taken over; what its senders do
about bounces, complaints and rates is described; quota and rate are argued for
with figures of N runs. What the scenario does not know is left as a blank, and
while there is one the command is a comment.

With -o the folder DIR gets request.md, request.json and, where nothing is left
to fill in, put-account-details.json for the AWS CLI's --cli-input-json.`,
		Example: `  sesim request mine.toml
  sesim request mine.toml --account acme --replications 100 -o request`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return s.request(cmd.Context(), args[0], &o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.account, "account", "", "draft the request of account `NAME`; needed where several could be meant")
	f.IntVar(&o.replications, "replications", 20, "argue with figures of `N` runs")
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
	overrides, err := parseOverrides(o.set)
	if err != nil {
		return err
	}
	in, err := s.readInput(ctx, name)
	if err != nil {
		return s.unreadable(ctx, name, err)
	}
	doc, err := scenarios.Read(in.files, in.file, in.src, overrides...)
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
	d, err := s.draft(ctx, doc, account, o)
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

// draft gathers the evidence and drafts the request.
func (s *system) draft(ctx context.Context, doc *scenarios.Document, account int, o *requestOptions) (*request.Draft, error) {
	clock := stopwatch()
	show := newDisplay(o.progressMode(), s.err, s.getenv)
	tick := func(done int) bool {
		show.show(tally{scenario: doc.Config.Name, wall: clock(), done: done, of: o.replications})
		return ctx.Err() == nil
	}
	evidence, err := request.Gather(doc.Config, account, o.replications, evidenceConfidence, tick)
	show.close()
	switch {
	case errors.Is(err, request.ErrInterrupted):
		return nil, errInterrupted
	case err != nil:
		return nil, err
	}
	in := request.Input{Config: doc.Config, Account: account, Evidence: evidence, Tool: version}
	in.Form, in.Key = formOf(doc, account)
	return request.New(in), nil
}

// replay returns the command that repeats the draft, for a shell.
func (o *requestOptions) replay(name string) string {
	words := []string{"sesim", "request", name, "--replications", strconv.Itoa(o.replications)}
	if o.account != "" {
		words = append(words, "--account", o.account)
	}
	for _, set := range o.set {
		words = append(words, "--set", set)
	}
	for i := range words {
		words[i] = phrase.Quote(words[i])
	}
	return strings.Join(words, " ")
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
	list := []folder.File{{Name: "request.md", Data: markdown.Bytes()}}
	if d.Ready {
		list = append(list, folder.File{Name: "put-account-details.json", Data: fields.Bytes()})
	}
	list = append(list, folder.File{Name: requestMark, Data: document.Bytes()})
	if err := folder.WriteFiles(filepath.Clean(o.dir), list, o.force); err != nil {
		return errors.Join(printed, fmt.Errorf("the draft was not written: %w", err))
	}
	return printed
}
