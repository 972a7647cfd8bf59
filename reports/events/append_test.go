package events

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
)

// MarshalJSON writes tags by way of a map.
func (t tagList) MarshalJSON() ([]byte, error) {
	m := map[string][]string{}
	for _, tag := range t {
		m[tag.Name] = tag.Values
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(m)
	return out.Bytes(), err
}

// pieces are what texts are made of: some of them need more than quotation marks.
var pieces = []string{"", "a", "smtp; 550", "<b@c.example>", `"`, `\`, "\n", "\x00", "\x7f", "ü", "\u2028", "\xff", "{", "[", "&"}

// fill fills a value at random.
func fill(v reflect.Value, r *rand.Rand) {
	switch v.Kind() {
	case reflect.Pointer:
		if r.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), r)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), r)
		}
	case reflect.Slice:
		if n := r.IntN(4); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n-1, n))
		}
		for i := range v.Len() {
			fill(v.Index(i), r)
		}
	case reflect.String:
		for range r.IntN(3) {
			v.SetString(v.String() + pieces[r.IntN(len(pieces))])
		}
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int64:
		v.SetInt(r.Int64() - 1<<62)
	}
}

// TestAppend checks that a record is written as encoding/json writes it, also with the
// strangest texts.
func TestAppend(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		rec := record{Mail: &mail{}}
		fill(reflect.ValueOf(&rec.Mail).Elem().Elem(), random)
		own := rec.Mail.Tags
		rec.Mail.Tags = nil
		for _, tag := range own { // in order, and each once
			rec.Mail.Tags = rec.Mail.Tags.with(tag)
		}
		m := rec.Mail
		fill(reflect.ValueOf(&rec).Elem(), random)
		rec.Mail = m
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(rec); err != nil {
			t.Fatal(err)
		}
		if got := append(rec.append(nil), '\n'); !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("got  %s\nwant %s", got, want.Bytes())
		}
	}
}
