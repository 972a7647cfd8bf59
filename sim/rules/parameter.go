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
	day  = 24 * time.Hour
	week = 7 * day
)

// Parameter is one number, switch or choice that a scenario may set under
// [rules].
type Parameter struct {
	Name     string   // as it stands under [rules]: "global.durations"
	About    string   // one line
	Range    string   // what is accepted, in words
	Standing Standing // of the default
	Source   string   // why the default is what it is
	get      func(*Set) string
	set      func(*Set, any) error
}

// Get returns the parameter's value in s, in the notation Set accepts.
func (p *Parameter) Get(s *Set) string { return p.get(s) }

// Default returns the parameter's value in the edition current.
func (p *Parameter) Default() string {
	s := current()
	return p.get(&s)
}

// ErrUnknown is wrapped by the error of Assign for a name no parameter has.
var ErrUnknown = errors.New("unknown rule parameter")

// Assign sets the named parameter in s from a value as a TOML or JSON decoder
// gives it: bool, int64, float64, string, []any or map[string]any. The error
// names the value and what would be right; s is unchanged then.
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

// Find returns the parameter with that name, or nil.
func Find(name string) *Parameter {
	i := sort.Search(len(parameters), func(i int) bool { return parameters[i].Name >= name })
	if i < len(parameters) && parameters[i].Name == name {
		return &parameters[i]
	}
	return nil
}

// Parameters returns all parameters by name. The slice must not be changed.
func Parameters() []Parameter { return parameters }

func wrong(value any, want string) error {
	return fmt.Errorf("%s is not %s", show(value), want)
}

// show writes a decoded value the way a scenario would.
func show(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
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
		return 0, wrong(value, "a whole number")
	}
	if v < least || v > most {
		return 0, wrong(value, fmt.Sprintf("between %d and %d", least, most))
	}
	return v, nil
}

// asMilli reads a factor such as 2 or 1.5 as thousandths.
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
		// The float nearest to a decimal with three places is that decimal.
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

// asSpread reads "24h", which is constant, or { median = "24h", p95 = "5d" }.
func asSpread(value any, most time.Duration) (Spread, error) {
	const want = `a duration, or { median = "24h", p95 = "5d" } (p95 or p99)`
	if _, ok := value.(string); ok {
		d, err := asDuration(value, 0, most)
		return fixed(d), err
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

// The helpers below bind one field each, so that the table of parameters
// reads as a table.

type access[T any] = func(*Set) *T

func durationOf(f access[time.Duration], least, most time.Duration, zero string) (func(*Set) string, func(*Set, any) error) {
	return func(s *Set) string {
			if d := *f(s); d != 0 || zero == "" {
				return unit.FormatDuration(d)
			}
			return zero
		}, func(s *Set, value any) error {
			if text, ok := value.(string); ok && zero != "" && text == zero {
				*f(s) = 0
				return nil
			}
			d, err := asDuration(value, least, most)
			if err == nil {
				*f(s) = d
			}
			return err
		}
}

func shareOf(f access[unit.Share]) (func(*Set) string, func(*Set, any) error) {
	return func(s *Set) string { return f(s).String() }, func(s *Set, value any) error {
		v, err := asShare(value)
		if err == nil {
			*f(s) = v
		}
		return err
	}
}

func intOf(f access[int64], least, most int64, zero string) (func(*Set) string, func(*Set, any) error) {
	return func(s *Set) string {
			if v := *f(s); v != 0 || zero == "" {
				return strconv.FormatInt(v, 10)
			}
			return zero
		}, func(s *Set, value any) error {
			if text, ok := value.(string); ok && zero != "" && text == zero {
				*f(s) = 0
				return nil
			}
			v, err := asInt(value, least, most)
			if err == nil {
				*f(s) = v
			}
			return err
		}
}

func boolOf(f access[bool]) (func(*Set) string, func(*Set, any) error) {
	return func(s *Set) string { return strconv.FormatBool(*f(s)) }, func(s *Set, value any) error {
		v, ok := value.(bool)
		if !ok {
			return wrong(value, "true or false")
		}
		*f(s) = v
		return nil
	}
}

// choiceOf binds a switch that is written as one of two or more words.
func choiceOf[T comparable](f access[T], words map[string]T) (func(*Set) string, func(*Set, any) error) {
	names := make([]string, 0, len(words))
	for name := range words {
		names = append(names, strconv.Quote(name))
	}
	sort.Strings(names)
	return func(s *Set) string {
			for name, v := range words {
				if v == *f(s) {
					return name
				}
			}
			return ""
		}, func(s *Set, value any) error {
			text, _ := value.(string)
			v, ok := words[text]
			if !ok {
				return wrong(value, "one of "+strings.Join(names, ", "))
			}
			*f(s) = v
			return nil
		}
}

func spreadOf(f access[Spread], most time.Duration) (func(*Set) string, func(*Set, any) error) {
	return func(s *Set) string {
			v := *f(s)
			if v.Constant() {
				return unit.FormatDuration(v.Median)
			}
			return fmt.Sprintf("{ median = %q, p%d = %q }", unit.FormatDuration(v.Median), v.Tail, unit.FormatDuration(v.Upper))
		}, func(s *Set, value any) error {
			v, err := asSpread(value, most)
			if err == nil {
				*f(s) = v
			}
			return err
		}
}

// tableOf binds several parameters that stand together in one inline table,
// such as { bounces = 20, complaints = 5 }; keys left out keep their values.
func tableOf(keys ...Parameter) (func(*Set) string, func(*Set, any) error) {
	return func(s *Set) string {
			parts := make([]string, len(keys))
			for i, k := range keys {
				v := k.get(s)
				if _, err := strconv.ParseFloat(v, 64); err != nil && v != "true" && v != "false" {
					v = strconv.Quote(v)
				}
				parts[i] = k.Name + " = " + v
			}
			return "{ " + strings.Join(parts, ", ") + " }"
		}, func(s *Set, value any) error {
			names := make([]string, len(keys))
			for i, k := range keys {
				names[i] = k.Name
			}
			table, ok := value.(map[string]any)
			if !ok {
				return wrong(value, "a table with "+strings.Join(names, ", "))
			}
			given := make([]string, 0, len(table))
			for name := range table {
				given = append(given, name)
			}
			sort.Strings(given)
			for _, name := range given {
				found := false
				for _, k := range keys {
					if k.Name == name {
						found = true
						if err := k.set(s, table[name]); err != nil {
							return fmt.Errorf("%s: %w", name, err)
						}
					}
				}
				if !found {
					return fmt.Errorf("%q is not one of %s", name, strings.Join(names, ", "))
				}
			}
			return nil
		}
}
