package study

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/terminal"
	"sesim/sim/proptest"
)

// quiet is a doorway to nothing.
func quiet() *System {
	return &System{
		In: strings.NewReader(""), Out: NewOutput(new(bytes.Buffer)), Text: terminal.Set(new(bytes.Buffer), 0), Err: new(bytes.Buffer),
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
		text, _, _ := bytes.Cut(readText(t, part), []byte(",\n  \"sha256\": \""))
		text = append(text, "\n}\n"...)
		if records := filepath.Join(odd, "records.jsonl"); name == "runs" && r.IntN(2) == 0 {
			lines := bytes.SplitAfter(readText(t, records), []byte("\n"))
			n := r.IntN(len(lines) - 1)
			var line bytes.Buffer
			if err := json.Compact(&line, oddJSON(t, r, lines[n])); err != nil {
				t.Fatal(err)
			}
			lines[n] = append(line.Bytes(), '\n')
			whole := bytes.Join(lines, nil)
			old := fmt.Sprintf("%x", sha256.Sum256(readText(t, records)))
			text = bytes.Replace(text, []byte(old), fmt.Appendf(nil, "%x", sha256.Sum256(whole)), 1)
			writeText(t, records, whole)
		} else {
			text = oddJSON(t, r, text)
		}
		writeText(t, part, sealed(text))
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

func oddJSON(t *testing.T, r *rand.Rand, object []byte) []byte {
	t.Helper()
	text, err := proptest.OddJSON(r, object)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sealed gives an object the checksum that the file of a shard has.
func sealed(object []byte) []byte {
	body := bytes.TrimSuffix(bytes.TrimSuffix(object, []byte("\n")), []byte("\n}"))
	return fmt.Appendf(bytes.Clone(body), ",\n  \"sha256\": \"%x\"\n}\n", sha256.Sum256(body))
}
