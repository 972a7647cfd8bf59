package history

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzRead: no input panics, and what is told of it is in order. The JSON scanner accepts
// what encoding/json does, and an event means to Read what it means to encoding/json.
func FuzzRead(f *testing.F) {
	for _, name := range []string{
		"02-sns-envelopes-concatenated.json", "03-sqs-receive-message.json", "04-classic-notifications.jsonl", "05-eventbridge.jsonl",
		"06-firehose-record-base64.json", "07-get-send-statistics.json", "08-cloudwatch-get-metric-data.json",
		"09-list-suppressed-destinations.json", "09b-suppression.csv", "10-get-account.json", "11-athena-export.csv",
	} {
		f.Add([]byte(sample(f, name)))
	}
	for _, content := range append(log(3), send, bounce, zipped(send), Header+"\n2026-03-02T09:00:00Z,1,0,1,0\n",
		"account,timestamp,delivery_attempts,bounces,complaints,rejects\na,2026-03-02T09:00:00Z,1,0,0,0\n",
		"a@b.c;BOUNCE\n", "MessageId\tDestination\tLastDeliveryEvent\tSendTime\n1\ta@b.c\tDELIVERY\t2026-03-02T09:00:00Z\n",
		`{"Label":"Send","Datapoints":[{"Timestamp":1577836800.5,"Sum":1e3}]}`, send[:200]+"\n"+send, `{"a":"\ud83d\ude00\u00e9"}`) {
		f.Add([]byte(content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 64*1024 {
			return
		}
		var list []Record
		known, counts, err := Read(context.Background(), []Input{inputOf("log", string(content))}, &Options{}, func(r *Record) error {
			c := *r
			c.Recipients = slices.Clone(r.Recipients)
			list = append(list, c)
			return nil
		})
		if _, bad := errors.AsType[*Error](err); err != nil && !bad {
			t.Fatal(err)
		}
		checkCounts(t, &counts, len(list))
		if err == nil {
			checkPoints(t, known)
		}
		checkScanner(t, content)
		if err == nil && len(list) == 1 && counts.Findings["duplicate keys"] == 0 {
			checkEvent(t, content, &list[0])
		}
	})
}

func checkCounts(t *testing.T, c *Counts, passed int) {
	t.Helper()
	sum := int64(0)
	for _, n := range c.ByType {
		sum += n
	}
	if sum != int64(passed) || c.Repeats > c.Records || len(c.Places) > maxPlaces || c.First > c.Last || c.Unreadable < int64(len(c.Places)) {
		t.Fatalf("%d passed on: %+v", passed, c)
	}
}

func checkPoints(t *testing.T, k *Known) {
	t.Helper()
	for i, p := range k.Points {
		if p.For <= 0 || p.Eligible < 0 || p.Bounces < 0 || p.ComplaintEligible < 0 || p.Complaints < 0 ||
			i > 0 && p.At < k.Points[i-1].End() {
			t.Fatalf("point %d: %+v", i, k.Points)
		}
	}
}

// checkScanner compares what the scanner accepts with encoding/json.
func checkScanner(t *testing.T, content []byte) {
	t.Helper()
	p := parser{b: content, whole: true}
	err := errMore
	if _, e := p.peek(); e == nil {
		if err = p.skip(); err == nil {
			p.space()
		}
	}
	accepted := err == nil && p.i == len(content)
	valid := json.Valid(content)
	if valid && !accepted && err != errDeep {
		t.Fatalf("encoding/json accepts %q; the scanner stops at %d: %v", content, p.i, err)
	}
	if accepted && !valid && p.odd[controlCharacter] == 0 {
		t.Fatalf("encoding/json does not accept %q", content)
	}
	var text string
	if valid && content[0] == '"' && utf8.Valid(content) && json.Unmarshal(content, &text) == nil {
		p := parser{b: content, whole: true}
		if got, err := p.text(); err != nil || string(got) != text {
			t.Fatalf("%q: %q, %v; want %q", content, got, err, text)
		}
	}
}

// checkEvent compares a record with what encoding/json makes of the only event.
func checkEvent(t *testing.T, content []byte, r *Record) {
	t.Helper()
	var e struct {
		EventType string         `json:"eventType"`
		Mail      map[string]any `json:"mail"`
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal(content, &keys) != nil || keys["eventType"] == nil || keys["notificationType"] != nil || keys["mail"] == nil {
		return // wrapped, or not the only value
	}
	if json.Unmarshal(keys["mail"], &e.Mail) != nil || json.Unmarshal(keys["eventType"], &e.EventType) != nil {
		t.Fatalf("%q: a record although encoding/json reads none", content)
	}
	if want := typeOf([]byte(e.EventType)); r.Type != want {
		t.Fatalf("%q: type %v, want %v", content, r.Type, want)
	}
	at, isText := e.Mail["timestamp"].(string)
	if want, err := time.Parse(time.RFC3339Nano, at); isText && err == nil && int64(r.MailTime) != want.UnixNano() {
		t.Fatalf("%q: accepted at %v, want %v", content, r.MailTime.Time(), want)
	}
	if !utf8.Valid(content) {
		return
	}
	h := newHasher(make([]byte, 32))
	if id, isText := e.Mail["messageId"].(string); !isText || r.Message != h.of([]byte(id)) {
		t.Fatalf("%q: not the hash of the message ID", content)
	}
	to, _ := e.Mail["destination"].([]any)
	if r.Type != Send {
		return
	}
	var want []uint64
	for _, a := range to {
		if text, isText := a.(string); isText && text != "" {
			if hash := h.of(appendAddress(nil, []byte(text))); !slices.Contains(want, hash) {
				want = append(want, hash)
			}
		}
	}
	for _, a := range r.Recipients {
		if !slices.Contains(want, a.Hash) && !bytes.Contains(content, []byte("emailAddress")) {
			t.Fatalf("%q: recipients %v, want %v", content, r.Recipients, want)
		}
	}
}

// TestTimes compares parseTime with package time.
func TestTimes(t *testing.T) {
	for _, text := range []string{
		"2026-03-02T09:00:00Z", "2026-03-02T09:00:00.5Z", "2026-03-02T09:00:00.123456789+05:30", "2024-02-29T23:59:59.000-11:59",
		"1970-01-01T00:00:00Z", "2261-12-31T23:59:59Z", "2100-02-28T12:00:00Z", "2000-02-29T12:00:00Z", "1999-12-31T23:59:59.9Z",
		"2026-01-01T00:00:00+00:00", "2026-12-31T00:00:00-00:30", "2026-04-30T00:00:00Z",
		"", "2026-03-02", "2026-13-02T09:00:00Z", "2026-02-29T09:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T09:60:00Z",
		"2026-03-02T09:00:60Z", "2026-04-31T09:00:00Z", "2026-03-00T09:00:00Z", "2026-00-02T09:00:00Z",
		"2026-03-02T09:00:00*05:00", "20a6-03-02T09:00:00Z", "2026-03-02T09:00:00ZZ", "2026/03/02T09:00:00Z",
	} {
		got, ok := parseTime([]byte(text))
		want, err := time.Parse(time.RFC3339Nano, text)
		if ok != (err == nil) || ok && int64(got) != want.UnixNano() {
			t.Errorf("%q: %v, %t; want %v, %v", text, got.Time(), ok, want, err)
		}
	}
	for text, want := range map[string]string{
		"2026-03-02 09:00:00.000": "2026-03-02T09:00:00Z", "2026-03-02 09:00:00.000 UTC": "2026-03-02T09:00:00Z",
		"2026-03-02t09:00:00z": "2026-03-02T09:00:00Z", "2026-03-02T09:00:00+0200": "2026-03-02T07:00:00Z",
		"2026-03-02T09:00:00": "2026-03-02T09:00:00Z", "2026-03-02T09:00:00.Z": "2026-03-02T09:00:00Z",
		"2026-03-02T09:00:00.1234567890Z": "", "1969-12-31T23:59:59Z": "", "2026-03-02T09:00:00+24:00": "", "2026-03-02T09:00:00+05:60": "", "1970-01-01T00:00:00+00:01": "", "2262-01-01T00:00:00Z": "",
	} {
		got, ok := parseTime([]byte(text))
		if ok != (want != "") || ok && got.Time().Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, %t; want %q", text, got.Time(), ok, want)
		}
	}
	for text, want := range map[string]int64{"1577836800.5": 1577836800_500_000_000, "0": 0, "1e9": 1e18, "-1": -1, "1e19": -1, "x": -1, "NaN": -1} {
		if got, ok := parseEpoch([]byte(text)); ok != (want >= 0) || ok && int64(got) != want {
			t.Errorf("%q: %d, %t; want %d", text, got, ok, want)
		}
	}
	for day := int64(0); day < 100_000; day += 17 {
		at := time.Unix(day*86400, 0).UTC()
		if got := daysSince1970(int64(at.Year()), int64(at.Month()), int64(at.Day())); got != day {
			t.Fatalf("%v is day %d, want %d", at, got, day)
		}
	}
	if math.MaxInt64/int64(time.Second) < daysSince1970(2262, 1, 1)*86400+86400 {
		t.Error("the last year does not fit into a Moment")
	}
}

// TestRows compares the reading of CSV with encoding/csv.
func TestRows(t *testing.T) {
	for _, text := range []string{
		"a,b\nc,d\n", "a,b\r\nc,d", "\"a,\"\"b\",c\n", "\"a\nb\",c\r\n\"\",\"d\"\r\n", ",\n,", "a", "\"a\"", "\"\"\"\"\n", "a,\"b\"\r\n", "\xff,ä\n",
	} {
		want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		p := parser{b: []byte(text), whole: true}
		var got [][]string
		var r row
		for p.i < len(p.b) {
			if err := p.row(&r, ','); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			var fields []string
			for i := range r.ends {
				fields = append(fields, string(r.field(i)))
			}
			got = append(got, fields)
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		for cut := range text { // in a window that is too small, the row goes on beyond it
			part := parser{b: []byte(text[:cut])}
			if err := part.row(&r, ','); err == nil && !strings.Contains(text[:cut], "\n") {
				t.Errorf("%q: the row ends before the line does", text[:cut])
			}
		}
	}
	for _, text := range []string{"\"a\"b,c\n", "\"a"} {
		p, r := parser{b: []byte(text), whole: true}, row{}
		if err := p.row(&r, ','); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// TestAddresses: what is the same address to SES has the same hash.
func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"Bob@TWO.example": "bob@two.example", "Bob <Bob@TWO.example>": "bob@two.example", " a@b ": "a@b", "\"<x>\" <a@b>": "a@b",
		"<a@b": "<a@b", "": "", "Ä@b": "Ä@b",
	} {
		if got := string(appendAddress(nil, []byte(text))); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for domain, want := range map[string]Class{
		"gmail.com": Gmail, "googlemail.com": Gmail, "gmail.example": OtherDomain, "hotmail.co.uk": Microsoft, "outlook.com": Microsoft,
		"live.fr": Microsoft, "msn.com": Microsoft, "yahoo.co.jp": Yahoo, "aol.com": Yahoo, "two.example": OtherDomain, "": OtherDomain,
	} {
		if got := classOf([]byte(domain)); got != want {
			t.Errorf("%s: %v, want %v", domain, got, want)
		}
	}
	record := strings.ReplaceAll(send, `["secret@hidden.example"]`,
		`["a@sub.Own.example","b@notown.example","success+1@simulator.amazonses.com","A@sub.own.example"]`)
	var got []Recipient
	_, counts, err := Read(context.Background(), []Input{inputOf("log", record)}, &Options{OwnDomains: []string{"own.EXAMPLE"}}, func(r *Record) error {
		got = slices.Clone(r.Recipients)
		return nil
	})
	if err != nil || len(got) != 3 || !got[0].Own || got[1].Own || got[1].Simulator || !got[2].Simulator || counts.RepeatedRecipients != 1 {
		t.Errorf("%+v, %+v, %v", got, counts, err)
	}
	other, first := Options{Key: [32]byte{1}}, uint64(0)
	for _, o := range []*Options{{}, &other} {
		_, _, err := Read(context.Background(), []Input{inputOf("log", send)}, o, func(r *Record) error {
			if r.Recipients[0].Hash == first {
				t.Error("the hash does not depend on the key")
			}
			first = r.Recipients[0].Hash
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// BenchmarkUnmarshal reads the log of BenchmarkRead with encoding/json, into a struct of the
// keys that Read looks at.
func BenchmarkUnmarshal(b *testing.B) {
	type recipient struct{ EmailAddress string }
	type outcome struct {
		Timestamp, FeedbackID, BounceType, BounceSubType, ComplaintSubType, DelayType, ExpirationTime, ArrivalDate string
		BouncedRecipients, ComplainedRecipients, DelayedRecipients                                                 []recipient
		Recipients                                                                                                 []string
	}
	type record struct {
		EventType, NotificationType string
		Mail                        struct {
			Timestamp, MessageID, Source, SourceArn, SendingAccountID, CallerIdentity string
			Destination                                                               []string
			Tags                                                                      map[string][]string
		}
		Bounce, Complaint, Delivery, DeliveryDelay outcome
	}
	content := strings.Join(log(5000), "\n")
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		d := json.NewDecoder(strings.NewReader(content))
		for {
			var r record
			if err := d.Decode(&r); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
