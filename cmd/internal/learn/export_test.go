package learn

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/rundir"
	"sesim/scenarios/lesson"
)

// An exported classroom has the page with its answers that never change, the lessons, and the
// engine; a later one in the same folder may take that.
func TestExport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	class := NewClassroom(lesson.Shipped(), DefaultBudget)
	engine := Engine{WASM: compressed([]byte("\x00asm")), Support: []byte("// support")}
	export(t, dir, class, lesson.Files(), engine)
	read := func(name string) []byte {
		src, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	for name, has := range map[string]string{
		"index.html": "script-src 'self' 'wasm-unsafe-eval'", "js/app.js": "player", "js/post.js": "new Worker", "js/engine.js": "sesimOpen",
		"js/wasm_exec.js": "// support", "shared/style.css": ":root", "text/de.json": "Klassenzimmer", "languages.json": `"de":"Deutsch"`,
		"api/lessons": `"id":"neighbour"`, "api/parameters": "rep.min_eligible", "example.toml": "stale-list",
	} {
		if !strings.Contains(string(read(name)), has) {
			t.Errorf("%s lacks %q", name, has)
		}
	}
	packed := read(lessonsZip)
	files, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	again, err := lesson.Read(files, "lessons")
	if err != nil || len(again) != len(lesson.Shipped()) {
		t.Fatalf("%d lessons in the archive, %v", len(again), err)
	}
	if diff := cmp.Diff(toJSON(class.view()), toJSON(NewClassroom(again, DefaultBudget).view())); diff != "" {
		t.Errorf("(-shipped +archive):\n%s", diff)
	}
	taken, err := EngineOf(dir)
	if diff := cmp.Diff(engine, taken); err != nil || diff != "" {
		t.Errorf("%v (-given +taken):\n%s", err, diff)
	}
	own, err := lesson.Read(lesson.Template(), "template")
	if err != nil {
		t.Fatal(err)
	}
	export(t, dir, NewClassroom(own, DefaultBudget), lesson.Template(), taken)
	if text := read("api/lessons"); !strings.Contains(string(text), "A first lesson") {
		t.Errorf("the lessons are %.200s", text)
	}
}

// export writes a classroom into a folder, in place of one that is there.
func export(t *testing.T, dir string, class *Classroom, lessons fs.FS, e Engine) {
	t.Helper()
	site, err := class.Site(lessons, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := rundir.WriteFiles(dir, site, true); err != nil {
		t.Fatal(err)
	}
}

// What is no exported classroom has no engine, and without Go none is built.
func TestNoEngine(t *testing.T) {
	dir := t.TempDir()
	if _, err := EngineOf(dir); !errors.Is(err, ErrEngine) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the engine of another folder: %v", err)
	}
	t.Setenv("PATH", dir)
	if _, err := BuildEngine(t.Context()); !errors.Is(err, ErrEngine) || !strings.Contains(err.Error(), "--engine FOLDER") {
		t.Errorf("without Go: %v", err)
	}
}
