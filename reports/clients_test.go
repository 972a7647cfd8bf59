package reports_test

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/html"
	"sesim/reports/internal/reporttest"
	"sesim/reports/openmetrics"
	"sesim/reports/rundir"
	"sesim/reports/text"
	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/measure"
)

// clientRun is a run whose sender has a client, which lost some of the mail. A further
// figure of clients has a row of the table alone.
func clientRun(t *testing.T) *reports.Report {
	t.Helper()
	cfg, res := reporttest.Run(1)
	shipped := *(*sim.FigureTable)(nil).Rows()
	further := sim.Figure[sim.ClientResult]{
		FigureInfo: sim.FigureInfo{Name: "unsettled", Unit: "messages", Help: "messages that are not settled"},
		Of:         func(c *sim.ClientResult) (float64, bool) { return float64(c.Waiting + c.InFlight), true },
	}
	shipped.Client = append(shipped.Client[:len(shipped.Client):len(shipped.Client)], further)
	cfg.Figures = &shipped
	cfg.Clients, cfg.Senders[0].Client = []sim.Client{{Name: "mailer"}, {Name: "unused"}}, 1
	calls := sim.ClientCalls{Counts: client.Counts{
		Due: 900, Calls: 1500, Attempts: []int64{890, 610}, Accepted: 700, Refused: 790, InFlight: 10, Waiting: 60, Closed: 77,
		GivenUp: [client.Reasons]int64{client.Attempts: 100, client.Waited: 30},
	}}
	_ = calls.GaveUp.Record(7*time.Second, 130)
	res.Senders[0].Calls = &calls
	res.Clients = []sim.ClientResult{
		{ClientCalls: calls, Active: 100 * time.Second, MostCalls: 42, OldestEnd: 4 * time.Second, OldestMax: 9 * time.Second, Delay: res.Accounts[0].Delay}, {},
	}
	res.Queues.Times = res.Series.Times
	for _, name := range []string{"mailer", "unused"} {
		for k, metric := range sim.QueueMetrics {
			c := measure.Column{Account: name, Metric: metric}
			for i := range res.Queues.Times {
				c.Values = append(c.Values, float64((k+1)*i))
			}
			res.Queues.Columns = append(res.Queues.Columns, c)
		}
	}
	return reporttest.Of(t, cfg, res)
}

// TestClients finds the figures of a client in every output, and in the report that is
// read back from a folder.
func TestClients(t *testing.T) {
	r := clientRun(t)
	dir := filepath.Join(t.TempDir(), "run")
	if err := rundir.Write(dir, r, nil, false); err != nil {
		t.Fatal(err)
	}
	back, err := rundir.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	back.Table = r.Table
	if diff := cmp.Diff(r.Figures(), back.Figures()); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r.Queues, back.Queues); diff != "" || len(back.Queues.Columns) != 12 {
		t.Errorf("series read back (-want +got):\n%s", diff)
	}
	for _, run := range []*reports.Report{r, back} {
		find(t, "figures.csv", func(w io.Writer) error { return data.WriteFigures(w, run) },
			`\nmailer,calls,count,1500\n`, `\nmailer,given_up.wait,count,30\n`, `\nmailer,rate.mean,number,15\n`, `\nmailer,unsettled,count,70\n`,
			`\nmailer,refused.session,count,77\n`, `\nacme-news,refused.session,count,77\n`,
			`\nacme-news,attempts.2,count,610\n`, `\nacme-news,lost.attempts,count,100\n`, `\nacme-news,lost_delay.max,duration,7\n`, `\nunused,calls,count,0\n`)
		find(t, "OpenMetrics", func(w io.Writer) error { return openmetrics.Write(w, run) },
			`\nsesim_client_calls\{.*client="mailer"\} 1500 `, `\nsesim_client_refused_session_calls\{.*client="mailer"\} 77 `, `\nsesim_client_rate_mean\{.*client="mailer"\} 15 `,
			`\nsesim_sender_lost_attempts_messages\{.*sender="acme-news"\} 100 `, `\nsesim_client_oldest_max_seconds\{.*client="mailer"\} 9 `)
		find(t, "text", func(w io.Writer) error { return text.Write(w, run, text.Style{Columns: 1000}) },
			`client mailer: 1,500 calls \(77 on a closed session\), 15 a second, at most 42 within a second; 130 \(14.4%\) of the messages given up `+
				`\(100 after the last attempt, 30 no connection in time\); .*; 70 not settled at the end, the oldest for 4 s\.`,
			`client unused: no message was due\.`, `mailer.unsettled: 70 \(messages that are not settled\)`)
		find(t, "Markdown", func(w io.Writer) error { return text.WriteMarkdown(w, run) }, `- client mailer: 1,500 calls`)
		find(t, "page", func(w io.Writer) error { return html.Write(w, run, nil) },
			`<th scope="row">mailer</th><td>900</td><td>1,500</td><td>890 · 610</td><td>790 \(52.7%\)</td><td>77</td><td>130 \(14.4%\)</td>`,
			`messages that are not settled</th>`)
	}

	var b bytes.Buffer
	if err := data.WriteSummary(&b, &r.Summary); err != nil {
		t.Fatal(err)
	}
	var got struct{ Clients []map[string]any }
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	delay := r.Summary.Senders[0].Delay
	want := map[string]any{
		"name": "mailer", "senders": []any{"acme-news"}, "due": 900.0, "calls": 1500.0, "attempts": []any{890.0, 610.0}, "accepted": 700.0,
		"refused": 790.0, "in_flight": 10.0, "waiting": 60.0, "oldest_seconds": map[string]any{"final": 4.0, "max": 9.0}, "lost": 130.0,
		"given_up": map[string]any{"attempts": 100.0, "dropped": 0.0, "stopped": 0.0, "wait": 30.0, "refused": 0.0},
		"rate":     map[string]any{"mean": 15.0, "max_1s": 42.0}, "refused_session": 77.0, "unsettled": 70.0,
		"lost_delay_seconds": map[string]any{"p50": 7.0, "p99": 7.0, "max": 7.0},
		"delay":              map[string]any{"p50": time.Duration(delay.P50).Seconds(), "p99": time.Duration(delay.P99).Seconds(), "max": time.Duration(delay.Max).Seconds()},
	}
	if diff := cmp.Diff(want, got.Clients[0]); diff != "" {
		t.Errorf("summary.json (-want +got):\n%s", diff)
	}
}

// TestNoClients: a run without clients has no word of them in its summary.
func TestNoClients(t *testing.T) {
	cfg, res := reporttest.Run(1)
	var b bytes.Buffer
	if err := data.WriteSummary(&b, &reporttest.Of(t, cfg, res).Summary); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{`"clients"`, `"attempts"`, `"lost`, `"refused_session"`} {
		if bytes.Contains(b.Bytes(), []byte(word)) {
			t.Errorf("summary.json has %s", word)
		}
	}
}
