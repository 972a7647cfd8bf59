package sqs

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRealBoto3 lets a consumer with boto3 empty a queue: it gets each message, in order,
// also those that it does not delete at once. It needs .ci/clients.
func TestRealBoto3(t *testing.T) {
	if os.Getenv("SESIM_CLIENTS") == "" {
		t.Skip("SESIM_CLIENTS does not name a folder made by .ci/clients")
	}
	const messages = 205
	s, q := one()
	var want struct {
		Seen   []string `json:"seen"`
		Again  int      `json:"again"`
		Left   string   `json:"left"`
		Errors []string `json:"errors"`
	}
	for i := range messages {
		body := fmt.Sprintf(`{"n": %d, "x": "<ü&>"}`, i)
		q.Put(Text(body))
		want.Seen = append(want.Seen, body)
	}
	want.Again, want.Left = messages/10, "0"
	want.Errors = []string{
		"AWS.SimpleQueueService.NonExistentQueue", "InvalidParameterValue", "ReceiptHandleIsInvalid", "InvalidAction",
	}
	server := httptest.NewServer(s)
	defer server.Close()
	task, _ := json.Marshal(map[string]string{"endpoint": server.URL, "queue": "events"})
	cmd := exec.Command("python3", "testdata/consume.py", string(task))
	cmd.Env = append(os.Environ(), "AWS_RETRY_MODE=standard", "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	got := want
	got.Seen, got.Errors = nil, nil
	if err != nil || json.Unmarshal(out, &got) != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
