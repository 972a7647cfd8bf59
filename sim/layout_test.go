package sim_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the import path of the repository's root.
const module = "sesim"

// doors names, for each library, the one folder that may import it. A library
// that is not here may be imported nowhere: a new dependency is a decision.
var doors = map[string]string{
	"codeberg.org/go-fonts/liberation":        "reports/plot",
	"github.com/BurntSushi/toml":              "scenarios/internal/tree",
	"github.com/HdrHistogram/hdrhistogram-go": "sim/measure",
	"github.com/aws/aws-lambda-go":            testsOnly,
	"github.com/aws/aws-sdk-go-v2":            "cmd/internal/serve/auth",
	"github.com/gofrs/flock":                  "reports/rundir",
	"github.com/google/go-cmp":                testsOnly,
	"github.com/klauspost/compress":           "scenarios/compression",
	"github.com/santhosh-tekuri/jsonschema":   testsOnly,
	"github.com/schollz/progressbar/v3":       "cmd/internal/terminal",
	"github.com/spf13/cobra":                  "cmd/sesim",
	"github.com/spf13/pflag":                  "cmd/sesim",
	"golang.org/x/image":                      "reports/plot",
	"golang.org/x/sys":                        "reports/rundir",
	"golang.org/x/term":                       "cmd/internal/terminal",
	"golang.org/x/time":                       "cmd/internal/bench/reference",
	"gonum.org/v1/gonum":                      "sim/replicate",
	"gonum.org/v1/plot":                       "reports/plot",
	"go.yaml.in/yaml/v3":                      testsOnly,
	"pgregory.net/rapid":                      "sim/proptest",
}

// inTests are libraries with a door that tests may import anywhere besides:
// they check against the words and clients of the first and the distributions of
// the second, and take generators from the third.
var inTests = []string{"github.com/aws/aws-sdk-go-v2", "gonum.org/v1/gonum", "pgregory.net/rapid"}

// testsOnly is the door of libraries that only tests and the folders that serve
// them may import, anywhere.
const testsOnly = "*_test.go"

// words are the packages of quantities, and tools those of machinery: the
// parts of the model build on both and not on each other.
var (
	words = []string{"sim/fixed", "sim/rules", "sim/unit"}
	tools = append([]string{"sim/criteria", "sim/des", "sim/measure", "sim/prefetch", "sim/rng"}, words...)
)

// reach says which folders of ours a folder may import, with what lies below
// them. The longest folder that holds the importer counts; what is in none
// may import nothing of ours.
var reach = map[string][]string{
	"cmd":       {"scenarios", "reports", "sim"},
	"cmd/sesim": {"cmd/internal", "scenarios", "reports", "sim"},
	// A study knows the terminal and none of the commands beside it.
	"cmd/internal/study": {"cmd/internal/journal", "cmd/internal/terminal", "scenarios", "reports", "sim"},
	// A calibration reads as a study does.
	"cmd/internal/calibrate": {"cmd/internal/study", "cmd/internal/terminal", "scenarios", "reports", "sim"},
	// A journal knows what comes to a session, and nobody who writes or reads it.
	"cmd/internal/journal": {"reports/jsontext", "sim"},
	"cmd/internal/learn":   {"cmd/internal/learn", "cmd/internal/loopback", "cmd/internal/page", "scenarios", "reports", "sim"},
	// The server's parts know those below them: the formats know the operations.
	"cmd/internal/serve":    {"cmd/internal/journal", "cmd/internal/loopback", "cmd/internal/page", "cmd/internal/serve", "scenarios", "reports", "sim"},
	"cmd/internal/loopback": {},
	// What pages have in common knows none of them.
	"cmd/internal/page": {"cmd/internal/page"},
	// The terminal knows nothing of what it shows.
	"cmd/internal/terminal": {},
	// The reference and the rungs are measured beside the model, and by nothing else.
	"cmd/internal/bench":   {"cmd/internal/bench", "reports", "scenarios", "sim"},
	"cmd/internal/kernels": {"cmd/internal/bench", "reports/benchmark", "scenarios", "sim"},
	"reports":              {"reports", "sim"},
	"scenarios":            {"scenarios", "sim"},
	// Readers of what happened know nothing of the language.
	"scenarios/history":       {"scenarios/compression", "sim"},
	"scenarios/compression":   {},
	"scenarios/internal/keys": {"scenarios/internal/tree", "scenarios/internal/zone", "sim"},
	"scenarios/internal/zone": {"sim"},
	"scenarios/internal/tree": {"sim/unit"}, // unit.Visible, for messages
	"scenarios/study":         {"scenarios/internal", "sim"},
	"sim":                     {"sim"},
	"sim/client":              tools,
	"sim/des":                 {},
	"sim/prefetch":            {},
	"sim/unit":                {},
	"sim/rng":                 {"sim/fixed", "sim/unit"},
	"sim/ses":                 tools,
	"sim/mailbox":             tools,
	"sim/sender":              tools,
}

// runners are the folders that may import the engine outside of tests. For all
// others a run is what package sim says of it.
var runners = []string{"cmd", "sim/engine", "sim/internal", "sim/plan", "sim/replicate", "reports/internal"}

// engineDir is the folder of the engine.
const engineDir = "sim/engine"

// forTests are folders that serve tests only: nothing outside of tests and of
// these folders may import what lies below them.
var forTests = []string{"sim/internal", "sim/proptest", "reports/internal", "cmd/internal/page/pagetest"}

// testReach adds what the tests of a folder may import, with "" those of all:
// scenarios as people write them are the best of inputs.
var testReach = map[string][]string{
	"":                     {"sim/proptest"},
	"sim/estimate":         {"scenarios"},
	"sim/forecast":         {"scenarios"},
	"sim/client":           {"scenarios"}, // its presets
	"sim/internal/simtest": {"scenarios"},
	"sim/internal/twin":    {"scenarios"},
}

// banned lists what the core must not use, because a result would depend on
// it: a package as a whole ("*"), or some of its names. So it is with
// bannedInTests and what a test says.
var banned = map[string][]string{
	"os":        {"*"},
	"os/exec":   {"*"},
	"os/signal": {"*"},
	"os/user":   {"*"},
	"log":       {"*"},
	"log/slog":  {"*"},
	"time":      {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"},
}

var bannedInTests = map[string][]string{
	"crypto/rand":        {"*"},
	"hash/maphash":       {"*"},
	"testing/quick":      {"*"},
	"pgregory.net/rapid": {"Check", "MakeCheck"}, // proptest.Check has a fixed seed
}

// seeded are the names of math/rand and math/rand/v2 that do not touch the
// global source.
var seeded = []string{
	"New", "NewSource", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "Source64", "PCG", "ChaCha8", "Zipf",
}

// topLevel is what the root folder may hold, besides names with a leading dot
// and the reports of runs, which git ignores.
var topLevel = []string{
	"CHANGELOG.md", "LICENSE", "README.md", "cmd", "go.mod", "go.sum", "reports", "scenarios", "sesim-runs", "sim",
}

// source is one Go file of the module.
type source struct {
	path string // from the root, with slashes
	file *ast.File
}

func (s source) dir() string { return path.Dir(s.path) }

func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// under reports whether a folder or import path is dir or lies below it.
func under(name, dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }

// imports returns the import paths of the file with their local names; "" for
// the default name.
func (s source) imports() map[string]string {
	list := make(map[string]string)
	for _, spec := range s.file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		list[name] = ""
		if spec.Name != nil {
			list[name] = spec.Name.Name
		}
	}
	return list
}

// problems returns what breaks a rule in the files, sorted.
func problems(files []source) []string {
	var list []string
	documented := make(map[string]bool)
	for _, f := range files {
		for _, name := range slices.Sorted(maps.Keys(f.imports())) {
			list = append(list, importProblems(f, name)...)
		}
		switch {
		case f.test():
			list = append(list, bannedUses(f, "tests", bannedInTests)...)
		case under(f.dir(), "sim"):
			list = append(list, bannedUses(f, "the core", banned)...)
		}
		if !f.test() {
			list = append(list, goroutines(f)...)
			documented[f.dir()] = documented[f.dir()] || documents(f.file)
		}
	}
	for dir, ok := range documented {
		if !ok {
			list = append(list, dir+": the package has no doc comment that begins with \"Package\" or, for a command, \"Command\"")
		}
	}
	slices.Sort(list)
	return list
}

// importProblems judges one import: its direction where it is ours, its door
// where it is a library.
func importProblems(f source, name string) []string {
	switch {
	case under(name, module):
		target := strings.TrimPrefix(strings.TrimPrefix(name, module), "/")
		if !reaches(f.dir(), target) && !(f.test() && slices.Contains(slices.Concat(testReach[""], testReach[f.dir()]), target)) {
			return []string{fmt.Sprintf("%s: %s must not import %s", f.path, f.dir(), target)}
		}
		if !f.test() && servesTests(target) && !servesTests(f.dir()) {
			return []string{fmt.Sprintf("%s: %s serves tests only", f.path, target)}
		}
		if !f.test() && under(target, engineDir) && !runs(f.dir()) {
			return []string{fmt.Sprintf("%s: %s must not import %s: package sim is all it needs", f.path, f.dir(), target)}
		}
	case strings.Contains(strings.Split(name, "/")[0], "."):
		door, alsoInTests := doorOf(name)
		if door == "" {
			return []string{fmt.Sprintf("%s: %s has no door; add it to the table or do without", f.path, name)}
		}
		inTest := f.test() && alsoInTests || door == testsOnly && (f.test() || servesTests(f.dir()))
		if !inTest && (door == testsOnly || !under(f.dir(), door)) {
			return []string{fmt.Sprintf("%s: %s may be imported in %s only", f.path, name, door)}
		}
	}
	return nil
}

// servesTests reports whether a folder serves tests only.
func servesTests(dir string) bool {
	return slices.ContainsFunc(forTests, func(root string) bool { return under(dir, root) })
}

// runs reports whether a folder may import the engine.
func runs(dir string) bool {
	return slices.ContainsFunc(runners, func(root string) bool { return under(dir, root) })
}

// doorOf returns the door of the library that holds a package, or "", and
// whether it is open to all tests.
func doorOf(name string) (door string, alsoInTests bool) {
	for library, door := range doors {
		if under(name, library) {
			return door, slices.Contains(inTests, library)
		}
	}
	return "", false
}

// reaches reports whether a package in dir may import one in target.
func reaches(dir, target string) bool {
	if dir == target {
		return true // the external test of a package
	}
	longest := ""
	for from := range reach {
		if under(dir, from) && len(from) > len(longest) {
			longest = from
		}
	}
	return slices.ContainsFunc(reach[longest], func(to string) bool { return under(target, to) })
}

// bannedUses finds packages and names that are banned for whom they are listed.
// It looks at names, not only at calls, so that a function passed on as a value
// counts too.
func bannedUses(f source, whom string, banned map[string][]string) []string {
	var list []string
	local := make(map[string]string) // local name to import path
	for name, as := range f.imports() {
		_, listed := banned[name]
		random := name == "math/rand" || name == "math/rand/v2"
		if listed && slices.Contains(banned[name], "*") || (listed || random) && as == "." {
			list = append(list, fmt.Sprintf("%s: %s must not import %s", f.path, whom, strings.TrimSpace(as+" "+name)))
			continue
		}
		switch {
		case as != "":
			local[as] = name
		case random:
			local["rand"] = name
		default:
			local[path.Base(name)] = name
		}
	}
	ast.Inspect(f.file, func(n ast.Node) bool {
		use, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := use.X.(*ast.Ident); ok && forbids(banned, local[pkg.Name], use.Sel.Name) {
			list = append(list, fmt.Sprintf("%s: %s must not use %s.%s", f.path, whom, local[pkg.Name], use.Sel.Name))
		}
		return true
	})
	return list
}

// spawners are the files that may start goroutines. A panic on one ends the
// process with the status of a bad scenario, so either it is caught there or the
// goroutine only waits for the system.
var spawners = []string{
	"cmd/internal/learn/server.go",           // net/http catches
	"cmd/internal/serve/host.go",             // net/http and the SMTP server catch; the session's is the caller's
	"cmd/internal/serve/jump.go",             // waits for notifications
	"cmd/internal/serve/notify/post.go",      // caught and logged
	"cmd/internal/serve/notify/proxy.go",     // net/http catches
	"cmd/internal/serve/wire/smtp/server.go", // caught and logged, as net/http does
	"cmd/internal/study/inputs.go",           // waits for standard input
	"cmd/sesim/learn.go",                     // waits for the browser
	"cmd/sesim/main.go",                      // waits for signals
	"cmd/sesim/serve.go",                     // waits for a command, or shows what a session says
	"sim/replicate/run.go",                   // a panic is the error of its replication
	"sim/workers/workers.go",                 // continues in the caller
}

// goroutines finds those that are started outside the spawners.
func goroutines(f source) []string {
	if slices.Contains(spawners, f.path) {
		return nil
	}
	var list []string
	ast.Inspect(f.file, func(n ast.Node) bool {
		starts := false
		switch n := n.(type) {
		case *ast.GoStmt:
			starts = true
		case *ast.CallExpr:
			called, ok := n.Fun.(*ast.SelectorExpr)
			starts = ok && called.Sel.Name == "Go"
		}
		if starts {
			list = append(list, f.path+": a goroutine of its own: its panic would end the process; see package sim/workers")
		}
		return true
	})
	return list
}

// forbids reports whether a name of a package is banned.
func forbids(banned map[string][]string, pkg, name string) bool {
	if pkg == "math/rand" || pkg == "math/rand/v2" {
		return !slices.Contains(seeded, name)
	}
	return slices.Contains(banned[pkg], name)
}

// documents reports whether the file holds its package's doc comment.
func documents(f *ast.File) bool {
	want := "Package " + f.Name.Name + " "
	if f.Name.Name == "main" {
		want = "Command "
	}
	return strings.HasPrefix(f.Doc.Text(), want)
}

// strays returns the entries of the root folder that do not belong there.
func strays(entries []string) []string {
	return slices.DeleteFunc(slices.Clone(entries), func(name string) bool {
		return strings.HasPrefix(name, ".") || slices.Contains(topLevel, name)
	})
}

// readModule parses every Go file below root, but for testdata and folders
// with a leading dot.
func readModule(t *testing.T, root string) []source {
	t.Helper()
	var files []source
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && name != root
		if d.IsDir() && (hidden || d.Name() == "testdata" || d.Name() == "sesim-runs") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		files = append(files, source{filepath.ToSlash(rel), file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestLayout holds the module to the rules above.
func TestLayout(t *testing.T) {
	files := readModule(t, "..")
	if len(files) < 20 {
		t.Fatalf("found %d Go files; is the root folder the parent of sim?", len(files))
	}
	for _, problem := range problems(files) {
		t.Error(problem)
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	for _, name := range strays(names) {
		t.Errorf("%s: not among what the root folder holds: %s", name, strings.Join(topLevel, ", "))
	}
}
