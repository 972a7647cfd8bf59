package rules

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"sesim/sim/unit"
)

const (
	week = 7 * unit.Day
)

// Parameter is a number, switch or choice that a scenario may set under [rules].
type Parameter struct {
	Name     string   // the key under [rules]: "global.durations"
	About    string   // what it means, in one line
	Range    string   // the accepted values, in words
	Standing Standing // of the default
	Source   string   // the evidence for the default
	// Plausible is what the value may be; none for a documented parameter.
	Plausible Plausible
	// FillsIn is the key of an account in production in whose place the value stands,
	// such as "quota". Customers read that figure in their own account: there it is
	// asked for, and not varied. Empty: none.
	FillsIn string
	binding
}

// Notations returns the notations in which the value may be written.
func (p *Parameter) Notations() []Notation { return p.notations }

// Get returns the parameter's value in s, in a notation that Assign accepts.
func (p *Parameter) Get(s *Set) string { return p.get(s) }

// Default returns the parameter's value in the edition "current".
func (p *Parameter) Default() string {
	s := current()
	return p.get(&s)
}

// ErrUnknown is wrapped by the error of Assign if no parameter has the name.
var ErrUnknown = errors.New("unknown rule parameter")

// Assign sets the named parameter in s to a value as decoded from TOML or JSON: a
// bool, int64, float64, string, []any or map[string]any. If the value is invalid, the
// error names it and what would be valid, and s is unchanged.
func Assign(s *Set, name string, value any) error {
	p := Find(name)
	if p == nil {
		return fmt.Errorf("%q: %w", name, ErrUnknown)
	}
	next := *s
	if err := p.set(&next, value); err != nil {
		return err
	}
	*s = next
	return nil
}

// Find returns the parameter with the given name, or nil.
func Find(name string) *Parameter {
	i := sort.Search(len(parameters), func(i int) bool { return parameters[i].Name >= name })
	if i < len(parameters) && parameters[i].Name == name {
		return &parameters[i]
	}
	return nil
}

// Parameters returns all parameters, sorted by name. The slice must not be modified.
func Parameters() []Parameter { return parameters }

func wrong(value any, want string) error {
	return fmt.Errorf("%s is not %s", show(value), want)
}

// show formats a decoded value as a scenario would write it.
func show(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case float64:
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(text, ".eIN") {
			text += ".0" // TOML tells 20.0 from 20
		}
		return text
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = show(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		return "a table"
	}
	return fmt.Sprint(value)
}

func asDuration(value any, least, most time.Duration) (time.Duration, error) {
	text, ok := value.(string)
	if !ok {
		return 0, wrong(value, `a duration such as "90s", "18h" or "30d"`)
	}
	d, err := unit.ParseDuration(text)
	if err != nil {
		return 0, err
	}
	if d < least || d > most {
		return 0, wrong(value, fmt.Sprintf("between %s and %s", unit.FormatDuration(least), unit.FormatDuration(most)))
	}
	return d, nil
}

func asShare(value any) (unit.Share, error) {
	switch v := value.(type) {
	case string:
		return unit.ParseShare(v)
	case float64:
		return unit.ParseShare(strconv.FormatFloat(v, 'f', -1, 64))
	case int64:
		if v == 0 || v == 1 {
			return unit.Share(v) * unit.Whole, nil
		}
	}
	return 0, wrong(value, `a share such as "5%" or 0.05`)
}

func asInt(value any, least, most int64) (int64, error) {
	v, ok := value.(int64)
	if !ok {
		return 0, wrong(value, fmt.Sprintf("a whole number between %d and %d", least, most))
	}
	if v < least || v > most {
		return 0, wrong(value, fmt.Sprintf("between %d and %d", least, most))
	}
	return v, nil
}

// asMilli converts a factor such as 2 or 1.5 to thousandths.
func asMilli(value any, least, most int64) (int64, error) {
	want := fmt.Sprintf("a number between %s and %s", milli(least), milli(most))
	var v int64
	switch n := value.(type) {
	case int64:
		if n > math.MaxInt64/1000 || n < 0 {
			return 0, wrong(value, want)
		}
		v = n * 1000
	case float64:
		if math.IsNaN(n) || n < 0 || n > 1e12 {
			return 0, wrong(value, want)
		}
		// A decimal with at most three places parses to the float nearest to v/1000.
		v = int64(math.Round(n * 1000))
		if float64(v)/1000 != n {
			return 0, wrong(value, want+" with at most three decimal places")
		}
	default:
		return 0, wrong(value, want)
	}
	if v < least || v > most {
		return 0, wrong(value, want)
	}
	return v, nil
}

func milli(v int64) string {
	return strconv.FormatFloat(float64(v)/1000, 'f', -1, 64)
}

// asSpread converts "24h", a constant, or { median = "24h", p95 = "5d" }.
func asSpread(value any, most time.Duration) (Spread, error) {
	const want = `a duration, or { median = "24h", p95 = "5d" } (p95 or p99)`
	if _, ok := value.(string); ok {
		d, err := asDuration(value, 0, most)
		return constant(d), err
	}
	table, ok := value.(map[string]any)
	if !ok || len(table) != 2 || table["median"] == nil {
		return Spread{}, wrong(value, want)
	}
	s := Spread{}
	var err error
	if s.Median, err = asDuration(table["median"], 0, most); err != nil {
		return Spread{}, fmt.Errorf("median: %w", err)
	}
	for tail, name := range map[int64]string{95: "p95", 99: "p99"} {
		if upper, ok := table[name]; ok {
			s.Tail = tail
			if s.Upper, err = asDuration(upper, s.Median, most); err != nil {
				return Spread{}, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if s.Tail == 0 {
		return Spread{}, wrong(value, want)
	}
	if s.Median == 0 && s.Upper > 0 {
		return Spread{}, errors.New("median: a spread with a median of 0s has no upper quantile; write \"0s\" for no delay")
	}
	return s, nil
}
