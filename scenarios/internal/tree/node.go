package tree

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind is the kind of a node's value.
type Kind uint8

// The kinds of nodes.
const (
	Scalar Kind = iota
	Table
	List
	tables // a list of tables under headers, while the text is scanned
)

// Node is a value of a file and its position. A file may have a hundred thousand
// nodes, so they are small.
type Node struct {
	Kind     Kind
	Reported bool             // a problem was reported; readers skip the node
	KeyAt    int32            // offset of the key, or of the header of the table
	ValueAt  int32            // offset of the value
	Value    any              // scalar: bool, int64, float64, string, time.Time or TooLong
	Table    map[string]*Node // table
	List     []*Node          // list
	From     string           // the override that set it, its flag before its key; empty: the file
}

// NewTable returns a table without keys, whose header is at this offset.
func NewTable(at int) *Node {
	return &Node{Kind: Table, KeyAt: int32(at), ValueAt: int32(at)}
}

// Put makes child the value of a key of table n.
func (n *Node) Put(key string, child *Node) {
	if n.Table == nil {
		n.Table = map[string]*Node{}
	}
	n.Table[key] = child
}

// Has reports whether table n has the key, whatever its value.
func (n *Node) Has(key string) bool { return n.Table[key] != nil }

// Keys returns the keys of table n in the order of the file, overrides last.
func (n *Node) Keys() []string {
	keys := make([]string, 0, len(n.Table))
	for key := range n.Table {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		x, y := n.Table[a], n.Table[b]
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.KeyAt, y.KeyAt), strings.Compare(a, b))
	})
	return keys
}

// fill stores the decoded value. Positions are those of the nodes that scan
// created or, if one is missing, of its table.
func (n *Node) fill(decoded any) {
	switch v := decoded.(type) {
	case map[string]any:
		n.Kind = Table
		for key := range n.Table {
			if _, ok := v[key]; !ok {
				delete(n.Table, key)
			}
		}
		for key, value := range v {
			if n.Table[key] == nil {
				n.Put(key, &Node{KeyAt: n.KeyAt, ValueAt: n.ValueAt})
			}
			n.Table[key].fill(value)
		}
	case []map[string]any:
		n.fillList(len(v))
		for i, value := range v {
			n.List[i].fill(value)
		}
	case []any:
		n.fillList(len(v))
		for i, value := range v {
			n.List[i].fill(value)
		}
	default:
		n.Kind = Scalar
		if _, long := n.Value.(TooLong); !long {
			n.Value = v
		}
	}
}

// TooLong is a number as it is written that no int64 or float64 can hold.
type TooLong string

// Negative reports whether the number is below zero.
func (t TooLong) Negative() bool { return strings.HasPrefix(string(t), "-") }

// fillList makes n a list with exactly that many elements.
func (n *Node) fillList(length int) {
	n.Kind = List
	for len(n.List) < length {
		n.List = append(n.List, &Node{KeyAt: n.KeyAt, ValueAt: n.ValueAt})
	}
	n.List = n.List[:length]
}

// Plain returns the value as the TOML library returns it: maps, slices and
// scalars.
func (n *Node) Plain() any {
	switch n.Kind {
	case Table:
		m := make(map[string]any, len(n.Table))
		for key, child := range n.Table {
			m[key] = child.Plain()
		}
		return m
	case List:
		l := make([]any, len(n.List))
		for i, child := range n.List {
			l[i] = child.Plain()
		}
		return l
	}
	return n.Value
}

// blame marks the node and all below it as set by an override.
func (n *Node) blame(override string) {
	n.From = override
	for _, child := range n.Table {
		child.blame(override)
	}
	for _, child := range n.List {
		child.blame(override)
	}
}

// Copy returns a deep copy of n.
func (n *Node) Copy() *Node {
	c := *n
	c.Table, c.List = nil, nil
	for key, child := range n.Table {
		c.Put(key, child.Copy())
	}
	for _, child := range n.List {
		c.List = append(c.List, child.Copy())
	}
	return &c
}

// Text formats a value for --set and for tables: a string without quotes if it
// cannot be mistaken for another type.
func (n *Node) Text() string {
	if v, ok := n.Value.(string); ok && n.Kind == Scalar {
		if again, isText := ParseValue(v).Value.(string); isText && again == v && strings.TrimSpace(v) == v && v != "" {
			return v
		}
	}
	return n.TOML()
}

// TOML writes a value in TOML, on one line.
func (n *Node) TOML() string {
	var parts []string
	switch n.Kind {
	case Table:
		for _, key := range n.Keys() {
			parts = append(parts, Join("", key)+" = "+n.Table[key].TOML())
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case List:
		for _, child := range n.List {
			parts = append(parts, child.TOML())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if v, ok := n.Value.(string); ok {
		return strconv.Quote(v)
	}
	return n.Show()
}

// AnyReported reports whether a problem with n or anything below it was
// reported.
func (n *Node) AnyReported() bool {
	for _, child := range n.Table {
		if child.AnyReported() {
			return true
		}
	}
	for _, child := range n.List {
		if child.AnyReported() {
			return true
		}
	}
	return n.Reported
}

// Show returns the value for messages: in TOML, shortened.
func (n *Node) Show() string {
	switch n.Kind {
	case Table:
		return "a table"
	case List:
		return "a list"
	}
	switch v := n.Value.(type) {
	case string:
		return Quote(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return showFloat(v)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return ShowTime(v)
	case TooLong:
		return string(v[:min(len(v), longest)]) + strings.Repeat("…", min(1, max(0, len(v)-longest)))
	}
	return "nothing"
}

// InQuotes says how to turn n, which should be a text, into one.
func (n *Node) InQuotes() string {
	switch {
	case n.Kind == Scalar:
		return "write it in quotes"
	case n.Kind == List && len(n.List) == 1:
		if one, ok := n.List[0].Value.(string); ok {
			return "write " + Quote(one) + ", without brackets"
		}
	}
	return "write one, in quotes"
}

// showFloat formats a number so that it is not mistaken for an integer, which
// TOML distinguishes from 50_000.0.
func showFloat(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if strings.ContainsAny(text, ".eIN") {
		return text
	}
	return text + ".0"
}

// longest is the number of characters of a text that a message shows.
const longest = 60

// Quote returns a text in quotes, with control characters escaped. A long text
// is cut short.
func Quote(text string) string {
	if utf8.RuneCountInString(text) <= longest {
		return strconv.Quote(text)
	}
	return strconv.Quote(string([]rune(text)[:longest]) + "…")
}

// Join appends a key to a path. A key that needs quotes is quoted.
func Join(path, key string) string {
	if !isBare(key) || len(key) > longest {
		key = Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// Element returns the path of the i-th element, counted from 0.
func Element(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// isBare reports whether a key needs no quotes in TOML.
func isBare(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(c rune) bool { return c > 0x7f || !BareKey(byte(c)) })
}

// BareKey reports whether the character may be in a key without quotes.
func BareKey(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}
