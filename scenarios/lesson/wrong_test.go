package lesson_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"sesim/scenarios/lesson"
)

// changed returns the template's files with one text changed in one of them.
func changed(t *testing.T, file, from, to string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"1-first/lesson.toml", "1-first/scenario.toml"} {
		src, err := fs.ReadFile(lesson.Template(), name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "1-first/"+file {
			if !strings.Contains(string(src), from) {
				t.Fatalf("%s has no %q", file, from)
			}
			src = []byte(strings.Replace(string(src), from, to, 1))
		}
		files[name] = &fstest.MapFile{Data: src}
	}
	return files
}

// What is wrong with a lesson is told with file, line, key, the value found, and what would
// be right, before anything runs.
func TestWrongLessons(t *testing.T) {
	for _, c := range []struct{ file, from, to, says string }{
		{"lesson.toml", `scenario = "scenario.toml"`, `scenario = "stale"`,
			`mine/1-first/lesson.toml:4:12: scenario: no scenario "stale" ships`},
		{"lesson.toml", `"scenario.toml" #`, `"other.toml" #`, `4:12: scenario: "other.toml" cannot be read`},
		{"scenario.toml", `"14d"`, `"14 days"`, `scenario: it has problems: mine/1-first/scenario.toml:6:12: horizon:`},
		{"lesson.toml", `account  = "shop"`, `account  = "shops"`, `5:12: account: the scenario has no account "shops"`},
		{"lesson.toml", `first    = "rate"`, `first    = "rates"`, `6:12: first: "rates" is not one of "rate", "quota", "listed", "stays"`},
		{"lesson.toml", `first    = "rate"`, `draw     = "stays"`, `6:12: draw: "stays" is not one of "rate", "quota", "listed"`},
		{"lesson.toml", `first    = "rate"`, `top      = 0`, `6:12: top: 0 is not at least 1`},
		{"lesson.toml", `holds = ["shop.count.under-review == 1"]`, `holds = ["shop.reviews == 1"]`, `11:10: holds[0]: "shop.reviews"`},
		{"lesson.toml", `title   =`, `titel   =`, `text.en.titel: unknown key (did you mean "title"?)`},
		{"lesson.toml", `{max}`, `{most}`, `text.en.answer: {most} is no figure of the lesson: add a [[figure]] with the name "most"`},
		{"lesson.toml", `en = "Yes"`, ``, `option[1]: the key en is missing`},
		{"lesson.toml", `if = "shop.count.paused > 0"`, ``, `option[0]: the key if is missing: only the last option`},
		{"lesson.toml", `id = "review"`, `id = "paused"`, `option[1].id: another option has the id "paused"`},
		{"lesson.toml", `keys = ["audience.readers.invalid"]`, `keys = ["audience.readers.spam"]`,
			`control[0].keys[0]: the scenario has no key audience.readers.spam: write it there`},
		{"scenario.toml", `"8%"`, `"7%"`, `control[0].keys[0]: the scenario has 7%, which is none of the control's values, 0%, 0.2%`},
		{"lesson.toml", `name   = { en = "The newsletter begins after" }`, ``, `control[2]: the key name is missing`},
		{"lesson.toml", `["audience.readers.invalid=4%"]`, `["audience.readers.invalid"]`,
			`variant.clean.set[0]: "audience.readers.invalid" is not a setting: write key=value`},
		{"lesson.toml", `["audience.readers.invalid=4%"]`, `["audience.readers.invalid=4"]`, `variant.clean.set: the scenario cannot be read with it`},
		{"lesson.toml", `variant = "clean"`, `variant = "cleaner"`, `figure[2].variant: there is no [[variant]] with the name "cleaner"`},
		{"lesson.toml", `of   = "shop.bounce_rate.max"`, `of   = "shop.bounce.max"`, `figure[0].of: there is no metric "shop.bounce.max"`},
		{"lesson.toml", `goal = ["shop.count.under-review == 0"`, `goal = ["shop.count.under-review"`, `lab[0].goal[0]:`},
		{"lesson.toml", `goal = ["shop.count`, `others = "chance"
goal = ["shop.count`, `lab[0].others: "chance" is not one of "seeds", "assumptions"`},
	} {
		_, err := lesson.Read(changed(t, c.file, c.from, c.to), "mine")
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q for %q: %v\nwant %s", c.to, c.from, err, c.says)
		}
	}
	if _, err := lesson.Read(fstest.MapFS{"a.toml": {}}, "mine"); !errors.Is(err, lesson.ErrNone) {
		t.Errorf("a folder without lessons: %v", err)
	}
	twice := changed(t, "lesson.toml", "account", "account")
	for _, name := range []string{"lesson.toml", "scenario.toml"} {
		twice["2-first/"+name] = twice["1-first/"+name]
	}
	if _, err := lesson.Read(twice, "mine"); err == nil || !strings.Contains(err.Error(), "another lesson is called first") {
		t.Errorf("two lessons of one name: %v", err)
	}
}

// What a lesson says of its runs and does not hold is told as well.
func TestWhatDoesNotHold(t *testing.T) {
	for _, c := range []struct{ from, to, says string }{
		{`holds = ["shop.count.under-review == 1"]`, `holds = ["shop.count.under-review == 2"]`,
			`11:10: holds[0]: shop.count.under-review == 2 does not hold: the value is 1 (data: true)`},
		{`holds = ["shop.count.under-review == 0"]`, `holds = ["shop.refused > 3"]`, `variant.clean.holds[0]: shop.refused > 3 does not hold`},
		{`of   = "shop.time_to.under-review"`, `of   = "shop.time_to.paused"`, `figure[1].of: shop.time_to.paused has no value in this run`},
		{`goal = ["shop.count.under-review == 0", `, `goal = [`, `lab[0].goal: the scenario reaches it as it is`},
		{`"0s", "1d", "2d"]`, `"0s", "1d", "2 days"]`, `control[2]: the scenario cannot have its value 2 days: set: sender.news.begin: "2 days" is not a duration`},
		{"# Tasks.", "[[turn]]\nparameter = \"rep.min_eligible\"\nvalue = \"0\"\nto = \"paused\"\n# Tasks.",
			`turn[0].to: with rep.min_eligible = 0 the answer is "review", not "paused"`},
		{"# Tasks.", "[[turn]]\nparameter = \"rep.least\"\nvalue = \"0\"\nto = \"paused\"\n# Tasks.", `turn[0]: the scenario cannot have it`},
	} {
		list, err := lesson.Read(changed(t, "lesson.toml", c.from, c.to), "mine")
		if err != nil {
			t.Fatal(err)
		}
		if err := list[0].Check(context.Background(), run); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\nwant %s", c.to, err, c.says)
		}
	}
}
