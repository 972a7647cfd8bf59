package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"sesim/scenarios/compression"
)

// send is a record with a recipient whose name no message may have.
const send = `{"eventType":"Send","mail":{"timestamp":"2026-03-02T09:00:00.000Z","source":"news@acme.example",` +
	`"sourceArn":"arn:aws:ses:eu-west-1:123456789012:identity/acme.example","sendingAccountId":"123456789012",` +
	`"messageId":"m-1","destination":["secret@hidden.example"]},"send":{}}`

// bounce is the same of a bounce.
const bounce = `{"eventType":"Bounce","bounce":{"feedbackId":"f","bounceType":"Permanent","bounceSubType":"General",` +
	`"bouncedRecipients":[{"emailAddress":"secret@hidden.example"}],"timestamp":"2026-03-02T09:00:01Z"},` +
	`"mail":{"timestamp":"2026-03-02T09:00:00Z","messageId":"m-1","destination":["secret@hidden.example"]}}`

// changed returns a record with something replaced.
func changed(record, from, to string) string {
	if !strings.Contains(record, from) {
		panic(from)
	}
	return strings.Replace(record, from, to, 1)
}

// TestUnreadable: what is wrong is told with its place and never quoted, and the records
// after it are read.
func TestUnreadable(t *testing.T) {
	for name, test := range map[string]struct{ bad, want string }{
		"syntax":          {`{"eventType":"Send",,"mail":"secret@hidden.example"}`, "not valid JSON"},
		"cut in a text":   {send[:strings.Index(send, "cret@")], "not valid JSON"},
		"cut after a key": {send[:strings.Index(send, `"secret`)], "not valid JSON"},
		"literal":         {`{"eventType":secret}`, "not valid JSON"},
		"no object":       {`"secret hidden"`, "neither an object nor an array"},
		"time":            {changed(send, "2026-03-02T", "secret@hidden.example"), "mail.timestamp: not a time of RFC 3339"},
		"no time":         {changed(send, "timestamp", "Timestamp"), "mail.timestamp: missing"},
		"no id":           {changed(send, `"m-1"`, `null`), "mail.messageId: missing"},
		"kind":            {changed(send, `["secret@hidden.example"]`, `{"secret@hidden.example":1}`), "mail.destination: not of the kind that belongs there"},
		"far":             {changed(send, "2026-03-02T", "2036-03-09T"), "timestamp: over ten years from the other records"},
		"no bounce type":  {changed(bounce, "bounceType", "kind"), "bounce.bounceType: missing"},
		"other object":    {changed(bounce, `"bounce":`, `"delivery":`), "bounce: missing"},
		"base64":          {`{"data":"secret@hidden.example"}`, "data: not base64"},
		"wrapped":         {`{"Type":"x","TopicArn":"t","Message":` + quote(send[:200]) + `}`, "it wraps a record that is cut off"},
		"wrapped syntax":  {`{"Type":"x","TopicArn":"t","Message":` + quote("{secret@hidden.example}") + `}`, "not valid JSON"},
		"statistics": {`{"SendDataPoints":[{"Timestamp":"2026-03-02T09:00:00Z","DeliveryAttempts":-5}]}`,
			"DeliveryAttempts: not a number of mails"},
		"no reason": {`{"SuppressedDestinationSummaries":[{"EmailAddress":"secret@hidden.example"}]}`, "Reason: neither BOUNCE nor COMPLAINT"},
		"metric": {`{"MetricDataResults":[{"Label":"Send","Timestamps":["2026-03-02T09:00:00Z"],"Values":[]}]}`,
			"Values: not as many as Timestamps"},
	} {
		t.Run(name, func(t *testing.T) {
			good := strings.ReplaceAll(send, "m-1", "m-2")
			content := changed(send, "m-1", "m-0") + "\n" + test.bad + "\n" + good
			counts := check(t, content)
			if len(counts.Places) != 1 || counts.ByType[Send] != 2 {
				t.Fatalf("%d records, unreadable: %v", counts.ByType[Send], counts.Places)
			}
			p := counts.Places[0]
			want := fmt.Sprintf("log: record 2 at byte %d: %s", strings.Index(content, test.bad)+p.within(test.bad), test.want)
			if p.String() != want {
				t.Errorf("%s\nwant: %s", p, want)
			}
		})
	}
}

// within returns where in a container the element is that a place names.
func (p Place) within(container string) int {
	if at := strings.Index(container, `[{`); at >= 0 && strings.Contains(container, `s":[{`) && p.Key != "" && p.Key != "bounce" &&
		!strings.HasPrefix(p.Key, "bounce.") {
		return at + 1
	}
	return 0
}

// check reads a log in which a record may be unreadable, sees to it that no message has its
// content, and returns the counts.
func check(t *testing.T, content string) Counts {
	t.Helper()
	_, counts, err := Read(context.Background(), []Input{inputOf("log", content)}, &Options{}, nil)
	told := fmt.Sprint(err, counts.Places, counts.Findings, counts.Keys, counts.Types)
	for _, secret := range []string{"secret", "hidden"} {
		if strings.Contains(told, secret) {
			t.Errorf("it tells the content: %s", told)
		}
	}
	return counts
}

// TestShareOfUnreadable: one in a hundred is told, more are an error with the first places.
func TestShareOfUnreadable(t *testing.T) {
	good := strings.Join(log(50)[:99], "\n")
	for name, test := range map[string]struct {
		bad    int
		strict bool
		want   string
	}{
		"none":        {0, true, ""},
		"one":         {1, false, ""},
		"one, strict": {1, true, "1 of 100 records are unreadable; the first of them:\nlog: record 100 at byte N: not valid JSON"},
		"two":         {2, false, "2 of 101 records are unreadable; the first of them:\nlog: record 100 at byte N: not valid JSON\nlog: record 101 at byte N: not valid JSON"},
	} {
		content := good + strings.Repeat("\n{,}", test.bad)
		want := test.want
		for i := range test.bad {
			want = strings.Replace(want, "byte N", fmt.Sprintf("byte %d", len(good)+1+4*i), 1)
		}
		_, counts, err := Read(context.Background(), []Input{inputOf("log", content)}, &Options{Strict: test.strict}, nil)
		got := ""
		if bad, is := errors.AsType[*Error](err); is {
			got = bad.Error()
		} else if err != nil {
			t.Error(err)
		}
		if got != want || counts.Unreadable != int64(test.bad) {
			t.Errorf("%s: %s\nwant: %s", name, got, want)
		}
	}
	many := good + strings.Repeat("\n{,}", 50)
	_, counts, err := Read(context.Background(), []Input{inputOf("log", many)}, &Options{}, nil)
	if err == nil || len(counts.Places) != 20 || strings.Count(err.Error(), "\n") != 20 {
		t.Errorf("%d places: %v", len(counts.Places), err)
	}
}

// TestOddities: what is not as it should be, and can be read, is counted.
func TestOddities(t *testing.T) {
	for want, content := range map[string]string{
		"invalid UTF-8":                             changed(send, "news@", "n\xffews@"),
		"control characters":                        changed(send, "news@", "n\x00ews@"),
		"duplicate keys":                            changed(send, `"messageId":`, `"messageId":"m-0","messageId":`),
		"numbers as text":                           `{"SendDataPoints":[{"Timestamp":"2026-03-02T09:00:00Z","DeliveryAttempts":"5"}]}`,
		"messages that are text":                    send + `{"Type":"Notification","TopicArn":"t","Message":"Successfully validated"}`,
		"events without mail":                       `{"notificationType":"AmazonSnsSubscriptionSucceeded","message":"x"}`,
		"other objects":                             send + `{"hello":1}`,
		"other metrics":                             send + `{"MetricDataResults":[{"Label":"Opens","Timestamps":[],"Values":[]}]}`,
		"recipients that the message does not name": changed(bounce, "secret@", "alias@"),
		"unknown bounce types or subtypes":          changed(bounce, "General", "New"),
		"outcomes of unnamed recipients":            "event,time,message,to\nDelivery,2026-03-02T09:00:00Z,m,\"[a@b.c, d@e.f]\"\n",
	} {
		_, _, counts := collect(t, Options{}, inputOf("log", content))
		if got := slices.Collect(maps.Keys(counts.Findings)); !slices.Contains(got, want) {
			t.Errorf("%s: %v", want, got)
		}
	}
	_, _, counts := collect(t, Options{}, inputOf("log", changed(send, `"send":{}`, `"send":{},"newKey":1,"a@b.example":2`)))
	if counts.Keys["newKey"] != 1 || counts.Keys["other"] != 1 || len(counts.Keys) != 2 {
		t.Errorf("unknown keys: %v", counts.Keys)
	}
	_, _, counts = collect(t, Options{}, inputOf("log", changed(send, `"Send"`, `"Teleport"`)))
	if counts.Types["Teleport"] != 1 {
		t.Errorf("unknown types: %v", counts.Types)
	}
}

// TestErrors: what ends the reading.
func TestErrors(t *testing.T) {
	deep := strings.Repeat(`{"x":`, 65) + "1" + strings.Repeat("}", 65)
	damaged := []byte(zipped(send))
	damaged[len(damaged)-8] ^= 1
	damagedZstd := []byte(packed("x.zst", send))
	damagedZstd[len(damagedZstd)-1] ^= 1 // of the checksum
	other := changed(send, `"sendingAccountId":"123456789012"`, `"sendingAccountId":"210987654321"`)
	elsewhere := changed(send, "eu-west-1", "us-east-1")
	statistics := "account,timestamp,delivery_attempts,bounces,complaints,rejects\na,2026-03-02T09:00:00Z,1,0,0,0\nb,2026-03-02T09:00:00Z,1,0,0,0\n"
	for name, test := range map[string]struct{ content, want string }{
		"nothing known": {`{"hello":1}`, "log: nothing in it is recognized: neither email events, nor statistics, metrics, a suppression list or an account"},
		"a table":       {"a,b\n1,2\n", "log: nothing in it is recognized: neither email events, nor statistics, metrics, a suppression list or an account"},
		"empty":         {"", "the inputs are empty"},
		"bzip2":         {"BZh....", "log: compressed by bzip2, which sesim does not read; decompress or convert it to JSON or CSV"},
		"no zstd":       {"\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "log: at byte 0: damaged zstd data"},
		"damaged zstd":  {string(damagedZstd), "log: at byte 0: damaged zstd data"},
		"window":        {"\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00", "log: at byte 0: it needs a window above 128 MiB; compress it again without --long"},
		"parquet":       {"PAR1....", "log: Parquet, which sesim does not read; decompress or convert it to JSON or CSV"},
		"nesting":       {send + deep, fmt.Sprintf("log: record 2 at byte %d: nested deeper than 64 levels", len(send))},
		"arrays":        {strings.Repeat("[", 65), "log: record 1 at byte 64: nested deeper than 64 levels"},
		"long":          {`{"x":"` + strings.Repeat("x", 11<<20), "log: record 1 at byte 0: longer than 10 MiB"},
		"long row":      {"event,time,message,to\n\"" + strings.Repeat("x", 11<<20), "log: record 1 at byte 22: longer than 10 MiB"},
		"damaged gzip":  {string(damaged), fmt.Sprintf("log: at byte %d: damaged gzip data", len(send))},
		"no gzip":       {"\x1f\x8b hello", "log: at byte 0: it begins as gzip does, and is not"},
		"accounts":      {send + other, "the records are of several accounts, 123456789012 and 210987654321; choose one with --account"},
		"Regions":       {send + elsewhere, "the records are of several Regions, eu-west-1 and us-east-1; choose one with --region"},
		"statistics":    {statistics, "the records are of several accounts, a and b; choose one with --account"},
		"an account that is none": {send + changed(send, `"sendingAccountId":"123456789012"`, `"sendingAccountId":"secret@hidden.example"`),
			"the records are of several accounts, 123456789012 and another; choose one with --account"},
	} {
		_, _, err := Read(context.Background(), []Input{inputOf("log", test.content)}, &Options{}, nil)
		if bad, is := errors.AsType[*Error](err); !is || bad.Error() != test.want {
			t.Errorf("%s: %v\nwant: %s", name, err, test.want)
		}
	}
	_, _, counts := collect(t, Options{Account: "210987654321"}, inputOf("log", send+other))
	if counts.Foreign != 1 || counts.Records != 1 || counts.Account != "210987654321" {
		t.Errorf("%+v", counts)
	}
	_, _, counts = collect(t, Options{Region: "eu-west-1"}, inputOf("log", send+elsewhere))
	if counts.Foreign != 1 || counts.Records != 1 || counts.Region != "eu-west-1" {
		t.Errorf("%+v", counts)
	}
	_, _, err := Read(t.Context(), []Input{inputOf("log", send+other)}, &Options{Account: "999999999999"}, nil)
	if err == nil || err.Error() != "all 2 records are of other accounts or Regions than the chosen one" {
		t.Errorf("a third account: %v", err)
	}
	if _, known, _ := collect(t, Options{Account: "b"}, inputOf("log", statistics)); len(known.Points) != 1 {
		t.Errorf("%+v", known.Points)
	}
}

// TestTruncated: an input that ends within a record gives the records before it.
func TestTruncated(t *testing.T) {
	lines := strings.Join(log(100), "\n")
	z, zst := zipped(lines), packed("x.zst", lines)
	for name, content := range map[string]string{
		"json": lines[:len(lines)-10], "gzip": z[:len(z)*9/10], "zstd": zst[:len(zst)*9/10], "array": "[" + send, "container": `{"Records":[` + send + ",",
		"csv": "event,time,message,to\nSend,2026-03-02T09:00:00Z,m,a@b.c\n\"Se",
	} {
		_, _, counts := collect(t, Options{}, inputOf(name, content))
		if counts.Truncated == 0 || counts.Unreadable > 0 || counts.Records == 0 {
			t.Errorf("%s: %+v", name, counts)
		}
	}
}

// TestBomb: what decompresses to a hundred gigabytes and a thousand times its size is refused.
func TestBomb(t *testing.T) {
	spaces := func() io.Reader {
		z, _, err := compression.NewReader(bufio.NewReader(strings.NewReader(zipped(strings.Repeat(" ", 1<<20)))))
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	d := newDecoder(context.Background(), &Options{}, nil)
	u := &unzip{z: spaces(), d: d, m: &meter{n: 99 << 20}, n: bombSize}
	if _, err := io.Copy(io.Discard, bufio.NewReader(u)); err == nil || !strings.Contains(err.Error(), "over 100 GB") {
		t.Errorf("%v", err)
	}
	u.z, u.n, u.m.n = spaces(), bombSize, 103<<20 // a log compresses that well
	if _, err := io.Copy(io.Discard, u); err != nil {
		t.Error(err)
	}
}
