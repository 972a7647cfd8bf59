package events_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/events"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestStyle checks the words of the styles.
func TestStyle(t *testing.T) {
	for _, style := range []events.Style{events.EventPublishing, events.Notification} {
		if got, err := events.ParseStyle(style.String()); got != style || err != nil {
			t.Errorf("%s: %v, %v", style, got, err)
		}
	}
	_, err := events.ParseStyle("sns")
	if want := `"sns" is not one of "event-publishing", "notification"`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestOrder checks that the lines stand in the order in which SES learns of
// things, which the time within ids tells, and that no time lies outside the
// run.
func TestOrder(t *testing.T) {
	cfg := config(t)
	lines, refusals := run(t, cfg, events.EventPublishing)
	last := cfg.Start
	for _, rec := range parse(t, lines) {
		at := learned(t, rec)
		if at.Before(last) {
			t.Errorf("a %s of %v follows one of %v", kindOf(rec), at, last)
		}
		last = at
	}
	if end := cfg.Start.Add(cfg.Horizon); last.After(end) || last.Before(end.Add(-day)) {
		t.Errorf("the last line is of %v, the run ends at %v", last, end)
	}
	stamps := []string{}
	for _, rec := range parse(t, refusals) {
		stamps = append(stamps, rec["timestamp"].(string))
	}
	if len(stamps) != 3 || !slices.IsSorted(stamps) {
		t.Errorf("the refusals are of %v", stamps)
	}
}

// learned returns when SES learned of what a record tells.
func learned(t *testing.T, rec object) time.Time {
	t.Helper()
	if id, ok := payload(rec)["feedbackId"].(string); ok {
		millis, err := strconv.ParseInt(id[4:16], 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		return time.UnixMilli(millis).UTC()
	}
	written, ok := payload(rec)["timestamp"].(string)
	if !ok {
		written = text(rec, "mail.timestamp")
	}
	at, err := time.Parse(time.RFC3339, written)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestDestination checks that every record names all recipients that the Send
// of its message named, however long ago that was, and nobody else.
func TestDestination(t *testing.T) {
	lines, _ := run(t, config(t), events.EventPublishing)
	sent := map[string][]string{}
	several := 0
	for _, rec := range parse(t, lines) {
		id, destination := text(rec, "mail.messageId"), addresses(rec, "mail.destination[]")
		if kindOf(rec) == "Send" {
			sent[id] = destination
			continue
		}
		if !slices.Equal(destination, sent[id]) {
			t.Errorf("a %s names %v, its Send %v", kindOf(rec), destination, sent[id])
		}
		if len(destination) > 1 && kindOf(rec) == "Complaint" {
			several++
		}
		for path, list := range leaves(payload(rec)) {
			if !strings.HasSuffix(path, "emailAddress") && path != "recipients[]" {
				continue
			}
			for _, address := range list {
				if !slices.Contains(destination, address.(string)) {
					t.Errorf("a %s of %v is about %v", kindOf(rec), destination, address)
				}
			}
		}
	}
	if several == 0 {
		t.Error("no complaint about a message to several recipients")
	}
}

// TestCounts checks the number of records against what the run counted.
func TestCounts(t *testing.T) {
	cfg := config(t)
	var out bytes.Buffer
	w := events.New(&out, cfg, events.EventPublishing)
	accepted := acceptedCalls{Observer: w}
	result, err := engine.Run(*cfg, sim.Hooks{Observer: &accepted})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, rec := range parse(t, out.String()) {
		kind := kindOf(rec)
		if sub := text(rec, "bounce.bounceSubType") + text(rec, "complaint.complaintSubType"); strings.HasSuffix(sub, "List") || sub == "Suppressed" {
			kind = sub
		}
		got[kind]++
	}
	var byAccount, byGlobal int64
	for _, a := range result.Accounts {
		byAccount += a.SuppressedAccount
		byGlobal += a.SuppressedGlobal
	}
	want := map[string]int64{"Send": accepted.n, "OnAccountSuppressionList": byAccount, "Suppressed": byGlobal + 1} // one of the simulator
	for kind, n := range want {
		if got[kind] != n || n < 2 {
			t.Errorf("%d records of %s, want %d", got[kind], kind, n)
		}
	}
}

// acceptedCalls counts the accepted calls, and passes all records on.
type acceptedCalls struct {
	sim.Observer
	n int64
}

// Observe implements sim.Observer.
func (a *acceptedCalls) Observe(r *sim.Record) {
	if r.Kind == sim.Sent {
		a.n++
	}
	a.Observer.Observe(r)
}

// TestDeterminism checks that a run gives the same bytes again, and another
// seed others.
func TestDeterminism(t *testing.T) {
	cfg := config(t)
	first, refused := run(t, cfg, events.EventPublishing)
	second, refusedAgain := run(t, config(t), events.EventPublishing)
	if first != second || refused != refusedAgain {
		t.Error("two runs of one configuration differ")
	}
	cfg.Seed = 2
	if other, _ := run(t, cfg, events.EventPublishing); other == first {
		t.Error("the seed does not matter")
	}
}

// TestRefusals checks the line of a refused call, as each interface words it.
func TestRefusals(t *testing.T) {
	cfg := config(t)
	var out bytes.Buffer
	w := events.New(nil, cfg, events.EventPublishing)
	w.Refusals(&out)
	refused := func(sender int, e ses.Error, rule rules.ID, attempt int, to ...sim.Address) {
		w.Observe(&sim.Record{
			Kind: sim.Refused, At: hour, Account: cfg.Senders[sender].Account, Sender: sender, Attempt: attempt, Recipients: to, Error: e, Rule: rule,
		})
	}
	refused(newsletter, ses.Throttled(ses.V2, ses.RefusedQuota), rules.QuotaRolling, 2, people(0), people(1))
	refused(alerts, ses.Throttled(ses.SMTP, ses.RefusedRate), rules.RateBucket, 0, people(3))
	refused(letters, ses.Paused(ses.V1, ses.ByAWS), rules.PauseRefuses, 0, pair(0))
	w.Observe(&sim.Record{Kind: sim.Sent, At: hour, Sender: letters, Recipients: []sim.Address{pair(0)}})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := `{"timestamp":"2026-03-02T10:00:00.000Z","account":"acme","sender":"newsletter","interface":"v2","recipients":["p-1@people.example","p-2@people.example"],"status":429,"code":"TooManyRequestsException","message":"Daily message quota exceeded.","rule":"quota.rolling","attempt":2}
{"timestamp":"2026-03-02T10:00:00.000Z","account":"beta","sender":"alerts","interface":"smtp","recipients":["p-4@people.example"],"status":454,"code":"","message":"Throttling failure: Maximum sending rate exceeded","rule":"rate.bucket","attempt":0}
{"timestamp":"2026-03-02T10:00:00.000Z","account":"acme","sender":"letters","interface":"v1","recipients":["ann@one.example"],"status":400,"type":"Sender","code":"MessageRejected","message":"Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.","rule":"pause.refuses","attempt":0}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("- want, + got:\n%s", diff)
	}
}

// full is a writer to a disk that is full after so many bytes.
type full struct{ left int }

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.left)
	f.left -= n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// TestFullDisk checks that the first error of either stream is kept, named
// and returned, and that the run goes on to its end.
func TestFullDisk(t *testing.T) {
	cfg := config(t)
	for name, c := range map[string]struct{ events, refusals io.Writer }{
		"email events: no space left on device": {&full{100_000}, io.Discard},
		"refusals: no space left on device":     {io.Discard, &full{10}},
	} {
		w := events.New(c.events, cfg, events.EventPublishing)
		w.Refusals(c.refusals)
		result, err := engine.Run(*cfg, sim.Hooks{Observer: w})
		if err != nil || result.End != cfg.Horizon {
			t.Errorf("the run ended at %v, %v", result.End, err)
		}
		for range 2 {
			if err := w.Flush(); !errors.Is(err, errFull) || err.Error() != name {
				t.Errorf("the error is %v, want %s", err, name)
			}
		}
	}
}

// TestOddRecords checks that records of which no run consists are passed over
// or written as far as they go, without a panic.
func TestOddRecords(t *testing.T) {
	cfg := config(t)
	for _, style := range []events.Style{events.EventPublishing, events.Notification} {
		var out bytes.Buffer
		w := events.New(&out, cfg, style)
		w.Refusals(io.Discard)
		for kind := range sim.Changed + 2 {
			for _, sender := range []int{-1, 0, 99} {
				for _, address := range []sim.Address{{Audience: -1}, {Audience: 99}, {Audience: 0, Number: 1 << 40}, {Audience: 1, Number: -1}} {
					w.Observe(&sim.Record{Kind: kind, Sender: sender, Account: sender, Address: address, Recipients: []sim.Address{address, address}, Message: -1})
				}
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		parse(t, out.String())
	}
}
