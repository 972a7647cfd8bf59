package plan

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"sesim/sim"
	"sesim/sim/criteria"
)

// Question is what Find answers.
type Question struct {
	Choices  []Choice // at least one, in order of preference
	Promises []criteria.Promise
	// Replications is the maximum number of runs of a candidate in the search,
	// Confirm the number of fresh runs that must confirm the answer.
	Replications, Confirm int
	Confidence            float64 // of intervals, such as 0.95
	Growth                Growth  // of the mail, to be followed from the answer on
	Bare                  bool    // only search and confirmation: no further runs
}

// Limits on a question.
const (
	MaxChoices      = 8
	MaxPromises     = 100
	MaxReplications = 1_000_000
)

// Defaults of a question.
const (
	DefaultReplications = 1000
	DefaultConfirm      = 1000
	DefaultConfidence   = 0.95
)

// Candidates makes scenarios from values, given in the order of the choices.
type Candidates interface {
	Candidate(values []int64) (*sim.Config, error)
}

// Choice is a key to choose and its possible values. Values are fixed-point
// numbers: 25 with one decimal place and the unit "%" is 2.5%.
type Choice struct {
	Key      string
	Unit     string  // suffix of the number: "", "%", "/h", "d"
	Places   int     // decimal places
	From, To int64   // From <= To
	Step     int64   // positive, or 0 if Values lists the values
	Values   []int64 // in rising order; used if Step is 0
	Largest  bool    // the largest value is wanted, not the smallest
}

// Last returns the number of the value at the safe end. Values are numbered
// from 0, the wanted end.
func (c *Choice) Last() int64 {
	if c.Step == 0 {
		return int64(len(c.Values)) - 1
	}
	n := (c.To - c.From) / c.Step
	if n*c.Step < c.To-c.From {
		n++ // the safe end itself, although it is not a whole step away
	}
	return n
}

// At returns the i-th value from the wanted end.
func (c *Choice) At(i int64) int64 {
	switch {
	case c.Step == 0 && c.Largest:
		return c.Values[int64(len(c.Values))-1-i]
	case c.Step == 0:
		return c.Values[i]
	case c.Largest:
		return max(c.To-i*c.Step, c.From)
	}
	return min(c.From+i*c.Step, c.To)
}

// Text returns a value in the syntax of the scenario language: "50000", "2.5%".
func (c *Choice) Text(v int64) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	digits := strconv.FormatInt(v, 10)
	if c.Places == 0 {
		return sign + digits + c.Unit
	}
	digits = strings.Repeat("0", max(0, c.Places+1-len(digits))) + digits
	point := len(digits) - c.Places
	part := strings.TrimRight(digits[point:], "0")
	if part != "" || c.Unit == "" { // a bare number with places stays one
		part = "." + cmp.Or(part, "0")
	}
	return sign + digits[:point] + part + c.Unit
}

// Wanted returns "largest" or "smallest".
func (c *Choice) Wanted() string {
	if c.Largest {
		return "largest"
	}
	return "smallest"
}

// points returns up to most numbers of values, including 0 and Last: all if
// there are no more, otherwise evenly spaced, or spaced by equal ratios if the
// range spans more than a factor of ten.
func (c *Choice) points(most int64) []int64 {
	last := c.Last()
	if last < most {
		list := make([]int64, last+1)
		for i := range list {
			list[i] = int64(i)
		}
		return list
	}
	list := []int64{0}
	low, high := float64(c.At(0)), float64(c.At(last))
	for k := int64(1); k < most-1; k++ {
		share := float64(k) / float64(most-1)
		i := int64(math.Round(share * float64(last)))
		if c.Step > 0 && min(low, high) > 0 && max(low, high) > 10*min(low, high) {
			value := float64(low * math.Pow(high/low, share))
			i = int64(math.Abs(value-low)/float64(c.Step) + 0.5001) // halves up, whatever the last bits of the power are
		}
		if i = min(i, last-1); i > list[len(list)-1] {
			list = append(list, i)
		}
	}
	return append(list, last)
}

// ErrQuestion is wrapped by the error of Find for a question that no search can
// answer.
var ErrQuestion = errors.New("not a question for a plan")

// check rejects questions that make a search impossible. The scenario language
// has stricter rules.
func (q *Question) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrQuestion, fmt.Sprintf(format, args...))
	}
	switch {
	case len(q.Choices) == 0 || len(q.Choices) > MaxChoices:
		return bad("%d choices: must be 1 to %d", len(q.Choices), MaxChoices)
	case len(q.Promises) == 0 || len(q.Promises) > MaxPromises:
		return bad("%d promises: must be 1 to %d", len(q.Promises), MaxPromises)
	case q.Replications < 1 || q.Replications > MaxReplications || q.Confirm < 0 || q.Confirm > MaxReplications:
		return bad("%d replications and %d to confirm: must be 1 to %d and 0 to %d", q.Replications, q.Confirm, MaxReplications, MaxReplications)
	case !(q.Confidence > 0 && q.Confidence < 1):
		return bad("confidence %v: must be between 0 and 1", q.Confidence)
	}
	for i := range q.Choices {
		if c := &q.Choices[i]; c.From > c.To || c.Step < 0 || c.Step == 0 && len(c.Values) == 0 {
			return bad("%s from %d to %d in steps of %d", c.Key, c.From, c.To, c.Step)
		}
	}
	return nil
}
