package events

import (
	"slices"
	"strings"
	"time"
)

// record is a line of the stream. One of EventType and NotificationType is
// set, and one of the objects that it names. The order of the keys is that of
// AWS's examples.
type record struct {
	EventType        string         `json:"eventType,omitempty"`
	NotificationType string         `json:"notificationType,omitempty"`
	Bounce           *bounce        `json:"bounce,omitempty"`
	Complaint        *complaint     `json:"complaint,omitempty"`
	Mail             *mail          `json:"mail"`
	Delivery         *delivery      `json:"delivery,omitempty"`
	Send             *struct{}      `json:"send,omitempty"` // always empty
	Reject           *reject        `json:"reject,omitempty"`
	DeliveryDelay    *deliveryDelay `json:"deliveryDelay,omitempty"`
}

// mail is the message that a record is about.
type mail struct {
	Timestamp        string         `json:"timestamp"` // when SES accepted it
	Source           string         `json:"source"`
	SourceArn        string         `json:"sourceArn"`
	SourceIP         string         `json:"sourceIp,omitempty"`       // notifications
	CallerIdentity   string         `json:"callerIdentity,omitempty"` // notifications
	SendingAccountID string         `json:"sendingAccountId"`
	MessageID        string         `json:"messageId"`
	Destination      []string       `json:"destination"`
	HeadersTruncated *bool          `json:"headersTruncated,omitempty"` // event publishing, as what follows
	Headers          []header       `json:"headers,omitempty"`
	CommonHeaders    *commonHeaders `json:"commonHeaders,omitempty"`
	Tags             tagList        `json:"tags,omitempty"`
}

// tagList are the tags of a message in the order of their names, which differ. In a record
// they are an object.
type tagList []tag

type tag struct {
	Name   string
	Values []string
}

// with returns a new list with further tags, which replace those of their names.
func (t tagList) with(more ...tag) tagList {
	list := make(tagList, len(t), len(t)+len(more))
	copy(list, t)
	for _, m := range more {
		at, found := slices.BinarySearchFunc(list, m.Name, func(a tag, name string) int { return strings.Compare(a.Name, name) })
		if found {
			list[at] = m
		} else {
			list = slices.Insert(list, at, m)
		}
	}
	return list
}

type header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type commonHeaders struct {
	From      []string `json:"from"`
	To        []string `json:"to"`
	MessageID string   `json:"messageId"`
	Subject   string   `json:"subject,omitempty"` // of a message from outside
}

type bounce struct {
	FeedbackID    string             `json:"feedbackId"`
	BounceType    string             `json:"bounceType"`
	BounceSubType string             `json:"bounceSubType"`
	Recipients    []bouncedRecipient `json:"bouncedRecipients"`
	Timestamp     string             `json:"timestamp"`
	RemoteMtaIP   string             `json:"remoteMtaIp,omitempty"`  // where SES spoke to one
	ReportingMTA  string             `json:"reportingMTA,omitempty"` // where there was a DSN
}

// bouncedRecipient has the fields after the address from the DSN, if there
// was one.
type bouncedRecipient struct {
	EmailAddress   string `json:"emailAddress"`
	Action         string `json:"action,omitempty"`
	Status         string `json:"status,omitempty"`
	DiagnosticCode string `json:"diagnosticCode,omitempty"`
}

// complaint has the fields after Timestamp from the provider's report, if
// there was one.
type complaint struct {
	FeedbackID   string                `json:"feedbackId"`
	SubType      *string               `json:"complaintSubType"` // null except for suppressed mail
	Recipients   []complainedRecipient `json:"complainedRecipients"`
	Timestamp    string                `json:"timestamp"` // when the provider sent it
	UserAgent    string                `json:"userAgent,omitempty"`
	FeedbackType string                `json:"complaintFeedbackType,omitempty"`
	ArrivalDate  string                `json:"arrivalDate,omitempty"`
}

type complainedRecipient struct {
	EmailAddress string `json:"emailAddress"`
}

type delivery struct {
	Timestamp            string   `json:"timestamp"`
	ProcessingTimeMillis int64    `json:"processingTimeMillis"` // since SES accepted the mail
	Recipients           []string `json:"recipients"`
	SMTPResponse         string   `json:"smtpResponse"`
	RemoteMtaIP          string   `json:"remoteMtaIp"`
	ReportingMTA         string   `json:"reportingMTA"`
}

type reject struct {
	Reason string `json:"reason"`
}

type deliveryDelay struct {
	Timestamp      string             `json:"timestamp"`
	DelayType      string             `json:"delayType"`
	ExpirationTime string             `json:"expirationTime"` // when SES gives up
	Recipients     []delayedRecipient `json:"delayedRecipients"`
	ReportingMTA   string             `json:"reportingMTA"` // an IP address, unlike elsewhere
}

type delayedRecipient struct {
	EmailAddress   string `json:"emailAddress"`
	Status         string `json:"status"`
	DiagnosticCode string `json:"diagnosticCode"`
}

// stamp writes a moment as SES does: UTC, to the millisecond.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
