package events_test

import (
	"bytes"
	"fmt"
	"io"
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

// TestSimulatorOf2026 checks the answers that the mailbox simulator gave to
// probes in 2026.
func TestSimulatorOf2026(t *testing.T) {
	cfg := config(t)
	cfg.Rules.Mail.SimulatorGeneral = true
	for _, c := range []struct {
		number    int64
		simulator ses.Simulator
		want      string
	}{
		{simBounce, ses.SimulateBounce, "smtp; 550 5.1.1 As requested: user unknown <bounce@simulator.amazonses.com>"},
		{simSuppression, ses.SimulateSuppression, "smtp; 550 5.1.1 As requested: user unknown (suppressed address: suppressionlist@simulator.amazonses.com)"},
	} {
		rec := observe(t, cfg, events.EventPublishing, sim.Record{
			Kind: sim.Simulated, Sender: probe, Address: simulator(c.number), Simulator: c.simulator, Bounce: ses.PermanentGeneral,
		})[0]
		if got := text(rec, "bounce.bouncedRecipients[].diagnosticCode"); got != c.want {
			t.Errorf("%s: %q, want %q", c.simulator, got, c.want)
		}
		if text(rec, "bounce.remoteMtaIp") == "" || !strings.HasPrefix(text(rec, "bounce.reportingMTA"), "dns; a113-") {
			t.Errorf("%s: no MTA was contacted: %v", c.simulator, rec["bounce"])
		}
	}
}

// TestSimulatorMerges checks that the bounces which one call draws from the
// mailbox simulator are one record each of their kind, that other mail is not
// merged into them, and that nothing held back is lost at the end.
func TestSimulatorMerges(t *testing.T) {
	at := func(message int64, number int64, s ses.Simulator, b ses.Bounce) sim.Record {
		return sim.Record{Kind: sim.Simulated, At: hour, Sender: probe, Account: 2, Message: message, Address: simulator(number), Simulator: s, Bounce: b}
	}
	records := []sim.Record{
		{Kind: sim.Sent, At: hour, Sender: probe, Account: 2, Recipients: []sim.Address{simulator(simBounce), simulator(simSuccess), simulator(simSuppression), simulator(simLabelled)}},
		at(0, simBounce, ses.SimulateBounce, ses.PermanentGeneral),
		at(0, simSuccess, ses.SimulateSuccess, ses.NoBounce),
		at(0, simSuppression, ses.SimulateSuppression, ses.PermanentSuppressed),
		at(0, simLabelled, ses.SimulateBounce, ses.PermanentGeneral),
		at(1, simLabelled, ses.SimulateBounce, ses.PermanentGeneral),
		{Kind: sim.Delivered, At: hour, SentAt: hour, Sender: alerts, Account: 1, Address: people(0)},
		at(2, simBounce, ses.SimulateBounce, ses.PermanentGeneral),
	}
	var got []string
	for _, rec := range observe(t, config(t), events.EventPublishing, records...) {
		got = append(got, fmt.Sprint(kindOf(rec), leaves(rec)["bounce.bouncedRecipients[].emailAddress"]))
	}
	want := []string{
		"Send[]", "Delivery[]",
		"Bounce[bounce@simulator.amazonses.com bounce+label@simulator.amazonses.com]",
		"Bounce[suppressionlist@simulator.amazonses.com]",
		"Bounce[bounce+label@simulator.amazonses.com]",
		"Delivery[]",
		"Bounce[bounce@simulator.amazonses.com]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- want, + got:\n%s", diff)
	}
}

// TestSuspects checks that a complaint names all recipients of the message at
// the domain of the one who complained, whatever its case, and nobody else;
// and that one which the account's list stands for names its recipient alone.
func TestSuspects(t *testing.T) {
	sent := sim.Record{Kind: sim.Sent, Sender: letters, Recipients: []sim.Address{pair(0), pair(1), pair(2), pair(3)}}
	complained := func(n int64) []string {
		recs := observe(t, config(t), events.EventPublishing, sent, sim.Record{Kind: sim.Complained, At: hour, Sender: letters, Address: pair(n)})
		return addresses(recs[1], "complaint.complainedRecipients[].emailAddress")
	}
	if got, want := complained(3), []string{"ann@one.example", "cid@ONE.example", "dot@one.example"}; !cmp.Equal(got, want) {
		t.Errorf("suspects are %v, want %v", got, want)
	}
	if got, want := complained(1), []string{"bob@two.example"}; !cmp.Equal(got, want) {
		t.Errorf("suspects are %v, want %v", got, want)
	}
	recs := observe(t, config(t), events.EventPublishing, sent, sim.Record{Kind: sim.SuppressedAccount, Sender: letters, Address: pair(3), ListReason: ses.ListComplaint})
	if got, want := addresses(recs[1], "complaint.complainedRecipients[].emailAddress"), []string{"dot@one.example"}; !cmp.Equal(got, want) {
		t.Errorf("suppressed: %v, want %v", got, want)
	}
}

// addresses returns the strings at a path.
func addresses(rec object, path string) []string {
	var list []string
	for _, v := range leaves(rec)[path] {
		list = append(list, v.(string))
	}
	return list
}

// TestRejectOnce checks that a rejected message is one record, whatever its
// recipients are.
func TestRejectOnce(t *testing.T) {
	rejected := func(message, n int64) sim.Record {
		return sim.Record{Kind: sim.Rejected, At: hour, Sender: bad, Message: message, Address: pair(n), Rule: rules.ContentRejected}
	}
	sent := sim.Record{Kind: sim.Sent, At: hour, Sender: bad, Recipients: []sim.Address{pair(0), pair(1)}}
	recs := observe(t, config(t), events.EventPublishing, sent, rejected(0, 0), rejected(0, 1), rejected(1, 2))
	var got []string
	for _, rec := range recs {
		got = append(got, fmt.Sprint(kindOf(rec), addresses(rec, "mail.destination[]")))
	}
	want := []string{"Send[ann@one.example bob@two.example]", "Reject[ann@one.example bob@two.example]", "Reject[cid@ONE.example]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- want, + got:\n%s", diff)
	}
}

// TestForgets checks that a message is remembered from its Send to the last
// record about its last recipient, that one recipient and mail that SES
// did not accept are never remembered, and that records of other messages do not matter.
func TestForgets(t *testing.T) {
	cfg := config(t)
	w := events.New(io.Discard, cfg, events.Notification)
	about := func(kind sim.RecordKind, message, n int64) sim.Record {
		return sim.Record{Kind: kind, At: hour, SentAt: hour, Sender: letters, Message: message, Address: pair(n), ListReason: ses.ListBounce}
	}
	sent := func(message int64, to ...sim.Address) sim.Record {
		return sim.Record{Kind: sim.Sent, At: hour, Sender: letters, Message: message, Recipients: to}
	}
	follows := func(r sim.Record) sim.Record { r.Follows = true; return r }
	for i, step := range []struct {
		record sim.Record
		want   int // messages remembered after it
	}{
		{sent(0, pair(0)), 0},
		{sim.Record{Kind: sim.Refused, At: hour, Sender: letters, Recipients: []sim.Address{pair(0), pair(1)}}, 0},
		{sim.Record{Kind: sim.GaveUp, At: hour, Sender: letters, Recipients: []sim.Address{pair(0), pair(1)}}, 0},
		{sent(1, pair(0), pair(1), pair(2)), 1},
		{sent(2, pair(0), pair(1)), 2},
		{about(sim.Delivered, 0, 0), 2},
		{about(sim.HardBounced, 1, 0), 2},
		{about(sim.Delayed, 1, 1), 2},
		{follows(about(sim.Delivered, 1, 2)), 2},
		{follows(about(sim.AutoReplied, 1, 2)), 2},
		{about(sim.SuppressedAccount, 2, 0), 2},
		{about(sim.SoftBounced, 1, 1), 2},
		{about(sim.Delivered, 2, 1), 1},
		{about(sim.Complained, 1, 2), 0},
		{about(sim.Complained, 1, 2), 0},
	} {
		w.Observe(&step.record)
		if got := w.InFlight(); got != step.want {
			t.Errorf("step %d: %d messages are remembered, want %d", i, got, step.want)
		}
	}
}

// TestMaxDelivery checks what is written of mail whose configuration set gives
// SES 15 minutes: until when it tries, and a bounce at the end that names the
// last answer. Other mail is not concerned.
func TestMaxDelivery(t *testing.T) {
	cfg := config(t)
	cfg.Accounts[0].Sets[0].MaxDelivery = 15 * minute
	delayed := sim.Record{Kind: sim.Delayed, At: hour + minute, SentAt: hour, Bounce: ses.TransientMailboxFull}
	if got := text(observe(t, cfg, events.EventPublishing, delayed)[0], "deliveryDelay.expirationTime"); got != "2026-03-02T10:15:00.000Z" {
		t.Errorf("SES tries until %s", got)
	}
	delayed.Sender, delayed.Account = alerts, 1
	if got := text(observe(t, cfg, events.EventPublishing, delayed)[0], "deliveryDelay.expirationTime"); got != "2026-03-03T00:00:00.000Z" {
		t.Errorf("without the set SES tries until %s", got)
	}
	for _, c := range []struct {
		met            ses.Bounce
		answer, remote string
	}{
		{ses.TransientMailboxFull, "452 4.2.2 Mailbox full", "198.51.100.56"},
		{ses.TransientBlockedIP, "421 4.7.0 Connections from this IP address are blocked", "198.51.100.56"},
		{ses.TransientDeferred, "451 4.3.0 Try again later", "198.51.100.56"},
		{ses.TransientGeneral, "421 4.4.0 Unable to lookup DNS for people.example", ""},
	} {
		for _, style := range []events.Style{events.EventPublishing, events.Notification} {
			rec := observe(t, cfg, style, sim.Record{Kind: sim.SoftBounced, At: hour + 15*minute, SentAt: hour, Bounce: ses.TransientCustomTimeout, Met: c.met})[0]
			got := []string{kindOf(rec), text(rec, "bounce.bounceType"), text(rec, "bounce.bounceSubType"), text(rec, "bounce.timestamp"),
				text(rec, "bounce.remoteMtaIp"), text(rec, "bounce.bouncedRecipients[].status"), text(rec, "bounce.bouncedRecipients[].diagnosticCode")}
			want := []string{"Bounce", "Transient", "CustomTimeoutExceeded", "2026-03-02T10:15:00.000Z",
				c.remote, "4.4.7", "smtp; 550 4.4.7 Message expired: unable to deliver in 15 minutes.<" + c.answer + ">"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after %s (-want +got):\n%s", c.met, diff)
			}
		}
	}
	// An address that died meanwhile, found out by the last attempt.
	died := observe(t, cfg, events.EventPublishing, sim.Record{Kind: sim.HardBounced, At: hour + 15*minute, SentAt: hour, Bounce: ses.PermanentGeneral})[0]
	if got := text(died, "bounce.bouncedRecipients[].diagnosticCode"); got != "smtp; 550 5.1.1 user unknown" {
		t.Errorf("a hard bounce at the end says %q", got)
	}
}

// TestExpiresInARun runs a configuration whose set gives SES an hour: each
// CustomTimeoutExceeded is an hour after its mail, and comes of a set alone.
func TestExpiresInARun(t *testing.T) {
	cfg := config(t)
	cfg.Accounts[0].Sets[0].MaxDelivery = hour
	lines, _ := run(t, cfg, events.EventPublishing)
	expired, others := 0, 0
	for _, rec := range parse(t, lines) {
		set, subtype := text(rec, "mail.tags.ses:configuration-set[]"), text(rec, "bounce.bounceSubType")
		switch {
		case subtype == "CustomTimeoutExceeded":
			expired++
			sent, err := time.Parse(time.RFC3339, text(rec, "mail.timestamp"))
			at, err2 := time.Parse(time.RFC3339, text(rec, "bounce.timestamp"))
			if err != nil || err2 != nil || at.Sub(sent) != hour || set != "marketing" {
				t.Errorf("%s, %v, %v: %v after its mail, with the set %q", subtype, err, err2, at.Sub(sent), set)
			}
		case subtype == "MailboxFull":
			others++
			if set == "marketing" {
				t.Errorf("a %s of mail with the set", subtype)
			}
		}
	}
	if expired < 5 || others < 5 {
		t.Errorf("%d bounces by the set and %d by the rules", expired, others)
	}
}

// TestForgetsARun checks that a run in which everything has come to its end
// leaves nothing to remember, and that mail which SES delivers after retries
// keeps its id.
func TestForgetsARun(t *testing.T) {
	cfg := config(t)
	cfg.Audiences[0].FullFor = 2 * hour
	for i := range cfg.Senders {
		cfg.Senders[i].End = 20 * hour
	}
	var out bytes.Buffer
	w := events.New(&out, cfg, events.EventPublishing)
	if _, err := engine.Run(*cfg, sim.Hooks{Observer: w}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if n := w.InFlight(); n != 0 {
		t.Errorf("%d messages are remembered", n)
	}
	sent, late := map[string]bool{}, 0
	for _, rec := range parse(t, out.String()) {
		id := text(rec, "mail.messageId")
		switch {
		case kindOf(rec) == "Send":
			sent[id] = true
		case !sent[id]:
			t.Errorf("a %s is about %s, which was not sent", kindOf(rec), id)
		case kindOf(rec) == "Delivery" && payload(rec)["processingTimeMillis"].(float64) > 7_200_000:
			late++
		}
	}
	if late == 0 {
		t.Error("nothing was delivered after retries")
	}
}
