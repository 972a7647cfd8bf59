// Package pagetest checks the files of pages: what every one of them must keep to.
package pagetest

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sesim/cmd/internal/page"
)

// Words are the texts of a page in one language under their paths, as in "ui.run" but with
// slashes, for names may hold dots.
type Words struct {
	Texts  map[string]string
	Engine [][2]string // sentences of the engine with their translations
}

// Read returns the words of a page, and those that all pages share. own has the folder text.
func Read(t *testing.T, own fs.FS, code string) Words {
	t.Helper()
	w := Words{Texts: map[string]string{}}
	w.read(t, page.Shared(), "shared/text/"+code+".json")
	w.read(t, own, "text/"+code+".json")
	return w
}

func (w *Words) read(t *testing.T, files fs.FS, name string) {
	t.Helper()
	src, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(src, &file); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if list, ok := file["engine"]; ok {
		var pairs [][2]string
		if err := json.Unmarshal(list, &pairs); err != nil {
			t.Fatalf("%s: engine: %v", name, err)
		}
		w.Engine = append(w.Engine, pairs...)
		delete(file, "engine")
	}
	for key, value := range file {
		w.add(t, key, value)
	}
}

func (w *Words) add(t *testing.T, at string, value json.RawMessage) {
	t.Helper()
	var text string
	if json.Unmarshal(value, &text) == nil {
		if _, twice := w.Texts[at]; twice {
			t.Errorf("%s stands in the words of the page and in those of all pages", at)
		}
		w.Texts[at] = text
		return
	}
	var table map[string]json.RawMessage
	if err := json.Unmarshal(value, &table); err != nil {
		t.Fatalf("%s: %v", at, err)
	}
	for key, child := range table {
		w.add(t, at+"/"+key, child)
	}
}

// Untranslated returns those of the engine's sentences that no translation fits, sorted. The
// patterns are those of text.js: {0} stands for anything.
func (w *Words) Untranslated(t *testing.T, sentences map[string]bool) (list []string) {
	t.Helper()
	var patterns []*regexp.Regexp
	for _, pair := range w.Engine {
		quoted := regexp.MustCompile(`\\\{\d\\\}`).ReplaceAllString(regexp.QuoteMeta(pair[0]), "(.+?)")
		patterns = append(patterns, regexp.MustCompile("^"+quoted+"$"))
		if here, there := Places.FindAllString(pair[0], -1), Places.FindAllString(pair[1], -1); len(here) != len(there) {
			t.Errorf("%q has %d places, its translation %d", pair[0], len(here), len(there))
		}
	}
	for _, sentence := range slices.Sorted(maps.Keys(sentences)) {
		if !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(sentence) }) {
			list = append(list, sentence)
		}
	}
	return list
}

// Others returns the codes of all languages but English.
func Others(t *testing.T) []string {
	t.Helper()
	known := page.Languages()
	if known["en"] != "English" || known["de"] != "Deutsch" {
		t.Fatalf("the languages are %v, and English and German are not among them", known)
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(code string) bool { return code == "en" })
}

// Places finds the places for values in a text.
var Places = regexp.MustCompile(`\{\w+\}`)

func placesOf(text string) []string {
	return slices.Compact(slices.Sorted(slices.Values(Places.FindAllString(text, -1))))
}

// Languages checks that every language has the same texts, and each text the same places
// for values. Texts that translated reports may be in languages other than English only.
func Languages(t *testing.T, own fs.FS, translated func(at string) bool) {
	t.Helper()
	english := Read(t, own, "en")
	for _, code := range Others(t) {
		other := Read(t, own, code)
		for at, text := range english.Texts {
			found, ok := other.Texts[at]
			if !ok || found == "" {
				t.Errorf("%s lacks %s", code, at)
				continue
			}
			if here, there := placesOf(text), placesOf(found); !slices.Equal(here, there) {
				t.Errorf("%s: %s has places for %v, in English for %v", code, at, there, here)
			}
		}
		for at := range other.Texts {
			if _, ok := english.Texts[at]; !ok && !translated(at) {
				t.Errorf("%s has %s, which English has not", code, at)
			}
		}
	}
}

// elsewhere finds what a browser would load from another place.
var elsewhere = regexp.MustCompile(`(?:src|href|url|import|from|fetch)\s*[=(]?\s*["'(]\s*(?:https?:)?//`)

// Files checks that nothing in a page or in the shared folder leads to another place, but for
// links that somebody follows, and returns the size in bytes of the page in one language.
func Files(t *testing.T, own fs.FS) (size int64) {
	t.Helper()
	for _, files := range []fs.FS{own, page.Shared()} {
		err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			src, err := fs.ReadFile(files, name)
			if found := elsewhere.Find(src); found != nil && !strings.HasSuffix(name, "LICENSE") {
				t.Errorf("%s: %s", name, found)
			}
			if path.Base(path.Dir(name)) != "text" || path.Base(name) == "en.json" {
				size += int64(len(src))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return size
}
