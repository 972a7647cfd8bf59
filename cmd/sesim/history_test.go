package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sesim/scenarios/history"
)

// logged runs a scenario with invalid addresses and complaints, and leaves its events in
// events.jsonl and its statistics in statistics.csv.
func logged(t *testing.T) (bounces, complaints rate) {
	t.Helper()
	inside(t)
	write(t, "list.toml", strings.Replace(thresholds(""), `size = 100
`, `size = 500
invalid = "10%"
complaint = "2%"
`, 1))
	if r := call(t, "run", "list.toml", "--quiet", "-o", "out", "--events", "events.jsonl", "--statistics", "statistics.csv"); r.code != 0 {
		t.Fatal(r.stderr)
	}
	var s struct {
		Accounts []struct {
			BounceRate    rate `json:"bounce_rate"`
			ComplaintRate rate `json:"complaint_rate"`
		}
	}
	text, err := os.ReadFile("out/summary.json")
	if err != nil || json.Unmarshal(text, &s) != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return s.Accounts[0].BounceRate, s.Accounts[0].ComplaintRate
}

// rate is what a rate stands on at the end of a run.
type rate struct{ Eligible, Events int64 }

// summed returns the sums of the columns of history.csv.
func summed(t *testing.T, text string) map[string]int64 {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) < 2 || strings.Join(rows[0], ",") != history.Header {
		t.Fatalf("%v: %s", err, text)
	}
	sums := make(map[string]int64)
	for _, row := range rows[1:] {
		for i, cell := range row[1:] {
			n, err := strconv.ParseInt(cell, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sums[rows[0][i+1]] += n
		}
	}
	return sums
}

// TestHistoryOfRun: the events and the statistics of a run give its bounces and complaints.
func TestHistoryOfRun(t *testing.T) {
	bounces, complaints := logged(t)
	events := call(t, "history", "events.jsonl")
	if events.code != 0 {
		t.Fatal(events.stderr)
	}
	got := summed(t, events.stdout)
	if got["bounces"] == 0 || got["complaints"] == 0 ||
		(rate{got["eligible"], got["bounces"]}) != bounces || got["complaints"] != complaints.Events {
		t.Errorf("%v; the run has %+v and %+v", got, bounces, complaints)
	}
	statistics := summed(t, call(t, "history", "statistics.csv").stdout)
	if statistics["eligible"] != got["eligible"] || statistics["bounces"] != got["bounces"] {
		t.Errorf("the statistics give %v, the events %v", statistics, got)
	}
	both := call(t, "history", "events.jsonl", "statistics.csv", "--strict")
	if both.code != 0 || both.stdout != events.stdout {
		t.Errorf("both give another answer than the events: %s", both.stderr)
	}
	write(t, "history.csv", events.stdout)
	if again := call(t, "history", "history.csv"); again.stdout != events.stdout {
		t.Errorf("history.csv does not give itself: %s%s", again.stderr, again.stdout)
	}
}

// TestHistoryInputs: folders, compression, repeated files and standard input give the same
// table.
func TestHistoryInputs(t *testing.T) {
	logged(t)
	want := call(t, "history", "events.jsonl").stdout
	log, err := os.ReadFile("events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	half := len(log)/2 + bytes.IndexByte(log[len(log)/2:], '\n') + 1
	if err := os.MkdirAll("logs/b", 0o777); err != nil {
		t.Fatal(err)
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(log[:half]); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	write(t, "logs/b/first", z.String())
	write(t, "logs/a", string(log[half:]))
	write(t, "logs/c", string(log[half:]))
	write(t, "logs/.hidden", "not a log")
	write(t, "logs/_SUCCESS", "")
	folder := call(t, "history", "logs")
	if folder.code != 0 || folder.stdout != want {
		t.Errorf("a folder: %s", folder.stderr)
	}
	if !strings.Contains(folder.stderr, "logs/c: left out, an earlier file has the same content\n") {
		t.Errorf("the repeated file is not told: %s", folder.stderr)
	}
	if r := callWith(t, string(log), "history", "-", "logs/a"); r.stdout != want {
		t.Errorf("standard input: %s", r.stderr)
	}
	account := `{"SendQuota":{"SentLast24Hours":20143},"EnforcementStatus":"PROBATION"}`
	r := callWith(t, account, "history", "-")
	if keys := "for [account.history]: used_24h = 20143; status = \"under-review\"\n"; r.code != 0 || r.stdout != "" || !strings.HasSuffix(r.stderr, keys) {
		t.Errorf("get-account: %d, %s%s", r.code, r.stdout, r.stderr)
	}
}

// TestHistoryWrong: what is wrong is told with its place, nothing is printed, and the status
// is 2.
func TestHistoryWrong(t *testing.T) {
	logged(t)
	log, err := os.ReadFile("events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(log), "\n")
	if err := os.Mkdir("nothing", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nothing", "link"); err != nil {
		t.Fatal(err)
	}
	write(t, "broken.jsonl", first+"\n"+first[:100]+"\n"+first)
	write(t, "other.txt", "hello, customers-1@customers.example\n")
	write(t, "more.csv", "account,timestamp,delivery_attempts\nacme,2026-03-02T09:00:00Z,99\nacme,2026-03-03T09:00:00Z,9999\n")
	write(t, "several.csv", "account,timestamp,delivery_attempts\nacme,2026-03-02T09:00:00Z,99\nother,2026-03-03T09:00:00Z,9\n")
	for want, args := range map[string][]string{
		"requires at least 1 arg":                                                                   {},
		"missing.json: no such file or directory":                                                   {"missing.json"},
		"nothing: a folder without files":                                                           {"nothing"},
		"link: a link to a folder; name the folder itself":                                          {"link"},
		"form xml: must be one of events-csv":                                                       {"events.jsonl", "--as", "xml"},
		"column who: must be one of event":                                                          {"events.jsonl", "--columns", "who=x"},
		"own domain me@acme.example: not a domain":                                                  {"events.jsonl", "--own-domain", "me@acme.example"},
		"standard input can be read once only":                                                      {"-", "-"},
		"other.txt: nothing in it is recognized":                                                    {"events.jsonl", "other.txt"},
		"1 of 3 records are unreadable; the first of them:\nsesim: broken.jsonl: record 2 at byte ": {"broken.jsonl"},
		"events and statistics disagree: between 2026-03-02T09:00:00Z and":                          {"events.jsonl", "more.csv", "--strict"},
		"the records are of several accounts, acme and other; choose one with --account":            {"several.csv"},
	} {
		r := call(t, append([]string{"history"}, args...)...)
		if r.code != int(exitUsage) || r.stdout != "" || !strings.Contains(r.stderr, "sesim: "+want) {
			t.Errorf("%v: status %d, %s%s\nwant: %s", args, r.code, r.stdout, r.stderr, want)
		}
		if strings.Contains(r.stderr, "customers") {
			t.Errorf("%v: the message has an address: %s", args, r.stderr)
		}
	}
	file, err := os.OpenFile("events.jsonl", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var stderr strings.Builder
	if code := run(t.Context(), []string{"history", "events.jsonl"}, nil, file, &stderr); code != int(exitUsage) {
		t.Errorf("a log is overwritten with its own history: %d, %s", code, stderr.String())
	}
}

// TestHistoryPrivacy: no address and no domain of a recipient is in any output, whether
// the reading succeeds, fails, is interrupted or ends in a panic.
func TestHistoryPrivacy(t *testing.T) {
	logged(t)
	log, err := os.ReadFile("events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	secrets := secretsOf(t, log)
	var told []string
	keep := func(what string, want int, got outcome) {
		if got.code != want {
			t.Errorf("%s: status %d, want %d: %s", what, got.code, want, got.stderr)
		}
		told = append(told, got.stdout, got.stderr)
	}
	keep("success", 0, call(t, "history", "events.jsonl"))
	for i := 1; i <= 20; i++ {
		write(t, "cut.jsonl", string(log[:len(log)/20*i])+"}\n"+string(log[:1000*i]))
		keep("bad input", int(exitUsage), call(t, "history", "--strict", "cut.jsonl"))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr strings.Builder
	code := run(ctx, []string{"history", "events.jsonl"}, nil, &stdout, &stderr)
	if stdout.Len() > 0 {
		t.Errorf("an interrupted reading prints %s", stdout.String())
	}
	keep("interrupted", int(exitInterrupted), outcome{code, stdout.String(), stderr.String()})
	planted := false
	broken := onWrite{do: func() {
		if !planted {
			planted = true
			panic("planted")
		}
	}}
	code = run(t.Context(), []string{"history", "events.jsonl"}, nil, &stdout, &broken)
	if !strings.Contains(broken.String(), "planted") {
		t.Errorf("the panic is not told: %s", broken.String())
	}
	keep("panic", int(exitInternal), outcome{code, stdout.String(), broken.String()})
	for _, text := range told {
		for secret := range secrets {
			if strings.Contains(text, secret) {
				t.Fatalf("an output has %s:\n%s", secret, text)
			}
		}
	}
}

// secretsOf returns the recipients' addresses, their parts and the message IDs of a log.
func secretsOf(t *testing.T, log []byte) map[string]bool {
	t.Helper()
	secrets := make(map[string]bool)
	for line := range bytes.Lines(log) {
		var r struct {
			Mail struct {
				MessageID   string
				Destination []string
			}
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		secrets[r.Mail.MessageID] = true
		for _, to := range r.Mail.Destination {
			local, domain, _ := strings.Cut(to, "@")
			secrets[local], secrets[domain] = true, true
		}
	}
	if len(secrets) < 500 {
		t.Fatalf("%d secrets", len(secrets))
	}
	return secrets
}

// TestHistoryColumns: a table of events with columns of any name.
func TestHistoryColumns(t *testing.T) {
	inside(t)
	write(t, "events.csv", "kind;when;id;who\nSend;2026-03-02 09:00:00.000;m;a@b.example\nSend;2026-03-02 09:20:00.000;n;[a@b.example, c@d.example]\n")
	got := call(t, "history", "events.csv", "--columns", "event=kind,time=when,message=id,to=who")
	want := history.Header + "\n2026-03-02T09:00:00Z,1,0,0,0\n2026-03-02T09:15:00Z,2,0,1,0\n"
	if got.code != 0 || got.stdout != want {
		t.Errorf("%s%s", got.stderr, got.stdout)
	}
	if forced := call(t, "history", filepath.Clean("events.csv"), "--as", "json"); forced.code != int(exitUsage) {
		t.Errorf("a table is read as JSON: %s", forced.stderr)
	}
}
