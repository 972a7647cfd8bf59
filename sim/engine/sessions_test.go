package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/ses"
)

// TestRecordsOfConnections: records say when a call began, which process makes it, on which
// of its connections, and whose session SES had closed.
func TestRecordsOfConnections(t *testing.T) {
	of := client.Default()
	of.Workers.N, of.Processes, of.Latency, of.Connection.Setup = 1, 2, fixed(100*time.Millisecond), time.Second
	cfg := campaigning(t, 1, 10, of)
	cfg.Senders[0].Interface, cfg.Rules.Session.MaxMessages = ses.SMTP, 2
	var told [2][]string
	_, err := engine.Run(cfg, sim.Hooks{Observer: observed(func(r *sim.Record) {
		switch r.Kind {
		case sim.Sent, sim.SessionClosed:
			word := map[sim.RecordKind]string{sim.Sent: "sent", sim.SessionClosed: "closed"}[r.Kind]
			told[r.Process] = append(told[r.Process], fmt.Sprintf("%s %d %v-%v", word, r.Connection, r.Started, r.At))
		}
	})})
	if err != nil {
		t.Fatal(err)
	}
	const want = "sent 1 0s-1.1s, sent 1 1.1s-1.2s, closed 1 1.2s-2.3s, sent 2 1.2s-2.3s, sent 2 2.3s-2.4s, closed 2 2.4s-3.5s, sent 3 2.4s-3.5s"
	for process, list := range told {
		if got := strings.Join(list, ", "); got != want {
			t.Errorf("process %d: %s\nwant %s", process, got, want)
		}
	}
}
