package events_test

import (
	"slices"
	"strings"
	"testing"

	sesv1 "github.com/aws/aws-sdk-go-v2/service/ses/types"
	sesv2 "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"

	"sesim/reports/events"
)

// kinds returns the types that the records of a run have, each once.
func kinds(t *testing.T, style events.Style) []string {
	t.Helper()
	var list []string
	lines, _ := run(t, config(t), style)
	for _, rec := range parse(t, lines) {
		if !slices.Contains(list, kindOf(rec)) {
			list = append(list, kindOf(rec))
		}
	}
	slices.Sort(list)
	return list
}

// TestEventTypes checks that the types of event publishing are those of the
// SDK, but for the ones that need content or a contact list.
func TestEventTypes(t *testing.T) {
	got := []string{"CLICK", "OPEN", "RENDERING_FAILURE", "SUBSCRIPTION"}
	for _, kind := range kinds(t, events.EventPublishing) {
		got = append(got, strings.ToUpper(strings.ReplaceAll(kind, "yD", "y_D")))
	}
	var want []string
	for _, v := range sesv2.EventType("").Values() {
		want = append(want, string(v))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- the SDK's, + ours and those left out:\n%s", diff)
	}
}

// TestNotificationTypes checks the same for notifications.
func TestNotificationTypes(t *testing.T) {
	var want []string
	for _, v := range sesv1.NotificationType("").Values() {
		want = append(want, string(v))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, kinds(t, events.Notification)); diff != "" {
		t.Errorf("- the SDK's, + ours:\n%s", diff)
	}
}
