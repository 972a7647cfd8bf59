package events

import (
	"slices"
	"strings"
	"time"
)

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
	Name  string
	Value string
}

// bounce is the object of a Bounce.
type bounce struct {
	FeedbackID    string
	BounceType    string
	BounceSubType string
	Recipients    []bouncedRecipient
	Timestamp     time.Time
	RemoteMtaIP   string // where SES spoke to one
	ReportingMTA  string // where there was a DSN
}

// bouncedRecipient has the fields after the address from the DSN, if there
// was one.
type bouncedRecipient struct {
	EmailAddress   string
	Action         string
	Status         string
	DiagnosticCode string
}

// complaint is the object of a Complaint.
type complaint struct {
	FeedbackID  string
	SubType     string // "": null
	Recipients  []string
	Timestamp   time.Time // when the provider sent it
	UserAgent   string    // of the provider's report; "": there was none
	ArrivalDate time.Time // in the report
}
