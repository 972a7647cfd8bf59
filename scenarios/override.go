package scenarios

import (
	"strconv"
	"strings"
)

// Override replaces or adds one value of a scenario, as --set does.
type Override struct {
	// Key is the path of the key: "horizon", "account.acme.quota",
	// "rules.rep.window_eligible", "action[0].at". An account, an audience or
	// a sender goes by its name.
	Key string
	// Value is a value in TOML, such as 1_000 or ["BOUNCE"], or else the text
	// itself, such as 5% or 18h.
	Value string
}

// step is one step of a path: into a table by key, or into a list by the name
// of one of its tables or by number.
type step struct {
	key    string
	number int // used where key is empty
}

// override applies o to the nodes, or reports why it cannot.
func (l *loader) override(o Override) {
	steps, ok := parsePath(o.Key)
	if !ok {
		l.add(finding{from: quote(o.Key), message: `this is not a key: write one such as "account.acme.quota"`})
		return
	}
	n, path := l.root, ""
	for _, s := range steps[:len(steps)-1] {
		if n, path = l.descend(o, n, path, s); n == nil {
			return
		}
	}
	value := parseValue(o.Value)
	value.blame(o.Key)
	l.set(o, n, path, steps[len(steps)-1], value)
}

// set makes a value that of one step from n, or reports why o cannot.
func (l *loader) set(o Override, n *node, path string, s step, value *node) {
	switch {
	case n.kind == table && s.key != "":
		n.put(s.key, value)
	case n.kind == list && s.key != "":
		l.refuse(o, "", "it names a whole table; set one of its keys")
	case n.kind == list && s.number < len(n.list):
		n.list[s.number] = value
	default:
		l.lost(o, n, path, s)
	}
}

// refuse reports an override that leads nowhere.
func (l *loader) refuse(o Override, hint, message string) {
	l.add(finding{from: o.Key, message: message, hint: hint})
}

// descend goes one step from n; into a key that is missing it makes a table.
func (l *loader) descend(o Override, n *node, path string, s step) (*node, string) {
	switch {
	case n.kind == table && s.key != "":
		child := n.table[s.key]
		if child == nil {
			child = newTable(0)
			child.from = o.Key
			n.put(s.key, child)
		}
		return child, join(path, s.key)
	case n.kind == list && s.key != "":
		return l.named(o, n, path, s.key)
	case n.kind == list && s.number < len(n.list):
		return n.list[s.number], element(path, s.number)
	}
	l.lost(o, n, path, s)
	return nil, ""
}

// lost reports a step that does not lead anywhere from n.
func (l *loader) lost(o Override, n *node, path string, s step) {
	switch {
	case n.kind == list:
		l.refuse(o, "", path+" has "+strconv.Itoa(len(n.list))+" elements, counted from 0")
	case s.key != "":
		l.refuse(o, "", path+" is not a table")
	default:
		l.refuse(o, "", path+" is not a list")
	}
}

// named returns the table of a list that has this name.
func (l *loader) named(o Override, n *node, path, name string) (*node, string) {
	var given []string
	for _, child := range n.list {
		if of := child.table["name"]; of != nil {
			text, _ := of.value.(string)
			if text == name {
				return child, join(path, name)
			}
			given = append(given, text)
		}
	}
	l.refuse(o, didYouMean(name, given), "no "+path+" is named "+strconv.Quote(name))
	return nil, ""
}

// maxPath is the length in bytes of the longest path.
const maxPath = 256

// parsePath takes a path such as account.acme.request[0].at apart.
func parsePath(text string) ([]step, bool) {
	if len(text) > maxPath {
		return nil, false
	}
	var steps []step
	for _, part := range strings.Split(text, ".") {
		key, rest, _ := strings.Cut(part, "[")
		if !isBare(key) {
			return nil, false
		}
		steps = append(steps, step{key: key})
		if rest == "" && key == part {
			continue
		}
		number, err := strconv.ParseUint(strings.TrimSuffix(rest, "]"), 10, 31)
		if err != nil || !strings.HasSuffix(rest, "]") {
			return nil, false
		}
		steps = append(steps, step{number: int(number)})
	}
	return steps, len(steps) <= maxDepth
}

// parseValue reads a value in TOML; what is none is a text.
func parseValue(value string) *node {
	if len(value) <= maxSource {
		root, bad := parse("value = " + value)
		if bad == nil && len(root.table) == 1 && root.table["value"] != nil {
			return root.table["value"]
		}
	}
	return &node{value: value}
}
