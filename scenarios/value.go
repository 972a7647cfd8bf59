package scenarios

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sesim/scenarios/internal/tree"
	"sesim/sim/unit"
)

// The types below read one value each. Every message says what would be
// right, and bare numbers where a unit is meant are told which.

// whole reads a whole number.
type whole[T ~int | ~int64 | ~uint64] struct {
	to          *T
	least, most int64
}

func (w whole[T]) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(int64)
	switch {
	case !ok:
		l.Wrong(n, path, "", "%s is not a whole number%s", n.Show(), withoutQuotes(n))
	case v < w.least:
		l.Wrong(n, path, "", "%d is not at least %d", v, w.least)
	case v > w.most:
		l.Wrong(n, path, "", "%d is not at most %d", v, w.most)
	default:
		*w.to = T(v)
	}
}

// withoutQuotes tells who wrote a number as a text how to write it.
func withoutQuotes(n *tree.Node) string {
	text, _ := n.Value.(string)
	if _, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64); err != nil {
		return ""
	}
	return ": write " + text + " without quotes"
}

// milli reads a number as thousandths.
type milli struct {
	to          *int64
	least, most int64 // in thousandths
}

func (m milli) read(l *loader, n *tree.Node, path string) {
	v, ok := thousandths(n.Value)
	if !ok || v < m.least || v > m.most {
		l.Wrong(n, path, "", "%s is not a number from %d to %d with at most three decimal places", n.Show(), m.least/1000, m.most/1000)
		return
	}
	*m.to = v
}

// thousandths returns a number times 1000 where that is a whole number.
func thousandths(value any) (int64, bool) {
	switch v := value.(type) {
	case int64:
		return v * 1000, v >= 0 && v < math.MaxInt64/1000
	case float64:
		near := math.Round(v * 1000)
		return int64(near), v >= 0 && v < 1e12 && near/1000 == v
	}
	return 0, false
}

// flag reads true or false.
type flag struct{ to *bool }

func (f flag) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(bool)
	if !ok {
		l.Wrong(n, path, "", "%s is not true or false", n.Show())
		return
	}
	*f.to = v
}

// text reads a text of so many characters.
type text struct {
	to          *string
	least, most int
	lines       bool // it may have several lines
}

func (t text) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		l.Wrong(n, path, "", "%s is not a text: write it in quotes", n.Show())
		return
	}
	if why := t.objection(v); why != "" {
		l.Wrong(n, path, "", "%s", why)
		return
	}
	*t.to = v
}

func (t text) objection(v string) string {
	switch length := utf8.RuneCountInString(v); {
	case length < t.least:
		return "the text is empty"
	case length > t.most:
		return "the text has " + strconv.Itoa(length) + " characters, and at most " + strconv.Itoa(t.most) + " are allowed"
	}
	for _, c := range v {
		if unicode.IsControl(c) && !(t.lines && (c == '\n' || c == '\t' || c == '\r')) {
			return tree.Quote(v) + " contains a control character"
		}
	}
	return ""
}

// choice is a word and what it stands for.
type choice[T any] struct {
	word string
	is   T
}

// word reads one word of a few.
type word[T any] struct {
	to      *T
	choices []choice[T]
	hints   map[string]string // for words that people write instead
}

func (w word[T]) read(l *loader, n *tree.Node, path string) {
	v, isText := n.Value.(string)
	words := make([]string, len(w.choices))
	for i, c := range w.choices {
		if isText && v == c.word {
			*w.to = c.is
			return
		}
		words[i] = c.word
	}
	hint := w.hints[v]
	if hint == "" {
		hint = tree.DidYouMean(v, words)
	}
	l.Wrong(n, path, hint, "%s is not one of %s", n.Show(), quoteAll(words))
}

// quoteAll lists words for a message.
func quoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = strconv.Quote(w)
	}
	return strings.Join(quoted, ", ")
}

// share reads "5%" or 0.05.
type share struct{ to *unit.Share }

func (s share) read(l *loader, n *tree.Node, path string) {
	v, why := readShare(n)
	if why != "" {
		l.Wrong(n, path, "", "%s", why)
		return
	}
	*s.to = v
}

// readShare reads a share, or says why there is none.
func readShare(n *tree.Node) (v unit.Share, why string) {
	var err error
	switch value := n.Value.(type) {
	case string:
		v, err = unit.ParseShare(value)
	case float64:
		v, err = unit.ParseShare(strconv.FormatFloat(value, 'f', -1, 64))
	case int64:
		v = unit.Share(value) * unit.Whole
		if value != 0 && value != 1 {
			return 0, n.Show() + ` is not a share: write a percentage such as "5%" or a fraction such as 0.05`
		}
	default:
		return 0, n.Show() + ` is not a share: write a percentage such as "5%" or a fraction such as 0.05`
	}
	if err != nil {
		return 0, err.Error()
	}
	return v, ""
}

// isName reports whether a text may name an account, an audience or a sender.
func isName(text string) bool {
	for i, c := range text {
		lower := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !lower && (i == 0 || c != '_' && c != '-') {
			return false
		}
	}
	return len(text) >= 1 && len(text) <= maxName
}

// maxName is the length of the longest name.
const maxName = 64

// reserved are names that stand for something else in thresholds.
var reserved = map[string]bool{"global_list": true}

// name reads the name of an account, an audience or a sender.
type name struct{ to *string }

func (t name) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	switch {
	case !ok:
		l.Wrong(n, path, "", "%s is not a name: write it in quotes", n.Show())
	case reserved[v]:
		l.Wrong(n, path, "", "%q is taken: thresholds use it for the global suppression list", v)
	case !isName(v):
		hint := ""
		if isName(strings.ToLower(v)) {
			hint = tree.Meant(strings.ToLower(v))
		}
		l.Wrong(n, path, hint, "%s is not a name: it has 1 to 64 letters a-z, digits, \"_\" and \"-\", and begins with a letter or a digit", tree.Quote(v))
	}
	*t.to = v // wrong or not: what refers to it is not wrong too
}
