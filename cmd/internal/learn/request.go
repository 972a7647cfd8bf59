package learn

import (
	"errors"
	"fmt"
	"strings"

	"sesim/scenarios"
	"sesim/scenarios/lesson"
	"sesim/sim"
)

// maxBody is the length in bytes of the longest request: a scenario of the
// loader's limit, in JSON, and what stands around it.
const maxBody = 2<<20 + 1<<16

// maxSet is how many keys a request may set.
const maxSet = 100

// errRequest is wrapped by the errors for requests that the page never makes.
var errRequest = errors.New("not a request of the page")

// question is the part of every request that says which scenario it is about.
type question struct {
	Lesson   string    `json:"lesson"`   // its ID; or
	Scenario string    `json:"scenario"` // its text
	Set      []setting `json:"set"`      // keys set otherwise
}

// setting is one key with its value, as --set takes them.
type setting struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// task is a scenario that is valid and within the budget.
type task struct {
	lesson *lesson.Lesson // nil for a text of one's own
	set    []scenarios.Override
	text   []byte // the scenario with what was set written into it
	cfg    *sim.Config
}

// task reads the scenario. What was set is written into its text first, and
// the text alone is read: so what the page hands on is what it has run. The
// files that a scenario may name are out of reach.
func (q *question) task(c *Classroom) (*task, error) {
	l := c.find(q.Lesson)
	src, file, err := q.source(l)
	if err != nil {
		return nil, err
	}
	t := &task{lesson: l}
	for _, s := range q.Set {
		t.set = append(t.set, scenarios.Override{Key: s.Key, Value: s.Value})
	}
	if t.text, err = scenarios.Rewrite(file, src, t.set...); err != nil {
		return nil, err
	}
	if t.cfg, err = scenarios.Load(file, t.text); err != nil {
		return nil, err
	}
	return t, c.budget.Check(t.cfg)
}

// source returns the text of the scenario and its name in messages.
func (q *question) source(l *lesson.Lesson) ([]byte, string, error) {
	switch {
	case len(q.Set) > maxSet:
		return nil, "", fmt.Errorf("%w: it sets more than %d keys", errRequest, maxSet)
	case q.Lesson == "" && q.Scenario != "":
		return []byte(q.Scenario), ownFile, nil
	case q.Scenario != "":
		return nil, "", fmt.Errorf("%w: it has both a lesson and a text", errRequest)
	case l == nil:
		return nil, "", noLesson(q.Lesson)
	}
	return l.Source(), l.Scenario, nil
}

// ownFile is the name of a text of one's own.
const ownFile = "scenario.toml"

// command returns the command line that makes the same run.
func (t *task) command() string {
	name := ownFile
	if t.lesson != nil {
		name = t.lesson.Scenario
	}
	words := []string{"sesim", "run", name}
	for _, o := range t.set {
		if o.Key == "seed" {
			words = append(words, "--seed", o.Value)
			continue
		}
		words = append(words, "--set", shellWord(o.Key+"="+o.Value))
	}
	return strings.Join(words, " ")
}

// shellWord protects a word from a shell.
func shellWord(word string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("._-=/:,%@+", c)
	}
	if strings.IndexFunc(word, func(c rune) bool { return !plain(c) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
