package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sesim/sim/ses"
	"sesim/sim/unit"
)

// args are the words of a directive: some stand alone, some have a value. A
// word that nobody takes is an error.
type args struct {
	words  []string
	values map[string]string
	errs   []error
}

func newArgs(words []string) *args {
	a := &args{values: map[string]string{}}
	for _, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok {
			a.values[name] = value
		} else {
			a.words = append(a.words, w)
		}
	}
	return a
}

func (a *args) note(err error) {
	if err != nil {
		a.errs = append(a.errs, err)
	}
}

// finish returns what was wrong, words left over among it.
func (a *args) finish() error {
	if len(a.words) > 0 {
		a.note(fmt.Errorf("%q is not understood", a.words))
	}
	if left := a.names(); len(left) > 0 {
		a.note(fmt.Errorf("%q are not understood", left))
	}
	return errors.Join(a.errs...)
}

// word takes the next word that stands alone.
func (a *args) word() string {
	if len(a.words) == 0 {
		a.note(errors.New("a word is missing"))
		return ""
	}
	w := a.words[0]
	a.words = a.words[1:]
	return w
}

func (a *args) flag(word string) bool {
	i := slices.Index(a.words, word)
	if i >= 0 {
		a.words = slices.Delete(a.words, i, i+1)
	}
	return i >= 0
}

func (a *args) has(name string) bool { _, ok := a.values[name]; return ok }

func (a *args) names() []string {
	var names []string
	for name := range a.values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (a *args) take(name string) string {
	v := a.values[name]
	delete(a.values, name)
	return v
}

func (a *args) list(name string) []string {
	if text := a.take(name); text != "" {
		return strings.Split(text, ",")
	}
	return nil
}

func (a *args) duration(name string, otherwise time.Duration) time.Duration {
	if !a.has(name) {
		return otherwise
	}
	d, err := unit.ParseDuration(a.take(name))
	a.note(err)
	return d
}

func (a *args) number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	a.note(err)
	return n
}

func (a *args) integer(name string, otherwise int64) int64 {
	if !a.has(name) {
		return otherwise
	}
	return a.number(a.take(name))
}

func (a *args) share(name string) unit.Share {
	if !a.has(name) {
		return 0
	}
	v, err := unit.ParseShare(a.take(name))
	a.note(err)
	return v
}

// reasons reads a list such as BOUNCE,COMPLAINT; none is the empty one.
func (a *args) reasons(name string, otherwise ses.ListReasons) ses.ListReasons {
	if !a.has(name) {
		return otherwise
	}
	var all ses.ListReasons
	for _, word := range a.list(name) {
		if word == "none" {
			continue
		}
		r, err := ses.ParseListReason(word)
		a.note(err)
		all |= r
	}
	return all
}

// index notes a name that was not found, and returns something to go on with.
func (a *args) index(name string, i int) int {
	if i < 0 {
		a.note(fmt.Errorf("there is no %q", name))
		return 0
	}
	return i
}

// TestScriptErrors checks that a scenario which is not understood is an error
// that names the line, and not a scenario that says less than it seems to.
func TestScriptErrors(t *testing.T) {
	for name, scenario := range map[string]string{
		"no such directive":   `sned by=acme to=people:1`,
		"no such option":      `send by=acme to=people:1 vai=v1`,
		"no such word":        `send by=acme to=people:1 port52`,
		"no such account":     `send by=beta to=people:1`,
		"no such address":     `send by=acme to=people:1001`,
		"addresses backwards": `send by=acme to=people:2-1`,
		"no such parameter":   `rules quota.rolling=1`,
		"a bad value":         `rules quota.multi_recipient=some`,
		"a bad time":          `send by=acme at=5 to=people:1`,
		"no such action":      `do jump acme`,
		"a word is missing":   `account beta us-east-1`,
	} {
		if _, err := readScript(stage + scenario); err == nil || !strings.Contains(err.Error(), "line 7: ") {
			t.Errorf("%s: %q gives %v, want an error in line 7", name, scenario, err)
		}
	}
}
