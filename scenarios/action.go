package scenarios

import (
	"slices"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
)

// actionList reads what people do during the run.
type actionList struct{}

var actionSection = section{0, maxActions, (*loader).action}

func (actionList) read(l *loader, n *tree.Node, path string) { actionSection.read(l, n, path) }

// action reads one [[action]].
func (l *loader) action(n *tree.Node, path string) {
	a := sim.Action{Reason: ses.ListBounce, Region: "us-east-1", Characters: "typed", Accepted: true, After: -1}
	keys := schema{fields: []field{must("at", moment{&a.At}), must("do", word[sim.Do]{&a.Do, doWords(), nil})}, others: actionKeys}
	d := doingOf(n)
	if d != nil {
		keys.fields = append(keys.fields, d.keys(l, &a)...)
		keys.of = "do = " + tree.Quote(d.do.String())
	}
	l.table(n, path, keys)
	if d != nil {
		l.completeAction(&a, n)
		l.checkAction(&a, n, path)
	}
	l.cfg.Actions = append(l.cfg.Actions, a)
}

// actionKeys are the keys of all actions together.
var actionKeys = []string{"account", "identity", "address", "reason", "audience", "count", "mode", "region", "characters", "outcome", "after", "key", "value", "configuration_set", "cause", "effect", "template"}

// doing is an action, and the keys it takes beside at and do.
type doing struct {
	do   sim.Do
	keys func(l *loader, a *sim.Action) []field
}

var doings = []doing{
	{sim.DoAppeal, func(l *loader, a *sim.Action) []field {
		return []field{l.actor(a), may("outcome", word[bool]{&a.Accepted, answers, nil}), may("after", duration{&a.After, 0, maxWait})}
	}},
	{sim.DoVerify, func(l *loader, a *sim.Action) []field {
		return append(identityKeys(l, a), may("outcome", word[bool]{&a.Fails, verifications, nil}), may("after", duration{&a.After, 0, maxWait}),
			may("template", templateName{&a.Template}))
	}},
	{sim.DoUnverify, identityKeys},
	{sim.DoSuppress, func(l *loader, a *sim.Action) []field {
		return []field{l.actor(a), must("address", recipient{&a.Address, &a.Spelling}), may("reason", word[ses.ListReasons]{&a.Reason, listReasons, nil})}
	}},
	{sim.DoUnsuppress, addressKeys},
	{sim.DoImport, importKeys},
	{sim.DoRemoveGlobal, func(l *loader, a *sim.Action) []field {
		return []field{
			may("account", reference{&a.Account, &l.accounts}),
			must("address", recipient{&a.Address, nil}),
			may("region", region{&a.Region}),
			may("characters", text{&a.Characters, 0, 64, false}),
		}
	}},
	{sim.DoPause, switchKeys},
	{sim.DoResume, switchKeys},
	{sim.DoSet, func(l *loader, a *sim.Action) []field {
		s := &setting{change: &a.Change}
		return []field{must("key", settable{s}), must("value", newValue{s})}
	}},
	{sim.DoGet, addressKeys},
	{sim.DoList, func(l *loader, a *sim.Action) []field { return []field{l.actor(a)} }},
	{sim.DoTrigger, func(l *loader, a *sim.Action) []field {
		return []field{l.actor(a), must("cause", word[string]{&a.Cause, causes, nil}), may("effect", word[bool]{&a.Pauses, effects, nil})}
	}},
	{sim.DoDeleteSet, setKeys},
	{sim.DoCreateSet, setKeys},
}

// templateName reads the name of a custom verification mail, of which a run
// needs to know only that there is one.
type templateName struct{ to *bool }

func (t templateName) read(l *loader, n *tree.Node, path string) {
	var v string
	text{&v, 1, 64, false}.read(l, n, path)
	*t.to = v != ""
}

// actor is the key of the account that acts.
func (l *loader) actor(a *sim.Action) field {
	return must("account", reference{&a.Account, &l.accounts})
}

func identityKeys(l *loader, a *sim.Action) []field {
	return []field{l.actor(a), must("identity", mail{&a.Identity, mailIdentity})}
}

func addressKeys(l *loader, a *sim.Action) []field {
	return []field{l.actor(a), must("address", recipient{&a.Address, &a.Spelling})}
}

// switchKeys are those of the customer's switch: of the account, or of one of
// its configuration sets.
func switchKeys(l *loader, a *sim.Action) []field {
	a.Account = -1 // until it is read
	return []field{l.actor(a), may("configuration_set", setOf{&a.Set, &a.Account})}
}

// setKeys are those of an action about a configuration set.
func setKeys(l *loader, a *sim.Action) []field {
	a.Account = -1 // until it is read
	return []field{l.actor(a), must("configuration_set", setOf{&a.Set, &a.Account})}
}

func importKeys(l *loader, a *sim.Action) []field {
	a.Audience = -1 // until it is read
	return []field{
		l.actor(a),
		must("audience", reference{&a.Audience, &l.audiences}),
		may("count", whole[int64]{&a.Count, 1, sim.MaxAddresses}),
		may("mode", word[bool]{&a.Delete, modes, nil}),
		may("reason", word[ses.ListReasons]{&a.Reason, listReasons, nil}),
	}
}

var (
	answers = []choice[bool]{{"accepted", true}, {"rejected", false}}
	modes   = []choice[bool]{{"put", false}, {"delete", true}}
	effects = []choice[bool]{{"review", false}, {"pause", true}}

	verifications = []choice[bool]{{"success", false}, {"failed", true}}
)

// causes are what makes AWS look at an account beside its rates, as its
// status messages tell them (developer guide, "Reputation dashboard
// messages").
var causes = literal("spamtrap", "blocklist", "listbombing", "direct-feedback", "internal-review", "mailbox-provider",
	"recipient-feedback", "related-account", "vulnerable-site", "compromised-credentials", "anti-spam-organisation")

// literal makes choices of words that stand for themselves.
func literal(words ...string) []choice[string] {
	choices := make([]choice[string], len(words))
	for i, w := range words {
		choices[i] = choice[string]{w, w}
	}
	return choices
}

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

func doWords() []choice[sim.Do] {
	list := make([]choice[sim.Do], len(doings))
	for i, d := range doings {
		list[i] = choice[sim.Do]{d.do.String(), d.do}
	}
	return list
}

// checkAction reports what single keys cannot show.
func (l *loader) checkAction(a *sim.Action, n *tree.Node, path string) {
	switch a.Do {
	case sim.DoVerify:
		if a.Template && a.Identity != "" && !strings.Contains(a.Identity, "@") {
			l.Wrong(n.Table["template"], tree.Join(path, "template"), "", "%s is a domain: a custom verification mail goes to an address", tree.Quote(a.Identity))
		}
	case sim.DoImport:
		l.checkImport(a, n, path)
	case sim.DoRemoveGlobal:
		if !l.cfg.Rules.Global.RemovalForm {
			l.Wrong(n.Table["do"], tree.Join(path, "do"), "", "edition %s has no form to take addresses off the global list: edition %q has, or set rules.global.removal_form = true", l.cfg.Edition, "classic")
		}
	}
}

// completeAction makes the count of an import the whole audience where none
// is given.
func (l *loader) completeAction(a *sim.Action, n *tree.Node) {
	if a.Do == sim.DoImport && a.Audience >= 0 && !n.Has("count") {
		a.Count = l.cfg.Audiences[a.Audience].Size
	}
}

// checkImport reports an import of more addresses than there are. One that is
// larger than AWS takes is an outcome of the run.
func (l *loader) checkImport(a *sim.Action, n *tree.Node, path string) {
	if a.Audience < 0 {
		return
	}
	if of := &l.cfg.Audiences[a.Audience]; a.Count > of.Size {
		l.Wrong(n.Table["count"], tree.Join(path, "count"), "", "%d is more than the %d addresses of audience %s", a.Count, of.Size, of.Name)
	}
}
