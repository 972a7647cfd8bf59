package explain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// history is what happened to a message of the first sender, each entry with its figures.
func history(t *testing.T, cfg sim.Config, message int64) (list [][]string) {
	t.Helper()
	e, err := explain.Replay(engine.Run, cfg, explain.Query{At: time.Hour, Sender: "s", Message: message})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range e.Entries {
		list = append(list, append([]string{x.What, x.Address}, x.Figures...))
	}
	return list
}

// A lost message of a client has an entry for each attempt, with when it began and what
// it met, and one for why the client gave it up.
func TestLostByClient(t *testing.T) {
	cfg := refusing(t)
	cfg.Accounts[0].Quota = 2
	cfg.Senders[0].End, cfg.Senders[0].Client = 16*time.Minute, 1
	of := client.Default()
	of.Workers.N, of.Latency.Spread = 1, unit.Spread{Median: 250 * time.Millisecond, Upper: 250 * time.Millisecond, Tail: 99}
	of.Retry = []client.Layer{{On: 1 << ses.RefusedQuota, Attempts: 2, Waits: []time.Duration{2 * time.Second}, Hold: true}}
	cfg.Clients = []sim.Client{{Name: "mailer", Config: of}}

	const quota = "2 of 2 recipients used in the last 24 hours; the oldest leave the window at day 1, 00:00"
	const bucket = "token bucket at 14, refilled with 14 a second"
	refusal := "call with 1 recipient refused: " + ses.Throttled(sim.V2, ses.RefusedQuota).String()
	want := [][]string{
		{refusal, "p-2@p.example", "attempt 1, 0 s after the message was due; SES decided it 250 ms later", quota, bucket},
		{refusal, "p-2@p.example", "attempt 2, 2.25 s after the message was due; SES decided it 250 ms later", quota, bucket},
		{"given up by client mailer: after the last attempt", "p-2@p.example", "after 2 calls, 2.5 s after the message was due"},
	}
	got := history(t, cfg, 3)
	for i := range min(len(got), len(want)) { // whom a random choice has made the third
		want[i][1] = got[0][1]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after the last attempt (-want +got):\n%s", diff)
	}

	cfg.Clients[0].Limiters = []client.Limiter{{N: client.Count{N: 1}, Per: time.Hour, Burst: client.Count{N: 1}, Full: client.Full{Policy: client.Drop}}}
	want = [][]string{{"given up by client mailer: dropped by a limiter", got[0][1], "after 0 calls, 0 s after the message was due"}}
	if diff := cmp.Diff(want, history(t, cfg, 3)); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
}

// A sender's own retries are told with when they came. Its first call says nothing of
// that.
func TestRetriesOfSender(t *testing.T) {
	cfg := refusing(t)
	cfg.Senders[0].Retry = sim.Retry{On: [ses.Reasons]bool{ses.RefusedQuota: true}, First: time.Minute, Factor: 1000, Cap: time.Minute, Attempts: 1}
	got := history(t, cfg, 4)
	if len(got) != 2 || got[0][2] != "3 of 3 recipients used in the last 24 hours; the oldest leave the window at day 1, 00:00" ||
		got[1][2] != "attempt 2, 1 min after the message was due" {
		t.Errorf("the fourth message has %q", got)
	}
}
