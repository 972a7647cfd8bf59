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

// Question is what a plan has to answer.
type Question struct {
	Choices  []Choice // at least one; the earlier come first
	Promises []criteria.Promise
	// Replications is how many runs a candidate gets at most in the search,
	// Confirm how many fresh ones the answer has to stand.
	Replications, Confirm int
	Confidence            float64 // of intervals, such as 0.95
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

// Candidates makes scenarios of values. The values stand in the order of the
// choices.
type Candidates interface {
	Candidate(values []int64) (*sim.Config, error)
}

// Choice is a key that may be chosen, and between which values. A value counts
// parts of its unit: 25 with one place and the unit "%" is 2.5%.
type Choice struct {
	Key      string
	Unit     string  // what stands behind the number: "", "%", "/h", "d"
	Places   int     // decimal places
	From, To int64   // From <= To
	Step     int64   // positive; or 0: Values are all there are
	Values   []int64 // in rising order
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
		n++ // the safe end itself, though it is no whole step away
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

// Text returns a value as the scenario language has it: "50000", "2.5%".
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

// Wanted says which values are wanted.
func (c *Choice) Wanted() string {
	if c.Largest {
		return "largest"
	}
	return "smallest"
}

// points returns at most so many numbers of values, 0 and Last among them:
// all of them where there are no more, and otherwise at equal distances, or in
// equal ratios where the range spans more than a factor of ten.
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
			value := low * math.Pow(high/low, share)
			i = int64(math.Round(math.Abs(value-low) / float64(c.Step)))
		}
		if i = min(i, last-1); i > list[len(list)-1] {
			list = append(list, i)
		}
	}
	return append(list, last)
}

// ErrQuestion is wrapped by the error of Find for a question that cannot be
// answered by any search.
var ErrQuestion = errors.New("not a question for a plan")

// check looks for what would make a search impossible; finer rules are those
// of the scenario language.
func (q *Question) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrQuestion, fmt.Sprintf(format, args...))
	}
	switch {
	case len(q.Choices) == 0 || len(q.Choices) > MaxChoices:
		return bad("%d choices: there must be 1 to %d", len(q.Choices), MaxChoices)
	case len(q.Promises) == 0 || len(q.Promises) > MaxPromises:
		return bad("%d promises: there must be 1 to %d", len(q.Promises), MaxPromises)
	case q.Replications < 1 || q.Replications > MaxReplications || q.Confirm < 0 || q.Confirm > MaxReplications:
		return bad("%d replications and %d to confirm: there must be 1 to %d, and 0 to as many", q.Replications, q.Confirm, MaxReplications)
	case !(q.Confidence > 0 && q.Confidence < 1):
		return bad("a confidence of %v: it must lie between 0 and 1", q.Confidence)
	}
	for i := range q.Choices {
		if c := &q.Choices[i]; c.From > c.To || c.Step < 0 || c.Step == 0 && len(c.Values) == 0 {
			return bad("%s from %d to %d in steps of %d", c.Key, c.From, c.To, c.Step)
		}
	}
	return nil
}
