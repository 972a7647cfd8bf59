package tree

import (
	"fmt"
	"strings"
)

// Limits of a file. The TOML library recurses for each bracket, until the stack
// overflows and the program crashes, and it builds the full path of every key,
// which is quadratic in the depth. So the text is scanned before it is passed to
// the library.
const (
	maxDepth   = 32          // brackets inside brackets; parts of a key, those of its header included
	maxKey     = 64          // bytes of one part of a key
	maxKeyCost = 256 * 1024  // parts of all full paths together
	MaxSource  = 1024 * 1024 // bytes of a file
)

// syntaxError is a syntax error in a file.
type syntaxError struct {
	at  int // byte offset
	why string
}

// scanner finds the structure of a TOML text: its keys and tables, and the
// beginnings and ends of values. It does not read values. It accepts every TOML
// text within the limits above, and some texts that are not TOML. After the first
// error it moves to the end of the text, where every loop ends.
type scanner struct {
	text     string
	pos      int
	brackets int          // open ones
	cost     int          // parts of the paths of all keys so far
	root     *Node        // the tables and values found
	long     []span       // the numbers that are too long
	err      *syntaxError // the first, or nil
}

// span is a part of the text.
type span struct{ from, to int }

// scan returns the structure of the text as nodes without values, and the text
// with each number that is too long for the library, whose node has a value,
// replaced by 0.
func scan(text string) (*Node, string, *syntaxError) {
	s := &scanner{text: text, root: NewTable(0)}
	open, depth := s.root, 0 // the table that keys now belong to, and the length of its path
	for s.blank(); s.pos < len(s.text); s.blank() {
		if s.peek() == '[' {
			open, depth = s.header()
		} else {
			s.pair(open, depth)
		}
		s.endLine()
	}
	return s.root, s.shortened(), s.err
}

// shortened returns the text with 0 for each number that is too long, at the same
// offsets.
func (s *scanner) shortened() string {
	if len(s.long) == 0 {
		return s.text
	}
	text := []byte(s.text)
	for _, at := range s.long {
		copy(text[at.from:at.to], "0"+strings.Repeat(" ", at.to-at.from-1))
	}
	return string(text)
}

// part is one part of a dotted key.
type part struct {
	name string
	at   int
}

func (s *scanner) fail(at int, format string, args ...any) {
	if s.err == nil {
		s.err = &syntaxError{at, fmt.Sprintf(format, args...)}
	}
	s.pos = len(s.text)
}

// expected reports what should be at the current position.
func (s *scanner) expected(what string) {
	found := "the file ends"
	if s.pos < len(s.text) {
		found = "there is " + Quote(string([]rune(s.text[s.pos:min(s.pos+4, len(s.text))])[:1]))
	}
	s.fail(s.pos, "expected %s, but %s", what, found)
}

// peek returns the next byte, 0 at the end of the text.
func (s *scanner) peek() byte {
	if s.pos == len(s.text) {
		return 0
	}
	return s.text[s.pos]
}

// take skips the next byte if it is c.
func (s *scanner) take(c byte) bool {
	if s.pos == len(s.text) || s.text[s.pos] != c {
		return false
	}
	s.pos++
	return true
}

// spaces skips blanks within a line.
func (s *scanner) spaces() {
	for s.take(' ') || s.take('\t') {
	}
}

// blank skips blanks, line ends and comments.
func (s *scanner) blank() {
	for {
		switch s.peek() {
		case ' ', '\t', '\n', '\r':
			s.pos++
		case '#':
			s.comment()
		default:
			return
		}
	}
}

func (s *scanner) comment() {
	end := strings.IndexByte(s.text[s.pos:], '\n')
	if end < 0 {
		end = len(s.text) - s.pos
	}
	s.pos += end
}

// endLine skips the rest of a line, which must be blank.
func (s *scanner) endLine() {
	s.spaces()
	switch s.peek() {
	case '#':
		s.comment()
	case '\n', '\r':
	default:
		if s.pos < len(s.text) {
			s.expected("the end of the line")
		}
	}
}

// header reads [a.b] or [[a.b]] and returns the table it opens.
func (s *scanner) header() (*Node, int) {
	at := s.pos
	s.take('[')
	another := s.take('[')
	parts := s.key(0)
	if !s.take(']') || another && !s.take(']') {
		s.expected(`"]"`)
	}
	return s.enter(parts, another, at), len(parts)
}

// enter finds or creates the table of a header.
func (s *scanner) enter(parts []part, another bool, at int) *Node {
	t := s.root
	for i, p := range parts {
		if another && i == len(parts)-1 {
			return s.anotherTable(t, p, at)
		}
		t = s.descend(t, p, at)
	}
	return t
}

// anotherTable adds a table to a list of tables.
func (s *scanner) anotherTable(t *Node, p part, at int) *Node {
	all := t.Table[p.name]
	if all == nil {
		all = &Node{Kind: tables, KeyAt: int32(at), ValueAt: int32(at)}
		t.Put(p.name, all)
	}
	if all.Kind != tables {
		s.fail(p.at, "%s is not a list of tables begun with [[%s]]", Quote(p.name), p.name)
	}
	next := NewTable(at)
	all.List = append(all.List, next)
	return next
}

// descend returns the table under a key: the last one of a list of tables.
func (s *scanner) descend(t *Node, p part, at int) *Node {
	child := t.Table[p.name]
	switch {
	case child == nil:
		child = NewTable(at)
		t.Put(p.name, child)
	case child.Kind == tables:
		child = child.List[len(child.List)-1]
	case child.Kind != Table:
		s.fail(p.at, "%s is not a table", Quote(p.name))
	}
	return child
}

// key reads a key with its dots. Depth is the number of parts before it.
func (s *scanner) key(depth int) []part {
	var parts []part
	for s.err == nil {
		s.spaces()
		p := part{at: s.pos}
		p.name = s.keyPart()
		parts = append(parts, p)
		s.cost += depth + len(parts)
		switch {
		case s.err != nil:
		case len(p.name) > maxKey:
			s.fail(p.at, "a key is longer than %d bytes", maxKey)
		case depth+len(parts) > maxDepth:
			s.fail(p.at, "keys nest deeper than %d", maxDepth)
		case s.cost > maxKeyCost:
			s.fail(p.at, "there are more keys than one scenario can hold")
		}
		s.spaces()
		if !s.take('.') {
			break
		}
	}
	return parts
}

// keyPart reads one part of a key. Escapes are not resolved: no key of a scenario
// needs any.
func (s *scanner) keyPart() string {
	start := s.pos
	if c := s.peek(); c == '"' || c == '\'' {
		s.line(c)
		if s.err != nil {
			return ""
		}
		return s.text[start+1 : s.pos-1]
	}
	for s.pos < len(s.text) && BareKey(s.text[s.pos]) {
		s.pos++
	}
	if s.pos == start {
		s.expected("a key")
	}
	return s.text[start:s.pos]
}

// pair reads key = value into table t.
func (s *scanner) pair(t *Node, depth int) {
	parts := s.key(depth)
	if s.err == nil && !s.take('=') {
		s.expected(`"=" or "."`)
	}
	s.spaces()
	n := s.value(depth + len(parts))
	if s.err != nil {
		return
	}
	last := parts[len(parts)-1]
	for _, p := range parts[:len(parts)-1] {
		t = s.descend(t, p, p.at)
	}
	if t.Table[last.name] != nil {
		s.fail(last.at, "the key %s is set twice", Quote(last.name))
		return
	}
	n.KeyAt = int32(last.at)
	t.Put(last.name, n)
}
