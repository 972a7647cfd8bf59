package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// This file reads the small language of the transcripts: one directive a
// line, a # before comments. testdata/transcripts/README.md documents it.

// script is a scenario under construction.
type script struct {
	cfg     sim.Config
	senders map[string]*recording // by what tells senders apart
}

// recording is a sender's messages in the order of time.
type recording struct{ rows []sim.TraceRow }

var _ sim.Trace = (*recording)(nil)

// Open begins the recording anew.
func (r *recording) Open() sim.TraceRows { return &cursor{r.rows} }

type cursor struct{ rows []sim.TraceRow }

func (c *cursor) Next(row *sim.TraceRow) bool {
	if len(c.rows) == 0 {
		return false
	}
	*row = c.rows[0]
	c.rows = c.rows[1:]
	return true
}

func (c *cursor) Err() error { return nil }

// readScript reads a scenario. The error names the line.
func readScript(text string) (sim.Config, error) {
	set, err := rules.Edition("current")
	if err != nil {
		return sim.Config{}, err
	}
	s := &script{cfg: sim.Config{Horizon: 24 * time.Hour, Seed: 1, Rules: set}, senders: map[string]*recording{}}
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if err := s.directive(words[0], newArgs(words[1:])); err != nil {
			return sim.Config{}, fmt.Errorf("line %d: %s: %w", i+1, words[0], err)
		}
	}
	for _, r := range s.senders {
		slices.SortStableFunc(r.rows, func(a, b sim.TraceRow) int { return int(a.At - b.At) })
	}
	return s.cfg, nil
}

func (s *script) directive(word string, a *args) error {
	switch word {
	case "run":
		s.run(a)
	case "rules":
		s.rules(a)
	case "account":
		s.account(a)
	case "set":
		s.set(a)
	case "authorize":
		owner := s.accountNamed(a, a.word())
		s.cfg.Accounts[owner].Delegates = append(s.cfg.Accounts[owner].Delegates, s.accountNamed(a, a.word()))
	case "audience":
		s.audience(a)
	case "client":
		s.client(a)
	case "send":
		s.send(a)
	case "request":
		s.request(a)
	case "do":
		s.do(a)
	default:
		return errors.New("no such directive")
	}
	return a.finish()
}

func (s *script) run(a *args) {
	if name := a.take("edition"); name != "" {
		set, err := rules.Edition(name)
		a.note(err)
		s.cfg.Rules = set
	}
	s.cfg.Horizon = a.duration("horizon", s.cfg.Horizon)
	s.cfg.Seed = uint64(a.integer("seed", 1))
}

// instant takes the time out of mail, so that what follows from a call stands
// at the moment of the call.
var instant = []string{
	"delivery.delay=0s", "bounce.delay=0s", "bounce.async_share=0%", "bounce.no_email_share=0%",
	"complaint.delay=0s", "complaint.relay=0s", "event.publish_delay=0s", "retry.schedule={jitter=0%}",
}

func (s *script) rules(a *args) {
	if a.flag("instant") {
		for _, pair := range instant {
			name, value, _ := strings.Cut(pair, "=")
			a.note(rules.Assign(&s.cfg.Rules, name, ruleValue(value)))
		}
	}
	for _, name := range a.names() {
		a.note(rules.Assign(&s.cfg.Rules, name, ruleValue(a.take(name))))
	}
}

// ruleValue reads a value as a decoder of TOML would give it: "{k=v;k=v}" is
// a table and "v;v" a list.
func ruleValue(text string) any {
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		table := map[string]any{}
		for _, pair := range strings.Split(strings.TrimSuffix(inner, "}"), ";") {
			key, value, _ := strings.Cut(pair, "=")
			table[key] = ruleValue(value)
		}
		return table
	}
	if strings.Contains(text, ";") {
		var list []any
		for _, element := range strings.Split(text, ";") {
			list = append(list, ruleValue(element))
		}
		return list
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	if text == "true" || text == "false" {
		return text == "true"
	}
	return text
}

func (s *script) account(a *args) {
	acc := sim.Account{Name: a.word(), Region: a.word(), Quota: 200, Rate: 1}
	switch access := a.word(); access {
	case "sandbox":
	case "production":
		acc.Access, acc.Quota, acc.Rate = ses.Production, 50_000, 14
	default:
		a.note(fmt.Errorf("%q is neither sandbox nor production", access))
	}
	acc.Quota = a.integer("quota", acc.Quota)
	acc.Rate = a.integer("rate", acc.Rate)
	acc.Identities = a.list("identities")
	acc.Suppression = a.reasons("suppression", ses.ListBounce|ses.ListComplaint)
	acc.Customer = a.take("customer")
	s.cfg.Accounts = append(s.cfg.Accounts, acc)
}

func (s *script) set(a *args) {
	name := a.word()
	acc := &s.cfg.Accounts[s.accountNamed(a, a.take("of"))]
	set := sim.ConfigurationSet{Name: name, Paused: a.flag("paused"), Missing: a.flag("missing"), Overrides: a.has("suppression")}
	set.Suppression, set.MaxDelivery = a.reasons("suppression", 0), a.duration("max_delivery", 0)
	acc.Sets = append(acc.Sets, set)
}

func (s *script) audience(a *args) {
	aud := sim.Audience{
		Name: a.word(), Size: a.integer("size", 1), Domain: a.take("domain"), Local: a.take("local"), Addresses: a.list("addresses"),
		Invalid: a.share("invalid"), HardBounce: a.share("hard_bounce"), MailboxFull: a.share("mailbox_full"),
		FullFor: a.duration("full_for", 0), Complaint: a.share("complaint"), FeedbackLoop: a.share("feedback_loop"),
		DeadDomain: a.share("dead_domain"), TooLarge: a.share("too_large"), ContentRejected: a.share("content_rejected"),
		OutOfOffice: a.share("out_of_office"), BlockedIP: a.share("blocked_ip"), Deferred: a.share("deferred"), DeferredFor: a.duration("deferred_for", 0),
	}
	if aud.Local == "" {
		aud.Local = aud.Name + "-"
	}
	if len(aud.Addresses) > 0 {
		aud.Size = int64(len(aud.Addresses))
	}
	s.cfg.Audiences = append(s.cfg.Audiences, aud)
}

// request adds a production-access request.
func (s *script) request(a *args) {
	acc := &s.cfg.Accounts[s.accountNamed(a, a.take("by"))]
	outcomes := map[string]ses.Outcome{}
	for _, o := range []ses.Outcome{ses.Granted, ses.Denied, ses.Failed, ses.MoreInfo} {
		outcomes[o.String()] = o
	}
	outcome, known := outcomes[a.take("outcome")]
	if !known {
		a.note(errors.New("no such outcome"))
	}
	acc.Requests = append(acc.Requests, sim.Request{
		At: a.duration("at", 0), MailType: "TRANSACTIONAL", Website: "https://" + acc.Name + ".example",
		Outcome: outcome, After: a.duration("after", 0), Regions: a.list("regions"),
	})
}

func (s *script) accountNamed(a *args, name string) int {
	return a.index(name, slices.IndexFunc(s.cfg.Accounts, func(x sim.Account) bool { return x.Name == name }))
}

func (s *script) audienceNamed(a *args, name string) int {
	return a.index(name, slices.IndexFunc(s.cfg.Audiences, func(x sim.Audience) bool { return x.Name == name }))
}

// setNamed returns the number, from 1, of an account's configuration set.
func (s *script) setNamed(a *args, account int, name string) int {
	return 1 + a.index(name, slices.IndexFunc(s.cfg.Accounts[account].Sets, func(x sim.ConfigurationSet) bool { return x.Name == name }))
}

// do adds an action: its word, the account, and what the action needs.
func (s *script) do(a *args) {
	word := a.word()
	account := s.accountNamed(a, a.word())
	wait := time.Duration(0)
	if word == sim.DoVerify.String() {
		wait = -1 // by what becomes of it
	}
	act := sim.Action{
		Do: sim.Do(a.index(word, slices.Index(sim.DoWords(), word))), Account: account,
		At: a.duration("at", 0), After: a.duration("after", wait), Identity: a.take("identity"), Fails: a.flag("fails"), Template: a.flag("template"),
		Accepted: a.flag("accepted"), Delete: a.flag("delete"), Cause: a.take("cause"), Pauses: a.flag("pauses"),
		Region: a.take("region"), Characters: a.take("characters"), Reason: a.reasons("reason", 0),
	}
	if text := a.take("address"); text != "" {
		audience, messages := s.recipients(a, text)
		if len(messages) == 1 {
			act.Address = sim.Address{Audience: audience, Number: int64(messages[0][0])}
		}
	}
	if name := a.take("audience"); name != "" {
		act.Audience, act.Count = s.audienceNamed(a, name), a.integer("count", 1)
	}
	if name := a.take("set"); name != "" {
		act.Set = s.setNamed(a, account, name)
	}
	if act.Do == sim.DoSet {
		act.Change = change(a, account, act.Set)
	}
	s.cfg.Actions = append(s.cfg.Actions, act)
}

// change reads the new value of one key of the account, or of one of its
// configuration sets, numbered from 1.
func change(a *args, account, set int) sim.Change {
	switch {
	case a.has("quota"):
		return sim.Change{Key: sim.KeyAccountQuota, Index: account, Number: a.integer("quota", 0)}
	case a.has("rate"):
		return sim.Change{Key: sim.KeyAccountRate, Index: account, Number: a.integer("rate", 0)}
	}
	c := sim.Change{Key: sim.KeyAccountSuppression, Index: account, Set: set, Reasons: a.reasons("suppression", 0)}
	if set > 0 {
		c.Key = sim.KeySetSuppression
	}
	return c
}
