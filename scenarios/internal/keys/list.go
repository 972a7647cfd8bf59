package keys

import (
	"slices"

	"sesim/scenarios/internal/tree"
	"sesim/sim/ses"
)

// Texts reads a list of at most Most texts of one syntax.
type Texts struct {
	To    *[]string
	Most  int
	Check Syntax
}

func (t Texts) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := Items(r, n, path, t.Most)
	if !ok {
		return
	}
	read := make([]string, 0, len(items))
	for _, item := range items {
		if why, hint := t.Check.bad(item.Text); why != "" {
			r.Wrong(item.Node, item.Path, hint, "%s", why)
			continue
		}
		read = append(read, item.Text)
	}
	*t.To = read
}

func (t Texts) Shape() Shape { return ListOf(named(t.Check.notation), t.Most) }

// Item is one element of a list of texts.
type Item struct {
	*tree.Node
	Path string
	Text string
}

// Items returns the texts in n if it is a list with at most the given number of
// elements, and otherwise reports why not. Elements that are not texts are
// reported and left out.
func Items(r *tree.Reporter, n *tree.Node, path string, most int) ([]Item, bool) {
	if n.Kind != tree.List {
		r.Wrong(n, path, "", "%s is not a list: write it between [ and ]", n.Show())
		return nil, false
	}
	if len(n.List) > most {
		r.Wrong(n, path, "", "there are %d, and at most %d are allowed", len(n.List), most)
		return nil, false
	}
	items := make([]Item, 0, len(n.List))
	for i, child := range n.List {
		v, isText := child.Value.(string)
		switch {
		case isText:
			items = append(items, Item{child, tree.Element(path, i), v})
		case !child.Reported:
			r.Wrong(child, tree.Element(path, i), "", "%s is not a text: %s", child.Show(), child.InQuotes())
		}
	}
	return items, true
}

// Reasons reads the reasons of an account-level suppression list, such as
// ["BOUNCE", "COMPLAINT"]; an empty list turns it off.
type Reasons struct{ To *ses.ListReasons }

// ListReasons are the reasons of a suppression list.
var ListReasons = []Choice[ses.ListReasons]{{"BOUNCE", ses.ListBounce}, {"COMPLAINT", ses.ListComplaint}}

func (l Reasons) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := Items(r, n, path, len(ListReasons))
	if !ok {
		return
	}
	var all ses.ListReasons
	for _, item := range items {
		var one ses.ListReasons
		Word[ses.ListReasons]{&one, ListReasons, nil}.Read(r, item.Node, item.Path)
		all |= one
	}
	*l.To = all
}

func (Reasons) Shape() Shape {
	return ListOf(Word[ses.ListReasons]{Choices: ListReasons}.Shape(), len(ListReasons))
}

func (l Reasons) Default() string {
	var words []string
	for _, c := range ListReasons {
		if *l.To&c.Is != 0 {
			words = append(words, c.Word)
		}
	}
	return listed(words)
}

// listed returns the default for a list of words; "" for an empty list.
func listed(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "[" + QuoteAll(words) + "]"
}

// Refusals reads the reasons of refusals after which a sender tries again.
type Refusals struct{ To *[ses.Reasons]bool }

func (f Refusals) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := Items(r, n, path, ses.Reasons)
	if !ok {
		return
	}
	var all [ses.Reasons]bool
	for _, item := range items {
		reason := ses.Accepted
		Word[ses.Reason]{&reason, refusals(), nil}.Read(r, item.Node, item.Path)
		if reason != ses.Accepted {
			all[reason] = true
		}
	}
	*f.To = all
}

func (Refusals) Shape() Shape {
	return ListOf(Word[ses.Reason]{Choices: refusals()}.Shape(), ses.Reasons)
}

func (f Refusals) Default() string {
	var words []string
	for reason, on := range f.To {
		if on {
			words = append(words, ses.Reason(reason).String())
		}
	}
	return listed(words)
}

func refusals() []Choice[ses.Reason] {
	var words []Choice[ses.Reason]
	for r := range ses.Reason(ses.Reasons) {
		words = append(words, Choice[ses.Reason]{r.String(), r})
	}
	return words
}

// Regions reads a list of AWS Regions.
type Regions struct{ To *[]string }

// maxRegions is the maximum number of Regions in a list.
const maxRegions = 100

func (l Regions) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := Items(r, n, path, maxRegions)
	if !ok {
		return
	}
	for _, item := range items {
		name := ""
		Region{&name}.Read(r, item.Node, item.Path)
		*l.To = append(*l.To, name)
	}
}

func (Regions) Shape() Shape { return ListOf(named(notationRegion), maxRegions) }

// Region reads the name of an AWS Region.
type Region struct{ To *string }

func (t Region) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	if !IsRegion(v) {
		r.Wrong(n, path, "", `%s is not a Region: write its name, such as "us-east-1"`, n.Show())
		return
	}
	if !slices.Contains(ses.Regions(), v) {
		r.Doubt(n, path, tree.DidYouMean(v, ses.Regions()), "%s is not a Region in which SES is sold; it is simulated like the others", n.Show())
	}
	*t.To = v
}

func (Region) Shape() Shape { return named(notationRegion) }

func (t Region) Default() string { return quoted(*t.To) }
