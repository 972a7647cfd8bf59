package scenarios

import (
	"sesim/scenarios/internal/tree"
	"sesim/sim/ses"
)

// texts reads a list of texts, each of which check may object to.
type texts struct {
	to    *[]string
	most  int
	check syntax
}

func (t texts) read(l *loader, n *tree.Node, path string) {
	items, ok := l.items(n, path, t.most)
	if !ok {
		return
	}
	read := make([]string, 0, len(items))
	for _, item := range items {
		if why, hint := t.check.bad(item.text); why != "" {
			l.Wrong(item.Node, item.path, hint, "%s", why)
			continue
		}
		read = append(read, item.text)
	}
	*t.to = read
}

// item is one element of a list of texts.
type item struct {
	*tree.Node
	path string
	text string
}

// items returns the texts in n if it is a list of at most so many, and
// otherwise reports why not. Elements that are no texts are reported and left
// out.
func (l *loader) items(n *tree.Node, path string, most int) ([]item, bool) {
	if n.Kind != tree.List {
		l.Wrong(n, path, "", "%s is not a list: write it between [ and ]", n.Show())
		return nil, false
	}
	if len(n.List) > most {
		l.Wrong(n, path, "", "there are %d, and at most %d are allowed", len(n.List), most)
		return nil, false
	}
	items := make([]item, 0, len(n.List))
	for i, child := range n.List {
		v, isText := child.Value.(string)
		switch {
		case isText:
			items = append(items, item{child, tree.Element(path, i), v})
		case !child.Reported:
			l.Wrong(child, tree.Element(path, i), "", "%s is not a text: write it in quotes", child.Show())
		}
	}
	return items, true
}

// reasons reads the reasons of an account-level list, such as
// ["BOUNCE", "COMPLAINT"]; none turns it off.
type reasons struct{ to *ses.ListReasons }

var listReasons = []choice[ses.ListReasons]{{"BOUNCE", ses.ListBounce}, {"COMPLAINT", ses.ListComplaint}}

func (r reasons) read(l *loader, n *tree.Node, path string) {
	items, ok := l.items(n, path, len(listReasons))
	if !ok {
		return
	}
	var all ses.ListReasons
	for _, item := range items {
		var one ses.ListReasons
		word[ses.ListReasons]{&one, listReasons, nil}.read(l, item.Node, item.path)
		all |= one
	}
	*r.to = all
}

// refusals reads the reasons after which a sender tries again.
type refusals struct{ to *[ses.Reasons]bool }

func (r refusals) read(l *loader, n *tree.Node, path string) {
	items, ok := l.items(n, path, ses.Reasons)
	if !ok {
		return
	}
	var all [ses.Reasons]bool
	for _, item := range items {
		reason := ses.Accepted
		word[ses.Reason]{&reason, refusalWords(), nil}.read(l, item.Node, item.path)
		if reason != ses.Accepted {
			all[reason] = true
		}
	}
	*r.to = all
}

func refusalWords() []choice[ses.Reason] {
	var words []choice[ses.Reason]
	for r := range ses.Reason(ses.Reasons) {
		words = append(words, choice[ses.Reason]{r.String(), r})
	}
	return words
}

// reference reads the name of an entity and becomes its index.
type reference struct {
	to *int
	of *names
}

func (r reference) read(l *loader, n *tree.Node, path string) { r.readOr(l, n, path, nil) }

// readOr also takes the name of a group, where there is a place for it: the
// index is that of its first entity then.
func (r reference) readOr(l *loader, n *tree.Node, path string, to *group) {
	v, ok := n.Value.(string)
	if !ok {
		l.Wrong(n, path, "", "%s is not a name: write it in quotes", n.Show())
		return
	}
	if i, known := r.of.index[v]; known {
		*r.to = i
		return
	}
	g, known := r.of.groups[v]
	switch {
	case known && to != nil:
		*r.to, *to = g.first, g
	case known:
		l.reportGroup(n, path, r.of, v, g)
	default:
		l.Wrong(n, path, tree.DidYouMean(v, r.of.list), "no %s is named %s", r.of.kind, tree.Quote(v))
	}
}

// member reads the name of an entity, or of a group of which every sender of a
// group takes one.
type member struct {
	reference
	group *group // nil: the name of a group will not do
}

func (m member) read(l *loader, n *tree.Node, path string) { m.readOr(l, n, path, m.group) }
