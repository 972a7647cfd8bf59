package lesson

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
)

//go:embed controls.toml
var controlsFile []byte

// common returns the controls that lessons share, which have no keys yet.
var common = sync.OnceValue(func() map[string]Control {
	r := &reader{Lesson: &Lesson{}, Reporter: tree.NewReporter("controls.toml"), languages: []string{"en", "de"}}
	root, ok := tree.Parse(r.Reporter, controlsFile)
	all := map[string]Control{}
	if ok {
		for i, n := range root.Table["control"].List {
			c := Control{Kind: Choice}
			r.readControl(n, tree.Element("control", i), &c)
			all[c.ID] = c
		}
	}
	if err := r.Err(); err != nil {
		panic(err) // they are part of the program
	}
	return all
})

func (r *reader) control(n *tree.Node, at string) {
	c := Control{Kind: Choice}
	shared := false
	if id := n.Table["id"]; id != nil {
		name, _ := id.Value.(string)
		var known Control
		if known, shared = common()[name]; shared {
			c = known
		}
	}
	r.readControl(n, at, &c)
	switch {
	case len(c.Keys) == 0:
		keys.Missing(r.Reporter, n, at, "keys")
	case !shared && c.Name == nil:
		keys.Missing(r.Reporter, n, at, "name")
	case len(c.Values) < 2:
		r.WrongKey(n, at, "", "a control has at least two values: add the key values, or choices with a text for each")
	case !shared && n.Has("values") && !n.Has("kind"):
		keys.Missing(r.Reporter, n, at, "kind")
	}
	r.Controls = append(r.Controls, c)
}

func (r *reader) readControl(n *tree.Node, at string, c *Control) {
	read := func(key string, v keys.Value) keys.Field { return keys.Optional(key, v, "") }
	texts := func(to *Texts) section { return func(n *tree.Node, at string) { r.spoken(n, at, to) } }
	if n.Has("values") {
		c.Values = nil
	}
	if n.Has("choices") {
		c.Values, c.Words, c.Kind = nil, nil, Choice
	}
	keys.Table{Fields: []keys.Field{
		keys.Required("id", keys.Name{To: &c.ID}, ""),
		read("keys", list{&c.Keys}),
		read("kind", keys.Word[Kind]{To: &c.Kind, Choices: same(PerDay, Share, Count, Span)}),
		read("values", list{&c.Values}),
		read("choices", section(func(n *tree.Node, at string) { r.choices(n, at, c) })),
		read("more", keys.Flag{To: &c.More}), read("name", texts(&c.Name)),
	}}.Read(r.Reporter, n, at)
}

// aChoice shows how a choice is written.
const aChoice = `{ value = "remove", en = "remove the address" }`

// choices reads the values of a choice, each with its words.
func (r *reader) choices(n *tree.Node, at string, c *Control) {
	if n.Kind != tree.List || len(n.List) > maxList {
		r.Reporter.Wrong(n, at, "", "%s is not a list of choices: write %s for each", n.Show(), aChoice)
		return
	}
	for i, child := range n.List {
		value, said := "", Texts{}
		if child.Kind != tree.Table {
			r.Reporter.Wrong(child, tree.Element(at, i), "", "%s is not a choice: write %s", child.Show(), aChoice)
			continue
		}
		r.spoken(child, tree.Element(at, i), &said, keys.Required("value", sentence(&value), ""))
		c.Values, c.Words = append(c.Values, value), append(c.Words, said)
	}
}

// checkControls finds the value that the scenario has of each control.
func (r *reader) checkControls() {
	for i := range r.Controls {
		c, at := &r.Controls[i], tree.Element("control", i)
		for j, key := range c.Keys {
			n := tree.Find(r.scenario, key)
			if n == nil {
				r.Lesson.Wrong(tree.Element(at+".keys", j), "the scenario has no key %s: write it there, also if it has its default value", key)
				return
			}
			is := slices.IndexFunc(c.Values, func(v string) bool { return tree.ParseValue(v).TOML() == n.TOML() })
			switch {
			case is < 0:
				r.Lesson.Wrong(tree.Element(at+".keys", j), "the scenario has %s, which is none of the control's values, %s",
					n.Text(), strings.Join(c.Values, ", "))
			case j > 0 && is != c.Default:
				r.Lesson.Wrong(tree.Element(at+".keys", j), "the scenario has %s here and %s for %s: the keys of a control have one value",
					n.Text(), c.Values[c.Default], c.Keys[0])
			default:
				c.Default = is
			}
		}
	}
}
