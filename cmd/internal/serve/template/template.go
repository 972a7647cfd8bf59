// Package template renders templates of SES, which are written in a part of Handlebars:
//
//	{{name}} {{a.b}}            an attribute, with the characters of HTML escaped
//	{{{name}}}                  as it is
//	{{#if a}}…{{else}}…{{/if}}  by whether an attribute is there and neither false nor empty
//	{{#unless a}}…{{/unless}}
//	{{#each list}}…{{/each}}    for each element, which is {{this}} and whose attributes have their names
//	{{#with a}}…{{/with}}
//
// An attribute that is missing is an error, as it is a Rendering Failure of SES. Partials,
// and helpers other than those above, are errors.
package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ErrSyntax is wrapped by errors of templates that cannot be read, and ErrMissing by those
// of attributes that the data do not have.
var (
	ErrSyntax  = errors.New("the template is invalid")
	ErrMissing = errors.New("an attribute is missing")
)

// missing is the error of an attribute, in the words of SES: those of the Rendering Failure record
// in event-publishing-retrieving-sns-examples (read 2026-11-29).
type missing string

func (m missing) Error() string {
	return "Attribute '" + string(m) + "' is not present in the rendering data."
}

func (missing) Unwrap() error { return ErrMissing }

// Data parses the data of a template, a JSON object, and lays replacements over them.
func Data(data, replacement string) (map[string]any, error) {
	all := map[string]any{}
	for _, text := range []string{data, replacement} {
		if strings.TrimSpace(text) == "" {
			continue
		}
		var object map[string]any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&object); err != nil {
			return nil, fmt.Errorf("template data are no JSON object: %w", err)
		}
		maps.Copy(all, object)
	}
	return all, nil
}

// Render renders a text. The error wraps ErrSyntax or ErrMissing.
func Render(text string, data map[string]any) (string, error) {
	r := renderer{rest: text, scopes: []any{data}}
	var out strings.Builder
	end, err := r.block(&out, true)
	if err == nil && end != "" {
		err = fmt.Errorf("%w: {{%s}} closes nothing", ErrSyntax, end)
	}
	return out.String(), err
}

// Check reports what is wrong with a text whatever the data are; the error wraps
// ErrSyntax.
func Check(text string) error {
	r := renderer{rest: text}
	var out strings.Builder
	end, err := r.block(&out, false)
	if err == nil && end != "" {
		err = fmt.Errorf("%w: {{%s}} closes nothing", ErrSyntax, end)
	}
	return err
}

// maxDepth bounds nested blocks, and maxSize what a template may become.
const (
	maxDepth = 50
	maxSize  = 10 << 20
)

type renderer struct {
	rest   string
	scopes []any // the innermost last
	depth  int
}

// tag is what stands between braces.
type tag struct {
	text string
	raw  bool // three braces
}

// next takes the text up to the next tag, and the tag; ok is false at the end.
func (r *renderer) next() (text string, t tag, ok bool, err error) {
	begin := strings.Index(r.rest, "{{")
	if begin < 0 {
		text, r.rest = r.rest, ""
		return text, t, false, nil
	}
	text, r.rest = r.rest[:begin], r.rest[begin+2:]
	end := "}}"
	if strings.HasPrefix(r.rest, "{") {
		t.raw, end, r.rest = true, "}}}", r.rest[1:]
	}
	inner, rest, found := strings.Cut(r.rest, end)
	if !found {
		return "", t, false, fmt.Errorf("%w: {{%.40s is not closed", ErrSyntax, r.rest)
	}
	t.text, r.rest = strings.TrimSpace(inner), rest
	return text, t, true, nil
}

// block renders up to the end of the template or of a block, and returns what ended it:
// "else", "/name", or "" at the end. What is not live is read and not rendered.
func (r *renderer) block(out *strings.Builder, live bool) (end string, err error) {
	if r.depth++; r.depth > maxDepth {
		return "", fmt.Errorf("%w: blocks are nested more than %d deep", ErrSyntax, maxDepth)
	}
	defer func() { r.depth-- }()
	for {
		text, t, ok, err := r.next()
		if err != nil {
			return "", err
		}
		if live {
			out.WriteString(text)
		}
		if out.Len() > maxSize {
			return "", fmt.Errorf("%w: it becomes larger than %d bytes", ErrSyntax, maxSize)
		}
		switch {
		case !ok:
			return "", nil
		case t.text == "else" || strings.HasPrefix(t.text, "/"):
			return t.text, nil
		case strings.HasPrefix(t.text, "!"): // a comment
		case strings.HasPrefix(t.text, "#"):
			err = r.helper(out, t.text[1:], live)
		default:
			err = r.write(out, t, live)
		}
		if err != nil {
			return "", err
		}
	}
}

// write renders an attribute.
func (r *renderer) write(out *strings.Builder, t tag, live bool) error {
	if !isPath(t.text) {
		return fmt.Errorf("%w: {{%.40s}} is no attribute", ErrSyntax, t.text)
	}
	if !live {
		return nil
	}
	value, found := r.find(t.text)
	if !found {
		return missing(t.text)
	}
	text := textOf(value)
	if !t.raw {
		text = html.EscapeString(text)
	}
	out.WriteString(text)
	return nil
}

// helper renders a block with a helper: "if a".
func (r *renderer) helper(out *strings.Builder, text string, live bool) error {
	name, path, _ := strings.Cut(text, " ")
	path = strings.TrimSpace(path)
	if !slices.Contains([]string{"if", "unless", "each", "with"}, name) || !isPath(path) {
		return fmt.Errorf("%w: {{#%.40s}} is not one of #if, #unless, #each, #with and an attribute", ErrSyntax, text)
	}
	var value any
	found := false
	if live {
		value, found = r.find(path)
	}
	choice := found && truthy(value)
	if name == "unless" {
		choice = !choice
	}
	body := r.rest
	end, err := "", error(nil)
	switch scopes := scopesOf(name, value); {
	case live && choice && name == "each":
		for _, scope := range scopes {
			r.rest = body
			if end, err = r.within(out, scope); err != nil {
				return err
			}
		}
	case live && choice && name == "with":
		end, err = r.within(out, value)
	default:
		end, err = r.block(out, live && choice)
	}
	if err == nil && end == "else" {
		end, err = r.block(out, live && !choice)
	}
	if err == nil && end != "/"+name {
		err = fmt.Errorf("%w: {{#%.40s}} is not closed by {{/%s}}", ErrSyntax, text, name)
	}
	return err
}

// within renders a block in a further scope.
func (r *renderer) within(out *strings.Builder, scope any) (end string, err error) {
	r.scopes = append(r.scopes, scope)
	end, err = r.block(out, true)
	r.scopes = r.scopes[:len(r.scopes)-1]
	return end, err
}

// scopesOf returns what #each goes through.
func scopesOf(name string, value any) []any {
	list, _ := value.([]any)
	if object, ok := value.(map[string]any); ok && name == "each" {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			list = append(list, object[key])
		}
	}
	return list
}

// find returns the value of an attribute in the innermost scope that has it.
func (r *renderer) find(path string) (any, bool) {
	parts := strings.Split(path, ".")
	if parts[0] == "this" {
		return walk(r.scopes[len(r.scopes)-1], parts[1:])
	}
	for _, scope := range slices.Backward(r.scopes) {
		if object, ok := scope.(map[string]any); ok {
			if _, has := object[parts[0]]; has {
				return walk(scope, parts)
			}
		}
	}
	return nil, false
}

func walk(value any, parts []string) (any, bool) {
	for _, part := range parts {
		switch v := value.(type) {
		case map[string]any:
			next, ok := v[part]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

func truthy(value any) bool {
	switch v := value.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case json.Number:
		return v != "0"
	case []any:
		return len(v) > 0
	}
	return true
}

func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	}
	text, _ := json.Marshal(value) // it came from JSON
	return string(text)
}

// isPath reports whether a text names an attribute: "a", "a.b", "this".
func isPath(text string) bool {
	return text != "" && !strings.ContainsAny(text, " \t\n\"'(){}<>|&=#/") && !strings.HasPrefix(text, ".") && !strings.HasSuffix(text, ".")
}
