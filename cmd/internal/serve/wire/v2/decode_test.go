package v2

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
)

// bodies are bodies of calls: whole ones, ones with values of a wrong type, and broken ones.
var bodies = []string{
	`{"FromEmailAddress": "a@x.example", "Destination": {"ToAddresses": ["b@y.example", null, "c\"\\\/\b\f\n\r\t\u00e9@y.example"]},
	"Content": {"Simple": {"Subject": {"Data": "é"}, "Body": {"Text": {"Data": "t"}, "Html": null}}}, "EmailTags": [{"Name": "n", "Value": "v"}]}`,
	`{"Content": {"Raw": {"Data": "QUI="}}, "More": {"of": [1, -2.5e7, true, false, null, {}, []]}, "ReplyToAddresses": []}`,
	`{"Content": {"Simple": {"Subject": 7, "Body": [true]}}, "ReplyToAddresses": "x"}`,
	`{"a": 1,}`, `{"ReplyToAddresses": ["a",]}`, `{"ReplyToAddresses": ["a"`, `{"FromEmailAddress": "a"`, `{"FromEmailAddress": "a",`,
	`{"FromEmailAddress" "a"}`, `{"FromEmailAddress": "a"} {}`, "{}\x00", "{}\n ", `null`, `nul`, `{"FromEmailAddress": nulll}`,
	`{"FromEmailAddress": "\u12"}`, `{"FromEmailAddress": "\x"}`, "{\"FromEmailAddress\": \"a\tb\"}", `{FromEmailAddress: "a"}`, `[`, `"`, `{`, `"\`,
}

// FuzzBroken checks that a body is refused as broken if, and only if, encoding/json does not
// take it for JSON.
func FuzzBroken(f *testing.F) {
	for _, body := range bodies {
		f.Add([]byte(body))
	}
	f.Fuzz(checkDecode)
}

func checkDecode(t *testing.T, body []byte) {
	_, refusal := decode(body, reflect.ValueOf(&SendEmail{}).Elem())
	if broken := refusal != nil && refusal.Wire.Message == ""; broken == json.Valid(body) {
		t.Errorf("%q is broken: %v", body, broken)
	}
}

// TestDecodeBroken does the same with bodies in which a few bytes are changed.
func TestDecodeBroken(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const alphabet = "{}[]\",:\\ntrue0-. \x00\x1f\xc3"
	for range 20_000 {
		body := []byte(bodies[r.IntN(len(bodies))])
		for range 1 + r.IntN(3) {
			if at, c := r.IntN(len(body)), alphabet[r.IntN(len(alphabet))]; r.IntN(2) == 0 {
				body[at] = c
			} else {
				body = append(body[:at+1], body[at:]...)
				body[at] = c
			}
		}
		checkDecode(t, body)
	}
}
