package sim_test

import (
	"go/ast"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"testing"

	"sesim/sim/rules"
)

// TestEveryRuleHasATest looks for the id of each rule in the literal names of
// subtests below sim: `go test -run //quota.rolling` finds what tests a rule.
func TestEveryRuleHasATest(t *testing.T) {
	var names []string
	for _, f := range readModule(t, ".") {
		if f.test() {
			names = append(names, subtests(f.file)...)
		}
	}
	for _, r := range rules.Catalogue() {
		if !slices.Contains(names, r.Name) {
			t.Errorf("no subtest is named %q", r.Name)
		}
	}
}

// subtests returns the literal first arguments of calls of Run.
func subtests(f *ast.File) []string {
	var names []string
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		literal, isLiteral := call.Args[0].(*ast.BasicLit)
		if ok && method.Sel.Name == "Run" && isLiteral && literal.Kind == token.STRING {
			name, _ := strconv.Unquote(literal.Value)
			names = append(names, name)
		}
		return true
	})
	return names
}

// model are the folders that make up the model, from sim on. What only
// accompanies it, such as checkers and second models, does not use a rule.
var model = []string{".", "engine", "ses", "mailbox", "sender"}

// TestEveryRuleIsUsed compares the constants of package rules with the
// catalogue and with what the model refers to: each constant has an entry,
// and each is used.
func TestEveryRuleIsUsed(t *testing.T) {
	files := readModule(t, ".")
	constants := ruleConstants(t, files)
	if want := len(rules.Catalogue()); len(constants) != want {
		t.Fatalf("package rules declares %d rules, and its catalogue has %d", len(constants), want)
	}
	used := map[string]bool{}
	for _, f := range files {
		if slices.Contains(model, f.dir()) && !f.test() {
			maps.Copy(used, references(f))
		}
	}
	for i, name := range constants {
		if r := rules.Catalogue()[i]; !used[name] {
			t.Errorf("%s: the model does not refer to rules.%s", r.Name, name)
		} else if r.Name == "" {
			t.Errorf("rules.%s has no entry in the catalogue", name)
		}
	}
}

// ruleConstants returns the names of the rules' constants in their order. The
// declaration begins with None and ends with the number of rules.
func ruleConstants(t *testing.T, files []source) []string {
	t.Helper()
	for _, f := range files {
		if f.path != "rules/rule.go" {
			continue
		}
		for _, d := range f.file.Decls {
			if names := constants(d); len(names) > 2 && names[0] == "None" {
				return names[1 : len(names)-1]
			}
		}
	}
	t.Fatal("found no declaration of the rules in rules/rule.go")
	return nil
}

func constants(d ast.Decl) []string {
	var names []string
	if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
		for _, spec := range g.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

// references returns the names of package rules that a file refers to.
func references(f source) map[string]bool {
	names := map[string]bool{}
	if _, imported := f.imports()[path.Join(module, "sim/rules")]; !imported {
		return names
	}
	ast.Inspect(f.file, func(n ast.Node) bool {
		if use, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := use.X.(*ast.Ident); ok && pkg.Name == "rules" {
				names[use.Sel.Name] = true
			}
		}
		return true
	})
	return names
}
