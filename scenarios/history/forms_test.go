package history

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios/compression"
)

// quote returns a text as JSON.
func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// wrapped returns each record within a text with %s.
func wrapped(list []string, in string, quoted func(string) string) []string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf(in, quoted(r)))
	}
	return out
}

// zipped compresses by gzip.
func zipped(text string) string { return packed("x.gz", text) }

// packed compresses as a name says.
func packed(name, text string) string {
	var b bytes.Buffer
	z, err := compression.NewWriter(&b, name)
	if err != nil {
		panic(err)
	}
	if _, err := io.WriteString(z, text); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func base64Of(text string) string { return quote(base64.StdEncoding.EncodeToString([]byte(text))) }

func plain(text string) string { return text }

// TestFormsAgree: the same log in any form, order and compression, with repeats and cut
// into files, gives the same records and points.
func TestFormsAgree(t *testing.T) {
	records := log(1500)
	shuffled := slices.Clone(records)
	random := rand.New(rand.NewPCG(3, 4))
	for range len(records) / 20 {
		shuffled = append(shuffled, records[random.IntN(len(records))])
	}
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	sns := wrapped(records, `{"Type":"Notification","MessageId":"1","TopicArn":"arn:aws:sns:eu-west-1:1:t","Message":%s}`, quote)
	lines := strings.Join(records, "\n")
	half := strings.Index(lines[len(lines)/2:], "\n") + len(lines)/2

	wantRecords, wantKnown, _ := collect(t, Options{}, inputOf("log", lines))
	slices.Sort(wantRecords)
	if len(wantRecords) != len(records) {
		t.Fatalf("%d records of %d", len(wantRecords), len(records))
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte("["+strings.Join(records, ",")+"]"), "", "\t"); err != nil {
		t.Fatal(err)
	}
	for name, inputs := range map[string][]string{
		"gzip":         {zipped(lines)},
		"zstd":         {packed("x.zst", lines)},
		"frames":       {packed("x.zst", lines[:half+1]) + packed("x.zst", lines[half+1:])},
		"members":      {zipped(lines[:half+1]) + zipped(lines[half+1:])},
		"files":        {lines[half+1:], zipped(lines[:half])},
		"concatenated": {strings.Join(records, "")},
		"array":        {"[" + strings.Join(records, ",\r\n") + "]"},
		"indented":     {indented.String()},
		"byte order":   {"\ufeff" + lines},
		"SNS":          {strings.Join(sns, "")},
		"SQS":          {`{"Messages": [` + strings.Join(wrapped(sns, `{"MessageId":"1","Body":%s}`, quote), ", ") + `]}`},
		"Lambda":       {`{"Records":[` + strings.Join(wrapped(sns, `{"EventSource":"aws:sns","Sns":%s}`, plain), ",") + `]}`},
		"Kinesis":      {`{"Records":[` + strings.Join(wrapped(records, `{"kinesis":{"data":%s}}`, base64Of), ",") + `]}`},
		"Firehose":     {`{"requestId":"1","records":[` + strings.Join(wrapped(records, `{"data":%s}`, base64Of), ",") + `]}`},
		"EventBridge": {strings.Join(wrapped(records,
			`{"detail-type":"Email","account":"123456789012","region":"eu-west-1","detail":%s}`, plain), " ")},
		"shuffled, 5 % doubled": {strings.Join(shuffled, "\n")},
		"twice":                 {lines, zipped(lines)},
	} {
		t.Run(name, func(t *testing.T) {
			var in []Input
			for i, content := range inputs {
				in = append(in, inputOf(fmt.Sprint(i), content))
			}
			got, known, counts := collect(t, Options{}, in...)
			slices.Sort(got)
			if diff := cmp.Diff(wantRecords, got); diff != "" {
				t.Errorf("%d records, want %d: %.800s", len(got), len(wantRecords), diff)
			}
			if diff := cmp.Diff(wantKnown, known); diff != "" {
				t.Error(diff)
			}
			if counts.Unreadable+counts.Truncated > 0 || len(counts.Findings)+len(counts.Keys)+len(counts.Types) > 0 {
				t.Errorf("%+v", counts)
			}
		})
	}
}

// TestReaders: it does not matter in which pieces an input arrives.
func TestReaders(t *testing.T) {
	lines := strings.Join(log(600), "\n") // more than a window
	want, _, _ := collect(t, Options{}, inputOf("log", lines))
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"half": iotest.HalfReader, "error with the last data": iotest.DataErrReader,
	} {
		in := Input{name, func() (io.ReadCloser, error) { return io.NopCloser(wrap(strings.NewReader(lines))), nil }}
		if got, _, _ := collect(t, Options{}, in); !slices.Equal(got, want) {
			t.Errorf("%s: %d records, want %d", name, len(got), len(want))
		}
	}
	broken := errors.New("the disk is gone")
	in := Input{"log", func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(broken)), nil }}
	if _, _, err := Read(context.Background(), []Input{in}, &Options{}, nil); !errors.Is(err, broken) || err.Error() != "log: the disk is gone" {
		t.Errorf("%v", err)
	}
}

// TestStops: the end of the context and an error of the consumer end the reading.
func TestStops(t *testing.T) {
	lines := strings.Join(log(3000), "\n")
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	_, _, err := Read(ctx, []Input{inputOf("log", lines)}, &Options{}, func(*Record) error { n++; cancel(); return nil })
	if !errors.Is(err, context.Canceled) || n == 0 || n >= len(log(3000)) {
		t.Errorf("after %d records: %v", n, err)
	}
	enough := errors.New("enough")
	_, _, err = Read(context.Background(), []Input{inputOf("log", lines)}, &Options{}, func(*Record) error { return enough })
	if err != enough {
		t.Errorf("%v", err)
	}
}

// TestAllocations: a record costs no memory of its own.
func TestAllocations(t *testing.T) {
	count := func(messages int) float64 {
		content := strings.Join(log(messages), "\n")
		return testing.AllocsPerRun(2, func() {
			if _, _, err := Read(context.Background(), []Input{inputOf("log", content)}, &Options{}, func(*Record) error { return nil }); err != nil {
				t.Fatal(err)
			}
		})
	}
	// The sets of seen records grow, and the log gets more days.
	if few, many := count(2000), count(4000); many-few > 400 {
		t.Errorf("%v allocations for 2,000 messages, %v for 4,000", few, many)
	}
}

// TestOutcomesOnly: of bounces and complaints alone, statistics say how much mail there was.
func TestOutcomesOnly(t *testing.T) {
	var outcomes []string
	for _, record := range log(400) {
		if strings.HasPrefix(record, `{"eventType":"Bounce"`) || strings.HasPrefix(record, `{"eventType":"Complaint"`) {
			outcomes = append(outcomes, record)
		}
	}
	events := inputOf("log", strings.Join(outcomes, "\n"))
	statistics := inputOf("statistics", `{"SendDataPoints":[{"Timestamp":"2026-03-01T09:00:00Z","DeliveryAttempts":400,"Bounces":17,"Complaints":2,"Rejects":0}]}`)
	_, known, _ := collect(t, Options{}, events)
	sum := int64(0)
	for _, p := range known.Points {
		sum += p.Bounces
	}
	if !known.OutcomesOnly || sum == 0 || !slices.ContainsFunc(known.Notes, func(n string) bool { return strings.Contains(n, "how much mail") }) {
		t.Errorf("alone: %d bounces, %q", sum, known.Notes)
	}
	_, known, _ = collect(t, Options{}, events, statistics)
	if known.OutcomesOnly || len(known.Points) != 1 || known.Points[0].Eligible != 400 || known.Points[0].Bounces != 17 {
		t.Errorf("with statistics: %+v", known.Points)
	}
	_, known, _ = collect(t, Options{}, inputOf("all", strings.Join(log(400), "\n")), statistics)
	if known.OutcomesOnly || len(known.Points) < 2 {
		t.Errorf("with all events: %+v", known.Points)
	}
}
