package scenarios

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/engine"
)

// files are the files of a test by name.
type files map[string]string

func (f files) Open(name string) (io.ReadCloser, error) {
	text, ok := f[name]
	if !ok {
		return nil, errors.New("no such file")
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// recorded is base with recorded traffic; a run starts on 2026-01-01.
var recorded = strings.Replace(base, `traffic = { kind = "poisson", rate = "60/h" }`, `traffic = { kind = "trace", file = "sends.csv" }`, 1)

// loadTrace loads the scenario with that trace.
func loadTrace(t *testing.T, scenario, csv string) *sim.Config {
	t.Helper()
	cfg, err := LoadWith(files{"sends.csv": csv}, "x.toml", []byte(scenario))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// rowsOf reads a trace as a run does. Each row's numbers are copied: they are
// the rows' own only until the next one.
func rowsOf(trace sim.Trace) []sim.TraceRow {
	var list []sim.TraceRow
	rows := trace.Open()
	for {
		var row sim.TraceRow
		if !rows.Next(&row) {
			return list
		}
		list = append(list, row)
	}
}

func TestTraceRows(t *testing.T) {
	csv := "\uFEFFtime, recipients\r\n" +
		"0s,1\r\n" +
		"2026-01-01T00:00:00Z , 100\n" +
		"\n" +
		`"2026-01-01T02:30:00+01:00","customers-1@customers.example customers-100@CUSTOMERS.example"` + "\n" +
		"1h30m0.5s,CUSTOMERS-7@customers.example\n" +
		"30d,1\n" +
		"300d,2" // no line end
	cfg := loadTrace(t, recorded, csv)
	const minute = time.Minute
	want := []sim.TraceRow{
		{Count: 1}, {Count: 100},
		{At: 90 * minute, Numbers: []uint32{0, 99}},
		{At: 90*minute + time.Second/2, Numbers: []uint32{6}},
	}
	for range 2 { // each run reads the file anew
		if diff := cmp.Diff(want, rowsOf(cfg.Senders[0].Traffic.Trace)); diff != "" {
			t.Errorf("the rows before the horizon (-want +got):\n%s", diff)
		}
	}
	got, err := engine.Run(*cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	// 100 recipients are more than SES takes in one call.
	if a := got.Accounts[0]; got.Senders[0].Messages != 4 || a.Recipients != 104 || a.Accepted != 4 {
		t.Errorf("%d messages, %d recipients, %d accepted", got.Senders[0].Messages, a.Recipients, a.Accepted)
	}
}

func TestTraceOfNamedAddresses(t *testing.T) {
	scenario := strings.Replace(recorded, "size = 100", `addresses = ["Ann@b.example", "bounce@simulator.amazonses.com"]`, 1)
	cfg := loadTrace(t, scenario, "time,recipients\n1h,bounce@simulator.amazonses.com ann@B.example\n2h,2\n")
	want := []sim.TraceRow{{At: time.Hour, Numbers: []uint32{1, 0}}, {At: 2 * time.Hour, Count: 2}}
	if diff := cmp.Diff(want, rowsOf(cfg.Senders[0].Traffic.Trace)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// Programs that record sends may leave the header out or capitalize it, and
// separate addresses as a mail's header does.
func TestTraceOfOtherPrograms(t *testing.T) {
	want := []sim.TraceRow{{At: time.Hour, Count: 2}, {At: 2 * time.Hour, Numbers: []uint32{0, 4, 8}}}
	rows := "1h,2\n2h,\"customers-1@customers.example, customers-5@customers.example;customers-9@customers.example\"\n"
	for _, header := range []string{"", "\uFEFF", "time,recipients\n", "Time, Recipients\r\n", "time,addresses\n", "time,count\n", "\"time\",\"Recipient count\"\n", "\uFEFFtime,recipient_count\n"} {
		cfg := loadTrace(t, recorded, header+rows)
		if diff := cmp.Diff(want, rowsOf(cfg.Senders[0].Traffic.Trace)); diff != "" {
			t.Errorf("after %q (-want +got):\n%s", header, diff)
		}
	}
}

// A sender's end cuts its trace, and its begin what stands before.
func TestTraceBetweenBeginAndEnd(t *testing.T) {
	scenario := strings.Replace(recorded, "[[action]]", "begin = \"2h\"\nend = \"4h\"\n[[action]]", 1)
	cfg := loadTrace(t, scenario, "time,recipients\n1h,1\n2h,2\n3h,3\n4h,4\n5h,5\n")
	got, err := engine.Run(*cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Senders[0].Messages != 2 || got.Accounts[0].Recipients != 5 {
		t.Errorf("%d messages to %d recipients, want 2 to 5", got.Senders[0].Messages, got.Accounts[0].Recipients)
	}
}

func TestTraceProblems(t *testing.T) {
	const header = "time,recipients\n"
	for _, c := range []struct {
		csv  string
		want []string // after the name of the file
	}{
		{"", []string{`, line 1: the file is empty: begin it with time,recipients`}},
		{"\n0s,1\n", []string{`, line 1: "" is neither the header of a trace, time,recipients, nor a row`}},
		{"0s;1\n", []string{`, line 1: "0s;1" is neither the header of a trace, time,recipients, nor a row`}},
		{"when,recipients\n", []string{`, line 1: "when,recipients" is neither the header of a trace, time,recipients, nor a row`}},
		{"time,sender\n", []string{`, line 1: "time,sender" is neither the header of a trace, time,recipients, nor a row`}},
		{"1h,0\n", []string{`, line 1: "0" is neither a number of recipients, 1 to 10000, nor a list of addresses`}},
		{header + "\n1h,1\n2h\n3h,0\n4h,10001\n5h,101\n6h,-1\n7h,1.5\n8h,\n,1\n9h,x\n", []string{
			`, line 4: "2h" has no comma: a row is a time, a comma, and a number of recipients or addresses`,
			`, line 5: "0" is neither a number of recipients, 1 to 10000, nor a list of addresses`,
			`, line 6: "10001" is neither a number of recipients, 1 to 10000, nor a list of addresses`,
			`, line 7: 101 recipients are more than the 100 addresses of audience customers`,
			`, line 8: "-1" is neither a number of recipients, 1 to 10000, nor a list of addresses`,
			`, line 9: "1.5" is neither a number of recipients, 1 to 10000, nor a list of addresses`,
			`, line 10: "" is neither a number of recipients, 1 to 10000, nor a list of addresses`,
			`, line 11: "" is not a time: write one such as "2026-03-02T09:00:00Z", or the time since the start, such as "1h30m"`,
			`, line 12: "x" is neither a number of recipients, 1 to 10000, nor a list of addresses`}},
		{header + "2025-12-31T23:59:59Z,1\n2026-01-01T00:00:00,1\n2126-01-01T00:00:00Z,1\n5,1\n", []string{
			`, line 2: "2025-12-31T23:59:59Z" lies before the start of the run, 2026-01-01T00:00:00Z`,
			`, line 3: "2026-01-01T00:00:00" is not a time: write one such as "2026-03-02T09:00:00Z", or the time since the start, such as "1h30m"`,
			`, line 4: "2126-01-01T00:00:00Z" lies more than 36500d after the start of the run`,
			`, line 5: "5" is not a time: write one such as "2026-03-02T09:00:00Z", or the time since the start, such as "1h30m"`}},
		{header + "2h,1\n2h,1\n1h59m59s,1\n2h,1\n", []string{
			`, line 4: its time, 1h59m59s after the start, is before that of the row above it, 2h: rows must be in order of time`}},
		{header + "1h,customers-101@customers.example\n1h,a@b.example\n1h,customers-1@customers.example customers-1@customers.example\n", []string{
			`, line 2: "customers-101@customers.example" does not belong to audience customers`,
			`, line 3: "a@b.example" does not belong to audience customers`,
			`, line 4: "customers-1@customers.example" is in it twice`}},
		{header + "1h," + strings.Repeat("x", maxRow), []string{`, line 2: the line is longer than 1048576 bytes`}},
		{header + strings.Repeat("1h,0\n", 20), repeated(20)},
		{header + strings.Repeat("1h,0\n", 21), append(repeated(20), ` has more wrong lines: only the first 20 are listed`)},
	} {
		_, err := LoadWith(files{"sends.csv": c.csv}, "x.toml", []byte(recorded))
		var all *Errors
		if !errors.As(err, &all) {
			t.Errorf("%.40q: the error is %v", c.csv, err)
			continue
		}
		var got []string
		for _, p := range all.Problems {
			got = append(got, strings.TrimPrefix(p.String(), `x.toml:24:36: sender.news.traffic.file: "sends.csv"`))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%.40q (-want +got):\n%s", c.csv, diff)
		}
	}
}

// repeated are the problems of so many rows for nobody.
func repeated(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`, line %d: "0" is neither a number of recipients, 1 to 10000, nor a list of addresses`, i+2))
	}
	return list
}

func TestTraceThatCannotBeRead(t *testing.T) {
	_, err := LoadWith(files{}, "x.toml", []byte(recorded))
	if want := `x.toml:24:36: sender.news.traffic.file: "sends.csv" cannot be read: no such file`; err == nil || err.Error() != want {
		t.Errorf("the error is\n%v, want\n%s", err, want)
	}
	_, err = LoadWith(&generated{rows: 10, breaks: true}, "x.toml", []byte(recorded))
	if want := `x.toml:24:36: sender.news.traffic.file: "sends.csv" cannot be read on: the disk is gone`; err == nil || err.Error() != want {
		t.Errorf("the error is\n%v, want\n%s", err, want)
	}
}

// A trace decides recipients and times, so keys that do are mistakes.
func TestKeysThatDoNotFitATrace(t *testing.T) {
	scenario := strings.Replace(recorded, "[[action]]", "recipients = 2\n[[action]]\nat = \"1h\"\ndo = \"set\"\nkey = \"sender.news.rate\"\nvalue = \"1/h\"\n[[action]]", 1)
	_, err := LoadWith(files{"sends.csv": "time,recipients\n"}, "x.toml", []byte(scenario))
	want := "x.toml:26:1: sender.news.recipients: a trace says how many recipients each message has: leave the key out\n" +
		"x.toml:30:7: action[0].key: sender news sends what its trace says, and has no rate"
	if err == nil || err.Error() != want {
		t.Errorf("the error is\n%v, want\n%s", err, want)
	}
}

// generated is a file of so many rows that exists only while it is read. It
// notes how large the heap gets meanwhile.
type generated struct {
	rows   int
	breaks bool // reading ends with an error
	heap   uint64
	opened int
	closed int
}

func (g *generated) Open(string) (io.ReadCloser, error) {
	g.opened++
	return &generatedReader{of: g, text: []byte(traceHeader + "\n")}, nil
}

type generatedReader struct {
	of   *generated
	row  int
	text []byte // not read yet
}

func (r *generatedReader) Read(to []byte) (int, error) {
	for len(r.text) < len(to) && r.row < r.of.rows {
		if r.row%100_000 == 0 {
			r.of.look()
		}
		if r.row%2 == 0 {
			r.text = fmt.Appendf(r.text, "%ds,%d\n", r.row, 1+r.row%3)
		} else {
			r.text = fmt.Appendf(r.text, "%ds,customers-%d@customers.example customers-100@customers.example\n", r.row, 1+r.row%99)
		}
		r.row++
	}
	n := copy(to, r.text)
	r.text = append(r.text[:0], r.text[n:]...)
	if n == 0 && r.of.breaks {
		return 0, errors.New("the disk is gone")
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (r *generatedReader) Close() error {
	r.of.closed++
	return nil
}

// look notes the size of what is alive on the heap.
func (g *generated) look() {
	var now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&now)
	g.heap = max(g.heap, now.HeapAlloc)
}

// A million rows are checked and read without being held.
func TestTraceStreams(t *testing.T) {
	if testing.Short() {
		t.Skip("streams a million rows")
	}
	g := &generated{rows: 1_000_000}
	g.look()
	before := g.heap
	cfg, err := LoadWith(g, "x.toml", []byte(recorded))
	if err != nil {
		t.Fatal(err)
	}
	rows, n := cfg.Senders[0].Traffic.Trace.Open(), 0
	for row := (sim.TraceRow{}); rows.Next(&row); {
		n++
	}
	if n != g.rows {
		t.Errorf("a run reads %d rows of %d", n, g.rows)
	}
	if grown := int64(g.heap) - int64(before); grown > 2<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	if g.opened != 2 || g.closed != 2 {
		t.Errorf("opened %d times and closed %d times, want 2 and 2", g.opened, g.closed)
	}
}

// A run that ends before its trace closes the file.
func TestTraceIsClosedAtTheHorizon(t *testing.T) {
	g := &generated{rows: 10_000}
	cfg, err := LoadWith(g, "x.toml", []byte(strings.Replace(strings.Replace(recorded, `horizon = "30d"`, `horizon = "1h"`, 1), `at = "2d"`, "", 1)),
		set("action", "[]"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := engine.Run(*cfg, sim.Hooks{}); err != nil || got.Senders[0].Messages != 3600 {
		t.Errorf("%d messages in the hour, error %v", got.Senders[0].Messages, err)
	}
	if g.opened != 2 || g.closed != 2 {
		t.Errorf("opened %d times and closed %d times, want 2 and 2", g.opened, g.closed)
	}
}

// FuzzTrace: no file panics, and a run reads what the check has accepted.
func FuzzTrace(f *testing.F) {
	f.Add("time,recipients\n0s,1\n2026-01-01T02:30:00+01:00,customers-1@customers.example\n")
	f.Add("\uFEFFtime,recipients\r\n\"1h\",\"5\"\r\n\r\n")
	f.Add("time,recipients\n1h,99999999999\n,,,\n\"\",\"@\"\n")
	f.Fuzz(func(t *testing.T, csv string) {
		cfg, err := LoadWith(files{"sends.csv": csv}, "x.toml", []byte(recorded))
		if err != nil {
			checkErrors(t, recorded, err)
			return
		}
		last := time.Duration(0)
		for _, row := range rowsOf(cfg.Senders[0].Traffic.Trace) {
			if row.At < last || row.At >= cfg.Horizon || (row.Count > 0) == (len(row.Numbers) > 0) || row.Count > 100 || slices.ContainsFunc(row.Numbers, func(n uint32) bool { return n >= 100 }) {
				t.Errorf("accepted: %+v after %v", row, last)
			}
			last = row.At
		}
	})
}
