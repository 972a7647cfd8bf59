package history

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/ses"
)

// inputOf returns an input with a content.
func inputOf(name, content string) Input {
	return Input{name, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

// sample returns a file of testdata.
func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// log returns the email events of n messages, one JSON value each, in the order in which
// they happen: a Send, and a Delivery, a bounce or both a Delivery and a complaint.
func log(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	var list []string
	for i := range n {
		at := fmt.Sprintf("2026-03-%02dT%02d:%02d:%02d", 1+i/400%28, i/17%24, i%60, i/60%60)
		to := fmt.Sprintf("reader-%d@%s", i%(n/2+1), []string{"gmail.com", "outlook.com", "yahoo.de", "post.example"}[i%4])
		mail := fmt.Sprintf(`"mail":{"timestamp":"%s.%03dZ","source":"News <news@acme.example>",`+
			`"sourceArn":"arn:aws:ses:eu-west-1:123456789012:identity/acme.example","sendingAccountId":"123456789012",`+
			`"messageId":"0102-%08d","destination":["%s"],"headersTruncated":false,"headers":[{"name":"Subject","value":"N\u00ba \"%d\""},`+
			`{"name":"To","value":"%s"}],"commonHeaders":{"to":["%s"],"subject":"N\u00ba"},`+
			`"tags":{"ses:configuration-set":["marketing"],"ses:caller-identity":["news"],"campaign":["%d"]}}`,
			at, i%1000, i, to, i, to, to, i/400)
		list = append(list, fmt.Sprintf(`{"eventType":"Send",%s,"send":{}}`, mail))
		if random.IntN(20) == 0 {
			list = append(list, fmt.Sprintf(`{"eventType":"Bounce","bounce":{"feedbackId":"b-%d","bounceType":"Permanent",`+
				`"bounceSubType":"General","bouncedRecipients":[{"emailAddress":"%s","action":"failed","status":"5.1.1"}],`+
				`"timestamp":"%s.999Z"},%s}`, i, to, at, mail))
			continue
		}
		list = append(list, fmt.Sprintf(`{"eventType":"Delivery",%s,"delivery":{"timestamp":"%s.999Z","processingTimeMillis":500,`+
			`"recipients":["%s"],"smtpResponse":"250 ok"}}`, mail, at, to))
		if random.IntN(50) == 0 {
			list = append(list, fmt.Sprintf(`{"eventType":"Complaint","complaint":{"feedbackId":"c-%d","complaintSubType":null,`+
				`"complainedRecipients":[{"emailAddress":"%s"}],"timestamp":"%s.999Z","arrivalDate":"%s.998Z"},%s}`, i, to, at, at, mail))
		}
	}
	return list
}

// collect reads inputs and returns the records as text.
func collect(t *testing.T, o Options, inputs ...Input) ([]string, *Known, Counts) {
	t.Helper()
	var list []string
	known, counts, err := Read(context.Background(), inputs, &o, func(r *Record) error {
		list = append(list, fmt.Sprintf("%+v", *r))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, known, counts
}

func TestSamples(t *testing.T) {
	for name, want := range map[string]struct {
		records, repeats int64
		forms            map[string]int64
	}{
		"01-firehose-ndjson.jsonl":             {15, 1, map[string]int64{"event publishing": 15}},
		"02-sns-envelopes-concatenated.json":   {4, 0, map[string]int64{"SNS envelope": 4}},
		"03-sqs-receive-message.json":          {3, 1, map[string]int64{"SNS envelope": 3}},
		"04-classic-notifications.jsonl":       {3, 0, map[string]int64{"notification": 3}},
		"05-eventbridge.jsonl":                 {4, 0, map[string]int64{"EventBridge": 4}},
		"06-firehose-record-base64.json":       {3, 0, map[string]int64{"Firehose": 3}},
		"07-get-send-statistics.json":          {0, 0, map[string]int64{"get-send-statistics": 3}},
		"08-cloudwatch-get-metric-data.json":   {0, 0, map[string]int64{"CloudWatch": 3}},
		"09-list-suppressed-destinations.json": {0, 0, map[string]int64{"list-suppressed-destinations": 3}},
		"09b-suppression.csv":                  {0, 0, map[string]int64{"suppression CSV": 2}},
		"10-get-account.json":                  {0, 0, map[string]int64{"get-account": 1}},
		"11-athena-export.csv":                 {2, 0, map[string]int64{"events CSV": 2}},
	} {
		t.Run(name, func(t *testing.T) {
			list, _, counts := collect(t, Options{}, inputOf(name, sample(t, name)))
			if counts.Records != want.records || counts.Repeats != want.repeats || int64(len(list)) != want.records-want.repeats {
				t.Errorf("%d records, %d repeats, %d passed on", counts.Records, counts.Repeats, len(list))
			}
			if diff := cmp.Diff(want.forms, counts.Forms); diff != "" || counts.Unreadable > 0 || len(counts.Keys) > 0 {
				t.Errorf("forms: %s\nunreadable: %v\nunknown keys: %v", diff, counts.Places, counts.Keys)
			}
		})
	}
}

// TestAWSExamples reads one record of each type as AWS documents them: those of event
// publishing as SNS has them, over many lines, and as Firehose has them, in one line each;
// and notifications of bounces and complaints with a report of the recipient's provider and
// without one.
func TestAWSExamples(t *testing.T) {
	published := sample(t, "12-event-publishing.json")
	var lines bytes.Buffer
	for d := json.NewDecoder(strings.NewReader(published)); ; {
		var record json.RawMessage
		if err := d.Decode(&record); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if err := json.Compact(&lines, record); err != nil {
			t.Fatal(err)
		}
		lines.WriteByte('\n')
	}
	publishing := []string{
		"Bounce 1 of 1 at 09:01:02", "Complaint 1 of 1 at 09:41:07", "Delivery 1 of 1 at 10:05:03", "Send 1 of 1 at 10:05:02",
		"Reject 1 of 1 at 10:10:31", "Open 1 of 1 at 11:20:19", "Click 1 of 1 at 11:22:25", "Rendering Failure 1 of 1 at 12:43:06",
		"DeliveryDelay 1 of 1 at 13:25:40", "Subscription 1 of 1 at 14:10:00",
	}
	notifications := []string{
		"Bounce 1 of 3 at 09:00:38", "Bounce 2 of 3 at 09:00:38", "Complaint 1 of 3 at 09:30:38", "Complaint 1 of 3 at 09:30:38",
		"Delivery 1 of 1 at 09:01:01 to the simulator",
	}
	for _, c := range []struct {
		name, content string
		want          []string
	}{
		{"event publishing", published, publishing}, {"event publishing", lines.String(), publishing},
		{"notification", sample(t, "13-notifications.json"), notifications},
	} {
		var got []string
		_, counts, err := Read(t.Context(), []Input{inputOf("log", c.content)}, &Options{}, func(r *Record) error {
			text := fmt.Sprintf("%s %d of %d at %s", r.Type, len(r.Recipients), r.Destinations, r.Time.Time().Format(time.TimeOnly))
			if r.Recipients[0].Simulator {
				text += " to the simulator"
			}
			if r.Source != "news@acme.example" || r.Type == Bounce && r.Bounce != ses.PermanentGeneral {
				t.Errorf("%s from %s, bounce %v", text, r.Source, r.Bounce)
			}
			got = append(got, text)
			return nil
		})
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", c.name, err, diff)
		}
		of := map[string]int64{c.name: int64(len(c.want))}
		if !maps.Equal(counts.Forms, of) || counts.Unreadable+counts.Repeats > 0 || len(counts.Keys)+len(counts.Types)+len(counts.Findings) > 0 ||
			counts.Account != "123456789012" || counts.Region != "eu-west-1" {
			t.Errorf("%s: %+v", c.name, counts)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	content := strings.Join(log(5000), "\n")
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		_, _, err := Read(context.Background(), []Input{inputOf("log", content)}, &Options{}, func(*Record) error { n++; return nil })
		if err != nil || n == 0 {
			b.Fatal(err)
		}
	}
}
