package rules

import (
	"errors"
	"math"
	"strings"
	"time"

	"sesim/sim/unit"
)

// key binds a field to a key of an inline table.
func key[T any](name string, bind func(func(*Set) *T) binding, f func(*Set) *T) Parameter {
	return Parameter{Name: name, binding: bind(f)}
}

func durationBetween(least, most time.Duration) func(func(*Set) *time.Duration) binding {
	return func(f func(*Set) *time.Duration) binding {
		return durationOf(f, least, most, "")
	}
}

func milliBetween(least, most int64) func(func(*Set) *int64) binding {
	return func(f func(*Set) *int64) binding {
		get := func(s *Set) string { return milli(*f(s)) }
		return binding{[]Notation{{Kind: Number, Least: least, Most: most}}, get, func(s *Set, value any) error {
			v, err := asMilli(value, least, most)
			if err == nil {
				*f(s) = v
			}
			return err
		}}
	}
}

func shareBelow(most unit.Share) func(func(*Set) *unit.Share) binding {
	return func(f func(*Set) *unit.Share) binding {
		b := shareOf(f)
		return binding{b.notations, b.get, func(s *Set, value any) error {
			if err := b.set(s, value); err != nil {
				return err
			}
			if *f(s) > most {
				return wrong(value, "at most "+most.String())
			}
			return nil
		}}
	}
}

// neverMilli binds a factor that may also be "never" or infinity, which mean the
// same.
func neverMilli(f func(*Set) *int64) binding {
	b := milliBetween(1000, 1_000_000)(f)
	b.notations[0].Infinite = true
	return binding{append(b.notations, Notation{Kind: Word, Words: []string{"never"}}), func(s *Set) string {
		if *f(s) == 0 {
			return "never"
		}
		return b.get(s)
	}, func(s *Set, value any) error {
		if number, ok := value.(float64); value == "never" || ok && math.IsInf(number, 1) {
			*f(s) = 0
			return nil
		}
		return b.set(s, value)
	}}
}

// switchOr binds a table that may also be written as true or false, which sets the
// named key of it.
func switchOr(name string, keys ...Parameter) binding {
	b := tableOf(keys...)
	return binding{append(b.notations, Notation{Kind: Bool}), b.get, func(s *Set, value any) error {
		if on, ok := value.(bool); ok {
			value = map[string]any{name: on}
		}
		return b.set(s, value)
	}}
}

func durationsOf() binding {
	notations := []Notation{{Kind: List, Most: maxStays, Of: &Notation{Kind: Duration}}}
	return binding{notations, func(s *Set) string {
		parts := make([]string, len(s.Global.Durations))
		for i, d := range s.Global.Durations {
			parts[i] = `"` + unit.FormatDuration(d) + `"`
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}, func(s *Set, value any) error {
		list, ok := value.([]any)
		if !ok || len(list) == 0 || len(list) > maxStays {
			return wrong(value, `a list of 1 to 100 durations such as ["1d", "2d", "4d", "8d", "14d"]`)
		}
		stays := make([]time.Duration, len(list))
		for i, v := range list {
			d, err := asDuration(v, time.Second, maxStay)
			if err != nil {
				return err
			}
			if i > 0 && d < stays[i-1] {
				return wrong(v, "as long as the stay before it: stays never get shorter")
			}
			stays[i] = d
		}
		s.Global.Durations = stays
		return nil
	}}
}

func reviewTime() binding {
	const span = 365 * unit.Day
	table := tableOf(
		key("within", durationBetween(0, span), func(s *Set) *time.Duration { return &s.Prod.ReviewWithin }),
		key("longer", shareOf, func(s *Set) *unit.Share { return &s.Prod.LongerShare }),
		key("from", durationBetween(0, span), func(s *Set) *time.Duration { return &s.Prod.LongerFrom }),
		key("to", durationBetween(0, span), func(s *Set) *time.Duration { return &s.Prod.LongerTo }))
	return binding{append(table.notations, Notation{Kind: Duration}), func(s *Set) string {
		if s.Prod.LongerShare == unit.Whole && s.Prod.LongerFrom == s.Prod.LongerTo {
			return unit.FormatDuration(s.Prod.LongerTo)
		}
		return table.get(s)
	}, func(s *Set, value any) error {
		if _, ok := value.(string); ok {
			d, err := asDuration(value, 0, span)
			if err != nil {
				return err
			}
			p := &s.Prod
			p.ReviewWithin, p.LongerShare, p.LongerFrom, p.LongerTo = d, unit.Whole, d, d
			return nil
		}
		if err := table.set(s, value); err != nil {
			return err
		}
		if s.Prod.LongerTo < s.Prod.LongerFrom {
			return errors.New("to: must not be shorter than from")
		}
		return nil
	}}
}
