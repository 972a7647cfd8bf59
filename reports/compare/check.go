package compare

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/sim/unit"
)

// ErrNotComparable is wrapped by the errors of Check.
var ErrNotComparable = errors.New("these runs cannot be compared")

// Difference is something in which compared runs may differ only if the caller
// allows it.
type Difference string

// The differences that Check can allow.
const (
	Scenario Difference = "scenario"
	Edition  Difference = "edition"
	Seed     Difference = "seed"
	Tool     Difference = "version"
	Trace    Difference = "trace"
)

// Differences are all that can be allowed.
var Differences = []Difference{Scenario, Edition, Seed, Tool, Trace}

// Check returns an error that joins all reasons why runs cannot be compared with
// the first of them: interrupted runs, differences in horizon or start, one run
// against many replications, and differences that are not allowed. The notes
// name the allowed differences found.
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

// complete refuses a run that was interrupted: its figures are incomplete.
func (c *checker) complete(s *Side) {
	if s.Summary.Status != reports.Complete {
		c.refuse("%s is %s: its figures cover only a part of the horizon", s.Label, s.Summary.Status)
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
	c.may(s, Trace, "recorded traffic", tracesOf(a), tracesOf(b))
	switch {
	case c.base.Tool == "" || s.Tool == "":
		if c.base.Tool != s.Tool {
			c.notes = append(c.notes, "a summary alone does not name the version of sesim that wrote it")
		}
	default:
		c.may(s, Tool, "version of sesim", c.base.Tool, s.Tool)
	}
	if a.Fingerprint == b.Fingerprint {
		c.notes = append(c.notes, fmt.Sprintf("%s and %s are identical runs", c.base.Label, s.Label))
	}
}

// replications refuses to compare one run with many. Of different numbers of
// replications, the smaller is compared.
func (c *checker) replications(s *Side) {
	a, b := c.base.replications(), s.replications()
	switch {
	case a == b:
	case a == 1 || b == 1:
		c.refuse("%s has %s, %s has %d", c.base.Label, unit.Plural(int64(a), "replication", "replications"), s.Label, b)
	default:
		c.notes = append(c.notes, fmt.Sprintf("%s has %d replications, %s has %d; the first %d of each are compared",
			c.base.Label, a, s.Label, b, min(a, b)))
	}
}

// tracesOf tells recorded traffic by the content of its files.
func tracesOf(s *reports.Summary) string {
	if len(s.Traces) == 0 {
		return "none"
	}
	list := make([]string, len(s.Traces))
	for i, t := range s.Traces {
		list[i] = fmt.Sprintf("%.16s… (sender %s)", t.SHA256, t.Sender)
	}
	return strings.Join(list, ", ")
}

// must refuses a difference that cannot be allowed.
func (c *checker) must(s *Side, what, a, b string) {
	if a != b {
		c.refuse("%s", c.differs(s, what, a, b))
	}
}

// may refuses a difference unless it is allowed, and notes one that is.
func (c *checker) may(s *Side, which Difference, what, a, b string) {
	switch {
	case a == b:
	case slices.Contains(c.allowed, which):
		c.notes = append(c.notes, c.differs(s, what, a, b))
	default:
		c.refuse("%s; --allow %s compares them anyway", c.differs(s, what, a, b), which)
	}
}

func (c *checker) differs(s *Side, what, a, b string) string {
	return fmt.Sprintf("%s has the %s %s, %s has %s", c.base.Label, what, a, s.Label, b)
}

// ParseDifference parses the name of a difference.
func ParseDifference(text string) (Difference, error) {
	if slices.Contains(Differences, Difference(text)) {
		return Difference(text), nil
	}
	words := make([]string, len(Differences))
	for i, d := range Differences {
		words[i] = string(d)
	}
	return "", fmt.Errorf("%q is not a difference that can be allowed: want one of %s", text, strings.Join(words, ", "))
}
