package scenarios

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"sesim/scenarios/internal/tree"
	"sesim/sim/proptest"
	"sesim/sim/rules"
)

// compiled is the schema under both drafts that editors read it by.
var compiled = sync.OnceValues(func() ([]*jsonschema.Schema, error) {
	text, err := JSONSchema()
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var list []*jsonschema.Schema
	for _, draft := range []*jsonschema.Draft{jsonschema.Draft4, jsonschema.Draft7} {
		delete(doc.(map[string]any), "$schema")
		c := jsonschema.NewCompiler()
		c.DefaultDraft(draft)
		c.AssertFormat()
		if err := c.AddResource(SchemaName, doc); err != nil {
			return nil, err
		}
		s, err := c.Compile(SchemaName)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
})

// schemaObjection says why the schema refuses a document, or nothing. Both
// drafts must agree.
func schemaObjection(t interface{ Fatal(...any) }, root *tree.Node) error {
	list, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	doc := asJSON(root.Plain())
	first := list[0].Validate(doc)
	if second := list[1].Validate(doc); (first == nil) != (second == nil) {
		t.Fatal("the drafts disagree:", first, second)
	}
	return first
}

// asJSON makes of a value what editors make of TOML: times become texts.
func asJSON(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = asJSON(v[key])
		}
	case []any:
		for i := range v {
			v[i] = asJSON(v[i])
		}
	case time.Time:
		return tree.ShowTime(v)
	}
	return value
}

// What the decoder accepts, the schema accepts.
func TestSchemaAccepts(t *testing.T) {
	right := map[string]string{"base": base, "everyKey": everyKey, "further": further, "recorded": recorded, "study": studied, "office": office, "varied": varied,
		"quoted rule": strings.Replace(base, "rep.min_eligible", `"rep.min_eligible"`, 1)}
	for _, e := range append(Shipped(), Lessons()...) {
		src, _ := Source(e.Name)
		right[e.Name] = string(src)
	}
	for _, p := range rules.Parameters() {
		value := p.Default()
		if n := tree.ParseValue(value); n.Value == value {
			value = tree.Quote(value)
		}
		right[p.Name] = strings.Replace(base, "rep.min_eligible = 500", p.Name+" = "+value, 1)
	}
	for name, src := range right {
		if _, err := LoadWith(files{"sends.csv": "time,recipients\n"}, "x.toml", []byte(src)); err != nil {
			t.Fatalf("%s is no right scenario: %v", name, err)
		}
		root, _ := tree.Parse(tree.NewReporter("x.toml"), []byte(src))
		if err := schemaObjection(t, root); err != nil {
			t.Errorf("the schema refuses %s: %v", name, err)
		}
	}
}

// byShape finds the problems that a schema can see: unknown and missing keys,
// values of a wrong type, and values that are not in the notation of the key.
var byShape = regexp.MustCompile(`unknown key|unknown rule parameter|the key \w+ is missing|does not fit|not true or false|` +
	`is not a (date and time: write|whole number|number|text|list|table|name|share: write|duration: write|rate: write|decay: write|size|Region|time of the day|window of hours|threshold|domain|mail address|key that)|` +
	`is not one of "|is not an edition|no rule parameter has this name|there are \d+, and at most|is not at least -?\d+$`)

// notInJSON finds those that schemas cannot see: JSON has no times of its own,
// no calendar, decimal places cannot be counted in binary numbers, another key says how a
// half width is written, and any key may be swept, so that a schema does not
// know a misspelt "zip".
var notInJSON = regexp.MustCompile(`^(sweep\.\w+: unknown key|replications\.half_width: |.*: "?\d{4}-\d\d-\d\d.* is not a (text|date and time)|.*: [\d.]+ is not a number)`)

// checkSchemaRefuses is called with every bad example of this package: where
// a problem is one of shape, the schema refuses the example too.
func checkSchemaRefuses(t *testing.T, src string, problems []Problem) {
	t.Helper()
	root, ok := tree.Parse(tree.NewReporter("x.toml"), []byte(src))
	if !ok {
		return
	}
	i := slices.IndexFunc(problems, func(p Problem) bool {
		return p.File != tree.FromOverride && byShape.MatchString(p.Message) && !notInJSON.MatchString(p.Key+": "+p.Message)
	})
	if i >= 0 && schemaObjection(t, root) == nil {
		t.Errorf("the schema accepts what is wrong by shape: %s", problems[i])
	}
}

// values are what a scenario might say at any key, right there or not.
var values = rapid.OneOf(
	rapid.Map(rapid.Bool(), func(v bool) any { return v }),
	rapid.Map(rapid.SampledFrom([]int64{-1, 0, 1, 2, 25, 1 << 40}), func(v int64) any { return v }),
	rapid.Map(rapid.SampledFrom([]float64{-0.5, 0.05, 0.3, 1.5, 100.001}), func(v float64) any { return v }),
	rapid.Map(rapid.StringMatching(` ?(([0-9]|_|\.){1,4} ?(w|d|h|ms|us|µs|ns|m|s|%|B|kB|MB|)){1,2}(/ ?(s|m|h|d|w|30d|1h))? ?`), func(v string) any { return v }),
	rapid.Map(rapid.StringMatching(`[0-2]?[0-9]:[0-6][0-9]|[a-c1.+_-]{1,4}(@[a-b.-]{1,4})?|(account|sender)\.(acme|news)\.(rate|on_bounce)`), func(v string) any { return v }),
	rapid.Map(rapid.SampledFrom([]string{"", "acme", "news", "customers", "HTTPS://a", "eu-west-1", "BOUNCE", "rate", "remove", "acme.example", "poisson", "set", "import", "a\tb", "a\nb", "global_list", "any < 1", "off", "never"}), func(v string) any { return v }),
	rapid.Just(any(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))),
)

// TestSchemaAgrees changes a value of a right scenario, or a key, and reads
// what comes of it both ways. What the schema refuses, the decoder refuses;
// what the decoder refuses for its shape, the schema refuses.
func TestSchemaAgrees(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		l := &loader{Reporter: tree.NewReporter("x.toml"), files: pin(files{"sends.csv": "time,recipients\n"})}
		if !l.parse([]byte(rapid.SampledFrom([]string{base, everyKey, further, recorded, studied, office, varied}).Draw(t, "scenario"))) {
			t.Fatal(l.Err())
		}
		change(t, l.root)
		refusal := schemaObjection(t, l.root)
		l.inspect(l.root, "")
		l.scenario()
		err := l.Err()
		if err == nil && refusal != nil {
			t.Fatal("the schema alone refuses it:", refusal)
		}
		if err == nil || refusal != nil {
			return
		}
		for _, p := range err.(*Errors).Problems {
			if byShape.MatchString(p.Message) && !notInJSON.MatchString(p.Key+": "+p.Message) {
				t.Fatal("the decoder alone refuses it:", p)
			}
		}
	})
}

// change puts a value in place of one somewhere in n, or renames a key, or
// takes it away.
func change(t *rapid.T, n *tree.Node) {
	for {
		key, at := "", 0
		var child *tree.Node
		switch {
		case n.Kind == tree.Table && len(n.Table) > 0:
			key = rapid.SampledFrom(n.Keys()).Draw(t, "key")
			child = n.Table[key]
		case n.Kind == tree.List && len(n.List) > 0:
			at = rapid.IntRange(0, len(n.List)-1).Draw(t, "index")
			child = n.List[at]
		default:
			return
		}
		deeper := child.Kind != tree.Scalar && rapid.IntRange(0, 4).Draw(t, "deeper") > 0
		switch {
		case deeper:
			n = child
			continue
		case key != "" && rapid.IntRange(0, 4).Draw(t, "how") == 0:
			delete(n.Table, key)
			if rapid.Bool().Draw(t, "renamed") {
				n.Put(key+"x", child)
			}
		case rapid.IntRange(0, 4).Draw(t, "list") == 0:
			*child = tree.Node{Kind: tree.List, List: []*tree.Node{{Value: values.Draw(t, "value")}}}
		default:
			*child = tree.Node{Value: values.Draw(t, "value")}
		}
		return
	}
}
