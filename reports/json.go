package reports

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// The functions of this file write and read the structs that have figures
// beyond their fields: as encoding/json does, plus each further figure at its
// place.

// MarshalJSON writes the account with all its figures.
func (a Account) MarshalJSON() ([]byte, error) {
	type plain Account
	return marshal(plain(a), a.More)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Account) UnmarshalJSON(text []byte) error {
	type plain Account
	return unmarshal(text, (*plain)(a), &a.More)
}

// MarshalJSON writes the list with all its figures.
func (l AccountList) MarshalJSON() ([]byte, error) {
	type plain AccountList
	return marshal(plain(l), l.More)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *AccountList) UnmarshalJSON(text []byte) error {
	type plain AccountList
	return unmarshal(text, (*plain)(l), &l.More)
}

// MarshalJSON writes the sender with all its figures.
func (s Sender) MarshalJSON() ([]byte, error) {
	type plain Sender
	return marshal(plain(s), s.More)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Sender) UnmarshalJSON(text []byte) error {
	type plain Sender
	return unmarshal(text, (*plain)(s), &s.More)
}

// MarshalJSON writes the client with all its figures.
func (c Client) MarshalJSON() ([]byte, error) {
	type plain Client
	return marshal(plain(c), c.More)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Client) UnmarshalJSON(text []byte) error {
	type plain Client
	return unmarshal(text, (*plain)(c), &c.More)
}

// MarshalJSON writes the list with all its figures.
func (g GlobalList) MarshalJSON() ([]byte, error) {
	type plain GlobalList
	return marshal(plain(g), g.More)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (g *GlobalList) UnmarshalJSON(text []byte) error {
	type plain GlobalList
	return unmarshal(text, (*plain)(g), &g.More)
}

// marshal writes a struct as JSON, with more figures at their places.
func marshal(v any, more Figures) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // left to the caller's encoder
	if err := e.Encode(v); err != nil || len(more) == 0 {
		return b.Bytes(), err
	}
	return merge(b.Bytes(), more.tree())
}

// tree returns the figures as objects in objects.
func (f Figures) tree() map[string]any {
	root := map[string]any{}
	for path, value := range f {
		at := root
		key, rest, nested := strings.Cut(path, ".")
		for nested {
			below, ok := at[key].(map[string]any)
			if !ok {
				below = map[string]any{}
				at[key] = below
			}
			at = below
			key, rest, nested = strings.Cut(rest, ".")
		}
		at[key] = value
	}
	return root
}

// merge puts the keys of a tree into a JSON object. Objects that both have are
// merged; the other keys follow at the end.
func merge(object []byte, more map[string]any) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	separator := "{"
	write := func(key string, value []byte) {
		b.WriteString(separator + strconv.Quote(key) + ":")
		b.Write(value)
		separator = ","
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key := token.(string) // every other token of an object is
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if inside, ok := more[key].(map[string]any); ok {
			if value, err = merge(value, inside); err != nil {
				return nil, err
			}
			delete(more, key)
		}
		write(key, value)
	}
	for _, key := range slices.Sorted(maps.Keys(more)) {
		value, err := json.Marshal(more[key])
		if err != nil {
			return nil, err
		}
		write(key, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// unmarshal reads a struct from JSON, and the numbers without a field into more.
func unmarshal(text []byte, to any, more *Figures) error {
	if err := json.Unmarshal(text, to); err != nil {
		return err
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		return err
	}
	found := Figures{}
	found.rest(reflect.TypeOf(to).Elem(), "", object)
	if len(found) > 0 {
		*more = found
	}
	return nil
}

// rest takes the numbers of an object for which a struct has no field; without
// a struct, all.
func (f Figures) rest(t reflect.Type, path string, object map[string]any) {
	for key, value := range object {
		var of reflect.Type
		if t != nil {
			if index := fieldOf(t, key); index != nil {
				of = t.FieldByIndex(index).Type
			}
		}
		if of != nil && of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		switch value := value.(type) {
		case float64:
			if of == nil {
				f[path+key] = value
			}
		case map[string]any:
			if of == nil || of.Kind() == reflect.Struct {
				f.rest(of, path+key+".", value)
			}
		}
	}
}
