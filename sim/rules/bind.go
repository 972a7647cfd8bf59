package rules

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/sim/unit"
)

// Each function below binds a parameter to a field of a Set.

type access[T any] = func(*Set) *T

func durationOf(f access[time.Duration], least, most time.Duration, zero string) binding {
	return binding{orWord(Notation{Kind: Duration}, zero), func(s *Set) string {
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
	}}
}

func shareOf(f access[unit.Share]) binding {
	return binding{[]Notation{{Kind: Share}}, func(s *Set) string { return f(s).String() }, func(s *Set, value any) error {
		v, err := asShare(value)
		if err == nil {
			*f(s) = v
		}
		return err
	}}
}

func intOf(f access[int64], least, most int64, zero string) binding {
	return binding{orWord(Notation{Kind: Whole, Least: least, Most: most}, zero), func(s *Set) string {
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
	}}
}

func boolOf(f access[bool]) binding {
	return binding{[]Notation{{Kind: Bool}}, func(s *Set) string { return strconv.FormatBool(*f(s)) }, func(s *Set, value any) error {
		v, ok := value.(bool)
		if !ok {
			return wrong(value, "true or false")
		}
		*f(s) = v
		return nil
	}}
}

// choiceOf binds a field whose values are written as words.
func choiceOf[T comparable](f access[T], words map[string]T) binding {
	names := make([]string, 0, len(words))
	for name := range words {
		names = append(names, strconv.Quote(name))
	}
	slices.Sort(names)
	return binding{[]Notation{{Kind: Word, Words: slices.Sorted(maps.Keys(words))}}, func(s *Set) string {
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
	}}
}

// alsoWritten accepts another spelling of one of a choice's words.
func alsoWritten(spelling, word string, b binding) binding {
	b.notations[0].Words = append(b.notations[0].Words, spelling)
	return binding{b.notations, b.get, func(s *Set, value any) error {
		if value == spelling {
			value = word
		}
		return b.set(s, value)
	}}
}

func spreadOf(f access[Spread], most time.Duration) binding {
	return binding{spreadNotations, func(s *Set) string {
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
	}}
}

// tableOf binds several fields to the keys of one inline table, such as
// { bounces = 20, complaints = 5 }. Omitted keys keep their values.
func tableOf(keys ...Parameter) binding {
	return binding{[]Notation{tableOfKeys(keys)}, func(s *Set) string {
		parts := make([]string, len(keys))
		for i := range keys {
			parts[i] = keys[i].Name + " = " + quoteText(keys[i].get(s))
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	}, func(s *Set, value any) error {
		names := make([]string, len(keys))
		for i := range keys {
			names[i] = keys[i].Name
		}
		table, ok := value.(map[string]any)
		if !ok {
			return wrong(value, "a table with "+strings.Join(names, ", "))
		}
		for _, name := range slices.Sorted(maps.Keys(table)) {
			i := slices.Index(names, name)
			if i < 0 {
				return fmt.Errorf("%q is not one of %s", name, strings.Join(names, ", "))
			}
			if err := keys[i].set(s, table[name]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}}
}

// quoteText quotes a value for TOML unless it is a number or a truth value.
func quoteText(value string) string {
	if _, err := strconv.ParseFloat(value, 64); err == nil || value == "true" || value == "false" {
		return value
	}
	return strconv.Quote(value)
}
