package catalogue

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sesim/sim/rules"
)

func TestEveryRuleIsPrinted(t *testing.T) {
	var list, all strings.Builder
	if err := WriteList(&list); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&all); err != nil {
		t.Fatal(err)
	}
	var back []Rule
	if err := json.Unmarshal([]byte(all.String()), &back); err != nil {
		t.Fatal(err)
	}
	if len(back) != len(rules.Catalogue()) {
		t.Errorf("JSON has %d rules, want %d", len(back), len(rules.Catalogue()))
	}
	for _, r := range rules.Catalogue() {
		var one strings.Builder
		found, err := WriteRule(&one, r.Name)
		if !found || err != nil {
			t.Errorf("%s: found %t, %v", r.Name, found, err)
		}
		wanted := []string{r.About, r.Source}
		for _, id := range slices.Concat(r.Parameters, r.Also) {
			wanted = append(wanted, id.String())
		}
		for _, want := range wanted {
			if !strings.Contains(one.String(), want) {
				t.Errorf("%s is printed without %q", r.Name, want)
			}
		}
		if !strings.Contains(list.String(), r.Name+" ") {
			t.Errorf("%s is not in the list", r.Name)
		}
	}
	if found, _ := WriteRule(&all, "no.such"); found {
		t.Error("a rule that is not there was printed")
	}
}

// Every parameter decides some rule: one that none names could be set without
// anybody finding out what it does.
func TestEveryParameterBelongsToARule(t *testing.T) {
	owned := map[string]bool{}
	for _, r := range Rules() {
		for _, p := range r.Parameters {
			owned[p.Name] = true
		}
	}
	for _, p := range rules.Parameters() {
		if !owned[p.Name] {
			t.Errorf("%s belongs to no rule", p.Name)
		}
	}
}

func TestDiffOfEditions(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"classic", "current", "global.removal_form\n  classic  true\n  current  false\n"},
		{"flat14", "current", "global.durations\n  flat14   [\"14d\"]\n"},
		{"current", "current", "The editions have the same parameters.\n"},
	} {
		d, err := DiffOf(c.a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		var text, data strings.Builder
		if err := d.Write(&text); err != nil || !strings.Contains(text.String(), c.want) {
			t.Errorf("%s and %s: %v\n%s\nwant %q", c.a, c.b, err, text.String(), c.want)
		}
		var back Diff
		if err := d.WriteJSON(&data); err != nil || json.Unmarshal([]byte(data.String()), &back) != nil || !reflect.DeepEqual(&back, d) {
			t.Errorf("%s and %s as JSON: %v\n%s", c.a, c.b, err, data.String())
		}
	}
	if _, err := DiffOf("current", "2019"); err == nil {
		t.Error("an edition that is not there was compared")
	}
}

// What may be true instead of an assumption is printed and in JSON; AWS's own figures
// have no alternatives.
func TestPlausibleIsPrinted(t *testing.T) {
	var text, data strings.Builder
	if found, err := WriteRule(&text, "rep.review"); !found || err != nil {
		t.Fatal(found, err)
	}
	for _, want := range []string{
		"  range      1 to 28, or \"off\"\n  plausible  1 to 28 or off\n",
		"  range      a share\n  default    documented: 5 %",
		"  range      true or false\n  default    assumed",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("rep.review is printed without %q:\n%s", want, text.String())
		}
	}
	if err := WriteJSON(&data); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"plausible": { "least": "1", "most": "5", "values": [ "never" ] }`,
		`"plausible": { "values": [ "worldwide", "region" ] }`,
		`"plausible": { "least": "5", "most": "50" }, "fills_in": "rate"`,
	} {
		if !strings.Contains(strings.Join(strings.Fields(data.String()), " "), want) {
			t.Errorf("the rules as JSON lack %s", want)
		}
	}
}
