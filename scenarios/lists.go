package scenarios

import (
	"sesim/sim/ses"
)

// texts reads a list of texts, each of which check may object to.
type texts struct {
	to    *[]string
	most  int
	check syntax
}

func (t texts) read(l *loader, n *node, path string) {
	items, ok := l.items(n, path, t.most)
	if !ok {
		return
	}
	read := make([]string, 0, len(items))
	for _, item := range items {
		if why, hint := t.check.bad(item.text); why != "" {
			l.wrong(item.node, item.path, hint, "%s", why)
			continue
		}
		read = append(read, item.text)
	}
	*t.to = read
}

// item is one element of a list of texts.
type item struct {
	*node
	path string
	text string
}

// items returns the texts in n if it is a list of at most so many, and
// otherwise reports why not. Elements that are no texts are reported and left
// out.
func (l *loader) items(n *node, path string, most int) ([]item, bool) {
	if n.kind != list {
		l.wrong(n, path, "", "%s is not a list: write it between [ and ]", n.show())
		return nil, false
	}
	if len(n.list) > most {
		l.wrong(n, path, "", "there are %d, and at most %d are allowed", len(n.list), most)
		return nil, false
	}
	items := make([]item, 0, len(n.list))
	for i, child := range n.list {
		v, isText := child.value.(string)
		switch {
		case isText:
			items = append(items, item{child, element(path, i), v})
		case !child.spoilt:
			l.wrong(child, element(path, i), "", "%s is not a text: write it in quotes", child.show())
		}
	}
	return items, true
}

// reasons reads the reasons of an account-level list, such as
// ["BOUNCE", "COMPLAINT"]; none turns it off.
type reasons struct{ to *ses.ListReasons }

var listReasons = []choice[ses.ListReasons]{{"BOUNCE", ses.ListBounce}, {"COMPLAINT", ses.ListComplaint}}

func (r reasons) read(l *loader, n *node, path string) {
	items, ok := l.items(n, path, len(listReasons))
	if !ok {
		return
	}
	var all ses.ListReasons
	for _, item := range items {
		var one ses.ListReasons
		word[ses.ListReasons]{&one, listReasons, nil}.read(l, item.node, item.path)
		all |= one
	}
	*r.to = all
}

// refusals reads the reasons after which a sender tries again.
type refusals struct{ to *[ses.Reasons]bool }

func (r refusals) read(l *loader, n *node, path string) {
	items, ok := l.items(n, path, ses.Reasons)
	if !ok {
		return
	}
	var all [ses.Reasons]bool
	for _, item := range items {
		reason := ses.Accepted
		word[ses.Reason]{&reason, refusalWords(), nil}.read(l, item.node, item.path)
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

func (r reference) read(l *loader, n *node, path string) { r.readOr(l, n, path, nil) }

// readOr also takes the name of a group, where there is a place for it: the
// index is that of its first entity then.
func (r reference) readOr(l *loader, n *node, path string, to *group) {
	v, ok := n.value.(string)
	if !ok {
		l.wrong(n, path, "", "%s is not a name: write it in quotes", n.show())
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
		l.wrong(n, path, didYouMean(v, r.of.list), "no %s is named %s", r.of.kind, quote(v))
	}
}

// member reads the name of an entity, or of a group of which every sender of a
// group takes one.
type member struct {
	reference
	group *group // nil: the name of a group will not do
}

func (m member) read(l *loader, n *node, path string) { m.readOr(l, n, path, m.group) }
