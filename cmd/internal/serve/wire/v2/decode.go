package v2

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"iter"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"sesim/cmd/internal/serve/api"
	"sesim/sim/ses"
)

// maxUnknown bounds the unknown fields that a call's answer names.
const maxUnknown = 10

// decode fills a struct from a JSON object, and returns the paths of fields that it does
// not have. The names of fields are case-sensitive. null leaves a field as it is. Of a
// field that comes twice the last one counts.
func decode(body []byte, v reflect.Value) (unknown []string, refusal *api.Error) {
	d := decoder{rest: body, path: make([]string, 0, 8)}
	d.value(v)
	d.peek()
	if (d.unsure || len(d.rest) > 0) && !json.Valid(body) {
		return nil, badJSON("", body)
	}
	if d.fault != "" {
		return nil, api.NewError(ses.V2, api.Serialization, "%s", d.fault)
	}
	return d.unknown, nil
}

// badJSON returns the error of a body that is no JSON. AWS has no text for it; the hint
// says where.
func badJSON(text string, body []byte) *api.Error {
	e := api.NewError(ses.V2, api.Serialization, "%s", text)
	var any json.RawMessage
	if err := json.Unmarshal(body, &any); err != nil {
		e.Hint = err.Error()
	}
	return e
}

// decoder reads JSON. What is not valid it reads as it comes, and is unsure.
type decoder struct {
	rest    []byte
	path    []string
	unknown []string
	fault   string // the first value of a wrong type; empty: none
	unsure  bool   // whether what was read is valid, as has to be found out
}

// The texts of values of a wrong type. That of a structure is assumed.
const (
	listExpected      = "Expected list or null"
	structureExpected = "Expected structure or null"
	listFound         = "Start of list found where not expected"
	structureFound    = "Start of structure or map found where not expected."
)

func (d *decoder) fail(text string) {
	if d.fault == "" {
		d.fault = text
	}
	d.rest, d.unsure = nil, true
}

// take takes a byte, if it is the next one.
func (d *decoder) take(c byte) bool {
	if d.peek() != c {
		return false
	}
	d.rest = d.rest[1:]
	return true
}

// expect takes a byte that has to be the next one.
func (d *decoder) expect(c byte) {
	if !d.take(c) {
		d.unsure = true
	}
}

// separator takes the comma between the members of a list or an object, or its end, and
// reports whether another member follows.
func (d *decoder) separator(end byte) bool {
	if d.take(',') {
		return true
	}
	d.expect(end)
	return false
}

// peek skips white space and returns the next byte; 0 after a fault.
func (d *decoder) peek() byte {
	for i, c := range d.rest {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			d.rest = d.rest[i:]
			return c
		}
	}
	d.rest = nil
	return 0
}

// next skips white space and returns the next byte, which it takes.
func (d *decoder) next() byte {
	c := d.peek()
	if c != 0 {
		d.rest = d.rest[1:]
	}
	return c
}

// scalar takes a number, true, false or null.
func (d *decoder) scalar() []byte {
	d.peek()
	end := bytes.IndexAny(d.rest, ",]} \t\r\n")
	if end < 0 {
		end = len(d.rest)
	}
	text := d.rest[:end]
	d.rest = d.rest[end:]
	if s := string(text); s != "true" && s != "false" && s != "null" {
		d.unsure = true
	}
	return text
}

// quoted takes a string with its quotation marks.
func (d *decoder) quoted() []byte {
	for i := 1; i < len(d.rest); i++ {
		switch c := d.rest[i]; {
		case c == '"':
			text := d.rest[:i+1]
			d.rest = d.rest[i+1:]
			return text
		case c == '\\':
			i++
			if i == len(d.rest) || strings.IndexByte(`"\/bfnrt`, d.rest[i]) < 0 { // as u is, with four digits
				d.unsure = true
			}
		case c < ' ':
			d.unsure = true
		}
	}
	d.rest, d.unsure = nil, true
	return []byte(`""`)
}

// unquote returns what a string of JSON says.
func unquote(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var text string
	_ = json.Unmarshal(quoted, &text) // it is valid
	return text
}

// skip takes any value.
func (d *decoder) skip() {
	d.unsure = true
	switch d.peek() {
	case '"':
		d.quoted()
	case '{', '[':
		depth := 0
		for {
			switch d.peek() {
			case 0:
				return
			case '"':
				d.quoted()
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					d.next()
					return
				}
			}
			d.next()
		}
	default:
		d.scalar()
	}
}

// value fills v from the next value.
func (d *decoder) value(v reflect.Value) {
	if c := d.peek(); c == 'n' && v.Kind() != reflect.Bool {
		d.scalar()
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(v.Elem())
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*api.Time); ok {
			d.moment(at)
			return
		}
		d.object(v)
	case reflect.Slice:
		switch p := v.Addr().Interface().(type) {
		case *[]byte:
			d.blob(p)
		case *[]string:
			d.texts(p)
		default:
			d.list(v)
		}
	case reflect.String:
		v.SetString(d.text())
	case reflect.Bool:
		d.boolean(v)
	default:
		d.integer(v)
	}
}

// boolean fills v from true, false, or any string, which is true.
func (d *decoder) boolean(v reflect.Value) {
	switch c := d.peek(); c {
	case 't', 'f':
		d.scalar()
		v.SetBool(c == 't')
	case '"':
		d.quoted()
		v.SetBool(true)
	case 'n':
		d.fail("")
		d.fault = " " // AWS has no text for it
	default:
		d.fail(d.found() + " can not be converted to a Boolean")
	}
}

// found names the next value in the words of AWS's decoders.
func (d *decoder) found() string {
	switch d.peek() {
	case '"':
		return "STRING_VALUE"
	case 't':
		return "TRUE_VALUE"
	case 'f':
		return "FALSE_VALUE"
	case '{':
		return "START_OBJECT"
	case '[':
		return "START_ARRAY"
	}
	return "NUMBER_VALUE"
}

// text takes a string.
func (d *decoder) text() string {
	switch d.peek() {
	case '"':
		return unquote(d.quoted())
	case '[':
		d.fail(listFound)
	case '{':
		d.fail(structureFound)
	default:
		d.fail(d.found() + " can not be converted to a String")
	}
	return ""
}

func (d *decoder) integer(v reflect.Value) {
	switch d.peek() {
	case '[':
		d.fail(listFound)
		return
	case '{':
		d.fail(structureFound)
		return
	case '"', 't', 'f':
		d.fail(d.found() + " can not be converted to an Integer")
		return
	}
	n, err := strconv.ParseFloat(string(d.scalar()), 64)
	if err != nil || n != float64(int64(n)) || v.OverflowInt(int64(n)) {
		d.fail("NUMBER_VALUE can not be converted to an Integer")
		return
	}
	v.SetInt(int64(n))
}

// moment fills at from seconds since 1970.
func (d *decoder) moment(at *api.Time) {
	seconds, err := strconv.ParseFloat(string(d.scalar()), 64)
	if err != nil || math.Abs(seconds) > 1e11 {
		d.fail(d.found() + " can not be converted to a Timestamp")
		return
	}
	at.Time = time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
}

func (d *decoder) blob(to *[]byte) {
	if d.peek() != '"' {
		d.text()
		return
	}
	quoted := d.quoted()
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') >= 0 { // an escaped slash
		inner = []byte(unquote(quoted))
	}
	data, err := base64.StdEncoding.AppendDecode(nil, inner)
	if err != nil {
		d.fail("Invalid Base64 value")
		return
	}
	*to = data
}

func (d *decoder) list(v reflect.Value) {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for range d.elements() {
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(element)
		v.Set(reflect.Append(v, element))
	}
}

func (d *decoder) texts(to *[]string) {
	*to = []string{}
	for c := range d.elements() {
		text := ""
		if c == 'n' {
			d.scalar()
		} else {
			text = d.text()
		}
		*to = append(*to, text)
	}
}

// elements takes a list, and yields the first byte of each element, which has to be taken.
func (d *decoder) elements() iter.Seq[byte] {
	return func(yield func(first byte) bool) {
		if !d.take('[') {
			d.fail(listExpected)
			return
		}
		for more := !d.take(']'); more; more = d.separator(']') {
			if !yield(d.peek()) {
				return
			}
		}
	}
}

func (d *decoder) object(v reflect.Value) {
	if !d.take('{') {
		d.fail(structureExpected)
		return
	}
	fields := fieldsOf(v.Type())
	for more := !d.take('}'); more; more = d.separator('}') {
		if d.peek() != '"' {
			d.fail("")
			return
		}
		name := d.quoted()
		d.expect(':')
		f := fields[string(name[1:len(name)-1])]
		if f == nil {
			f = fields[unquote(name)]
		}
		if f != nil {
			d.path = append(d.path, f.name)
			d.value(v.FieldByIndex(f.index))
		} else {
			d.path = append(d.path, unquote(name))
			d.notice()
			d.skip()
		}
		d.path = d.path[:len(d.path)-1]
	}
}

// notice notes the field at the path as unknown.
func (d *decoder) notice() {
	var path []byte
	for i, name := range d.path {
		if i > 0 {
			path = append(path, '.')
		}
		path = append(path, name...)
	}
	if text := string(path[:min(len(path), 200)]); len(d.unknown) < maxUnknown && !slices.Contains(d.unknown, text) {
		d.unknown = append(d.unknown, text)
	}
}

// field is a field of a struct that is in bodies.
type field struct {
	name  string
	index []int
}

var fieldCache sync.Map // reflect.Type to map[string]*field

// fieldsOf returns the fields of a struct that are in bodies, also those of embedded
// structs, by name.
func fieldsOf(t reflect.Type) map[string]*field {
	if fields, ok := fieldCache.Load(t); ok {
		return fields.(map[string]*field)
	}
	fields := map[string]*field{}
	for _, f := range reflect.VisibleFields(t) {
		if in := f.Tag.Get("in"); !f.Anonymous && (in == "" || in == "any") && f.Tag.Get("json") != "-" {
			fields[f.Name] = &field{f.Name, f.Index}
		}
	}
	fieldCache.Store(t, fields)
	return fields
}
