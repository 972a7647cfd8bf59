package events_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"sesim/reports/events"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
)

// called opens a session of everything, lets it make calls, moves its clock on by a day,
// and returns the lines and the answers.
func called(t *testing.T, style events.Style, calls ...sim.Call) (lines []object, refused string, answers []sim.Answer, cfg *sim.Config) {
	t.Helper()
	c := config(t)
	c.Senders, c.Horizon = nil, 30*day
	c.Serve = sim.Serve{Addresses: 100, Magic: true}
	var w *compared
	s, err := engine.Open(*c, sim.Hooks{Observer: observer(func(r *sim.Record) { w.Observe(r) })})
	if err != nil {
		t.Fatal(err)
	}
	w = newCompared(s.Config(), style)
	s.Advance(hour, nil)
	for i := range calls {
		answer, err := s.Send(&calls[i])
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, answer)
	}
	s.Advance(20*day, nil)
	w.check(t)
	if n := w.InFlight(); n != 0 {
		t.Errorf("%d messages are remembered after their last record", n)
	}
	return parse(t, w.published.String()), w.refused.String(), answers, s.Config()
}

// observer is an observer that is a function.
type observer func(*sim.Record)

func (o observer) Observe(r *sim.Record) { o(r) }

// TestLive checks what records tell of a message that came from outside: its own headers,
// subject and tags, its recipients as they were given, and the id that the call was answered.
func TestLive(t *testing.T) {
	to := []string{"Ann@one.example", "Gone+sesim-bounce@Strange.Example", "p-1@people.example"}
	c := sim.Call{
		From: "The News <news@acme.example>", Set: "marketing", Recipients: to, Size: 1000,
		Message: sim.Message{
			Subject: "Hello", Caller: "deployer", SourceIP: "192.0.2.77", Operation: "SendRawEmail",
			Headers: []sim.Header{{Name: "X-Campaign", Value: "42"}, {Name: "Subject", Value: "Hello"}},
			Tags:    map[string][]string{"team": {"growth"}},
		},
	}
	lines, _, answers, cfg := called(t, events.EventPublishing, c, c)
	id := events.MessageID(cfg, 0, hour, answers[1].Message)
	if answers[1].Message != 1 || id == events.MessageID(cfg, 0, hour, 0) {
		t.Errorf("message %d has id %s", answers[1].Message, id)
	}
	kinds := map[string]int{}
	for _, line := range lines {
		mail := line["mail"].(object)
		if mail["messageId"] != id {
			continue
		}
		kinds[line["eventType"].(string)]++
		if got := mail["destination"]; !reflect.DeepEqual(got, []any{to[0], to[1], to[2]}) {
			t.Errorf("destination %v", got)
		}
		if got := mail["headers"]; !reflect.DeepEqual(got, []any{object{"name": "X-Campaign", "value": "42"}, object{"name": "Subject", "value": "Hello"}}) {
			t.Errorf("headers %v", got)
		}
		common, tags := mail["commonHeaders"].(object), mail["tags"].(object)
		if common["subject"] != "Hello" || mail["headersTruncated"] != false || mail["source"] != "news@acme.example" {
			t.Errorf("mail %v", mail)
		}
		for tag, want := range map[string]string{
			"team": "growth", "ses:configuration-set": "marketing", "ses:operation": "SendRawEmail", "ses:source-ip": "192.0.2.77",
			"ses:caller-identity": "deployer", "ses:from-domain": "acme.example",
		} {
			if !reflect.DeepEqual(tags[tag], []any{want}) {
				t.Errorf("tag %s is %v", tag, tags[tag])
			}
		}
		if line["eventType"] == "Bounce" && !strings.Contains(fmt.Sprint(line["bounce"]), to[1]) && !strings.Contains(fmt.Sprint(line["bounce"]), to[2]) {
			t.Errorf("bounce %v", line["bounce"])
		}
	}
	if kinds["Send"] != 1 || kinds["Bounce"] == 0 || kinds["Delivery"] == 0 {
		t.Errorf("records of the message: %v", kinds)
	}
}

// TestLiveNotification: a notification has headers only where the identity's owner wants
// them in those of its type.
func TestLiveNotification(t *testing.T) {
	c := sim.Call{From: "news@acme.example", Recipients: []string{"who@knows.example"}}
	c.Message.Headers = []sim.Header{{Name: "X-Long", Value: strings.Repeat("x", sim.MaxHeaders)}}
	for _, c.Message.Notify = range []sim.NotifyHeaders{{}, {Delivery: true}, {Bounce: true, Complaint: true}} {
		notify := c.Message.Notify.Delivery
		lines, _, _, _ := called(t, events.Notification, c)
		if len(lines) != 1 || lines[0]["notificationType"] != "Delivery" {
			t.Fatalf("lines %v", lines)
		}
		if got, has := lines[0]["mail"].(object)["headersTruncated"]; has != notify || notify && got != true {
			t.Errorf("with headers %v: truncated %v, %v", notify, has, got)
		}
	}
}

// TestLiveRefusals: the stream of refusals names the call's interface and recipients.
func TestLiveRefusals(t *testing.T) {
	c := sim.Call{Account: 2, Interface: ses.V1, From: "probe@box.example", Recipients: []string{"Some@One.example"}}
	_, refused, _, _ := called(t, events.EventPublishing, c)
	if len(parse(t, refused)) != 1 || !strings.Contains(refused, `"interface":"v1","recipients":["Some@One.example"],"status":400,"type":"Sender"`) {
		t.Error(refused)
	}
}

// TestLiveSimulator: the bounces of one call are merged, as those of senders are.
func TestLiveSimulator(t *testing.T) {
	c := sim.Call{From: "news@acme.example", Recipients: []string{"bounce@" + ses.SimulatorDomain, "bounce+2@" + ses.SimulatorDomain}}
	lines, _, _, _ := called(t, events.EventPublishing, c)
	if len(lines) != 2 || len(lines[1]["bounce"].(object)["bouncedRecipients"].([]any)) != 2 {
		t.Errorf("lines %v", lines)
	}
}

// TestLiveTags checks tags that a message has of its own, also where their names are those that
// a delivery has, or stand around these.
func TestLiveTags(t *testing.T) {
	c := sim.Call{From: "news@acme.example", Set: "marketing", Recipients: []string{"ann@one.example"}, Size: 1000}
	for _, names := range [][]string{
		{"a", "z"}, {"ses:outgoing-ip"}, {"ses:outgoing-tls-version", "z"}, {"ses:outgoing-k", "ses:outgoing-ip"}, {"ses:outgoing-z"}, {"ses:caller-identity"},
	} {
		c.Message.Tags = map[string][]string{}
		for _, name := range names {
			c.Message.Tags[name] = []string{"one", `"two"`}
		}
		deliveries := 0
		lines, _, _, _ := called(t, events.EventPublishing, c, c)
		for _, line := range lines {
			if line["eventType"] != "Delivery" {
				continue
			}
			deliveries++
			tags := line["mail"].(object)["tags"].(object)
			for _, name := range append(names, "ses:outgoing-ip", "ses:outgoing-tls-version", "ses:source-ip") {
				if tags[name] == nil {
					t.Errorf("with %q the tags of a delivery are %v", names, tags)
				}
			}
		}
		if deliveries != 2 {
			t.Errorf("%d deliveries", deliveries)
		}
	}
}
