package v1

import (
	"encoding/base64"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"sesim/cmd/internal/serve/api"
	"sesim/sim/ses"
)

// Bounds on forms, which the callers choose.
const (
	maxDepth   = 10 // parts of a parameter's name
	maxUnknown = 10 // unknown parameters that are named
)

// node is a part of the name of parameters.
type node struct {
	value string
	used  bool
	parts map[string]*node
}

// tree sorts the parameters of a form by the parts of their names.
func tree(form url.Values) *node {
	root := &node{}
	for name, values := range form {
		if strings.Count(name, ".") >= maxDepth {
			continue
		}
		n := root
		for part := range strings.SplitSeq(name, ".") {
			next := n.parts[part]
			if next == nil {
				next = &node{}
				if n.parts == nil {
					n.parts = map[string]*node{}
				}
				n.parts[part] = next
			}
			n = next
		}
		n.value = values[0]
	}
	return root
}

// bind fills the fields of an action from a form, and returns the names of parameters that
// it does not have.
func bind(form url.Values, a any) (unknown []string, refusal *api.Error) {
	root := tree(form)
	for _, common := range []string{"Action", "Version"} {
		delete(root.parts, common)
	}
	if text := fill(reflect.ValueOf(a).Elem(), root, ""); text != "" {
		e := api.NewError(ses.V1, api.Serialization, "%s", text)
		e.Wire.Code = "MalformedInput"
		return nil, e
	}
	return unused(root, "", nil), nil
}

// unused returns the first names of parameters that were not used.
func unused(n *node, path string, list []string) []string {
	for _, part := range slices.Sorted(maps.Keys(n.parts)) {
		if len(list) >= maxUnknown {
			return list
		}
		next := n.parts[part]
		at := strings.TrimPrefix(path+"."+part, ".")
		if len(next.parts) == 0 && !next.used {
			list = append(list, at[:min(len(at), 200)])
		}
		list = unused(next, at, list)
	}
	return list
}

// fill fills a field, and returns what is wrong with its value, if anything is.
func fill(v reflect.Value, n *node, at string) string {
	n.used = true
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), n, at)
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Anonymous {
				if text := fill(v.Field(i), n, at); text != "" {
					return text
				}
			} else if part := n.parts[f.Name]; part != nil {
				if text := fill(v.Field(i), part, at+"."+f.Name); text != "" {
					return text
				}
			}
		}
		return ""
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			return fillList(v, n, at)
		}
	}
	return scalar(v, n.value, at)
}

// fillList fills a list from X.member.1, X.member.2 and so on. Numbers only give the
// order.
func fillList(v reflect.Value, n *node, at string) string {
	members := n.parts["member"]
	if members == nil {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0)) // "X=" is an empty list
		return ""
	}
	var numbers []int
	for part := range members.parts {
		if number, err := strconv.Atoi(part); err == nil && number > 0 && strconv.Itoa(number) == part {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	v.Set(reflect.MakeSlice(v.Type(), len(numbers), len(numbers)))
	for i, number := range numbers {
		part := strconv.Itoa(number)
		if text := fill(v.Index(i), members.parts[part], at+".member."+part); text != "" {
			return text
		}
	}
	return ""
}

// scalar fills a text, a number, a boolean or bytes.
func scalar(v reflect.Value, text, at string) string {
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(text == "true")
		if text != "true" && text != "false" {
			err = strconv.ErrSyntax
		}
	case reflect.Slice:
		var data []byte
		data, err = base64.StdEncoding.DecodeString(text)
		v.SetBytes(data)
	default:
		var number int64
		number, err = strconv.ParseInt(text, 10, 32)
		v.SetInt(number)
	}
	if err != nil {
		return "Unexpected value of " + strings.TrimPrefix(at, ".")
	}
	return ""
}
