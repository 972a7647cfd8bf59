package keys

import (
	"cmp"
	"slices"
	"strings"

	"sesim/scenarios/internal/tree"
)

// Value is the value of a key: its notation and its destination.
type Value interface {
	// Read moves the value of n to its destination. If it is invalid, Read
	// reports that and leaves the destination unchanged.
	Read(r *tree.Reporter, n *tree.Node, path string)
	// Shape returns the notation of the value as a JSON schema. It accepts
	// everything that Read accepts.
	Shape() Shape
}

// Ranged is a Value with a range that no JSON schema can express.
type Ranged interface {
	Value
	Range() string // such as `"5m" to "14h"`; empty: every value of the notation
}

// Defaulted is a Value whose destination holds the default before it is read.
type Defaulted interface {
	Value
	Default() string // as TOML writes it; empty: none
}

// Tabled is a Value with keys of its own.
type Tabled interface {
	Value
	// Variants returns the possible tables; a single one without a word if
	// there is only one sort of table.
	Variants() []Variant
}

// Variant is one sort of table, distinguished from others by the value of a key.
type Variant struct {
	Key, Word string // `kind` and `poisson`; both empty if there are no others
	Case      string // distinguishes sorts with the same word
	About     string // description of the sort
	Table     Table
}

// Field is one key of a table.
type Field struct {
	Key      string
	Required bool
	Value    Value
	About    string // description, without range and default
	byHand   string // the default in words
	note     string // Markdown below the keys of the table in the reference
}

// Required returns a key that a table must have.
func Required(key string, value Value, about string) Field {
	return Field{Key: key, Required: true, Value: value, About: about}
}

// Optional returns a key with a default: the value of the destination, or the
// text given by Or.
func Optional(key string, value Value, about string) Field {
	return Field{Key: key, Value: value, About: about}
}

// Or describes the default in words, if the destination does not contain it.
func (f Field) Or(words string) Field {
	f.byHand = words
	return f
}

// With adds a note in Markdown to the reference, below the keys of the table.
func (f Field) With(note string) Field {
	f.note = note
	return f
}

// standard returns the default of a key, or "".
func (f Field) standard() string {
	if f.Required {
		return ""
	}
	if f.byHand != "" {
		return f.byHand
	}
	if v, ok := f.Value.(Defaulted); ok {
		return v.Default()
	}
	return ""
}

// Table is the keys of a table.
type Table struct {
	Fields []Field // in reading order, which does not depend on the file
	// Others are keys of this table's other sorts, that is, with another value
	// of one key. Of is this sort, such as `kind = "poisson"`; if Of is empty,
	// that value is invalid, and the other keys are ignored.
	Others []string
	Of     string
}

// Read reads the keys of table n, and reports missing and unknown keys.
func (t Table) Read(r *tree.Reporter, n *tree.Node, path string) {
	meant := t.Unknown(r, n, path)
	for _, f := range t.Fields {
		child := n.Table[f.Key]
		switch {
		case child == nil && f.Required && !meant[f.Key]:
			Missing(r, n, path, f.Key)
		case child == nil || child.Reported:
		case isDistribution(child) && !f.takesTables():
			notUncertain(r, child, tree.Join(path, f.Key))
		default:
			f.Value.Read(r, child, tree.Join(path, f.Key))
		}
	}
}

// takesTables reports whether the value of a key may be a table, which it reads itself.
func (f Field) takesTables() bool {
	switch f.Value.(type) {
	case Uncertain, Tabled:
		return true
	}
	return f.Value.Shape()["type"] == "object"
}

// Missing reports a required key at the table that lacks it.
func Missing(r *tree.Reporter, n *tree.Node, path, key string) {
	r.WrongKey(n, path, "", "the key %s is missing", key)
}

// Only returns a table of keys whose values are read elsewhere.
func Only(names ...string) Table {
	t := Table{}
	for _, name := range names {
		t.Fields = append(t.Fields, Field{Key: name})
	}
	return t
}

// Unknown reports the keys of n that the table does not have. It returns the keys
// that were probably meant, which are misspelt rather than missing.
func (t Table) Unknown(r *tree.Reporter, n *tree.Node, path string) map[string]bool {
	known := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		known[i] = f.Key
	}
	var meant map[string]bool
	for _, key := range n.Keys() {
		child := n.Table[key]
		if slices.Contains(known, key) || child.Reported {
			continue
		}
		if slices.Contains(t.Others, key) {
			if t.Of != "" {
				r.WrongKey(child, tree.Join(path, key), "", "this key does not fit %s", t.Of)
			}
			continue
		}
		if r.Full() {
			return meant
		}
		best, ok := tree.Nearest(key, known)
		if ok {
			if meant == nil {
				meant = map[string]bool{}
			}
			meant[best] = true
		}
		hint := cmp.Or(tree.DidYouMean(key, known), allKeys)
		r.WrongKey(child, tree.Join(path, key), hint, "unknown key")
	}
	return meant
}

// allKeys is the hint for a key that looks like none that there is.
const allKeys = `"sesim help scenario" lists the keys`

// Variants returns the table as the only one of its sort.
func (t Table) Variants() []Variant { return []Variant{{Table: t}} }

// Section is a list of tables, such as [[account]].
type Section struct {
	Least, Most int
	// Entity reads one of the tables.
	Entity func(n *tree.Node, path string)
	// Sorts returns the tables that each is one of, bound to new entities.
	Sorts func() []Variant
}

func (s Section) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind == tree.Table && n.From != "" {
		r.Wrong(n, path, "", "the scenario has no [[%s]] whose key this could be", header(path))
		return
	}
	if n.Kind != tree.List {
		r.Wrong(n, path, "", "%s is not a list of tables: begin each with [[%s]]", n.Show(), header(path))
		return
	}
	if len(n.List) < s.Least {
		r.Wrong(n, path, "", "there must be at least %d [[%s]]", s.Least, header(path))
		return
	}
	if len(n.List) > s.Most {
		r.Wrong(n, path, "", "there are %d, and a scenario holds at most %d", len(n.List), s.Most)
		return
	}
	for i, child := range n.List {
		if r.Full() {
			return
		}
		if child.Kind != tree.Table {
			r.Wrong(child, tree.Element(path, i), "", "%s is not a table: begin each with [[%s]]", child.Show(), header(path))
			continue
		}
		s.Entity(child, EntityPath(path, i, child))
	}
}

func (s Section) Shape() Shape {
	list := ListOf(OneOfTables(s.Sorts()), s.Most)
	if s.Least > 0 {
		list["minItems"] = s.Least
	}
	return list
}

func (s Section) Variants() []Variant { return s.Sorts() }

// header returns the name between the brackets of a section with that path:
// "account.request" for "account.acme.request".
func header(path string) string {
	last := path[strings.LastIndexByte(path, '.')+1:]
	if last == path {
		return path
	}
	return path[:strings.IndexAny(path, ".[")] + "." + last
}

// EntityPath returns the path of the i-th table of a section: by its name if it
// has one.
func EntityPath(path string, i int, n *tree.Node) string {
	if name := n.Table["name"]; name != nil {
		if text, ok := name.Value.(string); ok && IsName(text) {
			return tree.Join(path, text)
		}
	}
	return tree.Element(path, i)
}

// Afterwards is the value of a key that is read after the rest of its table, or
// after all tables of its kind. Its Read does nothing.
type Afterwards struct{ Value }

func (Afterwards) Read(*tree.Reporter, *tree.Node, string) {}

// Variants returns the tables of the value, if it has any.
func (a Afterwards) Variants() []Variant {
	if t, ok := a.Value.(Tabled); ok {
		return t.Variants()
	}
	return nil
}

var _, _ Tabled = Section{}, Afterwards{}
