package scenarios

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sesim/scenarios/study"
	"sesim/sim/replicate"
)

// studied is base with everything that a study may ask for.
const studied = `replications = { min = 20, max = 500, metric = "acme.bounce_rate.max", half_width = "0.1%", confidence = "90%" }
` + base + `
[sweep]
"account.acme.quota" = [1000, 5_000]
"account.acme.rate"  = { from = 10, to = 20, step = 10 }
"audience.customers.invalid" = ["1%", 0.5]
zip = [["account.acme.quota", "account.acme.rate"]]
constraint = ["account.acme.quota >= 100 * account.acme.rate", "audience.customers.invalid < 100%"]
`

// studyOf loads a text that is right.
func studyOf(t *testing.T, src string, overrides ...Override) *study.Study {
	t.Helper()
	s, err := LoadStudy(nil, "x.toml", []byte(src), overrides...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cells returns the values of each cell.
func cells(s *study.Study) []string {
	var list []string
	for _, c := range s.Cells {
		list = append(list, strings.Join(c.Values, " "))
	}
	return list
}

func TestStudy(t *testing.T) {
	s := studyOf(t, studied)
	if diff := cmp.Diff([]string{"account.acme.quota", "account.acme.rate", "audience.customers.invalid"}, s.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1000 10 1%", "1000 10 0.5", "5000 20 1%", "5000 20 0.5"}, cells(s)); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{5000, 20, 0.01}, s.Cells[2].Numbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	want := replicate.Rule{Min: 20, Max: 500, Metric: "acme.bounce_rate.max", HalfWidth: 0.001, Confidence: 0.9}
	for i := range s.Cells {
		cfg, rule, err := s.Load(i)
		if err != nil || rule != want {
			t.Fatalf("cell %d: rule %+v, error %v", i, rule, err)
		}
		again, err := Load("x.toml", []byte(base), s.Overrides(i)...)
		if err != nil {
			t.Fatal(err)
		}
		again.Asked = []string{want.Metric} // base has no replications
		if diff := cmp.Diff(again, cfg); diff != "" {
			t.Errorf("cell %d is not what --set makes (-set +cell):\n%s", i, diff)
		}
	}
	plain, err := Load("x.toml", []byte(base))
	if err != nil {
		t.Fatal(err)
	}
	plain.Asked = []string{want.Metric}
	if diff := cmp.Diff(plain, s.Config); diff != "" {
		t.Errorf("the scenario without its sweep (-want +got):\n%s", diff)
	}
}

// A scenario that asks for nothing is a study of one run.
func TestStudyOfOne(t *testing.T) {
	s := studyOf(t, base)
	cfg, rule, err := s.Load(0)
	if len(s.Cells) != 1 || s.Keys != nil || rule != replicate.Fixed(1) || cfg != s.Config || err != nil {
		t.Errorf("%d cells of %v, rule %+v, error %v", len(s.Cells), s.Keys, rule, err)
	}
}

func TestReplications(t *testing.T) {
	for _, c := range []struct {
		line string
		want replicate.Rule
	}{
		{`replications = 7`, replicate.Fixed(7)},
		{`replications = { max = 7 }`, replicate.Fixed(7)},
		{`replications = { max = 7, confidence = "99%" }`, replicate.Rule{Min: 7, Max: 7, Confidence: 0.99}},
		{`replications = { max = 70, metric = "acme.accepted", half_width = 2.5 }`, replicate.Rule{Min: 10, Max: 70, Metric: "acme.accepted", HalfWidth: 2.5, Confidence: 0.95}},
		{`replications = { max = 7, metric = "acme.time_to.paused", half_width = "5m" }`, replicate.Rule{Min: 7, Max: 7, Metric: "acme.time_to.paused", HalfWidth: 300, Confidence: 0.95}},
	} {
		if got := studyOf(t, c.line+"\n"+base).Rule; got != c.want {
			t.Errorf("%s: %+v, want %+v", c.line, got, c.want)
		}
	}
	if got := studyOf(t, base, set("replications", "12")).Rule; got != replicate.Fixed(12) {
		t.Errorf("set on the command line: %+v", got)
	}
}

// TestSweepValues checks which cells a sweep has.
func TestSweepValues(t *testing.T) {
	for _, c := range []struct {
		name  string
		sweep string
		want  []string
	}{
		{"all combinations", `"seed" = [1, 2]` + "\n" + `"horizon" = ["6d", "7d"]`, []string{"1 6d", "1 7d", "2 6d", "2 7d"}},
		{"exact decimals", `"rules.rep.min_eligible" = { from = 100, to = 300, step = 100 }`, []string{"100", "200", "300"}},
		{"the end is not met", `"seed" = { from = 1, to = 6, step = 2 }`, []string{"1", "3", "5"}},
		{"shares", `"audience.customers.invalid" = { from = "0.1%", to = "0.3%", step = "0.1%" }`, []string{"0.1%", "0.2%", "0.3%"}},
		{"fractions", `"audience.customers.invalid" = { from = 0.1, to = 0.3, step = 0.1 }`, []string{"0.1", "0.2", "0.3"}},
		{"durations", `"sender.news.begin" = { from = "0h", to = "12h", step = "6h" }`, []string{"0h", "6h", "12h"}},
		{"rates in a table", `"sender.news.traffic.rate" = { from = "1.5/h", to = "2.5/h", step = "0.5/h" }`, []string{"1.5/h", "2/h", "2.5/h"}},
		{"lists and tables", `"account.acme.suppression" = [[], ["BOUNCE"]]` + "\n" + `"sender.news.traffic" = [{ kind = "constant", rate = "1/h" }]`,
			[]string{`[] { kind = "constant", rate = "1/h" }`, `["BOUNCE"] { kind = "constant", rate = "1/h" }`}},
		{"a key that the file does not have", `"account.acme.quota" = [200]`, []string{"200"}},
		{"an element by number", `"action[0].at" = ["1d", "2d"]`, []string{"1d", "2d"}},
		{"zip of one list", `"seed" = [1, 2]` + "\n" + `"horizon" = ["6d", "7d"]` + "\n" + `zip = ["seed", "horizon"]`, []string{"1 6d", "2 7d"}},
		{"zip of the outer ones", `"seed" = [1, 2]` + "\n" + `"account.acme.rate" = [3, 4]` + "\n" + `"horizon" = ["6d", "7d"]` + "\n" + `zip = [["seed", "horizon"]]`,
			[]string{"1 3 6d", "1 4 6d", "2 3 7d", "2 4 7d"}},
		{"constraint on a text", `"sender.news.on_bounce" = ["keep", "remove"]` + "\n" + `constraint = 'sender.news.on_bounce != "keep"'`, []string{"remove"}},
		{"arithmetic", `"seed" = { from = 1, to = 9, step = 1 }` + "\n" + `constraint = ["(seed - 1) * 2 / 4 >= 2", "seed + 1 != 7", "seed<9"]`, []string{"5", "7", "8"}},
		{"units", `"sender.news.begin" = ["1h", "5h"]` + "\n" + `"sender.news.traffic.rate" = ["60/h", "2/s"]` + "\n" + `constraint = ["sender.news.begin > 90m", "sender.news.traffic.rate < 1/s"]`, []string{"5h 60/h"}},
		{"left to right", `"seed" = [1, 2, 3]` + "\n" + `constraint = "10 - seed - 3 == 5"`, []string{"2"}},
	} {
		if diff := cmp.Diff(c.want, cells(studyOf(t, base+"\n[sweep]\n"+c.sweep)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestConstraintOfHyphens(t *testing.T) {
	src := strings.ReplaceAll(base, `"acme"`, `"my-acme"`) + "\n[sweep]\n" +
		`"account.my-acme.quota" = [10, 20]` + "\n" + `constraint = "account.my-acme.quota-5 > 10"`
	if diff := cmp.Diff([]string{"20"}, cells(studyOf(t, src))); diff != "" {
		t.Error(diff)
	}
}

// TestStudyProblems checks what is said about sweeps and replications that are
// wrong, with their places; base has 29 lines, before which and after which they stand.
func TestStudyProblems(t *testing.T) {
	for _, c := range []struct {
		name, top, sweep string
		want             []string
	}{
		{"no number", `replications = "many"`, "", []string{`1:16: replications: "many" is not a whole number`}},
		{"none", `replications = 0`, "", []string{`1:16: replications: 0 is not at least 1`}},
		{"too many", `replications = 100_001`, "", []string{`1:16: replications: 100001 is not at most 100000`}},
		{"no most", `replications = { min = 3 }`, "", []string{`1:1: replications: the key max is missing`}},
		{"no width", `replications = { max = 30, metric = "acme.accepted" }`, "",
			[]string{`1:1: replications: without half_width nothing says when there are enough: give it, or leave metric and min out`}},
		{"no metric", `replications = { max = 30, half_width = 5 }`, "", []string{`1:1: replications: without metric nothing says whose half_width this is`}},
		{"wrong metric", `replications = { max = 30, metric = "acme.acepted", half_width = 5 }`, "",
			[]string{`1:37: replications.metric: there is no metric "acme.acepted" (did you mean "acme.accepted"?)`}},
		{"width of another kind", `replications = { max = 30, metric = "acme.bounce_rate.max", half_width = "5m" }`, "",
			[]string{`1:74: replications.half_width: not a limit: "5m" is not a share: write a percentage such as "5%" or a fraction such as 0.05`}},
		{"no width at all", `replications = { max = 30, metric = "acme.accepted", half_width = 0 }`, "", []string{`1:67: replications.half_width: 0 is not positive`}},
		{"min above max", `replications = { min = 5, max = 4, metric = "acme.accepted", half_width = 1 }`, "", []string{`1:24: replications.min: 5 is more than max, 4`}},
		{"too sure", `replications = { max = 4, confidence = "100%" }`, "", []string{`1:40: replications.confidence: "100%" is not from 50% to 99.9%`}},
		{"unknown key", `replications = { max = 4, minimum = 3 }`, "", []string{`1:27: replications.minimum: unknown key ("sesim help scenario" lists the keys)`}},

		{"nothing swept", "", `zip = []`, []string{`30:1: sweep: nothing is swept: write a key and its values, such as "account.acme.quota" = [1_000, 5_000]`}},
		{"no values", "", `"seed" = []`, []string{`31:10: sweep.seed: there are no values`}},
		{"no list", "", `"seed" = 5`, []string{`31:10: sweep.seed: 5 is not a list of values or { from, to, step }`}},
		{"no key", "", `"account..quota" = [5]`, []string{`31:1: sweep."account..quota": this is not a key: write one such as "account.acme.quota"`}},
		{"a key that cannot be", "", `"account.acme.name" = ["a"]`, []string{`31:1: sweep."account.acme.name": this key cannot be swept`}},
		{"nobody of that name", "", `"account.acne.quota" = [5, 6]`, []string{`31:1: sweep."account.acne.quota": no account is named "acne" (did you mean "acme"?)`}},
		{"no such key", "", `"account.acme.quoat" = [5, 6]`, []string{`31:1: account.acme.quoat: unknown key (did you mean "quota"?)`}},
		{"a value out of range", "", `"account.acme.quota" = [5, -6, 7, -8]`, []string{`31:28: account.acme.quota: -6 is not at least -1`, `31:35: account.acme.quota: -8 is not at least -1`}},
		{"a range out of range", "", `"account.acme.rate" = { from = 0, to = 1, step = 1 }`, []string{`31:23: account.acme.rate: 0 is not at least 1`}},
		{"values that do not go together", "", `"sender.news.begin" = ["1d", "3d"]` + "\n" + `"sender.news.end" = ["2d"]`,
			[]string{`32:22: sender.news.end: 2d is not after begin, 3d`}},
		{"no step", "", `"seed" = { from = 1, to = 3 }`, []string{`31:1: sweep.seed: the key step is missing`}},
		{"a step back", "", `"seed" = { from = 1, to = 3, step = -1 }`, []string{`31:37: sweep.seed.step: -1 is not positive`}},
		{"backwards", "", `"seed" = { from = 3, to = 1, step = 1 }`, []string{`31:27: sweep.seed.to: 1 is less than from`}},
		{"units that differ", "", `"horizon" = { from = "1d", to = "30h", step = "1d" }`, []string{`31:33: sweep.horizon.to: "30h" and "1d" differ in their unit`}},
		{"no number to step", "", `"horizon" = { from = "long", to = "30h", step = "1d" }`, []string{`31:22: sweep.horizon.from: "long" does not begin with a number`}},
		{"too many values", "", `"seed" = { from = 1, to = 100_000, step = 1 }`, []string{`31:10: sweep.seed: there are more than 10000 values, and a sweep has at most 10000 cells`}},
		{"too many cells", "", `"seed" = { from = 1, to = 200, step = 1 }` + "\n" + `"account.acme.rate" = { from = 1, to = 200, step = 1 }`, []string{`30:1: sweep: it has 40000 cells, and at most 10000 are allowed`}},
		{"zip of another key", "", `"seed" = [1, 2]` + "\n" + `zip = [["seed", "sead"]]`, []string{`32:17: sweep.zip[0][1]: "sead" is not swept (did you mean "seed"?)`}},
		{"zip of other lengths", "", `"seed" = [1, 2]` + "\n" + `"horizon" = ["1d"]` + "\n" + `zip = [["seed", "horizon"]]`,
			[]string{`33:17: sweep.zip[0][1]: "horizon" has 1 values and "seed" has 2: keys that are stepped together have as many`}},
		{"zip of one", "", `"seed" = [1, 2]` + "\n" + `zip = [["seed"]]`, []string{`32:8: sweep.zip[0]: one key alone is not stepped together with anything`}},
		{"constraint without comparison", "", `"seed" = [1, 2]` + "\n" + `constraint = "seed"`, []string{`32:14: sweep.constraint: there is no comparison: write one of <, <=, ==, !=, >=, >`}},
		{"constraint on another key", "", `"seed" = [1, 2]` + "\n" + `constraint = "sed < 2"`, []string{`32:14: sweep.constraint: "sed" is neither a swept key nor a number (did you mean "seed"?)`}},
		{"constraint with a rest", "", `"seed" = [1, 2]` + "\n" + `constraint = ["seed < 2 3"]`, []string{`32:15: sweep.constraint[0]: "3" was not expected`}},
		{"constraint by zero", "", `"seed" = [1, 0]` + "\n" + `constraint = "1 / seed < 2"`, []string{`32:14: sweep.constraint: it divides by zero, or calculates with a text`}},
		{"constraint without order", "", `"sender.news.pick" = ["uniform"]` + "\n" + `constraint = 'sender.news.pick < "zipf"'`, []string{`32:14: sweep.constraint: the text "uniform" and the text "zipf" have no order`}},
		{"constraint of two kinds", "", `"sender.news.pick" = ["uniform"]` + "\n" + `constraint = 'sender.news.pick == 5'`, []string{`32:14: sweep.constraint: the text "uniform" is compared with the number 5`}},
		{"constraint not closed", "", `"seed" = [1, 2]` + "\n" + `constraint = "(seed < 2"`, []string{`32:14: sweep.constraint: a parenthesis is not closed`}},
		{"constraint that ends", "", `"seed" = [1, 2]` + "\n" + `constraint = "seed <"`, []string{`32:14: sweep.constraint: a swept key or a number is missing`}},
		{"misspelt constraint", "", `"seed" = [1, 2]` + "\n" + `constraints = "seed < 2"`, []string{`32:1: sweep.constraints: unknown key (did you mean "constraint"?)`}},
		{"a value twice", "", `"account.acme.quota" = [7, 8, 7]`, []string{`31:31: sweep."account.acme.quota"[2]: 7 is there already`}},
		{"values twice", "", `"seed" = [1, 1, 1]` + "\n" + `"horizon" = ["1d", "2d", "1d"]` + "\n" + `zip = ["seed", "horizon"]`, []string{`31:17: sweep.seed[2]: 1 is there already`}},
		{"nothing left", "", `"seed" = [1, 2]` + "\n" + `constraint = "seed > 2"`, []string{`30:1: sweep: no combination meets the constraints`}},
	} {
		src := base
		if c.top != "" {
			src = c.top + "\n" + src
		}
		if c.sweep != "" {
			src = strings.TrimSuffix(src, "\n") + "\n[sweep]\n" + c.sweep + "\n"
		}
		_, err := LoadStudy(nil, "x.toml", []byte(src))
		var got []string
		if err != nil {
			got = strings.Split(strings.ReplaceAll(err.Error(), "x.toml:", ""), "\n")
			if problems := err.(*Errors).Problems; !strings.HasPrefix(problems[0].Key, "account.") { // values of other keys
				checkSchemaRefuses(t, src, problems)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestWarnings: a warning is told once, wherever it comes from: the file, an override or
// a value of the sweep.
func TestWarnings(t *testing.T) {
	const away = "is not a Region in which SES is sold; it is simulated like the others"
	swept := base + "\n[sweep]\n\"account.acme.region\" = [\"us-east-1\", \"us-east-9\"]\n\"account.acme.rate\" = [10, 20]\n"
	for _, c := range []struct {
		src       string
		overrides []Override
		want      []string
	}{
		{base, nil, nil},
		{base, []Override{set("account.acme.region", "us-east-9")}, []string{`--set account.acme.region: "us-east-9" AWAY (did you mean "us-east-1"?)`}},
		{swept, nil, []string{`x.toml:32:39: account.acme.region: "us-east-9" AWAY (did you mean "us-east-1"?)`}},
	} {
		var got []string
		for _, w := range studyOf(t, c.src, c.overrides...).Warnings {
			got = append(got, strings.ReplaceAll(w.String(), away, "AWAY"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	}
	d, err := Read(nil, "x.toml", []byte(base), set("account.acme.region", "us-east-9"))
	if err != nil || len(d.Warnings) != 1 {
		t.Errorf("a document has the warnings %v, %v", d.Warnings, err)
	}
}

func TestSweptKeyIsNotSet(t *testing.T) {
	_, err := LoadStudy(nil, "x.toml", []byte(studied), set("account.acme.quota", "7"))
	if want := "--set account.acme.quota: the sweep changes this key; --set cannot"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestCellsWithoutNumbers checks that what is no number is none.
func TestCellsWithoutNumbers(t *testing.T) {
	s := studyOf(t, base+"\n[sweep]\n"+`"sender.news.pick" = ["uniform", "zipf"]`)
	if !math.IsNaN(s.Cells[1].Numbers[0]) {
		t.Errorf("zipf is %v", s.Cells[1].Numbers[0])
	}
}

// TestInputs checks what the hash of a cell depends on.
func TestInputs(t *testing.T) {
	inputs := func(src string, i int, overrides ...Override) string {
		t.Helper()
		hash, err := studyOf(t, src, overrides...).Inputs(i)
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	first := inputs(studied, 0)
	for name, other := range map[string]string{
		"another cell":      inputs(studied, 1),
		"another key":       inputs(strings.Replace(studied, "size = 100", "size = 101", 1), 0),
		"another override":  inputs(studied, 0, set("seed", "2")),
		"more replications": inputs(strings.Replace(studied, "max = 500", "max = 501", 1), 0),
	} {
		if other == first {
			t.Errorf("%s: the hash is the same", name)
		}
	}
	for name, other := range map[string]string{
		"comments":            inputs("# hello\n"+studied, 0),
		"a longer sweep":      inputs(strings.Replace(studied, `"1%", 0.5]`, `"1%", 0.5, "7%"]`, 1), 0),
		"the order of keys":   inputs(strings.Replace(studied, "name = \"customers\"\nsize = 100", "size = 100\nname = \"customers\"", 1), 0),
		"set as the cell has": inputs(base, 0, append(studyOf(t, studied).Overrides(0), set("replications", replicationsOf(studied)))...),
	} {
		if other != first {
			t.Errorf("%s: the hash is another", name)
		}
	}
}

// replicationsOf returns what studied says of replications.
func replicationsOf(src string) string {
	line, _, _ := strings.Cut(src, "\n")
	return strings.TrimPrefix(line, "replications = ")
}

// TestInputsOfTraces checks that the content of a recorded file counts.
func TestInputsOfTraces(t *testing.T) {
	var hashes []string
	for _, rows := range []string{"1h,1\n", "2h,1\n"} {
		s, err := LoadStudy(files{"sends.csv": "time,recipients\n" + rows}, "x.toml", []byte(recorded))
		if err != nil {
			t.Fatal(err)
		}
		hash, err := s.Inputs(0)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, hash)
	}
	if hashes[0] == hashes[1] {
		t.Error("a file with other rows has the same hash")
	}
}
