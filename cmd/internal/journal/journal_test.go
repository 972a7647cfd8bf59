package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/journal"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// config is a scenario with an account in production, one in the sandbox, and a sender.
func config(t testing.TB) sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return sim.Config{
		Name: "journalled", Horizon: 30 * unit.Day, Seed: 3, Rules: set,
		Accounts: []sim.Account{
			{Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 150, Rate: 2, Identities: []string{"acme.example"},
				Suppression: ses.ListBounce | ses.ListComplaint},
			{Name: "box", Region: "eu-west-1", Quota: 200, Rate: 1, Identities: []string{"box.example"}},
		},
		Audiences: []sim.Audience{{Name: "people", Size: 50, Domain: "people.example", Local: "p-", Invalid: 20 * unit.Percent, Match: []string{"*.test"}}},
		Senders: []sim.Sender{{Name: "news", From: "news@acme.example", Recipients: 1,
			Traffic: sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 100, Per: unit.Day}}}},
		Serve: sim.Serve{Addresses: 60, Magic: true},
	}
}

var header = journal.Header{Version: "0.0.1", Name: "journalled", Inputs: "abc"}

// records keeps what a session tells.
type records struct{ text strings.Builder }

func (r *records) Observe(record *sim.Record) {
	own := *record
	if own.Call != nil {
		fmt.Fprintf(&r.text, "%+v ", *own.Call)
		own.Call = nil
	}
	fmt.Fprintf(&r.text, "%+v\n", own)
}

// inputs are two days of calls and operations of every kind, among them some that find
// the session full.
func inputs() (list []sim.Input, at []time.Duration) {
	add := func(in sim.Input) {
		list, at = append(list, in), append(at, time.Duration(len(list))*411*time.Second)
	}
	op := func(o sim.Operation) { add(sim.Input{Operation: &o}) }
	for i := range 400 {
		c := sim.Call{From: "a@acme.example", Interface: ses.Interface(i % 3), Size: int64(i), Recipients: []string{fmt.Sprintf("x%d@y.test", i%70)},
			Message: sim.Message{Subject: "<Hello> & ü", Headers: []sim.Header{{Name: "X-N", Value: fmt.Sprint(i)}}, Tags: map[string][]string{"a": {"b"}}}}
		if i%7 == 0 {
			c.Recipients = append(c.Recipients, "p-7@People.example", "a+sesim-bounce@z.example")
		}
		if i%11 == 0 {
			c.Account, c.Checked, c.SigV2 = 1, []string{"c@d.example"}, true
		}
		if i == 200 {
			c.Set = "made"
		}
		add(sim.Input{Call: &c})
	}
	op(sim.Operation{Action: sim.Action{Do: sim.DoSuppress, Reason: ses.ListComplaint}, Text: "X1@y.test"})
	op(sim.Operation{Action: sim.Action{Do: sim.DoGet}, Text: "X1@y.test"})
	op(sim.Operation{Action: sim.Action{Do: sim.DoUnsuppress}, Text: "none@y.test"})
	op(sim.Operation{Action: sim.Action{Do: sim.DoVerify, Account: 1, Identity: "new.example", After: time.Hour}})
	op(sim.Operation{Action: sim.Action{Do: sim.DoCreateSet}, SetName: "made", Create: &sim.ConfigurationSet{Overrides: true, MaxDelivery: time.Hour}})
	op(sim.Operation{Action: sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountQuota, Number: 7}}})
	op(sim.Operation{Action: sim.Action{Account: 1}, Request: &sim.Request{MailType: "MARKETING", After: -1, Contacts: []string{"a@b.example"}}})
	op(sim.Operation{Action: sim.Action{Account: 1}, Request: &sim.Request{MailType: "MARKETING"}})
	op(sim.Operation{Action: sim.Action{Do: sim.DoTrigger, Cause: "a spamtrap", Pauses: true}})
	op(sim.Operation{Action: sim.Action{Do: sim.DoAppeal, Accepted: true, After: -1}})
	return list, at
}

// session makes a session of the inputs and returns its journal, records and result.
func session(t testing.TB) (written, told string, result *sim.Result) {
	t.Helper()
	r := &records{}
	s, err := engine.Open(config(t), sim.Hooks{Observer: r})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := journal.NewWriter(&out, header)
	if err != nil {
		t.Fatal(err)
	}
	list, at := inputs()
	for i := range list {
		for s.Now() < at[i] { // as a clock does that runs
			s.Advance(min(s.Now()+97*time.Second, at[i]), nil)
		}
		answer, failed := s.Apply(&list[i])
		if err := errors.Join(w.Add(s.Now(), fmt.Sprint(i), &list[i], answer, failed), w.Flush()); err != nil {
			t.Fatal(err)
		}
	}
	s.Advance(20*unit.Day, nil)
	if err := w.End(s.Now()); err != nil {
		t.Fatal(err)
	}
	if result, err = s.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), r.text.String(), result
}

// TestReplay drives a session with the journal of another one: answers, records and
// figures are the same.
func TestReplay(t *testing.T) {
	written, told, result := session(t)
	for _, part := range []string{`"failed":"the session is full"`, `"refused":"quota"`, `"refused":"invalid"`, `"rule":"prod.conflict"`, `"listed":"COMPLAINT"`, `"request":"17","in":{"call":`} {
		if !strings.Contains(written, part) {
			t.Errorf("no line of the journal has %s", part)
		}
	}
	r := &records{}
	s, err := engine.Open(config(t), sim.Hooks{Observer: r})
	if err != nil {
		t.Fatal(err)
	}
	n, err := journal.Replay(strings.NewReader(written), header, s)
	if list, _ := inputs(); err != nil || n != int64(len(list)) {
		t.Fatalf("%d inputs: %v", n, err)
	}
	again, err := s.Close()
	if err != nil || !reflect.DeepEqual(again, result) || r.text.String() != told {
		t.Errorf("error %v, same result %v, same records %v", err, reflect.DeepEqual(again, result), r.text.String() == told)
	}
}

// TestReplayOfKilled: of a program that was killed there is a journal up to a line, and
// a piece of the next one.
func TestReplayOfKilled(t *testing.T) {
	written, _, _ := session(t)
	lines := strings.SplitAfter(written, "\n")
	s, err := engine.Open(config(t), sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	killed := strings.Join(lines[:100], "") + lines[100][:20]
	if n, err := journal.Replay(strings.NewReader(killed), header, s); n != 99 || err != nil || s.Now() != 98*411*time.Second {
		t.Errorf("%d inputs up to %v: %v", n, s.Now(), err)
	}
}

// TestReplayErrors: what is not the scenario's journal is refused, with its line.
func TestReplayErrors(t *testing.T) {
	written, _, _ := session(t)
	first, rest, _ := strings.Cut(written, "\n")
	for _, c := range []struct {
		name, text string
		want       error
		says       string
	}{
		{"empty", "", journal.ErrFormat, "line 1"},
		{"another file", "time,recipients\n0s,1\n", journal.ErrFormat, "line 1"},
		{"another format", strings.Replace(written, `"sesim_journal":1`, `"sesim_journal":2`, 1), journal.ErrFormat, "it has format 2, and 1 is read"},
		{"another scenario", strings.Replace(written, `"journalled"`, `"other"`, 1), journal.ErrOther, `"other", not "journalled"`},
		{"other keys", strings.Replace(written, `"abc"`, `"abd"`, 1), journal.ErrOther, "with other keys or another seed"},
		{"a line is missing", first + "\n" + rest[strings.Index(rest, "\n")+1:], journal.ErrFormat, "line 2: not a journal: it has number 2, and 1 comes next"},
		{"a time goes back", strings.Replace(written, `"seq":9,"at":`, `"seq":9,"at":1,"x":`, 1), journal.ErrFormat, "line 10"},
		{"unknown key", strings.Replace(written, `"seq":5,`, `"seq":5,"x":1,`, 1), journal.ErrFormat, "line 6"},
		{"after the end", strings.Replace(written, `"seq":411,"at":1`, `"seq":411,"at":9`, 1), journal.ErrFormat, "after the end of the scenario"},
		{"another answer", strings.Replace(written, `"message":4,`, `"message":5,`, 1), journal.ErrDiffers, "line 7"},
	} {
		s, err := engine.Open(config(t), sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = journal.Replay(strings.NewReader(c.text), header, s); !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: error %v", c.name, err)
		}
	}
	s, err := engine.Open(config(t), sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	newer := header
	newer.Version = "0.0.2"
	_, err = journal.Replay(strings.NewReader(strings.Replace(written, `"message":4,`, `"message":5,`, 1)), newer, s)
	if !strings.Contains(fmt.Sprint(err), "version 0.0.1 of sesim wrote it, this is 0.0.2") {
		t.Errorf("error %v", err)
	}
}

// FuzzReplay: no file makes a session panic.
func FuzzReplay(f *testing.F) {
	written, _, _ := session(f)
	lines := strings.SplitAfter(written, "\n")
	f.Add(strings.Join(lines[:8], ""))
	f.Add(lines[0] + strings.Replace(lines[404], `"seq":404`, `"seq":1`, 1))
	for i := 401; i <= 410; i++ {
		f.Add(lines[0] + strings.Replace(lines[i], fmt.Sprintf(`"seq":%d`, i), `"seq":1`, 1))
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := engine.Open(config(t), sim.Hooks{Observer: &records{}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = journal.Replay(strings.NewReader(text), header, s) // it may say anything
		if _, err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
