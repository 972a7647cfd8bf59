package study

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/terminal"
)

// quiet is a doorway to nothing.
func quiet() *System {
	return &System{
		In: strings.NewReader(""), Out: NewOutput(new(bytes.Buffer)), Err: new(bytes.Buffer),
		Getenv: func(string) string { return "" }, Clock: func() time.Duration { return 0 },
	}
}

// FuzzPart puts a value where another was in the file of a shard, or one of its
// records, with checksums that fit: merging it ends with an answer or an error.
func FuzzPart(f *testing.F) {
	dir := f.TempDir()
	plain := strings.NewReplacer(`{ kind = "trace", file = "a.csv" }`, `{ kind = "constant", rate = "30/h" }`)
	parts := map[string]string{ // the folders, by the scenario
		"cells": strings.Replace(plain.Replace(tracedSweep), `"sender.receipts.traffic.file" = ["a.csv", "b.csv", "c.csv"]`,
			`"account.acme.quota" = [500, 1000]`, 1),
		"runs": "replications = 3\n" + plain.Replace(strings.Split(tracedSweep, "[sweep]")[0]),
	}
	for name, src := range parts {
		file := filepath.Join(dir, name+".toml")
		if err := os.WriteFile(file, []byte(src), 0o666); err != nil {
			f.Fatal(err)
		}
		o := &RunOptions{Progress: terminal.None, Delivery: Delivery{Quiet: true, Dir: filepath.Join(dir, name)}, Shard: Shard{1, 1}, RecordOptions: RecordOptions{Style: "notification"}}
		if err := quiet().Run(f.Context(), []string{file}, o); err != nil {
			f.Fatal(err)
		}
		if err := quiet().Merge([]string{o.Dir}, &RunOptions{Delivery: Delivery{JSON: true}}); err != nil {
			f.Fatal(err)
		}
	}
	for seed := range uint64(100) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		name := []string{"cells", "runs"}[r.IntN(2)]
		odd := t.TempDir()
		if err := os.CopyFS(odd, os.DirFS(filepath.Join(dir, name))); err != nil {
			t.Fatal(err)
		}
		part := filepath.Join(odd, "part.json")
		of := readJSON(t, part)
		if records := filepath.Join(odd, "records.jsonl"); name == "runs" && r.IntN(2) == 0 {
			lines := bytes.SplitAfter(readText(t, records), []byte("\n"))
			n := r.IntN(len(lines) - 1)
			lines[n] = append(oddJSON(t, r, lines[n]), '\n')
			text := bytes.Join(lines, nil)
			writeText(t, records, text)
			of["records_sha256"] = fmt.Sprintf("%x", sha256.Sum256(text))
		} else {
			change(r, of)
		}
		writeText(t, part, resealed(t, of))
		o := &RunOptions{Delivery: Delivery{Dir: filepath.Join(t.TempDir(), "out")}}
		o.JSON = r.IntN(4) > 0 // the text and the charts take longer
		if o.JSON {
			o.Dir = ""
		}
		_ = quiet().Merge([]string{odd}, o)
	})
}

func readText(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func writeText(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

func readJSON(t *testing.T, path string) (of map[string]any) {
	t.Helper()
	if err := json.Unmarshal(readText(t, path), &of); err != nil {
		t.Fatal(err)
	}
	delete(of, "sha256")
	return of
}

// resealed writes a value with the checksum that the files of shards have.
func resealed(t *testing.T, of any) []byte {
	t.Helper()
	text, err := json.MarshalIndent(of, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	body := bytes.TrimSuffix(text, []byte("\n}"))
	return fmt.Appendf(bytes.Clone(body), ",\n  \"sha256\": \"%x\"\n}\n", sha256.Sum256(body))
}

// oddJSON changes one value in an object.
func oddJSON(t *testing.T, r *rand.Rand, text []byte) []byte {
	t.Helper()
	var of map[string]any
	if err := json.Unmarshal(text, &of); err != nil {
		t.Fatal(err)
	}
	change(r, of)
	text, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// oddValues take the place of others.
var oddValues = []any{
	nil, -1, 0, 1, 99, int64(1e9), int64(1e12), 1e300, -0.5, true, "", "x", "9223372036854775807", []any{}, []any{-1}, []any{nil}, map[string]any{},
}

// change puts an odd value somewhere into an object, in place of another.
func change(r *rand.Rand, in any) {
	switch in := in.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(in)) // the order of a map must not decide
		if len(names) == 0 {
			return
		}
		name := names[r.IntN(len(names))]
		if deeper(r, in[name]) {
			change(r, in[name])
		} else {
			in[name] = oddValues[r.IntN(len(oddValues))]
		}
	case []any:
		if len(in) > 0 {
			i := r.IntN(len(in))
			if deeper(r, in[i]) {
				change(r, in[i])
			} else {
				in[i] = oddValues[r.IntN(len(oddValues))]
			}
		}
	}
}

// deeper decides whether to change something in a value instead of the value.
func deeper(r *rand.Rand, v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return r.IntN(8) > 0
	}
	return false
}
