package keys

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sesim/scenarios/internal/tree"
)

// The types below read one value each. Every message shows a valid value; for a
// number without a unit it names the unit.

// Whole reads a whole number from Least to Most.
type Whole[T ~int | ~int64 | ~uint64] struct {
	To          *T
	Least, Most int64
}

func (w Whole[T]) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(int64)
	long, isLong := n.Value.(tree.TooLong)
	switch {
	case isLong && long.Negative():
		r.Wrong(n, path, "", "%s is not at least %d", n.Show(), w.Least)
	case isLong:
		r.Wrong(n, path, "", "%s is not at most %d", n.Show(), w.Most)
	case !ok:
		r.Wrong(n, path, "", "%s is not a whole number%s", n.Show(), withoutQuotes(n))
	case v < w.Least:
		r.Wrong(n, path, "", "%d is not at least %d", v, w.Least)
	case v > w.Most:
		r.Wrong(n, path, "", "%d is not at most %d", v, w.Most)
	default:
		*w.To = T(v)
	}
}

func (w Whole[T]) Shape() Shape { return Integer(w.Least, w.Most) }

func (w Whole[T]) Default() string {
	v := int64(*w.To)
	if v < w.Least {
		return ""
	}
	return strconv.FormatInt(v, 10)
}

// withoutQuotes returns a hint for a number in quotes.
func withoutQuotes(n *tree.Node) string {
	text, _ := n.Value.(string)
	if _, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64); err != nil {
		return ""
	}
	return ": write " + text + " without quotes"
}

// Milli reads a number as thousandths.
type Milli struct {
	To          *int64
	Least, Most int64 // in thousandths
}

func (m Milli) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := thousandths(n.Value)
	if !ok || v < m.Least || v > m.Most {
		r.Wrong(n, path, "", "%s is not a number from %d to %d with at most three decimal places", n.Show(), m.Least/1000, m.Most/1000)
		return
	}
	*m.To = v
}

func (m Milli) Shape() Shape {
	return Shape{"type": "number", "minimum": m.Least / 1000, "maximum": m.Most / 1000}
}

func (m Milli) Default() string { return strconv.FormatFloat(float64(*m.To)/1000, 'f', -1, 64) }

// thousandths returns 1000 times a number if that is a whole number.
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

// Flag reads true or false.
type Flag struct{ To *bool }

func (f Flag) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(bool)
	if !ok {
		r.Wrong(n, path, "", "%s is not true or false", n.Show())
		return
	}
	*f.To = v
}

func (Flag) Shape() Shape { return Shape{"type": "boolean"} }

func (f Flag) Default() string { return strconv.FormatBool(*f.To) }

// Text reads a text of Least to Most characters, none of which is a control
// character.
type Text struct {
	To          *string
	Least, Most int
	Lines       bool // it may have several lines
}

func (t Text) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		r.Wrong(n, path, "", "%s is not a text: %s", n.Show(), n.InQuotes())
		return
	}
	if why := t.objection(v); why != "" {
		r.Wrong(n, path, "", "%s", why)
		return
	}
	*t.To = v
}

func (t Text) Shape() Shape {
	s := Shape{"type": "string", "maxLength": t.Most, "pattern": `^[^\x00-\x1f\x7f-\x9f]*$`}
	if t.Lines {
		s["pattern"] = `^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$`
	}
	if t.Least > 0 {
		s["minLength"] = t.Least
	}
	return s
}

func (t Text) Default() string { return quoted(*t.To) }

// quoted returns a default as a TOML string; "" for none.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	return strconv.Quote(text)
}

// objection returns the problem with a text, or "".
func (t Text) objection(v string) string {
	switch length := utf8.RuneCountInString(v); {
	case length < t.Least:
		return "the text is empty"
	case length > t.Most:
		return fmt.Sprintf("the text has %d characters, and at most %d are allowed", length, t.Most)
	}
	for _, c := range v {
		if unicode.IsControl(c) && !(t.Lines && (c == '\n' || c == '\t' || c == '\r')) {
			return tree.Quote(v) + " contains a control character"
		}
	}
	return ""
}

// Choice is a word and its value.
type Choice[T any] struct {
	Word string
	Is   T
}

// Literal returns choices of words that are their own values.
func Literal(words ...string) []Choice[string] {
	choices := make([]Choice[string], len(words))
	for i, w := range words {
		choices[i] = Choice[string]{w, w}
	}
	return choices
}

// Word reads one of several words.
type Word[T comparable] struct {
	To      *T
	Choices []Choice[T]
	Hints   map[string]string // for common wrong words
}

func (w Word[T]) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, isText := n.Value.(string)
	for _, c := range w.Choices {
		if isText && v == c.Word {
			*w.To = c.Is
			return
		}
	}
	hint := w.Hints[v]
	if hint == "" {
		hint = tree.DidYouMean(v, w.words())
	}
	r.Wrong(n, path, hint, "%s is not one of %s", n.Show(), QuoteAll(w.words()))
}

func (w Word[T]) words() []string {
	words := make([]string, len(w.Choices))
	for i, c := range w.Choices {
		words[i] = c.Word
	}
	return words
}

func (w Word[T]) Shape() Shape { return OneOf(w.words()...) }

func (w Word[T]) Default() string {
	for _, c := range w.Choices {
		if c.Is == *w.To {
			return strconv.Quote(c.Word)
		}
	}
	return ""
}

// QuoteAll lists words for a message.
func QuoteAll(words []string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = strconv.Quote(w)
	}
	return strings.Join(list, ", ")
}

// Name reads the name of an account, an audience or a sender. An invalid name
// reaches its destination too, so that references to it are not reported as well.
type Name struct{ To *string }

func (t Name) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	switch {
	case !ok:
		r.Wrong(n, path, "", "%s is not a name: %s", n.Show(), n.InQuotes())
	case slices.Contains(reserved, v):
		r.Wrong(n, path, "", "%q is taken: thresholds use it for the global suppression list", v)
	case !IsName(v):
		hint := ""
		if IsName(strings.ToLower(v)) {
			hint = tree.Meant(strings.ToLower(v))
		}
		r.Wrong(n, path, hint,
			"%s is not a name: it has 1 to 64 letters a-z, digits, \"_\" and \"-\", and begins with a letter or a digit", tree.Quote(v))
	}
	*t.To = v
}

// Shape excludes reserved names.
func (Name) Shape() Shape {
	return Shape{"allOf": []Shape{named(notationName), {"not": OneOf(reserved...)}}}
}

// Version reads the version of the scenario language; there is only one.
type Version struct{}

func (Version) Read(r *tree.Reporter, n *tree.Node, path string) {
	if v, ok := n.Value.(int64); !ok || v != 1 {
		r.Wrong(n, path, "", "%s is not a version of the scenario language that this program reads: it reads 1", n.Show())
	}
}

func (Version) Shape() Shape { return Shape{"enum": []int{1}} }

func (Version) Default() string { return "1" }

// Title reads the name of a scenario. Files and folders are named after it.
type Title struct{ To *string }

func (t Title) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	clean := !strings.ContainsFunc(v, func(c rune) bool { return c > 0x7f || !tree.BareKey(byte(c)) && c != ' ' && c != '.' })
	if !ok || !clean || v == "" || len(v) > 64 || strings.Trim(v, ". ") != v {
		r.Wrong(n, path, "",
			`%s is not a name for a scenario: it has 1 to 64 letters, digits, spaces, ".", "_" and "-", with no dot or space at either end`,
			n.Show())
		return
	}
	*t.To = v
}

func (Title) Shape() Shape {
	const edge = `[A-Za-z0-9_-]`
	return Shape{"type": "string", "pattern": `^` + edge + `(?:[A-Za-z0-9_ .-]{0,62}` + edge + `)?$`}
}

func (Title) Range() string { return `1 to 64 letters, digits, spaces, ".", "_" and "-"` }
