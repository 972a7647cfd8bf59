package learn

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"sesim/reports"
	"sesim/scenarios"
	"sesim/scenarios/lesson"
	"sesim/sim/criteria"
)

// Classroom answers what the page asks. It keeps nothing between two questions but figures
// that never change.
type Classroom struct {
	lessons []*lesson.Lesson
	budget  Budget

	mu      sync.Mutex
	figures map[string]map[string]value // of the lessons' texts, by lesson
}

// NewClassroom returns the classroom of some lessons, with a budget for each run.
func NewClassroom(lessons []*lesson.Lesson, b Budget) *Classroom {
	return &Classroom{lessons: lessons, budget: b, figures: map[string]map[string]value{}}
}

// Check runs all lessons and returns what does not hold in them: see lesson.Lesson.Check.
func (c *Classroom) Check(ctx context.Context) error {
	var all []error
	for _, l := range c.lessons {
		all = append(all, l.Check(ctx, c.budget.run))
	}
	return errors.Join(all...)
}

// find returns the lesson with that ID; nil if there is none.
func (c *Classroom) find(id string) *lesson.Lesson {
	for _, l := range c.lessons {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// questions are what the page asks, by name.
var questions = map[string]func(*Classroom, context.Context, []byte) (any, error){
	"run": (*Classroom).run, "draw": (*Classroom).draw, "explain": (*Classroom).explain, "figures": (*Classroom).texts,
}

// Answer answers a question of the page: the name that its address ends with, and its body,
// which is JSON. So is the answer. The error says whose doing it is: see statusOf.
func (c *Classroom) Answer(ctx context.Context, name string, body []byte) ([]byte, error) {
	f, ok := questions[name]
	if !ok {
		return nil, fmt.Errorf("%w: there is no question %.20q", errRequest, name)
	}
	value, err := f(c, ctx, body)
	if err != nil {
		return nil, err
	}
	return toJSON(value), nil
}

// The constant answers, by the names of the files that the page reads them from.
const (
	lessonsFile    = "api/lessons"
	parametersFile = "api/parameters"
	exampleFile    = "example.toml"
)

// constants returns the answers that never change: the lessons, what AWS does not publish, and
// a scenario to begin one's own from.
func (c *Classroom) constants() map[string][]byte {
	example, _ := scenarios.Source("stale-list")
	return map[string][]byte{lessonsFile: toJSON(c.view()), parametersFile: toJSON(parameters()), exampleFile: example}
}

// toJSON writes a value for a script.
func toJSON(value any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is JSON for a script, and marked so
	if err := e.Encode(value); err != nil {
		panic(err) // answers are data
	}
	return b.Bytes()
}

// fromJSON reads the body of a question.
func fromJSON(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", errRequest, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: more than one value", errRequest)
	}
	return nil
}

// lessonView is a lesson as the page is told of it.
type lessonView struct {
	*lesson.Lesson
	Horizon    reports.Seconds `json:"horizon"`
	MovesKnown bool            `json:"moves_known"` // of its figures
}

func (c *Classroom) view() []lessonView {
	list := make([]lessonView, len(c.lessons))
	for i, l := range c.lessons {
		list[i] = lessonView{l, reports.Seconds(l.Horizon), l.MovesKnown()}
	}
	return list
}

// value is a figure of a text, for the page to write.
type value struct {
	Value float64 `json:"value"` // shares from 0 to 1, durations in seconds
	Kind  string  `json:"kind"`  // count, share, duration, number or durations
	Data  bool    `json:"data"`
	// Of a parameter of the rules: the standing of the value, and the values of a list.
	Standing string    `json:"standing,omitempty"`
	List     []float64 `json:"list,omitempty"`
	// Of a metric: the parameters that AWS does not publish with which it changes.
	Moves []string `json:"moves,omitempty"`
}

var kindWords = map[criteria.Kind]string{
	criteria.Count: "count", criteria.Share: "share", criteria.Duration: "duration", criteria.Number: "number",
}

// texts answers "figures": the figures in a lesson's texts. They never change, so they are
// kept.
func (c *Classroom) texts(ctx context.Context, body []byte) (any, error) {
	var q struct {
		Lesson string `json:"lesson"`
	}
	if err := fromJSON(body, &q); err != nil {
		return nil, err
	}
	l := c.find(q.Lesson)
	if l == nil {
		return nil, noLesson(q.Lesson)
	}
	c.mu.Lock()
	kept := c.figures[l.ID]
	c.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	all, err := l.Values(ctx, c.budget.run)
	if err != nil {
		return nil, err
	}
	kept = map[string]value{}
	for name, v := range all {
		kind := kindWords[v.Kind]
		if v.List != nil {
			kind = "durations"
		}
		kept[name] = value{v.Value, kind, v.Data, v.Standing, v.List, l.Moves(name)}
	}
	c.mu.Lock()
	c.figures[l.ID] = kept
	c.mu.Unlock()
	return kept, nil
}

func noLesson(id string) error { return fmt.Errorf("%w: there is no lesson %.64q", errRequest, id) }

// run answers "run": a question; its answer.
func (c *Classroom) run(ctx context.Context, body []byte) (any, error) {
	var q question
	t, err := c.task(body, &q, &q)
	if err != nil {
		return nil, err
	}
	return t.run(ctx, &c.budget)
}

// task reads a question, and the scenario that it is about.
func (c *Classroom) task(body []byte, into any, q *question) (*task, error) {
	if err := fromJSON(body, into); err != nil {
		return nil, err
	}
	return q.task(c)
}
