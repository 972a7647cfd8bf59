package learn

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
)

// words are the texts of one language under their paths, as in "ui.run" but
// with slashes, for names may hold dots.
type words struct {
	texts  map[string]string
	engine [][2]string
}

func readWords(t *testing.T, name string) words {
	t.Helper()
	src, err := web.ReadFile("web/text/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(src, &file); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	w := words{texts: map[string]string{}}
	if list, ok := file["engine"]; ok {
		if err := json.Unmarshal(list, &w.engine); err != nil {
			t.Fatalf("%s: engine: %v", name, err)
		}
		delete(file, "engine")
	}
	for key, value := range file {
		w.add(t, key, value)
	}
	return w
}

func (w *words) add(t *testing.T, at string, value json.RawMessage) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		w.texts[at] = text
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

// translations returns the files of all languages but English.
func translations(t *testing.T) []string {
	t.Helper()
	known := languages()
	if known["en"] != "English" || known["de"] != "Deutsch" {
		t.Fatalf("the languages are %v, and English and German are not among them", known)
	}
	list, err := fs.ReadDir(web, "web/text")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range list {
		code, _ := strings.CutSuffix(f.Name(), ".json")
		if known[code] == "" {
			t.Errorf("%s does not name its language", f.Name())
		}
		if code != "en" {
			names = append(names, f.Name())
		}
	}
	return names
}

var braces = regexp.MustCompile(`\{\w+\}`)

// Every language has the same texts, and each text the same places for
// figures.
func TestLanguagesMatch(t *testing.T) {
	english := readWords(t, "en.json")
	for _, name := range translations(t) {
		other := readWords(t, name)
		for at, text := range english.texts {
			translated, ok := other.texts[at]
			if !ok || translated == "" {
				t.Errorf("%s lacks %s", name, at)
				continue
			}
			here, there := slices.Compact(slices.Sorted(slices.Values(braces.FindAllString(text, -1)))), slices.Compact(slices.Sorted(slices.Values(braces.FindAllString(translated, -1))))
			if !slices.Equal(here, there) {
				t.Errorf("%s: %s has places for %v, in English for %v", name, at, there, here)
			}
		}
		for at := range other.texts {
			if _, ok := english.texts[at]; !ok && !isEngines(at) {
				t.Errorf("%s has %s, which English has not", name, at)
			}
		}
	}
}

// isEngines reports whether a text is the translation of a name or a sentence that the
// engine has in English, and that it does have.
func isEngines(at string) bool {
	section, name, _ := strings.Cut(at, "/")
	switch section {
	case "rules":
		return slices.ContainsFunc(rules.Catalogue(), func(r rules.Rule) bool { return r.Name == name })
	case "parameters":
		return slices.ContainsFunc(parameters(), func(u unpublished) bool { return u.Name == name })
	case "values":
		return slices.ContainsFunc(parameters(), func(u unpublished) bool {
			return slices.ContainsFunc(u.Values, func(v alternative) bool { return v.Words == name })
		})
	}
	return false
}

// Every parameter that a lesson lets choose is described in every language.
func TestParametersAreTranslated(t *testing.T) {
	s := New(Options{})
	for _, l := range Lessons() {
		if len(l.Turns) == 0 {
			continue
		}
		var a answer
		ask(t, s, "run", question{Base: l.Scenario}, &a)
		if len(a.Unpublished) < 15 {
			t.Errorf("%s: only %v can matter", l.ID, a.Unpublished)
		}
		for _, name := range translations(t) {
			file := readWords(t, name)
			for _, p := range a.Unpublished {
				if file.texts["parameters/"+p] == "" {
					t.Errorf("%s does not describe %s, which can matter in %s", name, p, l.ID)
				}
			}
		}
	}
}

// Every control, choice and option has its words, and every figure that a text
// has a place for exists.
func TestLessonsHaveWords(t *testing.T) {
	english := readWords(t, "en.json")
	need := func(at string) {
		if english.texts[at] == "" {
			t.Errorf("there are no words for %s", at)
		}
	}
	for _, l := range Lessons() {
		used := map[string]bool{}
		for _, key := range []string{"title", "short", "intro", "watch", "ask", "answer", "learned", "demo", "lab"} {
			at := "lessons/" + l.ID + "/" + key
			need(at)
			for _, place := range braces.FindAllString(english.texts[at], -1) {
				name := strings.Trim(place, "{}")
				used[name] = true
				if !slices.ContainsFunc(l.Figures, func(f Figure) bool { return f.Name == name }) {
					t.Errorf("%s has a place for %s, which is no figure of the lesson", at, name)
				}
			}
		}
		for _, f := range l.Figures {
			if !used[f.Name] {
				t.Errorf("no text of the lesson %s uses the figure %s", l.ID, f.Name)
			}
		}
		for _, o := range l.Options {
			need("lessons/" + l.ID + "/options/" + o.ID)
		}
		for _, c := range l.Controls {
			need("control/" + c.ID)
			for _, v := range c.Values {
				if c.Kind == Choice {
					need("choice/" + v)
				}
			}
		}
	}
}

// What the engine says about refusals and changes of state in the lessons has
// its sentence in every language, and so have the rules that it names; others
// are shown in English until somebody translates them. The patterns are those of text.js: {0}
// stands for anything, which is translated in turn where a sentence fits it.
func TestEngineSentencesAreTranslated(t *testing.T) {
	if testing.Short() {
		t.Skip("replays every lesson")
	}
	t.Parallel()
	said, english := map[string]bool{}, readWords(t, "en.json")
	named := map[string]bool{} // rules
	for _, l := range Lessons() {
		for _, name := range append([]string{as}, slices.Sorted(maps.Keys(l.Variants))...) {
			collectSentences(t, mustLoad(t, &l, name), english, said, named)
		}
	}
	if len(said) < 15 {
		t.Errorf("the lessons say %d sentences only", len(said))
	}
	for _, name := range translations(t) {
		file := readWords(t, name)
		var patterns []*regexp.Regexp
		for _, pair := range file.engine {
			quoted := regexp.MustCompile(`\\\{\d\\\}`).ReplaceAllString(regexp.QuoteMeta(pair[0]), "(.+?)")
			patterns = append(patterns, regexp.MustCompile("^"+quoted+"$"))
			if here, there := braces.FindAllString(pair[0], -1), braces.FindAllString(pair[1], -1); len(here) != len(there) {
				t.Errorf("%s: %q has %d places, its translation %d", name, pair[0], len(here), len(there))
			}
		}
		for rule := range named {
			if file.texts["rules/"+rule] == "" {
				t.Errorf("%s lacks the rule %s", name, rule)
			}
		}
		for sentence := range said {
			if !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(sentence) }) {
				t.Errorf("%s has no translation for %q", name, sentence)
			}
		}
	}
}

// event is the shape of the name of a change, which the texts hold one by one.
var event = regexp.MustCompile(`^[a-z-]+$`)

func collectSentences(t *testing.T, cfg *sim.Config, english words, said, named map[string]bool) {
	t.Helper()
	for _, only := range [][]sim.RecordKind{{sim.Refused}, {sim.Changed}} {
		e, err := explain.Replay(engine.Run, *cfg, explain.Query{At: cfg.Horizon - time.Nanosecond, Only: only, Most: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range e.Entries {
			named[entry.Rule] = true
			if event.MatchString(entry.What) {
				if english.texts["event/"+entry.What] == "" {
					t.Errorf("there are no words for the event %s", entry.What)
				}
			} else {
				said[entry.What] = true
			}
			for _, f := range entry.Figures {
				said[f] = true
			}
		}
	}
}

// The page with its scripts stays small, in one language.
func TestPageIsSmall(t *testing.T) {
	const most = 300_000
	total := int64(0)
	err := fs.WalkDir(web, "web", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Dir(name) == "web/text" && d.Name() != "en.json" {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if total > most {
		t.Errorf("the page has %d bytes, more than %d", total, most)
	}
	t.Logf("%d bytes", total)
}

// Nothing in the page leads to another place, but for links that somebody
// follows: no script, style, font or picture from elsewhere.
func TestPageLoadsNothingFromElsewhere(t *testing.T) {
	outside := regexp.MustCompile(`(?:src|href|url|import|from|fetch)\s*[=(]?\s*["'(]\s*(?:https?:)?//`)
	err := fs.WalkDir(web, "web", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "LICENSE") {
			return err
		}
		src, err := web.ReadFile(name)
		if found := outside.Find(src); found != nil {
			t.Errorf("%s: %s", name, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
