package notify

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/reports/jsontext"
)

// types are the types of events, by the names in events: as version 2 of the API matches
// them, and as EventBridge names them.
var types = map[string]struct{ match, detail string }{
	"Send":              {"SEND", "Email Sent"},
	"Reject":            {"REJECT", "Email Rejected"},
	"Bounce":            {"BOUNCE", "Email Bounced"},
	"Complaint":         {"COMPLAINT", "Email Complaint Received"},
	"Delivery":          {"DELIVERY", "Email Delivered"},
	"DeliveryDelay":     {"DELIVERY_DELAY", "Email Delivery Delayed"},
	"Rendering Failure": {"RENDERING_FAILURE", "Email Rendering Failed"},
}

// Matches reports whether an event destination takes events of a type, by its name in
// events.
func Matches(d *api.EventDestinationDefinition, eventType string) bool {
	t, ok := types[eventType]
	return ok && d.Enabled && slices.Contains(d.MatchingEventTypes, t.match)
}

// bridged is an event as EventBridge passes it on.
type bridged struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Time       string          `json:"time"`
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

// Bridge returns an event as EventBridge passes it on: with the account and the Region
// that have sent the mail, at a virtual time, and the ARN of its configuration set. The id
// identifies the event.
func Bridge(event []byte, eventType, id, account, region, set string, at time.Time) ([]byte, error) {
	b := bridged{
		Version: "0", ID: id, DetailType: types[eventType].detail, Source: "aws.ses", Account: account, Region: region,
		Time: at.UTC().Format(time.RFC3339), Resources: []string{}, Detail: bytes.TrimSpace(event),
	}
	if set != "" {
		b.Resources = append(b.Resources, "arn:aws:ses:"+region+":"+account+":configuration-set/"+set)
	}
	var t jsontext.Text
	err := t.Value(&b)
	return t.B, err
}

// Firehose returns an event as a record of Firehose: with a line break at its end.
func Firehose(event []byte) []byte { return append(bytes.Clone(bytes.TrimSpace(event)), '\n') }
