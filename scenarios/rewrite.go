package scenarios

import (
	"errors"
	"fmt"
	"strings"
)

// ErrRewrite is wrapped by the error for an override that has no place in a
// text.
var ErrRewrite = errors.New("cannot be written into the scenario")

// Rewrite returns the text with the overrides written into it: loading it says
// what loading src with the overrides says. Everything else stays as it was,
// comments too. A value is written over the one that the text has for its
// key; a key outside all tables may also be missing. The error is an *Errors
// where the text is no TOML.
func Rewrite(file string, src []byte, overrides ...Override) ([]byte, error) {
	for _, o := range overrides {
		l := &loader{findings: findings{file: file}}
		if !l.parse(src) {
			return nil, l.err()
		}
		text, err := l.rewrite(o)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, o.Key, err)
		}
		src = []byte(text)
	}
	return src, nil
}

// rewrite returns the loader's text with one value changed.
func (l *loader) rewrite(o Override) (string, error) {
	steps, ok := parsePath(o.Key)
	if !ok {
		return "", fmt.Errorf(`%w: write a key such as "account.acme.quota"`, ErrRewrite)
	}
	n := l.root
	for i, s := range steps {
		if n = n.step(s); n != nil {
			continue
		}
		if i == 0 && len(steps) == 1 {
			return l.insert(s.key, tomlOf(o.Value)), nil
		}
		return "", fmt.Errorf("%w: the key is not there", ErrRewrite)
	}
	start, end := l.extent(n)
	if start == end {
		return "", fmt.Errorf("%w: it names a whole table; set one of its keys", ErrRewrite)
	}
	return l.text[:start] + tomlOf(o.Value) + l.text[end:], nil
}

// step returns the node one step below, or nil.
func (n *node) step(s step) *node {
	switch {
	case n.kind == table:
		return n.table[s.key] // none for a number
	case n.kind == list && s.key != "":
		for _, child := range n.list {
			if of := child.table["name"]; of != nil && of.value == s.key {
				return child
			}
		}
	case n.kind == list && s.number < len(n.list):
		return n.list[s.number]
	}
	return nil
}

// extent returns where the value of n begins and ends. It is empty for what
// stands under a header.
func (l *loader) extent(n *node) (start, end int) {
	start = int(n.valueAt)
	if n.keyAt == n.valueAt && n.kind != scalar {
		return start, start
	}
	s := &skimmer{text: l.text, pos: start, root: newTable(0)}
	s.value(0)
	return start, start + len(strings.TrimRight(l.text[start:s.pos], " \t"))
}

// insert puts a key outside all tables before the first one there, below the
// comment at the top.
func (l *loader) insert(key, value string) string {
	at := len(l.text)
	for _, child := range l.root.table {
		at = min(at, int(child.keyAt))
	}
	return l.text[:at] + key + " = " + value + "\n" + l.text[at:]
}

// tomlOf returns a value as TOML writes it; what is none is a text.
func tomlOf(value string) string {
	const before = "value = "
	if n := parseValue(value); n.kind != scalar || n.value != value {
		s := &skimmer{text: before + value, pos: len(before), root: newTable(0)}
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
