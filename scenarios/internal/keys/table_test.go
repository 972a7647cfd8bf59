package keys

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim/unit"
)

// pump is what the tables of these tests describe.
type pump struct {
	name   string
	wait   time.Duration
	leak   unit.Share
	steady bool
}

func newPump() *pump { return &pump{wait: 5 * time.Minute} }

func (p *pump) table() Table {
	return Table{Fields: []Field{
		Required("name", Name{&p.name}, "its name"),
		Optional("wait", Duration{&p.wait, time.Second, time.Hour}, "how long it waits").With("It waits *first*."),
		Optional("leak", Share{&p.leak}, "share that is lost").Or("a little"),
		Optional("kind", Word[bool]{&p.steady, []Choice[bool]{{"steady", true}, {"pulsed", false}}, nil}, "kind of pump"),
	}}
}

// parsed returns the tree of a text.
func parsed(t *testing.T, text string) (*tree.Reporter, *tree.Node) {
	t.Helper()
	r := tree.NewReporter("x.toml")
	root, ok := tree.Parse(r, []byte(text))
	if !ok {
		t.Fatal(r.Err())
	}
	return r, root
}

// One field is read, is in the schema, and is in the reference, each with its
// meaning, range and default.
func TestFieldIsEverywhere(t *testing.T) {
	p := newPump()
	r, root := parsed(t, "name = \"p\"\nwait = \"10m\"\nleak = 0.5\n")
	p.table().Read(r, root, "")
	if want := (pump{name: "p", wait: 10 * time.Minute, leak: unit.Whole / 2}); r.Err() != nil || *p != want {
		t.Errorf("read %+v, error %v, want %+v", *p, r.Err(), want)
	}

	p = newPump()
	text, err := Schema("Pumps", p.table())
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Required   []string
		Properties map[string]struct{ Description string }
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"name": "its name",
		"wait": `how long it waits; "1s" to "1h"; default "5m"`,
		"leak": "share that is lost; default a little",
		"kind": `kind of pump; default "pulsed"`,
	} {
		if got := schema.Properties[key].Description; got != want {
			t.Errorf("the schema says of %s %q, want %q", key, got, want)
		}
	}
	if len(schema.Required) != 1 || schema.Required[0] != "name" {
		t.Errorf("required are %v", schema.Required)
	}

	page := Reference("# Pumps", p.table())
	for _, want := range []string{
		"# Pumps\n",
		"| `name` | name | its name | required |\n",
		"| `wait` | duration, \"1s\" to \"1h\" | how long it waits | \"5m\" |\n",
		"| `leak` | share | share that is lost | a little |\n",
		"| `kind` | \"steady\", \"pulsed\" | kind of pump | \"pulsed\" |\n",
		"\n\nIt waits *first*.\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the reference lacks %q:\n%s", want, page)
		}
	}
	if *p != *newPump() {
		t.Errorf("to describe a table has changed what it is bound to: %+v", *p)
	}
}

// A missing key, a misspelt one and one of another sort of table are problems
// with their position; a misspelt key is not missing as well.
func TestTableProblems(t *testing.T) {
	p := newPump()
	table := p.table()
	table.Others, table.Of = []string{"depth"}, `kind = "steady"`
	r, root := parsed(t, "wait = 5\nnam = \"p\"\ndepth = 3\n[colour]\n")
	table.Read(r, root, "")
	const want = `x.toml:1:8: wait: 5 is not a duration: write a number and a unit in quotes, such as "90s", "18h" or "30d"
x.toml:2:1: nam: unknown key (did you mean "name"?)
x.toml:3:1: depth: this key does not fit kind = "steady"
x.toml:4:1: colour: unknown key ("sesim help scenario" lists the keys)`
	if err := r.Err(); err == nil || err.Error() != want {
		t.Errorf("the problems are\n%v, want\n%s", err, want)
	}
	r, root = parsed(t, "leak = 1\n")
	p.table().Read(r, root, "pump")
	if err := r.Err(); err == nil || err.Error() != "x.toml:1:1: pump: the key name is missing" {
		t.Errorf("without a name: %v", err)
	}
}

// The reference has the keys that all sorts of a table have first, and names
// those that differ between the cases of one sort after the case.
func TestReferenceOfSorts(t *testing.T) {
	sort := func(word, of string, own ...Field) Variant {
		fields := append([]Field{Required("do", Text{To: new(string), Most: 9}, "what is done")}, own...)
		return Variant{Key: "do", Word: word, Case: of, About: "it is a " + word, Table: Table{Fields: fields}}
	}
	value := func(about string) Field { return Required("value", Flag{new(bool)}, about) }
	sorts := []Variant{sort("stop", ""), sort("set", "a.b", value("the b")), sort("set", "a.c", value("the c"))}
	page := Reference("", Table{Fields: []Field{
		Optional("step", Section{Most: 3, Sorts: func() []Variant { return sorts }}, "a step"),
	}})
	const want = "## `[[step]]`\n\nA step.\n\n" +
		"| Key | Value | Meaning | Default |\n|---|---|---|---|\n| `do` | text, at most 9 characters | what is done | required |\n\n" +
		"### `do = \"stop\"`\n\nIt is a stop.\n\n" +
		"### `do = \"set\"`\n\nIt is a set.\n\n" +
		"| Key | Value | Meaning | Default |\n|---|---|---|---|\n" +
		"| `value` of `a.b` | true or false | the b | required |\n| `value` of `a.c` | true or false | the c | required |\n"
	if !strings.Contains(page, want) {
		t.Errorf("the reference is\n%s\nwant in it\n%s", page, want)
	}
}
