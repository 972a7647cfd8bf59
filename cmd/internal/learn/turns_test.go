package learn

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sesim/cmd/internal/page/pagetest"
	"sesim/scenarios"
	"sesim/scenarios/lesson"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// ruled runs a variant of a lesson with another value of a parameter.
func ruled(t *testing.T, l *lesson.Lesson, variant, parameter, value string) *lesson.Outcome {
	t.Helper()
	return mustRun(t, l, variant, scenarios.Override{Key: "rules." + parameter, Value: value})
}

// with returns the right answer of a lesson with another value of a parameter.
func with(t *testing.T, l *lesson.Lesson, parameter, value string) string {
	t.Helper()
	right, err := l.Right(ruled(t, l, "", parameter, value))
	if err != nil {
		t.Fatal(err)
	}
	return right
}

// written writes a value as an override takes it.
func written(v rules.Value) string {
	if isText(v.Text) {
		return strconv.Quote(v.Text)
	}
	return v.Text
}

// Every value that a lesson says to turn its answer is plausible, and does.
func TestTurns(t *testing.T) {
	t.Parallel()
	for _, l := range lesson.Shipped() {
		if len(l.Turns) == 0 {
			continue
		}
		usual, err := l.Right(mustRun(t, l, ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, turn := range l.Turns {
			p := rules.Find(turn.Parameter)
			if p == nil || p.Plausible.None() {
				t.Errorf("%s: %s has no plausible values", l.ID, turn.Parameter)
				continue
			}
			if got := with(t, l, turn.Parameter, turn.Value); got != turn.To || got == usual {
				t.Errorf("%s: with %s = %s the answer is %s, want %s, which is not the usual %s", l.ID, turn.Parameter, turn.Value, got, turn.To, usual)
			}
		}
	}
}

// A lesson that says that its answer rests on nothing of ours keeps it with the ends and
// the settings of every parameter.
func TestSolid(t *testing.T) {
	if testing.Short() {
		t.Skip("runs three lessons with every plausible value")
	}
	t.Parallel()
	for _, l := range lesson.Shipped() {
		if len(l.Turns) > 0 {
			continue
		}
		usual, err := l.Right(mustRun(t, l, ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range rules.Parameters() {
			for _, v := range p.Plausible.Values(2) {
				if got := with(t, l, p.Name, written(v)); got != usual {
					t.Errorf("%s: with %s = %s the answer is %s, not %s", l.ID, p.Name, v.Text, got, usual)
				}
			}
		}
	}
}

// isText reports whether TOML writes a value in quotes.
func isText(value string) bool {
	_, err := strconv.ParseFloat(value, 64)
	return err != nil && value != "true" && value != "false" && !strings.ContainsAny(value, "[{")
}

// No text of a lesson, and no comment of a scenario, types a number that AWS does not
// publish: texts fill them in from the catalogue, with their standing.
func TestNumbersOfTheModelAreFilledIn(t *testing.T) {
	patterns := typed(t)
	check := func(at, text string) {
		text = strings.Join(strings.Fields(strings.ReplaceAll(text, "#", " ")), " ")
		for name, p := range patterns {
			for _, found := range p.FindAllStringIndex(text, -1) {
				if !perDay.MatchString(text[found[1]:]) {
					t.Errorf("%s types %s: %q", at, name, text[found[0]:found[1]])
				}
			}
		}
	}
	for _, name := range append(pagetest.Others(t), "en") {
		for at, text := range pagetest.Read(t, files(), name).Texts {
			check(name+" "+at, text)
		}
	}
	for _, l := range lesson.Shipped() {
		eachText(l, func(code, at, text string) { check(code+" "+at, text) })
	}
	for _, e := range append(scenarios.Shipped(), scenarios.Lessons()...) {
		src, _ := scenarios.Source(e.Name)
		check(e.Name, comments(string(src)))
	}
}

// perDay follows a number that says how much a sender sends.
var perDay = regexp.MustCompile(`^ (a day|am Tag|täglich)`)

// comments returns the comment at the head of a scenario.
func comments(src string) string {
	var text strings.Builder
	for line := range strings.Lines(src) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		text.WriteString(line)
	}
	return text.String()
}

// typed returns what the defaults that AWS does not publish look like beside the word for
// what they count.
func typed(t *testing.T) map[string]*regexp.Regexp {
	t.Helper()
	patterns := map[string]*regexp.Regexp{}
	weeks := []string{"", "one|eine", "two|zwei", "three|drei", "four|vier"}
	for _, p := range rules.Parameters() {
		if p.Standing == rules.Documented {
			continue
		}
		switch p.Notations()[0].Kind {
		case rules.Whole:
			n, err := strconv.ParseInt(p.Default(), 10, 64)
			if err != nil || n < 1000 {
				continue
			}
			number := unit.Grouped(n)
			patterns[p.Name] = regexp.MustCompile("(" + number + "|" + strings.ReplaceAll(number, ",", `\.`) + ") (eligible |zählende )?(e?mails|Mails)")
		case rules.Duration:
			d, err := unit.ParseDuration(p.Default())
			if n := int(d / (7 * unit.Day)); err == nil && d%(7*unit.Day) == 0 && n > 0 && n < len(weeks) {
				patterns[p.Name] = regexp.MustCompile("(?i)(" + weeks[n] + ") (further )?(weeks?|Wochen?)")
			}
		}
	}
	patterns["global.durations"] = regexp.MustCompile(`2, 4,? (and |und )?8`)
	if len(patterns) < 4 {
		t.Fatalf("only %v are looked for", patterns)
	}
	return patterns
}
