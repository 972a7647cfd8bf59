package learn

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"sesim/cmd/internal/page/pagetest"
	"sesim/scenarios"
	"sesim/scenarios/lesson"
)

// keyed is a key with its value in a scenario, on a line of its own or in a table between
// braces.
var keyed = regexp.MustCompile(`([a-z_]+)(\s*=\s*)("[^"]*"|\[[^\]]*\]|[^\s,{}"\[\]]+)`)

// wrongs are values that are wrong for most keys.
var wrongs = []string{
	`5`, `-5`, `0`, `1.5`, `99999999999999999999`, `"x"`, `"X y"`, `""`, `"120%"`, `"1x"`, `"-3d"`, `"5/x"`, `"a@b@c"`, `true`, `[]`, `["x"]`,
	`[1, 2]`, `{}`, `{ x = 1 }`, `x`, `"`, ``, `[`,
}

// mistakes returns a text with one mistake each: a key that is left out, misspelt, there
// twice or elsewhere, and values of other kinds and outside the range. Keys with values in
// which some were made are left as they are.
func mistakes(text string, made map[string]bool) (list []string) {
	for _, at := range keyed.FindAllStringSubmatchIndex(text, -1) {
		replaced := func(from, to int, with string) { list = append(list, text[:from]+with+text[to:]) }
		whole := text[at[0]:at[1]]
		if made[whole] {
			continue
		}
		made[whole] = true
		replaced(at[0], at[1], "")
		replaced(at[0], at[1], whole+"\n"+whole)
		replaced(at[0], at[1], whole+", "+whole)
		replaced(at[3]-1, at[3], "")
		replaced(at[2], at[3], strings.ToUpper(text[at[2]:at[3]]))
		replaced(at[4], at[5], " ")
		for _, wrong := range wrongs {
			replaced(at[6], at[7], wrong)
		}
	}
	for _, mark := range []string{"[[", "]]", "[", "]", "{", "}", "\""} {
		for i := strings.Index(text, mark); i >= 0 && i < len(text); {
			list = append(list, text[:i]+text[i+len(mark):])
			next := strings.Index(text[i+1:], mark)
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
	return list
}

// said is a line of the loader without its position and key, and without a hint that names
// a word: the page translates what is left, as problemLine in api.js does.
var said = regexp.MustCompile(`^\S+:\d+:\d+: (?:(?:[\w.[\]-]|"[^"]*")+: )?(.+?)(?: \(did you mean .+\?\))?$`)

// mistakenScenarios are those of the lessons and those that come with the program, in which are
// all keys that a student may take over.
func mistakenScenarios() []string {
	var list []string
	for _, e := range scenarios.Shipped() {
		if e.Name != "region-day" { // whose ten thousand accounts would be read with each mistake
			list = append(list, e.Name)
		}
	}
	for _, l := range lesson.Shipped() {
		list = append(list, l.Scenario)
	}
	return list
}

// What the loader says of mistakes in all these scenarios is translated.
func TestMistakesAreTranslated(t *testing.T) {
	if testing.Short() {
		t.Skip("reads every scenario with every mistake")
	}
	t.Parallel()
	heard, made := map[string]bool{}, map[string]bool{}
	for _, name := range mistakenScenarios() {
		src, ok := scenarios.Source(name)
		if !ok {
			t.Fatalf("there is no scenario %s", name)
		}
		for _, text := range mistakes(string(src), made) {
			_, err := scenarios.Load("scenario.toml", []byte(text))
			var list *scenarios.Errors
			if !errors.As(err, &list) {
				continue
			}
			for _, p := range list.Problems {
				if found := said.FindStringSubmatch(p.String()); found != nil {
					heard[found[1]] = true
				} else {
					t.Errorf("the line has another form: %q", p)
				}
			}
		}
	}
	if len(heard) < 200 {
		t.Errorf("the loader said %d sentences only", len(heard))
	}
	for _, name := range pagetest.Others(t) {
		file := pagetest.Read(t, files(), name)
		for _, sentence := range file.Untranslated(t, heard) {
			t.Errorf("%s has no translation for %q", name, sentence)
		}
	}
}
