package events

import (
	"bytes"
	"encoding/json"
	"testing"
	"testing/quick"
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

// TestAppend checks that a record is written as encoding/json writes it, also with the
// strangest texts.
func TestAppend(t *testing.T) {
	same := func(rec record, tags map[string][]string, plain bool) bool {
		if rec.Mail == nil {
			return true // there is no record without one
		}
		rec.Mail.Tags = nil
		for name, values := range tags {
			rec.Mail.Tags = rec.Mail.Tags.with(tag{"overwritten" + name, nil}, tag{name, values}, tag{"overwritten" + name, values})
		}
		if plain {
			rec.EventType, rec.Mail.Source = "Send", "news@acme.example"
		}
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(rec); err != nil {
			t.Fatal(err)
		}
		got := append(rec.append(nil), '\n')
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("got  %s\nwant %s", got, want.Bytes())
			return false
		}
		return true
	}
	if err := quick.Check(same, nil); err != nil {
		t.Error(err)
	}
}
