package tree

import (
	"cmp"
	"strconv"
	"strings"

	"sesim/sim/unit"
)

// Override replaces or adds a value of a scenario, as --set does.
type Override struct {
	// Key is the path of the key: "horizon", "account.acme.quota",
	// "rules.rep.window_eligible", "action[0].at". An account, an audience or
	// a sender goes by its name.
	Key string
	// Value is a value in TOML, such as 1_000 or ["BOUNCE"], or else the text
	// itself, such as 5% or 18h.
	Value string
	// Flag is the flag of the command line by which messages name the
	// override; empty: FromOverride.
	Flag string
}

// from names the override, or a part of its key, as Node.From does.
func (o Override) from(key string) string { return cmp.Or(o.Flag, FromOverride) + " " + key }

// Step is one step of a path: into a table by key, or into a list by the name
// of one of its tables or by number.
type Step struct {
	Key    string
	Number int // used where key is empty
}

// Apply sets the value of an override below root, or reports why it cannot.
func Apply(r *Reporter, root *Node, o Override) {
	steps, ok := ParsePath(o.Key)
	if !ok {
		r.Add(Finding{From: o.from(Quote(o.Key)), Message: `this is not a key: write one such as "account.acme.quota"`})
		return
	}
	value := ParseValue(o.Value)
	value.blame(o.from(o.Key))
	s := setter{from: o.from(o.Key), instead: r.Instead, refuse: func(hint, message string) { r.Refuse(o, hint, message) }}
	s.set(root, steps, value)
}

// Place sets the key with this path below root to a value. A path that does not
// exist is reported at the node that names it, whose own path is given.
func Place(r *Reporter, root *Node, path string, value, at *Node, atPath string) {
	steps, _ := ParsePath(path)
	s := setter{instead: r.Instead, refuse: func(hint, message string) {
		r.Add(Finding{At: int(at.KeyAt), Key: atPath, Message: message, Hint: hint})
	}}
	s.set(root, steps, value)
}

// setter puts a value into a tree.
type setter struct {
	from    string                              // the key of the override; "" for none
	instead func(path, text, key string) string // of the Reporter
	refuse  func(hint, message string)          // reports a path that does not exist
}

// set sets the key at the end of the steps from n to a value. It creates missing
// tables on the way.
func (s setter) set(n *Node, steps []Step, value *Node) {
	path := ""
	for _, to := range steps[:len(steps)-1] {
		if n, path = s.descend(n, path, to); n == nil {
			return
		}
	}
	switch last := steps[len(steps)-1]; {
	case n.Kind == Table && last.Key != "":
		n.Put(last.Key, value)
	case n.Kind == List && last.Key != "":
		s.refuse("", "it names a whole table; set one of its keys")
	case n.Kind == List && last.Number < len(n.List):
		n.List[last.Number] = value
	default:
		s.deadEnd(n, path, last)
	}
}

// descend goes one step down from n. It returns nil if that is impossible.
func (s setter) descend(n *Node, path string, to Step) (*Node, string) {
	switch {
	case n.Kind == Table && to.Key != "":
		child := n.Table[to.Key]
		if child == nil {
			child = NewTable(0)
			child.From = s.from
			n.Put(to.Key, child)
		}
		return child, Join(path, to.Key)
	case n.Kind == List && to.Key != "":
		return s.named(n, path, to.Key)
	case n.Kind == List && to.Number < len(n.List):
		return n.List[to.Number], Element(path, to.Number)
	}
	s.deadEnd(n, path, to)
	return nil, ""
}

// deadEnd reports a step that is impossible from n.
func (s setter) deadEnd(n *Node, path string, to Step) {
	switch {
	case n.Kind == List:
		s.refuse("", path+" has "+unit.Plural(int64(len(n.List)), "element", "elements")+", counted from 0")
	case to.Key != "":
		s.refuse("", path+" is not a table"+s.remedy(n, path, to.Key))
	default:
		s.refuse("", path+" is not a list")
	}
}

// remedy says what to write in place of a text of which a key is asked for.
func (s setter) remedy(n *Node, path, key string) string {
	if text, isText := n.Value.(string); isText && s.instead != nil {
		if write := s.instead(path, text, key); write != "" {
			return ": " + write
		}
	}
	return ""
}

// named returns the table of a list that has this name.
func (s setter) named(n *Node, path, name string) (*Node, string) {
	var given []string
	for _, child := range n.List {
		if of := child.Table["name"]; of != nil {
			text, _ := of.Value.(string)
			if text == name {
				return child, Join(path, name)
			}
			given = append(given, text)
		}
	}
	s.refuse(DidYouMean(name, given), "no "+path+" is named "+strconv.Quote(name))
	return nil, ""
}

// maxPath is the maximum length of a path in bytes.
const maxPath = 256

// ParsePath splits a path such as account.acme.request[0].at into its steps.
func ParsePath(text string) ([]Step, bool) {
	if len(text) > maxPath {
		return nil, false
	}
	var steps []Step
	for _, part := range strings.Split(text, ".") {
		key, rest, _ := strings.Cut(part, "[")
		if !isBare(key) {
			return nil, false
		}
		steps = append(steps, Step{Key: key})
		if rest == "" && key == part {
			continue
		}
		number, err := strconv.ParseUint(strings.TrimSuffix(rest, "]"), 10, 31)
		if err != nil || !strings.HasSuffix(rest, "]") {
			return nil, false
		}
		steps = append(steps, Step{Number: int(number)})
	}
	return steps, len(steps) <= maxDepth
}

// ParseValue reads a value in TOML; any other text is a string.
func ParseValue(value string) *Node {
	if len(value) <= MaxSource {
		root, bad := decodeTree("value = " + value)
		if bad == nil && len(root.Table) == 1 && root.Table["value"] != nil {
			return root.Table["value"]
		}
	}
	return &Node{Value: value}
}

// Find returns the node at the end of a path below root, nil if there is none.
func Find(root *Node, path string) *Node {
	steps, ok := ParsePath(path)
	if !ok {
		return nil
	}
	n := root
	for _, s := range steps {
		if n = n.step(s); n == nil {
			return nil
		}
	}
	return n
}
