package tree

import (
	"errors"
	"strconv"
	"strings"
)

// value reads any value.
func (s *scanner) value(depth int) *Node {
	n := &Node{KeyAt: int32(s.pos), ValueAt: int32(s.pos)}
	switch c := s.peek(); c {
	case '"', '\'':
		s.str(c)
	case '[':
		n.Kind = List
		s.open()
		s.elements(n, depth)
		s.brackets--
	case '{':
		n.Kind = Table
		s.open()
		s.pairs(n, depth)
		s.brackets--
	default:
		s.bare(n)
	}
	return n
}

// open skips an opening bracket.
func (s *scanner) open() {
	if s.brackets++; s.brackets > maxDepth {
		s.fail(s.pos, "brackets nest deeper than %d", maxDepth)
		return
	}
	s.pos++
}

// elements reads the rest of a list.
func (s *scanner) elements(n *Node, depth int) {
	for s.err == nil {
		if s.blank(); s.take(']') {
			return
		}
		n.List = append(n.List, s.value(depth))
		if s.blank(); s.take(']') {
			return
		}
		if !s.take(',') {
			s.expected(`"," or "]"`)
		}
	}
}

// pairs reads the rest of an inline table.
func (s *scanner) pairs(n *Node, depth int) {
	for s.err == nil {
		if s.blank(); s.take('}') {
			return
		}
		s.pair(n, depth)
		if s.blank(); s.take('}') {
			return
		}
		if !s.take(',') {
			s.expected(`"," or "}"`)
		}
	}
}

// bare reads a number, a date or a word. A number that is too long is the value of
// the node already.
func (s *scanner) bare(n *Node) {
	start := s.pos
	if end := strings.IndexAny(s.text[start:], ",]}#\r\n"); end >= 0 {
		s.pos += end
	} else {
		s.pos = len(s.text)
	}
	switch text := strings.TrimSpace(s.text[start:s.pos]); {
	case text == "":
		s.pos = start
		s.expected("a value")
	case tooLong(text):
		n.Value = TooLong(text)
		s.long = append(s.long, span{start, start + len(text)})
	}
}

// tooLong reports whether a text is a number that no int64 or float64 can hold.
func tooLong(text string) bool {
	if c := text[len(text)-1]; len(text) < len("1e999") || (c < '0' || c > '9') && !strings.HasPrefix(text, "0x") {
		return false // quickly: no such number
	}
	_, err := strconv.ParseInt(text, 0, 64)
	if errors.Is(err, strconv.ErrSyntax) {
		_, err = strconv.ParseFloat(text, 64)
	}
	return errors.Is(err, strconv.ErrRange)
}

// str reads a text of one line or of several.
func (s *scanner) str(quote byte) {
	if s.run(quote) >= 3 {
		s.lines(quote)
	} else {
		s.line(quote)
	}
}

// line reads a text that ends on its line.
func (s *scanner) line(quote byte) {
	start := s.pos
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch c := s.text[s.pos]; {
		case c == quote:
			s.pos++
			return
		case c == '\n' || c == '\r':
			s.fail(start, "a text in quotes must end on its line; write a text of several lines between three quotes")
			return
		case c == '\\' && quote == '"' && s.pos+1 < len(s.text):
			s.pos++
		}
	}
	s.fail(start, "a text in quotes has no end")
}

// lines reads a text between three quotes. Up to two quotes before the closing
// ones belong to the text.
func (s *scanner) lines(quote byte) {
	start := s.pos
	for s.pos += 3; s.pos < len(s.text); s.pos++ {
		switch c := s.text[s.pos]; {
		case c == '\\' && quote == '"' && s.pos+1 < len(s.text):
			s.pos++
		case c == quote:
			run := s.run(quote)
			if run > 5 {
				s.fail(s.pos, "too many quotes at the end of a text")
				return
			}
			s.pos += run - 1
			if run >= 3 {
				s.pos++
				return
			}
		}
	}
	s.fail(start, "a text between three quotes has no end")
}

// run returns the number of consecutive quotes at the current position.
func (s *scanner) run(quote byte) int {
	n := 0
	for s.pos+n < len(s.text) && s.text[s.pos+n] == quote {
		n++
	}
	return n
}
