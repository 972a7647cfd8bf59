package serve_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// v1 makes a call of version 1.
func (r *running) v1(action string, pairs ...string) {
	r.t.Helper()
	values := url.Values{"Action": {action}, "Version": {"2010-12-01"}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	q, err := http.NewRequest(http.MethodPost, r.url, strings.NewReader(values.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Authorization", strings.Replace(strings.Replace(authorization, "eu-west-1", "us-east-1", 1), "acme", "big", 1))
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		r.t.Fatalf("%s %q: %s", action, pairs, answer.Status)
	}
}

// TestNotifications checks that an identity's notifications go to its topic, with the
// headers of the mail if they are to have them: handlers find the mail by those.
func TestNotifications(t *testing.T) {
	h, r, _ := host(t, scenario, 0)
	const from, to = "news@big.example", "bounce@simulator.amazonses.com"
	r.v1("SetIdentityNotificationTopic", "Identity", "big.example", "NotificationType", "Bounce", "SnsTopic", h.Topics()[0].ARN)
	r.v1("SetIdentityHeadersInNotificationsEnabled", "Identity", "big.example", "NotificationType", "Delivery", "Enabled", "true") // not these
	for _, headers := range []string{"false", "true"} {
		r.v1("SetIdentityHeadersInNotificationsEnabled", "Identity", "big.example", "NotificationType", "Bounce", "Enabled", headers)
		r.v1("SendRawEmail", "RawMessage.Data", "RnJvbTogbmV3c0BiaWcuZXhhbXBsZQpYLUNhbXBhaWduOiA3CgpoaQo=", // From and X-Campaign
			"Destinations.member.1", to)
		r.advance("1m")
		var out received
		if !r.sqs(t.Context(), "ReceiveMessage", map[string]any{"QueueUrl": h.Topics()[0].To}, &out) || len(out.Messages) != 1 {
			t.Fatalf("%v", out)
		}
		var envelope struct{ Message, Subject string }
		var got struct {
			NotificationType string
			Mail             struct {
				Source  string
				Headers []struct{ Name, Value string }
			}
		}
		if err := json.Unmarshal([]byte(out.Messages[0].Body), &envelope); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(envelope.Message), &got); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, h := range got.Mail.Headers {
			found = found || h.Name == "X-Campaign" && h.Value == "7"
		}
		if got.NotificationType != "Bounce" || got.Mail.Source != from || envelope.Subject != "" || found != (headers == "true") {
			t.Errorf("headers %s: subject %q, %s", headers, envelope.Subject, envelope.Message)
		}
	}
}
