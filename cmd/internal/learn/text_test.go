package learn

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/page"
	"sesim/cmd/internal/page/pagetest"
	"sesim/reports/explain"
	"sesim/scenarios/lesson"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
)

// Every language has the same texts, and each text the same places for
// figures.
func TestLanguagesMatch(t *testing.T) { pagetest.Languages(t, files(), isEngines) }

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
	for _, l := range lesson.Shipped() {
		if len(l.Turns) == 0 {
			continue
		}
		var a answer
		ask(t, s, "run", question{Lesson: l.ID}, &a)
		if len(a.Unpublished) < 15 {
			t.Errorf("%s: only %v can matter", l.ID, a.Unpublished)
		}
		for _, name := range pagetest.Others(t) {
			file := pagetest.Read(t, files(), name)
			for _, p := range a.Unpublished {
				if file.Texts["parameters/"+p] == "" {
					t.Errorf("%s does not describe %s, which can matter in %s", name, p, l.ID)
				}
			}
		}
	}
}

// eachText calls f with every text of a lesson.
func eachText(l *lesson.Lesson, f func(code, at, text string)) {
	all := func(at string, texts lesson.Texts) {
		for code, text := range texts {
			f(code, l.ID+"/"+at, text)
		}
	}
	for code, said := range l.Text {
		for key, text := range said {
			f(code, l.ID+"/"+key, text)
		}
	}
	for _, o := range l.Options {
		all("option/"+o.ID, o.Text)
	}
	for i, lab := range l.Labs {
		all(fmt.Sprint("lab/", i), lab.Text)
		all(fmt.Sprint("solution/", i), lab.Solution)
	}
	for _, c := range l.Controls {
		all("control/"+c.ID, c.Name)
		for _, w := range c.Words {
			all("choice/"+c.ID, w)
		}
	}
}

// The shipped lessons speak every language of the page, with the same places for figures in
// each, and use all their figures.
func TestLessonsHaveWords(t *testing.T) {
	for _, l := range lesson.Shipped() {
		places := map[string]map[string][]string{} // by text and language
		used := map[string]bool{}
		eachText(l, func(code, at, text string) {
			if places[at] == nil {
				places[at] = map[string][]string{}
			}
			list := slices.Compact(slices.Sorted(slices.Values(pagetest.Places.FindAllString(text, -1))))
			places[at][code] = list
			for _, place := range list {
				used[strings.Trim(place, "{}")] = true
			}
		})
		for at, by := range places {
			for _, code := range pagetest.Others(t) {
				if here, there := by[code], by["en"]; len(by) != len(page.Languages()) || !slices.Equal(here, there) {
					t.Errorf("%s in %v: %s has places for %v, English for %v", at, slices.Sorted(maps.Keys(by)), code, here, there)
				}
			}
		}
		for _, f := range l.Figures {
			if !used[f.Name] {
				t.Errorf("no text of the lesson %s uses the figure %s", l.ID, f.Name)
			}
		}
	}
}

// What the engine says about the mails behind a figure and about changes of state in the lessons
// has its sentence in every language, and so have the rules that it names; others are shown in
// English until somebody translates them.
func TestEngineSentencesAreTranslated(t *testing.T) {
	if testing.Short() {
		t.Skip("replays every lesson")
	}
	t.Parallel()
	said, english := map[string]bool{}, pagetest.Read(t, files(), "en")
	named := map[string]bool{} // rules
	for _, l := range lesson.Shipped() {
		for _, name := range l.Variants() {
			collectSentences(t, mustLoad(t, l, name), english, said, named)
		}
	}
	if len(said) < 15 {
		t.Errorf("the lessons say %d sentences only", len(said))
	}
	for _, name := range pagetest.Others(t) {
		file := pagetest.Read(t, files(), name)
		for rule := range named {
			if file.Texts["rules/"+rule] == "" {
				t.Errorf("%s lacks the rule %s", name, rule)
			}
		}
		for _, sentence := range file.Untranslated(t, said) {
			t.Errorf("%s has no translation for %q", name, sentence)
		}
	}
}

// event is the shape of the name of a change, which the texts hold one by one.
var event = regexp.MustCompile(`^[a-z-]+$`)

func collectSentences(t *testing.T, cfg *sim.Config, english pagetest.Words, said, named map[string]bool) {
	t.Helper()
	for _, q := range []explain.Query{
		{Only: []sim.RecordKind{sim.Refused}}, {Only: []sim.RecordKind{sim.Changed}},
		{Only: slices.Concat(slices.Collect(maps.Values(kinds))...), Together: true}, {InFlight: true},
	} {
		q.At, q.Most = cfg.Horizon-time.Nanosecond, 1000
		e, err := explain.Replay(engine.Run, *cfg, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range e.Entries {
			if entry.Rule != "" {
				named[entry.Rule] = true
			}
			if event.MatchString(entry.What) && entry.What != "delivered" {
				if english.Texts["event/"+entry.What] == "" {
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

// The page with its scripts stays small, in one language, and loads nothing from
// elsewhere.
func TestPage(t *testing.T) {
	const most = 300_000
	total := pagetest.Files(t, files())
	if total > most {
		t.Errorf("the page has %d bytes, more than %d", total, most)
	}
	t.Logf("%d bytes", total)
}
