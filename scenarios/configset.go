package scenarios

import (
	"slices"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
)

// maxSets is the most configuration sets of an account in a Region.
const maxSets = 10_000

// setsOf reads the configuration sets of an account.
type setsOf struct{ to *[]sim.ConfigurationSet }

func (s setsOf) read(l *loader, n *tree.Node, path string) {
	r := setReader{to: s.to, names: names{kind: "configuration set"}}
	r.section().read(l, n, path)
}

// setReader reads the configuration sets of one account.
type setReader struct {
	to    *[]sim.ConfigurationSet
	names names
}

func (r *setReader) section() section { return section{0, maxSets, r.set} }

// set reads one [[account.configuration_set]].
func (r *setReader) set(l *loader, n *tree.Node, path string) {
	s, sending, exists := sim.ConfigurationSet{}, true, true
	r.names.add(l, n, path)
	l.table(n, path, schema{fields: []field{
		must("name", name{&s.Name}),
		may("suppression", reasons{&s.Suppression}),
		may("sending", flag{&sending}),
		may("exists", flag{&exists}),
		may("max_delivery", seconds{duration{&s.MaxDelivery, ses.MinDelivery, ses.MaxDelivery}}),
	}})
	s.Overrides, s.Paused, s.Missing = n.Has("suppression"), !sending, !exists
	*r.to = append(*r.to, s)
}

// setOf reads the name of a configuration set of an account, whose index was
// read before, and becomes its number, counted from 1.
type setOf struct {
	to      *int
	account *int // negative: it was wrong
}

func (s setOf) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		l.Wrong(n, path, "", "%s is not a name: write it in quotes", n.Show())
		return
	}
	if *s.account < 0 {
		return
	}
	l.findSet(n, path, *s.account, v, s.to)
}

// findSet finds a configuration set of an account by its name, and reports one
// that the account has not.
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
