package scenarios

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/replicate"
)

// faulty is a file that something happens to at the n-th call of Read, counted
// over all readers.
type faulty struct {
	text  string
	n     int                              // 0: never
	fault func(text string, at int) string // what is left of the text, read up to at, from then on
	err   error                            // of that call and all after it; nil: fault says what happens
	calls int
}

// errDisk is the error of a disk.
var errDisk = errors.New("input/output error")

func (f *faulty) Open(string) (io.ReadCloser, error) { return &faultyReader{of: f}, nil }

func (f *faulty) hit() bool { return f.n > 0 && f.calls >= f.n }

type faultyReader struct {
	of *faulty
	at int
}

// readSize is how much a call of Read returns: a block takes several calls.
const readSize = 24 << 10

func (r *faultyReader) Read(to []byte) (int, error) {
	r.of.calls++
	text := r.of.text
	if r.of.hit() {
		if r.of.err != nil {
			return 0, r.of.err
		}
		text = r.of.fault(text, r.at)
	}
	if r.at >= len(text) {
		return 0, io.EOF
	}
	n := copy(to, text[r.at:min(len(text), r.at+readSize)])
	r.at += n
	return n, nil
}

func (r *faultyReader) Close() error { return nil }

// longTrace is a trace of several blocks, one row a minute, each of ~1 kB.
func longTrace(rows int) string {
	var b strings.Builder
	b.WriteString("time,recipients\n")
	for i := range rows {
		fmt.Fprintf(&b, "%dm,", i)
		for k := range 30 {
			fmt.Fprintf(&b, "customers-%d@customers.example ", 1+(i+k)%100)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestTraceFaults fails, changes, cuts and extends a file at the n-th call of
// Read, for all n: while it is checked, and in each of several runs, which read
// all of it or a part. A run that is complete is the run of the file as it was
// checked.
func TestTraceFaults(t *testing.T) {
	text := longTrace(230)
	if len(text) < 3*blockSize || len(text)%blockSize == 0 {
		t.Fatalf("%d bytes are not several blocks and a part of one", len(text))
	}
	for name, c := range map[string]faulty{
		"fails":     {err: errDisk},
		"is closed": {err: io.ErrClosedPipe},
		"changes":   {fault: func(text string, _ int) string { return strings.ReplaceAll(text, "customers-1@", "customers-99@") }},
		"one digit": {fault: func(text string, _ int) string { return text[:len(text)/2] + swapped(text[len(text)/2:]) }},
		"is empty":  {fault: func(string, int) string { return "" }},
		"is cut":    {fault: func(text string, _ int) string { return text[:len(text)/2] }},
		"grows":     {fault: func(text string, _ int) string { return text + "4h,1\n" }},
	} {
		for _, horizon := range []string{"3h", "5h"} {
			t.Run(name+" "+horizon, func(t *testing.T) {
				c.text = text
				lost := tryFaults(t, c, []Override{set("action", "[]"), set("account.acme.request", "[]"), set("horizon", horizon)})
				if beyond := name == "grows" && horizon == "3h"; (lost == 0) != beyond {
					t.Errorf("%d runs have met the fault", lost)
				}
			})
		}
	}
}

// tryFaults loads and runs recorded with a fault at each read, and returns how
// many runs ended with an error.
func tryFaults(t *testing.T, c faulty, overrides []Override) (lost int) {
	want, _ := faultyRuns(t, faulty{text: c.text}, overrides)
	for c.n = 1; ; c.n++ {
		got, err := faultyRuns(t, c, overrides)
		switch {
		case err == nil && !got.hit: // all faults are tried
			return lost
		case got.file == (sim.TraceFile{}): // the check has met it
			if err == nil || !strings.Contains(err.Error(), `sender.news.traffic.file: "sends.csv"`) {
				t.Errorf("read %d: %v", c.n, err)
			}
			continue
		case got.file != want.file: // the check has read a changed file
			other, otherErr := faultyRuns(t, faulty{text: c.fault(c.text, 0)}, overrides)
			if err == nil && (otherErr != nil || !equal(got.results, other.results)) {
				t.Errorf("read %d: the runs are not those of the file that was checked", c.n)
			}
		case !equal(got.results, want.results[:len(got.results)]) || err == nil && len(got.results) < len(want.results):
			t.Errorf("read %d: the runs are not those of the file that was checked", c.n)
		}
		if err != nil {
			lost++
			if !errors.Is(err, sim.ErrTrace) || !strings.Contains(err.Error(), `sender news: recorded traffic: "sends.csv" `) {
				t.Errorf("read %d: %v", c.n, err)
			}
		}
	}
}

// runsOf are the replications of recorded with a faulty file.
type runsOf struct {
	file    sim.TraceFile // as it was checked; the zero value: the check failed
	results []*sim.Result // complete ones
	hit     bool          // the fault has happened
}

func faultyRuns(t *testing.T, file faulty, overrides []Override) (of runsOf, err error) {
	cfg, err := LoadWith(&file, "x.toml", []byte(recorded), overrides...)
	if err == nil {
		of.file = cfg.Senders[0].Traffic.File
		err = replicate.Run(t.Context(), *cfg, 0, 3, 1, func(_ int, r *sim.Result) error {
			of.results = append(of.results, r)
			return nil
		})
	}
	of.hit = file.hit()
	return of, err
}

func equal(a, b []*sim.Result) bool {
	return slices.EqualFunc(a, b, func(a, b *sim.Result) bool { return reflect.DeepEqual(a, b) })
}

// swapped replaces the first address that ends in 1.
func swapped(text string) string { return strings.Replace(text, "customers-1@", "customers-99@", 1) }

// TestTraceThatChangesInARun: the run keeps what it has, and says that it was
// interrupted.
func TestTraceThatChangesInARun(t *testing.T) {
	text := longTrace(230)
	f := files{"sends.csv": text}
	cfg, err := LoadWith(f, "x.toml", []byte(recorded))
	if err != nil {
		t.Fatal(err)
	}
	f["sends.csv"] = text[:2*blockSize] + swapped(text[2*blockSize:])
	got, err := engine.Run(*cfg, sim.Hooks{})
	if !errors.Is(err, sim.ErrTrace) || !got.Interrupted || got.End >= cfg.Horizon {
		t.Fatalf("%v at %v, interrupted: %v", err, got.End, got.Interrupted)
	}
	const before = "sender news: recorded traffic: \"sends.csv\" has changed since it was checked: it differs at byte 131,072 or after it; run again"
	if err.Error() != before {
		t.Errorf("the error is %q", err)
	}
	whole := strings.Count(text[:2*blockSize], "\n") - 1 // without the header
	if n := int(got.Senders[0].Messages); n != whole {
		t.Errorf("%d messages are due, want %d: all whole rows of the blocks that are right", n, whole)
	}
	delete(f, "sends.csv")
	got, err = engine.Run(*cfg, sim.Hooks{})
	if err == nil || got.End != 0 || got.Senders[0].Messages != 0 ||
		err.Error() != `sender news: recorded traffic: "sends.csv" was checked, and cannot be opened again: no such file` {
		t.Errorf("%v at %v", err, got.End)
	}
}

// TestTraceIsOneForAllLoads: what is loaded from pinned files has the same
// files, and else is refused.
func TestTraceIsOneForAllLoads(t *testing.T) {
	const rows = "time,recipients\n1h,1\n2h,1\n"
	f := files{"sends.csv": rows}
	swept := strings.Replace(recorded, "[[action]]", "[sweep]\n\"account.acme.rate\" = [5, 6]\n[[action]]", 1)
	s, err := LoadStudy(f, "x.toml", []byte(swept))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Load(1); err != nil {
		t.Fatal(err)
	}
	f["sends.csv"] = strings.Replace(rows, "2h,1", "2h,2", 1)
	if _, _, err := s.Load(1); !errors.Is(err, sim.ErrTrace) || !strings.Contains(err.Error(), `"sends.csv" has changed since it was checked`) {
		t.Errorf("loading a cell: %v", err)
	}
	if _, err := s.Inputs(1); !errors.Is(err, sim.ErrTrace) {
		t.Errorf("its inputs: %v", err)
	}
	all := Pin(f)
	if Pin(all) != all || Pin(nil) != nil {
		t.Error("pinned files are pinned again")
	}
	for i, text := range []string{rows, rows, rows + "3h,1\n"} {
		f["sends.csv"] = text
		if _, err := LoadWith(all, "x.toml", []byte(recorded)); (err != nil) != (i == 2) {
			t.Errorf("scenario %d: %v", i, err)
		}
	}
}

// TestTraceFile: the hash is that of the whole file; the counts are those of the rows
// that the sender sends.
func TestTraceFile(t *testing.T) {
	got := loadTrace(t, recorded, "time,recipients\n1h,1\n").Senders[0].Traffic.File
	// printf 'time,recipients\n1h,1\n' | sha256sum
	want := sim.TraceFile{
		Name: "sends.csv", Bytes: 21, SHA256: "f4f1b59034943ff601334f66ecf2e9ba5a7876620d2781186f22fcb984881322",
		Rows: 1, Recipients: 1, First: time.Hour, Last: time.Hour,
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	got = loadTrace(t, recorded, "1h,2\n2h,3\n2h,customers-1@customers.example customers-2@customers.example\n9000h,7\n").Senders[0].Traffic.File
	if got.Rows != 3 || got.Recipients != 7 || got.First != time.Hour || got.Last != 2*time.Hour {
		t.Errorf("rows within the horizon: %+v", got)
	}
}

// changing is a file that changes at the n-th time that it is opened.
type changing struct{ n, opened int }

func (f *changing) Open(string) (io.ReadCloser, error) {
	text := "time,recipients\n1h,1\n"
	if f.opened++; f.opened >= f.n {
		text += "2h,1\n"
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// TestTraceThatChangesInACheck: a trace that changes while cells or the ends of a
// goal's choices are checked is an error of a file, and not of the scenario.
func TestTraceThatChangesInACheck(t *testing.T) {
	with := func(table string) []byte {
		return []byte(strings.Replace(recorded, "[[action]]", table+"\n[[action]]", 1))
	}
	sweep := with("[sweep]\n\"account.acme.rate\" = [5, 6]")
	goal := with("[goal]\npromise = [\"acme.refused.quota == 0\"]\nchoose = { \"account.acme.rate\" = { from = 5, to = 6 } }")
	for name, load := range map[string]func(Files) error{
		"sweep": func(f Files) error { _, err := LoadStudy(f, "x.toml", sweep); return err },
		"goal":  func(f Files) error { _, err := Read(f, "x.toml", goal); return err },
	} {
		f := &changing{}
		if err := load(f); err != nil || f.opened != 3 {
			t.Fatalf("%s: opened %d times: %v", name, f.opened, err)
		}
		for n := 2; n <= 3; n++ {
			err := load(&changing{n: n})
			if want := `recorded traffic: "sends.csv" has changed since it was checked`; !errors.Is(err, sim.ErrTrace) || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s, opening %d: %v", name, n, err)
			}
		}
	}
	all := Pin(&changing{n: 2})
	for n := range 3 {
		if _, err := Read(all, "x.toml", []byte(recorded)); errors.Is(err, sim.ErrTrace) != (n > 0) {
			t.Errorf("reading %d: %v", n, err)
		}
	}
}
