package sim_test

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// programs are what the guide's commands begin with, besides files of the
// repository.
var programs = []string{"go", "gofmt", "promtool", "sesim"}

// TestContributing resolves every name in backticks of the guide for
// contributors, so that it cannot lead to what has moved: a file or folder, an
// identifier of one (path:Identifier, of a file that is not Go any text of it),
// an identifier of a package (package.Identifier), or a command.
func TestContributing(t *testing.T) {
	const guide = ".github/CONTRIBUTING.md"
	src, err := os.ReadFile(filepath.Join("..", guide))
	if err != nil {
		t.Fatal(err)
	}
	resolver := newResolver(readModule(t, ".."))
	names := regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(string(src), -1)
	if len(names) < 20 {
		t.Errorf("%s names %d places, want 20 or more: the test looks for the wrong thing", guide, len(names))
	}
	for _, name := range names {
		if !resolver.resolves(name[1]) {
			t.Errorf("%s: `%s` is no file, identifier or command", guide, name[1])
		}
	}
	wrongs := []string{
		"sim/nowhere.go", "sim:Nowhere", "sim/doc.go:TestContributing", "sim.Nowhere", "Nowhere", ".ci/run:nowhere", "nowhere -x",
	}
	for _, wrong := range wrongs {
		if resolver.resolves(wrong) {
			t.Errorf("`%s` resolves", wrong)
		}
	}
}

// resolver knows the files of the repository and what they declare.
type resolver struct {
	declared map[string]map[string]bool // by file, by folder, and by package name
}

func newResolver(files []source) *resolver {
	r := &resolver{make(map[string]map[string]bool)}
	for _, f := range files {
		for _, name := range declarations(f.file) {
			for _, place := range []string{f.path, path.Dir(f.path), "package " + f.file.Name.Name} {
				if r.declared[place] == nil {
					r.declared[place] = make(map[string]bool)
				}
				r.declared[place][name] = true
			}
		}
	}
	return r
}

func (r *resolver) resolves(name string) bool {
	if command, _, found := strings.Cut(name, " "); found {
		return slices.Contains(programs, command) || exists(command)
	}
	if exists(name) || slices.Contains(programs, name) || strings.HasPrefix(name, "-") {
		return true
	}
	if file, identifier, found := strings.Cut(name, ":"); found {
		if ext := path.Ext(file); ext == "" && r.declared[file] != nil || ext == ".go" {
			return r.declared[file][identifier]
		}
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(file)))
		return err == nil && strings.Contains(string(text), identifier)
	}
	pkg, identifier, _ := strings.Cut(name, ".")
	return r.declared["package "+pkg][identifier]
}

func exists(name string) bool {
	_, err := os.Stat(filepath.Join("..", filepath.FromSlash(name)))
	return err == nil
}

// declarations returns the names that a file declares at its top level, and
// the methods and fields of its types as Type.Name.
func declarations(file *ast.File) []string {
	var list []string
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			list = append(list, receiver(d)+d.Name.Name)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					list = append(list, namesOf("", spec.Names)...)
				case *ast.TypeSpec:
					list = append(append(list, spec.Name.Name), members(spec)...)
				}
			}
		}
	}
	return list
}

// receiver returns the type of a method with a full stop, "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch generic := t.(type) {
	case *ast.IndexExpr:
		t = generic.X
	case *ast.IndexListExpr:
		t = generic.X
	}
	name, _ := t.(*ast.Ident)
	return name.Name + "."
}

// members returns the fields of a struct and the methods of an interface.
func members(spec *ast.TypeSpec) []string {
	var fields *ast.FieldList
	switch t := spec.Type.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return nil
	}
	var list []string
	for _, f := range fields.List {
		list = append(list, namesOf(spec.Name.Name+".", f.Names)...)
	}
	return list
}

func namesOf(prefix string, names []*ast.Ident) []string {
	var list []string
	for _, name := range names {
		list = append(list, prefix+name.Name)
	}
	return list
}
