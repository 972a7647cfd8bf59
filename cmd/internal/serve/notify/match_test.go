package notify

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve/api"
)

// TestMatches checks each type of events against each that a destination can name.
func TestMatches(t *testing.T) {
	for event, want := range map[string]string{
		"Send": "SEND", "Reject": "REJECT", "Bounce": "BOUNCE", "Complaint": "COMPLAINT", "Delivery": "DELIVERY",
		"DeliveryDelay": "DELIVERY_DELAY", "Rendering Failure": "RENDERING_FAILURE", "Open": "",
	} {
		for _, named := range []string{
			"SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "DELIVERY_DELAY", "RENDERING_FAILURE", "OPEN", "CLICK", "SUBSCRIPTION", "",
		} {
			d := &api.EventDestinationDefinition{Enabled: true, MatchingEventTypes: []string{"CLICK", named}}
			if got := Matches(d, event); got != (named == want && want != "") {
				t.Errorf("%s matches %q: %v", event, named, got)
			}
			if d.Enabled = false; Matches(d, event) {
				t.Errorf("%s matches a destination that is disabled", event)
			}
		}
	}
}

// TestBridge checks the shapes in which other services pass events on.
func TestBridge(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 5, time.FixedZone("", 3600))
	got, err := Bridge([]byte("{\"eventType\":\"Bounce\",\"x\":\"<\"}\n"), "Bounce", "id", "123456789012", "us-east-1", "shop", at)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"version":"0","id":"id","detail-type":"Email Bounced","source":"aws.ses","account":"123456789012",` +
		`"time":"2026-03-01T11:00:00Z","region":"us-east-1",` +
		`"resources":["arn:aws:ses:us-east-1:123456789012:configuration-set/shop"],"detail":{"eventType":"Bounce","x":"<"}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	got, err = Bridge([]byte("{}"), "Send", "id", "1", "us-east-1", "", at)
	var without struct {
		Resources []string `json:"resources"`
	}
	if err != nil || json.Unmarshal(got, &without) != nil || without.Resources == nil || len(without.Resources) != 0 {
		t.Errorf("without a set: %s, %v", got, err)
	}
	if got, err := Bridge([]byte("{"), "Send", "id", "1", "us-east-1", "", at); err == nil {
		t.Errorf("of no JSON: %s", got)
	}
	if got := string(Firehose([]byte("{}"))) + string(Firehose([]byte("{}\n"))); got != "{}\n{}\n" {
		t.Errorf("%q", got)
	}
}
