package compare

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
)

// ErrNotComparable is wrapped by the errors of Check.
var ErrNotComparable = errors.New("these runs cannot be compared")

// Difference is something in which runs may differ only where that is meant.
type Difference string

// The differences that Check can be asked to allow. Each is a question of its
// own: what another edition of the rules changes, another version of the
// program, other luck, or another scenario.
const (
	Scenario Difference = "scenario"
	Edition  Difference = "edition"
	Seed     Difference = "seed"
	Tool     Difference = "version"
)

// Differences are all that can be allowed.
var Differences = []Difference{Scenario, Edition, Seed, Tool}

// Check reports why runs cannot be compared with the first of them: one that
// was interrupted, another horizon or start, another number of replications,
// and what is not allowed to differ. The notes say which allowed differences
// there are.
func Check(sides []*Side, allowed []Difference) (notes []string, err error) {
	c := checker{base: sides[0], allowed: allowed}
	for i, s := range sides {
		c.complete(s)
		if s.Note != "" && !slices.Contains(c.notes, s.Note) {
			c.notes = append(c.notes, s.Note)
		}
		if i > 0 {
			c.pair(s)
		}
	}
	return c.notes, errors.Join(c.problems...)
}

type checker struct {
	base     *Side
	allowed  []Difference
	notes    []string
	problems []error
}

// complete refuses a run that was interrupted: its counts end early.
func (c *checker) complete(s *Side) {
	if s.Summary.Status != reports.Complete {
		c.refuse("%s is %s: its figures are those of a part of the time", s.Label, s.Summary.Status)
	}
}

func (c *checker) refuse(format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf("%w: %s", ErrNotComparable, fmt.Sprintf(format, args...)))
}

func (c *checker) pair(s *Side) {
	a, b := c.base.Summary, s.Summary
	c.must(s, "horizon", a.HorizonSeconds.String()+" s", b.HorizonSeconds.String()+" s")
	c.must(s, "start", a.Start.String(), b.Start.String())
	c.replications(s)
	c.may(s, Scenario, "scenario", a.Scenario, b.Scenario)
	c.may(s, Edition, "edition", a.Edition, b.Edition)
	c.may(s, Seed, "seed", fmt.Sprint(a.Seed), fmt.Sprint(b.Seed))
	switch {
	case c.base.Tool == "" || s.Tool == "":
		if c.base.Tool != s.Tool {
			c.notes = append(c.notes, "a summary alone does not say which version of sesim made it")
		}
	default:
		c.may(s, Tool, "version of sesim", c.base.Tool, s.Tool)
	}
	if a.Fingerprint == b.Fingerprint {
		c.notes = append(c.notes, fmt.Sprintf("%s and %s are the same run, to the last event", c.base.Label, s.Label))
	}
}

// replications refuses to hold one run against many. Of two numbers the smaller
// is compared.
func (c *checker) replications(s *Side) {
	a, b := c.base.replications(), s.replications()
	switch {
	case a == b:
	case a == 1 || b == 1:
		c.refuse("%s has %d replications, and %s %d", c.base.Label, a, s.Label, b)
	default:
		c.notes = append(c.notes, fmt.Sprintf("%s has %d replications, and %s %d; the first %d of each are compared", c.base.Label, a, s.Label, b, min(a, b)))
	}
}

// must refuses a difference that leaves nothing to compare.
func (c *checker) must(s *Side, what, a, b string) {
	if a != b {
		c.refuse("the %s of %s is %s, and that of %s %s", what, c.base.Label, a, s.Label, b)
	}
}

// may refuses a difference that is not allowed, and notes one that is.
func (c *checker) may(s *Side, which Difference, what, a, b string) {
	switch {
	case a == b:
	case slices.Contains(c.allowed, which):
		c.notes = append(c.notes, fmt.Sprintf("the %s of %s is %s, and that of %s %s", what, c.base.Label, a, s.Label, b))
	default:
		c.refuse("the %s of %s is %s, and that of %s %s; --allow %s compares them all the same", what, c.base.Label, a, s.Label, b, which)
	}
}

// ParseDifference reads the name of a difference.
func ParseDifference(text string) (Difference, error) {
	if slices.Contains(Differences, Difference(text)) {
		return Difference(text), nil
	}
	words := make([]string, len(Differences))
	for i, d := range Differences {
		words[i] = string(d)
	}
	return "", fmt.Errorf("%q is not a difference that can be allowed: there are %s", text, strings.Join(words, ", "))
}
