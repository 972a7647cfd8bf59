package events_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	lambda "github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"sesim/reports/events"
)

// aws-lambda-go has no types for bounces, complaints and deliveries: its SES
// types are those of received mail. What it covers are the SNS message that
// brings a record to a function, and of the record the mail object.

// beyond are the fields of mail that aws-lambda-go's SimpleEmailMessage does
// not have, because they belong to sent mail.
var beyond = []string{"callerIdentity", "sendingAccountId", "sourceArn", "sourceIp", "tags"}

// TestSNSEvent checks that a record survives the SNS message that a handler
// gets it in: decoded by the handler's types it is the same text.
func TestSNSEvent(t *testing.T) {
	lines, _ := run(t, config(t), events.Notification)
	for line := range strings.Lines(lines) {
		line = strings.TrimSuffix(line, "\n")
		message, err := json.Marshal(lambda.SNSEvent{Records: []lambda.SNSEventRecord{{
			EventSource: "aws:sns", SNS: lambda.SNSEntity{Type: "Notification", Message: line},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		var event lambda.SNSEvent
		if err := json.Unmarshal(message, &event); err != nil {
			t.Fatal(err)
		}
		if got := event.Records[0].SNS.Message; got != line {
			t.Fatalf("decoded: %s\nwritten: %s", got, line)
		}
	}
}

// TestSimpleEmailMessage checks that the mail object decodes into the
// handler's type without loss: encoded again it has every field with the same
// value, but for those that the type does not know.
func TestSimpleEmailMessage(t *testing.T) {
	for _, style := range []events.Style{events.EventPublishing, events.Notification} {
		lines, _ := run(t, config(t), style)
		for _, rec := range parse(t, lines) {
			written := rec["mail"].(object)
			decoded := roundTrip(t, written)
			for key, value := range written {
				switch again, kept := decoded[key]; {
				case slices.Contains(beyond, key):
					if kept {
						t.Errorf("aws-lambda-go knows %s now", key)
					}
				case key == "timestamp":
					if !sameMoment(value, again) {
						t.Errorf("timestamp %v became %v", value, again)
					}
				case !kept:
					t.Errorf("%s got lost", key)
				default:
					if diff := cmp.Diff(value, within(value, again)); diff != "" {
						t.Errorf("%s (- written, + decoded):\n%s", key, diff)
					}
				}
			}
		}
	}
}

// roundTrip decodes a mail object into the handler's type and encodes it.
func roundTrip(t *testing.T, mail object) object {
	t.Helper()
	var message lambda.SimpleEmailMessage
	text, err := json.Marshal(mail)
	if err == nil {
		err = json.Unmarshal(text, &message)
	}
	if err == nil {
		text, err = json.Marshal(message)
	}
	var again object
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// sameMoment compares timestamps, which the type writes without trailing
// zeros.
func sameMoment(a, b any) bool {
	x, err := time.Parse(time.RFC3339, a.(string))
	y, err2 := time.Parse(time.RFC3339, b.(string))
	return err == nil && err2 == nil && x.Equal(y)
}

// within returns the decoded value with the keys that were written: the type
// adds empty fields.
func within(written, decoded any) any {
	keys, ok := written.(object)
	if !ok {
		return decoded
	}
	kept := object{}
	for key := range keys {
		if value, ok := decoded.(object)[key]; ok {
			kept[key] = value
		}
	}
	return kept
}
