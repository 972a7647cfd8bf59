package events_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sesim/reports/events"
)

// What AWS's pages show and say of the records, field by field: the fields
// that the example of each type has (event-publishing-retrieving-sns-examples
// and notification-examples, the developer guide of November 2022), those that
// its other pages describe besides, and how a value is written.

// mailExample are the fields of mail in the examples of event publishing.
var mailExample = []string{
	"mail.timestamp", "mail.source", "mail.sourceArn", "mail.sendingAccountId", "mail.messageId", "mail.destination[]", "mail.headersTruncated",
	"mail.headers[].name", "mail.headers[].value", "mail.commonHeaders.from[]", "mail.commonHeaders.to[]", "mail.commonHeaders.messageId",
	"mail.commonHeaders.subject", "mail.tags.ses:configuration-set[]", "mail.tags.ses:source-ip[]", "mail.tags.ses:from-domain[]",
	"mail.tags.ses:caller-identity[]",
}

// legacyExample are those in the examples of notifications, whose headers are
// there only if an identity is set up so.
var legacyExample = []string{
	"mail.timestamp", "mail.source", "mail.sourceArn", "mail.sourceIp", "mail.sendingAccountId", "mail.messageId", "mail.destination[]",
	"mail.headersTruncated", "mail.headers[].name", "mail.headers[].value", "mail.commonHeaders.from[]", "mail.commonHeaders.date",
	"mail.commonHeaders.to[]", "mail.commonHeaders.messageId", "mail.commonHeaders.subject",
}

// examples are the other fields of AWS's example of each type.
var examples = map[string][]string{
	"Bounce": {
		"bounce.bounceType", "bounce.bounceSubType", "bounce.bouncedRecipients[].emailAddress", "bounce.bouncedRecipients[].action",
		"bounce.bouncedRecipients[].status", "bounce.bouncedRecipients[].diagnosticCode", "bounce.timestamp", "bounce.feedbackId", "bounce.reportingMTA",
	},
	"Complaint": {
		"complaint.complainedRecipients[].emailAddress", "complaint.timestamp", "complaint.feedbackId", "complaint.userAgent",
		"complaint.complaintFeedbackType", "complaint.arrivalDate",
	},
	"Delivery": {
		"delivery.timestamp", "delivery.processingTimeMillis", "delivery.recipients[]", "delivery.smtpResponse", "delivery.reportingMTA",
		"mail.tags.ses:outgoing-ip[]",
	},
	"Send":   {"send"},
	"Reject": {"reject.reason"},
	"DeliveryDelay": {
		"deliveryDelay.timestamp", "deliveryDelay.delayType", "deliveryDelay.expirationTime", "deliveryDelay.delayedRecipients[].emailAddress",
		"deliveryDelay.delayedRecipients[].status", "deliveryDelay.delayedRecipients[].diagnosticCode",
	},
}

// besides are the fields that no example has but a page describes.
var besides = map[string]string{
	"bounce.remoteMtaIp":                   "notification-contents: the MTA to which SES attempted to deliver",
	"complaint.complaintSubType":           "both pages of contents: null or OnAccountSuppressionList",
	"delivery.remoteMtaIp":                 "notification-contents: the MTA to which SES delivered",
	"deliveryDelay.reportingMTA":           "event contents: the address of the MTA that reported the delay",
	"mail.callerIdentity":                  "notification-contents: the identity of the user who sent the mail",
	"mail.tags.ses:operation[]":            "notification-contents: in the example of a mail object",
	"mail.tags.ses:source-tls-version[]":   "monitor-using-event-publishing: auto-tags",
	"mail.tags.ses:outgoing-tls-version[]": "monitor-using-event-publishing: auto-tags",
}

// missing are the fields of the examples that the records lack.
var missing = map[string]string{
	"mail.commonHeaders.subject": "there is no content",
	"mail.commonHeaders.date":    "notifications have no headers unless an identity is set up so",
}

// formats say how values are written, by path.
var formats = map[string]string{
	"eventType":                            "Bounce|Complaint|Delivery|Send|Reject|DeliveryDelay",
	"notificationType":                     "Bounce|Complaint|Delivery",
	"mail.timestamp":                       moment,
	"mail.source":                          address,
	"mail.sourceArn":                       `arn:aws:ses:[a-z0-9-]+:\d{12}:identity/\S+`,
	"mail.sourceIp":                        ip,
	"mail.callerIdentity":                  `[A-Za-z0-9_-]+`,
	"mail.sendingAccountId":                `\d{12}`,
	"mail.messageId":                       identifier,
	"mail.destination[]":                   address,
	"mail.headersTruncated":                "true|false",
	"mail.headers[].name":                  "From|To",
	"mail.headers[].value":                 named + "|" + address + "(, " + address + ")*",
	"mail.commonHeaders.from[]":            named + "|" + address,
	"mail.commonHeaders.to[]":              address,
	"mail.commonHeaders.messageId":         identifier,
	"mail.tags.ses:configuration-set[]":    `[A-Za-z0-9_-]+`,
	"mail.tags.ses:source-ip[]":            ip,
	"mail.tags.ses:from-domain[]":          domain,
	"mail.tags.ses:caller-identity[]":      `[A-Za-z0-9_-]+`,
	"mail.tags.ses:operation[]":            "SendEmail",
	"mail.tags.ses:source-tls-version[]":   `TLSv1\.3`,
	"mail.tags.ses:outgoing-tls-version[]": `TLSv1\.3`,
	"mail.tags.ses:outgoing-ip[]":          ip,

	"bounce.bounceType":                         "Permanent|Transient|Undetermined",
	"bounce.bounceSubType":                      "General|NoEmail|Suppressed|OnAccountSuppressionList|MailboxFull|MessageTooLarge|ContentRejected|AttachmentRejected|CustomTimeoutExceeded|Undetermined",
	"bounce.bouncedRecipients[].emailAddress":   address,
	"bounce.bouncedRecipients[].action":         "failed",
	"bounce.bouncedRecipients[].status":         status,
	"bounce.bouncedRecipients[].diagnosticCode": "(smtp; [45]|Amazon SES ).+",
	"bounce.timestamp":                          moment,
	"bounce.feedbackId":                         identifier,
	"bounce.remoteMtaIp":                        ip,
	"bounce.reportingMTA":                       "dns; " + domain,

	"complaint.complainedRecipients[].emailAddress": address,
	"complaint.timestamp":                           moment,
	"complaint.feedbackId":                          identifier,
	"complaint.complaintSubType":                    "<nil>|OnAccountSuppressionList",
	"complaint.userAgent":                           ".+",
	"complaint.complaintFeedbackType":               "abuse",
	"complaint.arrivalDate":                         moment,

	"delivery.timestamp":            moment,
	"delivery.processingTimeMillis": `\d+`,
	"delivery.recipients[]":         address,
	"delivery.smtpResponse":         "250 .+",
	"delivery.remoteMtaIp":          ip,
	"delivery.reportingMTA":         domain,

	"send":          `map\[\]`,
	"reject.reason": "Bad content",

	"deliveryDelay.timestamp":                          moment,
	"deliveryDelay.delayType":                          "InternalFailure|General|MailboxFull|SpamDetected|RecipientServerError|IPFailure|TransientCommunicationFailure|BYOIPHostNameLookupUnavailable|Undetermined|SendingDeferral",
	"deliveryDelay.expirationTime":                     moment,
	"deliveryDelay.delayedRecipients[].emailAddress":   address,
	"deliveryDelay.delayedRecipients[].status":         status,
	"deliveryDelay.delayedRecipients[].diagnosticCode": "smtp; 4.+",
	"deliveryDelay.reportingMTA":                       ip,
}

const (
	moment     = `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
	domain     = `[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`
	address    = `[A-Za-z0-9+._-]+@` + domain
	named      = `[A-Za-z ]+ <` + address + `>`
	identifier = `[0-9a-f]{16}-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-000000`
	ip         = `\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`
	status     = `[45]\.\d\.\d`
)

// patterns are the formats, compiled.
var patterns = func() map[string]*regexp.Regexp {
	compiled := map[string]*regexp.Regexp{}
	for path, format := range formats {
		compiled[path] = regexp.MustCompile("^(" + format + ")$")
	}
	return compiled
}()

// problemsOf returns which fields of a record AWS does not know, and which of
// their values are not written as AWS writes them.
func problemsOf(rec object) []string {
	var list []string
	for path, values := range leaves(rec) {
		format := patterns[path]
		if format == nil {
			list = append(list, path+": no such field")
			continue
		}
		for _, v := range values {
			if written := write(v); !format.MatchString(written) {
				list = append(list, fmt.Sprintf("%s: %q is not %s", path, written, formats[path]))
			}
		}
	}
	slices.Sort(list)
	return list
}

// write writes a decoded value: strings and numbers as they are.
func write(v any) string {
	if number, ok := v.(float64); ok {
		return fmt.Sprintf("%.f", number)
	}
	return fmt.Sprint(v)
}

// required returns the fields that every record of a type must have, and
// those that at least one of them must have.
func required(kind string, style events.Style) (each, some []string) {
	mail, key := mailExample, "eventType"
	if style == events.Notification {
		mail, key = legacyExample, "notificationType"
	}
	for _, path := range append(slices.Clone(mail), examples[kind]...) {
		header := strings.HasPrefix(path, "mail.headers") || strings.HasPrefix(path, "mail.commonHeaders")
		tag := strings.HasPrefix(path, "mail.tags")
		_, left := missing[path]
		switch {
		case left || style == events.Notification && (header || tag):
		case optional(path):
			some = append(some, path)
		default:
			each = append(each, path)
		}
	}
	return append(each, key), some
}

// optional reports whether AWS says that a field may be absent: without a
// DSN, without a feedback report, without a configuration set.
func optional(path string) bool {
	switch path {
	case "bounce.reportingMTA", "bounce.bouncedRecipients[].action", "bounce.bouncedRecipients[].status", "bounce.bouncedRecipients[].diagnosticCode",
		"complaint.userAgent", "complaint.complaintFeedbackType", "complaint.arrivalDate", "mail.tags.ses:configuration-set[]":
		return true
	}
	return false
}

// TestShape holds every record of a run in which much happens against what
// AWS documents, in both styles.
func TestShape(t *testing.T) {
	for _, style := range []events.Style{events.EventPublishing, events.Notification} {
		t.Run(style.String(), func(t *testing.T) {
			lines, _ := run(t, config(t), style)
			seen := map[string]map[string]bool{} // paths by type
			for _, rec := range parse(t, lines) {
				for _, problem := range problemsOf(rec) {
					t.Errorf("%s: %s", kindOf(rec), problem)
				}
				paths := leaves(rec)
				each, _ := required(kindOf(rec), style)
				for _, path := range each {
					if _, has := paths[path]; !has {
						t.Errorf("%s without %s: %v", kindOf(rec), path, rec)
					}
				}
				if seen[kindOf(rec)] == nil {
					seen[kindOf(rec)] = map[string]bool{}
				}
				for path := range paths {
					seen[kindOf(rec)][path] = true
				}
			}
			checkSeen(t, seen, style)
		})
	}
}

// checkSeen checks that the run had records of all types of the style, and
// fields that only some records of a type have.
func checkSeen(t *testing.T, seen map[string]map[string]bool, style events.Style) {
	t.Helper()
	want := []string{"Bounce", "Complaint", "Delivery", "DeliveryDelay", "Reject", "Send"}
	if style == events.Notification {
		want = want[:3]
	}
	if got := slices.Sorted(maps.Keys(seen)); !slices.Equal(got, want) {
		t.Errorf("the types are %v, want %v", got, want)
	}
	for kind, paths := range seen {
		_, some := required(kind, style)
		for _, path := range some {
			if !paths[path] && (kind != "Reject" || !strings.HasPrefix(path, "mail.tags")) {
				t.Errorf("no %s has %s", kind, path)
			}
		}
	}
}

// TestFormats checks that every field in the table of formats is one of AWS's
// and that the checks notice a field too many and a value written wrongly.
func TestFormats(t *testing.T) {
	known := map[string]bool{"eventType": true, "notificationType": true}
	for _, list := range append(slices.Collect(maps.Values(examples)), mailExample, legacyExample, slices.Collect(maps.Keys(besides))) {
		for _, path := range list {
			known[path] = true
		}
	}
	for path := range formats {
		if !known[path] {
			t.Errorf("%s is in none of AWS's examples and descriptions", path)
		}
	}
	var rec object
	if err := json.Unmarshal([]byte(`{"eventType":"Send","mail":{"timestamp":"2026-03-02T09:00:00Z","colour":"red"},"send":{"x":1}}`), &rec); err != nil {
		t.Fatal(err)
	}
	want := []string{"mail.colour: no such field", `mail.timestamp: "2026-03-02T09:00:00Z" is not ` + moment, "send.x: no such field"}
	if got := problemsOf(rec); !slices.Equal(got, want) {
		t.Errorf("problems are %q, want %q", got, want)
	}
}
