package tree

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// features are texts of every construction that TOML has.
var features = []string{
	"",
	"# comment\n\n\t \n",
	"a = 1\nb = -1_000 # comment\nc = 0xff\nd = 1.5e3\ne = true\nf = inf\n",
	"a.b.c = 1\na.b.d = 2\na . e = 3\n",
	"'a b' = 1\n\"c.d\" = 2\n\"\" = 3\n'x'.\"y\".z = 4\n",
	"[a]\nb = 1\n[a.c]\nd = 2\n[e.f.g]\n",
	"[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n[[a.e]]\nf = 4\n[[a.e]]\n",
	"[ a . b ] # comment\n",
	"a = []\nb = [1, 2,]\nc = [\n  1, # one\n  [2, 3],\n\n  { x = 1 },\n]\n",
	"a = {}\nb = { c = 1, d.e = 2 }\nf = { g = [ { h = 1 } ] }\n",
	"a = {\n  b = 1, # comment\n  c = 2,\n}\n",
	"a = \"\"\nb = \"x # \\\" [ ]\"\nc = 'x # \" [ '\n",
	"a = \"\"\"\"\"\"\nb = \"\"\"x\"\"\"\"\"\nc = \"\"\"\n[ \\\" # \\\n   x\"\"\"\nd = '''\n\"\"\" ''x'''''\n",
	"a = 2026-03-02T09:00:00Z\nb = 2026-03-02 09:00:00+01:00\nc = 09:00:00\nd = 2026-03-02\n",
	"a = 1\r\n[b]\r\nc = \"\"\"x\r\ny\"\"\"\r\n",
	"a=1#x\nb=[1]#x\n[c]#x\nd={}#x",
}

// texts are the features and the scenarios that ship.
func texts(t interface{ Fatal(...any) }) []string {
	list := slices.Clone(features)
	names, err := filepath.Glob("../../*.toml")
	if err != nil || len(names) == 0 {
		t.Fatal("no scenario was found:", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(text))
	}
	return list
}

func TestScanAcceptsTOML(t *testing.T) {
	for _, text := range texts(t) {
		if !compare(t, text) {
			t.Errorf("%q is not TOML to the library", text)
		}
	}
}

// FuzzScan: what the library accepts, the scanner accepts, and finds the same
// tables, lists and values in it.
func FuzzScan(f *testing.F) {
	for _, text := range texts(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) <= 4096 {
			compare(t, text)
		}
	})
}

// compare reports whether the library accepts the text, after comparing what
// it reads with what the scanner finds. Texts that the scanner refuses on
// purpose are passed over.
func compare(t *testing.T, text string) bool {
	if readable(text) != nil {
		return false
	}
	root, _, bad := scan(text)
	if bad != nil {
		if stricter(bad) {
			return false
		}
		if _, worse := decode(text); worse == nil {
			t.Errorf("the library accepts %q, and the scanner says at %d: %s", text, bad.at, bad.why)
		}
		return false
	}
	values, bad := decode(text)
	if bad != nil {
		return false
	}
	same(t, text, "", root, values)
	return true
}

// stricter reports whether the scanner may refuse what the library accepts:
// beyond the limits, and where the library drops a key that is set twice or
// lets a text end in six quotes.
func stricter(s *syntaxError) bool {
	for _, why := range []string{"nest deeper than", "is longer than", "more keys than", "is set twice", "is not a table", "is not a list of tables", "too many quotes"} {
		if strings.Contains(s.why, why) {
			return true
		}
	}
	return false
}

// same compares a node of the scanner with a value of the library. Keys with
// escapes are left out: the scanner does not read them.
func same(t *testing.T, text, path string, n *Node, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, value := range v {
			if child := n.Table[key]; child != nil {
				same(t, text, Join(path, key), child, value)
			} else if !escaped(text) {
				t.Errorf("%q: the scanner lacks %s", text, Join(path, key))
			}
		}
		if n.Kind != Table || len(n.Table) != len(v) && !escaped(text) {
			t.Errorf("%q: the scanner finds %d keys in %s, and the library %d", text, len(n.Table), path, len(v))
		}
	case []map[string]any:
		elements := make([]any, len(v))
		for i, e := range v {
			elements[i] = e
		}
		same(t, text, path, n, elements)
	case []any:
		if n.Kind != List && n.Kind != tables || len(n.List) != len(v) {
			t.Errorf("%q: the scanner finds %d elements in %s, and the library %d", text, len(n.List), path, len(v))
			return
		}
		for i, e := range v {
			same(t, text, Element(path, i), n.List[i], e)
		}
	default:
		if n.Kind != Scalar {
			t.Errorf("%q: the scanner finds kind %d at %s, and the library %v", text, n.Kind, path, v)
		}
	}
}

// escaped reports whether a text may hold a key with an escape.
func escaped(text string) bool {
	for i := range len(text) {
		if text[i] == '\\' {
			return true
		}
	}
	return false
}

func TestPositions(t *testing.T) {
	text := "a = 1\n[[b]]\nc . d = [ 'ü', { e = 2 } ]\n"
	root, _, bad := scan(text)
	if bad != nil {
		t.Fatal(bad)
	}
	b := root.Table["b"].List[0]
	d := b.Table["c"].Table["d"]
	for _, c := range []struct {
		what         string
		at           int32
		line, column int
	}{
		{"key a", root.Table["a"].KeyAt, 1, 1}, {"value of a", root.Table["a"].ValueAt, 1, 5},
		{"table b", b.KeyAt, 2, 1}, {"key d", d.KeyAt, 3, 5}, {"value of d", d.ValueAt, 3, 9},
		{"second of d", d.List[1].ValueAt, 3, 16}, {"key e", d.List[1].Table["e"].KeyAt, 3, 18}, {"value of e", d.List[1].Table["e"].ValueAt, 3, 22},
	} {
		if line, column := position(text, int(c.at)); line != c.line || column != c.column {
			t.Errorf("%s stands at %d:%d, want %d:%d", c.what, line, column, c.line, c.column)
		}
	}
}
