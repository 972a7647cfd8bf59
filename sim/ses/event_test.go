package ses_test

import (
	"encoding/json"
	"slices"
	"testing"

	"sesim/sim/ses"
)

// Every event has a text of its own, by which JSON and thresholds know it.
func TestEvents(t *testing.T) {
	events := slices.Collect(ses.Events())
	if first, last := events[0], events[len(events)-1]; first != ses.EventRequested || last != ses.EventRemovalRefused {
		t.Errorf("the events go from %v to %v", first, last)
	}
	seen := map[string]bool{}
	for _, event := range events {
		text := event.String()
		if text == "" || seen[text] {
			t.Errorf("event %d has the text %q, which is empty or another's", event, text)
		}
		seen[text] = true
		if got, err := ses.ParseEvent(text); got != event || err != nil {
			t.Errorf("%q reads as %d, %v", text, got, err)
		}
		written, err := json.Marshal(event)
		if err != nil || string(written) != `"`+text+`"` {
			t.Errorf("%v in JSON is %s, %v", event, written, err)
		}
		var read ses.Event
		if err := json.Unmarshal(written, &read); read != event || err != nil {
			t.Errorf("%s reads as %d, %v", written, read, err)
		}
	}
	for _, text := range []string{"", "Paused", "paused ", "under review"} {
		if got, err := ses.ParseEvent(text); err == nil {
			t.Errorf("%q reads as %v", text, got)
		}
	}
	var read ses.Event
	want := `"pausd" is not an event of a timeline, such as "under-review"`
	if err := json.Unmarshal([]byte(`"pausd"`), &read); err == nil || err.Error() != want {
		t.Errorf("a wrong name is reported as %v, want %s", err, want)
	}
}
