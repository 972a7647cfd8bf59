package licenses

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write licenses.txt anew")

// systems are those that releases are built for. Some modules are linked in on
// one of them only.
var systems = []string{"linux", "darwin", "windows"}

// isLicense says which files of a module hold its terms: those at its root, and
// those of what it has taken from others.
var isLicense = regexp.MustCompile(`^(?i:(licenses/|third_party_licenses/).*|(licen[cs]e|copying|notice|patents)[^/]*)$`)

// The file is what the modules say now.
func TestTextIsCurrent(t *testing.T) {
	want := generated(t)
	if *update {
		if err := os.WriteFile("licenses.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if Text != want {
		t.Error("licenses.txt is not what the modules say; go test ./cmd/internal/licenses -update writes it anew")
	}
	const most = 1 << 20
	if len(Text) > most {
		t.Errorf("licenses.txt has %d bytes, more than %d", len(Text), most)
	}
}

// Licenses that are not those of most Go modules are among them.
func TestTextHolds(t *testing.T) {
	if *update {
		t.Skip("the text that is linked in is the old one")
	}
	for _, want := range []string{
		"SIL OPEN FONT LICENSE", "Liberation", // fonts
		"The FreeType Project LICENSE", "Creative Commons Attribution", "Cephes", "uPlot", "Go standard library", "mousetrap",
		"IANA Time Zone\nDatabase", "public domain",
	} {
		if !strings.Contains(Text, want) {
			t.Errorf("there is no %q in licenses.txt", want)
		}
	}
}

// notChosen are licenses that a module leaves the choice of: FreeType's is taken,
// not the GPL.
var notChosen = []string{"licenses/gpl.txt"}

// generated gathers all licenses.
func generated(t *testing.T) string {
	t.Helper()
	const root = "../../.."
	var b strings.Builder
	add(t, &b, "sesim", root)
	goroot := strings.TrimSpace(command(t, "", "env", "GOROOT"))
	add(t, &b, "Go standard library and runtime", goroot)
	add(t, &b, "uPlot", filepath.Join(root, "cmd/internal/page/shared/uplot"))
	add(t, &b, "time zone data", filepath.Join(root, "scenarios/internal/zone"))
	dirs := modules(t)
	for _, name := range slices.Sorted(maps.Keys(dirs)) {
		add(t, &b, name, dirs[name])
	}
	return b.String()
}

// modules returns the folders of the modules that are linked in on any system,
// by name and version.
func modules(t *testing.T) map[string]string {
	t.Helper()
	const format = `{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}` + "\t" + `{{.Dir}}{{end}}{{end}}`
	dirs := map[string]string{}
	for _, system := range systems {
		for line := range strings.Lines(command(t, system, "list", "-deps", "-f", format, "sesim/cmd/sesim")) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				dirs[name] = dir
			}
		}
	}
	if len(dirs) < 20 {
		t.Fatalf("%d modules, want 20 or more: the test looks for the wrong thing", len(dirs))
	}
	return dirs
}

// command runs the go command for a system.
func command(t *testing.T, system string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

// add appends the licenses in a folder, of which there must be one.
func add(t *testing.T, b *strings.Builder, name, dir string) {
	t.Helper()
	found := false
	for _, file := range files(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		rule := strings.Repeat("=", 80)
		fmt.Fprintf(b, "%s\n%s: %s\n%s\n\n%s\n\n", rule, name, file, rule, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
		found = true
	}
	if !found {
		t.Errorf("%s has no license in %s", name, dir)
	}
}

// files returns the files of a folder that hold licenses, sorted.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	for _, pattern := range []string{"*", "*/*"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			name, err := filepath.Rel(dir, path)
			if err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && isLicense.MatchString(filepath.ToSlash(name)) &&
				!slices.Contains(notChosen, filepath.ToSlash(name)) {
				list = append(list, filepath.ToSlash(name))
			}
		}
	}
	return list
}
