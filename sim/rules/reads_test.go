package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// Each constant of a parameter is the place of the parameter whose name it has, without
// dots and underscores.
func TestConstantsAreNames(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reads.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var constants []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if word, found := strings.CutPrefix(spec.Names[0].Name, "Param"); found {
				constants = append(constants, strings.ToLower(word))
			}
		}
		return true
	})
	var names []string
	for _, p := range parameters {
		names = append(names, strings.NewReplacer(".", "", "_", "").Replace(p.Name))
	}
	if !slices.Equal(constants, names) || int(parameterCount) != len(names) {
		t.Errorf("the constants are\n%v\nand the parameters\n%v", constants, names)
	}
	if most := 64 * len(Reads{}); len(parameters) > most {
		t.Errorf("%d parameters, of which a set holds %d", len(parameters), most)
	}
}

func TestReads(t *testing.T) {
	last := parameterCount - 1
	r := NewReads(ParamReviewLength, last, 0)
	if got, want := slices.Collect(r.All()), []ParameterID{0, ParamReviewLength, last}; !slices.Equal(got, want) {
		t.Errorf("the set holds %v, want %v", got, want)
	}
	for id := range parameterCount {
		if has := r.Has(id); has != slices.Contains([]ParameterID{0, ParamReviewLength, last}, id) {
			t.Errorf("has %s: %t", id, has)
		}
		if r.With(id).Without(id).Has(id) || !r.Without(id).With(id).Has(id) {
			t.Errorf("%s cannot be added and removed", id)
		}
	}
	if r.Without(0, last) != NewReads(ParamReviewLength) || r.And(NewReads(1)) != r.With(1) || (Reads{}) != NewReads() {
		t.Error("sets that hold the same differ")
	}
	for _, c := range []struct {
		reads Reads
		rule  Standing
		want  Standing
	}{
		{NewReads(), Documented, Documented},
		{NewReads(ParamReviewBounceRate), Documented, Documented},
		{NewReads(ParamReviewBounceRate, ParamRepWindowEligible), Documented, Observed},
		{NewReads(ParamRepMinEligible, ParamReviewBounceRate), Documented, Assumed},
		{NewReads(ParamReviewBounceRate), Assumed, Assumed},
	} {
		if got := c.reads.Weakest(c.rule); got != c.want {
			t.Errorf("%v with a rule that is %s: %s, want %s", slices.Collect(c.reads.All()), c.rule, got, c.want)
		}
	}
}
