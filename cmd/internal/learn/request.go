package learn

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"sesim/scenarios"
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
	Base     string    `json:"base"`     // name of a scenario that ships; or
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
	base string // "" for a text of one's own
	set  []scenarios.Override
	text []byte // the scenario with what was set written into it
	cfg  *sim.Config
}

// decode reads the body of a request.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", errRequest, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: more than one value", errRequest)
	}
	return nil
}

// task reads the scenario. What was set is written into its text first, and
// the text alone is read: so what the page hands on is what it has run. The
// files that a scenario may name are out of reach.
func (q *question) task(b *Budget) (*task, error) {
	src, file, err := q.source()
	if err != nil {
		return nil, err
	}
	t := &task{base: q.Base}
	for _, s := range q.Set {
		t.set = append(t.set, scenarios.Override{Key: s.Key, Value: s.Value})
	}
	if t.text, err = scenarios.Rewrite(file, src, t.set...); err != nil {
		return nil, err
	}
	if t.cfg, err = scenarios.Load(file, t.text); err != nil {
		return nil, err
	}
	return t, b.Check(t.cfg)
}

// source returns the text of the scenario and its name in messages.
func (q *question) source() ([]byte, string, error) {
	switch {
	case len(q.Set) > maxSet:
		return nil, "", fmt.Errorf("%w: it sets more than %d keys", errRequest, maxSet)
	case q.Base == "" && q.Scenario != "":
		return []byte(q.Scenario), "scenario.toml", nil
	case q.Scenario != "":
		return nil, "", fmt.Errorf("%w: it has both a name and a text", errRequest)
	}
	src, ok := scenarios.Source(q.Base)
	if !ok {
		return nil, "", fmt.Errorf("%w: no scenario %.64q ships", errRequest, q.Base)
	}
	return src, q.Base, nil
}

// command returns the command line that makes the same run.
func (t *task) command() string {
	name := t.base
	if name == "" {
		name = "scenario.toml"
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
