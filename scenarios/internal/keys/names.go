package keys

import (
	"strconv"
	"strings"

	"sesim/scenarios/internal/tree"
)

// Names are the names of the entities of one kind.
type Names struct {
	Kind   string // such as "account"
	Most   int    // maximum number of entities; 0: limited only by the number of tables
	Index  map[string]int
	List   []string         // in order; "" for an entity without one
	Tables []*tree.Node     // of each
	Groups map[string]Group // tables with a count, by the name in the file
	first  map[string]*tree.Node
}

// Group is a table with a count: Count entities from number First on. With
// count = 100 an [[account]] named acme is the accounts acme-001 to acme-100.
type Group struct{ First, Count int }

// At returns the number of the group's i-th entity, modulo the size of the group.
func (g Group) At(i int) int { return g.First + i%g.Count }

// memberName returns the name of the i-th of count entities, from 0.
func memberName(name string, i, count int) string {
	number := strconv.Itoa(i + 1)
	return name + "-" + strings.Repeat("0", len(strconv.Itoa(count))-len(number)) + number
}

// Add registers the name of the next entity and reports a duplicate. An entity
// without a name is only counted. For a table with a count it registers all
// names. It returns the number of entities that the table stands for.
func (s *Names) Add(r *tree.Reporter, n *tree.Node, path string) int {
	count, isGroup := s.Counted(n)
	name, ok := "", false
	if given := n.Table["name"]; given != nil {
		name, ok = given.Value.(string)
	}
	if isGroup && ok {
		return s.addGroup(r, n, path, name, count)
	}
	if sum := len(s.List) + 1; s.Most > 0 && sum > s.Most {
		r.WrongKey(n, path, "", "with this there are %d, and a scenario holds at most %d", sum, s.Most)
	}
	s.enter(r, n, path, name)
	return 1
}

// Counted returns the count of table n, or 1 if it is missing or invalid. An
// invalid one is reported with the other keys.
func (s *Names) Counted(n *tree.Node) (count int, isGroup bool) {
	child := n.Table["count"]
	if child == nil || child.Reported {
		return 1, false
	}
	v, ok := child.Value.(int64)
	if !ok || v < 1 || v > int64(s.Most) {
		return 1, false
	}
	return int(v), true
}

// addGroup registers the names of all entities of a table with a count, and
// reports too many of them and names that are too long. It returns the number
// registered, at least one.
func (s *Names) addGroup(r *tree.Reporter, n *tree.Node, path, name string, count int) int {
	if sum := len(s.List) + count; sum > s.Most {
		r.Wrong(n.Table["count"], tree.Join(path, "count"), "", "with these there are %d, and a scenario holds at most %d", sum, s.Most)
		count = 1
	}
	if last := memberName(name, count-1, count); IsName(name) && !IsName(last) {
		r.Wrong(n.Table["name"], tree.Join(path, "name"), "",
			"with its number, %s, the name is longer than %d characters", tree.Quote(last), maxName)
	}
	if s.Groups == nil {
		s.Groups = map[string]Group{}
	}
	s.Groups[name] = Group{len(s.List), count}
	for i := range count {
		s.enter(r, n, path, memberName(name, i, count))
	}
	return count
}

// enter registers a name, unless it is "".
func (s *Names) enter(r *tree.Reporter, n *tree.Node, path, name string) {
	i := len(s.List)
	s.List, s.Tables = append(s.List, name), append(s.Tables, n)
	if name == "" {
		return
	}
	if s.Index == nil {
		s.Index, s.first = map[string]int{}, map[string]*tree.Node{}
	}
	if _, twice := s.Index[name]; twice {
		r.Wrong(n.Table["name"], tree.Join(path, "name"), "", "there is another %s of this name%s", s.Kind, r.Where(s.first[name]))
		return
	}
	s.Index[name], s.first[name] = i, n.Table["name"]
}

// EntityName returns the name of an entity, or its number if it has none.
func (s *Names) EntityName(i int) string {
	if s.List[i] != "" {
		return s.List[i]
	}
	return "number " + strconv.Itoa(i)
}

// ReportGroup reports the name of a group in place of a single entity.
func (s *Names) ReportGroup(r *tree.Reporter, n *tree.Node, path, name string, g Group) {
	r.Wrong(n, path, "", "%s stands for %d %ss, %s to %s: name one of them", tree.Quote(name), g.Count, s.Kind,
		memberName(name, 0, g.Count), memberName(name, g.Count-1, g.Count))
}

// Count checks the count of a table, which Names.Add has used before.
type Count struct{ Of *Names }

func (c Count) whole() Whole[int] { return Whole[int]{new(int), 1, int64(c.Of.Most)} }

func (c Count) Read(r *tree.Reporter, n *tree.Node, path string) { c.whole().Read(r, n, path) }

func (c Count) Shape() Shape { return c.whole().Shape() }

// Entity reads the name of an entity; it becomes the entity's index.
type Entity struct {
	To *int
	Of *Names
}

func (f Entity) Read(r *tree.Reporter, n *tree.Node, path string) { f.readOr(r, n, path, nil) }

func (Entity) Shape() Shape { return named(notationName) }

// readOr also accepts the name of a group if there is a destination for it; the
// index is then the one of the group's first entity.
func (f Entity) readOr(r *tree.Reporter, n *tree.Node, path string, to *Group) {
	v, ok := n.Value.(string)
	if !ok {
		r.Wrong(n, path, "", "%s is not a name: %s", n.Show(), n.InQuotes())
		return
	}
	if i, known := f.Of.Find(r, n, path, v, to); known {
		*f.To = i
	}
}

// Find returns the number of the entity of that name, or reports that there is none. It
// also accepts the name of a group if there is a destination for it, and returns the
// number of the group's first entity.
func (s *Names) Find(r *tree.Reporter, n *tree.Node, path, name string, to *Group) (number int, known bool) {
	if i, known := s.Index[name]; known {
		return i, true
	}
	g, known := s.Groups[name]
	switch {
	case known && to != nil:
		*to = g
		return g.First, true
	case known:
		s.ReportGroup(r, n, path, name, g)
	default:
		s.ReportUnknown(r, n, path, name)
	}
	return 0, false
}

// ReportUnknown reports a name that no entity has.
func (s *Names) ReportUnknown(r *tree.Reporter, n *tree.Node, path, name string) {
	r.Wrong(n, path, tree.DidYouMean(name, s.List), "no %s is named %s", s.Kind, tree.Quote(name))
}

// Member reads the name of an entity, or of a group of which each sender of a
// group takes one.
type Member struct {
	Entity
	Group *Group // nil: the name of a group is not accepted
}

func (m Member) Read(r *tree.Reporter, n *tree.Node, path string) { m.readOr(r, n, path, m.Group) }

// IsName reports whether a text may name an account, an audience or a sender.
func IsName(text string) bool {
	for i, c := range text {
		lower := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !lower && (i == 0 || c != '_' && c != '-') {
			return false
		}
	}
	return len(text) >= 1 && len(text) <= maxName
}

// maxName is the maximum length of a name.
const maxName = 64

// reserved are names that mean something else in thresholds.
var reserved = []string{"global_list"}
