package scenarios

import (
	"slices"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// actions reads the actions of people during the run.
func (l *loader) actions() keys.Section {
	return keys.Section{Most: maxActions, Entity: l.action, Sorts: l.actionSorts}
}

// actionSorts returns the tables of all actions: one for each value of do and, for
// set, one for each key that can be set.
func (l *loader) actionSorts() []keys.Variant {
	var sorts []keys.Variant
	for i := range doings {
		d := &doings[i]
		if d.do == sim.DoSet {
			for k := range attributes {
				s := &setting{l: l, change: &sim.Change{}, attribute: &attributes[k]}
				table := keys.Table{Fields: append(l.actionFields(newAction()), s.fields()...)}
				sorts = append(sorts, keys.Variant{Key: "do", Word: d.do.String(), Case: attributeWords(".NAME.")[k], About: d.about, Table: table})
			}
			continue
		}
		sorts = append(sorts, keys.Variant{Key: "do", Word: d.do.String(), About: d.about, Table: l.actionTable(d, newAction())})
	}
	return sorts
}

func newAction() *sim.Action {
	return &sim.Action{Reason: ses.ListBounce, Region: "us-east-1", Characters: "typed", Accepted: true, After: -1}
}

// actionFields binds the keys of every [[action]].
func (l *loader) actionFields(a *sim.Action) []keys.Field {
	return []keys.Field{
		keys.Required("at", keys.Moment{To: &a.At, Run: &l.cfg}, "when it is done"),
		keys.Required("do", keys.Word[sim.Do]{To: &a.Do, Choices: doWords()}, "what is done"),
	}
}

// actionTable binds the keys of an [[action]]; d is nil if its do is invalid.
func (l *loader) actionTable(d *doing, a *sim.Action) keys.Table {
	t := keys.Table{Fields: l.actionFields(a), Others: actionKeys}
	if d != nil {
		t.Fields = append(t.Fields, d.fields(l, a)...)
		t.Of = "do = " + tree.Quote(d.do.String())
	}
	return t
}

// action reads one [[action]].
func (l *loader) action(n *tree.Node, path string) {
	a, d := newAction(), doingOf(n)
	l.actionTable(d, a).Read(l.Reporter, n, path)
	if d != nil {
		l.completeAction(a, n)
		l.checkAction(a, n, path)
	}
	l.cfg.Actions = append(l.cfg.Actions, *a)
}

// actionKeys are the keys of all actions.
var actionKeys = []string{
	"account", "identity", "address", "reason", "audience", "count", "mode", "region", "characters", "outcome", "after", "key", "value",
	"configuration_set", "cause", "effect", "template", "client",
}

// doing is a kind of action, and its keys besides at and do.
type doing struct {
	do     sim.Do
	about  string
	fields func(l *loader, a *sim.Action) []keys.Field
}

var doings = []doing{
	{sim.DoAppeal, "the customer asks AWS to lift a review or a pause", func(l *loader, a *sim.Action) []keys.Field {
		return []keys.Field{
			l.actor(a),
			keys.Optional("outcome", keys.Word[bool]{To: &a.Accepted, Choices: answers}, "AWS's answer"),
			keys.Optional("after", keys.Duration{To: &a.After, Most: maxWait}, "how long AWS takes to answer").Or("drawn by rules.appeal.reply"),
		}
	}},
	{sim.DoVerify, "the customer begins to verify an identity", func(l *loader, a *sim.Action) []keys.Field {
		return append(identityFields(l, a),
			keys.Optional("outcome", keys.Word[bool]{To: &a.Fails, Choices: verifications}, "how the verification ends"),
			keys.Optional("after", keys.Duration{To: &a.After, Most: maxWait}, "how long it takes; longer than SES waits, it fails").
				Or("at once; if it fails, 24 hours for an address and 72 hours for a domain"),
			keys.Optional("template", templateName{&a.Template}, "name of a custom verification mail to an address").Or("SES's own mail"))
	}},
	{sim.DoUnverify, "the customer deletes an identity", identityFields},
	{sim.DoSuppress, "the customer puts an address on the account-level suppression list", func(l *loader, a *sim.Action) []keys.Field {
		return []keys.Field{
			l.actor(a),
			keys.Required("address", recipient{l, &a.Address, &a.Spelling},
				"address of an audience; one that no sender writes to stands for the rest of the world"),
			reasonField(a),
		}
	}},
	{sim.DoUnsuppress, "the customer takes an address off the account-level suppression list", addressFields},
	{sim.DoImport,
		"the customer imports addresses into the account-level suppression list; more than SES takes at once make the import fail", importFields},
	{sim.DoRemoveGlobal, "somebody asks AWS to take an address off the global suppression list; needs rules.global.removal_form",
		func(l *loader, a *sim.Action) []keys.Field {
			return []keys.Field{
				keys.Optional("account", keys.Entity{To: &a.Account, Of: &l.accounts}, "the account that asks"),
				keys.Required("address", recipient{l, &a.Address, nil}, "address of an audience"),
				keys.Optional("region", keys.Region{To: &a.Region}, "the Region of the form"),
				keys.Optional("characters", keys.Text{To: &a.Characters, Most: 64}, "characters typed from the form's picture"),
			}
		}},
	{sim.DoPause, "the customer pauses sending", switchFields},
	{sim.DoResume, "the customer resumes sending, or a client that has stopped", resumeFields},
	{sim.DoSet, "a key changes during the run", func(l *loader, a *sim.Action) []keys.Field {
		return (&setting{l: l, change: &a.Change}).fields()
	}},
	{sim.DoGet, "the customer looks an address up on the account-level suppression list", addressFields},
	{sim.DoList,
		"the customer lists the account-level suppression list", func(l *loader, a *sim.Action) []keys.Field { return []keys.Field{l.actor(a)} }},
	{sim.DoTrigger, "AWS looks at the account for a cause other than its rates", func(l *loader, a *sim.Action) []keys.Field {
		return []keys.Field{
			l.actor(a),
			keys.Required("cause", keys.Word[string]{To: &a.Cause, Choices: causes}, "what makes AWS look at the account"),
			keys.Optional("effect", keys.Word[bool]{To: &a.Pauses, Choices: effects}, "what AWS does"),
		}
	}},
	{sim.DoDeleteSet, "the customer deletes a configuration set", setFields},
	{sim.DoCreateSet, "the customer creates a configuration set, as the account describes it", setFields},
}

// templateName reads the name of a custom verification email; a run only needs to
// know whether there is one.
type templateName struct{ to *bool }

func (templateName) text(to *string) keys.Text { return keys.Text{To: to, Least: 1, Most: 64} }

func (t templateName) Read(r *tree.Reporter, n *tree.Node, path string) {
	var v string
	t.text(&v).Read(r, n, path)
	*t.to = v != ""
}

func (t templateName) Shape() keys.Shape { return t.text(nil).Shape() }

// actor is the key of the account that acts.
func (l *loader) actor(a *sim.Action) keys.Field {
	return keys.Required("account", keys.Entity{To: &a.Account, Of: &l.accounts}, "the account")
}

// reasonField is the key of the reason why an address is on the list.
func reasonField(a *sim.Action) keys.Field {
	return keys.Optional("reason", keys.Word[ses.ListReasons]{To: &a.Reason, Choices: keys.ListReasons}, "reason of the entry")
}

func identityFields(l *loader, a *sim.Action) []keys.Field {
	return []keys.Field{l.actor(a), keys.Required("identity", keys.Mail{To: &a.Identity, Check: keys.Identity}, "domain or address")}
}

func addressFields(l *loader, a *sim.Action) []keys.Field {
	return []keys.Field{l.actor(a), keys.Required("address", recipient{l, &a.Address, &a.Spelling}, "address of an audience")}
}

// switchFields are the keys of pausing and resuming: the account, or one of its
// configuration sets.
func switchFields(l *loader, a *sim.Action) []keys.Field {
	a.Account = -1 // until it is read
	return []keys.Field{
		l.actor(a),
		keys.Optional("configuration_set", setName{l, &a.Set, &a.Account}, "a configuration set of the account").Or("the account as a whole"),
	}
}

// resumeFields are the keys of resuming: those of pausing, or a client.
func resumeFields(l *loader, a *sim.Action) []keys.Field {
	fields := switchFields(l, a)
	fields[0] = keys.Optional("account", fields[0].Value, "the account").Or("none: it has client")
	return append(fields, keys.Optional("client", clientName{l, &a.Client},
		"a client that has paused after too many errors; that of a sender bears the sender's name").Or("none: it has account"))
}

// setFields are the keys of an action about a configuration set.
func setFields(l *loader, a *sim.Action) []keys.Field {
	a.Account = -1 // until it is read
	return []keys.Field{
		l.actor(a),
		keys.Required("configuration_set", setName{l, &a.Set, &a.Account}, "a configuration set of the account"),
	}
}

func importFields(l *loader, a *sim.Action) []keys.Field {
	a.Audience = -1 // until it is read
	return []keys.Field{
		l.actor(a),
		keys.Required("audience", keys.Entity{To: &a.Audience, Of: &l.audiences}, "the audience whose addresses are imported"),
		keys.Optional("count", keys.Whole[int64]{To: &a.Count, Least: 1, Most: sim.MaxAddresses},
			"how many of its addresses, from the first").Or("all"),
		keys.Optional("mode", keys.Word[bool]{To: &a.Delete, Choices: modes}, "whether the addresses are put on the list or deleted from it"),
		reasonField(a),
	}
}

var (
	answers = []keys.Choice[bool]{{Word: "accepted", Is: true}, {Word: "rejected", Is: false}}
	modes   = []keys.Choice[bool]{{Word: "put", Is: false}, {Word: "delete", Is: true}}
	effects = []keys.Choice[bool]{{Word: "review", Is: false}, {Word: "pause", Is: true}}

	verifications = []keys.Choice[bool]{{Word: "success", Is: false}, {Word: "failed", Is: true}}
)

// causes are the causes besides its rates for which AWS looks at an account,
// from its status messages (developer guide, "Reputation dashboard messages").
var causes = keys.Literal("spamtrap", "blocklist", "listbombing", "direct-feedback", "internal-review", "mailbox-provider",
	"recipient-feedback", "related-account", "vulnerable-site", "compromised-credentials", "anti-spam-organisation")

// doingOf returns the action that a table names, or nil.
func doingOf(n *tree.Node) *doing {
	if n.Table["do"] == nil {
		return nil
	}
	text, _ := n.Table["do"].Value.(string)
	i := slices.IndexFunc(doings, func(d doing) bool { return d.do.String() == text })
	if i < 0 {
		return nil
	}
	return &doings[i]
}

func doWords() []keys.Choice[sim.Do] {
	list := make([]keys.Choice[sim.Do], len(doings))
	for i, d := range doings {
		list[i] = keys.Choice[sim.Do]{Word: d.do.String(), Is: d.do}
	}
	return list
}

// checkAction reports conflicts between the keys of an action.
func (l *loader) checkAction(a *sim.Action, n *tree.Node, path string) {
	switch a.Do {
	case sim.DoVerify:
		if a.Template && a.Identity != "" && !strings.Contains(a.Identity, "@") {
			l.Wrong(n.Table["template"], tree.Join(path, "template"), "",
				"%s is a domain: a custom verification mail goes to an address", tree.Quote(a.Identity))
		}
	case sim.DoImport:
		l.checkImport(a, n, path)
	case sim.DoResume:
		if n.Has("client") == n.Has("account") {
			l.WrongKey(n, path, "", "write either account or client: what is resumed")
		}
		if child := n.Table["configuration_set"]; child != nil && n.Has("client") {
			l.WrongKey(child, tree.Join(path, "configuration_set"), "", "this key does not go with client")
		}
	case sim.DoRemoveGlobal:
		if !l.cfg.Rules.Global.RemovalForm {
			l.Wrong(n.Table["do"], tree.Join(path, "do"), "", "edition %s has no form to take addresses off the global list: "+
				"edition %q has, or set rules.global.removal_form = true", l.cfg.Edition, "classic")
		}
	}
}

// completeAction sets the default count of an import, the whole audience.
func (l *loader) completeAction(a *sim.Action, n *tree.Node) {
	if a.Do == sim.DoImport && a.Audience >= 0 && !n.Has("count") {
		a.Count = l.cfg.Audiences[a.Audience].Size
	}
}

// checkImport reports an import of more addresses than the audience has. An import
// that exceeds AWS's limit is an outcome of the run.
func (l *loader) checkImport(a *sim.Action, n *tree.Node, path string) {
	if a.Audience < 0 {
		return
	}
	if of := &l.cfg.Audiences[a.Audience]; a.Count > of.Size {
		l.Wrong(n.Table["count"], tree.Join(path, "count"), "", "%d is more than the %s of audience %s",
			a.Count, unit.Plural(of.Size, "address", "addresses"), of.Name)
	}
}
