package jsontext

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"testing"
)

// TestOracle compares what is written with encoding/json.
func TestOracle(t *testing.T) {
	list := []string{
		"", "a", "a b ~", "<b@c.example>", "&", `"`, `\`, "\n", "a\x00", "\x7f", "ü", "€ and more", "\U0001f600", "\u2028", "a\u2029b", "\ufffd", "\xff",
		"\xc3", "a\xe2\x82", "{", "[",
	}
	of := struct {
		Name  string   `json:"name"`
		Empty string   `json:"empty,omitempty"`
		Some  string   `json:"some,omitempty"`
		N     int64    `json:"n"`
		List  []string `json:"list"`
		None  []string `json:"none"`
		Zero  []string `json:"zero"`
		Value any      `json:"value"`
	}{`"`, "", "ü", -12, list, nil, []string{}, []any{1, "<", nil}}
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	if err := e.Encode(of); err != nil {
		t.Fatal(err)
	}
	var got Text
	got.Raw("{")
	got.String("name", of.Name)
	got.Optional("empty", of.Empty)
	got.Optional("some", of.Some)
	got.Key("n")
	got.Integer(of.N)
	got.Key("list")
	got.Strings(of.List)
	got.Key("none")
	got.Strings(of.None)
	got.Key("zero")
	got.Strings(of.Zero)
	got.Key("value")
	if err := got.Value(of.Value); err != nil {
		t.Fatal(err)
	}
	got.Raw("}\n")
	if string(got.B) != want.String() {
		t.Errorf("got  %s\nwant %s", got.B, &want)
	}
	for _, s := range list {
		if a, b := AppendQuoted(nil, s), AppendQuoted(nil, []byte(s)); !bytes.Equal(a, b) {
			t.Errorf("%q: %s as a string, %s as bytes", s, a, b)
		}
	}
	before := string(got.B)
	if err := got.Value(func() {}); err == nil || string(got.B) != before {
		t.Errorf("a function: %v, and the text is %q", err, got.B)
	}
}

// TestPlaces compares each character at each place of texts of up to two words and a bit with
// encoding/json.
func TestPlaces(t *testing.T) {
	for c := range 256 {
		for size := 1; size <= 18; size++ {
			for at := range size {
				for _, other := range []byte{'a', '~', '"', 0xff} {
					text := bytes.Repeat([]byte{'a'}, size)
					text[(at+1)%size] = other
					text[at] = byte(c)
					if got, want := AppendQuoted([]byte("before"), text), appendValue([]byte("before"), string(text)); !bytes.Equal(got, want) {
						t.Fatalf("%q: %s, want %s", text, got, want)
					}
				}
			}
		}
	}
}

func TestAllocations(t *testing.T) {
	text := Text{B: make([]byte, 0, 100)}
	if n := testing.AllocsPerRun(100, func() {
		text.B = append(text.B[:0], '{')
		text.String("name", "a <value> with ü")
		text.Key("n")
		text.Integer(-12)
	}); n > 0 {
		t.Errorf("%g allocations", n)
	}
}

// TestIntegers compares numbers of every length with strconv.
func TestIntegers(t *testing.T) {
	list := []int64{math.MinInt64, math.MaxInt64, -1, 0, 5}
	for n := int64(1); ; n *= 10 {
		for _, by := range []int64{1, 2, 5, 9} {
			if n > math.MaxInt64/by {
				break
			}
			list = append(list, n*by-1, n*by, n*by+1)
		}
		if n > math.MaxInt64/10 {
			break
		}
	}
	for _, n := range list {
		for room := range 25 {
			if got, want := string(AppendInteger(make([]byte, 1, 1+room), n)), "\x00"+strconv.FormatInt(n, 10); got != want {
				t.Fatalf("%d: %q, want %q", n, got, want)
			}
		}
	}
}
