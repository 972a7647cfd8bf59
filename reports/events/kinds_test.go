package events_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/events"
	"sesim/sim"
)

// observe hands records to a writer and returns what it wrote.
func observe(t testing.TB, cfg *sim.Config, style events.Style, records ...sim.Record) []object {
	t.Helper()
	var out bytes.Buffer
	w := events.New(&out, cfg, style)
	for i := range records {
		w.Observe(&records[i])
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return parse(t, out.String())
}

// TestKinds checks the object that each kind of record becomes, and that the
// table leaves no kind out. The host that sends the message is that of the
// tag which a delivery of it has.
func TestKinds(t *testing.T) {
	cfg := config(t)
	covered := map[sim.RecordKind]bool{}
	for _, c := range published {
		covered[c.kind] = true
		t.Run(c.name, func(t *testing.T) {
			r := c.record
			r.Kind = c.kind
			if r.At == 0 {
				r.At = hour
			}
			if r.Address.Audience == 2 {
				r.Sender = probe
			}
			got := observe(t, cfg, events.EventPublishing, r)
			if len(got) != len(c.want) {
				t.Fatalf("%d records %v, want %d", len(got), got, len(c.want))
			}
			for i, rec := range got {
				checkPayload(t, rec, c.want[i], hostOf(t, cfg, r))
			}
		})
	}
	for kind := range sim.Changed + 1 {
		if !covered[kind] {
			t.Errorf("kind %d is in no case", kind)
		}
	}
}

// hostOf returns name and address of the server that sends a record's
// message.
func hostOf(t *testing.T, cfg *sim.Config, r sim.Record) [2]string {
	rec := observe(t, cfg, events.EventPublishing, sim.Record{Kind: sim.Delivered, Sender: r.Sender, Account: r.Account, Message: r.Message})[0]
	return [2]string{text(rec, "delivery.reportingMTA"), text(rec, "mail.tags.ses:outgoing-ip[]")}
}

// checkPayload compares a record with a type and an object that leaves out
// the feedback id.
func checkPayload(t *testing.T, rec object, want string, host [2]string) {
	t.Helper()
	kind, body, _ := strings.Cut(want, " ")
	body = strings.NewReplacer("HOST", host[0], `"IP"`, `"`+host[1]+`"`).Replace(body)
	var expected object
	if err := json.Unmarshal([]byte(body), &expected); err != nil {
		t.Fatal(err)
	}
	got := payload(rec)
	_, has := got["feedbackId"]
	if feedback := kind == "Bounce" || kind == "Complaint"; has != feedback {
		t.Errorf("%s has a feedback id: %v", kind, has)
	}
	delete(got, "feedbackId")
	if diff := cmp.Diff(expected, got); kindOf(rec) != kind || diff != "" {
		t.Errorf("%s, want %s (- want, + got):\n%s", kindOf(rec), kind, diff)
	}
}

// TestNotification checks which kinds the legacy style leaves out, and that
// the objects of the others are the same as in event publishing.
func TestNotification(t *testing.T) {
	cfg := config(t)
	for _, c := range published {
		r := c.record
		r.Kind = c.kind
		var want []object
		for _, rec := range observe(t, cfg, events.EventPublishing, r) {
			switch kindOf(rec) {
			case "Bounce", "Complaint", "Delivery":
				want = append(want, payload(rec))
			}
		}
		var got []object
		for _, rec := range observe(t, cfg, events.Notification, r) {
			if rec["notificationType"] == nil || rec["eventType"] != nil {
				t.Errorf("%s: the type's key is not notificationType: %v", c.name, rec)
			}
			got = append(got, payload(rec))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (- event publishing, + notification):\n%s", c.name, diff)
		}
	}
}
