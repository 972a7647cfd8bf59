package events_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"sesim/reports/events"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * hour
)

// always is a delay that does not vary.
func always(d time.Duration) rules.Spread { return rules.Spread{Median: d, Upper: d, Tail: 99} }

// config returns a configuration in which much happens: bounces and delays of
// all kinds, complaints, automatic replies, suppression by both lists, the
// mailbox simulator, rejected content and refused calls.
func config(t testing.TB) *sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	set.Delay = rules.Delays{
		Delivery: always(1500 * time.Millisecond), Bounce: always(time.Second), AsyncShare: 25 * unit.Percent,
		Async: always(10 * minute), Complaint: always(6 * hour), ComplaintRelay: 5 * minute, Publish: always(time.Second),
	}
	set.Retry.Jitter = 0
	return &sim.Config{
		Name: "everything", Edition: "current", Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Horizon: 2 * day, Seed: 1, Rules: set,
		Accounts: []sim.Account{
			{Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 1000, Rate: 14, Identities: []string{"acme.example", "news@acme.example"},
				Suppression: ses.ListBounce | ses.ListComplaint, Sets: []sim.ConfigurationSet{{Name: "marketing"}}},
			{Name: "beta", Customer: "acme", Region: "eu-west-2", Access: ses.Production, Quota: 1000, Rate: 14, Identities: []string{"beta.example"}},
			{Name: "box", Region: "eu-north-1", Quota: 200, Rate: 1, Identities: []string{"box.example"}},
		},
		Audiences: []sim.Audience{
			{Name: "people", Size: 60, Domain: "people.example", Local: "p-", Invalid: 20 * unit.Percent, DeadDomain: 5 * unit.Percent,
				MailboxFull: 10 * unit.Percent, FullFor: 20 * hour, TooLarge: 4 * unit.Percent, ContentRejected: 4 * unit.Percent,
				AttachmentRejected: 4 * unit.Percent, Undetermined: 4 * unit.Percent, Deferral: "SpamDetected", HardBounce: 4 * unit.Percent,
				Complaint: 10 * unit.Percent, FeedbackLoop: unit.Whole, OutOfOffice: 10 * unit.Percent},
			{Name: "pair", Size: 4, Addresses: []string{"ann@one.example", "bob@two.example", "cid@ONE.example", "dot@one.example"}},
			{Name: "simulator", Size: 6, Addresses: []string{
				"bounce@" + ses.SimulatorDomain, "success@" + ses.SimulatorDomain, "bounce+label@" + ses.SimulatorDomain,
				"ooto@" + ses.SimulatorDomain, "complaint@" + ses.SimulatorDomain, "suppressionlist@" + ses.SimulatorDomain}},
		},
		Senders: []sim.Sender{
			{Name: "newsletter", From: "news+2026@acme.example", Recipients: 3, Set: 1, Traffic: campaign(12 * hour)},
			{Name: "alerts", Account: 1, From: "Beta Alerts <alerts@mail.beta.example>", Interface: sim.SMTP, Recipients: 1, Traffic: campaign(day), Begin: hour},
			{Name: "letters", Audience: 1, From: "hi@acme.example", Interface: sim.V1, Recipients: 4, Traffic: campaign(day), Set: 1},
			{Name: "probe", Account: 2, Audience: 2, From: "probe@box.example", Recipients: 6, Traffic: campaign(0), Begin: 2 * hour},
			{Name: "bad", Audience: 1, From: "bad@acme.example", Recipients: 2, Rejected: unit.Whole, Traffic: campaign(0), Begin: 3 * hour},
			{Name: "boxed", Account: 2, From: "probe@box.example", Recipients: 1, Traffic: campaign(0), Begin: 4 * hour, End: 4*hour + 3*time.Second},
		},
	}
}

func campaign(every time.Duration) sim.Traffic {
	return sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Second}, Every: every}
}

// run runs a configuration and returns the lines of the two streams.
func run(t testing.TB, cfg *sim.Config, style events.Style) (records, refusals string) {
	t.Helper()
	var out, refused bytes.Buffer
	w := events.New(&out, cfg, style)
	w.Refusals(&refused)
	if _, err := engine.Run(*cfg, sim.Hooks{Observer: w}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String(), refused.String()
}

// object is a decoded JSON object.
type object = map[string]any

// parse decodes lines of JSON objects.
func parse(t testing.TB, lines string) []object {
	t.Helper()
	var list []object
	for line := range strings.Lines(lines) {
		var o object
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		list = append(list, o)
	}
	return list
}

// kindOf returns the type of a record of either style.
func kindOf(rec object) string {
	if kind, ok := rec["eventType"].(string); ok {
		return kind
	}
	kind, _ := rec["notificationType"].(string)
	return kind
}

// payload returns the object that a record's type names.
func payload(rec object) object {
	kind := kindOf(rec)
	body, _ := rec[strings.ToLower(kind[:1])+kind[1:]].(object)
	return body
}

// leaves returns the values of a decoded value by their paths: keys joined by
// dots, "[]" for the entries of a list. Keys of tags stay whole.
func leaves(value any) map[string][]any {
	found := map[string][]any{}
	collect(found, "", value)
	return found
}

func collect(found map[string][]any, path string, value any) {
	switch v := value.(type) {
	case object:
		if len(v) == 0 {
			found[path] = append(found[path], v)
		}
		for key, inner := range v {
			collect(found, strings.TrimPrefix(path+"."+key, "."), inner)
		}
	case []any:
		for _, inner := range v {
			collect(found, path+"[]", inner)
		}
	default:
		found[path] = append(found[path], v)
	}
}

// text returns the string at a path, or "".
func text(rec object, path string) string {
	for _, v := range leaves(rec)[path] {
		s, _ := v.(string)
		return s
	}
	return ""
}
