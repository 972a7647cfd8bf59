// Package wiretest serves the tests of the formats: a Backend that records what reaches
// it, and a comparison of our types with those of the AWS SDK, field by field.
package wiretest

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"sesim/cmd/internal/serve/api"
)

// Backend records calls, and answers them with what it is given.
type Backend struct {
	mu     sync.Mutex
	calls  []Call
	Output any
	Err    error
}

// Call is a call that has reached a Backend.
type Call struct {
	Caller api.Caller
	Input  any
}

// Do records a call.
func (b *Backend) Do(_ context.Context, caller api.Caller, input any) (any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, Call{caller, input})
	return b.Output, b.Err
}

// Take returns the calls since the last time.
func (b *Backend) Take() []Call {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls := b.calls
	b.calls = nil
	return calls
}

// moment is the value of all fields of time.
var moment = time.Date(2026, 3, 1, 12, 30, 15, 250e6, time.UTC)

// Fill gives every field that can be reached from a pointer to a struct a value other than
// the zero value: texts say where they are, enumerations have their first value.
func Fill(pointer any) { fill(reflect.ValueOf(pointer).Elem(), "") }

func fill(v reflect.Value, path string) {
	if values := v.MethodByName("Values"); values.IsValid() && v.Kind() == reflect.String {
		v.Set(values.Call(nil)[0].Index(0))
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(moment))
		return
	case api.Time:
		v.Set(reflect.ValueOf(api.Time{Time: moment}))
		return
	}
	switch v.Kind() {
	case reflect.Interface: // a union; none that we have
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
				fill(v.Field(i), path+"."+f.Name)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path+".0")
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), fmt.Sprintf("%s.%d", path, i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, path+".k")
		v.SetMapIndex(reflect.ValueOf("k"), value)
	case reflect.String:
		v.SetString("text-of" + strings.ReplaceAll(path, ".", "_")) // may be a tag
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(7)
	case reflect.Float64:
		v.SetFloat(200.5)
	default:
		v.SetInt(400)
	}
}

// Leaves returns the values that can be reached from a struct by their paths, without
// those that are zero. Embedded structs add nothing to a path.
func Leaves(value any) map[string]string {
	leaves := map[string]string{}
	collect(leaves, reflect.ValueOf(value), "")
	return leaves
}

func collect(leaves map[string]string, v reflect.Value, path string) {
	if !v.IsValid() {
		return
	}
	switch t := v.Interface().(type) {
	case time.Time:
		leaves[path] = t.UTC().Format(time.RFC3339Nano)
		return
	case api.Time:
		leaves[path] = t.UTC().Format(time.RFC3339Nano)
		return
	case []byte:
		leaves[path] = fmt.Sprintf("%x", t)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		collect(leaves, v.Elem(), path)
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			switch {
			case !f.IsExported() || f.Name == "ResultMetadata":
			case f.Anonymous:
				collect(leaves, v.Field(i), path)
			default:
				collect(leaves, v.Field(i), path+"."+f.Name)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			collect(leaves, v.Index(i), fmt.Sprintf("%s.%d", path, i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			collect(leaves, v.MapIndex(key), path+"."+key.String())
		}
	default:
		if !v.IsZero() {
			leaves[path] = fmt.Sprint(v)
		}
	}
}

// Without deletes the leaves at some paths and below them, and returns the paths at which
// there are none.
func Without(leaves map[string]string, paths []string) (absent []string) {
	for _, p := range paths {
		found := false
		for leaf := range leaves {
			if leaf == p || strings.HasPrefix(leaf, p+".") {
				delete(leaves, leaf)
				found = true
			}
		}
		if !found {
			absent = append(absent, p)
		}
	}
	return absent
}
