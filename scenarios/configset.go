package scenarios

import (
	"slices"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
)

// maxSets is the maximum number of configuration sets of an account in a Region.
const maxSets = 10_000

// sets reads the configuration sets of an account.
func (l *loader) sets(to *[]sim.ConfigurationSet) keys.Section {
	names := keys.Names{Kind: "configuration set"}
	return keys.Section{
		Most:   maxSets,
		Entity: func(n *tree.Node, path string) { l.set(&names, to, n, path) },
		Sorts:  func() []keys.Variant { return setTable(newSetReader()).Variants() },
	}
}

// setReader is a configuration set being read.
type setReader struct {
	set             sim.ConfigurationSet
	sending, exists bool
}

func newSetReader() *setReader { return &setReader{sending: true, exists: true} }

// setTable binds the keys of an [[account.configuration_set]].
func setTable(r *setReader) keys.Table {
	delivery := keys.Seconds{Duration: keys.Duration{To: &r.set.MaxDelivery, Least: ses.MinDelivery, Most: ses.MaxDelivery}}
	return keys.Table{Fields: []keys.Field{
		keys.Required("name", keys.Name{To: &r.set.Name}, "name, unique in the account"),
		keys.Optional("suppression", keys.Reasons{To: &r.set.Suppression},
			"reasons used instead of the account's; [] neither checks the list nor adds to it").Or("the account's"),
		keys.Optional("sending", keys.Flag{To: &r.sending}, "false: sending with it is paused at the start"),
		keys.Optional("exists", keys.Flag{To: &r.exists}, "false: it does not exist until an action creates it"),
		keys.Optional("max_delivery", delivery, "how long SES tries to deliver mail sent with it, but never longer than rules.retry.horizon; "+
			"if it is shorter, the bounce at its end is Transient/CustomTimeoutExceeded, also for a domain that does not exist; "+
			"mail keeps it if the set is deleted").Or("rules.retry.horizon"),
	}}
}

// set reads one [[account.configuration_set]].
func (l *loader) set(names *keys.Names, to *[]sim.ConfigurationSet, n *tree.Node, path string) {
	r := newSetReader()
	names.Add(l.Reporter, n, path)
	setTable(r).Read(l.Reporter, n, path)
	r.set.Overrides, r.set.Paused, r.set.Missing = n.Has("suppression"), !r.sending, !r.exists
	*to = append(*to, r.set)
}

// setName reads the name of a configuration set of an account whose index was
// read before; the value is the set's number, counted from 1.
type setName struct {
	l       *loader
	to      *int
	account *int // negative if it was invalid
}

func (s setName) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		r.Wrong(n, path, "", "%s is not a name: %s", n.Show(), n.InQuotes())
		return
	}
	if *s.account >= 0 {
		s.l.findSet(n, path, *s.account, v, s.to)
	}
}

func (setName) Shape() keys.Shape { return keys.Entity{}.Shape() }

// findSet finds a configuration set of an account by name, or reports that there
// is none.
func (l *loader) findSet(n *tree.Node, path string, account int, name string, to *int) bool {
	a := &l.cfg.Accounts[account]
	i := slices.IndexFunc(a.Sets, func(set sim.ConfigurationSet) bool { return set.Name == name })
	if i < 0 {
		l.Wrong(n, path, tree.DidYouMean(name, setNames(a)), "account %s has no configuration set named %s", a.Name, tree.Quote(name))
		return false
	}
	*to = i + 1
	return true
}

func setNames(a *sim.Account) []string {
	list := make([]string, len(a.Sets))
	for i := range a.Sets {
		list[i] = a.Sets[i].Name
	}
	return list
}
