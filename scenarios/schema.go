package scenarios

import (
	"slices"
	"strings"

	"sesim/scenarios/internal/tree"
)

// into is where the value of a key goes.
type into interface {
	// read reads the value of n, or reports what is wrong with it; then what
	// it goes into stays as it was.
	read(l *loader, n *tree.Node, path string)
	// shape says how the value is written, for editors. It is no stricter
	// than read.
	shape(d *describer) shape
}

// field is one key of a table.
type field struct {
	key  string
	must bool
	into into
}

// must is a key that a table cannot do without.
func must(key string, to into) field { return field{key, true, to} }

// may is a key with a default.
func may(key string, to into) field { return field{key, false, to} }

// schema says which keys a table has. They are read in the order of the
// fields, whatever that of the file.
type schema struct {
	fields []field
	// others are keys that tables of this sort have under another value of
	// one key; of says which it is, such as `kind = "poisson"`. With an
	// empty of that value is wrong, and the others are passed over.
	others []string
	of     string
}

// table reads the keys of table n, and reports those that are missing and
// those that do not belong there.
func (l *loader) table(n *tree.Node, path string, s schema) {
	if l.asked != nil {
		*l.asked = s
		return
	}
	meant := l.unknown(n, path, s)
	for _, f := range s.fields {
		child := n.Table[f.key]
		switch {
		case child == nil && f.must && !meant[f.key]:
			l.missing(n, path, f.key)
		case child != nil && !child.Reported:
			f.into.read(l, child, tree.Join(path, f.key))
		}
	}
}

// missing reports a key that must be there, at the table that lacks it.
func (l *loader) missing(n *tree.Node, path, key string) {
	l.WrongKey(n, path, "", "the key %s is missing", key)
}

// unknown reports the keys of table n that the schema does not have. It
// returns the keys that were probably meant: they are not missing, but
// misspelt.
func (l *loader) unknown(n *tree.Node, path string, s schema) map[string]bool {
	known := make([]string, len(s.fields))
	for i, f := range s.fields {
		known[i] = f.key
	}
	var meant map[string]bool
	for _, key := range n.Keys() {
		child := n.Table[key]
		if slices.Contains(known, key) || child.Reported {
			continue
		}
		if slices.Contains(s.others, key) {
			if s.of != "" {
				l.WrongKey(child, tree.Join(path, key), "", "this key does not fit %s", s.of)
			}
			continue
		}
		if l.Full() {
			return meant
		}
		best, ok := tree.Nearest(key, known)
		if ok {
			if meant == nil {
				meant = map[string]bool{}
			}
			meant[best] = true
		}
		l.WrongKey(child, tree.Join(path, key), tree.DidYouMean(key, known), "unknown key")
	}
	return meant
}

// section reads a list of tables: [[account]] and its like. Each goes to
// entity, together with its path.
type section struct {
	least, most int
	entity      func(l *loader, n *tree.Node, path string)
}

func (s section) read(l *loader, n *tree.Node, path string) {
	if n.Kind != tree.List {
		l.Wrong(n, path, "", "%s is not a list of tables: begin each with [[%s]]", n.Show(), header(path))
		return
	}
	if len(n.List) < s.least {
		l.Wrong(n, path, "", "there must be at least %d [[%s]]", s.least, header(path))
		return
	}
	if len(n.List) > s.most {
		l.Wrong(n, path, "", "there are %d, and a scenario holds at most %d", len(n.List), s.most)
		return
	}
	for i, child := range n.List {
		if l.Full() {
			return
		}
		if child.Kind != tree.Table {
			l.Wrong(child, tree.Element(path, i), "", "%s is not a table: begin each with [[%s]]", child.Show(), header(path))
			continue
		}
		s.entity(l, child, entityPath(path, i, child))
	}
}

// header returns the name that stands between the brackets of a section with
// that path: "account.request" for "account.acme.request".
func header(path string) string {
	last := path[strings.LastIndexByte(path, '.')+1:]
	if last == path {
		return path
	}
	return path[:strings.IndexAny(path, ".[")] + "." + last
}

// entityPath returns the path of the i-th table of a section: by its name
// where it has one.
func entityPath(path string, i int, n *tree.Node) string {
	if name := n.Table["name"]; name != nil {
		if text, ok := name.Value.(string); ok && isName(text) {
			return tree.Join(path, text)
		}
	}
	return tree.Element(path, i)
}

// names are the names that one kind of entity has been given.
type names struct {
	kind   string // "account"
	index  map[string]int
	first  map[string]*tree.Node // where the name was given
	list   []string              // in order
	tables []*tree.Node          // of each
	groups map[string]group      // tables with a count, by the name that is written
}

// add registers the name of the next entity and reports a second one of the
// same name. Without a name it only counts. Of a table with a count it
// registers all names. It returns for how many entities the table stands.
func (s *names) add(l *loader, n *tree.Node, path string) int {
	count, isGroup := s.counted(n)
	name, ok := "", false
	if given := n.Table["name"]; given != nil {
		name, ok = given.Value.(string)
	}
	if isGroup && ok {
		return s.addGroup(l, n, path, name, count)
	}
	if sum := len(s.list) + 1; s.most() > 0 && sum > s.most() {
		l.WrongKey(n, path, "", "with this there are %d, and a scenario holds at most %d", sum, s.most())
	}
	s.enter(l, n, path, name)
	return 1
}

// enter registers one name; "" is none.
func (s *names) enter(l *loader, n *tree.Node, path, name string) {
	i := len(s.list)
	s.list, s.tables = append(s.list, name), append(s.tables, n)
	if name == "" {
		return
	}
	if s.index == nil {
		s.index, s.first = map[string]int{}, map[string]*tree.Node{}
	}
	if _, twice := s.index[name]; twice {
		l.Wrong(n.Table["name"], tree.Join(path, "name"), "", "there is another %s of this name%s", s.kind, l.Where(s.first[name]))
		return
	}
	s.index[name], s.first[name] = i, n.Table["name"]
}
