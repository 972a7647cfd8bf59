//go:build !js

package learn

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"sesim/cmd/internal/page"
	"sesim/reports/rundir"
	"sesim/scenarios/lesson"
)

// site has the files in which an exported classroom differs from a served one.
//
//go:embed site
var site embed.FS

// Mark is the file of an exported classroom that has its engine, and tells it from other folders.
const Mark = "engine.wasm.gz"

// The files of an exported classroom that are neither of the page nor answers.
const (
	lessonsZip  = "lessons.zip"
	supportFile = "js/wasm_exec.js" // Go's own, of the version that the engine was built with
)

// Engine is the model for a browser.
type Engine struct {
	WASM    []byte // compressed
	Support []byte // script that loads it
}

// ErrEngine is wrapped by the error for an engine that can be neither built nor taken.
var ErrEngine = errors.New("there is no engine for the browser")

// EngineOf takes the engine of a classroom that was exported before.
func EngineOf(dir string) (e Engine, err error) {
	if e.WASM, err = os.ReadFile(filepath.Join(dir, Mark)); err == nil {
		e.Support, err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(supportFile)))
	}
	if err != nil {
		return e, fmt.Errorf("%w: %s is no exported classroom: %w", ErrEngine, dir, err)
	}
	return e, nil
}

// uninlined are packages that no run spends its time in: without inlining they make the engine
// an eighth smaller.
var uninlined = []string{
	"std", "github.com/...", "gonum.org/...", "sesim/cmd/...", "sesim/scenarios/...", "sesim/reports/...",
	"sesim/sim", "sesim/sim/assumptions", "sesim/sim/criteria", "sesim/sim/plan", "sesim/sim/replicate", "sesim/sim/rules",
}

// BuildEngine builds the engine from the source of this program, with Go.
func BuildEngine(ctx context.Context) (e Engine, err error) {
	source, err := sourceDir(ctx)
	if err != nil {
		return e, err
	}
	work, err := os.MkdirTemp("", "sesim-engine-")
	if err != nil {
		return e, err
	}
	defer os.RemoveAll(work)
	file := filepath.Join(work, "engine.wasm")
	args := []string{"build", "-trimpath", "-ldflags=-s -w", "-o", file}
	for _, packages := range uninlined {
		args = append(args, "-gcflags="+packages+"=-l")
	}
	build := exec.CommandContext(ctx, "go", append(args, "sesim/cmd/internal/learn/wasm")...)
	build.Dir = source
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return e, fmt.Errorf("%w: go build: %w\n%s", ErrEngine, err, bytes.TrimSpace(said))
	}
	code, err := os.ReadFile(file)
	if err != nil {
		return e, err
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return e, fmt.Errorf("%w: go env: %w", ErrEngine, err)
	}
	e.Support, err = os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	e.WASM = compressed(code)
	return e, err
}

// sourceDir returns a folder of the source of this program: the one that it is called in, or
// that it was built in.
func sourceDir(ctx context.Context) (string, error) {
	const instead = "take it from a classroom that was exported elsewhere: --engine FOLDER"
	if _, err := exec.LookPath("go"); err != nil {
		return "", fmt.Errorf("%w: it is built with Go, and there is no go on this computer; install Go, or %s", ErrEngine, instead)
	}
	_, built, _, _ := runtime.Caller(0)
	for _, dir := range []string{".", filepath.Dir(built)} {
		list := exec.CommandContext(ctx, "go", "list", "-m")
		list.Dir = dir
		if name, err := list.Output(); err == nil && strings.TrimSpace(string(name)) == "sesim" {
			return dir, nil
		}
	}
	return "", fmt.Errorf("%w: it is built from the source of sesim; call this in a clone of it, or %s", ErrEngine, instead)
}

func compressed(text []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // neither the level nor a buffer fails
	}
	return b.Bytes()
}

// Site returns the files of a classroom for any web server: the page, the lessons, and the
// engine, which then runs in the browser. lessons are their files. The last file is Mark.
func (c *Classroom) Site(lessons fs.FS, e Engine) ([]rundir.File, error) {
	packed, err := pack(lessons)
	if err != nil {
		return nil, err
	}
	all := c.constants()
	all["languages.json"] = toJSON(page.Languages())
	all[supportFile], all[lessonsZip] = e.Support, packed
	own, err := fs.Sub(site, "site")
	if err != nil {
		return nil, err
	}
	for _, from := range []fs.FS{files(), page.Shared(), own} {
		if err := collect(from, all); err != nil {
			return nil, err
		}
	}
	all["index.html"] = bytes.Replace(all["index.html"], []byte("<head>"), []byte(`<head>
<meta http-equiv="Content-Security-Policy" content="`+sitePolicy+`">`), 1)
	var list []rundir.File
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, rundir.File{Name: name, Data: all[name]})
	}
	return append(list, rundir.File{Name: Mark, Data: e.WASM}), nil
}

// sitePolicy lets an exported classroom load its own files and nothing else.
const sitePolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; " +
	"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"

// collect adds the files of a folder.
func collect(from fs.FS, to map[string][]byte) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		to[name], err = fs.ReadFile(from, name)
		return err
	})
}

// pack returns the lessons' files, and those beside them, in one archive.
func pack(files fs.FS) ([]byte, error) {
	all := map[string][]byte{}
	for _, pattern := range lesson.Patterns {
		names, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if all[name], err = fs.ReadFile(files, name); err != nil {
				return nil, err
			}
		}
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		to, err := w.Create(name)
		if err == nil {
			_, err = to.Write(all[name])
		}
		if err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
