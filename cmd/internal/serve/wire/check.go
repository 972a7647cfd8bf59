package wire

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"sesim/cmd/internal/serve/api"
	"sesim/sim/ses"
)

// Check checks the fields of an input by their tags: those that must be there, and those
// that have one of a few words. It returns nil for an input without fault. The texts are
// AWS's, as far as they are known from answers to others.
func Check(i ses.Interface, input any) *api.Error {
	c := checker{v1: i == ses.V1, path: make([]string, 0, 8)}
	c.fields(reflect.ValueOf(input).Elem())
	switch {
	case c.tenant != "":
		return api.NoTenant(i, c.tenant)
	case len(c.faults) == 0:
		return nil
	}
	noun := "error"
	if len(c.faults) > 1 {
		noun = "errors"
	}
	e := api.NewError(i, api.BadRequest, "%d validation %s detected: %s", len(c.faults), noun, strings.Join(c.faults, "; "))
	if c.v1 {
		e.Wire.Code = "ValidationError"
	}
	return e
}

// checker collects the faults of an input.
type checker struct {
	v1     bool
	path   []string // of the field that is being checked
	faults []string
	tenant string
}

// rule is what the tag of a field demands.
type rule struct {
	field  int
	name   string // as messages write it
	must   bool
	fit    []string // words; nil: any
	embeds bool
	tenant bool
}

var ruleCache sync.Map // reflect.Type to []rule

// rulesOf returns the rules of a struct's fields, without those of texts, numbers and the
// like that have no demand. Others without a demand of their own may hold fields that have
// one.
func rulesOf(t reflect.Type) []rule {
	if list, ok := ruleCache.Load(t); ok {
		return list.([]rule)
	}
	var list []rule
	for i := range t.NumField() {
		f := t.Field(i)
		r := rule{field: i, name: lowerFirst(f.Name), embeds: f.Anonymous, tenant: f.Name == "TenantName"}
		for part := range strings.FieldsSeq(f.Tag.Get("must")) {
			if words, ok := strings.CutPrefix(part, "fit="); ok {
				r.fit = strings.Split(words, ",")
			} else {
				r.must = true
			}
		}
		if f.Name == "MatchingEventTypes" && r.fit == nil {
			r.fit = api.EventTypes // which are too long for a tag
		}
		if r.must || r.fit != nil || r.tenant || r.embeds || holdsFields(f.Type) {
			list = append(list, r)
		}
	}
	ruleCache.Store(t, list)
	return list
}

// holdsFields reports whether values of a type may have fields with a rule.
func holdsFields(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

// fields checks the fields of a struct.
func (c *checker) fields(v reflect.Value) {
	for _, r := range rulesOf(v.Type()) {
		f := v.Field(r.field)
		if r.embeds {
			c.fields(f)
			continue
		}
		c.path = append(c.path, r.name)
		switch {
		case r.tenant && f.String() != "":
			c.tenant = f.String()
		case r.must && f.IsZero() && f.Kind() != reflect.Bool:
			c.add("null", "Member must not be null")
		default:
			c.value(f, r.fit)
		}
		c.path = c.path[:len(c.path)-1]
	}
}

// value checks one value, and what it holds.
func (c *checker) value(v reflect.Value, fit []string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.value(v.Elem(), fit)
		}
	case reflect.Struct:
		if v.Type().PkgPath() != "time" {
			c.fields(v)
		}
	case reflect.Slice:
		c.list(v, fit)
	case reflect.String:
		if fit != nil && v.String() != "" && !slices.Contains(fit, v.String()) {
			c.add("'"+v.String()+"'", enumText(fit))
		}
	}
}

// list checks the elements of a list. One fault is enough for all words that do not fit.
func (c *checker) list(v reflect.Value, fit []string) {
	switch v.Type().Elem().Kind() {
	case reflect.Struct:
		for i := range v.Len() {
			c.path = append(c.path, strconv.Itoa(i+1), "member")
			c.fields(v.Index(i))
			c.path = c.path[:len(c.path)-2]
		}
	case reflect.String:
		for i := range v.Len() {
			if word := v.Index(i).String(); fit != nil && !slices.Contains(fit, word) {
				c.add("'["+word+"]'", "Member must satisfy constraint: ["+enumText(fit)+"]")
				return
			}
		}
	}
}

func enumText(fit []string) string {
	return "Member must satisfy enum value set: [" + strings.Join(fit, ", ") + "]"
}

// add notes a fault of the field at the path. Version 1 names the value, version 2 does
// not.
func (c *checker) add(value, text string) {
	if c.v1 {
		value = " " + value
	} else {
		value = ""
	}
	c.faults = append(c.faults,
		fmt.Sprintf("Value%s at '%s' failed to satisfy constraint: %s", value, strings.Join(c.path, "."), text))
}

// lowerFirst returns the name of a field as messages write it: "EmailAddress" is
// "emailAddress", and "SNSDestination" is "sNSDestination".
func lowerFirst(name string) string {
	r := []rune(name)
	r[0] = unicode.ToLower(r[0])
	return string(r)
}
