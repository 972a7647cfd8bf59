package scenarios

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every key that a schema has stands in the reference, as do the words of all
// actions and kinds of traffic. The keys are those of the calls of must and
// may in this package.
func TestReferenceIsComplete(t *testing.T) {
	text, err := os.ReadFile("reference.go")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, word := range regexp.MustCompile(`[a-z0-9_-]+`).FindAllString(string(text), -1) {
		told[word] = true
	}
	keys := schemaKeys(t)
	if len(keys) < 80 {
		t.Fatalf("only %d keys were found", len(keys))
	}
	for _, d := range doings {
		keys = append(keys, d.do.String())
	}
	for _, k := range kinds {
		keys = append(keys, k.word)
	}
	for _, key := range keys {
		if !told[key] {
			t.Errorf("the reference does not tell of %q", key)
		}
	}
}

// schemaKeys returns the first arguments of all calls of must and may.
func schemaKeys(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				keys = appendKey(keys, call)
			}
			return true
		})
	}
	return keys
}

func appendKey(keys []string, call *ast.CallExpr) []string {
	name, ok := call.Fun.(*ast.Ident)
	if !ok || name.Name != "must" && name.Name != "may" {
		return keys
	}
	if literal, ok := call.Args[0].(*ast.BasicLit); ok {
		key, _ := strconv.Unquote(literal.Value)
		keys = append(keys, key)
	}
	return keys
}
