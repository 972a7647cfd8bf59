package scenarios

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// kind is what a node holds.
type kind uint8

const (
	scalar kind = iota
	table
	list
	tables // a list of tables under headers, while the text is skimmed
)

// node is one value of a file with where it stands. Files may have a hundred
// thousand of them, so it is kept small.
type node struct {
	kind    kind
	spoilt  bool             // a problem was reported; nothing further is to be said about it
	keyAt   int32            // offset of the key; of the header, where one made the table
	valueAt int32            // offset of the value
	value   any              // scalar: bool, int64, float64, string or time.Time
	table   map[string]*node // table
	list    []*node          // list
	from    string           // the key of the override that set it; empty: the file
}

func newTable(at int) *node {
	return &node{kind: table, keyAt: int32(at), valueAt: int32(at)}
}

// put makes child the value of a key of table n.
func (n *node) put(key string, child *node) {
	if n.table == nil {
		n.table = map[string]*node{}
	}
	n.table[key] = child
}

// has reports whether table n has the key, rightly set or not.
func (n *node) has(key string) bool { return n.table[key] != nil }

// keys returns the keys of table n in the order of the file, overrides last.
func (n *node) keys() []string {
	keys := make([]string, 0, len(n.table))
	for key := range n.table {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		x, y := n.table[a], n.table[b]
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.keyAt, y.keyAt), strings.Compare(a, b))
	})
	return keys
}

// fill takes over the decoded value. The nodes that skim made give the
// positions; where one is missing, its table's position has to do.
func (n *node) fill(decoded any) {
	switch v := decoded.(type) {
	case map[string]any:
		n.kind = table
		for key := range n.table {
			if _, ok := v[key]; !ok {
				delete(n.table, key)
			}
		}
		for key, value := range v {
			if n.table[key] == nil {
				n.put(key, &node{keyAt: n.keyAt, valueAt: n.valueAt})
			}
			n.table[key].fill(value)
		}
	case []map[string]any:
		n.fillList(len(v))
		for i, value := range v {
			n.list[i].fill(value)
		}
	case []any:
		n.fillList(len(v))
		for i, value := range v {
			n.list[i].fill(value)
		}
	default:
		n.kind, n.value = scalar, v
	}
}

// fillList makes n a list with exactly that many elements.
func (n *node) fillList(length int) {
	n.kind = list
	for len(n.list) < length {
		n.list = append(n.list, &node{keyAt: n.keyAt, valueAt: n.valueAt})
	}
	n.list = n.list[:length]
}

// plain returns the value as the TOML library would give it.
func (n *node) plain() any {
	switch n.kind {
	case table:
		m := make(map[string]any, len(n.table))
		for key, child := range n.table {
			m[key] = child.plain()
		}
		return m
	case list:
		l := make([]any, len(n.list))
		for i, child := range n.list {
			l[i] = child.plain()
		}
		return l
	}
	return n.value
}

// blame marks the node and all below it as set by an override.
func (n *node) blame(override string) {
	n.from = override
	for _, child := range n.table {
		child.blame(override)
	}
	for _, child := range n.list {
		child.blame(override)
	}
}

// show returns the value as a message may show it: as written in TOML, and
// short.
func (n *node) show() string {
	switch n.kind {
	case table:
		return "a table"
	case list:
		return "a list"
	}
	switch v := n.value.(type) {
	case string:
		return quote(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return showFloat(v)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return showTime(v)
	}
	return "nothing"
}

// showFloat writes a number so that it is not taken for a whole one, which
// TOML tells from 50_000.0.
func showFloat(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if strings.ContainsAny(text, ".eIN") {
		return text
	}
	return text + ".0"
}

// longest is how many characters of a text a message shows.
const longest = 60

// quote returns a text in quotes, without control characters, cut short if
// need be.
func quote(text string) string {
	if utf8.RuneCountInString(text) <= longest {
		return strconv.Quote(text)
	}
	return strconv.Quote(string([]rune(text)[:longest]) + "…")
}

// join appends a key to a path. A key that cannot stand bare is quoted.
func join(path, key string) string {
	if !isBare(key) || len(key) > longest {
		key = quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// element returns the path of the i-th element, counted from 0.
func element(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// isBare reports whether a key needs no quotes in TOML.
func isBare(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(c rune) bool { return c > 0x7f || !bareKey(byte(c)) })
}

// bareKey reports whether the character may stand in a key without quotes.
func bareKey(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}
