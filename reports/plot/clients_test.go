package plot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/sim"
	"sesim/sim/measure"
)

// withClient is a run of a minute with a client that is sampled every ten seconds: in the
// first frame 500 messages fall due, and it calls twice a second for half a minute.
func withClient(t *testing.T, change func(*reports.Client)) *reports.Report {
	r := reporttest.Bare(t)
	c := reports.Client{Name: "The mailer", Due: 500, Calls: 60, Accepted: 45, Refused: 15}
	change(&c)
	r.Summary.Clients = []reports.Client{{Name: "unused"}, c}
	for _, metric := range sim.QueueMetrics {
		r.Queues.Columns = append(r.Queues.Columns, measure.Column{Account: c.Name, Metric: metric})
	}
	for i := range 7 {
		at := float64(min(10*i, 30))
		r.Queues.Times = append(r.Queues.Times, time.Duration(10*i)*time.Second)
		values := []float64{500, 1.5 * at, 0.5*at - 1, 5, 495 - 2*at, 1}
		if i == 0 {
			values = []float64{500, 0, 0, 0, 500, 0}
		}
		for k := range r.Queues.Columns {
			r.Queues.Columns[k].Values = append(r.Queues.Columns[k].Values, values[k])
		}
	}
	return r
}

// TestClientChart: the frames are differences over their length, the first with what
// happened at the first instant; what follows the last call is left out but for a frame,
// and a demand far above the calls does not set the scale.
func TestClientChart(t *testing.T) {
	charts, err := Charts(withClient(t, func(*reports.Client) {}))
	if err != nil {
		t.Fatal(err)
	}
	charts = charts[1:] // after the flow
	if len(charts) != 1 || charts[0].Name != "the-mailer-client" || !charts[0].Drawn() {
		t.Fatalf("%d charts, want one of the client that is used", len(charts))
	}
	want := [][]string{
		{"day 0, 00:00:10", "50", "2", "1.5", "0.4", "475", "1", "5"},
		{"day 0, 00:00:20", "0", "2", "1.5", "0.5", "455", "1", "5"},
		{"day 0, 00:00:30", "0", "2", "1.5", "0.5", "435", "1", "5"},
		{"day 0, 00:00:40", "0", "0", "0", "0", "435", "1", "5"},
	}
	if diff := cmp.Diff(want, charts[0].Rows); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
	for _, words := range []string{"mean a second over 10 s", "it reaches 50 messages a second", "After 40 s nothing is due"} {
		if !strings.Contains(charts[0].Caption, words) {
			t.Errorf("the caption lacks %q: %s", words, charts[0].Caption)
		}
	}
	r := withClient(t, func(*reports.Client) {})
	if x := newClientChart(r, &r.Summary.Clients[1]); x.top != 2 || x.cut != 50 {
		t.Errorf("the scale ends at %v, and the demand of %v is cut off", x.top, x.cut)
	}
	r.Bands = &reports.Bands{}
	if list := clientPictures(r, namer{}); len(list) != 0 {
		t.Errorf("%d charts of replications", len(list))
	}
}

// TestClientTitles pins the findings.
func TestClientTitles(t *testing.T) {
	settled := func(c *reports.Client) { c.Refused = 0 }
	for want, change := range map[string]func(*reports.Client){
		"SES refuses no call of The mailer, whose slowest message takes 9 s":               func(c *reports.Client) { settled(c); c.Oldest.Max = reports.Seconds(9 * time.Second) },
		"SES refuses 25% of the calls of The mailer, which loses no message":               func(*reports.Client) {},
		"20% of the messages of The mailer are not settled at the end, the oldest for 9 s": func(c *reports.Client) { c.Waiting, c.InFlight, c.Oldest.Final = 99, 1, reports.Seconds(9*time.Second) },
		"The mailer loses 2% of its messages: dropped by a limiter":                        func(c *reports.Client) { c.Lost, c.GivenUp.Dropped = 10, 10 },
		"The mailer loses 2% of its messages: mostly no connection in time; 20% are not settled at the end": func(c *reports.Client) {
			c.Lost, c.GivenUp, c.Waiting = 10, reports.Losses{Attempts: 3, Wait: 7}, 100
		},
	} {
		if got := clientPictures(withClient(t, change), namer{})[0].Title; got != want {
			t.Errorf("title is %q, want %q", got, want)
		}
	}
}

// TestManyClients: those that lose most come first, no more than the limit have a chart,
// and the captions say that there are more, of which those without mail are none.
func TestManyClients(t *testing.T) {
	r := withClient(t, func(*reports.Client) {})
	columns := r.Queues.Columns
	r.Queues.Columns, r.Summary.Clients = nil, nil
	r.Summary.Clients = append(r.Summary.Clients, reports.Client{Name: "idle"})
	for i := range maxClients + 3 {
		name := fmt.Sprintf("c%d", i)
		r.Summary.Clients = append(r.Summary.Clients, reports.Client{Name: name, Due: 500, Calls: 60, Lost: int64(i), GivenUp: reports.Losses{Stopped: int64(i)}})
		for _, c := range columns {
			c.Account = name
			r.Queues.Columns = append(r.Queues.Columns, c)
		}
	}
	list := clientPictures(r, namer{})
	if len(list) != maxClients || list[0].Name != "c14-client" || slices.ContainsFunc(list, func(p picture) bool { return p.Name == "c2-client" }) {
		t.Errorf("%d charts, the first is %s", len(list), list[0].Name)
	}
	for _, p := range list {
		if !strings.HasSuffix(p.Caption, " Clients without charts: 3; their figures are in summary.json.") {
			t.Errorf("the caption is %q", p.Caption)
		}
	}
	r.Summary.Clients = r.Summary.Clients[:maxClients]
	if list := clientPictures(r, namer{}); len(list) != maxClients-1 || strings.Contains(list[0].Caption, "without charts") {
		t.Errorf("%d charts, with the caption %q", len(list), list[0].Caption)
	}
}
