package study

import (
	"fmt"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim/unit"
)

// constraint is a comparison that selects combinations of values:
// "account.acme.quota >= account.acme.rate * 3600". Its sides are sums of products
// of swept keys and numbers, with parentheses. Numbers may have units: a share
// counts as a fraction, a duration in seconds, a rate per second. == and != can
// also compare texts in quotes.
type constraint struct {
	left, right *term
	op          string
}

// term is a node of an expression: an operation on two terms, a swept key, a
// number, or a text.
type term struct {
	op          byte // + - * /; 0: a leaf
	left, right *term
	axis        int // of a leaf: the swept key; -1: a constant
	number      float64
	text        string
	isText      bool
}

var comparisons = []string{"<=", ">=", "==", "!=", "<", ">"} // the longer ones first

// misread is the reason why a constraint is invalid.
type misread struct{ why, hint string }

// parseConstraint reads a constraint on the keys of a sweep.
func parseConstraint(text string, g *Sweep) (constraint, *misread) {
	p := &constraintParser{sweep: g, rest: text}
	if len(text) > 1000 {
		return constraint{}, &misread{why: "it is longer than 1000 characters"}
	}
	c := constraint{left: p.sum(0)}
	for _, op := range comparisons {
		if p.take(op) {
			c.op = op
			break
		}
	}
	if c.op == "" {
		p.fail("", `there is no comparison: write one of <, <=, ==, !=, >=, >`)
	}
	c.right = p.sum(0)
	if p.skip(); p.rest != "" {
		p.fail("", "%s was not expected", tree.Quote(p.rest))
	}
	if p.bad == nil {
		c.checkTypes(p)
	}
	return c, p.bad
}

// checkTypes rejects meaningless comparisons.
func (c *constraint) checkTypes(p *constraintParser) {
	ordered := c.op != "==" && c.op != "!="
	for _, values := range p.sweep.all() {
		left, right := c.left.of(values), c.right.of(values)
		switch {
		case left.isText != right.isText:
			p.fail("", "%s is compared with %s", left, right)
			return
		case left.isText && ordered:
			p.fail("", "%s and %s have no order", left, right)
			return
		case left.bad || right.bad:
			p.fail("", "it divides by zero, or calculates with a text")
			return
		}
	}
}

// all returns combinations that contain every value of every key.
func (s *Sweep) all() [][]*tree.Node {
	most := 0
	for _, a := range s.axes {
		most = max(most, len(a.values))
	}
	list := make([][]*tree.Node, most)
	for i := range list {
		for _, a := range s.axes {
			list[i] = append(list[i], a.values[min(i, len(a.values)-1)])
		}
	}
	return list
}

// holds reports whether the values of a combination meet the constraint.
func (c constraint) holds(values []*tree.Node) bool {
	left, right := c.left.of(values), c.right.of(values)
	if left.bad || right.bad || left.isText != right.isText {
		return false
	}
	order := strings.Compare(left.text, right.text)
	switch {
	case !left.isText && left.number < right.number:
		order = -1
	case !left.isText && left.number > right.number:
		order = 1
	}
	switch c.op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case "==":
		return order == 0
	case "!=":
		return order != 0
	case ">=":
		return order >= 0
	}
	return order > 0
}

// result is the value of a term.
type result struct {
	number float64
	text   string
	isText bool
	bad    bool // a number that cannot be calculated
}

func (r result) String() string {
	if r.isText {
		return "the text " + tree.Quote(r.text)
	}
	return fmt.Sprintf("the number %v", r.number)
}

// of returns the term's value for these values of the keys.
func (t *term) of(values []*tree.Node) result {
	switch {
	case t.op != 0:
		return calculate(t.op, t.left.of(values), t.right.of(values))
	case t.axis < 0:
		return result{number: t.number, text: t.text, isText: t.isText}
	}
	if number, ok := quantity(values[t.axis]); ok {
		return result{number: number}
	}
	return result{text: values[t.axis].Text(), isText: true}
}

// calculate rounds after each operation, so that no processor fuses two of them.
func calculate(op byte, a, b result) result {
	r := result{bad: a.bad || b.bad || a.isText || b.isText}
	switch op {
	case '+':
		r.number = float64(a.number + b.number)
	case '-':
		r.number = float64(a.number - b.number)
	case '*':
		r.number = float64(a.number * b.number)
	case '/':
		r.bad = r.bad || b.number == 0
		if !r.bad {
			r.number = float64(a.number / b.number)
		}
	}
	return r
}

// quantity returns a value as a number: a share as a fraction, a duration in
// seconds, a rate per second.
func quantity(n *tree.Node) (float64, bool) {
	switch v := n.Value.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case string:
		return quantityOf(v)
	}
	return 0, false
}

func quantityOf(text string) (float64, bool) {
	if r, err := unit.ParseRate(text); err == nil {
		return r.PerSecond(), true
	}
	if d, err := unit.ParseDuration(text); err == nil {
		return d.Seconds(), true
	}
	if s, err := unit.ParseShare(text); err == nil && strings.HasSuffix(strings.TrimSpace(text), "%") {
		return s.Float(), true
	}
	return 0, false
}

// constraintParser reads a constraint from the left. It reports only the first
// error.
type constraintParser struct {
	sweep *Sweep
	rest  string
	bad   *misread
}

func (p *constraintParser) fail(hint, format string, args ...any) {
	if p.bad == nil {
		p.bad = &misread{fmt.Sprintf(format, args...), hint}
	}
}

func (p *constraintParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t") }

// take reads a token if it comes next.
func (p *constraintParser) take(mark string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, mark)
	p.rest = rest
	return ok
}

// sum reads terms with + and - between them.
func (p *constraintParser) sum(depth int) *term {
	t := p.product(depth)
	for p.bad == nil {
		switch {
		case p.take("+"):
			t = &term{op: '+', left: t, right: p.product(depth)}
		case p.take("-"):
			t = &term{op: '-', left: t, right: p.product(depth)}
		default:
			return t
		}
	}
	return t
}

// product reads leaves with * and / between them.
func (p *constraintParser) product(depth int) *term {
	t := p.leaf(depth)
	for p.bad == nil {
		switch {
		case p.take("*"):
			t = &term{op: '*', left: t, right: p.leaf(depth)}
		case p.take("/"):
			t = &term{op: '/', left: t, right: p.leaf(depth)}
		default:
			return t
		}
	}
	return t
}

const maxParentheses = 20

// leaf reads a key, a number, a text, or a sum in parentheses.
func (p *constraintParser) leaf(depth int) *term {
	if depth > maxParentheses {
		p.fail("", "there are too many parentheses")
	}
	if p.bad != nil {
		return &term{axis: -1}
	}
	if p.take("(") {
		t := p.sum(depth + 1)
		if !p.take(")") {
			p.fail("", "a parenthesis is not closed")
		}
		return t
	}
	if p.take(`"`) {
		text, rest, closed := strings.Cut(p.rest, `"`)
		if !closed {
			p.fail("", "a text is not closed")
		}
		p.rest = rest
		return &term{axis: -1, text: text, isText: true}
	}
	if axis := p.key(); axis >= 0 {
		return &term{axis: axis}
	}
	return p.constant()
}

// key reads the longest swept key that comes next, or returns -1. Keys may contain
// hyphens, so they are tried before a minus.
func (p *constraintParser) key() int {
	best := -1
	for i, a := range p.sweep.axes {
		rest, ok := strings.CutPrefix(p.rest, a.key)
		ends := rest == "" || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_.[", rune(rest[0]))
		if ok && ends && (best < 0 || len(a.key) > len(p.sweep.axes[best].key)) {
			best = i
		}
	}
	if best >= 0 {
		p.rest = p.rest[len(p.sweep.axes[best].key):]
	}
	return best
}

// constant reads a number, with or without a unit.
func (p *constraintParser) constant() *term {
	end := strings.IndexAny(p.rest, " \t()<>=!+*")
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	for _, cut := range []int{len(word), strings.IndexByte(word, '/'), strings.IndexByte(word, '-')} {
		if cut <= 0 {
			continue
		}
		if n := tree.ParseValue(word[:cut]); n.Kind == tree.Scalar {
			if number, ok := quantity(n); ok {
				p.rest = word[cut:] + p.rest
				return &term{axis: -1, number: number}
			}
		}
	}
	if word == "" {
		p.fail("", "a swept key or a number is missing")
	}
	p.fail(tree.DidYouMean(word, p.sweep.names()), "%s is neither a swept key nor a number", tree.Quote(word))
	return &term{axis: -1}
}
