package tree

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrRewrite is wrapped by the error for an override that cannot be written into
// a text.
var ErrRewrite = errors.New("cannot be written into the scenario")

// Rewrite returns the text with the overrides written into it: reading it has the
// same result as reading src with the overrides. Everything else, including
// comments, is unchanged. A value replaces the existing one of its key; a key
// outside all tables may also be missing, and so may a table as a whole. File is the
// name of the text in messages. The error is an *Errors if the text is not TOML.
func Rewrite(file string, src []byte, overrides ...Override) ([]byte, error) {
	for _, o := range overrides {
		r := NewReporter(file)
		root, ok := Parse(r, src)
		if !ok {
			return nil, r.Err()
		}
		text, err := rewrite(r.text, root, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, o.Key, err)
		}
		src = []byte(text)
	}
	return src, nil
}

// rewrite returns a text, whose tree begins at root, with one value changed.
func rewrite(text string, root *Node, o Override) (string, error) {
	steps, ok := ParsePath(o.Key)
	if !ok {
		return "", fmt.Errorf(`%w: write a key such as "account.acme.quota"`, ErrRewrite)
	}
	n := root
	for i, s := range steps {
		if n = n.step(s); n != nil {
			continue
		}
		if i == 0 && !slices.ContainsFunc(steps, func(s Step) bool { return s.Key == "" }) {
			return insert(text, root, o.Key, tomlOf(o.Value)), nil
		}
		return "", fmt.Errorf("%w: the key is missing", ErrRewrite)
	}
	start, end := extent(text, n)
	if start == end {
		return "", fmt.Errorf("%w: it names a whole table; set one of its keys", ErrRewrite)
	}
	return text[:start] + tomlOf(o.Value) + text[end:], nil
}

// step returns the node one step below, or nil.
func (n *Node) step(s Step) *Node {
	switch {
	case n.Kind == Table:
		return n.Table[s.Key] // none for a number
	case n.Kind == List && s.Key != "":
		for _, child := range n.List {
			if of := child.Table["name"]; of != nil && of.Value == s.Key {
				return child
			}
		}
	case n.Kind == List && s.Number < len(n.List):
		return n.List[s.Number]
	}
	return nil
}

// extent returns the offsets of the beginning and the end of the value of n. It
// is empty for a table under a header.
func extent(text string, n *Node) (start, end int) {
	start = int(n.ValueAt)
	if n.KeyAt == n.ValueAt && n.Kind != Scalar {
		return start, start
	}
	s := &scanner{text: text, pos: start, root: NewTable(0)}
	s.value(0)
	return start, start + len(strings.TrimRight(text[start:s.pos], " \t"))
}

// insert puts a key outside all tables before the first one there, below the
// comment at the top.
func insert(text string, root *Node, key, value string) string {
	at := len(text)
	for _, child := range root.Table {
		at = min(at, int(child.KeyAt))
	}
	return text[:at] + key + " = " + value + "\n" + text[at:]
}

// tomlOf returns a value as TOML writes it; any other text becomes a string.
func tomlOf(value string) string {
	const before = "value = "
	if n := ParseValue(value); n.Kind != Scalar || n.Value != value {
		s := &scanner{text: before + value, pos: len(before), root: NewTable(0)}
		s.spaces()
		start := s.pos
		s.value(0)
		return strings.TrimRight(s.text[start:s.pos], " \t")
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range value {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String() + `"`
}
